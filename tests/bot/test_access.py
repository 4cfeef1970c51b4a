"""Who is let in, who may change things in a group, and how chats come and go."""

from datetime import timedelta

from sqlalchemy import update
from structlog.testing import capture_logs

from monitor.store.tables import alerts
from monitor.types import Address, AlertState, ChatState
from tests.bot.house import CHANNEL, CHIEF, EDITOR, FORUM, GROUP, MEMBER, OTHER, READER, House


async def test_an_invitation_lets_one_chat_in(house: House) -> None:
    async with house.serving("invite", admins=[EDITOR]):
        assert "người được mời" in (await house.ask("/start")).text
        assert "người được mời" in (await house.ask("/follow Putin")).text
        assert "người được mời" in (await house.ask("Putin")).text
        assert await house.state() is None
        invitation = await house.ask("/invite", EDITOR)
        assert "https://t.me/monitor_test_bot?start=ma-moi-1" in invitation.text
        assert "đã hết hạn" in (await house.ask("/start ma-moi-2")).text
        assert "Xin chào" in (await house.ask("/start ma-moi-1")).text
        assert "đã có người dùng" in (await house.ask("/start ma-moi-1", OTHER)).text
        await house.ask("/follow Putin")
    assert await house.followed() == ["putin"]


async def test_an_invitation_expires_after_a_week_or_when_it_was_said_to(house: House) -> None:
    async with house.serving("invite", admins=[EDITOR]):
        assert "Dùng được đến 08:00 30/08" in (await house.ask("/invite", EDITOR)).text
        assert "Dùng được đến 08:00 24/08" in (await house.ask("/moi 24h", EDITOR)).text
        assert "30 ngày" in (await house.ask("/invite 31d", EDITOR)).text
        assert "30 ngày" in (await house.ask("/invite everybody", EDITOR)).text
        house.clock.now += timedelta(days=1)
        assert "đã hết hạn" in (await house.ask("/start ma-moi-2")).text
        assert "Xin chào" in (await house.ask("/start ma-moi-1")).text


async def test_open_invitations_are_listed_and_taken_back(house: House) -> None:
    async with house.serving("invite", admins=[EDITOR]):
        assert "Không có mã mời" in (await house.ask("/invite list", EDITOR)).text
        made = (await house.ask("/invite 3d", EDITOR)).text
        listed = (await house.ask("/invite list", EDITOR)).text
        assert "ma-moi-1" not in listed
        name = listed.partition(":")[0]
        assert f"/invite drop {name}" in made
        assert "Xem /moi danhsach" in (await house.ask("/invite drop 00000000", EDITOR)).text
        assert "không còn hiệu lực" in (await house.ask(f"/invite drop {name}", EDITOR)).text
        assert "đã hết hạn" in (await house.ask("/start ma-moi-1")).text


async def test_who_guesses_wrong_five_times_in_an_hour_waits_also_with_the_right_word(house: House) -> None:
    async with house.serving("invite", admins=[EDITOR]):
        await house.ask("/invite", EDITOR)
        for n in range(4):
            assert "đã hết hạn" in (await house.ask(f"/start doan-{n}")).text
        assert "chờ một giờ" in (await house.ask("/start doan-5")).text
        assert "chờ một giờ" in (await house.ask("/start ma-moi-1")).text
        assert "chờ một giờ" in (await house.ask("/start ma-moi-1", GROUP, user=READER)).text
        assert "Xin chào" in (await house.ask("/start ma-moi-1", OTHER)).text
        await house.ask("/invite", EDITOR)
        house.clock.now += timedelta(hours=1)
        assert "Xin chào" in (await house.ask("/start ma-moi-2")).text


async def test_no_log_holds_the_word_of_an_invitation(house: House) -> None:
    async with house.serving("invite", admins=[EDITOR]):
        with capture_logs() as logs:
            await house.ask("/invite", EDITOR)
            await house.ask("/start ma-moi-9")
            await house.ask("/start ma-moi-1")
    assert "ma-moi" not in str(logs)


async def test_in_an_admin_group_only_its_administrators_run_the_bot(house: House) -> None:
    story = house.story()
    async with house.serving("invite", admins=[GROUP, EDITOR]):
        await house.alert(Address(OTHER), story)
        with house.store.writing() as tx:
            tx._change(update(alerts).values(state=AlertState.UNCERTAIN))
        for command in ("/status", "/feeds", "/feedback", "/stuck", "/invite", "/access", "/reload"):
            assert "Chỉ quản trị viên" in (await house.ask(command, GROUP, user=MEMBER)).text
        assert house.reloads == 0
        stuck = await house.ask("/stuck", GROUP, user=CHIEF)
        assert "Chỉ quản trị viên" in await house.press(stuck, "🗑", user=MEMBER)
        assert "🗑" in "".join(house.again(stuck).labels())
        await house.press(stuck, "🗑", user=CHIEF)
        assert "🗑" not in "".join(house.again(stuck).labels())
        # who is named in person may, in whichever admin chat
        assert "✅" in (await house.ask("/reload", GROUP, user=EDITOR)).text
        as_group = telegram_message(GROUP, "/reload", sender_chat={"id": GROUP, "type": "supergroup", "title": "x"})
        house.api.push("message", as_group)
        await house.ask("/help", EDITOR)
    assert house.reloads == 2


