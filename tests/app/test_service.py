"""The running service: what is on the wire, and what one run alone does, in which order."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from monitor.app.events import ServiceEvent
from monitor.app.wiring import open_service, utc_now
from monitor.config import Settings, load_all
from monitor.store.transaction import open_store
from monitor.types import Address, AlertKind, DedupeKey, NewAlert
from tests.app.running import running
from tests.bot_api import BotApi
from tests.newsstand import Newsstand


async def test_with_two_on_the_wire_one_slow_answer_holds_up_nobody(tmp_path: Path) -> None:
    url, token = f"sqlite:///{tmp_path}/monitor.db", "70001:" + "s" * 35
    async with BotApi(token=token, any_chat=True) as api, Newsstand() as stand:
        async with await open_store(url) as store:
            with store.writing() as tx:
                chats = [Address(number) for number in range(1, 9)]
                notices = [NewAlert(chat, AlertKind.NOTICE, DedupeKey("hello"), text="Xin chào") for chat in chats]
                tx.enqueue(notices, now=utc_now())
        slow = api.trouble("delay", chat_id=1, seconds=300)
        wire: dict[str, Any] = {"telegram_token": SecretStr(token), "telegram_api_url": api.url, "sends_at_once": 2}
        async with running(tmp_path, url, stand, **wire):
            await api.until(lambda: len(api.accepted("sendMessage")) == len(chats) - 1, within=60)
            assert slow.times == 0, "the first is still waiting for its answer"
            assert api.texts(1) == []


async def test_one_run_takes_news_through_every_stage_and_tells_it_before_its_article_is_read(tmp_path: Path) -> None:
    told: list[str] = []

    def note(event: ServiceEvent) -> None:
        told.append(type(event).__name__)

    async with Newsstand() as stand:
        stand.write_config(tmp_path / "config")
        settings = Settings(
            config_dir=tmp_path / "config",
            database_url=f"sqlite:///{tmp_path}/monitor.db",
            http_allow_private=True,
            host_spacing=timedelta(0),
        )
        config = load_all(settings.config_dir, timezone=settings.timezone)
        for hours in (0, 1):  # the first poll is silent
            screen = StringIO()
            async with open_service(
                settings,
                config,
                observers=[note],
                stream=screen,
                clock=lambda: utc_now() + timedelta(hours=hours),  # noqa: B023 - called before the next turn
                interactive=False,
            ) as service:
                assert list(service.stages) == [
                    *("poll", "detect", "fanout", "gather", "deliver", "channels"),
                    *("enrich", "recheck", "index", "report", "rhythm"),
                ]
                await service.run_once()
            title = "Vladimir Putin điện đàm với Benjamin Netanyahu"
            stand.publish(title, "Hai bên trao đổi qua điện thoại tối thứ hai về viện trợ nhân đạo.")
    assert title in screen.getvalue()
    first = {name: told.index(name) for name in ("Polled", "Detected", "Delivered", "ArticleRead")}
    assert sorted(first, key=lambda name: first[name]) == ["Polled", "Detected", "Delivered", "ArticleRead"]
