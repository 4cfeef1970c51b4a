"""Newspapers, Telegram and several processes between them, for a test that has something befall them."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bot_api import BotApi
from tests.cluster import verdict
from tests.cluster.fleet import TOKEN, Fleet
from tests.cluster.press import Press, code_of, outlet


class Scene:
    """What there is, and what has come of it so far."""

    def __init__(self, press: Press, api: BotApi, fleet: Fleet, *, a_second: float) -> None:
        self.press = press
        self.api = api
        self.fleet = fleet
        self._a_second = a_second
        self._seen = 0
        self._told: set[int] = set()
        self._publishing: asyncio.Task[None] | None = None

    def backlog(self) -> int:
        """How many published stories Telegram has not got; reads only what is new of its log."""
        for call in self.api.calls[self._seen :]:
            if call.method == "sendMessage" and not call.error and " mã " in str(call.params["text"]):
                self._told.add(code_of(str(call.params["text"])))
        self._seen = len(self.api.calls)
        return len(self.press.told - self._told)

    def publish(self) -> None:
        """From now on the newspapers publish, as fast as readers are told."""
        most = 4 * self.press.people
        publishing = self.press.publish_all(a_second=self._a_second, backlog=self.backlog, most=most)
        self._publishing = asyncio.create_task(publishing)

    async def until_published(self, share: float) -> None:
        """Wait until such a share of all articles is out."""
        due = int(share * len(self.press.pieces))
        await self.fleet.until(lambda: self.press.out >= due, within=300, what=f"{due} articles published")

    async def until_told(self, *, within: float = 120.0) -> None:
        """Wait until everything is published, told, and each second newspaper named; raises TimeoutError."""
        assert self._publishing is not None
        publishing = self._publishing
        await self.fleet.until(lambda: publishing.done() and not self.backlog(), within=within, what="all told")
        await self.fleet.until(lambda: not self.unnamed(), within=120, what="every second newspaper named")

    def unnamed(self) -> list[int]:
        """Stories whose message does not name each newspaper that told them."""
        return verdict.untold_outlets(
            self.api, self.press, {each.number: outlet(each.number) for each in self.press.hosts}
        )

    def broken(self) -> list[str]:
        """Which promises are broken, in words."""
        press, calls, rung = self.press, self.api.calls, verdict.rings(self.api)
        found: dict[str, Sequence[object]] = {
            "never told": sorted(verdict.never_rang(rung, press)),
            "told to strangers": verdict.to_strangers(rung, press),
            "told again": verdict.too_many_repeats(rung, self.fleet.killed),
            "told out of order": verdict.out_of_order(rung, press),
            "newspapers asked too soon": verdict.too_soon(press),
            "second newspapers not named": self.unnamed(),
            "messages within a second": [most] if (most := verdict.busiest_second(calls)) > verdict.A_SECOND else [],
            "asked for updates by two at once": verdict.conflicts(calls),
            "bugs in the logs": verdict.bugs(self.fleet.logs()),
        }
        return [f"{what}: {len(each)}, {each[:5]}" for what, each in found.items() if each]

    async def close(self) -> None:
        if self._publishing is not None:
            self._publishing.cancel()
            await asyncio.wait([self._publishing])


@asynccontextmanager
async def scene(
    url: str,
    folder: Path,
    *,
    processes: int,
    items: int,
    people: int,
    hosts: int,
    a_second: float,
    seed: int,
    **settings: str,
) -> AsyncIterator[Scene]:
    """So many processes that have polled each newspaper once; nothing is published yet.

    `settings` are the processes' own. Notes the seed of a failure.
    """
    press = Press(random.Random(seed), items=items, people=people, hosts=hosts)
    async with (
        press.opened(),
        BotApi(token=TOKEN, any_chat=True, limits=True) as api,
        Fleet(api, press, url, folder, **settings) as fleet,
    ):
        made = Scene(press, api, fleet, a_second=a_second)
        for _ in range(processes):
            await fleet.start()
        try:
            await fleet.until_polled()
            yield made
        except BaseException as failure:
            failure.add_note(f"seed {seed}; published {press.out}, not told {made.backlog()}")
            raise
        finally:
            await made.close()
