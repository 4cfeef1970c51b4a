"""Every form in which a feed was seen to write a time, and what it means."""

import gzip
import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.dates import read_date
from tests.outside import DATA, judged_outside

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
FIVE_PM = datetime(2026, 5, 28, 17, 0, tzinfo=HANOI)


@pytest.mark.parametrize(
    "raw",
    [
        "Thu, 28 May 2026 17:00:00 +0700",
        "Thu, 28 May 2026 17:00:00 +07",
        "Thu, 28 May 2026 17:00:00 +07:00",
        "Thu, 28 May 26 17:00:00 +0700",
        "Thu, 28 May 2026 10:00:00 GMT",
        "Thu, 28 May 2026 17:00:00 GMT+7",
        "Thu, 28 May 2026 17:00:00 GMT+07:00",
        "Thu, 28 May 2026 5:00:00 PM +0700",
        "Thu, 28 May 2026 06:00:00 EDT",
        "28 May 2026 17:00",
        "Thursday, 28-May-26 10:00:00 GMT",
        "Thu May 28 17:00:00 2026",
        "Thu May 28 17:00:00 ICT 2026",
        "Thu May 28 2026 17:00:00 GMT+0700 (Indochina Time)",
        "May 28, 2026 5:00 PM",
        "2026-05-28T17:00:00+07:00",
        "2026-05-28T17:00:00+0700",
        "2026-05-28T10:00:00Z",
        "2026-05-28T10:00:00.000000000Z",
        "2026-05-28T17:00",
        "2026-05-28 17:00:00",
        "2026/5/28 17:00:00",
        "20260528T100000Z",
        "5/28/2026 5:00:00 PM",
        "5/28/2026 5:00:00\u202fPM",
        "5/28/2026\u00a05:00:00\u00a0PM",
        "28/05/2026 17:00",
        "28.05.2026 17:00",
        "28-05-2026 17:00:00",
        "28/5/2026 5:00:00 CH",
        "Thứ 5, 28/05/2026 17:00:00 GMT+7",
        "Thứ Năm, 28/05/2026, 17:00 (GMT+7)",
        "17:00 | 28/05/2026",
        "17h00 ngày 28/5/2026",
        "Thứ năm, ngày 28 tháng 05 năm 2026 17:00",
        "28 Tháng Năm, 2026 17:00",
        "1779962400",
        "1779962400000",
    ],
)
def test_every_form_names_the_same_moment(raw: str) -> None:
    assert read_date(raw, zone=HANOI) == FIVE_PM


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("8/5/2026 5:20:00 AM", (8, 5)),  # AM and PM go with the American order
        ("08/05/2026 05:20", (5, 8)),  # without them the Vietnamese one holds
        ("8/23/2026 05:20", (8, 23)),
        ("23/8/2026 5:20 AM", (8, 23)),
        ("Thứ 4, 05/08/2026 05:20", (8, 5)),
        ("Wed, 8/5/2026 05:20", (8, 5)),  # the fifth of August was a Wednesday, the eighth of May was not
    ],
)
def test_the_order_of_day_and_month_is_decided_by_what_stands_beside(raw: str, day: tuple[int, int]) -> None:
    read = read_date(raw, zone=HANOI)
    assert read is not None
    assert (read.month, read.day) == day


def test_an_ambiguous_day_months_ahead_is_read_the_other_way_round() -> None:
    seen = datetime(2026, 8, 10, tzinfo=HANOI)
    assert read_date("08/12/2026 05:20", zone=HANOI, seen_at=datetime(2026, 12, 9, tzinfo=HANOI)) == datetime(
        2026, 12, 8, 5, 20, tzinfo=HANOI
    )
    read = read_date("09/08/2026 05:20", zone=HANOI, seen_at=seen)
    assert read == datetime(2026, 8, 9, 5, 20, tzinfo=HANOI)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "  ",
        "hôm qua",
        "12:00",
        "31/02/2026 05:20",
        "0001-01-01T00:00:00",
        "1970-01-01T00:00:00Z",
        "0000000000",
        "0000086400000",
        "9" * 500,
        "25:61",
    ],
)
def test_what_names_no_moment_is_none(raw: str) -> None:
    assert read_date(raw, zone=HANOI) is None


def test_a_time_without_zone_takes_the_zone_of_its_feed() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert read_date("2026-05-28 17:00", zone=paris) == datetime(2026, 5, 28, 17, tzinfo=paris)


def test_a_stated_offset_is_kept() -> None:
    read = read_date("2026-05-28T17:00:00-08:00", zone=HANOI)
    assert read is not None
    assert read.utcoffset() == timedelta(hours=-8)


def test_midnight_written_as_24_is_the_next_day() -> None:
    assert read_date("Thu, 28 May 2026 24:00:00 +0700", zone=HANOI) == datetime(2026, 5, 29, tzinfo=HANOI)


@given(st.text(max_size=60))
def test_no_text_makes_it_raise(raw: str) -> None:
    read = read_date(raw, zone=HANOI, seen_at=datetime(2026, 8, 10, tzinfo=UTC))
    assert read is None or read.tzinfo is not None


@given(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2068, 12, 31)),  # noqa: DTZ001 - the zone is drawn too
    st.integers(-12, 14),
    st.sampled_from(
        ["%a, %d %b %Y %H:%M:%S {z}", "%Y-%m-%dT%H:%M:%S{z}", "%d %B %y %H:%M:%S {z}", "%A, %d-%b-%y %H:%M:%S {z}"]
    ),
    st.sampled_from(["{s}{h:02d}", "{s}{h:02d}00", "{s}{h:02d}:00"]),
)
def test_what_was_written_is_read_back(moment: datetime, hours: int, form: str, zone_form: str) -> None:
    zone = zone_form.format(s="-" if hours < 0 else "+", h=abs(hours))
    written = moment.strftime(form).replace("{z}", zone)
    expected = moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    assert read_date(written, zone=HANOI) == expected


@judged_outside("tests/feeds/test_dates.py::test_every_form_names_the_same_moment")
def test_the_dates_of_seventeen_outlets_are_read_as_they_are_meant() -> None:
    with gzip.open(DATA / "feed_items.dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    wrong = [
        row["published_raw"]
        for row in rows
        if read_date(row["published_raw"], zone=HANOI, seen_at=datetime.fromisoformat(row["first_seen"]))
        != datetime.fromisoformat(row["published"])
    ]
    assert len(wrong) <= len(rows) / 1000, wrong[:10]


@given(
    st.sampled_from(("Mon, ", "Thu, ", "Sun, ", "")),
    st.integers(0, 32),
    st.sampled_from(("Jan", "Feb", "May", "Sep", "Dec")),
    st.sampled_from((0, 1969, 1970, 1971, 2024, 2026, 9999)),
    st.tuples(st.integers(0, 24), st.integers(0, 60), st.integers(0, 60)),
    st.sampled_from(
        ("GMT", "+07", "+0700", "+07:00", "-0500", "-05:30", "+0000", "-0000", "+2359", "+24", "+7", "UTC")
    ),
)
def test_the_usual_form_is_read_to_the_same_moment_as_any_other(
    weekday: str, day: int, month: str, year: int, clock: tuple[int, int, int], zone: str
) -> None:
    hour, minute, second = clock
    usual = f"{weekday}{day} {month} {year:04} {hour:02}:{minute:02}:{second:02} {zone}"
    short, long = (read_date(raw, zone=HANOI) for raw in (usual, f" {usual}"))
    assert short == long
    assert (short and short.isoformat()) == (long and long.isoformat())
