"""Conversations with the bot: PTB as the real client, the loopback Bot API as Telegram, a real store on SQLite."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from monitor.bot.chat_settings import span
from monitor.bot.context import Access
from monitor.bot.conversation import BotService
from monitor.bot.targets import Finder, all_targets, by_token, fold, token, watch_ids
from monitor.errors import SenderBroken
from monitor.notify.render import alert_message
from monitor.notify.telegram import TelegramSender, build_bot
from monitor.pipeline.dedupe_keys import first_key
from monitor.pipeline.status import FailingFeed, StatusReport
from monitor.store.transaction import Store, open_store
from monitor.types import (
    EVERYTHING,
    Address,
    AlertKind,
    AlertState,
    Card,
    ChatState,
    Entry,
    Event,
    Evidence,
    FailureKind,
    Feed,
    FeedId,
    ItemId,
    Leader,
    Match,
    NewAlert,
    NewItem,
    Office,
    ParkedItem,
    Placement,
    Role,
    Rule,
    Sent,
    StoryId,
    Target,
    Watch,
    WatchId,
    Watchlist,
)
from tests.bot_api import KINDS, BotApi, Shown

MORNING = datetime(2026, 8, 23, 1, 0, tzinfo=UTC)  # eight o'clock in Vietnam
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
READER, OTHER, EDITOR = 1001, 1002, 9001
GROUP, CHANNEL, FORUM = -1000000000077, -1000000000088, -1000000000099
CHIEF, MEMBER = 501, 502  # in GROUP, CHANNEL and FORUM

WATCHLIST = Watchlist(
    "v1",
    (
        Leader(
            WatchId("putin"),
            "Vladimir Putin",
            aliases=("Putin", "Pu-tin"),
            offices=(Office("Tổng thống Nga"),),
            tags=("nga",),
        ),
        Leader(WatchId("lavrov"), "Sergei Lavrov", aliases=("Lavrov",), tags=("nga",)),
        Leader(WatchId("ali-khamenei"), "Ali Khamenei", aliases=("Khamenei",), tags=("iran", "trung-dong")),
        Leader(WatchId("mojtaba-khamenei"), "Mojtaba Khamenei", aliases=("Khamenei",), tags=("iran",)),
        Leader(WatchId("to-lam"), "Tô Lâm"),
        Leader(WatchId("nguoi-cu"), "Một người cũ", enabled=False),
        Event(WatchId("dong-dat"), "Động đất", match=('"động đất"',), tags=("thien-tai",)),
        Event(WatchId("bao"), "Bão, áp thấp nhiệt đới", match=("bão",), tags=("thien-tai",)),
    ),
)
FEEDS = (
    Feed(FeedId("ben-song"), "Bến Sông", "https://ben-song.example/rss"),
    Feed(FeedId("ben-song-2"), "Bến Sông", "https://ben-song.example/rss2"),
    Feed(FeedId("sao-mai"), "Sao Mai", "https://sao-mai.example/rss"),
)


class Clock:
    """Stands until it is turned."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


