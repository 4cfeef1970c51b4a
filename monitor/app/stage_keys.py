"""By which keys several processes share the work of a stage: a host, a chat, an item.

Hands out nothing itself: cluster.py does.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from monitor.app.stages import Keys, PieceOut
from monitor.pipeline.deliver import Deliver
from monitor.types import Alert, ItemId

MOST_HOSTS = 1_000  # that one look finds: what 100,000 feeds have due in three seconds
MOST_CHATS = 100  # three seconds of all that Telegram takes
MOST_ARTICLES = 50  # more than all hosts give in a second


class ByItem(Protocol[PieceOut]):
    """A use case that works on single items."""

    async def due(self, *, limit: int) -> Sequence[ItemId]:
        """Items that could be claimed."""
        ...

    async def claim(self, *, limit: int, among: Collection[ItemId] | None) -> Sequence[PieceOut]:
        """Claims; `among`: these alone."""
        ...


def by_item(use: ByItem[PieceOut]) -> Keys[PieceOut]:
    """One key an item."""

    async def claim(key: str, *, limit: int) -> Sequence[PieceOut]:
        return await use.claim(limit=limit, among=[ItemId(key)])

    return Keys(lambda most: use.due(limit=most), claim, MOST_ARTICLES)


def by_chat(deliver: Deliver, if_any: Callable[[], bool] = lambda: True) -> Keys[Alert]:
    """One key a chat, so that its messages keep their order."""

    async def due(most: int) -> Sequence[str]:
        return [str(chat_id) for chat_id in await deliver.due(limit=most)] if if_any() else []

    async def claim(key: str, *, limit: int) -> Sequence[Alert]:
        return await deliver.claim(limit=limit, chat_id=int(key))

    return Keys(due, claim, MOST_CHATS)
