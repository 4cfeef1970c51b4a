"""Whether any row of news waits at this moment; asks and changes nothing."""

from datetime import datetime

from sqlalchemy import exists, or_, select

from monitor.store.feed_rows import RESTING
from monitor.store.statements import Statements
from monitor.store.tables import feeds, is_unmatched, items


class DueRows(Statements):
    """The question of a run that may have nothing to do."""

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
