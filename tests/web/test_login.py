"""Logging in: one-time links that a look does not use up, and the session that comes of the button."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDictProxy
from structlog.testing import capture_logs
from yarl import URL

from monitor.app.ground import housekeep
from monitor.pipeline.logins import LINK_LASTS, MOST_MADE, MOST_OPEN, hash_of, link_to, make_login
from monitor.store.session_rows import Session
from monitor.store.tables import login_links
from monitor.store.tables import sessions as session_table
from monitor.store.transaction import Store
from monitor.types import TERMINAL, Address, Chat, ChatKind, ChatState
from monitor.web import Site
from monitor.web.browser_names import browser_name
from monitor.web.login_page import MOST_SESSIONS, local_path, peer_of
from monitor.web.site import WRONG_TOKENS
from monitor.web.viewer import COOKIE, OF_A_GROUP, SESSION_LASTS
from tests.store_samples import AN, NOW
from tests.web.browser import Browsing
from tests.web.test_gate import ADMIN, log_in, served, site_of

GROUP, TOPIC = Address(-100_7), Address(-100_7, 3)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass
class Tab:
    """A browser with a jar of its own, that follows no redirect."""

    http: aiohttp.ClientSession
    base: str

    async def open(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
        async with self.http.request(method, self.base + path, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    async def press(self, token: str, onward: str = "/", **headers: str) -> tuple[int, str, CIMultiDictProxy[str]]:
        form = {"link": token, "next": onward}
        async with self.http.post(self.base + "/login", data=form, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers

    @property
    def cookie(self) -> str:
        """What the jar holds for us."""
        return next((each.value for each in self.http.cookie_jar if each.key == COOKIE), "")


@asynccontextmanager
async def tab_of(site: Site) -> AsyncIterator[Tab]:
    jar = aiohttp.CookieJar(unsafe=True)  # also of addresses
    headers = {"Accept-Language": "en", "User-Agent": FIREFOX}
    async with served(site) as browser, aiohttp.ClientSession(cookie_jar=jar, headers=headers) as http:
        yield Tab(http, browser.base)


def a_link(store: Store, address: Address = AN, token: str = "t" * 43) -> str:
    with store.writing() as tx:
        assert make_login(tx, address, token, now=NOW, who="An", user_id=501) == NOW + LINK_LASTS
    return token


def state_of(store: Store, address: Address, state: ChatState) -> None:
    with store.writing() as tx:
        tx.save_chat(Chat(address, ChatKind.PRIVATE, "Bạn An", lang="en", state=state))


def sessions(store: Store, address: Address = AN) -> list[Session]:
    with store.reading() as tx:
        return tx.sessions_of(address, now=NOW)


# ---------------------------------------------------------------- the button


async def test_looking_uses_no_link_up_and_the_button_does_so_once(store: Store) -> None:
    token = a_link(store)
    async with tab_of(site_of(store)) as tab:
        for method in ("GET", "HEAD", "GET"):
            assert (await tab.open(f"/login?token={token}", method, Purpose="prefetch"))[0] == 200
        assert (tab.cookie, sessions(store)) == ("", [])
        status, _, headers = await tab.press(token, "/watches/putin?since=7d")
        assert (status, headers["Location"]) == (303, "/watches/putin?since=7d")
        assert (await tab.open("/"))[0] == 200
        assert [(each.who, each.user_id, each.browser) for each in sessions(store)] == [("An", 501, "Firefox, Linux")]
    async with tab_of(site_of(store)) as second:
        status, text, _ = await second.press(token)
        assert status == 404
        assert "This link lets nobody in (any more)" in text
        assert (await second.open("/"))[0] == 303


async def test_the_cookie_is_read_by_no_script_and_sent_by_no_other_site(store: Store) -> None:
    first, second = a_link(store), a_link(store, token="u" * 43)
    async with tab_of(site_of(store)) as tab:
        cookie = (await tab.press(first))[2]["Set-Cookie"]
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Secure" not in cookie
    async with tab_of(site_of(store, url=lambda: "https://tin.example")) as tab:
        assert "Secure" in (await tab.press(second))[2]["Set-Cookie"].split("; ")


async def test_a_session_is_made_anew_by_each_login_whatever_cookie_came(store: Store) -> None:
    planted = "x" * 43
    async with tab_of(site_of(store)) as tab:
        tab.http.cookie_jar.update_cookies({COOKIE: planted}, response_url=tab.http._build_url(tab.base))
        await tab.press(a_link(store))
        first = tab.cookie
        await tab.press(a_link(store, token="u" * 43))
        assert len({planted, first, tab.cookie}) == 3
    with store.reading() as tx:
        assert tx.session(hash_of(planted), now=NOW) is None
        assert tx.session(hash_of(first), now=NOW) is None, "the login before has ended"


async def test_rows_know_neither_the_token_of_a_link_nor_that_of_a_session(store: Store) -> None:
    token = a_link(store)
    async with tab_of(site_of(store)) as tab:
        await tab.press(token)
        with store.reading() as tx:
            rows = repr([tx._rows(login_links.select()), tx._rows(session_table.select())])
    assert token not in rows
    assert tab.cookie not in rows


async def test_a_link_ends_after_ten_minutes(store: Store) -> None:
    token = a_link(store)
    async with tab_of(site_of(store, clock=lambda: NOW + LINK_LASTS)) as tab:
        status, text = await tab.open(f"/login?token={token}")
        assert status == 404
        assert "Send /web to the bot" in text
        assert (await tab.press(token))[0] == 404


@pytest.mark.parametrize("address", [AN, TOPIC])
async def test_a_link_of_a_barred_chat_lets_nobody_in(store: Store, address: Address) -> None:
    token = a_link(store, address)
    state_of(store, Address(address.chat_id), ChatState.BARRED)
    async with tab_of(site_of(store)) as tab:
        assert (await tab.open(f"/login?token={token}"))[0] == 404
        assert (await tab.press(token))[0] == 404
        state_of(store, Address(address.chat_id), ChatState.ACTIVE)
        assert (await tab.press(token))[0] == 303
        state_of(store, Address(address.chat_id), ChatState.BARRED)
        assert (await tab.open("/"))[0] == 303, "nor does a session"


@pytest.mark.parametrize(("address", "is_admin"), [(AN, False), (ADMIN, True), (TERMINAL, True)])
async def test_the_page_says_as_whom_one_is_let_in(store: Store, address: Address, is_admin: bool) -> None:
    state_of(store, AN, ChatState.ACTIVE)
    token = a_link(store, address)
    async with tab_of(site_of(store)) as tab:
        _, text = await tab.open(f"/login?token={token}")
    name = {AN: "Bạn An", ADMIN: "909", TERMINAL: "Administrator of this installation"}[address]
    assert f"Log in as {name}" in text
    assert ("may administer this service" in text) is is_admin


async def test_another_login_is_left_only_by_the_button(store: Store) -> None:
    state_of(store, AN, ChatState.ACTIVE)
    async with tab_of(site_of(store)) as tab:
        await tab.press(a_link(store))
        token = a_link(store, ADMIN, "u" * 43)
        _, text = await tab.open(f"/login?token={token}")
        assert "This browser is logged in as: Bạn An." in text
        assert "This link is for another chat: 909." in text
        assert len(sessions(store)) == 1
        assert (await tab.press(token))[0] == 303
        assert (len(sessions(store)), len(sessions(store, ADMIN))) == (0, 1)


async def test_another_sites_page_logs_nobody_in(store: Store) -> None:
    token = a_link(store)
    async with tab_of(site_of(store)) as tab:
        assert (await tab.press(token, Origin="https://evil.example"))[0] == 403
        assert (await tab.press(token, Origin="null"))[0] == 403
        assert (await tab.press(token, **{"Sec-Fetch-Site": "cross-site"}))[0] == 403
        assert (await tab.press(token, Origin=tab.base))[0] == 303


async def test_the_button_works_in_a_browser_without_scripts(browsing: Browsing, store: Store) -> None:
    token = a_link(store)
    async with served(site_of(store)) as browser:
        tab = await browsing.tab(browser.base, script=False)
        await tab.goto(f"/login?token={token}")
        await tab.click("button")
        await tab.wait_for_url("**/")
        assert "login" not in tab.url
    assert len(sessions(store)) == 1


# ---------------------------------------------------------------- guesses, and too much


async def test_whoever_guesses_is_told_to_wait_whatever_they_bring_then(store: Store) -> None:
    token, now = a_link(store), [NOW]
    async with tab_of(site_of(store, clock=lambda: now[0])) as tab:
        answers = {await tab.open(f"/login?token={'w' * n}") for n in range(1, WRONG_TOKENS.most + 1)}
        assert len(answers) == 1, "one answer to all that is wrong"
        assert next(iter(answers))[0] == 404
        assert (await tab.open(f"/login?token={token}"))[0] == 429
        assert (await tab.press(token))[0] == 429
        now[0] += WRONG_TOKENS.span
        assert (await tab.press(token))[0] == 303


@pytest.mark.parametrize("token", ["%00", "%ED%A0%80", "a" * 5_000, "ữ" * 40, "' OR 1=1 --"])
async def test_what_is_no_token_is_a_wrong_link(store: Store, token: str) -> None:
    async with tab_of(site_of(store)) as tab:
        assert (await tab.open(f"/login?token={token}"))[0] == 404


def test_a_household_of_ipv6_is_one_guesser() -> None:
    assert peer_of("2001:db8:1:2::1") == peer_of("2001:db8:1:2:ffff::9") != peer_of("2001:db8:1:3::1")
    assert (peer_of("192.0.2.7"), peer_of("fe80::1%eth0"), peer_of("")) == ("192.0.2.7", "fe80::/64", "")


def test_a_chat_has_few_open_links_and_few_a_time(store: Store) -> None:
    with store.writing() as tx:
        for n in range(MOST_MADE):
            moment = NOW + timedelta(seconds=n)
            assert make_login(tx, AN, f"t{n}", now=moment) is not None
        assert make_login(tx, AN, "more", now=NOW + timedelta(seconds=20)) is None
        assert make_login(tx, ADMIN, "theirs", now=NOW) is not None
        opened = [n for n in range(MOST_MADE) if tx.login_link(hash_of(f"t{n}"), now=NOW + timedelta(seconds=20))]
        assert opened == list(range(MOST_MADE - MOST_OPEN, MOST_MADE))
        assert make_login(tx, AN, "later", now=NOW + LINK_LASTS + timedelta(seconds=9)) is not None


async def test_the_browser_that_was_away_for_longest_is_logged_out_by_one_too_many(store: Store) -> None:
    for n in range(MOST_SESSIONS):
        log_in(store, AN, f"s{n}")
    async with tab_of(site_of(store)) as tab:
        await tab.press(a_link(store))
    assert len(sessions(store)) == MOST_SESSIONS
    with store.reading() as tx:
        assert tx.session(hash_of("s0"), now=NOW) is None


async def test_the_session_of_a_group_lasts_a_day_however_much_it_is_used(store: Store) -> None:
    token, now = a_link(store, GROUP), [NOW]
    async with tab_of(site_of(store, clock=lambda: now[0])) as tab:
        await tab.press(token)
        now[0] += timedelta(hours=20)
        assert (await tab.open("/"))[0] == 200
        now[0] = NOW + OF_A_GROUP
        assert (await tab.open("/"))[0] == 303
    assert OF_A_GROUP < SESSION_LASTS


# ---------------------------------------------------------------- what follows


@pytest.mark.parametrize(
    "asked",
    [
        *("//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)", "x"),
        *("/\t/evil.example", "/a\r\nSet-Cookie: x=y", "/\x00", " /", "", "/tin mới", "/đ", "/" + "a" * 2_000),
        *("/login?token=x", "/login", "///", "/\x7f"),
    ],
)
def test_a_login_leads_to_a_page_of_ours_and_nowhere_else(asked: str) -> None:
    assert local_path(asked) == "/"


@given(st.text(max_size=30).map(lambda text: "/" + text))
def test_whatever_is_asked_for_leads_to_no_other_host(asked: str) -> None:
    assert URL("http://127.0.0.1:9464/login").join(URL(local_path(asked))).host == "127.0.0.1"


@pytest.mark.parametrize("path", ["/", "/stories/7", "/search?q=gi%C3%A1+v%C3%A0ng&since=7d", "/watches/putin.json"])
def test_a_page_of_ours_is_gone_to(path: str) -> None:
    assert local_path(path) == path


async def test_no_line_of_the_log_holds_a_token(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = a_link(store)
    with capture_logs() as lines:
        async with tab_of(site_of(store)) as tab:
            await tab.open(f"/login?token={token}")
            await tab.open(f"/login?token={'v' * 43}")
            await tab.press(token)
            await tab.open("/no/such/page")
            secret = tab.cookie
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith(("aiohttp.client", "sqlalchemy"))]
    said = repr((lines, ours))
    assert token not in said
    assert secret not in said
    assert "v" * 43 not in said


async def test_ended_links_and_sessions_are_swept(store: Store) -> None:
    a_link(store)
    log_in(store, AN)
    await housekeep(store, before=NOW - timedelta(days=90), now=NOW + LINK_LASTS)
    with store.reading() as tx:
        assert (len(tx._rows(login_links.select())), len(tx._rows(session_table.select()))) == (0, 1)
    await housekeep(store, before=NOW - timedelta(days=90), now=NOW + SESSION_LASTS)
    with store.reading() as tx:
        assert tx._rows(session_table.select()) == []


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("curl/8.5.0", "curl"),
        ("", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_a_browser_is_called_as_people_call_it(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name


def test_a_links_address_is_the_page_and_its_token() -> None:
    assert link_to("https://tin.example", "abc") == "https://tin.example/login?token=abc"
