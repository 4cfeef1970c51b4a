"""The whole program as its users meet it: a real `monitor run`, a newspaper on loopback, Telegram on loopback."""

import asyncio
import json
import os
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.store.transaction import open_store
from monitor.types import Address, AlertState, Chat, ChatKind, Target
from tests.bot_api import BotApi, Shown
from tests.newsstand import WATCHLIST, Newsstand

pytestmark = pytest.mark.slow

TOKEN = "70001:" + "s" * 35
READER, ADMIN = 501, 900
CALL = "Tổng thống Nga Vladimir Putin điện đàm với Thủ tướng Israel Benjamin Netanyahu"
LEAD = "Ông Putin và ông Netanyahu trao đổi qua điện thoại tối thứ hai về viện trợ nhân đạo cho người dân vùng biên."
QUAKE = "Động đất 6,1 độ làm rung chuyển miền đông Indonesia"
QUAKE_LEAD = "Trận động đất mạnh 6,1 độ xảy ra ngoài khơi tỉnh Maluku sáng chủ nhật, chưa có báo cáo về thương vong."


@dataclass
class Running:
    process: asyncio.subprocess.Process
    log: Path
    stand: Newsstand
    api: BotApi
    folder: Path
    environment: dict[str, str]

    async def alert(self, chat: int, part: str, *, within: float = 60.0) -> Shown:
        await self.api.until(lambda: any(part in text for text in self.api.texts(chat)), within=within)
        return next(shown for shown in self.api.shown(chat) if part in shown.text)

    async def logged(self, event: str) -> None:
        """Wait for a line of the log, a poll at a time."""
        async with asyncio.timeout(60):
            while f'"event": "{event}"' not in self.log.read_text():
                await self.stand.polled()

    async def end(self, *, within: float = 60.0) -> int:
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), within)


@asynccontextmanager
async def running(tmp_path: Path, *, well: bool = True, **more: str) -> AsyncIterator[Running]:
    async with Newsstand() as stand, BotApi(token=TOKEN, any_chat=True) as api:
        folder = tmp_path / "config"
        stand.write_config(folder)
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")},
            "MONITOR_CONFIG_DIR": str(folder),
            "MONITOR_DATABASE_URL": f"sqlite:///{tmp_path}/monitor.db",
            "MONITOR_TELEGRAM_TOKEN": TOKEN,
            "MONITOR_TELEGRAM_API_URL": api.url,
            "MONITOR_ADMIN_CHATS": str(ADMIN),
            "MONITOR_HTTP_ALLOW_PRIVATE": "true",
            "MONITOR_HTTP_PORT": "off",
            "MONITOR_HOST_SPACING": "50ms",
            "MONITOR_LOG_FORMAT": "json",
            **more,
        }
        log = tmp_path / "monitor.log"
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "monitor.cli.main", "run", env=environment, stdout=out, stderr=out
            )
        try:
            if well:
                await stand.polled()
            yield Running(process, log, stand, api, folder, environment)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            print(log.read_text())


