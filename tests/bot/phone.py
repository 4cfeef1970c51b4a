"""Pictures of what a reader sees, for the documentation: `python -m tests.bot.phone docs/pictures`.

The real service runs on the demo's newsroom against the loopback Bot API while somebody writes to the bot; what it
shows is laid out as on a phone and photographed by Debian's Chromium. No test: the pictures are looked at by people.
"""

import asyncio
import html
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.app.wiring import open_service
from monitor.config import Settings, load_all
from monitor.demo.newsroom import Newsroom
from tests.bot_api import BotApi, Shown

READER = 1001
PATIENCE = 60.0  # seconds
WIDTH = 400  # CSS pixels; photographed at twice of it
CHROMIUM = (
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--force-device-scale-factor=2",
)
FONTS = Path("monitor/charts/fonts").resolve()
STYLE = f"""
@font-face {{ font-family: Be; src: url(file://{FONTS}/BeVietnamPro-Regular.ttf) }}
@font-face {{ font-family: Be; font-weight: 700; src: url(file://{FONTS}/BeVietnamPro-SemiBold.ttf) }}
body {{ margin: 0; width: {WIDTH}px; background: #d5e2ec; font: 14px/1.42 Be, "Noto Color Emoji"; color: #16202a }}
main {{ padding: 14px 12px; display: flow-root }}
.bubble {{ background: #fff; border-radius: 14px 14px 14px 4px; padding: 8px 12px; margin-top: 8px; max-width: 352px;
  width: fit-content; white-space: pre-wrap; overflow-wrap: anywhere }}
.mine {{ background: #e2f7d0; border-radius: 14px 14px 4px 14px; margin-left: auto }}
a {{ color: #1467b3; text-decoration: none }}
i {{ color: #4c5966 }}
blockquote {{ margin: 4px 0; padding: 2px 10px; border-left: 3px solid #1467b3; background: #f2f6f9 }}
.row {{ display: flex; gap: 4px; margin-top: 4px; max-width: 376px }}
.button {{ flex: 1 1 0; min-width: 0; background: #6b8299; color: #fff; border-radius: 8px; padding: 6px 4px;
  text-align: center; font-size: 13px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }}
"""


@dataclass
class Phone:
    """One reader's conversation; `shots` are the pictures by name, each the HTML of some bubbles."""

    api: BotApi
    room: Newsroom
    shots: dict[str, str] = field(default_factory=dict)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until it holds; TimeoutError after PATIENCE."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > deadline:
                raise TimeoutError
            await asyncio.sleep(0.05)

    def shown(self) -> list[Shown]:
        return self.api.shown(READER)

    async def ask(self, text: str, *, reply_to: int | None = None) -> Shown:
        """Write, and wait for the answer."""
        before = len(self.shown())
        self.api.push_message(READER, text, reply_to=reply_to)
        await self.until(lambda: len(self.shown()) > before)
        return self.shown()[-1]

    async def press(self, shown: Shown, data: str) -> Shown:
        """Press the button whose data begins so; gives the message as it is shown then."""
        button = next(each for row in shown.buttons for each in row if each["callback_data"].startswith(data))
        edits = self._message(shown).edits
        self.api.press(READER, shown.message_id, button["callback_data"])
        await self.until(lambda: self._message(shown).edits > edits)
        return self._message(shown)

    def _message(self, shown: Shown) -> Shown:
        return next(each for each in self.shown() if each.message_id == shown.message_id)

    def keep(self, name: str, *bubbles: str | Shown) -> None:
        """Keep a picture of what was written (text) and answered (messages)."""
        self.shots[name] = "".join(_bubble(each) for each in bubbles)


def _bubble(said: str | Shown) -> str:
    if isinstance(said, str):
        return f'<div class="bubble mine">{html.escape(said)}</div>'
    rows = "".join(
        '<div class="row">' + "".join(f'<div class="button">{html.escape(b["text"])}</div>' for b in row) + "</div>"
        for row in said.buttons
    )
    return f'<div class="bubble">{said.html}</div>{rows}'


