"""A message of the administrators to every chat: whom it would reach, and one row of the outbox a chat, in slices.

Decides no words. Each slice is a transaction of its own, so that alerts are written in between; what is written already
is known by its dedupe key, so that a broadcast that was cut off is finished by a second yes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.pipeline.dedupe_keys import notice_key
from monitor.store.transaction import Store, Transaction
from monitor.types import Address, AlertKind, Chat, ChatKind, ChatState, DedupeKey, NewAlert

SLICE = 100  # rows a transaction: some milliseconds
REACHED = (ChatState.ACTIVE, ChatState.PAUSED)
STOPPED = "stopped by an admin"


@dataclass(frozen=True, slots=True)
class BroadcastReach:
    """Where a message to all goes: one address a chat; and how many chats there are by state and language."""

    addresses: tuple[Address, ...]
    counts: Mapping[tuple[ChatState, str], int]

    @property
    def left_out(self) -> Mapping[ChatState, int]:
        """The chats that are not written to."""
        out = Counter[ChatState]()
        for (state, _), count in self.counts.items():
            if state not in REACHED:
                out[state] += count
        return out


def reach_of(chats: Iterable[Chat]) -> BroadcastReach:
    """Whom a message to all reaches. A forum gets it once: where it subscribes as a whole, else in one topic."""
    by_id: dict[int, Chat] = {}
    for chat in sorted(chats, key=lambda each: (each.state not in REACHED, each.address)):
        if chat.kind is not ChatKind.TERMINAL:
            by_id.setdefault(chat.address.chat_id, chat)
    counts = Counter((chat.state, chat.lang) for chat in by_id.values())
    return BroadcastReach(tuple(chat.address for chat in by_id.values() if chat.state in REACHED), counts)


def broadcast_key(number: int) -> DedupeKey:
    """Of the rows of one message to all, by the number of its proposal."""
    return notice_key("broadcast", number)


async def send_to_all(store: Store, number: int, text: str, *, now: datetime) -> int:
    """Put the message before every chat; how many rows are new. Done twice it writes nothing more."""
    addresses = reach_of(await store.read(Transaction.chats)).addresses
    key, new = broadcast_key(number), 0
    for at in range(0, len(addresses), SLICE):
        rows = [NewAlert(each, AlertKind.NOTICE, key, text=text) for each in addresses[at : at + SLICE]]
        new += await store.write_much(Transaction.enqueue, rows, now=now)
    return new
