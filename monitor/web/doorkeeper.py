"""How many connections the HTTP server keeps, and how long one that does not read its answer.

Knows no HTTP. That a head must be complete within some seconds is aiohttp's own `keepalive_timeout` (server.py); what
aiohttp has no setting for stands here: a limit of open connections, and a time for a peer that takes no bytes.
"""

import asyncio
from collections.abc import Callable
from ipaddress import ip_address
from typing import cast


class Doorkeeper:
    """A protocol factory around another one, for `loop.create_server`. Tells `turned_away` of each refused peer.

    `most` connections at once, of which `kept_free` are for this very machine: a container's own check must get in
    while others fill the house. `to_take_answer` seconds in which a peer must have taken what waits for it.
    """

    def __init__(
        self,
        let_in: Callable[[], asyncio.Protocol],
        turned_away: Callable[[], None],
        *,
        most: int,
        kept_free: int,
        to_take_answer: float,
    ) -> None:
        self.let_in = let_in
        self.turned_away = turned_away
        self.most = most
        self.kept_free = kept_free
        self.to_take_answer = to_take_answer
        self.inside = 0

    def is_full(self, peer: object) -> bool:
        """Whether no place is left for a peer with this address, as a transport gives it."""
        return self.inside >= (self.most if _is_near(peer) else self.most - self.kept_free)

    def __call__(self) -> asyncio.Protocol:
        """The protocol of one connection."""
        return GuardedConnection(self)


class GuardedConnection(asyncio.Protocol):
    """Passes everything on to the real protocol; closes at once when the house is full, and cuts a peer that is deaf.

    A deaf peer holds memory: what it does not read waits in this process. It is cut when it has not made room for new
    bytes in time, and likewise when what was left to send at the end is still not taken.
    """

    def __init__(self, keeper: Doorkeeper) -> None:
        self._keeper = keeper
        self._inner: asyncio.Protocol | None = None
        self._transport: asyncio.Transport | None = None
        self._patience: asyncio.TimerHandle | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._was_closing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A peer has connected."""
        self._transport = cast(asyncio.Transport, transport)
        keeper = self._keeper
        if keeper.is_full(transport.get_extra_info("peername")):
            keeper.turned_away()
            self._transport.abort()
            return
        keeper.inside += 1
        self._inner = keeper.let_in()
        self._inner.connection_made(transport)
        self._look_again()

    def data_received(self, data: bytes) -> None:
        """The peer has said something."""
        if self._inner is not None:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """The peer says no more."""
        return self._inner.eof_received() if self._inner is not None else None

    def pause_writing(self) -> None:
        """More waits for the peer than the transport likes to hold."""
        self._patience = asyncio.get_running_loop().call_later(self._keeper.to_take_answer, self._cut)
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """The peer has taken most of it."""
        _end(self._patience)
        if self._inner is not None:
            self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        _end(self._patience)
        _end(self._watch)
        if self._inner is not None:
            self._keeper.inside -= 1
            self._inner.connection_lost(exc)
            self._inner = None

    def _look_again(self) -> None:
        self._watch = asyncio.get_running_loop().call_later(self._keeper.to_take_answer, self._look)

    def _look(self) -> None:
        """Closed by us, but still here a whole turn later: the peer does not take the rest."""
        closing = self._transport is not None and self._transport.is_closing()
        if closing and self._was_closing:
            self._cut()
            return
        self._was_closing = closing
        self._look_again()

    def _cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def _is_near(peer: object) -> bool:
    """Whether a peer is on this machine; one whose address is not known is not."""
    try:
        return isinstance(peer, tuple) and ip_address(peer[0]).is_loopback
    except ValueError:
        return False


def _end(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