async def test_a_reader_of_a_channel_turns_no_page_and_marks_nothing_for_all(house: House) -> None:
    story = house.story()
    async with house.serving():
        menu = await house.ask("/watchlist", CHANNEL)
        assert "Chỉ quản trị viên" in await house.press(menu, "Lãnh đạo", user=MEMBER)
        assert house.again(menu) == menu
        alert = await house.alert(Address(CHANNEL), story)
        assert "(1)" in await house.press(alert, "Sai", user=MEMBER)
        with house.store.reading() as tx:
            assert len(tx.feedback(limit=5)) == 1
        assert "(2)" in await house.press(alert, "Sai", user=CHIEF)
        assert house.again(alert) == alert
        assert "Chỉ quản trị viên" in await house.press(alert, "Tạm im", user=MEMBER)
        with house.store.reading() as tx:
            assert tx.muted(story) == set()


async def test_a_closed_door_keeps_who_is_in_and_lets_only_admins_through(house: House) -> None:
    async with house.serving("open"):
        await house.ask("/start")
    async with house.serving("closed", admins=[EDITOR]):
        await house.ask("/follow Putin")
        assert "không nhận thêm" in (await house.ask("/start", OTHER)).text
        await house.ask("/follow Putin", EDITOR)
    assert await house.followed() == await house.followed(EDITOR) == ["putin"]
    assert await house.followed(OTHER) == []


async def test_a_barred_chat_hears_nothing_until_it_is_allowed_again(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        menu = await house.ask("/watchlist")
        assert f"“Chat {READER}” ({READER})" in (await house.ask(f"/access bar {READER}", EDITOR)).text
        house.api.push_message(READER, "/follow Putin")
        house.api.push_message(READER, "Putin")
        await house.press(menu, "Tất cả")
        assert await house.followed() == []
        assert len(house.api.shown(READER)) == 1
        assert f"⛔ {READER}" in (await house.ask("/access", EDITOR)).text
        await house.ask(f"/access allow {READER}", EDITOR)
        await house.ask("/follow Putin")
    assert await house.followed() == ["putin"]


async def test_a_stranger_may_be_allowed_by_id(house: House) -> None:
    async with house.serving("closed", admins=[EDITOR]):
        await house.ask(f"/access allow {READER}", EDITOR)
        assert "Xin chào" in (await house.ask("/start")).text
        assert "CHAT_ID" not in (await house.ask(f"/access bar {OTHER}", EDITOR)).text
        assert "/quyen bar ID" in (await house.ask("/access everybody", EDITOR)).text
        assert "MONITOR_ADMIN_CHATS" in (await house.ask(f"/access bar {EDITOR}", EDITOR)).text
    assert await house.state(OTHER) is ChatState.BARRED


async def test_in_a_group_only_administrators_change_things(house: House) -> None:
    async with house.serving():
        assert "Chỉ quản trị viên" in (await house.ask("/follow Putin", GROUP, user=MEMBER)).text
        assert await house.followed(GROUP) == []
        assert "Vladimir Putin" in (await house.ask("/follow Putin", GROUP, user=CHIEF)).text
        assert "Vladimir Putin" in (await house.ask("/following", GROUP, user=MEMBER)).text
        menu = await house.ask("/watchlist", GROUP, user=MEMBER)
        await house.press(menu, "Sự kiện", user=MEMBER)
        assert "Chỉ quản trị viên" in await house.press(house.again(menu), "Động đất", user=MEMBER)
        await house.press(house.again(menu), "Động đất", user=CHIEF)
    assert await house.followed(GROUP) == ["putin", "dong-dat"]


async def test_telegram_is_asked_once_a_minute_who_administers(house: House) -> None:
    async with house.serving():
        for name in ("Putin", "Lavrov", "Tô Lâm"):
            await house.ask(f"/follow {name}", GROUP, user=CHIEF)
        assert len(house.api.accepted("getChatMember")) == 1
        house.api.set_member(GROUP, CHIEF, "member")
        house.clock.now += timedelta(minutes=2)
        assert "Chỉ quản trị viên" in (await house.ask("/unfollow all", GROUP, user=CHIEF)).text
    assert len(await house.followed(GROUP)) == 3


async def test_an_anonymous_administrator_may_change_things(house: House) -> None:
    async with house.serving():
        await house.settled()
        as_group = telegram_message(
            GROUP, "/follow Putin", sender_chat={"id": GROUP, "type": "supergroup", "title": "x"}
        )
        house.api.push("message", as_group)
        as_channel = telegram_message(
            GROUP, "/follow Lavrov", sender_chat={"id": CHANNEL, "type": "channel", "title": "x"}
        )
        house.api.push("message", as_channel)
        forwarded = as_channel | {"is_automatic_forward": True, "message_id": 3}
        house.api.push("message", forwarded)
        await house.settled()
    assert await house.followed(GROUP) == ["putin"]


def telegram_message(chat: int, text: str, **more: object) -> dict[str, object]:
    return {
        "message_id": 1,
        "date": 1_700_000_000,
        "chat": {"id": chat, "type": "supergroup", "title": "x"},
        "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"},
        "text": text,
        **more,
    }


