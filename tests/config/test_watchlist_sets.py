"""Sets in watchlist files: written under `sets:`, named in queries, and what is said of those that are wrong."""

from pathlib import Path

import pytest

from monitor.config.watchlist_files import load_watchlist
from monitor.types import Event, WordSet
from tests.config.folder import Write, problems

EVENT = "events:\n  - id: x\n    name: X\n    match: ['{lũ dữ} AND {khởi tố}']\n"


def _event(folder: Path) -> Event:
    (watch,) = load_watchlist(folder).watches
    assert isinstance(watch, Event)
    return watch


def test_sets_of_one_file_are_named_in_the_queries_of_all(write: Write) -> None:
    folder = write(a="sets:\n  lũ dữ: [lũ quét, '{lở}']\n  lở: sạt lở\n", b=EVENT)
    assert load_watchlist(folder).sets == (WordSet("lũ dữ", ("lũ quét", "{lở}")), WordSet("lở", ("sạt lở",)))


def test_the_version_of_a_watchlist_follows_its_sets(write: Write) -> None:
    first = load_watchlist(write(a="sets:\n  lũ dữ: [lũ quét]\n", b=EVENT)).version
    assert load_watchlist(write(a="sets:\n  lũ dữ: [lũ ống]\n", b=EVENT)).version != first


@pytest.mark.parametrize("key", ["match", "not", "ignore"])
@pytest.mark.parametrize(
    "written", ["[{khởi tố}]", "['{khởi tố}']", "\n      - {khởi tố}\n", '\n      - "{khởi tố}"\n']
)
def test_a_set_needs_no_quotes_in_a_list(write: Write, key: str, written: str) -> None:
    match = "" if key == "match" else "    match: [a]\n"
    event = _event(write(a=f"events:\n  - id: x\n    name: X\n{match}    {key}: {written}\n"))
    assert {"match": event.match, "not": event.exclude, "ignore": event.ignore}[key] == ("{khởi tố}",)


def test_a_set_needs_no_quotes_behind_a_label_nor_in_another_set(write: Write) -> None:
    event = "events:\n  - id: x\n    name: X\n    match: [a]\n    polarity: {bắt: {khởi tố}}\n"
    folder = write(a=event + "sets: {tội: [{khởi tố}, {b}], b: c}\n")
    assert _event(folder).polarity == (("bắt", ("{khởi tố}",)),)
    assert load_watchlist(folder).sets[0].members == ("{khởi tố}", "{b}")


_HEAD = "events:\n  - id: x\n    name: X\n    match:\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_HEAD + "      - {khởi tó}\n", "5:9: wrong query: {khởi tó} is no set: {khởi tố}"),
        (_HEAD + "      - 'a AND {khởi tó}'\n", "5:16: wrong query: {khởi tó} is no set: {khởi tố}"),
        (_HEAD + "      - {khởi tố} AND Hà Nội\n", "5:19: text after {…}: put the whole query in single quotes"),
        (_HEAD + "      - {số người chết} >= 5\n", "5:26: > begins a text of several lines in YAML: put"),
        (_HEAD + "      - {số người chết} < 5\n", "5:25: text after {…}: put the whole query in single quotes"),
        (_HEAD + "      - {a, b}\n", "5:9: one value is needed here, not keys and values"),
        ("sets:\n  trống: []\n", "2:10: `trống` is an empty list: write at least one"),
        ("sets:\n  trống:\n", "2:3: the set {trống} is empty: write at least one word"),
        ("sets:\n  a: ['b OR']\n", "2:12: wrong query: the end is not expected here"),
        ("sets:\n  a: [b, '{b}']\n  b: [{a}]\n", "2:11: wrong query: {b} → {a} → {b}: a set cannot hold itself"),
        ("sets:\n  Khởi tố: [a]\n", "2:3: the set {Khởi tố} ships with the program: choose another name"),
        ("sets:\n  toả: [a]\n  tỏa: [b]\n", "3:3: the set {tỏa} is written already in line 2: choose another name"),
        ("sets:\n  a(b): [a]\n", "2:3: the name of a set may not hold (: write letters, digits and blanks"),
        ("sets:\n  a: ['b OR @putn']\n", "2:13: `@putn` is no leader of the watchlists"),
        ("sets: [a]\n", "1:7: keys and values are needed here"),
    ],
)
def test_a_wrong_set_is_told_with_its_place_and_what_to_write(write: Write, text: str, said: str) -> None:
    found = problems(write(a=text))
    assert found[0].startswith(f"config/watchlists/a.yaml:{said}"), found


def test_a_set_written_in_two_files_is_told_where_it_was_first(write: Write) -> None:
    found = problems(write(a="sets: {lũ dữ: [lũ quét]}\n", b="sets: {lũ dữ: [lũ ống]}\n" + EVENT))
    assert found == [
        "config/watchlists/b.yaml:1:8: the set {lũ dữ} is written already in config/watchlists/a.yaml, line 1: "
        "choose another name"
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("  - id: y\n    name: Y\n    mach: [a]\n", ["`match` is missing", "`mach` is not a key"]),
        ("  - id: y\n    name: Y\n    match: ['{lở} AND']\n", ["wrong query"]),
        ("sets2: 1\n", ["`sets2` is not a key"]),
    ],
)
def test_a_mistake_elsewhere_in_a_file_does_not_make_its_sets_unknown(
    write: Write, wrong: str, said: list[str]
) -> None:
    found = problems(
        write(a=EVENT + wrong + "sets:\n  lũ dữ: [lũ quét, '{lở}']\n  lở: sạt lở\n", b=EVENT.replace("id: x", "id: z"))
    )
    assert len(found) == len(said)
    assert all(words in str(each) for words, each in zip(said, found, strict=True))


def test_a_set_with_one_wrong_query_is_not_unknown_for_it(write: Write) -> None:
    (found,) = problems(write(a=EVENT + "sets:\n  lũ dữ: [lũ quét, '(lũ']\n"))
    assert "wrong query" in str(found)
