"""/web: a link to the page, said to one person in private, with the rights of the chat that it is for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.bot.web_link import may_be_button
from monitor.pipeline.logins import MOST_MADE, hash_of
from monitor.store.session_rows import LoginLink
from monitor.store.tables import alerts, login_links
from monitor.types import Address, ChatState
from tests.bot.house import CHANNEL, CHIEF, EDITOR, FORUM, GROUP, MEMBER, OTHER, READER, House
from tests.bot.test_digest_settings import english
from tests.bot_api import Shown


def urls(shown: Shown) -> list[str]:
    return [button["url"] for row in shown.buttons for button in row if "url" in button]


def link_of(house: House, address: str) -> LoginLink | None:
    with house.store.reading() as tx:
        return tx.login_link(hash_of(address.partition("token=")[2]), now=house.clock.now)


def said_to(house: House, who: int) -> list[str]:
    return [shown.text + " ".join(urls(shown)) for shown in house.api.shown(who)]


@pytest.mark.parametrize("typed", ["/web", "/trang", "/trang web", "/TRANG"])
async def test_in_private_it_answers_with_this_chats_link(house: House, typed: str) -> None:
    async with house.serving():
        await english(house)
        shown = await house.ask(typed)
    [url] = urls(shown)
    assert url.startswith("https://tin.example/login?token=")
    assert "once, within ten minutes" in shown.text
    assert not shown.preview
    link = link_of(house, url)
    assert link is not None
    assert (link.address, link.user_id, link.who) == (Address(READER), READER, f"Người đọc {READER}")
    assert link.ends_at == house.clock.now + timedelta(minutes=10)


@pytest.mark.parametrize("page", ["http://127.0.0.1:9464", "http://localhost:9464", "http://monitor:9464"])
async def test_an_address_that_no_phone_reaches_is_said_as_text(house: House, page: str) -> None:
    house.page = page
    async with house.serving():
        await english(house)
        shown = await house.ask("/web")
    assert urls(shown) == []
    [code] = [shown.passage(each) for each in shown.entities if each["type"] == "code"]
    assert code.startswith(f"{page}/login?token=")
    assert link_of(house, code) is not None
    assert "on the machine alone" in shown.text


async def test_where_the_page_is_https_telegram_opens_it_inside_of_itself_too(house: House) -> None:
    async with house.serving():
        await english(house)
        shown = await house.ask("/web")
        assert [button["web_app"]["url"] for row in shown.buttons for button in row if "web_app" in button] == [
            "https://tin.example/app"
        ]
        house.page = "http://tin.example"
        shown = await house.ask("/web")
        assert len(urls(shown)) == 1
        assert shown.labels() == ["Open the page"]


async def test_a_groups_link_opens_in_a_browser_alone(house: House) -> None:
    async with house.serving():
        house.api.add_chat(CHIEF)
        await house.ask("/lang en", CHIEF)
        await house.ask("/lang en", GROUP, user=CHIEF)
        assert (await house.ask(f"/web {GROUP}", CHIEF)).labels() == ["Open the page"]


async def test_where_there_is_no_page_it_says_so(house: House) -> None:
    house.page = ""
    async with house.serving():
        await english(house)
        assert "There is no web page here" in (await house.ask("/web")).text


async def test_in_a_group_an_administrator_gets_it_in_private_and_nobody_sees_it(house: House) -> None:
    async with house.serving():
        house.api.add_chat(CHIEF)
        await house.ask("/lang en", CHIEF)
        await house.ask("/lang en", GROUP, user=CHIEF)
        shown = await house.ask("/web", GROUP, user=CHIEF)
        assert "The link is in your chat with me" in shown.text
        theirs = house.api.shown(CHIEF)[-1]
    assert not any("token=" in text for text in said_to(house, GROUP))
    link = link_of(house, urls(theirs)[0])
    assert link is not None
    assert (link.address, link.user_id) == (Address(GROUP), CHIEF)
    assert "As: " in theirs.text


async def test_in_a_group_whose_administrator_never_wrote_it_says_what_to_send(house: House) -> None:
    async with house.serving():
        await house.ask("/lang en", GROUP, user=CHIEF)
        shown = await house.ask("/web", GROUP, user=CHIEF)
        assert f"/web {GROUP}" in shown.text
        assert "https://t.me/monitor_test_bot" in shown.html
        house.api.add_chat(CHIEF)
        await house.ask("/lang en", CHIEF)
        theirs = await house.ask(f"/web {GROUP}", CHIEF)
    link = link_of(house, urls(theirs)[0])
    assert link is not None
    assert link.address == Address(GROUP)


async def test_a_topic_of_a_forum_is_a_place_of_its_own(house: House) -> None:
    async with house.serving():
        await house.ask("/lang en", FORUM, user=CHIEF, topic=7)
        assert f"/web {FORUM}:7" in (await house.ask("/web", FORUM, user=CHIEF, topic=7)).text
        house.api.add_chat(CHIEF)
        await house.ask("/lang en", CHIEF)
        theirs = await house.ask(f"/web {FORUM}:7", CHIEF)
        link = link_of(house, urls(theirs)[0])
        assert link is not None
        assert link.address == Address(FORUM, 7)


async def test_a_channel_is_told_whom_to_ask(house: House) -> None:
    async with house.serving():
        shown = await house.ask("/web", CHANNEL)
    assert f"/trang {CHANNEL}" in shown.text
    assert "token=" not in shown.html + " ".join(urls(shown))


@pytest.mark.parametrize("argument", [str(GROUP), f"{GROUP}:7", str(OTHER), "0", "-1", "@kenh", str(EDITOR), "1:2"])
async def test_who_does_not_administer_a_chat_gets_no_link_of_it(house: House, argument: str) -> None:
    async with house.serving(admins=[EDITOR]):
        await english(house)
        await house.ask("/lang en", GROUP, user=CHIEF)
        await house.ask("/lang en", OTHER)
        house.api.add_chat(MEMBER)
        await house.ask("/lang en", MEMBER)
        shown = await house.ask(f"/web {argument}", MEMBER)
    assert "that you administer" in shown.text
    with house.store.reading() as tx:
        assert tx._rows(login_links.select()) == []


async def test_a_member_of_a_group_is_refused(house: House) -> None:
    async with house.serving():
        await house.ask("/lang en", GROUP, user=CHIEF)
        assert "Only administrators" in (await house.ask("/web", GROUP, user=MEMBER)).text
    with house.store.reading() as tx:
        assert tx._rows(login_links.select()) == []


async def test_a_chat_that_was_barred_gets_none_also_by_its_administrator(house: House) -> None:
    async with house.serving():
        await house.ask("/lang en", GROUP, user=CHIEF)
        house.api.add_chat(CHIEF)
        await house.ask("/lang en", CHIEF)
        with house.store.writing() as tx:
            row = tx.chat(Address(GROUP))
            assert row is not None
            tx.save_chat(replace(row, state=ChatState.BARRED))
        assert "that you administer" in (await house.ask(f"/web {GROUP}", CHIEF)).text


async def test_who_is_not_let_in_gets_none(house: House) -> None:
    async with house.serving("invite", admins=[EDITOR]):
        assert "token=" not in (await house.ask("/web")).html
    with house.store.reading() as tx:
        assert tx._rows(login_links.select()) == []


async def test_too_many_are_refused_in_words(house: House) -> None:
    async with house.serving():
        await english(house)
        for _ in range(MOST_MADE):
            assert urls(await house.ask("/web"))
        assert "Too many links" in (await house.ask("/web")).text


async def test_a_link_that_has_to_wait_stands_in_no_row(house: House) -> None:
    async with house.serving():
        await english(house)
        with house.store.writing() as tx:
            tx.hold_chat(READER, house.clock.now + timedelta(hours=1), flooded=True)
        house.api.push_message(READER, "/web")
        await house.settled()
        with house.store.reading() as tx:
            rows = repr(tx._rows(alerts.select()))
    assert house.waiting(READER) == ["The link came too late. Please send /web once more."]
    assert "token=" not in rows
    assert "tin.example" not in rows


async def test_links_of_an_admin_chat_administer_and_the_menu_names_the_command(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        link = link_of(house, urls(await house.ask("/web", EDITOR))[0])
        menu = house.api.commands
    assert link is not None
    assert link.address == Address(EDITOR)
    assert any(each["command"] == "trang" for commands in menu.values() for each in commands)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://tin.example/login", True),
        ("http://192.168.1.5:9464/login", True),
        ("http://[2001:db8::1]:9464/", True),
        ("http://127.0.0.1:9464/login", False),
        ("http://[::1]:9464/", False),
        ("http://localhost:9464/", False),
        ("http://tin.localhost/", False),
        ("http://monitor:9464/", False),
    ],
)
def test_telegram_takes_names_with_a_dot_behind_a_button(url: str, may: bool) -> None:
    assert may_be_button(url) is may


# ---------------------------------------------------------------- /settings


def logged_in(house: House, who: int, *browsers: str) -> None:
    with house.store.writing() as tx:
        for browser in browsers:
            link = LoginLink(hash_of(browser), Address(who), house.clock.now, who="Lan <b>")
            ends_at = house.clock.now + timedelta(days=30)
            tx.add_session(hash_of(f"{who}{browser}"), link, browser=browser, now=house.clock.now, ends_at=ends_at)


def sessions(house: House, who: int) -> int:
    with house.store.reading() as tx:
        return len(tx.sessions_of(Address(who), now=house.clock.now))


async def test_settings_show_who_is_logged_in_and_end_all_of_them(house: House) -> None:
    logged_in(house, READER, "Firefox, Linux", "Chrome, Android")
    logged_in(house, OTHER, "Safari, iPhone")
    async with house.serving():
        await english(house)
        page = await house.ask("/settings")
        await house.press(page, "Logged in on the web page: 2")
        shown = house.again(page)
        assert "Firefox, Linux · Lan <b> · 08:00 23/08" in shown.text
        assert "iPhone" not in shown.text
        await house.press(shown, "End all of them")
        shown = house.again(page)
        assert "No browser is logged in" in shown.text
        assert "End all of them" not in shown.labels()
        await house.press(shown, "All settings")
        assert "💻 Logged in on the web page: 0" in house.again(page).labels()
    assert (sessions(house, READER), sessions(house, OTHER)) == (0, 1)


async def test_in_a_group_only_administrators_end_logins(house: House) -> None:
    logged_in(house, GROUP, "Firefox, Linux")
    async with house.serving():
        await house.ask("/lang en", GROUP, user=CHIEF)
        page = await house.ask("/settings", GROUP, user=CHIEF)
        await house.press(page, "Logged in", user=CHIEF)
        await house.press(house.again(page), "End all", user=MEMBER)
        assert sessions(house, GROUP) == 1
        await house.press(house.again(page), "End all", user=CHIEF)
    assert sessions(house, GROUP) == 0


async def test_where_there_is_no_page_settings_say_nothing_of_it(house: House) -> None:
    house.page = ""
    async with house.serving():
        await english(house)
        assert not any("Logged in" in label for label in (await house.ask("/settings")).labels())
