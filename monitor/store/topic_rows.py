"""What chats were told lately of the watches of new items: for topics above stories, and for how often a watch rings.

Decides nothing: which stories are one topic is stories/grouping/topics.py's, who is told pipeline/alerts.py's.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, literal_column, or_, select

from monitor.store.outbox_rows import IS_LINE, alert_of
from monitor.store.outbox_turns import IS_NEWS
from monitor.store.statements import Statements
from monitor.store.tables import alerts, items, matches, row_ids
from monitor.types import Alert, ItemId, StoryId, WatchId

MOST_LINES = 40  # of one message that are read: more than fit on it


@dataclass(frozen=True, slots=True)
class Named:
    """An item that names a watch."""

    watch_id: WatchId
    item_id: ItemId
    story_id: StoryId
    title: str
    lead: str
    at: datetime


class TopicRows(Statements):
    """Reads around the stories of some watches."""

    def named_since(self, watch_ids: Collection[WatchId], since: datetime) -> list[Named]:
        """The placed items since then that name any of these watches, oldest first, once a watch."""
        rows = (
            select(matches.c.watch_id, items.c.id, items.c.story_id, items.c.title, items.c.lead, items.c.at)
            .join(items, items.c.id == matches.c.item_id)
            .where(
                self._one_of(matches.c.watch_id, watch_ids),
                items.c.at >= since,
                items.c.alertable,
                items.c.story_id.is_not(None),
            )
            .order_by(items.c.at, items.c.id)
        )
        return [
            Named(WatchId(row.watch_id), ItemId(str(row.id)), StoryId(str(row.story_id)), row.title, row.lead, row.at)
            for row in self._rows(rows)
        ]

    def messages_of(
        self,
        topics: Collection[StoryId],
        since: datetime,
        rates: Collection[StoryId],
        *,
        chats: Collection[int] | None = None,
    ) -> list[Alert]:
        """First messages and developments about stories, of every chat, oldest first; lines in others left out.

        Of the stories `topics` the first messages alone, of `rates` what was written since then. In a writing
        transaction they stay as they are until its end.
        """
        first = and_(self._one_of(alerts.c.story_id, row_ids(topics)), alerts.c.kind == literal_column("'alert'"))
        recent = and_(self._one_of(alerts.c.story_id, row_ids(rates)), alerts.c.created_at >= since)
        wanted = [part for part, asked in ((first, topics), (recent, rates)) if asked]
        if not wanted:
            return []
        mine = self._of_chats(alerts.c.chat_id, chats)
        rows = select(alerts).where(IS_NEWS, ~IS_LINE, or_(*wanted), mine).order_by(alerts.c.id)
        return [alert_of(row) for row in self._rows(rows.with_for_update() if self._writing else rows)]

    def lines_of(self, alert_ids: Collection[int]) -> dict[int, list[Alert]]:
        """The rows that are lines in the messages of these, the newest MOST_LINES of each, oldest first."""
        rows = select(alerts).where(self._one_of(alerts.c.under_id, alert_ids), IS_LINE).order_by(alerts.c.id)
        found: defaultdict[int, list[Alert]] = defaultdict(list)
        for row in self._rows(rows):
            found[row.under_id].append(alert_of(row))
        return {under: mine[-MOST_LINES:] for under, mine in found.items()}
