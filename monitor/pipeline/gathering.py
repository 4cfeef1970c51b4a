"""When a chat's news waits and when it is told together: digest hours, quiet hours, a weekly report. Pure.

Clock faces become moments here, and nowhere else: in the chat's own zone, also on the days when its clocks are turned.
Reads no row; what waits is folded in digest.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.types import Chat, ChatState, Preferences

LOOKED_AHEAD = 3  # days: a quiet that the turning of clocks swallows is there again the day after
REPORT_AT = time(7)  # on Mondays
_FACE = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Gathering:
    """From `begins` on news waits; at `ends` it is told as one digest."""

    begins: datetime
    ends: datetime


def zone_of(preferences: Preferences, default: ZoneInfo) -> ZoneInfo:
    """The zone that a chat's clock faces are read in; `default` where it has none, or one that is not known here."""
    return zone_named(preferences.zone) or default


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of that name ("Europe/Paris"); None where this machine's tables do not have it (any more)."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such name, no name at all, a folder of names
        return None


def next_gathering(preferences: Preferences, zone: ZoneInfo, now: datetime) -> Gathering | None:
    """The gathering that runs at `now`, or the next one; None: news is told as it comes.

    With digest hours one always runs. A digest hour inside the quiet hours waits for their end.
    """
    quiet = _quiet(preferences, zone, now)
    hours = sorted(at for at in _moments(preferences.digest_hours, zone, now) if at > now)
    if not hours:
        return quiet
    return Gathering(now, _after_quiet(preferences, zone, hours[0]))


def regathered(chat: Chat, default: ZoneInfo, now: datetime) -> Chat:
    """The chat with its next gathering; that of a paused one ends with the pause."""
    if chat.state is ChatState.PAUSED:
        return replace(chat, gather_from=None, gather_until=chat.paused_until)
    coming = next_gathering(chat.preferences, zone_of(chat.preferences, default), now)
    return replace(chat, gather_from=coming.begins if coming else None, gather_until=coming.ends if coming else None)


def is_gathering_now(chat: Chat, now: datetime) -> bool:
    """Whether news of this chat waits at this moment for a digest: the very condition of a claim."""
    return chat.gather_from is not None and chat.gather_from <= now


def is_quiet(preferences: Preferences, zone: ZoneInfo, now: datetime) -> bool:
    """Whether `now` lies in the quiet hours."""
    quiet = _quiet(preferences, zone, now)
    return quiet is not None and quiet.begins <= now


def next_report(preferences: Preferences, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the next weekly report is due: Monday morning; None: none is wanted."""
    if not preferences.weekly_report:
        return None
    today = now.astimezone(zone).date()
    monday = today + timedelta(days=-today.weekday() % 7)
    at = _moment(monday, REPORT_AT, zone)
    return at if at > now else _moment(monday + timedelta(days=7), REPORT_AT, zone)


def face_of(text: str) -> time | None:
    """The clock face that a preference holds ("07:00"); None: it is none."""
    found = _FACE.fullmatch(text)
    return time(int(found[1]), int(found[2])) if found else None


def _quiet(preferences: Preferences, zone: ZoneInfo, now: datetime) -> Gathering | None:
    """The quiet that `now` lies in, or the next one."""
    if preferences.quiet is None:
        return None
    begins, ends = (face_of(each) for each in preferences.quiet)
    if begins is None or ends is None or begins == ends:
        return None
    for day in _days(zone, now):
        until = _moment(day if begins < ends else day + timedelta(days=1), ends, zone)
        quiet = Gathering(_moment(day, begins, zone), until)
        if quiet.begins < quiet.ends and now < quiet.ends:  # a short quiet may lie in the hour that clocks leave out
            return quiet
    return None


def _after_quiet(preferences: Preferences, zone: ZoneInfo, at: datetime) -> datetime:
    """`at`, or the end of the quiet that it lies in."""
    quiet = _quiet(preferences, zone, at)
    return quiet.ends if quiet is not None and quiet.begins <= at else at


def _moments(faces: tuple[str, ...], zone: ZoneInfo, now: datetime) -> Iterator[datetime]:
    for day in _days(zone, now):
        for face in map(face_of, faces):
            if face is not None:
                yield _moment(day, face, zone)


def _days(zone: ZoneInfo, now: datetime) -> Iterator[date]:
    """Yesterday, whose quiet may last until now, and the days to come."""
    today = now.astimezone(zone).date()
    return (today + timedelta(days=number) for number in range(-1, LOOKED_AHEAD))


def _moment(day: date, face: time, zone: ZoneInfo) -> datetime:
    """When clocks show `face` on that day: the first time of two; one that is left out counts from before the turn."""
    return datetime.combine(day, face, zone).astimezone(UTC)
