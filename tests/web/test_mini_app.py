"""The page inside of Telegram: what Telegram signed lets in, and nothing else does. The tests sign for themselves."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from monitor.app.web_place import _app_user
from monitor.config import Settings
from monitor.notify.mini_app import AHEAD, FRESH, MOST_DATA, AppUser, app_user, signature
from monitor.store.session_rows import Session
from monitor.store.transaction import Store
from monitor.types import Address, Chat, ChatKind, ChatState
from monitor.web import Site
from monitor.web.site import WRONG_TOKENS
from tests.store_samples import AN, NOW
from tests.web.browser import Browsing
from tests.web.test_gate import ADMIN, served, site_of
from tests.web.test_login import Tab, tab_of

TOKEN = "70001:" + "s" * 35
WRONG = "70002:" + "s" * 35


def signed(user_id: object = AN.chat_id, *, at: datetime = NOW, token: str = TOKEN, **more: str) -> str:
    """What Telegram puts behind the # of an app's address."""
    user = {"id": user_id, "first_name": "Lan", "last_name": "Trần", "language_code": "vi"}
    fields = {
        "query_id": "AAF",
        "user": json.dumps(user, ensure_ascii=False),
        "auth_date": str(int(at.timestamp())),
        "signature": "ed25519-of-telegram",
        **more,
    }
    return urlencode({**fields, "hash": signature(fields, token)})


def app_site(store: Store, **more: Any) -> Site:
    return site_of(store, app_user=lambda data, now: app_user(data, token=TOKEN, now=now), **more)


async def send(tab: Tab, init_data: str, **headers: str) -> int:
    form = {"init_data": init_data}
    async with tab.http.post(f"{tab.base}/app/login", data=form, headers=headers, allow_redirects=False) as answer:
        return answer.status


def known(store: Store, state: ChatState = ChatState.ACTIVE) -> None:
    with store.writing() as tx:
        tx.save_chat(Chat(AN, ChatKind.PRIVATE, "Lan", state=state, lang="en"))


def sessions(store: Store, address: Address = AN) -> list[Session]:
    with store.reading() as tx:
        return tx.sessions_of(address, now=NOW)


# ---------------------------------------------------------------- what Telegram signed


def test_the_hash_is_that_of_telegrams_own_description() -> None:
    # by hand, with openssl: key = HMAC("WebAppData", token); hash = HMAC(key, "a=1\nb=2")
    assert signature({"b": "2", "a": "1"}, "123456:ABC") == (
        "b759c5fc092f65c3559a1e8123f34ab7e788b36362b07c2dc593a7a0145bb481"
    )


def test_what_is_signed_and_fresh_names_somebody() -> None:
    assert app_user(signed(), token=TOKEN, now=NOW + FRESH) == AppUser(AN.chat_id, "Lan Trần")
    assert app_user(signed(at=NOW + AHEAD), token=TOKEN, now=NOW) is not None


@pytest.mark.parametrize(
    "init_data",
    [
        *("", "hash=", "user=1", "%00", "a=1&a=2&hash=x", "a" * (MOST_DATA + 1)),
        signed(token=WRONG),
        signed() + "&extra=1",
        signed() + "&auth_date=1",
        signed().replace("Lan", "Mai"),
        signed(at=NOW - FRESH - timedelta(seconds=1)),
        signed(at=NOW + AHEAD + timedelta(seconds=1)),
        signed(auth_date=""),
        signed(auth_date="-1"),
        signed(auth_date="9" * 30),
        signed(auth_date="²"),
        signed(user=""),
        signed(user="[]"),
        signed(user="null"),
        *(signed(number) for number in ("101", -1, 0, True, 1.5, None, [101])),
    ],
)
def test_what_is_not_signed_old_or_names_nobody_is_nobody(init_data: str) -> None:
    assert app_user(init_data, token=TOKEN, now=NOW) is None


@given(st.text(max_size=200))
def test_any_text_is_nobody(init_data: str) -> None:
    assert app_user(init_data, token=TOKEN, now=NOW) is None


# ---------------------------------------------------------------- the login


async def test_whoever_telegram_names_is_logged_in_as_their_private_chat(store: Store) -> None:
    known(store)
    async with tab_of(app_site(store)) as tab:
        assert await send(tab, signed()) == 303
        assert (await tab.open("/"))[0] == 200
    assert [(each.who, each.user_id, each.browser) for each in sessions(store)] == [
        ("Lan Trần", AN.chat_id, "Telegram, Linux")
    ]


