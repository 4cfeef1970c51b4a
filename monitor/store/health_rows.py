"""What the page asks of feeds and of the whole: a feed asked sooner, and how much there is.

Judges nothing. Counts that would read all that was ever told stand here over some days at most.
"""

from datetime import datetime

from sqlalchemy import false, select, update

from monitor.store.feed_rows import RESTING
from monitor.store.statements import Statements
from monitor.store.tables import feeds
from monitor.types import FeedId


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
