"""The channels of channels.yaml, registered as chats: same outbox, same outcomes, same digests as Telegram's.

Sends nothing (notify/apprise.py) and reads no file (config/).
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from monitor.ports import Clock
from monitor.store.transaction import Store, Transaction
from monitor.types import OUTSIDE_BELOW, Address, Channel, Chat, ChatKind, ChatState

GONE = "its channel is not in channels.yaml any more"
_BYTES = 6  # of the hash: 48 bits, so that the number stays exact in JSON; two alike would take millions of channels


def address_of(channel: Channel) -> Address:
    """Where messages to a channel are filed: a number that its id alone decides, and that no chat of Telegram has."""
    digest = hashlib.sha256(channel.id.encode()).digest()[:_BYTES]
    return Address(OUTSIDE_BELOW - 1 - int.from_bytes(digest))


class Channels:
    """The channels in force, by address."""

    def __init__(self, store: Store, *, clock: Clock, gathers: Callable[[Chat, datetime], Chat] | None = None) -> None:
        """`gathers` says from when until when the news of a chat waits, by its preferences; None: it never does."""
        self._store = store
        self._clock = clock
        self._gathers = gathers
        self.by_address: Mapping[Address, Channel] = {}

    async def register(self, channels: Collection[Channel]) -> None:
        """Take these for all that there are: new ones get news from now on, and of those that are gone nothing waits.

        One that was given up, because its server said that it never will, is tried again.
        """
        named = {address_of(channel): channel for channel in channels}
        if not named and not self.by_address and not await self._store.read(_has_any):
            return  # most installations have none, and write nothing at each start
        await self._store.write(self._register, named)
        self.by_address = named

    def _register(self, tx: Transaction, named: Mapping[Address, Channel]) -> None:
        now = self._clock()
        for address, channel in named.items():
            known = tx.chat(address) or Chat(address, ChatKind.OUTSIDE, joined_at=now)
            chat = replace(
                known,
                title=channel.id,
                lang=channel.lang,
                state=ChatState.ACTIVE,
                preferences=channel.preferences,
            )
            is_otherwise = known.state is not chat.state or known.preferences != chat.preferences
            if self._gathers is not None and is_otherwise:  # else it goes on as it was: a digest may be due
                chat = self._gathers(chat, now)
            tx.put_channel(chat, channel.follow, now=now)
        tx.end_channels_but(list(named), why=GONE, now=now)


def _has_any(tx: Transaction) -> bool:
    return any(chat.kind is ChatKind.OUTSIDE for chat in tx.chats([ChatState.ACTIVE, ChatState.BLOCKED]))
