"""The search index, kept beside the items: which of them it lacks, and how they come into it and out of it.

Searches nothing (search.py). The index is derived from the items: what it lacks stands in `unindexed`, written in the
very transactions that write items, and a stage works it off after detection, so that no alert waits for it.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import column, delete, func, select, table, text

from monitor.store.search_words import VERSION, keys_of
from monitor.store.statements import AnyRow, Statements
from monitor.store.tables import facts, items, unindexed

INDEX_VERSION = "search_index"  # the fact that says of which words the index is made
_WORDED = (items.c.id, items.c.title, items.c.lead, items.c.body, items.c.outlet)

_HELD_BY_SQLITE = table("search_keys_docsize", column("id"))  # FTS5's own: one row an item

_ADD_SQLITE = text("INSERT INTO search_keys (rowid, keys) VALUES (:id, :keys)")
_DROP_SQLITE = text("INSERT INTO search_keys (search_keys, rowid, keys) VALUES ('delete', :id, :keys)")
_CLEAR_SQLITE = text("INSERT INTO search_keys (search_keys) VALUES ('delete-all')")
_ADD_POSTGRESQL = text(
    "INSERT INTO search_keys (item_id, keys) VALUES (:id, array_to_tsvector(string_to_array(:keys, ' ')))"
)
_DROP_POSTGRESQL = text("DELETE FROM search_keys WHERE item_id = ANY (:ids)")
_CLEAR_POSTGRESQL = text("TRUNCATE search_keys")


class IndexRows(Statements):
    """What the search index holds."""

    def begin_index(self) -> None:
        """See that the index is made of the words that this program knows; else it is emptied, to be filled anew."""
        # PostgreSQL's entries go by their number, and processes of several Pythons may share it
        version = VERSION.partition("/")[0] if self._on_postgresql else VERSION
        known = self._row(select(facts.c.value).where(facts.c.name == INDEX_VERSION))
        if known is not None and known.value == version:
            return
        self._change(_CLEAR_POSTGRESQL if self._on_postgresql else _CLEAR_SQLITE)
        every = select(items.c.id).where(items.c.id > 0)  # SQLite needs a WHERE between a SELECT and ON CONFLICT
        self._change(self._insert(unindexed).from_select(["item_id"], every).on_conflict_do_nothing())
        insert = self._insert(facts).values(name=INDEX_VERSION, value=version)
        self._change(insert.on_conflict_do_update(index_elements=[facts.c.name], set_={"value": version}))

    def index_items(self, *, limit: int) -> int:
        """Take up to `limit` items that the index lacks into it, the newest first; how many of them were there."""
        ids = self._lacking(limit)
        if not ids:
            return 0
        # Locked like everywhere, the item before its other rows; one that is being written to waits for the next time
        mine = select(items.c.id).where(self._one_of(items.c.id, ids)).order_by(items.c.id)
        locked = [row.id for row in self._rows(mine.with_for_update(skip_locked=True, key_share=True))]
        still = select(*_WORDED).join(unindexed, unindexed.c.item_id == items.c.id)
        rows = self._rows(still.where(self._one_of(items.c.id, locked)).order_by(items.c.id))
        if rows:
            self._change(_ADD_POSTGRESQL if self._on_postgresql else _ADD_SQLITE, [_entry(row) for row in rows])
            self._change(delete(unindexed).where(self._one_of(unindexed.c.item_id, [row.id for row in rows])))
        return len(rows)

    def is_index_behind(self) -> bool:
        """Whether the index lacks any item."""
        return bool(self._lacking(1))

    def unindexed_count(self) -> int:
        """How many items the index lacks."""
        row = self._row(select(func.count().label("lacking")).select_from(unindexed))
        return 0 if row is None else row.lacking

    def _lacking(self, limit: int) -> list[int]:
        newest = select(unindexed.c.item_id).where(unindexed.c.item_id > 0).order_by(unindexed.c.item_id.desc())
        return [row.item_id for row in self._rows(newest.limit(limit))]

    def _queue_for_index(self, ids: Iterable[int]) -> None:
        """Note items that the index does not hold."""
        rows = [{"item_id": number} for number in ids]
        if rows:
            self._change(self._insert(unindexed).on_conflict_do_nothing(), rows)

    def _unindex(self, ids: Collection[int]) -> None:
        """Take items out of the index before their words change or they go, and note that it lacks them."""
        if not ids:
            return
        if self._on_postgresql:
            self._connection.execute(_DROP_POSTGRESQL, {"ids": list(ids)})
        elif entries := [_entry(row) for row in self._indexed(ids)]:
            self._change(_DROP_SQLITE, entries)
        mine = select(items.c.id).where(self._one_of(items.c.id, ids))
        self._change(self._insert(unindexed).from_select(["item_id"], mine).on_conflict_do_nothing())

    def _indexed(self, ids: Collection[int]) -> Sequence[AnyRow]:
        """Those that FTS5 itself holds: to take out what is not there damages the index."""
        held = select(_HELD_BY_SQLITE.c.id).where(_HELD_BY_SQLITE.c.id == items.c.id).exists()
        return self._rows(select(*_WORDED).where(self._one_of(items.c.id, ids), held))


def _entry(row: AnyRow) -> dict[str, object]:
    return {"id": row.id, "keys": keys_of(row.title, row.lead, row.body, row.outlet)}
