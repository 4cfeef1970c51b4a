"""Every input that once broke a law, and some drawn at random, through the laws of tests/fuzz."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.laws_people import forget_folder
from tests.fuzz.reading import LONG, is_storable, stretched, texts_of
from tests.fuzz.targets import CORPUS, TARGETS, hold

INPUTS = sorted(path for path in CORPUS.glob("*/*") if path.is_file())


@pytest.fixture(scope="module", autouse=True)
def _tidy() -> Iterator[None]:
    yield
    forget_folder()


@pytest.mark.filterwarnings("ignore")  # libraries warn of what is wrong with their input
@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_once_broke_a_law_holds_now(path: Path) -> None:
    hold(path.parent.name, path.read_bytes())


def test_every_target_has_inputs_and_every_input_a_target() -> None:
    assert {path.parent.name for path in INPUTS} == set(TARGETS)


@st.composite
def damaged(draw: st.DrawFn, name: str) -> bytes:
    """An input of a target's corpus with splinters in it."""
    data = draw(st.sampled_from([path.read_bytes() for path in INPUTS if path.parent.name == name]))
    for where, splinter, gap in draw(st.lists(_WOUNDS, max_size=5)):
        at = int(where * len(data))
        data = data[:at] + splinter + data[at + gap :]
    return data


_WOUNDS = st.tuples(st.floats(0, 1), st.binary(max_size=6) | st.text(max_size=4).map(str.encode), st.integers(0, 20))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", TARGETS)
def test_damage_breaks_no_law(name: str) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(damaged(name))
    def each(data: bytes) -> None:
        hold(name, data)

    each()


def test_a_piece_between_two_marks_fills_the_length() -> None:
    assert stretched(b"a\xfebc\xfed") == b"a" + b"bc" * (LONG // 2) + b"d"
    assert stretched(b"a\xfeb") == b"a\xfeb"


def test_texts_are_as_many_as_asked_for() -> None:
    assert texts_of(b"a\nb\nc\nd", 3) == ["a", "b", "c\nd"]
    assert texts_of(b"a", 3) == ["a", "", ""]
    assert [is_storable(text) for text in ("ạ", "a\x00", "\udc80")] == [True, False, False]
