"""Reasons in a column: codes come back as they were, and rows of earlier releases stay readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.store.reason_text import read_reason, reason_text
from monitor.types import Reason, ReasonCode


@given(st.sampled_from(ReasonCode), st.lists(st.text(), max_size=4))
def test_a_reason_comes_back_as_it_was(code: ReasonCode, values: list[str]) -> None:
    reason = Reason(code, tuple(values))
    assert read_reason(reason_text(reason)) == reason


def test_no_reason_is_an_empty_column() -> None:
    assert reason_text(None) == ""
    assert read_reason("") is None


@pytest.mark.parametrize("old", ["cùng nói về: phà Cát Sơn", "số người chết: 7", '["tomorrow"]', "27", "[]"])
def test_words_of_an_earlier_release_and_codes_of_a_later_one_are_shown_as_they_are(old: str) -> None:
    assert read_reason(old) == Reason(ReasonCode.AS_WRITTEN, (old,))
