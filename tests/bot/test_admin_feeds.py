"""/feeds: outlets against their own rhythm, the worst first; and a new address tried before it is added."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.config.yaml_reader import plain, read_yaml
from monitor.feeds.rhythm import LearntRhythm
from monitor.pipeline.try_feed import TryFeed
from monitor.types import Entry, FailureKind, Feed, FeedId, FeedState, NewItem, Preferences
from tests.bot.house import CHIEF, EDITOR, FEEDS, GROUP, MEMBER, MORNING, READER, ZONE, House
from tests.bot_api import Shown
from tests.feeds.test_fetch import Newsroom, fetching, newsroom

__all__ = ["newsroom"]
NOON = datetime(2026, 8, 24, 5, 0, tzinfo=MORNING.tzinfo)  # a Monday, twelve o'clock in Vietnam
RSS = """<rss><channel><title>Bản tin</title>
<item><title>Bão vào Biển Đông</title><link>https://ben-song.example/a-1.html</link>
<pubDate>Thu, 13 Aug 2026 06:00:00 +0700</pubDate></item>
<item><title>Nắng &lt;lên&gt;</title><link>https://ben-song.example/b-2.html</link>
<pubDate>Thu, 13 Aug 2026 07:30:00 +0700</pubDate></item>
<item><title>Không ngày</title><link>https://ben-song.example/c-3.html</link></item>
</channel></rss>"""


def twelve_a_morning() -> str:
    """What was learnt of a feed with two articles an hour from six to noon: 11 by noon, for hours are smoothed."""
    rhythm, since = LearntRhythm(), datetime(2026, 7, 27, tzinfo=ZONE)
    while since < NOON:
        now = since + timedelta(minutes=30)
        new = [now] if 6 <= since.hour < 12 else []
        rhythm = rhythm.after(new, since=since, now=now, zone="Asia/Ho_Chi_Minh")
        since = now
    return str(rhythm)


def saved(house: House, feed: Feed, *, at: tuple[datetime, ...] = (), **state: Any) -> None:
    """A feed with what it has brought, and its state."""
    with house.store.writing() as tx:
        listed = []
        for n, when in enumerate(at):
            key = f"{feed.id}:{n}"
            entry = Entry(key, key, "", "Một tin", published_at=when)
            listed.append(NewItem(entry, feed.id, feed.outlet, when, False))
        tx.add_items(listed)
        row = FeedState(feed.id, NOON, last_checked_at=NOON, last_success_at=NOON, rhythm=twelve_a_morning())
        tx.save_feed(replace(row, **state))


@pytest.fixture
async def monday(house: House) -> AsyncIterator[House]:
    """One outlet of two feeds, one of which fails; one that has been silent since nine; one that is well."""
    house.clock.now = NOON
    house.feeds = (*FEEDS, Feed(FeedId("ban-mai"), "Ban Mai", "https://ban-mai.example/rss"))
    with house.store.writing() as tx:
        tx.register_feeds({feed.id: feed.url for feed in house.feeds}, now=NOON)
    ben_song, ben_song_2, sao_mai, ban_mai = house.feeds
    hours = [NOON - timedelta(hours=n) for n in range(6)]
    saved(house, ben_song, at=tuple(hours))
    failing: dict[str, Any] = {
        "failures": 3,
        "failing_since": NOON,
        "last_error": "HTTP <503>",
        "failure_kind": FailureKind.HTTP,
    }
    saved(house, ben_song_2, **failing)
    saved(house, sao_mai, at=(NOON - timedelta(hours=27),))
    saved(house, ban_mai, at=tuple(hours))
    async with house.serving(admins=[EDITOR, GROUP]):
        await house.ask("/lang en", EDITOR)
        yield house


async def test_outlets_are_shown_against_their_own_rhythm_the_worst_first(monday: House) -> None:
    shown = await monday.ask("/feeds", EDITOR)
    head, *outlets = shown.text.splitlines()
    assert head == "⚠️ 2 of 3 outlets to look at"
    assert outlets == [
        "⚠️ Bến Sông 1 of 2 feeds fail · 6 today, usually 22 by now, last 12:00",
        "🔕 Sao Mai usually 11 by now, 0 today, none since 09:00 23/08",
        "✅ Ban Mai 6 today, usually 11 by now, last 12:00",
    ]
    assert shown.labels() == ["⚠️ Bến Sông", "🔕 Sao Mai", "✅ Ban Mai"]


async def test_an_outlets_button_shows_its_feeds_and_leads_back(monday: House) -> None:
    shown = await monday.ask("/feeds", EDITOR)
    await monday.press(shown, "Bến Sông")
    opened = monday.again(shown)
    assert "⚠️ ben-song-2 fails since 12:00 24/08: HTTP <503> · asked 12:00, every 5 min" in opened.text
    assert "✅ ben-song 6 today, usually 11 by now" in opened.text
    await monday.press(opened, "◀")
    assert monday.again(shown).text == shown.text


async def test_times_are_those_of_the_chat_that_asks(monday: House) -> None:
    with monday.store.writing() as tx:
        chat = next(each for each in tx.chats() if each.address.chat_id == EDITOR)
        tx.save_chat(replace(chat, preferences=Preferences(zone="Europe/Berlin")))
    assert "last 07:00" in (await monday.ask("/feeds", EDITOR)).text


async def test_a_long_list_is_paged(monday: House) -> None:
    monday.feeds = tuple(Feed(FeedId(f"f-{n}"), f"Báo {n:02}", f"https://b{n}.example/rss") for n in range(20))
    shown = await monday.ask("/feeds", EDITOR)
    assert "Báo 07" in shown.text
    assert "Báo 08" not in shown.text
    await monday.press(shown, "▶")
    assert "Báo 08" in monday.again(shown).text
    await monday.press(monday.again(shown), "Báo 09")
    await monday.press(monday.again(shown), "◀ All")
    assert "Báo 15" in monday.again(shown).text


async def test_only_those_who_operate_the_bot_turn_its_pages(monday: House) -> None:
    shown = await monday.ask("/feeds", GROUP, user=CHIEF)
    assert await monday.press(shown, "Bến Sông", user=MEMBER)
    assert monday.again(shown).text == shown.text


# ---------------------------------------------------------------- a new address


async def tried(house: House, url: str, *, allow_private: bool = True) -> Shown:
    async with fetching(allow_private=allow_private) as fetcher:
        house.try_feed = TryFeed(fetcher, lambda: house.feeds)
        async with house.serving(admins=[EDITOR]):
            await house.ask("/lang en", EDITOR)
            return await house.ask(f"/feeds test {url}", EDITOR)


async def test_a_new_address_is_tried_as_a_poll_would(house: House, newsroom: Newsroom) -> None:
    newsroom.page("/rss/the-gioi.rss", RSS.encode())
    url = newsroom.url("/rss/the-gioi.rss")
    house.feeds = (Feed(FeedId("ben-song"), "Bến Sông", newsroom.url("/rss")),)
    lines = (await tried(house, url)).text.splitlines()
    assert lines == [
        "✅ 3 articles, of Bến Sông",
        "From 06:00 13/08 to 07:30 13/08",
        "⚠️ Without a readable time: 1",
        "• Bão vào Biển Đông",
        "• Nắng <lên>",
        "• Không ngày",
        "To add it, put this line under `feeds:` in feeds.yaml:",
        f'- {{id: 0-the-gioi, outlet: "Bến Sông", url: "{url}"}}',
    ]
    with house.store.reading() as tx:
        assert list(tx.newest_since(MORNING - timedelta(days=30))) == [], "nothing is stored"


async def test_the_line_to_paste_is_one_that_feeds_yaml_takes(
    house: House, newsroom: Newsroom, tmp_path: object
) -> None:
    newsroom.page("/rss", RSS.encode())
    line = (await tried(house, newsroom.url("/rss"))).text.splitlines()[-1]
    file, problems = read_yaml(Path("feeds.yaml"), f"feeds:\n  {line}\n")
    assert file is not None
    assert problems == []
    assert plain(file.root) == {"feeds": [{"id": "0", "outlet": "0.1", "url": newsroom.url("/rss")}]}


async def test_an_address_that_is_read_already_is_said_so(house: House, newsroom: Newsroom) -> None:
    newsroom.page("/rss", RSS.encode())
    house.feeds = (Feed(FeedId("ben-song"), "Bến Sông", newsroom.url("/rss")),)
    text = (await tried(house, newsroom.url("/rss"))).text
    assert "read already, as ben-song" in text
    assert "feeds.yaml" not in text


async def test_what_is_no_feed_and_what_may_not_be_asked_is_told_with_its_reason(
    house: House, newsroom: Newsroom
) -> None:
    newsroom.page("/", b"<html><body>Trang nhat</body></html>")
    assert "brought nothing: " in (await tried(house, newsroom.url("/"))).text
    assert "internal address" in (await tried(house, newsroom.url("/"), allow_private=False)).text
    assert len(newsroom.asked) == 1
    for wrong in ("ben-song.example/rss", "file:///etc/passwd", "https://x y", f'https://x.example/{"a" * 300}"<b>'):
        assert "no address of a feed" in (await tried(house, wrong)).text


async def test_nobody_else_has_addresses_asked(house: House, newsroom: Newsroom) -> None:
    async with fetching() as fetcher:
        house.try_feed = TryFeed(fetcher, lambda: house.feeds)
        async with house.serving(admins=[EDITOR]):
            assert "không biết lệnh" in (await house.ask(f"/feeds test {newsroom.url('/')}", READER)).text
    assert newsroom.asked == []
