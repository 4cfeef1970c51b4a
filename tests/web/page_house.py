"""A house for tests of pages: the real server on a loopback port, over a real store with three weeks of news in it.

    async def test_the_story_is_shown(browsing: Browsing, house: PageHouse) -> None:
        tab = await house.tab(browsing, "/", who=READER, script=False, width=PHONE, dark=True)
        await expect(tab.get_by_role("link", name="Ông Putin nói gì")).to_be_visible()

    async def test_its_twin_says_the_same(house: PageHouse) -> None:
        status, text, headers = await house.get("/index.json", who=EDITOR)
        status, text, headers = await house.post("/settings/language", {"lang": "en"}, who=READER)

`house` is over a copy of one SQLite file, filled once a run (2 s); `shown_house` is one for all tests that only look.
Where rows matter, `open_page_house(url, folder)`
opens one over any database with the schema and no rows: `async with open_page_house(database_url, tmp_path) as house:`
(`database_url` gives both kinds in turn; mark such a test slow on PostgreSQL, where it is filled anew).
A test that uses `house` runs in the loop of the session, as one with `browsing` does.

The pages stand on what the service gives them (app/wiring.py and app/web_place.py), files in `house.folder` (feeds.yaml
and a copy of the shipped watchlists) that may be changed, and a clock that stands at NOW, half past eight on a Sunday
morning in Vietnam, until it is turned (`house.clock.turn(timedelta(minutes=5))`). No stage runs by itself:
`await house.news("ben-song", "1", "Ông Putin …")` publishes an article and lets all flow that is due.

Who is there (`who=`; None: not logged in). All speak English here, as `Accept-Language` and their chats say.
    READER   a private chat that follows putin, netanyahu, dong-dat, bao, le-minh-hung, dien-dam and its own watch
             OWN_ID ("Sầu riêng Đắk Lắk", two stories), which nobody else may see
    OTHER    a private chat that follows thue-quan-my
    EDITOR   an administrator's private chat that follows everything
    MACHINE  who got in by `monitor login` without a chat: an administrator as well
    GROUP    "Ban quốc tế" follows #trung-dong and putin (not logged in unless `house.log_in` does it)

What there is to see: today the call of Putin and Netanyahu (four outlets, one new headline, a development, quotes; told
to READER, EDITOR and GROUP), a storm and an earthquake with developments, tariffs, Gaza; six days ago a peak of three
stories about Putin; a story that two chats marked wrong (WRONG); an item that detection parked (PARKED), an alert that
is uncertain and one that is parked; feeds that fail (SILENT_FEED, LOST_FEED) and one that is off (OFF_FEED). Bodies of
articles were read, all is in the search index, days are counted.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio
from multidict import CIMultiDictProxy

from monitor.app import web_place
from monitor.app.own_in_force import OwnInForce
from monitor.app.service import Service
from monitor.app.wiring import open_service
from monitor.config import Settings, load_all
from monitor.pipeline.logins import hash_of
from monitor.store.session_rows import LoginLink
from monitor.store.transaction import Store, open_store
from monitor.types import TERMINAL, Address, StoryId
from monitor.web import Health, Metrics, Site, serve
from monitor.web.viewer import COOKIE, SESSION_LASTS, form_token_of
from tests.flow import FakeClock, Flow
from tests.web.browser import Browsing
from tests.web.house_news import (
    EDITED,
    EDITOR,
    GROUP,
    LOST_FEED,
    NOW,
    OFF_FEED,
    OTHER,
    OWN_ID,
    OWN_NAME,
    PARKED,
    READER,
    SILENT_FEED,
    WRONG,
    story_named,
    tell_news,
    write_files,
)

if TYPE_CHECKING:
    from playwright.async_api import Page

__all__ = [
    "CALL",
    "EDITED",
    "EDITOR",
    "GROUP",
    "LOST_FEED",
    "MACHINE",
    "NOW",
    "OFF_FEED",
    "OTHER",
    "OWN_ID",
    "OWN_NAME",
    "PARKED",
    "READER",
    "SILENT_FEED",
    "WRONG",
    "PageHouse",
    "filled_sqlite",
    "house",
    "open_house",
    "open_page_house",
    "shown_house",
]

MACHINE = TERMINAL
CALL = "Tổng thống Nga Vladimir Putin điện đàm với Thủ tướng Israel Benjamin Netanyahu về tình hình Trung Đông"
Got = tuple[int, str, CIMultiDictProxy[str]]


@dataclass
class PageHouse:
    """The page at work. `url` begins every address; `site` is what its pages stand on; `folder` has its files."""

    url: str
    site: Site
    service: Service
    store: Store
    clock: FakeClock
    folder: Path
    http: aiohttp.ClientSession
    flow: Flow
    tokens: dict[Address, str] = field(default_factory=dict)

    # ---------------------------------------------------------------- who looks

    def log_in(self, who: Address) -> str:
        """A session of this chat; its secret, which is the cookie's value."""
        if who not in self.tokens:
            token = f"secret-of-{who.chat_id}-{who.thread_id}"
            with self.store.writing() as tx:
                link = LoginLink(hash_of(f"link-{token}"), who, self.clock())
                ends_at = self.clock() + SESSION_LASTS
                tx.add_session(hash_of(token), link, browser="Firefox, Linux", now=self.clock(), ends_at=ends_at)
            self.tokens[who] = token
        return self.tokens[who]

    def form_token(self, who: Address) -> str:
        """What goes with every form of theirs, as the field `token`."""
        return form_token_of(self.log_in(who))

    def cookies(self, who: Address | None) -> dict[str, str]:
        """Their cookie; none for nobody."""
        return {} if who is None else {COOKIE: self.log_in(who)}

    # ---------------------------------------------------------------- looking

    async def tab(self, browsing: Browsing, path: str, *, who: Address | None = READER, **how: Any) -> "Page":
        """A tab of theirs at this path; `how` as in Browsing.tab (script, width, dark, still, lang)."""
        tab = await browsing.tab(self.url, cookies=self.cookies(who), **how)
        await tab.goto(path)
        return tab

    async def get(self, path: str, *, who: Address | None = READER, method: str = "GET", **headers: str) -> Got:
        """Status, text and headers, as a program gets them; redirects are not followed."""
        given = {"Accept-Language": "en", **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with self.http.request(
            method, self.url + path, headers={**self._cookie(who), **given}, allow_redirects=False
        ) as response:
            return response.status, await response.text(), response.headers

    async def post(
        self,
        path: str,
        form: Mapping[str, str],
        *,
        who: Address | None = READER,
        token: str | None = None,
        **headers: str,
    ) -> Got:
        """Send a form, with its token unless another one is given (`token=""`: with none)."""
        if token is None:
            token = self.form_token(who) if who is not None else ""
        given = {"Accept-Language": "en", **{name.replace("_", "-"): value for name, value in headers.items()}}
        fields = {**form, **({"token": token} if token else {})}
        async with self.http.post(
            self.url + path, data=fields, headers={**self._cookie(who), **given}, allow_redirects=False
        ) as response:
            return response.status, await response.text(), response.headers

    def _cookie(self, who: Address | None) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies(who).items())} if who else {}

    # ---------------------------------------------------------------- what there is

    def story(self, title: str = CALL) -> StoryId:
        """The number of the story of the article with this title."""
        with self.store.reading() as tx:
            return story_named(tx, title)

    async def news(self, feed: str, key: str, title: str, lead: str = "", *, at: datetime | None = None) -> None:
        """Publish an article, and let it be polled, detected and sent. The clock goes on by ten minutes."""
        self.flow.fetcher.publish(feed, key, title, lead, at=at or self.clock())
        await self.flow.on()


