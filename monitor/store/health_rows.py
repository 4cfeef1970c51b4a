"""What the page asks of feeds and of the whole: a feed asked sooner, and how much there is.

Judges nothing. Counts that would read all that was ever told stand here over some days at most.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, func, select, text, update

from monitor.store.feed_rows import RESTING
from monitor.store.statements import Statements
from monitor.store.tables import alerts, chats, feeds, is_open, items
from monitor.types import AlertKind, AlertState, ChatKind, ChatState, FeedId

_POSTGRESQL_BYTES = text("SELECT pg_database_size(current_database())")
_SQLITE_BYTES = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel, and how many messages wait for it."""

    name: str
    state: ChatState
    waiting: int


@dataclass(frozen=True, slots=True)
class Trip:
    """A message about fresh news: published, found in a feed, looked at and written, sent."""

    published_at: datetime
    seen_at: datetime
    written_at: datetime
    sent_at: datetime


class HealthRows(Statements):
    """Questions of /feeds and /status."""

    def check_feed_now(self, feed_id: FeedId, *, now: datetime) -> bool:
        """Make a feed due at once; False for one that rests, is not known, or is being asked at this moment."""
        mine = (feeds.c.id == feed_id, feeds.c.leased == false(), feeds.c.next_check_at < RESTING)
        row = self._row(select(feeds.c.next_check_at).where(*mine))
        if row is None:
            return False
        self._change(update(feeds).where(*mine, feeds.c.next_check_at > now).values(next_check_at=now))
        return True

    def chats_in(self, states: Collection[ChatState]) -> int:
        """How many chats and topics are in one of these states."""
        mine = self._one_of(chats.c.state, [state.value for state in states])
        row = self._row(select(func.count().label("rows")).select_from(chats).where(mine))
        return 0 if row is None else int(row.rows)

    def channels(self) -> list[ChannelRow]:
        """The channels of channels.yaml by name, with what waits for each."""
        known = select(chats).where(chats.c.kind == ChatKind.OUTSIDE.value, chats.c.state != ChatState.BARRED.value)
        rows = self._rows(known)
        waits = select(alerts.c.chat_id, func.count().label("rows")).where(
            is_open(alerts), self._one_of(alerts.c.chat_id, [row.chat_id for row in rows])
        )
        waiting = {row.chat_id: row.rows for row in self._rows(waits.group_by(alerts.c.chat_id))} if rows else {}
        found = [ChannelRow(row.title, ChatState(row.state), waiting.get(row.chat_id, 0)) for row in rows]
        return sorted(found, key=lambda each: each.name)

    def trips(self, *, since: datetime, limit: int) -> list[Trip]:
        """The way of fresh news to readers, a message each, of those written since then; the newest first.

        Only what rang one by one: a digest comes when its reader wants it.
        """
        a, i = alerts.c, items.c
        told = (
            select(i.published_at, i.seen_at, a.created_at, a.settled_at)
            .join(items, i.id == a.item_id)
            .where(
                a.created_at >= since,
                a.state == AlertState.SENT.value,
                self._one_of(a.kind, [AlertKind.ALERT.value, AlertKind.UPDATE.value]),
                a.digest_id.is_(None),
                i.alertable,
                i.published_at.is_not(None),
                a.settled_at.is_not(None),
            )
            .order_by(a.created_at.desc(), a.id.desc())
            .limit(limit)
        )
        return [Trip(row.published_at, row.seen_at, row.created_at, row.settled_at) for row in self._rows(told)]

    def database_bytes(self) -> int:
        """How large the database is."""
        size = _POSTGRESQL_BYTES if self._on_postgresql else _SQLITE_BYTES
        return int(self._connection.execute(size).scalar_one())