@dataclass
class House:
    """A bot with its store and its Telegram; `serving()` is one life of the service."""

    api: BotApi
    store: Store
    bot: telegram.Bot
    clock: Clock = field(default_factory=Clock)
    watchlist: Watchlist = WATCHLIST
    report: StatusReport = field(default_factory=lambda: StatusReport(MORNING))
    waits: list[float] = field(default_factory=list)
    reloads: int = 0

    def service(self, access: Access = "open", admins: Sequence[int] = ()) -> BotService:
        async def status() -> StatusReport:
            return self.report

        async def reload() -> str:
            self.reloads += 1
            return "76 <mục> đã đọc lại"

        async def pause(seconds: float) -> None:
            self.waits.append(seconds)
            self.clock.now += timedelta(seconds=seconds)
            await asyncio.sleep(0)

        codes = iter(f"ma-moi-{n}" for n in range(1, 100))
        return BotService(
            bot=self.bot,
            store=self.store,
            admin_chats=frozenset(admins),
            access=access,
            timezone=ZONE,
            watchlist=lambda: self.watchlist,
            status=status,
            reload=reload,
            clock=self.clock,
            feeds=lambda: FEEDS,
            new_code=lambda: next(codes),
            pause=pause,
        )

    @asynccontextmanager
    async def serving(self, access: Access = "open", admins: Sequence[int] = ()) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.service(access, admins).run())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _next(self, chat_id: int, act: Callable[[], object]) -> Shown:
        before = len(self.api.shown(chat_id))
        act()
        await self.api.until(lambda: len(self.api.shown(chat_id)) > before)
        return self.api.shown(chat_id)[-1]

    async def ask(
        self,
        text: str,
        chat: int = READER,
        *,
        user: int | None = None,
        topic: int | None = None,
        reply_to: int | None = None,
        lang: str = "vi",
    ) -> Shown:
        """Say something and wait for the answer."""
        return await self._next(
            chat,
            lambda: self.api.push_message(chat, text, user_id=user, thread_id=topic, reply_to=reply_to, lang=lang),
        )

    async def settled(self) -> None:
        """Updates are handled in order: once somebody else has an answer, all before it is done."""
        await self.ask("/help", OTHER)

    async def press(self, shown: Shown, label: str, *, user: int | None = None) -> str:
        """Press the button with that label (or its beginning); waits until it was answered, gives the note shown."""
        button = next(b for row in shown.buttons for b in row if label in b["text"])
        assert len(button["callback_data"].encode()) <= 64
        query = self.api.press(shown.chat_id, shown.message_id, button["callback_data"], user_id=user)
        await self.api.until(lambda: query in self.api.answers)
        await self.settled()
        return str(self.api.answers[query].get("text") or "")

    def again(self, shown: Shown) -> Shown:
        """The message as it is shown now."""
        return next(each for each in self.api.shown(shown.chat_id) if each.message_id == shown.message_id)

    async def followed(self, chat: int = READER, topic: int = 0) -> list[str]:
        async with self.store.read() as tx:
            return list(await tx.following(Address(chat, topic)))

    async def state(self, chat: int = READER, topic: int = 0) -> ChatState | None:
        async with self.store.read() as tx:
            row = await tx.chat(Address(chat, topic))
        return row.state if row else None

    async def story(
        self, title: str = "Ông Putin thăm một nhà máy", *, key: str = "k1", outlet: str = "Bến Sông"
    ) -> StoryId:
        """A story with one item about Putin, stored as detection would."""
        entry = Entry(key, key, f"https://ben-song.example/{key}.html", title, published_at=self.clock.now)
        start = title.find("Putin")
        found = Match(
            WatchId("putin"),
            "leader",
            "Vladimir Putin",
            Rule.NAME,
            0.97,
            (Evidence("title", start, start + 5, "Putin"),),
            by="Putin",
        )
        async with self.store.begin() as tx:
            [item] = await tx.add_items([NewItem(entry, FeedId("ben-song"), outlet, self.clock.now, True)])
            return await tx.save_detection(item, [found], Placement(None, Role.NEW), version="v1", now=self.clock.now)

    async def alert(self, address: Address, story_id: StoryId) -> Shown:
        """That story's alert as a chat has received it."""
        async with self.store.begin() as tx:
            draft = NewAlert(
                address, AlertKind.ALERT, first_key(story_id), story_id=story_id, watch_ids=(WatchId("putin"),)
            )
            await tx.enqueue([draft], now=self.clock.now)
            rows = await tx.claim_alerts(now=self.clock.now, lease=timedelta(minutes=5), limit=50)
            row = next(row for row in rows if row.address == address)
        card = Card(
            ("Vladimir Putin",),
            "Ông Putin thăm một nhà máy",
            "https://ben-song.example/k1.html",
            "",
            "Bến Sông",
            MORNING,
        )
        message = alert_message(card, address, lang="vi", alert_id=row.id, now=MORNING)
        sent = await TelegramSender(self.bot, clock=self.clock).send(message)
        assert isinstance(sent, Sent)
        async with self.store.begin() as tx:
            await tx.settle(row, AlertState.SENT, now=self.clock.now, message_id=sent.message_id)
        return self.api.shown(address.chat_id)[-1]


@pytest.fixture
async def house(tmp_path: Path, empty_sqlite: Path) -> AsyncIterator[House]:
    shutil.copy(empty_sqlite, tmp_path / "monitor.db")
    async with BotApi() as api, await open_store(f"sqlite:///{tmp_path / 'monitor.db'}") as store:
        for chat in (READER, OTHER, EDITOR):
            api.add_chat(chat)
        api.add_chat(GROUP, admins=(CHIEF,))
        api.add_chat(CHANNEL, "channel", admins=(CHIEF,))
        api.add_chat(FORUM, admins=(CHIEF,), topics=(7, 8))
        bot = build_bot(api.token, api.url)
        try:
            yield House(api, store, bot)
        finally:
            await bot.shutdown()


# ---------------------------------------------------------------- first words


async def test_a_newcomer_is_welcomed_in_vietnamese_and_is_a_subscriber_from_then_on(house: House) -> None:
    async with house.serving():
        hello = await house.ask("/start")
    assert "Xin chào" in hello.text
    assert "/danhsach" in hello.text
    assert await house.state() is ChatState.ACTIVE


async def test_whose_telegram_is_english_is_spoken_to_in_english(house: House) -> None:
    async with house.serving():
        assert "Hello" in (await house.ask("/start", lang="en-GB")).text
        # and stays so when the phone's language changes
        assert "/follow · /theodoi – follow a name" in (await house.ask("/help", lang="vi")).text


async def test_a_link_with_a_name_follows_it_at_once(house: House) -> None:
    async with house.serving():
        house.api.push_message(READER, "/start follow_putin")
        await house.api.until(lambda: len(house.api.shown(READER)) == 2)
    assert "✅ Đã theo dõi: Vladimir Putin" in house.api.texts(READER)[-1]
    assert await house.followed() == ["putin"]


