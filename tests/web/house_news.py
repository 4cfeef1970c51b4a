"""The news of the page's house: three weeks of the demo's newspapers and some articles more, through the real pipeline.

Everything is polled, detected, grouped, sent and counted as the service does it; only newspapers and Telegram are ours.
Who is who, and what there is to see, stands in page_house.py.
"""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from monitor.app.own_in_force import OwnInForce
from monitor.config import Config, load_all
from monitor.demo.script import Part, Piece, Script, read_script
from monitor.pipeline.complaining import evidence_of
from monitor.pipeline.index_news import IndexNews
from monitor.pipeline.pace import Pace
from monitor.store.tables import alerts, items
from monitor.store.transaction import Store, Transaction
from monitor.types import (
    EVERYTHING,
    Address,
    AlertKind,
    AlertState,
    ChangeAction,
    Chat,
    ChatKind,
    FailureKind,
    NewChange,
    StoryId,
    Target,
    WatchId,
)
from tests.flow import FakeClock, Flow

NOW = datetime(2026, 8, 23, 1, 30, tzinfo=UTC)  # half past eight on a Sunday morning in Vietnam
READER, EDITOR, OTHER, GROUP = Address(1001), Address(9001), Address(1002), Address(-1000000000077)
FOLLOWED = ("putin", "netanyahu", "dong-dat", "bao", "le-minh-hung", "dien-dam")
OWN = """\
events:
  - id: own-1
    name: Sầu riêng Đắk Lắk
    match:
      - '"sầu riêng" AND ("Đắk Lắk" OR "Krông Pắc")'
"""
OWN_ID, OWN_NAME = WatchId("own-1"), "Sầu riêng Đắk Lắk"
FEEDS = """\
# The feeds of the tests' newspapers.
defaults: {interval: 5m, min_interval: 5m, max_interval: 5m, timezone: Asia/Ho_Chi_Minh}
feeds:
"""
SILENT_FEED, OFF_FEED, LOST_FEED = "dong-xanh-trang-chu", "dong-xanh-cu", "mot-thuo"
MORE_FEEDS = (
    ("ben-song-thoi-su", "Nhật báo Bến Sông", "Thời sự", ""),
    (SILENT_FEED, "Báo Đồng Xanh", "Trang chủ", ""),
    (OFF_FEED, "Báo Đồng Xanh", "Bản cũ", "    enabled: false\n"),
    (LOST_FEED, "Tuần san Một Thuở", "Trang chủ", ""),
)
TROUBLES = {
    SILENT_FEED: ("503 Service Unavailable", FailureKind.HTTP),
    LOST_FEED: ("mot-thuo.example: no such host", FailureKind.DNS),
}
WATCHLISTS = Path(__file__).parents[2] / "config" / "watchlists"
WRONG = "Quán cà phê Putin ở phố cổ mở thêm chi nhánh thứ hai"
EDITED = "su-kien.yaml"  # of the watchlists
PARKED = "Kính thiên văn mới ghi hình vành đai bụi quanh một ngôi sao trẻ"


@dataclass(frozen=True, slots=True)
class Written:
    """An article of the house's own: so many days and minutes before NOW."""

    feed: str
    key: str
    title: str
    lead: str
    days: int
    minutes: int = 0
    body: str = ""


