"""/broadcast: nothing leaves before a yes, everybody gets it once, and what waits can be taken back."""

from datetime import timedelta

from monitor.pipeline.broadcast import broadcast_key
from monitor.types import Address, AlertState, Chat, ChatKind, ChatState
from tests.bot.house import CHIEF, EDITOR, FORUM, GROUP, MEMBER, MORNING, OTHER, READER, House

TEXT = "Tối nay bảo trì <30 phút>,\ntin sẽ đến chậm."


def joined(house: House) -> None:
    """Seven chats, of which four are reached; the forum subscribes in two topics."""
    with house.store.writing() as tx:
        for chat in (
            Chat(Address(READER), ChatKind.PRIVATE),
            Chat(Address(OTHER), ChatKind.PRIVATE, lang="en", state=ChatState.PAUSED),
            Chat(Address(2001), ChatKind.PRIVATE, state=ChatState.BLOCKED),
            Chat(Address(2002), ChatKind.PRIVATE, state=ChatState.BARRED),
            Chat(Address(FORUM, 7), ChatKind.GROUP),
            Chat(Address(FORUM, 8), ChatKind.GROUP),
            Chat(Address(0), ChatKind.TERMINAL),
            Chat(Address(EDITOR), ChatKind.PRIVATE, lang="en"),
        ):
            tx.save_chat(chat)


async def test_the_dry_run_says_how_many_and_shows_the_text_and_sends_nothing(house: House) -> None:
    joined(house)
    async with house.serving(admins=[EDITOR]):
        shown = await house.ask(f"/broadcast {TEXT}", EDITOR)
    assert shown.text.splitlines() == [
        "Nothing is sent yet. It would reach 4 chats:",
        "• en: 1 active, 1 paused",
        "• vi: 2 active, 0 paused",
        "Not reached: 1 lost, 1 barred",
        "It takes about 1 second. This is how it will look:",
        "",
        *TEXT.splitlines(),
    ]
    assert [house.waiting(chat) for chat in (READER, OTHER, EDITOR)] == [[], [], []]


async def test_after_a_yes_each_chat_gets_it_once_whatever_is_pressed_again(house: House) -> None:
    joined(house)
    async with house.serving(admins=[EDITOR]):
        shown = await house.ask(f"/broadcast {TEXT}", EDITOR)
    async with house.serving(admins=[EDITOR]):  # a restart forgets nothing
        yes = shown.buttons[0][0]["callback_data"]
        await house.press(shown, "📣")
        await house.forge(yes, EDITOR)
        await house.press(house.again(shown), "🔄")
        assert house.again(shown).text.splitlines()[0] == "📣 0 of 4 sent, 4 waiting"
        assert "message to all: Tối nay bảo trì <30 phút>" in (await house.ask("/changes", EDITOR)).text
    assert [house.waiting(chat) for chat in (READER, OTHER, 2001, 2002, EDITOR)] == [[TEXT], [TEXT], [], [], [TEXT]]
    assert [house.waiting(FORUM, topic) for topic in (7, 8)] == [[TEXT], []]


async def test_what_still_waits_is_taken_back(house: House) -> None:
    joined(house)
    async with house.serving(admins=[EDITOR]):
        shown = await house.ask(f"/broadcast {TEXT}", EDITOR)
        await house.press(shown, "📣")
        with house.store.writing() as tx:
            [first] = tx.claim_alerts(now=MORNING, lease=timedelta(minutes=1), limit=1)
            tx.settle(first, AlertState.SENT, now=MORNING, message_id=77)
        await house.press(house.again(shown), "⏹")
        assert house.again(shown).text.splitlines()[:2] == ["📣 1 of 4 sent, 0 waiting", "⏹ Stopped: 3 do not get it."]
        assert house.again(shown).labels() == []
        with house.store.writing() as tx:
            assert tx.claim_alerts(now=MORNING, lease=timedelta(minutes=1), limit=9) == []
        assert "taken back" in (await house.ask("/changes", EDITOR)).text


async def test_a_no_or_a_late_yes_sends_nothing(house: House) -> None:
    joined(house)
    async with house.serving(admins=[EDITOR]):
        shown = await house.ask(f"/broadcast {TEXT}", EDITOR)
        await house.press(shown, "✖️")
        assert house.again(shown).text == "Nothing was sent."
        late = await house.ask(f"/broadcast {TEXT}", EDITOR)
        house.clock.now += timedelta(hours=2)
        assert await house.press(late, "📣")
    assert house.waiting(READER) == []


async def test_only_administrators_write_to_all_and_where_it_was_asked(house: House) -> None:
    joined(house)
    async with house.serving(admins=[EDITOR, GROUP]):
        shown = await house.ask(f"/broadcast {TEXT}", GROUP, user=CHIEF)
        assert await house.press(shown, "📣", user=MEMBER)
        assert house.waiting(READER) == []
        yes = shown.buttons[0][0]["callback_data"]
        await house.forge(yes, READER)
        await house.forge(yes, EDITOR)
        await house.forge(
            yes.replace("bc:", "edit:"), GROUP, user=CHIEF
        )  # a yes to a change of a watch is none to this
        assert house.waiting(READER) == []
        assert "không biết lệnh" in (await house.ask(f"/broadcast {TEXT}", READER)).text


async def test_a_long_text_is_taken_and_one_beyond_a_message_is_refused(house: House) -> None:
    joined(house)
    async with house.serving(admins=[EDITOR]):
        assert (await house.ask("/thongbao " + "chữ " * 600, EDITOR)).labels()
        assert "at most 2,500" in (await house.ask("/broadcast " + "chữ " * 700, EDITOR)).text
        assert "/broadcast" in (await house.ask("/broadcast", EDITOR)).text
    assert broadcast_key(1) == "broadcast:1"
