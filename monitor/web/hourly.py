"""The last day hour by hour, as lines show it. Pure."""

from datetime import datetime, timedelta

from monitor.store.hour_rows import Hours

HOURS = 24
_HOUR = timedelta(hours=1)


def first_hour(now: datetime) -> datetime:
    """The hour with which the line begins."""
    return now.replace(minute=0, second=0, microsecond=0) - (HOURS - 1) * _HOUR


def by_hour(now: datetime, hours: Hours) -> list[int]:
    """A number an hour, the present one last."""
    first = first_hour(now)
    return [hours.get(first + number * _HOUR, 0) for number in range(HOURS)]
