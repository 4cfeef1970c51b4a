"""When a chat's news waits, and when it is told: clock faces as moments, also where clocks are turned."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.pipeline.gathering import Gathering, is_quiet, next_gathering, next_report, regathered, zone_of
from monitor.types import Address, Chat, ChatKind, ChatState, Preferences

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PARIS = ZoneInfo("Europe/Paris")  # 2026: forward on 29 March at 02:00, back on 25 October at 03:00
ZONES = [ZoneInfo(name) for name in ("Asia/Ho_Chi_Minh", "Europe/Paris", "America/New_York", "Australia/Lord_Howe")]
TWICE = Preferences(digest_hours=("07:00", "18:00"))
NIGHT = Preferences(quiet=("22:00", "06:30"))


def hanoi(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=HANOI)


def paris(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "told"),
    [("08-23T06:59", "08-23T07:00"), ("08-23T07:00", "08-23T18:00"), ("08-23T18:00", "08-24T07:00")],
)
def test_with_digest_hours_news_always_waits_for_the_next_one(now: str, told: str) -> None:
    assert next_gathering(TWICE, HANOI, hanoi(now)) == Gathering(hanoi(now), hanoi(told))


@pytest.mark.parametrize(
    ("now", "begins", "ends"),
    [
        ("08-23T12:00", "08-23T22:00", "08-24T06:30"),
        ("08-23T22:00", "08-23T22:00", "08-24T06:30"),
        ("08-24T06:29", "08-23T22:00", "08-24T06:30"),
        ("08-24T06:30", "08-24T22:00", "08-25T06:30"),
    ],
)
def test_quiet_hours_last_over_midnight(now: str, begins: str, ends: str) -> None:
    assert next_gathering(NIGHT, HANOI, hanoi(now)) == Gathering(hanoi(begins), hanoi(ends))


def test_a_digest_hour_in_the_quiet_waits_for_its_end() -> None:
    both = Preferences(digest_hours=("05:00", "18:00"), quiet=("22:00", "06:30"))
    assert next_gathering(both, HANOI, hanoi("08-23T19:00")) == Gathering(hanoi("08-23T19:00"), hanoi("08-24T06:30"))


def test_nothing_set_gathers_nothing() -> None:
    assert next_gathering(Preferences(), HANOI, hanoi("08-23T12:00")) is None
    assert next_gathering(Preferences(quiet=("22:00", "22:00")), HANOI, hanoi("08-23T12:00")) is None


def test_an_hour_that_clocks_leave_out_is_told_once_and_right_after() -> None:
    early = Preferences(digest_hours=("02:30",))
    told = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 there: as long after midnight as 02:30 is
    before = next_gathering(early, PARIS, paris("03-29T00:10"))
    assert before is not None
    assert before.ends == told
    after = next_gathering(early, PARIS, told)
    assert after is not None
    assert after.ends == paris("03-30T02:30")


def test_an_hour_that_comes_twice_is_told_once() -> None:
    early = Preferences(digest_hours=("02:30",))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    before = next_gathering(early, PARIS, paris("10-25T00:10"))
    assert before is not None
    assert before.ends == first
    after = next_gathering(early, PARIS, first)
    assert after is not None
    assert after.ends == paris("10-26T02:30")


def test_a_quiet_that_the_turn_of_clocks_swallows_is_left_out() -> None:
    short = Preferences(quiet=("02:50", "03:10"))
    coming = next_gathering(short, PARIS, paris("03-29T00:10"))
    assert coming == Gathering(paris("03-30T02:50"), paris("03-30T03:10"))


faces = st.times().map(lambda face: f"{face:%H:%M}")
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: hanoi("01-01") + timedelta(minutes=minutes))


@given(st.lists(faces, max_size=4), st.none() | st.tuples(faces, faces), st.sampled_from(ZONES), moments)
def test_a_gathering_ends_later_than_now_within_two_days_and_never_in_the_quiet(
    hours: list[str], quiet: tuple[str, str] | None, zone: ZoneInfo, now: datetime
) -> None:
    wishes = Preferences(digest_hours=tuple(hours), quiet=quiet)
    coming = next_gathering(wishes, zone, now)
    if coming is None:
        assert not hours
        assert quiet is None or quiet[0] == quiet[1]
        return
    assert now < coming.ends <= now + timedelta(days=3)
    assert coming.begins < coming.ends
    assert not is_quiet(wishes, zone, coming.ends)
    assert (coming.begins <= now) is (bool(hours) or is_quiet(wishes, zone, now))


def test_a_zone_that_this_machine_does_not_know_is_the_installations() -> None:
    assert zone_of(Preferences(zone="Europe/Paris"), HANOI) == PARIS
    assert zone_of(Preferences(zone="Mars/Olympus"), HANOI) == HANOI
    assert zone_of(Preferences(zone="../../etc/passwd"), HANOI) == HANOI
    assert zone_of(Preferences(), HANOI) == HANOI


def test_a_paused_chat_gathers_until_its_pause_has_run_out() -> None:
    until = hanoi("08-23T15:00")
    paused = Chat(Address(1), ChatKind.PRIVATE, state=ChatState.PAUSED, paused_until=until, preferences=TWICE)
    assert regathered(paused, HANOI, hanoi("08-23T12:00")).gather_until == until


def test_a_weekly_report_comes_on_monday_morning() -> None:
    weekly = Preferences(weekly_report=True)
    assert next_report(Preferences(), HANOI, hanoi("08-23T12:00")) is None
    assert next_report(weekly, HANOI, hanoi("08-23T12:00")) == hanoi("08-24T07:00")  # the 23rd is a Sunday
    assert next_report(weekly, HANOI, hanoi("08-24T06:59")) == hanoi("08-24T07:00")
    assert next_report(weekly, HANOI, hanoi("08-24T07:00")) == hanoi("08-31T07:00")
