"""A running service keeps its secrets: in the log, in what administrators are shown, in pages, in the process list."""

import asyncio
import urllib.request
from pathlib import Path

import pytest

from tests.app.test_run import ADMIN, CALL, LEAD, READER, TOKEN, running
from tests.sinks import web_sink

pytestmark = pytest.mark.slow

KEY = "sk-khoa-bi-mat"
SECRETS = (TOKEN, TOKEN.partition(":")[2], KEY)


async def test_a_token_from_a_file_works_and_is_shown_nowhere(tmp_path: Path, unused_tcp_port: int) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    port = str(unused_tcp_port)
    async with running(
        tmp_path,
        MONITOR_TELEGRAM_TOKEN="",
        MONITOR_TELEGRAM_TOKEN_FILE=str(tmp_path / "token"),
        MONITOR_SUMMARY_URL="http://127.0.0.1:1",
        MONITOR_SUMMARY_KEY=KEY,
        MONITOR_HTTP_PORT=port,
    ) as run:
        run.api.push_message(READER, "/start")
        run.api.push_message(READER, "/follow putin")
        await run.alert(READER, "Vladimir Putin")
        run.stand.publish(CALL, LEAD)
        await run.alert(READER, "🔔")
        run.stand.broken = "<html>"
        await run.stand.polled(4)
        run.api.push_message(ADMIN, "/start")
        run.api.push_message(ADMIN, "/status")
        await run.api.until(lambda: len(run.api.texts(ADMIN)) > 1, within=60)

        def get(path: str) -> str:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                return str(answer.read().decode())

        shown = [await asyncio.to_thread(get, path) for path in ("/healthz", "/metrics")]
        shown += [*run.api.texts(ADMIN), *run.api.texts(READER), command_line(run.process.pid)]
        assert await run.end() == 0
    shown.append(run.log.read_text())
    assert "detected" in shown[-1]
    shown += stored(tmp_path)
    for secret in SECRETS:
        assert not [text for text in shown if secret in text]


async def test_the_addresses_of_channels_are_shown_nowhere(tmp_path: Path, unused_tcp_port: int) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "channels.yaml").write_text(
        "channels:\n"
        f"  - {{id: tat-may, url: 'ntfy://u:{KEY}@127.0.0.1:{unused_tcp_port}/{KEY}', follow: [putin]}}\n"
        "  - {id: chay, url_env: MONITOR_CHANNEL_CHAY, follow: [putin]}\n"
    )
    async with web_sink() as sink:
        url = f"json://u:{KEY}@127.0.0.1:{sink.port}/{KEY}"
        async with running(tmp_path, MONITOR_CHANNEL_CHAY=url) as run:
            run.stand.publish(CALL, LEAD)
            await asyncio.wait_for(sink.arrived.wait(), 60)
            await run.stand.polled(4)
            run.api.push_message(ADMIN, "/start")
            run.api.push_message(ADMIN, "/status")
            await run.api.until(lambda: len(run.api.texts(ADMIN)) > 1, within=60)
            shown = [*run.api.texts(ADMIN), command_line(run.process.pid)]
            assert await run.end() == 0
    assert sink.paths == [f"/{KEY}"]
    shown += [run.log.read_text(), *stored(tmp_path)]
    assert [text for text in shown if "no answer: ConnectionError" in text]
    assert not [text for text in shown if KEY in text]


def stored(folder: Path) -> list[str]:
    return [file.read_bytes().decode("latin-1") for file in folder.glob("monitor.db*")]


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode()
