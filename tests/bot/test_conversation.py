"""Which answer belongs to an update: commands in both languages, the command menu, and answers that fail."""

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from monitor.bot import conversation
from monitor.bot.commands import COMMANDS
from monitor.store.transaction import Transaction
from monitor.types import Address, AlertState, Chat, ChatState
from tests.bot.house import CHIEF, EDITOR, GROUP, READER, House


async def test_every_command_answers_to_its_vietnamese_name(house: House) -> None:
    async with house.serving():
        assert "Xin chào" in (await house.ask("/batdau")).text
        await house.ask("/theodoi Putin")
        assert "Vladimir Putin" in (await house.ask("/dangtheodoi")).text
        await house.ask("/botheodoi Putin")
        assert await house.followed() == []
        assert "/trogiup" in (await house.ask("/trogiup")).text


async def test_an_unknown_command_gets_one_line_in_private_and_silence_in_a_group(house: House) -> None:
    async with house.serving():
        assert "/khongco" in (await house.ask("/khongco")).text
        house.api.push_message(GROUP, "/khongco", user_id=CHIEF)
        house.api.push_message(GROUP, "chào cả nhà", user_id=CHIEF)
        house.api.push_message(GROUP, "/follow@another_bot Putin", user_id=CHIEF)
        await house.settled()
    assert house.api.shown(GROUP) == []


async def test_a_command_may_name_this_bot(house: House) -> None:
    async with house.serving():
        await house.ask("/follow@Monitor_Test_Bot Putin", GROUP, user=CHIEF)
    assert await house.followed(GROUP) == ["putin"]


async def test_the_command_menu_is_set_in_both_languages_and_for_admins(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        await house.settled()
    menus = house.api.commands
    default, admin = '{"type": "default"}', f'{{"chat_id": {EDITOR}, "type": "chat"}}'
    assert set(menus) == {(scope, code) for scope in (default, admin) for code in ("", "vi", "en")}
    assert menus[default, ""] == menus[default, "vi"]
    about = {code: {c["command"]: c["description"] for c in menus[default, code]} for code in ("vi", "en")}
    assert about["en"]["follow"] == "Follow a name: /follow Putin, #nga"
    assert about["vi"]["theodoi"].startswith("Theo dõi")
    assert not about["vi"].keys() & {command.name for command in COMMANDS}
    for code, names in (("vi", [c.also for c in COMMANDS if c.admin]), ("en", [c.name for c in COMMANDS if c.admin])):
        assert {c["command"] for c in menus[admin, code]} - about[code].keys() == set(names)


async def test_a_menu_is_no_longer_than_telegram_takes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [
        replace(COMMANDS[0], name=f"c{n}", also=f"l{n}", about=f"{n} " + "dài " * 100)  # Telegram takes 256 characters
        for n in range(150)
    ]
    monkeypatch.setattr(conversation, "COMMANDS", many)
    async with house.serving():
        await house.settled()
    assert {len(menu) for menu in house.api.commands.values()} == {100}


async def test_an_admin_who_never_wrote_to_the_bot_does_not_keep_it_from_starting(house: House) -> None:
    house.api.trouble("chat_not_found", method="setMyCommands", times=1)
    async with house.serving(admins=[123456]):
        assert "Xin chào" in (await house.ask("/start")).text


async def test_an_answer_that_telegram_refuses_stops_nobody_else(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        house.api.trouble("blocked", chat_id=READER, times=1)
        house.api.push_message(READER, "/help")
        await house.settled()
        assert await house.state() is ChatState.BLOCKED
        house.api.trouble("flood", chat_id=READER, times=1, seconds=30)
        house.api.push_message(READER, "/help")
        await house.settled()
        house.clock.now += timedelta(seconds=30)
        await house.outbox()
        assert "/danhsach" in house.api.texts(READER)[-1]
        await house.ask("/start")
    assert await house.state() is ChatState.ACTIVE  # who writes again has unblocked the bot


async def test_a_bug_in_one_answer_stops_nobody_else(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        del house.report
        with capture_logs() as logs:
            house.api.push_message(EDITOR, "/status")
            await house.settled()
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["update not answered"]
    assert house.api.texts(EDITOR) == ["Đã có lỗi ở phía tôi. Bạn hãy thử lại sau."]


async def test_admins_hear_of_each_kind_of_bug_once_a_day_and_read_nothing_of_what_was_written(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        del house.report
        for _ in range(2):
            house.api.push_message(EDITOR, "/status điều bí mật")
            await house.settled()
    with house.store.writing() as tx:
        (notice,) = tx.claim_alerts(now=house.clock.now, lease=timedelta(minutes=1), limit=10)
    assert notice.address == Address(EDITOR)
    assert "AttributeError" in notice.text
    assert "bí mật" not in notice.text
    with house.store.reading() as tx:
        assert tx.outbox_counts()[AlertState.SENDING] == 1


async def test_a_command_reads_its_chat_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house.serving():
        await house.ask("/start")
        read: list[Address] = []
        real = Transaction.chat

        def noting(tx: Transaction, address: Address) -> Chat | None:
            read.append(address)
            return real(tx, address)

        monkeypatch.setattr(Transaction, "chat", noting)
        await house.ask("/following")
    assert read == [Address(READER)]
