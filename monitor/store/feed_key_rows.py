"""The keys of feeds: one a chat, shown to it again, and given anew when it asks.

Decides nothing of what a key opens.
"""

from datetime import datetime

from sqlalchemy import and_, select

from monitor.store.statements import Statements
from monitor.store.tables import feed_keys
from monitor.types import Address


class FeedKeyRows(Statements):
    """Keys by chat, and chats by key."""

    def feed_key(self, address: Address) -> str | None:
        """The key of a chat; None when it never asked for one."""
        mine = and_(feed_keys.c.chat_id == address.chat_id, feed_keys.c.thread_id == address.thread_id)
        row = self._row(select(feed_keys.c.key).where(mine))
        return None if row is None else str(row.key)

    def renew_feed_key(self, address: Address, key: str, *, now: datetime) -> None:
        """Give a chat this key; the one that it had opens nothing any more."""
        new = self._insert(feed_keys).values(chat_id=address.chat_id, thread_id=address.thread_id, key=key, made_at=now)
        taken = {"key": key, "made_at": now}
        self._change(new.on_conflict_do_update(index_elements=["chat_id", "thread_id"], set_=taken))

    def chat_of_feed_key(self, key: str) -> Address | None:
        """Whose key it is; None for one that was renewed, or never given."""
        row = self._row(select(feed_keys.c.chat_id, feed_keys.c.thread_id).where(feed_keys.c.key == key))
        return None if row is None else Address(row.chat_id, row.thread_id)
