"""Taking items into the search index, after detection and in small steps: no alert waits for it.

Knows no words and no database; what is still lacking is a row (store/index_rows.py).
"""

from collections.abc import Sequence

from monitor.store.transaction import Store, Transaction

INDEXED_AT_ONCE = 100  # items of a step: some 30 ms in which nothing else is written to a SQLite file


class IndexNews:
    """Works off what the index lacks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._is_begun = False

    async def claim(self, *, limit: int) -> Sequence[None]:
        """One step of work where the index lacks any item."""
        if not self._is_begun:
            await self._store.write_much(Transaction.begin_index)
            self._is_begun = True
        return [None] if await self._store.read(Transaction.is_index_behind) else []

    async def work(self, step: None) -> None:
        """Take the newest of what it lacks in."""
        await self._store.write_much(Transaction.index_items, limit=INDEXED_AT_ONCE)
