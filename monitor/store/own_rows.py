"""Watches that chats wrote for themselves, and what they said of the articles these bring.

Reads no YAML and decides nothing of who may do what.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from monitor.store.feed_rows import ITEM, item_of
from monitor.store.statements import AnyRow, Statements
from monitor.store.tables import chats, is_unwelcome, items, own_marks, own_watches, row_id, row_ids, subscriptions
from monitor.types import Address, Item, ItemId, OwnWatch, WatchId, own_id, own_number

_MINE = and_(chats.c.chat_id == own_watches.c.chat_id, chats.c.thread_id == own_watches.c.thread_id)


class OwnRows(Statements):
    """Own watches, kept ones and drafts, and the marks of readers."""

    def own_watch(self, number: int) -> OwnWatch | None:
        """One of them, if there is one of that number."""
        row = self._row(select(own_watches).where(own_watches.c.id == number)) if number < 2**63 else None
        return None if row is None else _own_of(row)

    def own_watches(self, address: Address) -> list[OwnWatch]:
        """Those of one chat, drafts too, the oldest first."""
        mine = (own_watches.c.chat_id == address.chat_id, own_watches.c.thread_id == address.thread_id)
        rows = self._rows(select(own_watches).where(*mine).order_by(own_watches.c.id))
        return [_own_of(row) for row in rows]

    def kept_own_watches(self) -> list[OwnWatch]:
        """Those that are at work, of all chats."""
        kept = own_watches.c.kept_at.is_not(None)
        return [_own_of(row) for row in self._rows(select(own_watches).where(kept).order_by(own_watches.c.id))]

    def own_watches_stand(self) -> tuple[int, datetime | None]:
        """How many are at work and when the last of them changed: otherwise when one was kept, changed or ended."""
        found = select(func.count().label("n"), func.max(own_watches.c.changed_at).label("at"))
        row = self._row(found.where(own_watches.c.kept_at.is_not(None)))
        return (0, None) if row is None else (row.n, row.at)

    def owners(self, watch_ids: Collection[WatchId]) -> dict[WatchId, Address]:
        """Whose the own watches among these are; those that were ended are not named."""
        numbers = [number for each in watch_ids if (number := own_number(each)) is not None]
        if not numbers:
            return {}
        known = select(own_watches.c.id, own_watches.c.chat_id, own_watches.c.thread_id)
        mine = (self._one_of(own_watches.c.id, numbers), own_watches.c.kept_at.is_not(None))
        return {own_id(row.id): Address(row.chat_id, row.thread_id) for row in self._rows(known.where(*mine))}

    def add_own_watch(self, address: Address, *, asked: str, text: str = "", now: datetime) -> int:
        """A new draft; gives its number, which is never given twice."""
        values = {"chat_id": address.chat_id, "thread_id": address.thread_id, "asked": asked, "yaml": text}
        new = self._insert(own_watches).values(**values, changed_at=now).returning(own_watches.c.id)
        return int(self._rows(new)[0].id)

    def write_own_watch(self, number: int, *, asked: str, text: str, now: datetime) -> None:
        """Another text for one."""
        values = {"asked": asked, "yaml": text, "changed_at": now}
        self._change(update(own_watches).where(own_watches.c.id == number).values(**values))

    def keep_own_watch(self, number: int, *, now: datetime) -> None:
        """A draft is at work from now on; one that was kept stays so."""
        draft = (own_watches.c.id == number, own_watches.c.kept_at.is_(None))
        self._change(update(own_watches).where(*draft).values(kept_at=now, changed_at=now))

    def end_own_watch(self, number: int) -> None:
        """It is gone, with its marks and whoever follows it."""
        self._change(delete(subscriptions).where(subscriptions.c.target == own_id(number)))
        self._change(delete(own_watches).where(own_watches.c.id == number))

    # ------------------------------------------------ marks

    def mark_own(self, number: int, item_id: ItemId, is_right: bool | None, *, now: datetime) -> bool:
        """A reader's word on an article; None takes it back. False for an article that is not stored any more."""
        item = row_id(item_id)
        if item is None or self._row(select(items.c.id).where(items.c.id == item)) is None:
            return False
        if is_right is None:
            mine = (own_marks.c.watch_id == number, own_marks.c.item_id == item)
            self._change(delete(own_marks).where(*mine))
            return True
        values = {"watch_id": number, "item_id": item, "is_right": is_right, "at": now}
        changed = {"is_right": is_right, "at": now}
        key = [own_marks.c.watch_id, own_marks.c.item_id]
        new = self._insert(own_marks).values(**values)
        self._change(new.on_conflict_do_update(index_elements=key, set_=changed))
        return True

    def own_marks(self, number: int) -> dict[ItemId, bool]:
        """What was said of articles, the earliest word first."""
        mine = select(own_marks).where(own_marks.c.watch_id == number).order_by(own_marks.c.at, own_marks.c.item_id)
        return {ItemId(str(row.item_id)): row.is_right for row in self._rows(mine)}

    def items_named(self, item_ids: Collection[ItemId]) -> dict[ItemId, Item]:
        """Those of these articles that are stored."""
        found = select(*ITEM).where(self._one_of(items.c.id, row_ids(item_ids)))
        return {item.id: item for item in map(item_of, self._rows(found))}

    # ------------------------------------------------ what is swept

    def sweep_own_drafts(self, *, before: datetime) -> int:
        """Delete drafts that nobody has touched since `before`; how many went."""
        old = (own_watches.c.kept_at.is_(None), own_watches.c.changed_at < before)
        return self._change(delete(own_watches).where(*old))

    def sweep_lost_own_watches(self, *, now: datetime, before: datetime) -> int:
        """Delete those whose chats have been out of reach since `before`, noting which are so now; how many went."""
        gone = or_(~select(chats.c.chat_id).where(_MINE).exists(), self._is_lost())
        back = (own_watches.c.lost_at.is_not(None), ~gone)
        self._change(update(own_watches).where(*back).values(lost_at=None))
        self._change(update(own_watches).where(own_watches.c.lost_at.is_(None), gone).values(lost_at=now))
        lost = self._rows(select(own_watches.c.id).where(own_watches.c.lost_at < before))
        for row in lost:
            self.end_own_watch(row.id)
        return len(lost)

    def _is_lost(self) -> ColumnElement[bool]:
        return select(chats.c.chat_id).where(_MINE, is_unwelcome(chats)).exists()


def _own_of(row: AnyRow) -> OwnWatch:
    return OwnWatch(row.id, Address(row.chat_id, row.thread_id), row.yaml, row.asked, row.changed_at, row.kept_at)