# a week ago Putin was in the news on one day with several stories, which is a peak that a chart has to explain
WRITTEN = (
    Written(
        "ben-song",
        "putin-cau",
        "Tổng thống Nga Vladimir Putin dự lễ thông xe cây cầu dài nhất vùng Viễn Đông",
        "Tổng thống Nga Vladimir Putin cắt băng thông xe cây cầu 4,2 km bắc qua sông Amur sau năm năm xây dựng.",
        6,
        300,
        "“Cây cầu này nối hai bờ và nối cả những gia đình”, ông Putin nói tại buổi lễ.\n\nCầu có bốn làn xe.",
    ),
    Written(
        "hai-dang",
        "putin-cau-2",
        "Ông Putin khánh thành cầu vượt sông Amur dài 4,2 km",
        "Cây cầu 4,2 km bắc qua sông Amur được Tổng thống Nga Vladimir Putin khánh thành, rút ngắn quãng đường 90 km.",
        6,
        280,
    ),
    Written(
        "gio-nom",
        "putin-hat-giong",
        "Ông Putin ký sắc lệnh miễn thuế nhập khẩu hạt giống rau",
        "Sắc lệnh được Tổng thống Nga Vladimir Putin ký miễn thuế nhập khẩu hạt giống rau trong ba năm.",
        6,
        200,
    ),
    Written(
        "song-xa",
        "putin-modi",
        "Ông Putin và Thủ tướng Ấn Độ Narendra Modi bàn tuyến tàu hàng mới",
        "Tổng thống Nga Vladimir Putin và Thủ tướng Ấn Độ Narendra Modi thống nhất mở tuyến tàu hàng tới Chennai.",
        6,
        120,
        "“Chúng tôi muốn hàng đi nhanh hơn mười ngày”, ông Modi nói.\n\nTuyến tàu chạy từ tháng mười.",
    ),
    Written(
        "doi-che",
        "sau-rieng-1",
        "Đắk Lắk vào vụ sầu riêng, giá tại vườn tăng nhẹ",
        "Nhà vườn ở Krông Pắc, Đắk Lắk bắt đầu cắt sầu riêng lứa đầu, thương lái trả 62.000 đồng một kg.",
        1,
        120,
    ),
    Written(
        "cau-go",
        "sau-rieng-2",
        "Giá sầu riêng Đắk Lắk lên 65.000 đồng một kg",
        "Sầu riêng Đắk Lắk được thu mua 65.000 đồng một kg, nhà vườn Krông Pắc thuê thêm người cắt quả.",
        0,
        140,
    ),
    Written(
        "muoi-gio",
        "quan-ca-phe",
        WRONG,
        "Quán cà phê Putin nổi tiếng với món bạc xỉu vừa mở chi nhánh thứ hai, khách xếp hàng từ sáng sớm.",
        2,
        90,
    ),
)


EVERY = timedelta(minutes=30)  # the house polls
PLAYED = {1: 21, 2: 14, 3: 9, 4: 5, 5: 2, 0: 0}  # which round of the demo's script was so many days ago


async def tell_news(store: Store, folder: Path) -> Config:
    """Write the files of the house into `folder` and let three weeks of news flow into an empty database."""
    config = write_files(folder)
    flow = Flow(
        store,
        clock=FakeClock(NOW - timedelta(days=22)),
        watchlist=config.watchlist,
        feeds={feed.id: feed for feed in config.feeds if feed.enabled},
        pace=Pace(per_second=10_000, private=timedelta(0), group=timedelta(0)),
    )
    await _people(flow)
    await flow.start()
    later = [(at, each) for at, each in sorted(_timetable(), key=lambda row: row[0])]
    while later:
        flow.clock.now = min(later[0][0] + EVERY, NOW - timedelta(minutes=2))
        while later and later[0][0] <= flow.clock.now:
            _printed(flow, *later.pop(0))
        for feed, (why, kind) in TROUBLES.items():
            flow.fetcher.fail(feed, why, kind)
        await flow.on(timedelta(0))
    flow.clock.now = NOW
    with store.writing() as tx:
        _marks(tx)
        _stuck(tx)
    await _index(store)
    return config


def write_files(folder: Path) -> Config:
    """feeds.yaml of the house and the shipped watchlists; what they say."""
    rows = [(outlet.id, outlet.name, outlet.section, "") for outlet in read_script().outlets]
    lines = [
        f"  - id: {feed}\n    outlet: {outlet}\n    url: https://{feed}.example/rss\n    section: {section}\n{more}"
        for feed, outlet, section, more in (*rows, *MORE_FEEDS)
    ]
    (folder / "feeds.yaml").write_text(FEEDS + "".join(lines), encoding="utf-8")
    shutil.copytree(WATCHLISTS, folder / "watchlists")
    return load_all(folder)