@asynccontextmanager
async def open_page_house(
    database_url: str, folder: Path, *, is_filled: bool = False, **settings: Any
) -> AsyncIterator[PageHouse]:
    """A house over this database, which has the schema; its files are written into `folder`.

    `is_filled`: the news is in it already. `settings` are fields of Settings that shall be others.
    """
    clock = FakeClock(NOW)
    if is_filled:
        write_files(folder)
    else:
        async with await open_store(database_url) as store:
            await tell_news(store, folder)
    chosen = Settings(
        **{
            "config_dir": folder,
            "database_url": database_url,
            "http_port": 0,
            "admin_chats": (EDITOR.chat_id,),
            **settings,
        }
    )
    config = load_all(folder, timezone=chosen.timezone)
    async with open_service(chosen, config, clock=clock) as service:
        await service.take_up_own()
        async with (
            pages_of(service) as (url, site),
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        ):
            feeds = {feed.id: feed for feed in config.feeds if feed.enabled}
            flow = Flow(service.store, clock=clock, watchlist=config.watchlist, feeds=feeds)
            flow.active = await OwnInForce(service.store).beside(flow.active, config.watchlist)
            await flow.detect.warm()
            yield PageHouse(url, site, service, service.store, clock, folder, http, flow)


@asynccontextmanager
async def pages_of(service: Service) -> AsyncIterator[tuple[str, Site]]:
    """The pages of a service that does not run: where they are, and what they stand on."""
    site = web_place._site(service)
    async with serve(_well, Metrics("1"), host="127.0.0.1", port=0, site=site) as port:
        service.page.open(port)
        yield f"http://127.0.0.1:{port}", site


async def _well() -> Health:
    return Health()


@pytest.fixture(scope="session")
def filled_sqlite(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the news of the house, to be copied."""
    folder = tmp_path_factory.mktemp("house")
    path = folder / "filled.db"
    shutil.copy(empty_sqlite, path)

    async def fill() -> None:
        async with await open_store(f"sqlite:///{path}") as store:
            await tell_news(store, folder)

    asyncio.run(fill())
    return path


@pytest_asyncio.fixture(loop_scope="session")
async def house(filled_sqlite: Path, tmp_path: Path) -> AsyncIterator[PageHouse]:
    """A house of one test's own."""
    async with _copied(filled_sqlite, tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shown_house(filled_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PageHouse]:
    """A house for tests that change nothing in it."""
    async with _copied(filled_sqlite, tmp_path_factory.mktemp("shown")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def open_house(filled_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PageHouse]:
    """The same where reading needs no login (MONITOR_WEB_ACCESS=open)."""
    async with _copied(filled_sqlite, tmp_path_factory.mktemp("open"), web_access="open") as opened:
        yield opened


@asynccontextmanager
async def _copied(filled: Path, folder: Path, **settings: Any) -> AsyncIterator[PageHouse]:
    shutil.copy(filled, folder / "monitor.db")
    async with open_page_house(f"sqlite:///{folder / 'monitor.db'}", folder, is_filled=True, **settings) as opened:
        yield opened