async def test_a_reader_subscribes_and_is_told_once_with_working_buttons(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        run.api.push_message(READER, "/start")
        run.api.push_message(READER, "/follow putin")
        await run.alert(READER, "Vladimir Putin")
        rest = "Điện Kremlin cho biết hai nhà lãnh đạo nhất trí giữ liên lạc thường xuyên trong những tuần tới."
        run.stand.publish(
            CALL, LEAD, page=f"{LEAD}\n{rest}\n" + "Cuộc điện đàm kéo dài gần một giờ theo thông cáo. " * 4
        )
        alert = await run.alert(READER, "🔔")
        assert CALL in alert.text
        assert "Bến Sông" in alert.text
        assert alert.labels() == ["Vì sao?", "Tạm im chuyện này", "Sai / không liên quan"]
        run.api.press(READER, alert.message_id, alert.data()[0])
        await run.api.until(
            lambda: any(shown.reply_to == alert.message_id for shown in run.api.shown(READER)), within=60
        )
        why = next(shown.text for shown in run.api.shown(READER) if shown.reply_to == alert.message_id)
        assert "Vladimir Putin" in why
        print(why)
        run.stand.retitle("Ông Putin nói gì với ông Netanyahu")
        await run.stand.polled(3)
        assert sum("🔔" in text for text in run.api.texts(READER)) == 1
        assert await run.end() == 0
        assert TOKEN not in run.log.read_text()


async def test_a_wrong_watchlist_changes_nothing_and_admins_hear_where(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        run.api.push_message(READER, "/start")
        run.api.push_message(READER, "/follow dong-dat")
        await run.alert(READER, "Động đất")
        path = run.folder / "watchlists" / "all.yaml"
        path.write_text(WATCHLIST + "  - {id: bao, name: Bão, mach: ['bão']}\n")
        notice = await run.alert(ADMIN, "all.yaml", within=20)  # five seconds, where nothing else runs
        assert "all.yaml:10:" in notice.text
        assert "match" in notice.text
        run.stand.publish(QUAKE, QUAKE_LEAD)
        quake = await run.alert(READER, QUAKE)  # the last good one is still in force
        run.stand.retitle(QUAKE.replace("6,1", "7,1"))
        path.write_text(WATCHLIST.replace("Động đất", "Rung chấn").replace('"động đất"', '"lũ quét"'))
        await run.logged("reloaded")
        run.stand.publish(
            "Lũ quét cuốn trôi cầu treo ở vùng cao", "Trận lũ quét rạng sáng nay cuốn trôi một cầu treo ở vùng cao."
        )
        alert = await run.alert(READER, "Lũ quét")
        assert "Rung chấn" in alert.text
        corrected = await run.alert(READER, "Đã sửa")
        assert corrected.message_id == quake.message_id
        assert "“6,1 độ” → “7,1 độ”" in corrected.text


async def test_a_feed_that_breaks_is_announced_and_comes_back(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        run.stand.broken = "<html><script>document.cookie='D1N=1'</script></html>"
        down = await run.alert(ADMIN, "ben-song")
        assert "⚠️" in down.text
        run.stand.broken = ""
        back = await run.alert(ADMIN, "✅")
        assert "ben-song" in back.text


async def test_health_and_metrics_are_served_on_loopback(tmp_path: Path, unused_tcp_port: int) -> None:
    async with running(tmp_path, MONITOR_HTTP_PORT=str(unused_tcp_port)) as run:
        await run.stand.polled(2)

        def get(path: str) -> str:
            with urllib.request.urlopen(f"http://127.0.0.1:{unused_tcp_port}{path}", timeout=5) as answer:
                return str(answer.read().decode())

        assert json.loads(await asyncio.to_thread(get, "/healthz"))["status"] == "ok"
        assert 'monitor_polls_total{outcome="fetched"}' in await asyncio.to_thread(get, "/metrics")
        run.environment["MONITOR_TELEGRAM_TOKEN"] = TOKEN


async def test_two_monitors_do_not_share_a_database(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        second = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "monitor.cli.main", "run", "--once",
            env=run.environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, complaint = await second.communicate()
        assert second.returncode == 2
        assert b"another monitor" in complaint
        assert b"Traceback" not in complaint


async def test_a_refused_token_ends_the_program_with_one_clear_line(tmp_path: Path) -> None:
    async with running(tmp_path, well=False, MONITOR_TELEGRAM_TOKEN="1:" + "w" * 35) as run:
        assert await asyncio.wait_for(run.process.wait(), 60) == 2
        last = run.log.read_text().splitlines()[-1]
        assert "MONITOR_TELEGRAM_TOKEN" in last
        assert "w" * 35 not in run.log.read_text()


async def test_it_ends_within_ten_seconds_although_telegram_does_not_answer(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        run.api.push_message(READER, "/start")
        run.api.push_message(READER, "/follow putin")
        await run.alert(READER, "Vladimir Putin")
        hanging = run.api.trouble("delay", method="sendMessage", seconds=60)
        run.stand.publish(CALL, LEAD)
        await run.stand.polled(2)
        await run.api.until(lambda: hanging.times == 0, within=60)
        assert await run.end(within=10) == 0


async def test_once_ends_although_telegram_cannot_be_reached(tmp_path: Path) -> None:
    async with Newsstand() as stand:
        stand.write_config(tmp_path / "config")
        environment = {
            **os.environ,
            "MONITOR_CONFIG_DIR": str(tmp_path / "config"),
            "MONITOR_DATABASE_URL": f"sqlite:///{tmp_path}/monitor.db",
            "MONITOR_TELEGRAM_TOKEN": TOKEN,
            "MONITOR_TELEGRAM_API_URL": "http://127.0.0.1:9",  # the discard port: nobody listens
            "MONITOR_HTTP_ALLOW_PRIVATE": "true",
            "MONITOR_HOST_SPACING": "0",
        }
        async with await open_store(environment["MONITOR_DATABASE_URL"]) as store:
            with store.writing() as tx:
                for chat in (READER, ADMIN):
                    tx.save_chat(Chat(Address(chat), ChatKind.PRIVATE))
                    tx.follow(Address(chat), Target("putin"), now=datetime.now(UTC))
        for _ in range(2):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "monitor.cli.main", "run", "--once",
                env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            assert await asyncio.wait_for(process.wait(), 90) in (0, 1)
            await due_again(environment["MONITOR_DATABASE_URL"])
            stand.publish(CALL, LEAD)
        async with await open_store(environment["MONITOR_DATABASE_URL"]) as store:
            with store.reading() as tx:
                assert (tx.outbox_counts())[AlertState.PENDING] == 2


@pytest.mark.parametrize("times", [2])
async def test_once_polls_everything_delivers_and_ends(tmp_path: Path, times: int) -> None:
    async with Newsstand() as stand:
        stand.write_config(tmp_path / "config")
        environment = {
            **os.environ,
            "MONITOR_CONFIG_DIR": str(tmp_path / "config"),
            "MONITOR_DATABASE_URL": f"sqlite:///{tmp_path}/monitor.db",
            "MONITOR_HTTP_ALLOW_PRIVATE": "true",
            "MONITOR_HOST_SPACING": "0",
            "NO_COLOR": "1",
        }
        shown = log = b""
        for _ in range(times):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "monitor.cli.main", "run", "--once",
                env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            shown, log = await process.communicate()
            assert process.returncode == 0, log.decode()
            await due_again(environment["MONITOR_DATABASE_URL"])
            stand.publish(CALL, LEAD)
        assert CALL in shown.decode(), log.decode()


async def due_again(url: str) -> None:
    """However fast one run came after the other."""
    async with await open_store(url) as store:
        with store.writing() as tx:
            for state in tx.feed_states():
                tx.save_feed(replace(state, next_check_at=datetime.now(UTC)))