@asynccontextmanager
async def playing(folder: Path) -> AsyncIterator[Phone]:
    """The service at work on the demo's newsroom, with a phone beside it."""
    async with BotApi() as api, Newsroom(datetime.now(UTC)) as room:
        api.add_chat(READER)
        room.write_config(folder)
        shutil.copytree("config/watchlists", folder / "watchlists")
        settings = Settings(
            config_dir=folder,
            database_url=f"sqlite:///{folder}/monitor.db",
            http_allow_private=True,
            http_port=None,
            host_spacing=timedelta(milliseconds=100),
            telegram_token=api.token,  # type: ignore[arg-type]
            telegram_api_url=api.url,
        )
        config = load_all(folder, timezone=settings.timezone)
        async with open_service(settings, config, edit_delay=timedelta(seconds=2)) as service:
            running = asyncio.create_task(service.run())
            try:
                yield Phone(api, room)
            finally:
                service.stop()
                await running


async def conversation(phone: Phone) -> None:
    """What is photographed."""
    await phone.until(lambda: phone.room.elapsed > 8)
    await phone.ask("/batdau")
    wish = "/theo dõi Putin, Tô Lâm, bão, động đất, thuế quan"
    phone.keep("follow", wish, await phone.ask(wish))
    await phone.until(lambda: phone.room.elapsed > 24)
    told = next(each for each in phone.shown() if each.text.startswith("🔔"))
    phone.keep("alert", told, "/visao", await phone.ask("/visao", reply_to=told.message_id))
    phone.keep("gather", "/bantin 7h 18h", await phone.ask("/bantin 7h 18h"))
    await phone.until(lambda: phone.room.elapsed > 47)
    await phone.ask("/bantin ngay")
    await phone.until(lambda: any(each.text.startswith("🗞 Bản tin đến") for each in phone.shown()))
    phone.keep("digest", next(each for each in phone.shown() if each.text.startswith("🗞 Bản tin đến")))
    phone.keep("story", "/chuyen", await phone.ask("/chuyen", reply_to=told.message_id))
    phone.keep("start", "/batdau", await phone.ask("/batdau"))
    phone.keep("search", "/tim dong dat", await phone.ask("/tim dong dat"))
    phone.keep("settings", "/caidat", await phone.ask("/caidat"))
    asked = await phone.ask("/theodoirieng Emmanuel Macron")
    await phone.until(lambda: any(each.text.startswith("🎯") for each in phone.shown()))
    drafted = next(each for each in phone.shown() if each.message_id == asked.message_id)
    phone.keep("watch", "/theodoirieng Emmanuel Macron", drafted)


def photograph(name: str, bubbles: str, into: Path) -> None:
    """Write NAME.png. Chromium is asked twice: the first time for how high the page is."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        size = "document.fonts.ready.then(() => document.title = document.querySelector('main').offsetHeight)"
        page.write_text(f"<meta charset=utf-8><style>{STYLE}</style><main>{bubbles}</main><script>{size}</script>")
        dom = _chromium(folder, f"--window-size={WIDTH},600", "--virtual-time-budget=3000", "--dump-dom", page.as_uri())
        height = int(dom.split("<title>")[1].split("</title>")[0])
        _chromium(folder, f"--window-size={WIDTH},{height}", f"--screenshot={into / f'{name}.png'}", page.as_uri())


def _chromium(folder: str, *arguments: str) -> str:
    command: Sequence[str] = (*CHROMIUM, f"--user-data-dir={folder}/profile", *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


async def _play() -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        async with playing(Path(folder)) as phone:
            await conversation(phone)
            return phone.shots


def main() -> None:
    """Write all pictures into the folder that is named."""
    into = Path(sys.argv[1]).resolve()
    for name, bubbles in asyncio.run(_play()).items():
        photograph(name, bubbles, into)


if __name__ == "__main__":
    main()
