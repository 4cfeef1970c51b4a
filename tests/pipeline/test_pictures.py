"""Pictures are drawn from the rows of the moment, and say in words what they show."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.errors import PictureError
from monitor.i18n import translator
from monitor.notify.html import plain, units
from monitor.notify.news_words import change
from monitor.notify.trend_words import MAX_CAPTION
from monitor.pipeline.compose import Composed, Composer
from monitor.pipeline.pictures import (
    Pictures,
    Sketch,
    command_of,
    payload_of,
    peak_days,
    short_name,
    sketched,
    spec_of,
)
from monitor.store.transaction import Store
from monitor.types import (
    Address,
    AlertKind,
    Chat,
    ChatKind,
    DedupeKey,
    Event,
    Leader,
    NewAlert,
    PictureKind,
    PictureSpec,
    Placement,
    Role,
    StoryId,
    Target,
    Trend,
    Watch,
    WatchId,
)
from tests.store_samples import MINUTE, NOW, draft, match

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PUTIN, TRUMP, GAZA = WatchId("putin"), WatchId("trump"), WatchId("gaza")
WATCHES: dict[WatchId, Watch] = {
    PUTIN: Leader(PUTIN, "Vladimir Putin", aliases=("Putin", "Pu-tin")),
    TRUMP: Leader(TRUMP, "Donald Trump", aliases=("Trump",)),
    GAZA: Event(GAZA, "Ngừng bắn ở Gaza"),
}
TREND = PictureSpec(PictureKind.TREND, (PUTIN,))


class Brush:
    """Paints nothing and keeps what it was given; `broken`: it cannot."""

    def __init__(self, *, broken: bool = False) -> None:
        self.painted: list[str] = []
        self.broken = broken

    async def paint(self, svg: str) -> bytes:
        if self.broken:
            raise PictureError("nothing to draw with")
        self.painted.append(svg)
        return b"PNG"


def tell(
    store: Store, key: str, *watches: str, days_ago: float = 0, outlet: str = "Bến Sông", joins: StoryId | None = None
) -> StoryId:
    at = NOW - timedelta(days=days_ago)
    new = replace(draft(key, title=f"Tin {key} & chuyện", published_at=at, seen_at=at), outlet=outlet)
    with store.writing() as tx:
        (item,) = tx.add_items([new])
        placement = Placement(joins, Role.NEW)
        return tx.save_detection(item, [match(watch) for watch in watches], placement, version="v1", now=at)


def drawn(store: Store, spec: PictureSpec, lang: str = "en") -> Sketch:
    with store.reading() as tx:
        sketch = sketched(tx, spec, WATCHES, words=translator(lang), now=NOW.astimezone(ZONE))
    assert sketch is not None
    assert 0 < units(plain(sketch.caption)) <= MAX_CAPTION
    return sketch


@pytest.fixture
def busy(store: Store) -> Store:
    """Six articles of a day ten days ago, four of them one story; one of each of the last days."""
    story = tell(store, "cầu", "putin", "trump", days_ago=10)
    for number in range(3):
        tell(store, f"cầu-{number}", "putin", days_ago=10, outlet=f"Báo {number}", joins=story)
    tell(store, "khác", "putin", days_ago=10)
    tell(store, "nữa", "putin", days_ago=10)
    for number in range(9):
        tell(store, f"mới-{number}", "putin", days_ago=number)
    tell(store, "Trump", "trump", days_ago=2)
    return store


def test_a_trend_names_its_highest_day_with_the_story_of_that_day(busy: Store) -> None:
    sketch = drawn(busy, TREND)
    assert "<b>Vladimir Putin</b>: 15 articles in 30 days" in sketch.caption
    assert "13 Aug · 6 articles" in sketch.caption
    assert ">Tin cầu &amp; chuyện</a>" in sketch.caption
    assert "Tin cầu &amp; chuyện</text>" in sketch.svg
    assert "Gaps:" in sketch.svg, "of the days before the first nothing is known"


def test_two_trends_stand_against_each_other(busy: Store) -> None:
    sketch = drawn(busy, replace(TREND, watch_ids=(PUTIN, TRUMP)))
    assert "Vladimir Putin · 15 articles</text>" in sketch.svg
    assert ">Trump</text>" in sketch.svg, "the short name at the end of its line"
    assert "<b>Donald Trump</b>: 2 articles" in sketch.caption


def test_a_trend_by_newspaper_counts_stored_articles(busy: Store) -> None:
    sketch = drawn(busy, replace(TREND, by_outlet=True))
    assert "• Bến Sông: 12 articles\n• Báo 0: 1 article\n" in sketch.caption


def test_who_is_named_with_whom(busy: Store) -> None:
    sketch = drawn(busy, PictureSpec(PictureKind.WHO, (PUTIN,)))
    assert "Named together with: Donald Trump (1)" in sketch.caption
    with busy.reading() as tx:
        spec = PictureSpec(PictureKind.WHO, (GAZA,))
        assert sketched(tx, spec, WATCHES, words=translator("en"), now=NOW.astimezone(ZONE)) is None


def test_a_day_shows_what_most_newspapers_tell(busy: Store) -> None:
    day = (NOW - timedelta(days=10)).astimezone(ZONE).date()
    sketch = drawn(busy, PictureSpec(PictureKind.DAY, until=day))
    assert "<b>Told most on 13 Aug</b> · 6 articles · 3 stories · 4 newspapers" in sketch.caption
    assert sketch.caption.splitlines()[1].endswith("(4 newspapers)")
    assert "Vladimir Putin, Donald Trump</text>" in sketch.svg
    assert "last 24 hours" in drawn(busy, PictureSpec(PictureKind.DAY)).caption


def test_a_week_stands_against_the_one_before(busy: Store) -> None:
    sketch = drawn(busy, PictureSpec(PictureKind.WEEK))
    assert sketch.caption.splitlines()[0] == "📊 <b>The week 16 Aug – 22 Aug</b>"
    assert sketch.caption.splitlines()[1] == "• <b>Vladimir Putin</b>: 7 articles (as before)"


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ([3] * 7, [4] * 7, "+33%"),
        ([4] * 7, [3] * 7, "−25%"),
        ([3] * 7, [3] * 7, "as before"),
        ([0] * 7, [3] * 7, "new this week"),
        ([0] * 7, [0] * 7, ""),
        ([None] * 7, [3] * 7, ""),
        ([None] * 6 + [1], [250] * 7, "1,750 times as many"),
        ([2] * 7, [5] * 7, "+150%"),
        ([2] * 7, [6] * 7, "3 times as many"),
    ],
)
def test_a_week_is_measured_by_what_is_known_of_the_one_before(
    before: list[int | None], now: list[int | None], said: str
) -> None:
    trend = Trend(PUTIN, "Vladimir Putin", "Putin", date(2026, 8, 1), (*before, *now))
    assert change(trend, translator("en")) == said


def test_nothing_is_drawn_of_nothing(store: Store) -> None:
    with store.reading() as tx:
        for kind in PictureKind:
            for spec in (PictureSpec(kind, (PUTIN,)), PictureSpec(kind, (WatchId("lost"),)), PictureSpec(kind)):
                for each in (spec, replace(spec, by_outlet=True)):
                    assert sketched(tx, each, WATCHES, words=translator("vi"), now=NOW.astimezone(ZONE)) is None


def test_a_spec_survives_its_row() -> None:
    for spec in (
        TREND,
        PictureSpec(PictureKind.DAY),
        PictureSpec(PictureKind.WEEK, (PUTIN, TRUMP), 7, date(2026, 8, 23), by_outlet=True, is_dark=True),
    ):
        assert spec_of(payload_of(spec)) == spec
    assert spec_of({"kind": "day"}) == PictureSpec(PictureKind.DAY)


def test_the_command_that_draws_the_like_can_be_typed() -> None:
    assert command_of(TREND) == "monitor chart trend putin --out picture.png"
    assert command_of(replace(TREND, days=7, by_outlet=True)).endswith(
        "trend putin --since 7d --outlets --out picture.png"
    )
    assert command_of(PictureSpec(PictureKind.DAY, (PUTIN,))) == "monitor chart day --out picture.png"


def test_peaks_stand_out_and_apart() -> None:
    quiet = [2] * 30
    assert peak_days(quiet, 3) == []
    assert peak_days([*quiet, 9, 8, 2, 5], 3) == [30, 33]
    assert peak_days([*quiet, 9, None, None, 7, 2, 2, 8], 2) == [30, 36]
    assert peak_days([], 3) == []
    assert peak_days([None, None], 3) == []


def test_a_short_name_is_an_alias_that_is_a_part_of_the_name() -> None:
    assert [short_name(watch) for watch in WATCHES.values()] == ["Putin", "Trump", "Ngừng bắn ở Gaza"]


# ---------------------------------------------------------------- through the outbox


READER = Address(101)


async def composed(store: Store, brush: Brush, kind: AlertKind, payload: dict[str, object]) -> Composed | None:
    with store.writing() as tx:
        tx.save_chat(Chat(READER, ChatKind.PRIVATE, lang="en"))
        tx.follow(READER, Target("trump"), now=NOW)
        tx.enqueue([NewAlert(READER, kind, DedupeKey("picture:1"), payload=payload)], now=NOW)
        (row,) = tx.claim_alerts(now=NOW, lease=MINUTE, limit=1)
    pictures = Pictures(store, brush, watches=lambda: WATCHES, zone=ZONE)
    return await Composer(store, watches=lambda: WATCHES, zone=ZONE, pictures=pictures).compose(row, now=NOW)


async def test_a_picture_of_a_week_is_about_what_its_chat_follows(busy: Store) -> None:
    brush = Brush()
    told = await composed(busy, brush, AlertKind.PICTURE, {"picture": {"kind": "week"}})
    assert told is not None
    assert (told.message.picture, told.message.address) == (b"PNG", READER)
    assert "Donald Trump" in told.message.html
    assert "Putin" not in told.message.html
    assert told.message.drawn_by == "monitor chart week --out picture.png"


async def test_an_answer_that_had_to_wait_is_drawn_when_it_is_sent_and_keeps_its_words(busy: Store) -> None:
    brush = Brush()
    payload = {"picture": {"kind": "trend", "watches": ["putin"]}, "html": "<b>Putin</b>: 15", "reply_to": 7}
    told = await composed(busy, brush, AlertKind.ANSWER, payload)
    assert told is not None
    assert (told.message.picture, told.message.html, told.message.reply_to) == (b"PNG", "<b>Putin</b>: 15", 7)
    assert "Tin cầu" in brush.painted[0]


async def test_a_picture_that_cannot_be_drawn_is_told_in_its_words(busy: Store) -> None:
    told = await composed(busy, Brush(broken=True), AlertKind.PICTURE, {"picture": {"kind": "week"}})
    assert told is not None
    assert told.message.picture is None
    assert "Donald Trump" in told.message.html


async def test_a_picture_of_nothing_is_not_sent(store: Store) -> None:
    assert await composed(store, Brush(), AlertKind.PICTURE, {"picture": {"kind": "day"}}) is None
