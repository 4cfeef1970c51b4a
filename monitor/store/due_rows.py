"""What waits at this moment: any row of news at all, or which keys of a queue; asks and changes nothing."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import exists, or_, select

from monitor.store.feed_rows import PAGE, RESTING
from monitor.store.fulltext_rows import wanted_articles
from monitor.store.statements import Statements
from monitor.store.tables import feeds, is_unmatched, items
from monitor.types import FeedId, ItemId


class DueRows(Statements):
    """Questions of a run that may have nothing to do, and of the look-out of several processes."""

    def is_news_due(self, *, now: datetime) -> bool:
        """Whether a feed or an article's page is to be asked for, or an item waits for detection.

        A failing feed counts as due: a start asks it at once, whatever its back-off.
        """
        waits = or_(
            exists().where(feeds.c.next_check_at <= now),
            exists().where(feeds.c.failures > 0, feeds.c.next_check_at < RESTING),
            exists().where(is_unmatched(items)),
            exists().where(items.c.fulltext_at <= now),
            exists().where(items.c.recheck_at <= now),
        )
        row = self._row(select(waits.label("waits")))
        return row is not None and bool(row.waits)

    def due_hosts(self, host_of: Callable[[FeedId], str | None], *, now: datetime, limit: int) -> list[str]:
        """Hosts of feeds that could be claimed now, whose feed has been due longest first; None of a feed: of no host.

        Reads on until there are `limit` of them: one host may have more due feeds than it can be asked for, and would
        hide all others behind it.
        """
        due = select(feeds.c.id).where(feeds.c.next_check_at <= now).order_by(feeds.c.next_check_at, feeds.c.id)
        hosts: dict[str, None] = {}
        with self._connection.execute(due, execution_options={"yield_per": PAGE}) as ids:
            for (feed_id,) in ids:
                if (host := host_of(feed_id)) is not None:
                    hosts[host] = None
                    if len(hosts) == limit:
                        break
        return list(hosts)

    def due_articles(self, *, now: datetime, limit: int) -> list[ItemId]:
        """Items that `claim_fulltext` would give."""
        return [ItemId(str(row.id)) for row in self._rows(wanted_articles(now).limit(limit))]

    def due_pages(self, *, now: datetime, limit: int) -> list[ItemId]:
        """Items that `claim_pages` would give."""
        due = select(items.c.id).where(items.c.recheck_at <= now).order_by(items.c.recheck_at, items.c.id)
        return [ItemId(str(row.id)) for row in self._rows(due.limit(limit))]
