"""What stands around every page: login, JSON twins, ETags, headers, tokens of forms. Real rows, real sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from multidict import CIMultiDictProxy

from monitor.pipeline.logins import hash_of
from monitor.pipeline.status import StatusReport
from monitor.store.session_rows import LoginLink
from monitor.store.transaction import Store
from monitor.types import TERMINAL, Address, Chat, ChatKind, ChatState, Watchlist
from monitor.web import Health, Metrics, Site, routes, serve
from monitor.web.page import Answer, Raw, Visit, WebPage
from monitor.web.routes import FormPath, PagePath, ShownTo
from monitor.web.viewer import COOKIE, SESSION_LASTS, form_token_of, language_of
from tests.store_samples import AN, NOW
from tests.web.browser import Browsing

ADMIN = Address(909)
JSON = {"Accept": "application/json"}


@dataclass
class Browser:
    """A client with a cookie, or without."""

    http: aiohttp.ClientSession
    base: str

    async def get(self, path: str, **headers: str) -> tuple[int, str, CIMultiDictProxy[str]]:
        async with self.http.get(self.base + path, headers=headers, allow_redirects=False) as response:
            return response.status, await response.text(), response.headers

    async def post(self, path: str, form: dict[str, str], **headers: str) -> tuple[int, str]:
        async with self.http.post(self.base + path, data=form, headers=headers, allow_redirects=False) as response:
            return response.status, await response.text()


async def well() -> Health:
    return Health()


async def no_report() -> StatusReport:
    return StatusReport(at=NOW)


def site_of(store: Store, *, access: Literal["login", "open"] = "login", **more: Any) -> Site:
    plain = Site(
        store=store,
        watchlist=lambda: Watchlist("v1", ()),
        watches=dict,
        owners=dict,
        feeds=lambda: (),
        status=no_report,
        clock=lambda: NOW,
        zone=ZoneInfo("Asia/Ho_Chi_Minh"),
        admin_chats=frozenset({ADMIN.chat_id}),
        access=access,
        url=lambda: "http://127.0.0.1:9464",
    )
    return replace(plain, **more)


@asynccontextmanager
async def served(site: Site, token: str = "") -> AsyncIterator[Browser]:
    async with (
        serve(well, Metrics("1"), host="127.0.0.1", port=0, site=site) as port,
        aiohttp.ClientSession(cookies={COOKIE: token} if token else None) as http,
    ):
        yield Browser(http, f"http://127.0.0.1:{port}")


def log_in(store: Store, address: Address, token: str = "secret") -> str:
    with store.writing() as tx:
        link = LoginLink(hash_of("link"), address, NOW)
        tx.add_session(hash_of(token), link, browser="", now=NOW, ends_at=NOW + SESSION_LASTS)
    return token


# ---------------------------------------------------------------- who gets in


async def test_who_is_not_logged_in_is_sent_to_the_login_and_a_program_gets_401(store: Store) -> None:
    async with served(site_of(store)) as browser:
        status, _, headers = await browser.get("/?q=a b")
        assert (status, headers["Location"]) == (303, "/login?next=%2F%3Fq%3Da%2Bb")
        status, text, _ = await browser.get("/index.json")
        assert status == 401
        assert "error" in text


async def test_an_open_page_is_read_without_login(store: Store) -> None:
    async with served(site_of(store, access="open")) as browser:
        assert (await browser.get("/"))[0] == 200
        assert (await browser.get("/index.json"))[0] == 200


async def test_a_session_shows_pages_until_it_ends(store: Store) -> None:
    token = log_in(store, AN)
    async with served(site_of(store), token) as browser:
        assert (await browser.get("/"))[0] == 200
    late = site_of(store, clock=lambda: NOW + SESSION_LASTS + timedelta(seconds=1))
    async with served(late, token) as browser:
        assert (await browser.get("/"))[0] == 303


async def test_a_barred_chat_is_nobody(store: Store) -> None:
    token = log_in(store, AN)
    with store.writing() as tx:
        tx.save_chat(Chat(AN, ChatKind.PRIVATE, state=ChatState.BARRED))
    async with served(site_of(store), token) as browser:
        assert (await browser.get("/"))[0] == 303


async def test_a_session_that_is_used_lasts_longer(store: Store) -> None:
    token = log_in(store, AN)
    later = NOW + timedelta(days=20)
    async with served(site_of(store, clock=lambda: later), token) as browser:
        await browser.get("/")
    with store.reading() as tx:
        found = tx.session(hash_of(token), now=later)
    assert found is not None
    assert (found.seen_at, found.ends_at) == (later, later + SESSION_LASTS)


# ---------------------------------------------------------------- pages and forms of the test's own


async def told(visit: Visit) -> Answer:
    return WebPage("refused.html", {"error": "for few", "at": NOW, "who": visit.viewer.is_admin})


async def taken(visit: Visit) -> Answer:
    return WebPage("refused.html", {"error": visit.form["word"]}, keeps=False)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.gate.PAGES", (*routes.PAGES, PagePath("/few", told, ShownTo.ADMINISTRATORS)))
    monkeypatch.setattr(
        "monitor.web.gate.FORMS", (FormPath("/word", taken), FormPath("/rule", taken, ShownTo.ADMINISTRATORS))
    )


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(("address", "status"), [(AN, 403), (ADMIN, 200), (TERMINAL, 200)])
async def test_a_page_of_administrators_is_shown_to_them_alone(store: Store, address: Address, status: int) -> None:
    token = log_in(store, address)
    async with served(site_of(store), token) as browser:
        assert (await browser.get("/few"))[0] == status
        found, text, _ = await browser.get("/few.json")
        assert found == status
        assert ('"at":"2026' in text) is (status == 200)


@pytest.mark.usefixtures("few")
async def test_a_form_needs_the_token_of_its_own_session(store: Store) -> None:
    token, theirs = log_in(store, AN), log_in(store, ADMIN, "other")
    async with served(site_of(store), token) as browser:
        assert await browser.post("/word", {"word": "xin chào", "token": form_token_of(token)}, **JSON) == (
            200,
            '{"error":"xin chào"}\n',
        )
        assert (await browser.post("/word", {"word": "a"}))[0] == 403
        assert (await browser.post("/word", {"word": "a", "token": form_token_of(theirs)}))[0] == 403
        assert (await browser.post("/rule", {"word": "a", "token": form_token_of(token)}))[0] == 403
        assert (await browser.get("/word"))[0] == 404


@pytest.mark.usefixtures("few")
async def test_a_form_of_another_site_is_refused(store: Store) -> None:
    token = log_in(store, AN)
    form = {"word": "a", "token": form_token_of(token)}
    async with served(site_of(store), token) as browser:
        assert (await browser.post("/word", form, Origin="https://evil.example"))[0] == 403
        assert (await browser.post("/word", form, **{"Sec-Fetch-Site": "cross-site"}))[0] == 403
        assert (await browser.post("/word", form, Origin=browser.base))[0] == 200
        assert (await browser.post("/word", form, Origin="null"))[0] == 200  # as a browser says it of our own pages
        assert (await browser.post("/word", {"word": "a"}, Origin="null"))[0] == 403


async def with_a_form(visit: Visit) -> Answer:
    hidden = f'<input type="hidden" name="token" value="{visit.viewer.form_token}">'
    form = f'<form method="post" action="/word">{hidden}<input name="word" value="xin chào"><button>OK</button></form>'
    return Raw(f"<!doctype html><title>A form</title>{form}", "text/html; charset=utf-8")


async def test_a_browser_sends_a_form_of_our_own_pages(
    browsing: Browsing, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.web.gate.PAGES", (*routes.PAGES, PagePath("/form", with_a_form, ShownTo.CHATS)))
    monkeypatch.setattr("monitor.web.gate.FORMS", (FormPath("/word", taken),))
    token = log_in(store, AN)
    async with served(site_of(store), token) as browser:
        tab = await browsing.tab(browser.base, script=False, cookies={COOKIE: token})
        await tab.goto("/form")
        await tab.click("button")
        assert await tab.inner_text("h1") == "xin chào"


@pytest.mark.usefixtures("few")
async def test_a_form_that_is_too_long_is_refused(store: Store) -> None:
    token = log_in(store, AN)
    async with served(site_of(store), token) as browser:
        form = {"word": "a" * 70_000, "token": form_token_of(token)}
        assert (await browser.post("/word", form))[0] == 400


@pytest.mark.usefixtures("few")
async def test_without_a_login_no_form_is_taken_even_where_the_page_is_open(store: Store) -> None:
    async with served(site_of(store, access="open")) as browser:
        assert (await browser.post("/word", {"word": "a", "token": form_token_of("")}))[0] == 403


# ---------------------------------------------------------------- how it is sent


async def test_a_page_that_has_not_changed_is_not_sent_again(store: Store) -> None:
    async with served(site_of(store, access="open")) as browser:
        for path in ("/", "/index.json"):
            _, _, headers = await browser.get(path)
            status, text, _ = await browser.get(path, **{"If-None-Match": headers["ETag"]})
            assert (status, text) == (304, "")
            assert (await browser.get(path, **{"If-None-Match": '"other"'}))[0] == 200


async def test_pages_are_guarded(store: Store) -> None:
    async with served(site_of(store, access="open")) as browser:
        _, _, headers = await browser.get("/")
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "private, no-cache"


async def test_an_unknown_page_is_said_in_the_readers_language(store: Store) -> None:
    async with served(site_of(store, access="open")) as browser:
        status, text, _ = await browser.get("/no/such", **{"Accept-Language": "en"})
        assert status == 404
        assert "There is no such page." in text
        assert 'lang="vi"' in (await browser.get("/no/such"))[1]


async def test_static_files_are_kept_for_ever_by_their_hash(store: Store) -> None:
    async with served(site_of(store)) as browser:
        _, page, _ = await browser.get("/login")
        path = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
        status, text, headers = await browser.get(path)
        assert (status, headers["Content-Type"]) == (200, "text/css; charset=utf-8")
        assert "immutable" in headers["Cache-Control"]
        assert "--ground" in text
        assert (await browser.get("/static/../gate.py"))[0] == 404


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [("", "vi"), ("en-GB,en;q=0.9", "en"), ("fr,en;q=0.5,vi;q=0.8", "vi"), ("fr", "vi"), ("en;q=x", "en"), ("*", "vi")],
)
def test_the_first_language_of_ours_is_spoken(accepted: str, lang: str) -> None:
    assert language_of(accepted) == lang
