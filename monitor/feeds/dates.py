"""Reads the time an outlet gives for an article, in every form that feeds were seen to write.

Leaves the clock alone and clamps nothing: a time in the future is returned as written (feeds/parse clamps it).
Forms and figures: 14,444 items of 17 outlets in 2026; Python's email.utils misreads `+07` and `+07:00`, feedparser
gives nothing for 37 % of them.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo

MAX_DATE_CHARS = 120  # the longest real one has 44; what is longer is text
OLDEST_YEAR = 1971  # 0001-01-01 and 1970-01-01 are what programs write that have no date
FUTURE_SLACK = timedelta(days=2)  # an ambiguous day that lies further ahead is read the other way round

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
# "tháng Năm" is May; only after the word "tháng" do these count
_VIETNAMESE_MONTHS = {
    "giêng": 1,
    "một": 1,
    "hai": 2,
    "ba": 3,
    "tư": 4,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
    "mười một": 11,
    "mười hai": 12,
    "mười": 10,
    "chạp": 12,
}
_WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_VIETNAMESE_WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "bẩy": 5, "nhật": 6}
_ZONES = {  # hours; of names with several meanings the one of RFC 822
    "z": 0.0,
    "ut": 0.0,
    "utc": 0.0,
    "gmt": 0.0,
    "wet": 0.0,
    "bst": 1.0,
    "cet": 1.0,
    "west": 1.0,
    "cest": 2.0,
    "eet": 2.0,
    "eest": 3.0,
    "msk": 3.0,
    "ict": 7.0,
    "wib": 7.0,
    "sgt": 8.0,
    "hkt": 8.0,
    "jst": 9.0,
    "kst": 9.0,
    "aest": 10.0,
    "aedt": 11.0,
    "est": -5.0,
    "edt": -4.0,
    "cst": -6.0,
    "cdt": -5.0,
    "mst": -7.0,
    "mdt": -6.0,
    "pst": -8.0,
    "pdt": -7.0,
    "ast": -4.0,
    "adt": -3.0,
}

# As RFC 822 and most newspapers write it, to the letter: read to the same moment in an eighth of the time
_USUAL = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d\d?) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) "
    r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d) (?:GMT|([+-])([01]\d|2[0-3]):?([0-5]\d)?)",
    re.ASCII,
)
_BLANKS = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_BRACKETED_ZONE = re.compile(r"\(\s*((?:gmt|utc)\s?[+-]\s?\d{1,2}(?::?\d{2})?)\s*\)")
_BRACKETS = re.compile(r"\([^()]*\)")
_WEEKDAY = re.compile(
    r"\bthứ\s+(?P<vi>[2-7]|hai|ba|tư|năm|sáu|bảy|bẩy)\b|\b(?P<sunday>chủ\s+nhật|cn)\b"
    r"|\b(?P<en>mon|tue|wed|thu|fri|sat|sun)[a-z]*(?=[\s,.]|\Z)"
)
_TIME = re.compile(
    r"(?<![\d.])(?P<h>\d{1,2})\s?(?:[:h]|giờ)\s?(?P<m>\d{2})(?:\s?[:.]\s?(?P<s>\d{2}))?(?P<f>[.,]\d{1,9})?(?!\d)"
    r"(?:\s?(?P<half>am|pm|a\.m\.?|p\.m\.?|sa|ch|sáng|chiều|tối)(?![^\W\d_]))?"
)
_AFTERNOON = frozenset(("pm", "ch", "chiều", "tối"))
_MORNING = frozenset(("am", "sa", "sáng"))
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}t\d")  # 2026-05-28t17:00, already in small letters
_COMPACT = re.compile(r"\b(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})?(?=[z+\-.,]|\b)")
_ZONE = re.compile(
    r"\s*(?P<name>[a-z]{1,4}(?![a-zà-ỹ]))?\s?(?:(?P<sign>[+\-\u2212])\s?(?P<h>\d{1,2})(?::?(?P<m>\d{2}))?(?!\d))?"
)
_YMD = re.compile(r"(?<!\d)(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4}|\d{2})(?!\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s\-/,.]{1,3}([a-z]{3,9})\.?[\s\-/,.]{1,3}(\d{4}|\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?[\s\-]{1,2}(\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|\s+|-)(\d{4}|\d{2})(?!\d)")
_VIETNAMESE = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:[-/,.]\s*)?(?:tháng|thg|th)\.?\s*(\d{1,2}|[^\W\d_]+(?:\s(?:một|hai))?)"
    r"\s*(?:[-/,.]\s*)?(?:năm\s*)?(\d{4})(?!\d)"
)
_YEAR_MONTH = re.compile(r"\A(\d{4})(?:-(\d{2}))?\Z")
_YEAR_DAY = re.compile(r"\A(\d{4})-?(\d{3})\Z")
_PLAIN_DAY = re.compile(r"\A(\d{4})(\d{2})(\d{2})\Z")
_EPOCH = re.compile(r"\A(\d{10}|\d{13})(?:\.\d+)?\Z")


def read_date(raw: str, *, zone: tzinfo, seen_at: datetime | None = None) -> datetime | None:
    """The moment that `raw` names, aware: in its own offset, or in `zone` where it names none.

    None when it names no readable moment; never raises. `8/5/2026` alone could be two days: AM or PM speaks for the
    American order, a weekday's name or a number above 12 decides, Vietnamese order otherwise; and a reading that lies
    days after `seen_at` yields to the other one.
    """
    if not raw or len(raw) > MAX_DATE_CHARS:
        return None
    if usual := _USUAL.fullmatch(raw):
        return _usual(usual)
    text = _BLANKS.sub(" ", _INVISIBLE.sub("", raw)).strip().lower()
    text = _BRACKETED_ZONE.sub(r" \1", text)  # 28/05/2026, 17:00 (GMT+7)
    text = _BRACKETS.sub(" ", text)  # Thu May 28 2026 17:00:00 GMT+0700 (Indochina Time)
    try:
        return _read(text.strip(" ,;|"), zone, seen_at)
    except (ValueError, OverflowError):  # datetime's own words for a 31st of February and a year 0
        return None


def _usual(match: re.Match[str]) -> datetime | None:
    """The moment of a _USUAL."""
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    if int(year) < OLDEST_YEAR:
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0)) if sign else timedelta()
    own = timezone(-offset if sign == "-" else offset)
    try:
        return datetime(int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), int(second), tzinfo=own)
    except ValueError:  # a 31st of February
        return None


def _read(text: str, zone: tzinfo, seen_at: datetime | None) -> datetime | None:
    if match := _EPOCH.match(text):
        seconds = int(match[1]) / (1000 if len(match[1]) == 13 else 1)
        moment = datetime.fromtimestamp(seconds, UTC)
        return moment if moment.year >= OLDEST_YEAR else None
    if match := _COMPACT.search(text):
        year, month, day, hour, minute = (int(part) for part in match.groups()[:5])
        compact = timedelta(hours=hour, minutes=minute, seconds=int(match[6] or 0))
        stated = _zone_of(re.sub(r"\A[.,]\d+", "", text[match.end() :]))
        return _moment(year, month, day, compact, stated or zone)

    clock, half, own, text = _take_time(text)
    weekday, text = _take_weekday(text)
    named = _day(text, half, weekday, zone, seen_at)
    return _moment(*named, clock or timedelta(), own or zone) if named else None


def _take_time(text: str) -> tuple[timedelta | None, str, tzinfo | None, str]:
    """The time of day, its half (am, pm, sa, ch or nothing), its zone, and the text without them."""
    match = _TIME.search(text.replace("t", " ", 1) if _ISO.match(text) else text)
    if match is None:
        return None, "", None, text
    half = (match["half"] or "").replace(".", "")
    clock = _clock(match, half)
    if clock is None:
        raise ValueError(text)
    before, after = text[: match.start()], text[match.end() :]
    own = _zone_of(after)
    if own is not None and (found := _ZONE.match(after)):
        after = after[found.end() :]
    return clock, half, own, f"{before} {after}".replace("ngày", " ").strip(" ,;|-t")


def _clock(match: re.Match[str], half: str) -> timedelta | None:
    """The time since midnight that a _TIME says; None for one that no clock shows."""
    hour, minute, second = _hour(int(match["h"]), half), int(match["m"]), int(match["s"] or 0)
    if hour > 24 or minute > 59 or (hour == 24 and (minute or second)):
        return None
    fraction = float(f"0.{match['f'][1:]}") if match["f"] and match["s"] else 0.0
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59) + fraction)  # a leap second is the 59th


def _hour(said: int, half: str) -> int:
    if half in _AFTERNOON and said < 12:
        return said + 12
    return 0 if half in _MORNING and said == 12 else said


def _zone_of(text: str) -> tzinfo | None:
    match = _ZONE.match(text)
    if match is None:
        return None
    if match["sign"]:
        # `GMT+7` and `UTC+07:00` are seven hours ahead; so is a bare `+07`, which is not seven minutes
        offset = timedelta(hours=int(match["h"]), minutes=int(match["m"] or 0))
        return timezone(-offset if match["sign"] != "+" else offset) if offset < timedelta(hours=24) else None
    hours = _ZONES.get(match["name"] or "")
    return None if hours is None else UTC if hours == 0 else timezone(timedelta(hours=hours))


def _take_weekday(text: str) -> tuple[int | None, str]:
    match = _WEEKDAY.search(text)
    if match is None:
        return None, text
    if vietnamese := match["vi"]:
        day = int(vietnamese) - 2 if vietnamese.isdigit() else _VIETNAMESE_WEEKDAYS[vietnamese]
    else:
        day = 6 if match["sunday"] else _WEEKDAYS[match["en"]]
    return day, f"{text[: match.start()]} {text[match.end() :]}".strip(" ,;|-.")


def _day(
    text: str, half: str, weekday: int | None, zone: tzinfo, seen_at: datetime | None
) -> tuple[int, int, int] | None:
    """Year, month and day that the rest of the text names."""
    text = re.sub(r"\s+", " ", text)
    if match := _YMD.search(text):
        year, first, second = int(match[1]), int(match[2]), int(match[3])
        return (year, second, first) if first > 12 else (year, first, second)
    if match := _VIETNAMESE.search(text):
        month = int(match[2]) if match[2].isdigit() else _VIETNAMESE_MONTHS.get(match[2])
        return (int(match[3]), month, int(match[1])) if month else None
    if named := _with_english_month(text):
        return named
    if match := _NUMBERS.search(text):
        return _in_order(int(match[1]), int(match[2]), _year(match[3]), half, weekday, zone, seen_at)
    return _figures_alone(text, zone)


def _with_english_month(text: str) -> tuple[int, int, int] | None:
    """The day of "28 May 2026" or "May 28, 2026"."""
    if (match := _DAY_MONTH.search(text)) and (month := _MONTHS.get(match[2])):
        return _year(match[3]), month, int(match[1])
    if (match := _MONTH_DAY.search(text)) and (month := _MONTHS.get(match[1])):
        return _year(match[3]), month, int(match[2])
    return None


def _figures_alone(text: str, zone: tzinfo) -> tuple[int, int, int] | None:
    """The day of 20260528, 2026-05, 2026, or the 148th of a year as 2026-148: all that Atom and Dublin Core allow."""
    if match := _PLAIN_DAY.match(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _YEAR_MONTH.match(text):
        return int(match[1]), int(match[2] or 1), 1
    if (match := _YEAR_DAY.match(text)) and 1 <= int(match[2]) <= 366:
        day = datetime(int(match[1]), 1, 1, tzinfo=zone) + timedelta(days=int(match[2]) - 1)
        return day.year, day.month, day.day
    return None


def _in_order(
    first: int, second: int, year: int, half: str, weekday: int | None, zone: tzinfo, seen_at: datetime | None
) -> tuple[int, int, int] | None:
    """Whether `first` is the day or the month; None when neither can be."""
    ours, american = (year, second, first), (year, first, second)
    likely = [american, ours] if half in {"am", "pm"} else [ours, american]
    possible = [day for day in likely if day[1] <= 12]
    if len(possible) < 2 or ours == american:
        return possible[0] if possible else None
    return _likeliest(possible, weekday, zone, seen_at)


def _likeliest(
    days: Sequence[tuple[int, int, int]], weekday: int | None, zone: tzinfo, seen_at: datetime | None
) -> tuple[int, int, int]:
    """The first that fits the weekday's name and does not lie ahead, as far as any does."""
    moments = [(datetime(*day, tzinfo=zone), day) for day in days]  # valid days: both parts are at most 12
    if weekday is not None:
        moments = [each for each in moments if each[0].weekday() == weekday] or moments
    if seen_at is not None:
        moments = [each for each in moments if each[0] <= seen_at + FUTURE_SLACK] or moments
    return moments[0][1]


def _year(text: str) -> int:
    number = int(text)
    if len(text) == 4:
        return number
    return number + (2000 if number < 69 else 1900)  # POSIX's window, as RFC 2822 asks for


def _moment(year: int, month: int, day: int, clock: timedelta, zone: tzinfo) -> datetime | None:
    if year < OLDEST_YEAR:
        return None
    # the clock is added before the zone is attached: 24:00 is the next day, and no zone's rules are crossed twice
    return (datetime(year, month, day) + clock).replace(tzinfo=zone)  # noqa: DTZ001 - becomes aware in this line