async def test_every_command_answers_to_its_vietnamese_name(house: House) -> None:
    async with house.serving():
        assert "Xin chào" in (await house.ask("/batdau")).text
        await house.ask("/theodoi Putin")
        assert "Vladimir Putin" in (await house.ask("/dangtheodoi")).text
        await house.ask("/botheodoi Putin")
        assert await house.followed() == []
        assert "/trogiup" in (await house.ask("/trogiup")).text


async def test_help_names_the_admins_commands_in_admin_chats_alone(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        assert "/status" in (await house.ask("/help", EDITOR)).text
        assert "/status" not in (await house.ask("/help")).text


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
    follow = {code: next(c for c in menus[default, code] if c["command"] == "follow") for code in ("", "vi", "en")}
    assert follow[""] == follow["vi"]
    assert follow["vi"]["description"].endswith("(/theodoi)")
    assert follow["en"]["description"] == "Follow a name: /follow Putin, #nga"
    assert {c["command"] for c in menus[admin, "vi"]} - {c["command"] for c in menus[default, "vi"]} == {
        *("status", "stuck", "feeds", "feedback", "invite", "access", "reload")
    }


async def test_an_admin_who_never_wrote_to_the_bot_does_not_keep_it_from_starting(house: House) -> None:
    house.api.trouble("chat_not_found", method="setMyCommands", times=1)
    async with house.serving(admins=[123456]):
        assert "Xin chào" in (await house.ask("/start")).text


# ---------------------------------------------------------------- following


@pytest.mark.parametrize(
    ("wish", "target"),
    [
        ("putin", "putin"),
        ("VLADIMIR putin", "putin"),
        ("Pu-tin", "putin"),
        ("to lam", "to-lam"),
        ("Tô Lâm", "to-lam"),
        ("dong dat", "dong-dat"),
        ("#nga", "#nga"),
        ("#Trung Đông", "#trung-dong"),
        ("*", "*"),
        ("tất cả", "*"),
        ("mojtaba", "mojtaba-khamenei"),
    ],
)
async def test_a_target_is_found_however_it_is_typed(house: House, wish: str, target: str) -> None:
    async with house.serving():
        assert "✅ Đã theo dõi" in (await house.ask(f"/follow {wish}")).text
    assert await house.followed() == [target]


async def test_several_targets_in_one_message(house: House) -> None:
    async with house.serving():
        answer = await house.ask("/follow Putin, động đất; không ai biết")
        assert answer.bold() == ["Vladimir Putin", "Động đất"]
        assert "“không ai biết”" in answer.text
        assert "Đã theo dõi từ trước: Vladimir Putin" in (await house.ask("/follow putin")).text
    assert await house.followed() == ["putin", "dong-dat"]


async def test_a_name_of_two_people_is_asked_back_and_chosen_by_a_button(house: House) -> None:
    async with house.serving():
        question = await house.ask("/follow Khamenei")
        assert question.labels() == ["Ali Khamenei", "Mojtaba Khamenei"]
        assert await house.followed() == []
        assert await house.press(question, "Mojtaba") == "Đã theo dõi: Mojtaba Khamenei"
    assert await house.followed() == ["mojtaba-khamenei"]
    assert house.again(question).text == "✅ Đã theo dõi: Mojtaba Khamenei"
    assert house.again(question).labels() == []


async def test_a_misspelt_name_is_offered_and_never_taken_for_granted(house: House) -> None:
    async with house.serving():
        question = await house.ask("/follow Lavrof")
        assert question.labels() == ["Sergei Lavrov"]
    assert await house.followed() == []


async def test_a_name_alone_is_a_question_whether_to_follow_it(house: House) -> None:
    async with house.serving():
        question = await house.ask("tô lâm")
        await house.press(question, "Tô Lâm")
        assert "“hôm nay ăn gì”" in (await house.ask("hôm nay ăn gì")).text
    assert await house.followed() == ["to-lam"]


async def test_a_name_inside_a_sentence_is_heard(house: House) -> None:
    async with house.serving():
        assert (await house.ask("tin về ông Putin và Tô Lâm")).labels() == ["Tô Lâm", "Vladimir Putin"]
        assert (await house.ask("cơn bão nào?")).labels() == ["Bão, áp thấp nhiệt đới"]
        assert (await house.ask("con bao nhiêu ngày nữa")).labels() == []


async def test_an_office_stands_for_its_present_holder(house: House) -> None:
    async with house.serving():
        await house.ask("/follow tổng thống Nga")
    assert await house.followed() == ["putin"]


async def test_what_readers_type_is_escaped(house: House) -> None:
    async with house.serving():
        assert "“<b>x & y</b>”" in (await house.ask("/follow <b>x & y</b>")).text


async def test_unfollowing_one_and_then_all(house: House) -> None:
    async with house.serving():
        await house.ask("/follow Putin, Lavrov, #iran, động đất")
        assert "Đã bỏ theo dõi: Sergei Lavrov" in (await house.ask("/unfollow lavrov")).text
        assert await house.followed() == ["putin", "#iran", "dong-dat"]
        assert "không theo dõi “Tô Lâm”" in (await house.ask("/unfollow Tô Lâm")).text
        await house.ask("/unfollow all")
        assert await house.followed() == []
        assert "chưa theo dõi gì" in (await house.ask("/unfollow Putin")).text


async def test_a_watch_that_comes_along_with_a_tag_is_explained(house: House) -> None:
    async with house.serving():
        await house.ask("/follow #nga")
        assert "Vladimir Putin đến theo #nga" in (await house.ask("/unfollow Putin")).text
        await house.ask("/follow Putin")
        assert "Vladimir Putin vẫn đến theo #nga" in (await house.ask("/unfollow Putin")).text


async def test_what_is_followed_is_listed_with_a_button_to_drop_each(house: House) -> None:
    async with house.serving():
        await house.ask("/follow Putin, động đất")
        listed = await house.ask("/following")
        assert listed.bold() == ["Vladimir Putin", "Động đất"]
        await house.press(listed, "✖ Vladimir Putin")
    assert await house.followed() == ["dong-dat"]
    assert house.again(listed).bold() == ["Động đất"]


async def test_a_target_that_the_watchlist_lost_can_still_be_dropped(house: House) -> None:
    async with house.serving():
        await house.ask("/follow Putin, Lavrov")
        house.watchlist = Watchlist("v2", WATCHLIST.watches[1:])
        listed = await house.ask("/following")
        assert "putin (không còn trong danh sách)" in listed.text
        await house.press(listed, "✖ putin")
    assert await house.followed() == ["lavrov"]


async def test_a_watch_added_while_running_can_be_followed(house: House) -> None:
    async with house.serving():
        assert "không biết" in (await house.ask("/follow Modi")).text
        house.watchlist = Watchlist("v2", (*WATCHLIST.watches, Leader(WatchId("modi"), "Narendra Modi")))
        await house.ask("/follow Modi")
    assert await house.followed() == ["modi"]


# ---------------------------------------------------------------- the list with buttons


def crowd(count: int) -> Watchlist:
    leaders = [
        Leader(
            WatchId(f"mot-nguoi-co-ten-that-la-dai-de-khong-vua-mot-nut-{n:03}"), f"Người số {n:03}", tags=("x" * 70,)
        )
        for n in range(count)
    ]
    return Watchlist("crowd", tuple(leaders))


async def test_the_list_is_browsed_and_followed_in_one_message(house: House) -> None:
    async with house.serving():
        menu = await house.ask("/watchlist")
        assert menu.labels() == ["👤 Lãnh đạo · 5", "📰 Sự kiện · 2", "🏷 Theo nhãn · 4", "Tất cả"]
        await house.press(menu, "Lãnh đạo")
        assert house.again(menu).labels()[:2] == ["Vladimir Putin", "Sergei Lavrov"]
        assert await house.press(house.again(menu), "Vladimir Putin") == "Đã theo dõi: Vladimir Putin"
        assert house.again(menu).labels()[0] == "✅ Vladimir Putin"
        assert await house.followed() == ["putin"]
        await house.press(house.again(menu), "✅ Vladimir Putin")
        assert house.again(menu).labels()[0] == "Vladimir Putin"
        await house.press(house.again(menu), "Quay lại")
        assert house.again(menu).labels() == menu.labels()
    assert await house.followed() == []
    assert len(house.api.shown(READER)) == 1


async def test_what_a_tag_or_everything_brings_along_is_marked(house: House) -> None:
    async with house.serving():
        menu = await house.ask("/watchlist")
        await house.press(menu, "Theo nhãn")
        await house.press(house.again(menu), "#nga")
        await house.press(house.again(menu), "#nga")
        assert house.again(menu).labels()[:3] == ["✅ #nga", "☑️ Vladimir Putin", "☑️ Sergei Lavrov"]
    assert await house.followed() == ["#nga"]


async def test_long_ids_and_tags_fit_into_buttons_and_every_page_can_be_reached(house: House) -> None:
    house.watchlist = crowd(30)
    async with house.serving():
        menu = await house.ask("/danhsach")
        await house.press(menu, "Lãnh đạo")
        seen = [label for label in house.again(menu).labels() if label.startswith("Người")]
        while "▶" in house.again(menu).labels():
            await house.press(house.again(menu), "▶")
            seen += [label for label in house.again(menu).labels() if label.startswith("Người")]
        assert seen == [f"Người số {n:03}" for n in range(30)]
        await house.press(house.again(menu), "Người số 029")
        await house.press(house.again(menu), "Quay lại")
        await house.press(house.again(menu), "Theo nhãn")
        await house.press(house.again(menu), "#xxx")
        await house.press(house.again(menu), "▶")
        await house.press(house.again(menu), "Người số 010")
    assert await house.followed() == [house.watchlist.watches[29].id, house.watchlist.watches[10].id]


async def test_a_button_of_a_watch_that_is_gone_says_so(house: House) -> None:
    async with house.serving():
        menu = await house.ask("/watchlist")
        await house.press(menu, "Lãnh đạo")
        house.watchlist = Watchlist("v2", WATCHLIST.watches[1:])
        assert "thay đổi" in await house.press(house.again(menu), "Vladimir Putin")
    assert await house.followed() == []
    assert "Vladimir Putin" not in house.again(menu).labels()


async def test_a_list_of_a_thousand_stays_within_one_message(house: House) -> None:
    house.watchlist = crowd(500)
    async with house.serving(admins=[EDITOR]):
        await house.ask("/start")
        async with house.store.begin() as tx:
            for target in all_targets(house.watchlist):
                await tx.follow(Address(READER), target, now=MORNING)
        listed = await house.ask("/following")
        dropped = await house.ask("/unfollow tất cả")
    assert listed.text.startswith("Bạn đang theo dõi 502 mục:")
    assert listed.text.endswith("…")
    assert dropped.text.endswith("+472")
    assert await house.followed() == []


# ---------------------------------------------------------------- looking back


async def test_the_latest_stories_are_those_of_what_is_followed(house: House) -> None:
    await house.story()
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
        await house.story(f"Ông Putin nói điều thứ {n}", key=f"k{n}")
    async with house.serving():
        answer = await house.ask("/latest putin")
    assert [line[-16:] for line in answer.text.splitlines()[1:]] == [f"Bến Sông · 08:0{n}" for n in (7, 6, 5, 4, 3)]


async def test_the_sources_are_the_outlets(house: House) -> None:
    async with house.serving():
        answer = await house.ask("/sources")
    assert answer.text.splitlines() == ["Đang đọc 2 báo:", "• Bến Sông (2)", "• Sao Mai (1)"]


# ---------------------------------------------------------------- under an alert


async def test_why_is_answered_as_a_reply_to_the_alert(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        alert = await house.alert(Address(READER), await house.story())
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


async def test_why_in_a_channel_is_told_to_the_one_who_asks(house: House) -> None:
    async with house.serving():
        await house.ask("/follow Putin", CHANNEL)
        alert = await house.alert(Address(CHANNEL), await house.story())
        before = house.api.texts(CHANNEL)
        assert await house.press(alert, alert.labels()[0], user=MEMBER) == "Vladimir Putin: “Putin”"
    assert house.api.texts(CHANNEL) == before


async def test_a_forged_press_about_another_chats_alert_tells_nothing(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        story = await house.story()
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
    async with house.store.read() as tx:
        assert await tx.muted(story) == set()


async def test_a_muted_story_is_silent_until_its_button_takes_that_back(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        story = await house.story()
        alert = await house.alert(Address(READER), story)
        assert "Sẽ không báo thêm" in await house.press(alert, alert.labels()[1])
        labels = house.again(alert).labels()
        assert labels == [alert.labels()[0], "Bật lại chuyện này", alert.labels()[2]]
        async with house.store.read() as tx:
            assert await tx.muted(story) == {Address(READER)}
        assert "báo lại" in await house.press(house.again(alert), "Bật lại chuyện này")
        assert house.again(alert).labels() == alert.labels()
        assert house.again(alert).data() == alert.data()
    async with house.store.read() as tx:
        assert await tx.muted(story) == set()


async def test_mute_in_reply_to_an_alert(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        story = await house.story()
        alert = await house.alert(Address(READER), story)
        await house.ask("/tamim", reply_to=alert.message_id)
        async with house.store.read() as tx:
            assert await tx.muted(story) == {Address(READER)}
        await house.ask("/batlai", reply_to=alert.message_id)
    async with house.store.read() as tx:
        assert await tx.muted(story) == set()


async def test_a_complaint_is_kept_with_its_evidence_and_told_to_the_admins_once(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        await house.ask("/start", EDITOR)
        story = await house.story()
        alerts = []
        for chat in (READER, OTHER):
            await house.ask("/start", chat)
            alerts.append(await house.alert(Address(chat), story))
        for alert in alerts:
            assert "Cảm ơn" in await house.press(alert, alert.labels()[2])
            assert house.again(alert).labels()[2] == "✔ Đã báo sai"
        listed = await house.ask("/feedback", EDITOR)
    async with house.store.begin() as tx:
        complaints = await tx.feedback(limit=10)
        notices = await tx.claim_alerts(now=house.clock.now, lease=timedelta(minutes=1), limit=10)
    assert {complaint["chat_id"] for complaint in complaints} == {READER, OTHER}
    assert [(notice.address.chat_id, notice.kind) for notice in notices] == [(EDITOR, AlertKind.NOTICE)]
    assert "Ông Putin thăm một nhà máy" in notices[0].text
    assert "Vladimir Putin: “Putin”" in notices[0].text
    assert listed.text.count("Vladimir Putin (name: Putin) “Putin”") == 2


# ---------------------------------------------------------------- wishes


async def test_a_pause_ends_by_itself_or_with_resume(house: House) -> None:
    async with house.serving():
        assert "11:30 23/08" in (await house.ask("/pause 3h30p")).text
        async with house.store.read() as tx:
            chat = await tx.chat(Address(READER))
        assert chat is not None
        assert (chat.state, chat.paused_until) == (ChatState.PAUSED, MORNING + timedelta(hours=3, minutes=30))
        assert "tạm dừng" in (await house.ask("/start")).text
        assert await house.state() is ChatState.PAUSED
        await house.ask("/tieptuc")
        assert await house.state() is ChatState.ACTIVE
        await house.ask("/pause")
        assert await house.state() is ChatState.PAUSED
        assert "Tạm dừng bao lâu?" in (await house.ask("/pause đến Tết")).text


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("2h", timedelta(hours=2)),
        ("30 phút", timedelta(minutes=30)),
        ("1 ngày 12 giờ", timedelta(hours=36)),
        ("2 weeks", timedelta(weeks=2)),
        ("1h30m", timedelta(minutes=90)),
        ("", None),
        ("2", None),
        ("h", None),
        ("-2h", timedelta(hours=2)),
        ("2 parsec", None),
        ("0h", None),
        ("9999d", None),
        ("mai", None),
    ],
)
def test_lengths_of_a_pause(text: str, length: timedelta | None) -> None:
    assert span(text) == length


async def test_the_language_is_chosen_by_word_or_button(house: House) -> None:
    async with house.serving():
        assert (await house.ask("/lang en")).text == "I speak English here from now on."
        assert "Hello" in (await house.ask("/start")).text
        question = await house.ask("/lang")
        assert question.labels() == ["Tiếng Việt", "English"]
        await house.press(question, "Tiếng Việt")
        assert house.again(question).text == "Từ giờ tôi nói tiếng Việt ở đây."
        assert "Xin chào" in (await house.ask("/start")).text


# ---------------------------------------------------------------- who is let in


async def test_an_invitation_lets_one_chat_in(house: House) -> None:
    async with house.serving("invite", admins=[EDITOR]):
        assert "người được mời" in (await house.ask("/start")).text
        assert "người được mời" in (await house.ask("/follow Putin")).text
        assert "người được mời" in (await house.ask("Putin")).text
        assert await house.state() is None
        invitation = await house.ask("/invite", EDITOR)
        assert "https://t.me/monitor_test_bot?start=ma-moi-1" in invitation.text
        assert "người được mời" in (await house.ask("/start ma-moi-2")).text
        assert "Xin chào" in (await house.ask("/start ma-moi-1")).text
        assert "người được mời" in (await house.ask("/start ma-moi-1", OTHER)).text
        await house.ask("/follow Putin")
    assert await house.followed() == ["putin"]


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
        assert "Đã chặn" in (await house.ask(f"/access bar {READER}", EDITOR)).text
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
        assert "/access bar ID" in (await house.ask("/access everybody", EDITOR)).text
        assert "MONITOR_ADMIN_CHATS" in (await house.ask(f"/access bar {EDITOR}", EDITOR)).text
    assert await house.state(OTHER) is ChatState.BARRED


# ---------------------------------------------------------------- groups, channels, topics


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


async def test_an_answer_in_a_group_is_a_reply(house: House) -> None:
    async with house.serving():
        asked = house.api.push_message(GROUP, "/following", user_id=MEMBER)
        await house.api.until(lambda: bool(house.api.shown(GROUP)))
    assert house.api.shown(GROUP)[0].reply_to == asked


async def test_an_anonymous_administrator_may_change_things(house: House) -> None:
    async with house.serving():
        await house.settled()
        as_group = telegram_message(
            GROUP, "/follow Putin", sender_chat={"id": GROUP, "type": "supergroup", "title": "x"}
        )
        house.api._push("message", as_group)
        as_channel = telegram_message(
            GROUP, "/follow Lavrov", sender_chat={"id": CHANNEL, "type": "channel", "title": "x"}
        )
        house.api._push("message", as_channel)
        forwarded = as_channel | {"is_automatic_forward": True, "message_id": 3}
        house.api._push("message", forwarded)
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


async def test_topics_of_a_forum_follow_each_for_itself(house: House) -> None:
    async with house.serving():
        answer = await house.ask("/follow Putin", FORUM, user=CHIEF, topic=7)
        assert answer.thread_id == 7
        await house.ask("/follow Tô Lâm", FORUM, user=CHIEF, topic=8)
        general = await house.ask("/follow Lavrov", FORUM, user=CHIEF)
        assert general.thread_id is None
        menu = await house.ask("/watchlist", FORUM, user=CHIEF, topic=7)
        await house.press(menu, "Tất cả", user=CHIEF)
    assert await house.followed(FORUM, 7) == ["putin", "*"]
    assert await house.followed(FORUM, 8) == ["to-lam"]
    assert await house.followed(FORUM) == ["lavrov"]


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
        assert ["/start" in text for text in house.api.texts(GROUP)] == [True]
        assert await house.state(GROUP) is None
        # an admin of the bot needs none for the groups he brings it into
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


# ---------------------------------------------------------------- for admins


async def test_status_tells_what_needs_a_person(house: House) -> None:
    house.report = StatusReport(
        at=MORNING,
        feeds_well=30,
        failing=(FailingFeed(FeedId("sao-mai"), "Sao Mai", FailureKind.TIMEOUT, "no answer in 20 s", MORNING),),
        items_waiting=4,
        outbox={AlertState.PENDING: 2, AlertState.SENT: 10, AlertState.UNCERTAIN: 1},
        parked=(ParkedItem(ItemId("1"), "Một bài hỏng", "ValueError", MORNING),),
        last_errors=("T1: <disk full>",),
        feedback=3,
        subscribers=12,
        watches=76,
        started_at=MORNING,
    )
    async with house.serving(admins=[EDITOR]):
        text = (await house.ask("/trangthai", EDITOR)).text
    assert "30 tốt, 1 đang lỗi" in text
    assert "⚠️ sao-mai từ 08:00 23/08: no answer in 20 s" in text
    assert "2 đang chờ, 10 đã gửi, 0 bị từ chối, 1 chưa chắc chắn" in text
    assert "<disk full>" in text


async def test_feeds_and_reload(house: House) -> None:
    async with house.store.begin() as tx:
        await tx.register_feeds({feed.id: feed.url for feed in FEEDS}, now=MORNING)
        [state, *_] = await tx.claim_due_feeds([FEEDS[2].id], now=MORNING, lease=timedelta(minutes=1), limit=1)
        failed = replace(
            state, failures=2, last_error="HTTP 503", last_checked_at=MORNING, failure_kind=FailureKind.HTTP
        )
        await tx.save_feed(failed)
    async with house.serving(admins=[EDITOR]):
        lines = (await house.ask("/feeds", EDITOR)).text.splitlines()
        assert (await house.ask("/reload", EDITOR)).text == "76 <mục> đã đọc lại"
    assert lines[0] == "⚠️ sao-mai HTTP 503"
    assert lines[1] == "✅ ben-song chưa đọc lần nào"
    assert house.reloads == 1


async def test_admin_commands_do_not_exist_for_anybody_else(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        for command in ("/status", "/stuck", "/reload", "/invite", "/access", "/feedback", "/feeds"):
            assert "không biết lệnh" in (await house.ask(command)).text
    assert house.reloads == 0


# ---------------------------------------------------------------- trouble


async def test_a_passing_conflict_and_a_cut_line_are_survived(house: House) -> None:
    for trouble in ("conflict", "drop_before", "server_error", "bad_gateway", "flood"):
        house.api.trouble(trouble, method="getUpdates", times=1)
    async with house.serving():
        assert "Xin chào" in (await house.ask("/start")).text
    assert len(house.waits) == 5


async def test_an_update_that_cannot_be_read_is_passed_over(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        house.api.trouble("delay", chat_id=READER, times=1, seconds=0.2)  # so that the three come in one batch
        house.api.push_message(READER, "/start")
        house.api.push_message(READER, "/follow Putin")
        house.api._push("message", {"message_id": 77})
        house.api.push_message(READER, "/follow Lavrov")
        await house.settled()
    assert await house.followed() == ["putin", "lavrov"]


async def test_a_lasting_conflict_stops_the_service_loudly(house: House) -> None:
    house.api.trouble("conflict", method="getUpdates", times=None)
    with pytest.raises(SenderBroken, match="another program"):
        await house.service().run()
    assert timedelta(minutes=2) < house.clock.now - MORNING < timedelta(minutes=3)


async def test_a_webhook_left_behind_is_removed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    said = (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    monkeypatch.setitem(KINDS, "webhook", (409, said))
    house.api.trouble("webhook", method="getUpdates", times=1)
    async with house.serving():
        await house.ask("/start")
    assert len(house.api.accepted("deleteWebhook")) == 1


async def test_a_refused_token_stops_the_service_and_is_not_told(house: House) -> None:
    wrong = build_bot("7000001:a-token-that-nobody-gave", house.api.url)
    house.bot = wrong
    try:
        with capture_logs() as logs, pytest.raises(SenderBroken, match="MONITOR_TELEGRAM_TOKEN") as raised:
            await house.service().run()
    finally:
        await wrong.shutdown()
    assert "nobody-gave" not in f"{raised.value!r}{raised.value.__cause__}{logs}"


async def test_a_token_revoked_while_running_stops_the_service(house: House) -> None:
    async with house.serving() as task:
        await house.ask("/start")
        house.api.trouble("unauthorized", method="getUpdates", times=None)
        house.api.push_message(READER, "/help")
        with pytest.raises(SenderBroken):
            await task


async def test_no_address_of_a_request_reaches_the_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with house.serving():
        await house.ask("/start")
    written = [record.getMessage() for record in caplog.records if record.name.startswith(("httpx", "httpcore"))]
    assert written == []


async def test_the_service_waits_for_its_network(house: House) -> None:
    house.api.trouble("drop_before", times=3, method="getMe")
    async with house.serving():
        assert "Xin chào" in (await house.ask("/start")).text
    assert house.waits == [1.0, 2.0, 4.0]


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


async def test_what_came_while_the_service_was_down_is_answered_once(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
    house.api.push_message(READER, "/follow Putin")
    house.api.push_message(READER, "/follow Lavrov")
    async with house.serving():
        await house.api.until(lambda: len(house.api.shown(READER)) == 3)
    async with house.serving():
        await house.settled()
    assert await house.followed() == ["putin", "lavrov"]
    assert len(house.api.shown(READER)) == 3


async def test_an_update_under_way_is_finished_before_the_service_stops(house: House) -> None:
    async with house.serving() as task:
        await house.ask("/start")
        house.api.trouble("delay_after", method="sendMessage", times=1, seconds=0.3)
        house.api.push_message(READER, "/follow Putin")
        house.api.push_message(READER, "/follow Lavrov")
        await house.api.until(lambda: len(house.api.shown(READER)) == 2)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
    assert await house.followed() == ["putin"]
    async with house.serving():
        await house.api.until(lambda: len(house.api.shown(READER)) == 3)
        await house.settled()
    assert await house.followed() == ["putin", "lavrov"]
    assert len(house.api.shown(READER)) == 3


async def test_an_update_is_confirmed_only_after_it_was_handled(house: House) -> None:
    """As when the process dies in the middle: nothing was said to Telegram, so the update comes again."""
    service = house.service()
    await house.bot.initialize()
    house.api.push_message(READER, "/follow Putin")
    house.api.trouble("delay", method="sendMessage", times=1, seconds=30)
    task = asyncio.create_task(service.run())
    await house.api.until(lambda: bool(house.api.accepted("getUpdates")))
    offsets = [int(call.params.get("offset", 0)) for call in house.api.accepted("getUpdates")]
    assert max(offsets) == 0
    house.api.calm()
    task.cancel()
    await asyncio.wait([task], timeout=0)  # the process is gone; its task is looked after below
    async with house.serving():
        await house.api.until(lambda: "putin" in str(house.api.texts(READER)).casefold())
    await asyncio.wait([task])
    assert await house.followed() == ["putin"]


# ---------------------------------------------------------------- laws of the finder

names = st.text(st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạéếộợữ "), min_size=3, max_size=20).filter(
    lambda text: len(fold(text)) >= 3
)
watchlists = st.lists(names, min_size=1, max_size=8, unique_by=fold).map(
    lambda found: Watchlist(
        "v", tuple(Leader(WatchId(f"w{n}"), name, tags=(f"nhan-{n % 3}",)) for n, name in enumerate(found))
    )
)


@given(watchlists, st.data())
def test_every_watch_is_found_by_its_name_without_marks_and_in_capitals(
    watchlist: Watchlist, data: st.DataObject
) -> None:
    watch: Watch = data.draw(st.sampled_from(watchlist.watches))
    finder = Finder(watchlist)
    for typed in (watch.name, watch.name.upper(), fold(watch.name), f"  {watch.name} "):
        if fold(typed) not in ("tat ca", "all", "moi thu", "everything"):
            assert Target(watch.id) in finder.find(typed).hits


@given(watchlists, st.text(max_size=60))
def test_any_text_is_answered_and_hits_exist(watchlist: Watchlist, text: str) -> None:
    found = Finder(watchlist).find(text)
    assert set(found.hits) <= set(all_targets(watchlist))
    assert len(found.hits) == 1 if found.sure else len(found.hits) <= 8


@given(st.text(min_size=1, max_size=200))
def test_a_token_fits_and_leads_back(name: str) -> None:
    target = Target(name)
    assert len(token(target).encode()) <= 40
    assert by_token(token(target), [EVERYTHING, Target("#khác"), target]) in (target, EVERYTHING, Target("#khác"))
    assert by_token(token(target), [target]) == target


def test_everything_stands_for_every_enabled_watch_and_a_tag_for_its_own() -> None:
    assert len(watch_ids([EVERYTHING], WATCHLIST)) == 7
    assert watch_ids([Target("#nga"), Target("bao")], WATCHLIST) == ["putin", "lavrov", "bao"]


def test_ten_thousand_watches_are_searched_within_a_blink() -> None:
    watches = tuple(Leader(WatchId(f"w{n}"), f"Nguyễn Văn {n:05} Thử", aliases=(f"Anh {n}",)) for n in range(10_000))
    finder = Finder(Watchlist("many", watches))
    assert finder.find("nguyen van 04711 thu").hits == ("w4711",)
    assert len(finder.find("nguyen van").hits) == 8
    assert "w4711" in finder.find("nguyn van 04711 thu").hits
