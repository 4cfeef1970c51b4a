"""The service with channels.yaml: told without a token, and followed as the file changes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from monitor.app.service import Service
from monitor.app.wiring import open_service
from monitor.config import Settings, channel_urls_of, load_all
from monitor.pipeline.channels import address_of
from monitor.types import TERMINAL, Channel, Chat, ChatState, Target
from tests.newsstand import Newsstand
from tests.sinks import WebSink, web_sink

pytestmark = pytest.mark.slow

CALL = "Tổng thống Nga Vladimir Putin điện đàm với Thủ tướng Israel"
LEAD = "Ông Putin trao đổi qua điện thoại tối thứ hai về viện trợ nhân đạo cho người dân vùng biên."
SECRET = "mat-khau-rat-dai"


def written(config: Path, text: str) -> None:
    config.mkdir(exist_ok=True)
    (config / "channels.yaml").write_text(text, encoding="utf-8")


def webhook(sink: WebSink, follow: str = "putin", id_: str = "mot") -> str:
    return f"  - {{id: {id_}, url: 'json://u:{SECRET}@127.0.0.1:{sink.port}/{id_}', follow: [{follow}]}}\n"


@asynccontextmanager
async def serving(folder: Path, stand: Newsstand, screen: StringIO) -> AsyncIterator[Service]:
    """The service without a token, polling the stand about once a second."""
    stand.write_config(folder / "config")
    settings = Settings(
        config_dir=folder / "config",
        database_url=f"sqlite:///{folder}/monitor.db",
        http_allow_private=True,
        host_spacing=timedelta(0),
    )
    config = load_all(settings.config_dir, channel_urls=channel_urls_of(settings))
    async with (
        open_service(settings, config, stream=screen, interactive=False) as service,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(service.run())
        try:
            await stand.polled()
            yield service
        finally:
            service.stop()


async def chat(service: Service, id_: str = "mot") -> Chat | None:
    return await service.store.read(lambda tx: tx.chat(address_of(Channel(id_, "", (Target("*"),)))))


async def test_a_channel_is_told_without_a_token_and_the_terminal_is_not(tmp_path: Path) -> None:
    screen = StringIO()
    async with web_sink() as sink, Newsstand() as stand:
        written(tmp_path / "config", f"channels:\n{webhook(sink)}")
        async with serving(tmp_path, stand, screen) as service:
            stand.publish(CALL, LEAD)
            async with asyncio.timeout(60):
                await sink.arrived.wait()
            terminal = await service.store.read(lambda tx: tx.chat(TERMINAL))
    assert [note["title"] for note in sink.taken] == [f"Vladimir Putin: {CALL}"]
    assert terminal is None
    assert screen.getvalue() == ""


async def test_changes_of_the_file_are_taken_up_and_mistakes_change_nothing(tmp_path: Path) -> None:
    async with web_sink() as sink, Newsstand() as stand, serving(tmp_path, stand, StringIO()) as service:
        assert await chat(service) is None
        terminal = await service.store.read(lambda tx: tx.chat(TERMINAL))
        assert terminal is not None
        written(tmp_path / "config", f"channels:\n{webhook(sink)}")
        assert await service.reload() == ()
        known = await chat(service)
        assert known is not None
        assert known.state is ChatState.ACTIVE
        written(tmp_path / "config", f"channels:\n{webhook(sink, 'nobody')}")
        (problem,) = await service.reload()
        assert problem.file.endswith("channels.yaml")
        assert SECRET not in str(problem)
        assert await service.store.read(lambda tx: tx.following(known.address)) == [Target("putin")]
        written(tmp_path / "config", f"channels:\n{webhook(sink, 'netanyahu')}")
        assert await service.reload() == ()
        assert await service.store.read(lambda tx: tx.following(known.address)) == [Target("netanyahu")]
        (tmp_path / "config" / "channels.yaml").unlink()
        assert await service.reload() == ()
        gone = await chat(service)
        assert gone is not None
        assert gone.state is ChatState.BARRED
        terminal = await service.store.read(lambda tx: tx.chat(TERMINAL))
        assert terminal is not None
        assert terminal.state is ChatState.ACTIVE


async def test_a_single_run_brings_what_is_due_to_channels_before_it_ends(tmp_path: Path) -> None:
    async with web_sink() as sink, Newsstand() as stand:
        stand.write_config(tmp_path / "config")
        follow = "'#nga'"
        written(tmp_path / "config", f"channels:\n{webhook(sink)}{webhook(sink, follow, 'hai')}")
        settings = Settings(
            config_dir=tmp_path / "config",
            database_url=f"sqlite:///{tmp_path}/monitor.db",
            http_allow_private=True,
            host_spacing=timedelta(0),
        )
        for turn in range(2):
            config = load_all(settings.config_dir, channel_urls={})
            async with open_service(settings, config, stream=StringIO(), interactive=False) as service:
                if turn:  # else the feed would be asked again in five minutes
                    await service.store.write(lambda tx: tx.turn_back(timedelta(hours=1), now=service.clock()))
                await service.run_once()
            stand.publish(CALL, LEAD)
    assert sorted(sink.paths) == ["/hai", "/mot"]
