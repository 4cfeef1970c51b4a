"""Times of day and zones as people type them on a phone: "7h30", "22h-6h30", "10 giờ tối", "Europe/Paris".

Pure. What cannot be understood is None: whoever asks shows an example.
"""

import re
from functools import cache
from zoneinfo import available_timezones

from monitor.bot.targets import fold
from monitor.text.words import nfc

_PART = {  # of the day -> from which hour twelve hours are added, and up to which
    **dict.fromkeys(("pm", "p.m.", "chiều", "chieu", "tối", "toi"), (1, 11)),
    **dict.fromkeys(("trưa", "trua"), (1, 3)),
    **dict.fromkeys(("đêm", "dem", "khuya"), (6, 11)),
    **dict.fromkeys(("am", "a.m.", "sáng", "sang"), (24, 24)),
}
_MIDNIGHT = ("am", "a.m.", "đêm", "dem", "khuya")  # twelve of these is nought
_TIME = re.compile(
    r"(?<![\d:])(?P<hour>\d{1,2})"
    r"(?:\s*(?::|h|g(?:iờ|io)?|giờ|gio)\s*(?:(?P<minute>[0-5]\d)(?!\d|\s*(?::|h|g))(?:\s*(?:phút|phut|p)\b)?)?)?"
    # "toi" without marks is "tới" where another time follows
    rf"(?:\s*(?P<part>{'|'.join(re.escape(each) for each in _PART if each != 'toi')}|toi(?!\s*\d))(?!\w))?"
    r"(?![\d:])"
)
_BETWEEN = re.compile(
    r"[-–—,;.&/~\s]|\b(?:và|va|and|đến|den|tới|toi|to|till|until|từ|tu|from|lúc|luc|at|mỗi|moi|ngày|ngay)\b"
)
CITIES = {  # names that people use and the zones' own table does not have
    **dict.fromkeys(
        ("ha noi", "hanoi", "sai gon", "viet nam", "vietnam", "hcm", "tp hcm", "da nang"), "Asia/Ho_Chi_Minh"
    ),
    "bac kinh": "Asia/Shanghai",
    "beijing": "Asia/Shanghai",
    "washington": "America/New_York",
    "matxcova": "Europe/Moscow",
    "moskva": "Europe/Moscow",
    "seoul": "Asia/Seoul",
    "dai bac": "Asia/Taipei",
    "luan don": "Europe/London",
}


def times_in(text: str) -> tuple[str, ...] | None:
    """The times that a text lists ("7h và 18h30" -> "07:00", "18:30"), as they stand; None where more is said."""
    written = nfc(text).casefold().strip()
    found: list[str] = []
    rest, at = "", 0
    for time in _TIME.finditer(written):
        face = _face(int(time["hour"]), int(time["minute"] or 0), time["part"] or "")
        if face is None:
            return None
        found.append(face)
        rest += written[at : time.start()] + " "
        at = time.end()
    rest += written[at:]
    return tuple(found) if found and not _BETWEEN.sub("", rest) else None


def quiet_in(text: str) -> tuple[str, str] | None:
    """From when until when ("22h-6h30", "22:00 đến 6:30"); None where these are not two different times."""
    times = times_in(text)
    if times is None or len(times) != 2 or times[0] == times[1]:
        return None
    return times[0], times[1]


def zone_called(text: str) -> str | None:
    """The zone that is meant: by its name, by a city in it; None where there is no such one, or more than one."""
    asked = fold(text)
    if asked in CITIES:
        return CITIES[asked]
    names = _zones()
    return names.get(asked)


@cache
def _zones() -> dict[str, str]:
    """Zones by their whole names and by their cities; a city that two zones have is none."""
    known = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    cities: dict[str, set[str]] = {}
    for name in known:
        cities.setdefault(fold(name.rsplit("/", 1)[1]), set()).add(name)
    alone = {city: next(iter(names)) for city, names in cities.items() if len(names) == 1}
    return alone | {fold(name): name for name in known}


def _face(hour: int, minute: int, part: str) -> str | None:
    if hour == 24 and minute == 0:
        hour = 0
    first, last = _PART.get(part, (24, 24))
    if first <= hour <= last:
        hour += 12
    elif hour == 12 and part in _MIDNIGHT:
        hour = 0
    return f"{hour:02}:{minute:02}" if hour < 24 else None
