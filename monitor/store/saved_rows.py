"""What chats keep: articles that stay for as long as somebody wants them (the sweep leaves them)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, select

from monitor.store.feed_rows import ITEM, item_of
from monitor.store.statements import Statements
from monitor.store.tables import items, row_id, saved_items
from monitor.types import Address, Item, ItemId

MOST_SAVED = 1_000  # articles of a chat: the sweep must get somewhere


class Saving(StrEnum):
    """What came of the wish to keep an article: it is kept now, it was already, or there is no room."""

    DONE = "done"
    KNOWN = "known"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class SavedItem:
    """An article that a chat keeps, and since when."""

    item: Item
    at: datetime


class SavedRows(Statements):
    """Saved articles."""

    def save_item(self, address: Address, item_id: ItemId, *, now: datetime) -> Saving:
        """Keep an article, if the chat has fewer than MOST_SAVED. Raises LookupError for an item that is not stored."""
        if self._row(select(items.c.id).where(items.c.id == row_id(item_id)).with_for_update(key_share=True)) is None:
            raise LookupError(f"item {item_id} is not stored")
        if self._row(select(saved_items.c.at).where(*_of(address), saved_items.c.item_id == row_id(item_id))):
            return Saving.KNOWN
        if self.saved_count(address) >= MOST_SAVED:
            return Saving.FULL
        row = {"chat_id": address.chat_id, "thread_id": address.thread_id, "item_id": row_id(item_id), "at": now}
        self._change(self._insert(saved_items).values(row).on_conflict_do_nothing())
        return Saving.DONE

    def drop_saved(self, address: Address, item_id: ItemId) -> bool:
        """Keep an article no longer; whether the chat had it."""
        mine = (*_of(address), saved_items.c.item_id == row_id(item_id))
        return bool(self._change(delete(saved_items).where(*mine)))

    def saved_count(self, address: Address) -> int:
        """How many articles a chat keeps."""
        row = self._row(select(func.count().label("kept")).select_from(saved_items).where(*_of(address)))
        return 0 if row is None else row.kept

    def saved_among(self, address: Address, item_ids: Collection[ItemId]) -> set[ItemId]:
        """Which of these articles a chat keeps."""
        mine = self._one_of(saved_items.c.item_id, [row_id(item_id) for item_id in item_ids])
        rows = self._rows(select(saved_items.c.item_id).where(*_of(address), mine))
        return {ItemId(str(row.item_id)) for row in rows}

    def saved_items(self, address: Address, *, limit: int, offset: int = 0) -> list[SavedItem]:
        """Articles that a chat keeps, the last saved first."""
        mine = (
            select(*ITEM, saved_items.c.at.label("saved_at"))
            .join(saved_items, saved_items.c.item_id == items.c.id)
            .where(*_of(address))
            .order_by(saved_items.c.at.desc(), saved_items.c.item_id.desc())
        )
        return [SavedItem(item_of(row), row.saved_at) for row in self._rows(mine.limit(limit).offset(offset))]


def _of(address: Address) -> tuple[ColumnElement[bool], ...]:
    return saved_items.c.chat_id == address.chat_id, saved_items.c.thread_id == address.thread_id
