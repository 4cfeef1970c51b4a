"""Who said what, item by item: written in transaction 2, read for /quotes.

Decides nothing of language: who speaks is handed in. Quotes go with their item.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from monitor.store.statements import AnyRow, Statements
from monitor.store.tables import items, quotes, row_id, row_ids
from monitor.types import ItemId, Quote, Spoken, StoryId, WatchId


class QuoteRows(Statements):
    """Quotes of watched leaders."""

    def save_quotes(self, item_id: ItemId, found: Sequence[Quote]) -> None:
        """Let `found` be all quotes of an item, in place of those that an earlier look at it brought.

        Raises LookupError for an item that is not stored.
        """
        row = self._row(select(items.c.id, items.c.at).where(items.c.id == row_id(item_id)))
        if row is None:
            raise LookupError(f"item {item_id} is not stored")
        self._change(delete(quotes).where(quotes.c.item_id == row.id))
        if found:
            # one speaker and one place, one row: of two the first
            insert = self._insert(quotes).on_conflict_do_nothing()
            self._change(insert, [_values_of(row.id, row.at, quote) for quote in found])

    def add_quotes(self, found: Mapping[ItemId, Sequence[Quote]]) -> None:
        """Write the quotes of items that had none."""
        if not found:
            return
        named = self._one_of(items.c.id, row_ids(found))
        at = {row.id: row.at for row in self._rows(select(items.c.id, items.c.at).where(named))}
        rows = [
            _values_of(number, at[number], quote)
            for each, mine in found.items()
            if (number := row_id(each))
            for quote in mine
        ]
        self._change(self._insert(quotes).on_conflict_do_nothing(), rows)

    def latest_quotes(self, watch_ids: Collection[WatchId], *, since: datetime, limit: int) -> list[Spoken]:
        """What these leaders said in items not older than `since`, newest item first; limit counts rows."""
        said = self._one_of(quotes.c.watch_id, watch_ids), quotes.c.at >= since
        return self._spoken(*said, limit=limit)

    def quotes_of_story(self, story_id: StoryId, *, limit: int) -> list[Spoken]:
        """What leaders said in the items of a story, newest item first."""
        return self._spoken(items.c.story_id == row_id(story_id), limit=limit)

    def _spoken(self, *where: ColumnElement[bool], limit: int) -> list[Spoken]:
        newest = (
            select(quotes, items.c.outlet, items.c.url, items.c.title, items.c.story_id)
            .join(items, items.c.id == quotes.c.item_id)
            .where(*where)
            .order_by(quotes.c.at.desc(), quotes.c.item_id.desc(), quotes.c.id)
            .limit(limit)
        )
        return [
            Spoken(
                quote=_quote_of(row),
                item_id=ItemId(str(row.item_id)),
                outlet=row.outlet,
                url=row.url,
                title=row.title,
                at=row.at,
                story_id=None if row.story_id is None else StoryId(str(row.story_id)),
            )
            for row in self._rows(newest)
        ]


def _values_of(item_id: int, at: datetime, quote: Quote) -> dict[str, object]:
    return {
        "item_id": item_id,
        "watch_id": quote.watch_id,
        "speaker": quote.speaker,
        "verb": quote.verb,
        "direct": quote.direct,
        "field": quote.field,
        "start": quote.start,
        "end": quote.end,
        "text": quote.text,
        "about": list(quote.about),
        "at": at,
    }


def _quote_of(row: AnyRow) -> Quote:
    return Quote(
        watch_id=WatchId(row.watch_id),
        speaker=row.speaker,
        verb=row.verb,
        text=row.text,
        direct=row.direct,
        field=row.field,
        start=row.start,
        end=row.end,
        about=tuple(WatchId(each) for each in row.about),
    )
