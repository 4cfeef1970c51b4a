"""Whatever is pressed or typed, by whomever: an answer, no traceback, nobody else's rows, no word of it in the log."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import pytest
import telegram
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from monitor.bot.commands import BY_NAME, PRESSES
from monitor.store.archive import export_rows
from monitor.types import Address, Chat, ChatKind, Target, own_id
from tests.bot.house import CHANNEL, CHIEF, EDITOR, FORUM, GROUP, MEMBER, MORNING, OTHER, READER, House

KINDS = {GROUP: ChatKind.GROUP, FORUM: ChatKind.GROUP, CHANNEL: ChatKind.CHANNEL}
FERRY = "events:\n  - id: own-0\n    name: Phà\n    match: [phà]\n"
SECRET = "lời riêng của một người đọc"
Rows = list[dict[str, Any]]
Handle = Callable[[telegram.Update], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Speaker:
    """Somebody in a chat; `may_change` what it gets, `operates` the bot."""

    chat: int
    user: int
    may_change: bool = False
    operates: bool = False
    topic: int | None = None


READERS = (
    Speaker(READER, READER, may_change=True),
    Speaker(GROUP, MEMBER),
    Speaker(GROUP, CHIEF, may_change=True),
    Speaker(CHANNEL, MEMBER),
    Speaker(FORUM, MEMBER, topic=7),  # an admin chat here, but only read along
)
ADMINS = (Speaker(EDITOR, EDITOR, True, True), Speaker(FORUM, CHIEF, True, True, topic=8))

AWKWARD = (
    *("", "+", "-", "0", "1", "²", "٣", "9" * 30, "-1", "~", "*", "r", "l", "#", "vi", "putin", "#nga", "all", "again"),
    *("p:1:c:0", "y:1:c:0:1", "x:2:n:0:1", "z:1:c:9999:1", "k:1", "k:2", "l:2", "s:2", "d:1", "d:2", "h:1", "v:2"),
    *("drop", "item:1", "alert:1", "alert:2", "list", "bar", str(OTHER), "2h", "\0", "\ud800", "đ", "&<b>", SECRET),
)
pieces = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=12), st.integers().map(str))
data = st.lists(pieces, max_size=5).map(":".join)
arguments = st.one_of(st.lists(pieces, max_size=6).map(" ".join), st.text(max_size=700))
any_length = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


@pytest.fixture
async def handle(house: House) -> Handle:
    """The bot's own handlers, without the way to them; everybody has an alert, an own watch, and something is stuck."""
    service = house.service("open", admins=[EDITOR, FORUM])
    application = service._application()
    await application.initialize()
    story = house.story()
    places = [Address(chat) for chat in (READER, OTHER, GROUP, CHANNEL, EDITOR, FORUM)]
    with house.store.writing() as tx:
        for address in (*places, Address(FORUM, 7), Address(FORUM, 8)):
            tx.save_chat(Chat(address, KINDS.get(address.chat_id, ChatKind.PRIVATE), joined_at=MORNING))
            number = tx.add_own_watch(address, asked="phà", text=FERRY, now=MORNING)
            if number % 2:
                tx.keep_own_watch(number, now=MORNING)
                tx.follow(address, Target(own_id(number)), now=MORNING)
    for address in places:
        await house.alert(address, story)

    async def handled(update: telegram.Update) -> None:
        await application.process_update(update)
        await asyncio.gather(*service._context.errands._tasks)  # what is looked up for a watch is part of the answer

    return handled


def rows(house: House) -> Rows:
    with house.store.reading() as tx:
        return list(export_rows(tx))


def of_others(rows: Rows, chat: int) -> Rows:
    """What stands in all other chats, but that a reader complained."""
    mine = {row["id"] for row in rows if row["table"] == "own_watches" and row["chat_id"] == chat}
    return [
        row
        for row in rows
        if row.get("chat_id") != chat
        and not str(row.get("dedupe_key")).startswith("feedback")
        and not (row["table"] == "own_marks" and row["watch_id"] in mine)
        and not str(row.get("watch_id")).startswith("own-")  # what a kept watch would have brought
    ]


def wishes(rows: Rows) -> Rows:
    """What chats follow, mute and are spoken to in."""
    return [row for row in rows if row["table"] in ("subscriptions", "mutes", "own_watches", "own_marks")] + [
        {name: row[name] for name in ("chat_id", "thread_id", "lang", "state")}
        for row in rows
        if row["table"] == "chats"
    ]


def rights(rows: Rows) -> Rows:
    """What only administrators of the bot can change."""
    return [row for row in rows if row["table"] == "invites"] + [
        row for row in rows if row["table"] == "chats" and row["state"] == "barred"
    ]


