"""A page with files of watchlists to edit: a folder of settings, stored news, the real desks, an administrator."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from monitor.app.edit_desk import EditDesk
from monitor.app.whole_file_desk import WholeFileDesk
from monitor.pipeline.config_changes import FilesRead
from monitor.pipeline.own_child import Said, unpacked
from monitor.store.transaction import Store
from monitor.types import Chat, ChatKind, LoggedChange
from monitor.web.viewer import form_token_of
from tests.store_samples import NOW, draft, save_items
from tests.watch_files import EVENTS, FILE, WatchFiles
from tests.web.test_gate import ADMIN, Browser, log_in, served, site_of

NEWS = {
    "Ông Putin thăm một nhà máy": 1,
    "Ông chủ Điện Kremlin gặp đoàn khách": 2,
    "Putin gặp ông chủ Điện Kremlin": 30,
    "Bão số 3 vào bờ": 3,
    **{f"Bão mạnh thêm cấp {n} gần bờ": 4 + n for n in range(6)},
    **{f"Quán cơn bão số {n} mở ở Đà Lạt": 20 + n for n in range(6)},
}
LEARNT = FILE.replace("[Putin]", "['ông chủ Điện Kremlin']")
TOKEN = "secret"


@dataclass
class EditingHouse(WatchFiles):
    """The folder, the rows, and an administrator's browser; other administrators come by `other`."""

    folder: Path
    store: Store
    now: datetime = NOW
    browser: Browser = field(init=False)
    url: str = ""
    readings: int = 0
    looked_up: int = 0

    async def read_files(self) -> FilesRead:
        self.readings += 1
        return FilesRead(f"v{self.readings}")

    async def run(self, given: bytes) -> Said:
        """Jobs done here, as the process does them; what it says is JSON."""
        self.looked_up += 1
        return dict(json.loads(json.dumps(await self.store.read(unpacked(given).said))))

    def log(self) -> list[LoggedChange]:
        with self.store.reading() as tx:
            return tx.changes_made(limit=20)

    # ------------------------------------------------ what a browser does

    async def get(self, path: str) -> tuple[int, str]:
        status, text, _ = await self.browser.get(path)
        return status, text

    async def data(self, path: str) -> dict[str, Any]:
        return dict(json.loads((await self.browser.get(path))[1]))

    async def send(self, path: str, form: Mapping[str, str], **headers: str) -> tuple[int, str]:
        return await self.browser.post(path, {"token": form_token_of(TOKEN), **form}, **headers)

    async def press(self, button: str, page: str, **changed: str) -> tuple[int, str]:
        """A button of the editor's form on a page that was shown, with what was typed there."""
        return await self.send("/watchlists/all.yaml", {**fields(page), **changed, "do": button})


def fields(page: str) -> dict[str, str]:
    """The fields of the forms of a page, as a browser would send them."""
    found = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        is_chosen = 'type="radio"' not in tag or " checked" in tag
        if name and is_chosen:
            found[unescape(name[1])] = unescape(value[1]) if value else ""
    text = re.search(r"<textarea [^>]*name=\"text\"[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    if text:
        found["text"] = unescape(text[1])
    return found


@asynccontextmanager
async def editing(folder: Path, store: Store) -> AsyncIterator[EditingHouse]:
    (folder / "watchlists").mkdir(parents=True)
    house = EditingHouse(folder, store)
    house.write(FILE)
    house.write(EVENTS, "events.yaml")
    desk = WholeFileDesk(
        folder, house.run, in_force=house.watchlist, read_files=house.read_files, clock=lambda: house.now
    )
    watch_desk = EditDesk(folder, store, read_files=house.read_files, clock=lambda: house.now)
    drafts = [
        draft(f"k{n}", title=title, lead="", published_at=NOW - timedelta(hours=hours))
        for n, (title, hours) in enumerate(NEWS.items())
    ]
    await save_items(store, *drafts)
    with store.writing() as tx:
        tx.save_chat(Chat(ADMIN, ChatKind.PRIVATE, title="Bàn trực", lang="en", joined_at=NOW))
    site = site_of(store, watchlist=house.watchlist, file_desk=desk, watch_desk=watch_desk, clock=lambda: house.now)
    async with served(site, log_in(store, ADMIN, TOKEN)) as browser:
        house.browser, house.url = browser, browser.base
        yield house
