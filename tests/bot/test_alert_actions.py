"""What a reader does with an alert: why, mute, wrong; and looking back with /latest."""

from datetime import timedelta

import telegram

from monitor.types import Address, AlertKind
from tests.bot.house import CHANNEL, CHIEF, EDITOR, FORUM, GROUP, MEMBER, OTHER, READER, House


async def test_the_latest_stories_are_those_of_what_is_followed(house: House) -> None:
    house.story()
    async with house.serving():
        assert "chưa theo dõi gì" in (await house.ask("/latest")).text
        await house.ask("/follow Tô Lâm")
        assert "Không có gì" in (await house.ask("/latest")).text
        await house.ask("/follow #nga")
        answer = await house.ask("/moinhat")
    assert "• Vladimir Putin: Ông Putin thăm một nhà máy Bến Sông · 08:00" in answer.text
    assert [e["url"] for e in answer.entities if e["type"] == "text_link"] == ["https://ben-song.example/k1.html"]


async def test_the_latest_of_a_target_needs_no_following(house: House) -> None:
    for n in range(7):
        house.clock.now += timedelta(minutes=1)
        house.story(f"Ông Putin nói điều thứ {n}", key=f"k{n}")
    async with house.serving():
        answer = await house.ask("/latest putin")
    assert [line[-16:] for line in answer.text.splitlines()[1:]] == [f"Bến Sông · 08:0{n}" for n in (7, 6, 5, 4, 3)]


async def test_why_is_answered_as_a_reply_to_the_alert(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        alert = await house.alert(Address(READER), house.story())
        await house.press(alert, alert.labels()[0])
        by_button = house.api.shown(READER)[-1]
        by_command = await house.ask("/why", reply_to=alert.message_id)
    assert by_button.reply_to == by_command.reply_to == alert.message_id
    assert by_button.text == by_command.text
    assert "Vladimir Putin" in by_button.text
    assert "Putin" in by_button.bold()


async def test_why_without_an_alert_says_how_to_ask(house: House) -> None:
    async with house.serving():
        assert "/visao" in (await house.ask("/why")).text
        hello = await house.ask("/start")
        assert "/visao" in (await house.ask("/why", reply_to=hello.message_id)).text


async def test_why_in_a_group_a_topic_or_a_channel_is_told_to_the_one_who_asks(house: House) -> None:
    story = house.story("Tổng thống Putin thăm một nhà máy ở ngoại ô")
    async with house.serving():
        for address in (Address(GROUP), Address(CHANNEL), Address(FORUM, 7)):
            who = None if address.chat_id == CHANNEL else CHIEF
            await house.ask("/follow Putin", address.chat_id, user=who, topic=address.thread_id or None)
            alert = await house.alert(address, story)
            before = house.api.texts(address.chat_id)
            for user in (MEMBER, CHIEF):
                note = await house.press(alert, alert.labels()[0], user=user)
                assert note == "Vladimir Putin: “Tổng thống Putin thăm một nhà máy ở ngoại ô”"
            assert house.api.texts(address.chat_id) == before
        private = await house.alert(Address(READER), story)
        await house.press(private, private.labels()[0])
        assert house.api.shown(READER)[-1].reply_to == private.message_id


async def test_complaints_where_many_read_are_counted_each_person_once_and_change_nothing_for_others(
    house: House,
) -> None:
    async with house.serving():
        await house.ask("/follow Putin", CHANNEL)
        await house.ask("/lang en", CHANNEL)
        alert = await house.alert(Address(CHANNEL), house.story())
        assert await house.press(alert, "Sai", user=MEMBER) == "Noted (1). The editors will look at it."
        assert await house.press(alert, "Sai", user=MEMBER) == "You have said so already (1)."
        assert await house.press(alert, "Sai", user=CHIEF) == "Noted (2). The editors will look at it."
        assert house.again(alert) == alert
    with house.store.reading() as tx:
        assert len(tx.feedback(limit=10)) == 1


async def test_a_forged_press_about_another_chats_alert_tells_nothing(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        story = house.story()
        theirs = await house.alert(Address(READER), story)
        forged = await house.bot.send_message(
            OTHER,
            "x",
            reply_markup=telegram.InlineKeyboardMarkup.from_button(
                telegram.InlineKeyboardButton("?", callback_data=theirs.data()[1])
            ),
        )
        shown = next(each for each in house.api.shown(OTHER) if each.message_id == forged.message_id)
        assert "không còn lưu" in await house.press(shown, "?")
    with house.store.reading() as tx:
        assert tx.muted(story) == set()


async def test_a_muted_story_is_silent_until_its_button_takes_that_back(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        story = house.story()
        alert = await house.alert(Address(READER), story)
        assert "Sẽ không báo thêm" in await house.press(alert, alert.labels()[1])
        labels = house.again(alert).labels()
        assert labels == [alert.labels()[0], "Bật lại chuyện này", alert.labels()[2]]
        with house.store.reading() as tx:
            assert tx.muted(story) == {Address(READER)}
        assert "báo lại" in await house.press(house.again(alert), "Bật lại chuyện này")
        assert house.again(alert).labels() == alert.labels()
        assert house.again(alert).data() == alert.data()
    with house.store.reading() as tx:
        assert tx.muted(story) == set()


async def test_mute_in_reply_to_an_alert(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        story = house.story()
        alert = await house.alert(Address(READER), story)
        await house.ask("/tamim", reply_to=alert.message_id)
        with house.store.reading() as tx:
            assert tx.muted(story) == {Address(READER)}
        await house.ask("/batlai", reply_to=alert.message_id)
    with house.store.reading() as tx:
        assert tx.muted(story) == set()


async def test_a_complaint_is_kept_with_its_evidence_and_told_to_the_admins_once(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        await house.ask("/start", EDITOR)
        story = house.story()
        alerts = []
        for chat in (READER, OTHER):
            await house.ask("/start", chat)
            alerts.append(await house.alert(Address(chat), story))
        for alert in alerts:
            assert "Cảm ơn" in await house.press(alert, alert.labels()[2])
            assert house.again(alert).labels()[2] == "✔ Đã báo sai"
        listed = await house.ask("/feedback", EDITOR)
    with house.store.writing() as tx:
        complaints = tx.feedback(limit=10)
        notices = tx.claim_alerts(now=house.clock.now, lease=timedelta(minutes=1), limit=10)
    assert {complaint["chat_id"] for complaint in complaints} == {READER, OTHER}
    assert [(notice.address.chat_id, notice.kind) for notice in notices] == [(EDITOR, AlertKind.NOTICE)]
    assert "Ông Putin thăm một nhà máy" in notices[0].text
    assert "Vladimir Putin: “Putin”" in notices[0].text
    assert listed.text.count("Vladimir Putin (name: Putin) “Putin”") == 1
