"""`kill -9` on the real process while news flows: judged by what Telegram's log says, not by our database."""

import asyncio
import os
import random
import sys
import time
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from aiohttp import web

from monitor.store.sql import open_store
from monitor.types import Address, Chat, ChatKind, Target
from tests.bot_api import BotApi

CHATS = 50
ITEMS = 500
KILLS = 20
TOKEN = "70001:" + "k" * 35
SYLLABLES = """
    bến sông núi đồi lúa mía chè dừa cau trầu gạch ngói thuyền lưới chài vó đăng nò rớ gàu cuốc cày bừa liềm hái nong
    nia dần sàng thúng mủng rổ rá chum vại lu khạp niêu ấm chén bát đũa mâm phản chõng võng nôi đèn đuốc nến hương hoa
    trà rượu bánh mứt kẹo xôi chả nem giò cốm tương cà mắm muối tiêu gừng riềng nghệ sả ớt tỏi hành thìa húng ngò
""".split()  # noqa: SIM905 - a list of a hundred literals cannot be read
FIRST = ("Hoàng", "Lục", "Bạch", "Tử", "Lam", "Hồng", "Cẩm", "Thanh", "Kim", "Ngân")
SECOND = ("Phương", "Tuyền", "Đảo", "Lĩnh", "Giang")


def watch_name(number: int) -> str:
    """Fifty people that do not exist, with names no other watch contains."""
    return f"Vũ {FIRST[number % 10]} {SECOND[number // 10]}"


class Newspaper:
    """One outlet whose feed grows by ten items a second until all are out; everything stays listed."""

    def __init__(self, rng: random.Random) -> None:
        self.opened_at: float | None = None
        self.items = []
        for number in range(ITEMS):
            words = " ".join(rng.sample(SYLLABLES, 9))
            self.items.append(
                (
                    f"{words.capitalize()}: {watch_name(number % CHATS)} mã {number:04d}",
                    " ".join(rng.sample(SYLLABLES, 24)),
                )
            )

    async def feed(self, request: web.Request) -> web.Response:
        loop = asyncio.get_running_loop()
        if self.opened_at is None:
            self.opened_at = loop.time()
            out = 0
        else:
            out = min(ITEMS, 1 + int((loop.time() - self.opened_at) * 15))
        now = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
        entries = "".join(
            f"<item><title>{title}</title><link>http://{request.host}/bai-{4700000 + number}.html</link>"
            f"<description>{lead}.</description><pubDate>{now}</pubDate></item>"
            for number, (title, lead) in enumerate(self.items[:out])
        )
        old = "<item><title>Bài cũ</title><link>http://x.example/cu-4600000.html</link></item>"
        return web.Response(
            text=f'<rss version="2.0"><channel><title>Bến Sông</title>{entries}{old}</channel></rss>',
            content_type="application/rss+xml",
        )


@asynccontextmanager
async def newspaper(paper: Newspaper) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/rss", paper.feed)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def write_config(folder: Path, base: str) -> None:
    (folder / "watchlists").mkdir(parents=True)
    (folder / "feeds.yaml").write_text(
        "defaults: {interval: 1s, min_interval: 500ms, max_interval: 1s}\n"
        f"feeds:\n  - {{id: ben-song, outlet: Bến Sông, url: '{base}/rss', fulltext: never}}\n"
    )
    lines = [f"  - {{id: nguoi-{number}, name: {watch_name(number)}}}" for number in range(CHATS)]
    (folder / "watchlists" / "people.yaml").write_text("leaders:\n" + "\n".join(lines) + "\n")


async def start_monitor(environment: dict[str, str], log: Path) -> asyncio.subprocess.Process:
    with log.open("ab") as out:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "monitor.cli", "run", env={**os.environ, **environment}, stdout=out, stderr=out
        )


def rung(api: BotApi) -> dict[tuple[int, str], list[float]]:
    """When each chat was rung for each item, by the server's log of accepted calls; seconds of its clock."""
    times: dict[tuple[int, str], list[float]] = defaultdict(list)
    for call in api.accepted("sendMessage"):
        code = str(call.params["text"]).split(" mã ")[1][:4]
        times[int(call.params["chat_id"]), code].append(call.at)
    return times


def repeats_by_kill(times: Iterable[Sequence[float]], kills: Sequence[float]) -> Counter[int]:
    """How many messages each kill made ring again: the first kill after a message was accepted is its cause."""
    return Counter(bisect(kills, before) for each in times for before in each[:-1])


async def test_twenty_kills_while_500_items_flow_lose_nothing(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    rng = random.Random(seed)
    paper = Newspaper(rng)
    async with newspaper(paper) as base, BotApi(token=TOKEN, any_chat=True) as api:
        write_config(tmp_path / "config", base)
        database = f"sqlite:///{tmp_path}/monitor.db"
        async with await open_store(database) as store, store.begin() as tx:
            for number in range(CHATS):
                address = Address(1000 + number)
                await tx.save_chat(Chat(address, ChatKind.PRIVATE))
                await tx.follow(address, Target(f"nguoi-{number}"), now=datetime.now(UTC))
        environment = {
            "MONITOR_CONFIG_DIR": str(tmp_path / "config"),
            "MONITOR_DATABASE_URL": database,
            "MONITOR_TELEGRAM_TOKEN": TOKEN,
            "MONITOR_TELEGRAM_API_URL": api.url,
            "MONITOR_HTTP_ALLOW_PRIVATE": "true",
            "MONITOR_HTTP_PORT": "off",
            "MONITOR_HOST_SPACING": "100ms",
        }
        log = tmp_path / "monitor.log"
        kills = []
        process = await start_monitor(environment, log)
        try:
            for _ in range(KILLS):
                before = len(api.accepted("sendMessage"))
                more = rng.randint(1, 2 * ITEMS // KILLS - 10)
                await api.until(partial(enough, api, min(before + more, ITEMS - 1)), within=180)
                await asyncio.sleep(rng.random() * 0.03)  # the moment itself is left to chance; nothing is waited for
                process.kill()
                await process.wait()
                process = await start_monitor(environment, log)
                # the end of the killed one's time: what it had written to the socket is read by the server only now
                kills.append(time.monotonic())
            wanted = {(1000 + number % CHATS, f"{number:04d}") for number in range(ITEMS)}
            try:
                await api.until(lambda: rung(api).keys() >= wanted, within=240)
            except TimeoutError as late:
                missing = sorted(wanted - rung(api).keys())
                tail = log.read_text(errors="replace")[-1_500:]
                raise AssertionError(f"seed {seed}: {len(missing)} never rang, {missing[:5]}: {tail}") from late
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 10) == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        repeats = repeats_by_kill(rung(api).values(), kills)
        print(f"seed {seed}: {sum(repeats.values())} repeats after {KILLS} kills")
        assert rung(api).keys() == wanted, f"seed {seed}"
        assert max(repeats.values(), default=0) <= 1, f"seed {seed}: {repeats}"
        assert len(kills) not in repeats, "a message rang twice although nothing died after it"


def enough(api: BotApi, count: int) -> bool:
    return len(api.accepted("sendMessage")) >= count
