"""More comes than can leave: who has to wait for whom, and when it will be through. Pure.

Alerts that wait hold up detection, and items that wait for detection hold up polling: what nobody has looked at is
cheap to keep, in our rows or with the newspaper. Which alert goes first is store/outbox_turns.py's.
"""

from datetime import datetime, timedelta

from monitor.pipeline.pace import Pace
from monitor.types import Backlog

OUTBOX_FULL = 20_000  # alerts: twelve minutes of all that Telegram takes
ITEMS_FULL = 50_000  # items: two days of the whole Vietnamese press
WORTH_SAYING = timedelta(minutes=1)  # a shorter delay is the ordinary rest between two messages


def through_in(backlog: Backlog, pace: Pace) -> timedelta:
    """About how long until what waits has left, at the pace of the bot and of its fullest chats."""
    return max(
        timedelta(seconds=backlog.waiting / pace.per_second),
        backlog.most_private * pace.private,
        backlog.most_group * pace.group,
    )


def behind(backlog: Backlog, now: datetime) -> timedelta:
    """How long the oldest alert that may leave has been due."""
    return now - backlog.since if backlog.since is not None else timedelta(0)
