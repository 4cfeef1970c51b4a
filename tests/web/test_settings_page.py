"""/settings: who one is, the open logins and their end, the language, and the way out."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from monitor.pipeline.logins import hash_of, make_login
from monitor.store.transaction import Store
from monitor.types import TERMINAL, Address, Chat, ChatKind
from monitor.web.viewer import SESSION_LASTS, form_token_of
from tests.store_samples import AN, NOW
from tests.web.browser import Browsing
from tests.web.test_gate import ADMIN, Browser, log_in, served, site_of

BINH = Address(202)
EN = {"Accept-Language": "en"}


@asynccontextmanager
async def looking(store: Store, address: Address = AN) -> AsyncIterator[tuple[Browser, str]]:
    """A browser that is logged in, and the token of its forms."""
    with store.writing() as tx:
        tx.save_chat(Chat(AN, ChatKind.PRIVATE, "Bạn An", lang="en"))
    token = log_in(store, address)
    async with served(site_of(store), token) as browser:
        yield browser, form_token_of(token)


def numbers(store: Store, address: Address = AN) -> list[int]:
    with store.reading() as tx:
        return [each.number for each in tx.sessions_of(address, now=NOW)]


@pytest.mark.parametrize(
    ("address", "named", "may"),
    [
        (AN, "Bạn An", "change what you follow"),
        (ADMIN, "909", "change watchlists"),
        (TERMINAL, "Administrator of this installation", "change watchlists"),
        (Address(-100_7), "-1007", "this group or channel"),
    ],
)
async def test_it_says_who_one_is_and_what_one_may(store: Store, address: Address, named: str, may: str) -> None:
    async with looking(store, address) as (browser, _):
        _, text, _ = await browser.get("/settings", **EN)
        assert f"<dd>{named}</dd>" in text
        assert may in text
        assert ('name="lang"' in text) is (address != TERMINAL), "nobody's row holds an administrator's language"
        _, twin, _ = await browser.get("/settings.json", **EN)
    data = json.loads(twin)
    assert (data["logged_in_as"], data["is_admin"]) == (named, address in (ADMIN, TERMINAL))
    assert [each["is_this"] for each in data["sessions"]] == [True]


async def test_one_login_is_ended_and_its_browser_is_out_at_once(store: Store) -> None:
    other = log_in(store, AN, "other")
    [theirs] = numbers(store)
    async with looking(store) as (browser, token), served(site_of(store), other) as second:
        assert (await second.get("/"))[0] == 200
        assert (await browser.post("/settings/end", {"number": str(theirs), "token": token}))[0] == 303
        assert (await second.get("/"))[0] == 303
        assert (await second.post("/settings/end-others", {"token": form_token_of(other)}, **EN))[0] == 403
        assert (await browser.get("/"))[0] == 200
        again = await browser.post("/settings/end", {"number": str(theirs), "token": token})
        assert again[0] == 303, "what has ended already is no mistake"


async def test_all_others_are_ended_with_the_links_that_nobody_used(store: Store) -> None:
    for name in ("a", "b", "c"):
        log_in(store, AN, name)
    with store.writing() as tx:
        make_login(tx, AN, "open", now=NOW)
    async with looking(store) as (browser, token):
        assert (await browser.post("/settings/end-others", {"token": token}))[0] == 303
        assert len(numbers(store)) == 1
        assert (await browser.get("/"))[0] == 200
    with store.reading() as tx:
        assert tx.login_link(hash_of("open"), now=NOW) is None


@pytest.mark.parametrize("number", ["", "x", "²", "-1", "9" * 19, "1; DROP TABLE sessions"])
async def test_what_is_no_number_ends_nothing(store: Store, number: str) -> None:
    async with looking(store) as (browser, token):
        assert (await browser.post("/settings/end", {"number": number, "token": token}))[0] == 400
    assert len(numbers(store)) == 1


async def test_another_chats_login_is_not_ended(store: Store) -> None:
    log_in(store, BINH, "theirs")
    [theirs] = numbers(store, BINH)
    async with looking(store) as (browser, token):
        await browser.post("/settings/end", {"number": str(theirs), "token": token})
        await browser.post("/settings/end-others", {"token": token})
    assert numbers(store, BINH) == [theirs]


@pytest.mark.parametrize("way", ["/logout", "/settings/end"])
async def test_logging_out_ends_the_row_and_the_cookie(store: Store, way: str) -> None:
    async with looking(store) as (browser, token):
        form = {"token": token, "number": str(numbers(store)[0])}
        async with browser.http.post(browser.base + way, data=form, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/login")
            assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert numbers(store) == []


async def test_another_language_is_spoken_here_and_in_the_chat(store: Store) -> None:
    async with looking(store) as (browser, token):
        assert (await browser.post("/settings/lang", {"lang": "vi", "token": token}))[0] == 303
        assert 'lang="vi"' in (await browser.get("/settings", **EN))[1]
        assert (await browser.post("/settings/lang", {"lang": "xx", "token": token}))[0] == 400
    with store.reading() as tx:
        chat = tx.chat(AN)
    assert chat is not None
    assert chat.lang == "vi"


async def test_ended_logins_are_not_listed(store: Store) -> None:
    log_in(store, AN, "old")
    token = log_in(store, AN, "new")
    late = NOW + SESSION_LASTS - timedelta(days=1)
    with store.writing() as tx:
        tx.see_session(numbers(store)[0], now=late, ends_at=late + SESSION_LASTS)
    async with served(site_of(store, clock=lambda: NOW + SESSION_LASTS), token) as browser:
        data = json.loads((await browser.get("/settings.json"))[1])
    assert len(data["sessions"]) == 1


async def test_the_buttons_work_in_a_browser_without_scripts(browsing: Browsing, store: Store) -> None:
    log_in(store, AN, "other")
    async with looking(store) as (browser, _):
        tab = await browsing.tab(browser.base, script=False, cookies={"monitor_session": "secret"})
        await tab.goto("/settings")
        await tab.get_by_role("button", name="End all others").click()
        await tab.wait_for_url("**/settings")
        assert await tab.get_by_role("button", name="End all others").count() == 0
        await tab.select_option("select", "vi")
        await tab.locator("form[action='/settings/lang'] button").click()
        await tab.wait_for_url("**/settings")
        assert await tab.get_attribute("html", "lang") == "vi"
        await tab.locator("form[action='/logout'] button").click()
        await tab.wait_for_url("**/login")
    assert numbers(store) == []
