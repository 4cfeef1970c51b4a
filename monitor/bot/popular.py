"""What a newcomer is offered, and how many messages a day a chat may expect.

Pure: whoever calls has read the rows.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from monitor.pipeline.regions import ordered
from monitor.store.count_rows import DailyCount
from monitor.types import Leader, Priority, Watch, WatchId

MOST_LEADERS, MOST_EVENTS = 6, 4  # offered: five rows of two on a phone
DAYS = 7  # whose mean is what a chat may expect


def popular(watches: Sequence[Watch], mentions: Mapping[WatchId, int]) -> list[Watch]:
    """What most articles of the last day name, leaders and events mixed, so that neither crowds the other out.

    Where the day had too little (a new installation, a quiet night) what the editors call urgent fills it up, in the
    order of the list, which begins with Việt Nam.
    """
    known = ordered(watches)
    named = sorted((watch for watch in known if mentions.get(watch.id)), key=lambda watch: -mentions[watch.id])
    leaders = [watch for watch in named if isinstance(watch, Leader)][:MOST_LEADERS]
    events = [watch for watch in named if not isinstance(watch, Leader)][:MOST_EVENTS]
    chosen = [watch for watch in named if watch in leaders or watch in events]
    urgent = [watch for watch in known if watch.priority is Priority.HIGH and watch not in chosen]
    return [*chosen, *urgent[: max(0, MOST_LEADERS - len(chosen))]]


def stories_a_day(counts: Collection[DailyCount], wanted: Collection[WatchId], *, today: date) -> float | None:
    """The mean of the last DAYS days, today left out because it is not over; None where no such day was counted."""
    counted = [each for each in counts if today - timedelta(days=DAYS) <= each.day < today]
    if not counted:
        return None
    days = (today - min(each.day for each in counted)).days
    return sum(each.stories for each in counted if each.watch_id in wanted) / days
