"""`kill -9` on the real process while news flows: judged by what Telegram's log says, not by our database."""

import asyncio
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web

from monitor.store.transaction import open_store
from monitor.types import Address, Chat, ChatKind, Target
from tests.bot_api import BotApi

pytestmark = pytest.mark.slow

CHATS = 50
ITEMS = 500
KILLS = 20
AT_ONCE = 4  # messages on the wire
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
    """One outlet whose feed grows by `a_second` items until all are out; everything stays listed."""

    def __init__(self, rng: random.Random, *, a_second: float = 15.0) -> None:
        self.a_second = a_second
        self.asked = 0
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
        self.asked += 1
        out = 0
        if self.asked > 2:  # the first poll is a silent baseline, and on a slow machine its answer may come too late
            self.opened_at = self.opened_at or loop.time()
            out = min(ITEMS, 1 + int((loop.time() - self.opened_at) * self.a_second))
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


async def start_monitor(api: BotApi, number: int, environment: dict[str, str], log: Path) -> asyncio.subprocess.Process:
    """The process with this number, which Telegram's log tells from the others by the address it was given."""
    mine = {**os.environ, **environment, "MONITOR_TELEGRAM_API_URL": api.url_of(str(number))}
    with log.open("ab") as out:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "monitor.cli.main", "run", env=mine, stdout=out, stderr=out
        )


def rung(api: BotApi) -> dict[tuple[int, str], list[int]]:
    """By which processes each chat was rung for each item, in the order in which the server accepted their calls."""
    times: dict[tuple[int, str], list[int]] = defaultdict(list)
    for call in api.accepted("sendMessage"):
        code = str(call.params["text"]).split(" mã ")[1][:4]
        times[int(call.params["chat_id"]), code].append(int(call.who))
    return times


def repeats_by_kill(times: Mapping[tuple[int, str], Sequence[int]]) -> Counter[tuple[int, int]]:
    """How many messages of each process and chat rang again: Telegram had them and the database had not."""
    return Counter((process, chat) for (chat, _), each in times.items() for process in each[:-1])


async def test_twenty_kills_while_500_items_flow_lose_nothing(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    rng = random.Random(seed)
    paper = Newspaper(rng)
    async with newspaper(paper) as base, BotApi(token=TOKEN, any_chat=True) as api:
        write_config(tmp_path / "config", base)
        database = f"sqlite:///{tmp_path}/monitor.db"
        async with await open_store(database) as store:
            with store.writing() as tx:
                for number in range(CHATS):
                    address = Address(1000 + number)
                    tx.save_chat(Chat(address, ChatKind.PRIVATE))
                    tx.follow(address, Target(f"nguoi-{number}"), now=datetime.now(UTC))
        environment = {
            "MONITOR_CONFIG_DIR": str(tmp_path / "config"),
            "MONITOR_DATABASE_URL": database,
            "MONITOR_TELEGRAM_TOKEN": TOKEN,
            "MONITOR_HTTP_ALLOW_PRIVATE": "true",
            "MONITOR_HTTP_PORT": "off",
            "MONITOR_HOST_SPACING": "100ms",
            "MONITOR_SENDS_AT_ONCE": str(AT_ONCE),
        }
        log = tmp_path / "monitor.log"
        wanted = {(1000 + number % CHATS, f"{number:04d}") for number in range(ITEMS)}
        process = await start_monitor(api, 0, environment, log)
        try:
            for kill in range(KILLS):
                # of what is left, so that every process finds something to do, however many rang meanwhile
                left = ITEMS - len(rung(api))
                more = min(rng.randint(1, max(1, 2 * left // (KILLS - kill + 1))), left - 3)
                await alive_until(process, api, partial(has_sent, api, kill, more))
                await asyncio.sleep(rng.random() * 0.03)  # the moment itself is left to chance; nothing is waited for
                process.kill()
                await process.wait()
                process = await start_monitor(api, kill + 1, environment, log)
            await alive_until(process, api, lambda: rung(api).keys() >= wanted and is_at_work(api, KILLS))
            process.terminate()
            ended = await asyncio.wait_for(process.wait(), 30)
            assert ended == 0, f"it ended with {ended} when asked to stop"
            repeats = repeats_by_kill(rung(api))
            of_process = Counter(process for process, _ in repeats.elements())
            print(f"{sum(repeats.values())} repeats after {KILLS} kills")
            assert rung(api).keys() == wanted
            assert max(repeats.values(), default=0) <= 1, f"one kill repeats one message a chat at most: {repeats}"
            assert max(of_process.values(), default=0) <= AT_ONCE, f"and no more than were on the wire: {of_process}"
            assert all(len(set(each)) == len(each) for each in rung(api).values()), "one process rang twice for an item"
        except BaseException as failure:
            missing = sorted(wanted - rung(api).keys())
            tail = log.read_text(errors="replace")[-2_000:]
            failure.add_note(f"seed {seed}: {len(missing)} never rang, {missing[:5]}; the log ends with:\n{tail}")
            raise
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def alive_until(process: asyncio.subprocess.Process, api: BotApi, holds: Callable[[], bool]) -> None:
    """Wait until `holds()`; a process that ends by itself meanwhile is told at once."""
    waits = asyncio.create_task(api.until(holds, within=240))
    ends = asyncio.create_task(process.wait())
    try:
        await asyncio.wait([waits, ends], return_when=asyncio.FIRST_COMPLETED)
        assert waits.done(), f"the process ended by itself, with {ends.result()}"
        await waits
    finally:
        waits.cancel()
        ends.cancel()


def has_sent(api: BotApi, process: int, count: int) -> bool:
    """Whether this process has got so many messages out."""
    return sum(call.who == str(process) for call in api.accepted("sendMessage")) >= count


def is_at_work(api: BotApi, process: int) -> bool:
    """Whether this process asks for updates: before that, a signal finds nobody at home."""
    return any(call.who == str(process) for call in api.calls if call.method in ("getMe", "getUpdates"))