async def test_who_cannot_be_checked_has_no_right(house: House) -> None:
    house.api.trouble("chat_not_found", method="getChatMember", times=None)
    async with house.serving():
        assert "Chỉ quản trị viên" in (await house.ask("/follow Putin", GROUP, user=CHIEF)).text
    assert await house.followed(GROUP) == []


async def test_a_channels_own_posts_are_its_administrators(house: House) -> None:
    async with house.serving():
        await house.ask("/theodoi Putin", CHANNEL)
        house.api.push_message(CHANNEL, "Một bài viết thường")
        await house.settled()
        assert len(house.api.shown(CHANNEL)) == 1
    assert await house.followed(CHANNEL) == ["putin"]


async def test_a_new_topic_of_an_invited_forum_needs_no_second_invitation(house: House) -> None:
    async with house.serving("invite", admins=[EDITOR]):
        await house.ask("/invite", EDITOR)
        await house.ask("/start ma-moi-1", FORUM, user=CHIEF, topic=7)
        await house.ask("/follow Putin", FORUM, user=CHIEF, topic=8)
    assert await house.followed(FORUM, 8) == ["putin"]


async def test_let_into_a_group_the_bot_greets_once(house: House) -> None:
    async with house.serving():
        house.api.push_my_chat_member(GROUP, "member", user_id=CHIEF)
        house.api.push_my_chat_member(GROUP, "administrator", old="member", user_id=CHIEF)
        house.api.push_my_chat_member(GROUP, "left", old="administrator", user_id=CHIEF)
        house.api.push_my_chat_member(GROUP, "member", old="left", user_id=CHIEF)
        await house.settled()
    assert [text.splitlines()[0][:9] for text in house.api.texts(GROUP)] == ["Xin chào!"]
    assert await house.state(GROUP) is ChatState.ACTIVE


async def test_a_channel_is_not_greeted_and_subscribes_all_the_same(house: House) -> None:
    async with house.serving():
        house.api.push_my_chat_member(CHANNEL, "administrator", user_id=CHIEF)
        await house.settled()
    assert house.api.shown(CHANNEL) == []
    assert await house.state(CHANNEL) is ChatState.ACTIVE


async def test_a_group_without_an_invitation_is_told_how_to_get_in(house: House) -> None:
    async with house.serving("invite", admins=[EDITOR]):
        house.api.push_my_chat_member(GROUP, "member", user_id=CHIEF)
        await house.settled()
        assert ["/batdau" in text for text in house.api.texts(GROUP)] == [True]
        assert await house.state(GROUP) is None
        # admins of the bot need none for the groups they bring it into
        house.api.push_my_chat_member(FORUM, "member", user_id=EDITOR)
        await house.settled()
    assert await house.state(FORUM) is ChatState.ACTIVE


async def test_a_reader_who_blocked_the_bot_is_lost_and_comes_back(house: House) -> None:
    async with house.serving():
        await house.ask("/follow Putin")
        house.api.push_my_chat_member(READER, "kicked", old="member")
        await house.settled()
        assert await house.state() is ChatState.BLOCKED
        house.api.push_my_chat_member(READER, "member", old="kicked")
        await house.settled()
    assert await house.state() is ChatState.ACTIVE
    assert await house.followed() == ["putin"]


async def test_a_group_that_becomes_a_supergroup_keeps_what_it_follows(house: House) -> None:
    house.api.add_chat(-55, "group", admins=(CHIEF,))
    async with house.serving():
        await house.ask("/follow Putin", -55, user=CHIEF)
        house.api.migrate(-55, -1000000000055)
        await house.settled()
        await house.ask("/follow Lavrov", -1000000000055, user=CHIEF)
    assert await house.followed(-1000000000055) == ["putin", "lavrov"]
    assert await house.state(-55) is None