async def test_an_administrators_own_chat_administers(store: Store) -> None:
    async with tab_of(app_site(store)) as tab:
        assert await send(tab, signed(ADMIN.chat_id)) == 303
        assert (await tab.open("/watchlists.json"))[0] != 403


@pytest.mark.parametrize("state", [None, ChatState.BARRED])
async def test_whom_the_bot_does_not_know_or_has_barred_is_not_let_in(store: Store, state: ChatState | None) -> None:
    if state is not None:
        known(store, state)
    async with tab_of(app_site(store)) as tab:
        assert await send(tab, signed()) == 403
        assert tab.cookie == ""
    assert sessions(store) == []


async def test_who_is_logged_in_already_is_switched_to_no_other_chat(store: Store) -> None:
    known(store)
    async with tab_of(app_site(store)) as tab:
        await send(tab, signed())
        mine = tab.cookie
        assert await send(tab, signed()) == 303, "opened once more"
        assert await send(tab, signed(ADMIN.chat_id)) == 403
        assert tab.cookie == mine
    assert (len(sessions(store)), len(sessions(store, ADMIN))) == (1, 0)


async def test_what_is_wrong_counts_as_a_guess(store: Store) -> None:
    known(store)
    async with tab_of(app_site(store)) as tab:
        for _ in range(WRONG_TOKENS.most):
            assert await send(tab, signed(token=WRONG)) == 403
        assert await send(tab, signed()) == 429
    assert sessions(store) == []


async def test_another_sites_page_sends_nothing_there(store: Store) -> None:
    known(store)
    async with tab_of(app_site(store)) as tab:
        assert await send(tab, signed(), Origin="https://evil.example") == 403
        assert await send(tab, signed(), Origin="null") == 403


async def test_where_there_is_no_app_it_says_so(store: Store) -> None:
    known(store)
    async with tab_of(site_of(store)) as tab:
        assert "no page inside of Telegram" in (await tab.open("/app"))[1]
        assert await send(tab, signed()) == 404


@pytest.mark.parametrize(
    ("url", "token", "is_there"),
    [
        ("https://a.example", TOKEN, True),
        ("http://a.example", TOKEN, False),
        ("https://a.example", None, False),
    ],
)
def test_there_is_one_where_the_page_is_https_and_the_bot_has_a_token(
    url: str, token: str | None, is_there: bool
) -> None:
    settings = Settings(web_url=url, telegram_token=SecretStr(token) if token else None)
    check = _app_user(settings)
    assert (check is not None) is is_there
    if check is not None:
        assert check(signed(), NOW) == AppUser(AN.chat_id, "Lan Trần")


# ---------------------------------------------------------------- in a window


@pytest.mark.parametrize(
    ("ground", "theme"), [("#17212b", "dark"), ("#ffffff", "light"), (None, None), ("x", None), ("#12345", None)]
)
async def test_a_window_of_telegram_logs_in_by_itself_in_its_colours(
    browsing: Browsing, store: Store, ground: str | None, theme: str | None
) -> None:
    known(store)
    now = datetime.now(UTC)
    colours = "" if ground is None else f"&tgWebAppThemeParams={quote(json.dumps({'bg_color': ground}))}"
    async with served(app_site(store, clock=lambda: now)) as browser:
        tab = await browsing.tab(browser.base, dark=theme == "light")
        await tab.goto(f"/app#tgWebAppData={quote(signed(at=now))}&tgWebAppVersion=8.0{colours}")
        await tab.wait_for_url(f"{browser.base}/")
        assert await tab.get_attribute("html", "data-theme") == theme
        if theme is not None:
            shown = await tab.evaluate("getComputedStyle(document.body).backgroundColor")
            assert shown == {"dark": "rgb(18, 24, 31)", "light": "rgb(251, 250, 247)"}[theme]
            await tab.emulate_media(media="print")
            assert await tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


async def test_outside_of_telegram_the_page_waits_and_says_what_to_do(browsing: Browsing, store: Store) -> None:
    async with served(app_site(store)) as browser:
        tab = await browsing.tab(browser.base)
        await tab.goto("/app#x")
        assert "send it /web" in await tab.inner_text("main")
        assert tab.url.endswith("/app#x")


async def test_a_planted_theme_is_no_markup(store: Store) -> None:
    async with tab_of(site_of(store)) as tab:
        _, text = await tab.open("/login", Cookie='monitor_theme="><script>alert(1)</script>')
    assert "alert" not in text
    assert "data-theme" not in text