def said_of(logs: list[Any]) -> list[str]:
    """Lines at info and above that tell of a bug, or hold what a person wrote."""
    return [str(line) for line in logs if line["log_level"] == "error" or SECRET in str(line)]


def place_of_speaker(house: House, who: Speaker) -> dict[str, Any]:
    place: dict[str, Any] = {"chat": house.api.chat(who.chat).public()}
    return place | ({"message_thread_id": who.topic, "is_topic_message": True} if who.topic else {})


@pytest.mark.slow
@any_length
@given(action=st.sampled_from([*PRESSES, "", "x", SECRET]), argument=data, who=st.sampled_from([*READERS, *ADMINS]))
async def test_any_press_is_answered_and_touches_nobody_else(
    house: House, handle: Handle, action: str, argument: str, who: Speaker
) -> None:
    before = rows(house)
    shown = house.api.shown(who.chat)[-1]
    query = str(house.api.next_query)
    house.api.next_query += 1
    update = {
        "id": query,
        "from": {"id": who.user, "is_bot": False, "first_name": "x"},
        "message": {
            **place_of_speaker(house, who),
            "message_id": shown.message_id,
            "date": 1_700_000_000,
            "text": "x",
        },
        "chat_instance": "1",
        "data": f"{action}:{argument}",
    }
    with capture_logs() as logs:
        await handle(telegram.Update(1, callback_query=telegram.CallbackQuery.de_json(update, house.bot)))
    after = rows(house)
    assert said_of(logs) == []
    assert query in house.api.answers
    if not who.operates:
        assert of_others(after, who.chat) == of_others(before, who.chat)
        assert rights(after) == rights(before)
    if not who.may_change:
        assert wishes(after) == wishes(before)


@pytest.mark.slow
@any_length
@given(name=st.sampled_from(sorted(BY_NAME)), argument=arguments, who=st.sampled_from([*READERS, *ADMINS]))
async def test_any_argument_of_any_command_is_answered_and_touches_nobody_else(
    house: House, handle: Handle, name: str, argument: str, who: Speaker
) -> None:
    await typed(house, handle, f"/{name} {argument}", who)


@pytest.mark.slow
@any_length
@given(text=arguments, who=st.sampled_from([*READERS, *ADMINS]))
async def test_any_text_without_a_command_is_answered_and_touches_nobody_else(
    house: House, handle: Handle, text: str, who: Speaker
) -> None:
    await typed(house, handle, text, who)


async def typed(house: House, handle: Handle, text: str, who: Speaker) -> None:
    before = rows(house)
    update = {
        **place_of_speaker(house, who),
        "message_id": 77_000,
        "from": {"id": who.user, "is_bot": False, "first_name": "x"},
        "date": 1_700_000_000,
        "text": text,
    }
    if who.chat == CHANNEL:
        update |= {"sender_chat": update["chat"]}
    kind = "channel_post" if who.chat == CHANNEL else "message"
    with capture_logs() as logs:
        await handle(telegram.Update.de_json({"update_id": 1, kind: update}, house.bot))
    after = rows(house)
    assert said_of(logs) == []
    if not who.operates:
        assert of_others(after, who.chat) == of_others(before, who.chat)
        assert rights(after) == rights(before)
    if not who.may_change and who.chat != CHANNEL:
        assert wishes(after) == wishes(before)
    assert house.reloads == 0 or who.operates
    house.reloads = 0


@pytest.mark.parametrize(
    "data", ["t:+:r", "t:", "m:l:²", "p:²", "u:²:putin", "why:²", "q:²:", "stuck:again:item:٣", "ow:k:²", "ow:y:9"]
)
async def test_a_button_that_no_version_of_ours_has_drawn_gets_an_answer(house: House, data: str) -> None:
    async with house.serving():
        await house.ask("/start")
        menu = await house.ask("/watchlist")
        shown = house.api.chat(READER).messages[menu.message_id]
        shown["reply_markup"]["inline_keyboard"].append([{"text": "lạ", "callback_data": data}])
        with capture_logs() as logs:
            await house.press(house.again(menu), "lạ")
    assert said_of(logs) == []


async def test_a_bug_leaves_no_word_of_a_reader_in_the_log(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr("monitor.bot.conversation.search", broken)
    async with house.serving():
        await house.ask("/start")
        with capture_logs() as logs:
            house.api.push_message(READER, SECRET)
            await house.settled()
    (line,) = [line for line in logs if line["log_level"] == "error"]
    assert line["failure"] == "ValueError"
    assert any("test_forged" in call for call in line["calls"])
    assert SECRET not in str(logs)


async def test_what_is_for_administrators_does_not_exist_for_others(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        notes = {name: await house.forge(f"{name}:x", READER) for name, press in PRESSES.items() if press.admin}
    assert len(notes) > 3
    assert set(notes.values()) == {""}
