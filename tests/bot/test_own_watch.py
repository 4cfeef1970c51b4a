"""/watch and /watches as a reader meets them: drafted, marked, learnt from, kept, ringing here alone, ended."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from monitor.bot.own_watch import MOST_TEXT
from monitor.notify.render import alert_message
from monitor.notify.telegram import TelegramSender
from monitor.pipeline.alerts import Timing
from monitor.pipeline.judge import Judge
from monitor.pipeline.lately_told import Ringing
from monitor.pipeline.own_child import in_process
from monitor.pipeline.own_watches import MOST_DRAFTS, MOST_KEPT
from monitor.pipeline.tell import Tell
from monitor.stories.grouping.window import StoryWindow
from monitor.types import (
    Address,
    AlertState,
    Card,
    Chat,
    ChatKind,
    Entry,
    FeedId,
    NewItem,
    OwnWatch,
    Placement,
    Role,
    Sent,
)
from tests.bot.house import CHANNEL, CHIEF, FORUM, GROUP, MEMBER, MORNING, OTHER, READER, House
from tests.bot_api import Shown

COFFEE = {f"Giá cà phê tăng phiên thứ {n}": n for n in range(1, 9)} | {
    f"Quán cà phê số {n} mở ở Đà Lạt": n + 10 for n in range(1, 7)
}


def published(house: House, titles: Mapping[str, int]) -> None:
    """Articles so many hours old, each a story, stored as detection would."""
    with house.store.writing() as tx:
        for title, hours in titles.items():
            at = house.clock.now - timedelta(hours=hours)
            entry = Entry(title, title, f"https://ben-song.example/{abs(hash(title))}.html", title, published_at=at)
            [item] = tx.add_items([NewItem(entry, FeedId("ben-song"), "Bến Sông", at, True)])
            tx.save_detection(item, [], Placement(None, Role.NEW), version="v1", now=at)


async def comes(house: House, title: str) -> list[Address]:
    """A new article goes through detection; who is rung."""
    entry = Entry(
        title, title, f"https://ben-song.example/{abs(hash(title))}.html", title, published_at=house.clock.now
    )
    with house.store.writing() as tx:
        [item] = tx.add_items([NewItem(entry, FeedId("ben-song"), "Bến Sông", house.clock.now, True)])
    judged, placement = await Judge(StoryWindow()).first(item, house.active, at=house.clock.now)

    def write_all() -> list[Address]:
        with house.store.writing() as tx:
            story = tx.save_detection(item, judged.all_matches, placement, version="v1", now=house.clock.now)
            known = tx.alerts_of_story(story)
            assert known == []
            Tell(tx, house.active, house.clock.now, Timing()).items(
                [Ringing(item, [each.watch_id for each in judged.all_matches], Role.NEW, story)]
            )
            return [row.address for row in tx.alerts_of_story(story)]

    return await asyncio.to_thread(write_all)


async def drawn(house: House, shown: Shown, *, without: str = "🔎") -> Shown:
    """The message once what was looked up is drawn into it."""
    await house.api.until(lambda: without not in house.again(shown).text)
    return house.again(shown)


async def asked(
    house: House, text: str, chat: int = READER, *, user: int | None = None, topic: int | None = None
) -> Shown:
    first = await house.ask(text, chat, user=user, topic=topic, lang="en")
    return await drawn(house, first)


async def pressed(house: House, shown: Shown, label: str, *, user: int | None = None) -> Shown:
    await house.press(shown, label, user=user)
    return await drawn(house, shown)


def examples(shown: Shown) -> list[str]:
    return [line for line in shown.text.splitlines() if line[:2].rstrip(".").isdigit()]


def labels(shown: Shown) -> list[str]:
    return [button["text"] for row in shown.buttons for button in row]


def owns(house: House, chat: int = READER, topic: int = 0) -> list[OwnWatch]:
    with house.store.reading() as tx:
        return tx.own_watches(Address(chat, topic))


async def test_a_whole_life_drafted_marked_learnt_kept_ringing_here_alone_over_a_restart_and_ended(
    house: House,
) -> None:
    published(house, COFFEE)
    async with house.serving():
        await house.ask("/start", lang="en")
        await house.ask("/follow *", OTHER)
        looking = await house.ask('/watch "cà phê"', lang="en")
        assert "I am looking" in looking.text
        card = await drawn(house, looking)
        assert "In the last day: 14 articles · 14 stories · about 14 messages a day" in card.text
        assert len(examples(card)) == 6
        urls = [each["url"] for each in card.entities if each["type"] == "text_link"]
        assert len(set(urls)) == 6
        for number in range(1, 7):
            card = await pressed(house, card, f"{number} ✓")
        assert examples(card)[0].startswith("1. ✅ Giá cà phê")
        card = await pressed(house, card, "▶")
        for number in range(3, 7):
            card = await pressed(house, card, f"{number} ✗")
    async with house.serving():  # whatever was said is there after a restart
        card = await pressed(house, card, "▶")
        for number in range(1, 3):
            card = await pressed(house, card, f"{number} ✗")
        card = await pressed(house, card, "Learn")
        assert "Learnt: it agrees with 12 of your marks now, before with 6" in card.text
        assert "8 articles" in card.text
        assert await house.followed() == []
        note = await house.press(card, "Keep")
        assert "Kept" in note
        (own,) = owns(house)
        assert await house.followed() == [own.watch_id]
        assert "kept, for this chat alone" in house.again(card).text
        assert await comes(house, "Giá cà phê tăng lên mức cao nhất") == [Address(READER)]
        assert await comes(house, "Quán cà phê số 99 mở ở Đà Lạt") == []
        latest = await house.ask(f"/latest {own.asked}")
        assert "Giá cà phê tăng phiên thứ 1" in latest.text, "its past is there, and by its name"
    async with house.serving():
        assert await comes(house, "Giá cà phê tăng lần nữa") == [Address(READER)]
        listed = await house.ask("/watches")
        assert '🎯 "cà phê"' in listed.text
        card = await pressed(house, listed, "cà phê")
        gone = await pressed(house, card, "End it")
        assert 'Ended: "cà phê"' in gone.text
        assert await comes(house, "Giá cà phê tăng mãi") == []
    assert (owns(house), await house.followed(), await house.followed(OTHER)) == ([], [], ["*"])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("cháy rừng ở Quảng Ninh", ["📰 What happens", "Quảng Ninh"]),
        ("Aryna Sabalenka", ["👤 A person: Aryna Sabalenka"]),
        ("Nguyễn Văn Thắng bộ trưởng", ["👤 A person: Nguyễn Văn Thắng", "only with bộ trưởng in the article"]),
        ("zzz", ["nothing would have come", "no more than what you typed"]),
    ],
)
async def test_a_newcomer_with_an_empty_store_gets_a_watch_in_plain_words(
    house: House, typed: str, said: Sequence[str]
) -> None:
    async with house.serving():
        card = await asked(house, f"/watch {typed}")
        for words in said:
            assert words in card.text
        await house.press(card, "Keep")
    (own,) = owns(house)
    assert own.kept_at is not None


async def test_a_name_taken_for_a_phrase_is_drafted_anew_as_a_person(house: House) -> None:
    async with house.serving():
        card = await asked(house, "/watch nguyễn văn thắng")
        assert "📰" in card.text
        card = await pressed(house, card, "It is a person's name")
        assert "👤 A person: Nguyễn Văn Thắng" in card.text
        card = await pressed(house, card, "Not a person")
        assert "📰" in card.text


async def test_what_came_close_can_be_marked_as_right(house: House) -> None:
    published(house, {"Anh Nguyễn Văn Thắng lái phà": 2, "Bộ trưởng Nguyễn Văn Thắng thăm bến": 1})
    async with house.serving():
        card = await asked(house, "/watch Nguyễn Văn Thắng bộ trưởng")
        card = await pressed(house, card, "Close, not caught: 1")
        assert "Close, not caught:" in card.text
        assert "lái phà" in examples(card)[0]
        card = await pressed(house, card, "1 ✓")
        assert "1. ✅" in card.text
        card = await pressed(house, card, "1 ✅")
        assert "✅" not in card.text, "pressing again takes it back"
        note = await house.press(card, "Learn")
        assert "Mark some articles first" in note


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('/watch "cà phê', ["column 1", "a quote is opened here and never closed"]),
        ("/watch (cà phê OR giá", ["column 1", "is never closed"]),
        ("/watch cà phê OR", ["column 10", "the end is not expected here: "]),
        ("/watch cà phê AND {khong co dau}", ["column 12"]),
        ("/watch @khong-co AND cà phê", ["`@khong-co` is no leader"]),
        ("/watch name: Cà phê\nmach: [x]", ["line 2, column 1", "`mach` is not a key"]),
        ("/watch a: &a [x]\nname: *a", ["line 1, column 4"]),
        ("/watch " + "name: x\n" * 500, ["at most 3,900 characters"]),
        ("/watch " + "à" * 300, ["at most 200 characters"]),
        ("/watch !!! ???", ["at most 200 characters"]),
        ("/watch", ["What should I watch for this chat alone"]),
        ("/watch 999: cà phê", ["not here any more"]),
    ],
)
async def test_what_cannot_be_taken_is_said_with_its_place_and_leaves_nothing(
    house: House, typed: str, said: Sequence[str]
) -> None:
    async with house.serving():
        answer = await house.ask(typed, lang="en")
    for words in said:
        assert words in answer.text
    assert owns(house) == []


async def test_a_wrong_query_is_said_in_vietnamese_around_the_place(house: House) -> None:
    async with house.serving():
        answer = await house.ask("/watch (cà phê", lang="vi")
        yaml = await house.ask("/watch name: x\n  match: [", lang="vi")
        unclosed = await house.ask("/watch cà phê OR", lang="vi")
        usage = await house.ask("/watch", lang="vi")
    assert answer.text.splitlines()[-2:] == ["(cà phê", "↑"]
    assert "dòng 2, cột 8: dấu hai chấm đặt sai chỗ" in yaml.text
    assert "expected" not in unclosed.text
    assert "• /theodoirieng cháy rừng" in usage.text


async def test_yaml_is_taken_shown_and_changed(house: House) -> None:
    published(house, COFFEE)
    async with house.serving():
        card = await asked(house, "/watch name: Cà phê\nmatch:\n- '\"giá cà phê\"'\n")
        assert "🎯 Cà phê" in card.text
        assert "8 articles" in card.text
        await house.press(card, "Keep")
        await house.press(card, "As YAML")
        (own,) = owns(house)
        yaml = house.api.shown(READER)[-1].text
        assert yaml.startswith("events:\n  - id: own-")
        assert f"/watch {own.number}: …" in yaml
        changed = yaml[: yaml.index("To change it")].replace("giá cà phê", "quán cà phê")
        card = await asked(house, f"/watch {own.number}: {changed}")
        assert "6 articles" in card.text
        assert await comes(house, "Quán cà phê số 77 mở ở Đà Lạt") == [Address(READER)]
        card = await asked(house, f"/watch {own.number}: giá cà phê")
        assert "8 articles" in card.text
        assert await comes(house, "Giá cà phê lại tăng") == [Address(READER)]
        assert await comes(house, "Quán cà phê số 78 mở ở Đà Lạt") == []
    assert [each.number for each in owns(house)] == [own.number]


async def test_a_chat_keeps_so_many_and_has_so_many_drafts(house: House) -> None:
    with house.store.writing() as tx:
        tx.save_chat(Chat(Address(READER), ChatKind.PRIVATE, joined_at=MORNING, lang="en"))
        for n in range(MOST_KEPT):
            number = tx.add_own_watch(Address(READER), asked=f"x{n}", text="leaders: [{id: x, name: X}]", now=MORNING)
            tx.keep_own_watch(number, now=MORNING)
    async with house.serving():
        for n in range(MOST_DRAFTS + 2):
            card = await asked(house, f"/watch lũ lụt {n}")
        note = await house.press(card, "✔")
        assert f"keeps {MOST_KEPT} watches of its own already" in note
        listed = await house.ask("/watches")
        assert "1/4" in labels(listed)
    assert len(owns(house)) == MOST_KEPT + MOST_DRAFTS


async def test_in_groups_administrators_decide_and_in_topics_it_is_that_topics(house: House) -> None:
    published(house, COFFEE)
    async with house.serving():
        refused = await house.ask("/watch giá cà phê", GROUP, user=MEMBER, lang="en")
        assert "administrators" in refused.text
        card = await asked(house, "/watch giá cà phê", GROUP, user=CHIEF)
        for label in ("Keep", "1 ✓", "Drop", "As YAML"):
            assert "administrators" in await house.press(card, label, user=MEMBER)
        await house.press(card, "Keep", user=CHIEF)
        in_topic = await asked(house, '/watch "quán cà phê"', FORUM, user=CHIEF, topic=7)
        await house.press(in_topic, "Keep", user=CHIEF)
        assert await comes(house, "Giá cà phê lại tăng") == [Address(GROUP)]
        assert await comes(house, "Quán cà phê số 78 mở ở Đà Lạt") == [Address(FORUM, 7)]
        listed = await house.ask("/watches", FORUM, user=CHIEF, topic=8, lang="en")
        assert "no watch of its own" in listed.text
    assert [len(owns(house, *place)) for place in ((GROUP, 0), (FORUM, 7), (FORUM, 8), (FORUM, 0))] == [1, 1, 0, 0]


async def test_a_strangers_button_does_nothing_to_another_chats_watch(house: House) -> None:
    published(house, COFFEE)
    async with house.serving():
        await house.ask("/start", OTHER, lang="en")
        card = await asked(house, "/watch giá cà phê")
        theirs = await asked(house, "/watch lũ lụt", OTHER)
        (mine,) = owns(house)
        before = owns(house)
        for row in card.buttons:
            for button in row:
                forged = house.api.chat(OTHER).messages[theirs.message_id]
                forged["reply_markup"]["inline_keyboard"] = [[button]]
                note = await house.press(house.again(theirs), button["text"])
                assert "not here any more" in note
        answer = await house.ask(f"/watch {mine.number}: mưa", OTHER, lang="en")
        assert "not here any more" in answer.text
        for wish in (f"/follow {mine.watch_id}", f"/start follow_{mine.watch_id}"):
            await house.ask(wish, OTHER)
    assert owns(house) == before
    assert await house.followed(OTHER) == []
    with house.store.reading() as tx:
        assert tx.own_marks(mine.number) == {}


async def test_others_are_not_told_of_it_where_watches_are_listed_or_looked_for(house: House) -> None:
    published(house, COFFEE)
    async with house.serving():
        await house.ask("/follow *", OTHER)
        card = await asked(house, '/watch name: "Cà phê của tôi"\nmatch: [\'"giá cà phê"\']')
        await house.press(card, "Keep")
        (own,) = owns(house)
        mine = await house.ask("/following")
        assert "Cà phê của tôi" in mine.text
        for said in (
            "/watchlist",
            "/following",
            "/latest Cà phê của tôi",
            "/latest",
            "/follow Cà phê của tôi",
            "/quotes",
        ):
            answer = await house.ask(said, OTHER)
            typed = ("“Cà phê của tôi”", "/tim Cà phê của tôi", "/theodoirieng Cà phê của tôi")  # said back as it came
            text = answer.text
            for echo in typed:
                text = text.replace(echo, "")
            assert "Cà phê của tôi" not in text
            assert "Cà phê của tôi" not in labels(answer)
        await comes(house, "Giá cà phê tăng kỷ lục")
        link = f"https://ben-song.example/{abs(hash('Giá cà phê tăng kỷ lục'))}.html"
        assert "Cà phê của tôi" not in (await house.ask(f"/missed {link}", OTHER)).text
        silent = await house.ask("/unfollow Cà phê của tôi", lang="en")
        assert "Cà phê của tôi" in silent.text
        assert "🔕" in (await house.ask("/watches")).text
        assert await comes(house, "Giá cà phê tăng thêm") == []
        card = await pressed(house, await house.ask("/watches"), "Cà phê của tôi")
        await house.press(card, "Tell me again")
        assert await comes(house, "Giá cà phê tăng nữa") == [Address(READER)]
    assert await house.followed() == [own.watch_id]


async def test_other_chats_are_answered_while_one_looks_something_up(house: House) -> None:
    looking = asyncio.Event()

    async def never(given: bytes) -> dict[str, object]:
        looking.set()
        await asyncio.Event().wait()
        raise AssertionError

    house.look = never
    async with house.serving():
        first = await house.ask("/watch giá cà phê", lang="en")
        await looking.wait()
        assert (await house.ask("/help", OTHER)).text
        second = await house.ask("/watch giá vàng", OTHER, lang="en")
        assert "1 is before you" in second.text
    house.look = None
    async with house.serving():  # what was not finished when the service ended can be asked for again
        card = await pressed(house, house.again(first), "Look again")
        assert "giá cà phê" in card.text
        assert "Keep" in " ".join(labels(card))


async def test_a_job_that_fails_says_so_and_the_next_one_goes_on(house: House) -> None:
    async def broken(given: bytes) -> dict[str, object]:
        raise RuntimeError("hỏng")

    house.look = broken
    async with house.serving():
        card = await asked(house, "/watch giá cà phê")
        assert "Something went wrong" in card.text
        assert (await house.ask("/help")).text


async def test_it_is_looked_up_in_a_process_of_its_own_as_the_service_does(house: House) -> None:
    published(house, COFFEE)
    house.look = in_process(house.store._url.render_as_string(hide_password=False))
    async with house.serving():
        card = await asked(house, "/watch giá cà phê")
    assert "8 articles" in card.text


async def test_a_channel_writes_its_own_watch_by_a_post(house: House) -> None:
    published(house, COFFEE)
    async with house.serving():
        card = await asked(house, "/watch giá cà phê", CHANNEL)
        await house.press(card, "✔", user=CHIEF)
        assert await comes(house, "Giá cà phê tăng nữa") == [Address(CHANNEL)]


async def test_it_moves_with_its_group(house: House) -> None:
    published(house, COFFEE)
    moved = GROUP - 1
    async with house.serving():
        card = await asked(house, "/watch giá cà phê", GROUP, user=CHIEF)
        await house.press(card, "Keep", user=CHIEF)
        with house.store.writing() as tx:
            tx.move_chat(GROUP, moved)
        assert await comes(house, "Giá cà phê tăng nữa") == [Address(moved)]


async def test_an_alert_of_it_that_is_wrong_is_a_mark_and_no_complaint_to_the_editors(house: House) -> None:
    async with house.serving(admins=[OTHER]):
        card = await asked(house, "/watch giá cà phê")
        await house.press(card, "Keep")
        (own,) = owns(house)
        assert await comes(house, "Giá cà phê ở quán tăng") == [Address(READER)]
        with house.store.writing() as tx:
            (row,) = tx.claim_alerts(now=house.clock.now, lease=timedelta(minutes=5), limit=9)
            card_of_news = Card(("giá cà phê",), "Giá cà phê", "https://ben-song.example/1", "", "Bến Sông", MORNING)
        message = alert_message(card_of_news, row.address, lang="en", alert_id=row.id, now=MORNING)
        sent = await TelegramSender(house.bot, clock=house.clock).send(message)
        assert isinstance(sent, Sent)
        with house.store.writing() as tx:
            tx.settle(row, AlertState.SENT, now=house.clock.now, message_id=sent.message_id)
        note = await house.press(house.api.shown(READER)[-1], "Wrong")
        assert "can learn from it" in note
    with house.store.reading() as tx:
        assert list(tx.own_marks(own.number).values()) == [False]
        assert tx.feedback(limit=9) == []


def test_the_longest_text_fits_a_message() -> None:
    assert MOST_TEXT + len("/theodoirieng@") + 32 <= 4096