async def _people(flow: Flow) -> None:
    """Who is told what, and the own watch of one of them."""
    joined = flow.clock()
    with flow.store.writing() as tx:
        for address, kind, title, targets in (
            (READER, ChatKind.PRIVATE, "Bàn đọc", FOLLOWED),
            (OTHER, ChatKind.PRIVATE, "Bàn kinh tế", ("thue-quan-my",)),
            (EDITOR, ChatKind.PRIVATE, "Thư ký tòa soạn", (EVERYTHING,)),
            (GROUP, ChatKind.GROUP, "Ban quốc tế", ("#trung-dong", "putin")),
        ):
            tx.save_chat(Chat(address, kind, title, lang="en", joined_at=joined))
            for target in targets:
                tx.follow(address, Target(target), now=joined)
        number = tx.add_own_watch(READER, asked="sầu riêng", text=OWN, now=joined)
        assert f"own-{number}" == OWN_ID
        tx.keep_own_watch(number, now=joined)
        tx.follow(READER, Target(OWN_ID), now=joined)
    flow.active = await OwnInForce(flow.store).beside(flow.active, flow.watchlist)


def _timetable() -> list[tuple[datetime, Piece | Written]]:
    """What is printed when."""
    script: Script = read_script()
    pieces: list[tuple[datetime, Piece | Written]] = []
    for number, days in PLAYED.items():
        length = timedelta(seconds=script.length * number)  # a round begins where the one before ends
        for piece in script.round(number, NOW - timedelta(days=days) - length, 1.0):
            # of an earlier day only what is its own: what the script says each time would be the same story again
            if number == 0 or not piece.id.startswith(("namesake", "noise")):
                late = EVERY if piece.part is Part.RETITLED else timedelta(0)
                pieces.append((piece.published + late, piece))
    return pieces + [(NOW - timedelta(days=each.days, minutes=each.minutes), each) for each in WRITTEN]


def _printed(flow: Flow, at: datetime, what: Piece | Written) -> None:
    if isinstance(what, Written):
        entry = flow.fetcher.publish(what.feed, what.key, what.title, what.lead, at=at)
        flow.reader.pages[entry.url] = what.body or what.lead
    elif what.retitles:
        flow.fetcher.retitle(what.outlet.id, f"{what.retitles}-{_round_of(what)}", what.title)
    else:
        key = f"{what.id}-{_round_of(what)}"
        entry = flow.fetcher.publish(what.outlet.id, key, what.title, what.lead, at=what.published)
        flow.reader.pages[entry.url] = "\n\n".join(what.paragraphs)


def _round_of(piece: Piece) -> int:
    return piece.serial // 1_000


def _marks(tx: Transaction) -> None:
    """Two chats say of one story that it is wrong, and the log of changes has some lines."""
    story = story_named(tx, WRONG)
    view = tx.story(story)
    assert view is not None
    for address in (READER, EDITOR):
        tx.add_feedback(address, story, evidence_of(view, [WatchId("putin")]), now=NOW - timedelta(hours=40))
    text = (WATCHLISTS / EDITED).read_text("utf-8")
    tx.add_change(
        NewChange(
            ChangeAction.FILE,
            EDITED,
            "Thư ký tòa soạn",
            EDITOR.chat_id,
            EDITOR.chat_id,
            text.replace("siêu động đất", "sieu dong dat"),
            text,
        ),
        now=NOW - timedelta(days=1),
    )
    tx.add_change(
        NewChange(ChangeAction.INVITE, "ma-1", "Thư ký tòa soạn", EDITOR.chat_id, EDITOR.chat_id),
        now=NOW - timedelta(days=3),
    )


def _stuck(tx: Transaction) -> None:
    """An article that detection gave up, and two alerts that nobody knows the end of."""
    a_parked = tx._rows(select(items.c.id).where(items.c.title == PARKED))
    tx._change(
        update(items)
        .where(items.c.id == a_parked[0].id)
        .values(parked_at=NOW - timedelta(hours=1), match_failures=3, matched_at=None)
    )
    for address, state in ((READER, AlertState.UNCERTAIN), (EDITOR, AlertState.PARKED)):
        rang = (alerts.c.chat_id == address.chat_id, alerts.c.kind == AlertKind.ALERT)
        last = tx._rows(select(alerts.c.id).where(*rang).order_by(alerts.c.id.desc()).limit(1))[0]
        tx._change(update(alerts).where(alerts.c.id == last.id).values(state=state, why="502 Bad Gateway"))


async def _index(store: Store) -> None:
    """All of it can be searched."""
    news = IndexNews(store)
    while await news.claim(limit=1):
        await news.work(None)


def story_named(tx: Transaction, title: str) -> StoryId:
    """The story of the article with this title."""
    (row,) = tx._rows(select(items.c.story_id).where(items.c.title == title))
    return StoryId(str(row.story_id))
