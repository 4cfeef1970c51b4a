"""Durations as editors write them."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.config import parse_duration, show_duration


@given(st.integers(min_value=0, max_value=300_000_000))
def test_a_duration_written_and_read_again_is_the_same(milliseconds: int) -> None:
    duration = timedelta(milliseconds=milliseconds)
    assert parse_duration(show_duration(duration)) == duration
