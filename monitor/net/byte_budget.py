"""How many bytes of bodies are in memory at once, over all requests: who may take in more, and who waits.

Counts and decides; reads nothing itself (net/request.py does).
"""

import asyncio
from types import TracebackType
from typing import Self

BUDGET = 32 * 2**20  # four of the largest feeds; a hundred at once would be 800 MB
FREE = 256 * 2**10  # of each body: an ordinary feed has a fifth of it, and waits for nobody
STEP = 256 * 2**10  # what is asked for at a time


class ByteBudget:
    """A number of bytes that bodies share. The first `free` bytes of each do not count, so that small ones never wait.

    Who has taken the least goes first. And a step is only given while some body could still be taken in whole with
    what is left (the banker's algorithm): else many halves would wait for each other for ever.
    """

    def __init__(self, total: int = BUDGET, *, free: int = FREE, step: int = STEP) -> None:
        self.left = total
        self._total = total
        self.free = free
        self._step = step
        self._shares: set[Share] = set()
        self._waiting: dict[Share, tuple[int, asyncio.Future[None]]] = {}

    def share(self, most: int) -> "Share":
        """For one body of at most so many bytes; given back behind the `with` block."""
        return Share(self, min(most, self._total))

    async def _cover(self, share: "Share", size: int) -> None:
        beyond = size - self.free
        if beyond <= share.held:
            return
        more = min(-(-beyond // self._step) * self._step, max(share.most, beyond)) - share.held
        self._shares.add(share)
        if not self._waiting and self._may_have(share, more):
            self._give(share, more)
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting[share] = more, turn
        self._serve()
        try:
            await turn
        finally:
            self._waiting.pop(share, None)

    def _may_have(self, share: "Share", more: int) -> bool:
        """Whether somebody can still be taken in whole afterwards, with what is left and what will be given back."""
        if more > self.left:
            return False
        later = self.left - more + sum(each.held for each in self._shares if each.is_whole)
        lacking = [each.lacking - (more if each is share else 0) for each in self._shares if not each.is_whole]
        return later >= min(lacking, default=0)

    def _give(self, share: "Share", more: int) -> None:
        share.held += more
        self.left -= more

    def _take_back(self, share: "Share") -> None:
        self.left += share.held
        share.held = 0
        self._shares.discard(share)
        self._serve()

    def _serve(self) -> None:
        for share in sorted(self._waiting, key=lambda each: each.held):
            more, turn = self._waiting[share]
            if not turn.done() and self._may_have(share, more):
                self._give(share, more)
                turn.set_result(None)


class Share:
    """What one body has taken of the budget: `held` bytes beyond the free ones, of at most `most`."""

    def __init__(self, budget: ByteBudget, most: int) -> None:
        self.most = most
        self.held = 0
        self.is_whole = False  # nothing more is coming, and what is held will be given back
        self._budget = budget

    @property
    def free(self) -> int:
        """As much of a body does not count."""
        return self._budget.free

    @property
    def lacking(self) -> int:
        """How much more it may come to ask for."""
        return max(0, self.most - self.held)

    async def cover(self, size: int) -> None:
        """Wait until a body of `size` bytes, as far as it has come, fits in."""
        await self._budget._cover(self, size)

    def close(self) -> None:
        """The body has come whole."""
        self.is_whole = True
        self._budget._serve()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._budget._take_back(self)
