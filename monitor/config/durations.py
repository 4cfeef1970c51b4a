"""Durations as editors write them: 90s, 5m, 48h, 7d, 1h30m.

Knows nothing of settings or files.
"""

import re
from datetime import timedelta

from monitor.i18n import say

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_PART = r"(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)"
_DURATION = re.compile(rf"(?:{_PART})+")
_PARTS = re.compile(_PART)

PATTERN = r"^([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+$"
LONGEST = timedelta(days=3_660)  # ten years: anything longer is a slip of the hand


def parse_duration(text: str) -> timedelta:
    """Read a duration; a bare number has no unit and is refused, but `0` needs none. Raises ValueError."""
    text = text.strip().lower()
    if text == "0":
        return timedelta()
    if not _DURATION.fullmatch(text):
        if text.isdigit():
            said = say(
                "{text} is not a duration: a unit is missing; write one like 90s, 5m, 48h or 7d", text=repr(text)
            )
        else:
            said = say("{text} is not a duration; write one like 90s, 5m, 48h or 7d", text=repr(text))
        raise ValueError(said)
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _PARTS.findall(text))
    if seconds > LONGEST.total_seconds():
        raise ValueError(say("{text} is longer than {n} days", text=text, n=LONGEST.days))
    return timedelta(seconds=seconds)


def show_duration(value: timedelta) -> str:
    """Write a duration as an editor would, largest units first: 1h30m."""
    milliseconds = round(value / timedelta(milliseconds=1))
    parts = []
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)):
        count, milliseconds = divmod(milliseconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
