"""/missed as a reader meets it: PTB as the real client, the loopback Bot API as Telegram, a real store."""

from datetime import timedelta

from monitor.types import Address, Entry, Failed, FeedId, Item, ItemId, NewItem, Placement, Role, Target
from tests.bot.house import MORNING, OTHER, READER, House

TOLD = "https://ben-song.example/k1.html"
FEW = "https://ben-song.example/k9.html"


class OnePage:
    """A web of one page."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.asked: list[str] = []

    async def read_item(self, url: str) -> Item | Failed:
        self.asked.append(url)
        return Item(ItemId(""), "", self.title, url=url)


def came(house: House, key: str, title: str) -> None:
    """An article that names nothing, stored as detection would."""
    entry = Entry(key, key, f"https://ben-song.example/{key}.html", title, published_at=house.clock.now)
    with house.store.writing() as tx:
        [item] = tx.add_items([NewItem(entry, FeedId("ben-song"), "Bến Sông", house.clock.now, True)])
        tx.save_detection(item, [], Placement(None, Role.NEW), version="v1", now=house.clock.now)


async def test_what_was_told_is_said_with_its_time(house: House) -> None:
    story = house.story()
    async with house.serving():
        await house.ask("/follow Putin")
        alert = await house.alert(Address(READER), story)
        house.clock.now = MORNING + timedelta(hours=3)
        answer = await house.ask(f"/missed {TOLD}?utm_source=zalo")
        also = await house.ask(f"/sotin {TOLD}")
        english = await house.ask("/lang en")
        assert english.text
        in_english = await house.ask(f"/missed {TOLD}")
    assert "đã được báo lúc 08:00" in answer.text
    assert answer.reply_to == alert.message_id, "one tap leads to the message that told it"
    assert also.text == answer.text
    assert "told at 08:00" in in_english.text


async def test_what_is_not_followed_here_is_said_with_what_changes_that(house: House) -> None:
    house.story()
    async with house.serving():
        answer = await house.ask(f"/missed {TOLD}")
    assert "Vladimir Putin" in answer.text
    assert "/theodoi" in answer.text
    assert [each["url"] for each in answer.entities if each["type"] == "text_link"] == [TOLD]


async def test_near_misses_are_told_those_of_followed_watches_first(house: House) -> None:
    came(house, "k9", "Cựu Tổng thống Nga & <b>Khamenei Tower</b>")
    async with house.serving():
        await house.ask("/follow Mojtaba Khamenei")  # named after the other one
        answer = await house.ask(f"/missed {FEW}")
    assert "<b>Khamenei Tower</b>" in answer.text, "markup of a newspaper is its words"
    near = [line for line in answer.text.splitlines() if line.startswith("• ")]
    assert [line.partition(" “")[0] for line in near] == ["• Mojtaba Khamenei", "• Ali Khamenei", "• Vladimir Putin"]
    assert "cựu" in near[2].casefold()


async def test_a_link_alone_asks_the_same(house: House) -> None:
    came(house, "k9", "Chợ quê đông khách")
    async with house.serving():
        by_command = await house.ask(f"/missed {FEW}")
        assert (await house.ask(FEW)).text == by_command.text
    assert "không nhắc tới" in by_command.text


async def test_in_reply_to_a_message_with_a_link_it_needs_no_words(house: House) -> None:
    came(house, "k9", "Chợ quê đông khách")
    async with house.serving():
        sent = house.api.push_message(READER, f"Sao bài này không báo? {FEW}")
        await house.settled()
        answer = await house.ask("/missed", reply_to=sent)
        bare = await house.ask("/missed")
    assert "Chợ quê đông khách" in answer.text
    assert "/sotin" in bare.text


async def test_in_reply_to_an_alert_it_is_about_its_article(house: House) -> None:
    story = house.story()
    async with house.serving():
        await house.ask("/follow Putin")
        alert = await house.alert(Address(READER), story)
        answer = await house.ask("/missed", reply_to=alert.message_id)
    assert "đã được báo" in answer.text


async def test_pages_are_read_of_the_newspapers_that_are_read_alone(house: House) -> None:
    page = OnePage("Ông Putin trồng cây")
    house.pages = page
    async with house.serving():
        foreign = await house.ask("/missed https://bao-la.example.org/1.html")
        ours = await house.ask(f"/missed {FEW}")
    assert "chưa được đọc" in foreign.text
    assert "Vladimir Putin" in ours.text
    assert page.asked == [FEW]


async def test_one_chat_has_three_pages_a_minute_read(house: House) -> None:
    page = OnePage("Ông Putin trồng cây")
    house.pages = page
    async with house.serving():
        answers = [await house.ask(f"/missed https://ben-song.example/k{n}.html") for n in range(4)]
        other = await house.ask(f"/missed {FEW}", OTHER)
        house.clock.now += timedelta(minutes=1)
        later = await house.ask(f"/missed {FEW}")
    assert ["Vladimir Putin" in each.text for each in (*answers, other, later)] == [True] * 3 + [False] + [True] * 2
    assert "không nằm trong các nguồn" in answers[-1].text, "the rest of the answer stays"
    assert len(page.asked) == 5


async def test_a_page_that_cannot_be_read_is_said_so(house: House) -> None:
    async with house.serving():
        answer = await house.ask(f"/missed {FEW}")
    assert "Không đọc được trang" in answer.text


async def test_a_title_may_stand_in_place_of_the_link(house: House) -> None:
    house.story("Ông Putin thăm một nhà máy")
    with house.store.writing() as tx:
        assert tx.following(Address(READER)) == []
    async with house.serving():
        await house.ask("/start")
        with house.store.writing() as tx:
            tx.follow(Address(READER), Target("putin"), now=MORNING + timedelta(hours=1))
        answer = await house.ask("/missed Ông Putin thăm một nhà máy")
    assert "chỉ được theo dõi từ 09:00" in answer.text
