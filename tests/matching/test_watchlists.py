"""The shipped watchlists, and what a review says about those of others."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from monitor.config import load_watchlist
from monitor.matching.lint import review
from monitor.matching.matcher import Matcher, compile_watchlist
from monitor.types import Event, Leader, Office, Watch, WatchId, Watchlist
from tests.newsroom import item
from tests.outside import DATA, OUTSIDE, judged_outside

ROOT = Path(__file__).parents[2]
TARGETS = OUTSIDE / "watch_targets.tsv"
TODAY = date(2026, 8, 23)


@pytest.fixture(scope="module")
def shipped() -> Watchlist:
    return load_watchlist(ROOT / "config")


@pytest.fixture(scope="module")
def matcher(shipped: Watchlist) -> Matcher:
    return compile_watchlist(shipped)


def test_there_are_64_leaders_and_12_events(shipped: Watchlist) -> None:
    assert Counter(type(watch).__name__ for watch in shipped.watches) == {"Leader": 64, "Event": 12}


@judged_outside("tests/matching/test_watchlists.py::test_the_ids_of_the_shipped_lists_stay", needs=TARGETS)
def test_the_ids_are_those_that_subscriptions_know(shipped: Watchlist) -> None:
    lines = TARGETS.read_text(encoding="utf-8").splitlines()[1:]
    wanted = {line.split("\t")[0]: line.split("\t")[1] for line in lines}
    assert {w.id: "leader" if isinstance(w, Leader) else "event" for w in shipped.watches} == wanted


IDS = """
    abbas albanese ali-khamenei anutin anwar araghchi assad bao biden bien-dong carney charles-iii dao-chinh
    delcy-rodriguez dien-dam dong-dat eo-bien-hormuz erdogan guterres hat-nhan-iran hegseth ho-quoc-dung
    hoa-dam-nga-ukraine hun-manet hun-sen kim-jong-un lavrov le-hoai-trung le-minh-hung lee-jae-myung leo-xiv lukashenko
    lula luong-cuong luong-tam-quang ly-cuong macron maduro marcos mbs merz modi mojtaba-khamenei netanyahu
    ngung-ban-gaza nguyen-hoa-binh nguyen-van-thang obama orban pezeshkian pham-minh-chinh pham-thi-thanh-tra
    phan-van-giang prabowo putin raisi roi-may-bay rubio rutte sisi starmer takaichi tap-can-binh thaksin thongloun
    thue-quan-my to-lam tran-hong-ha tran-thanh-man trieu-tien-ten-lua trump vance von-der-leyen vuong-nghi
    yoon-suk-yeol zelensky
"""


def test_the_ids_of_the_shipped_lists_stay(shipped: Watchlist) -> None:
    """Subscriptions hold them: who renames one takes it away from everybody who follows it."""
    assert sorted(watch.id for watch in shipped.watches) == IDS.split()


def test_a_review_of_the_shipped_lists_speaks_of_vacant_offices_alone(shipped: Watchlist) -> None:
    assert {one.message.split(" has no holder")[1][:6] for one in review(shipped, today=TODAY)} == {" since"}


def test_every_leader_is_found_by_the_full_name(shipped: Watchlist, matcher: Matcher) -> None:
    for watch in shipped.watches:
        if isinstance(watch, Leader):
            near = watch.near[0] if watch.common else ""
            found = {match.watch_id for match in matcher.match(item(f"Gặp {watch.name} chiều nay", near))}
            assert watch.id in found, watch.name


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Ông Trump và bà Melania Trump trồng cây", {"trump"}),
        ("Bà Brigitte Macron mở lớp học vẽ", set()),
        ("Tân Thủ tướng Anh dọn nhà", set()),
        ("Đại giáo chủ Iran Ali Khamenei trong hồi ức người cùng thời", {"ali-khamenei"}),
        ("Lãnh tụ tối cao Iran im lặng ba ngày", {"mojtaba-khamenei"}),
        ("Hậu vệ Marcos Alonso giải nghệ", set()),
        ("Tổng thống Philippines thăm chợ", {"marcos"}),
        ("Bộ trưởng Công an thăm trại hè", {"luong-tam-quang"}),
        ("Shark Bình nói về Nguyễn Hòa Bình trên truyền hình", set()),
        ("Thái tử Saudi Arabia nuôi chim ưng", {"mbs"}),
        ("Cuộc gọi lừa đảo giả danh điện lực", set()),
        ("Thủ tướng điện đàm với Tổng thống Pháp", {"le-minh-hung", "macron", "dien-dam"}),
        ("Giữa bão giá, chợ quê vẫn đông", set()),
        ("Bão Hoa Mai giật cấp 11 áp sát Quảng Trị", {"bao"}),
        ("Cơn địa chấn ở làng cầu lông", set()),
        ("Động đất 5 độ rung chuyển một thị trấn", {"dong-dat"}),
        ("Doanh nghiệp lo huy động đất đai chậm", set()),
        ("Tàu hàng kẹt ở eo biển Hormuz", {"eo-bien-hormuz"}),
        ("Mỹ dọa áp thuế 30% với gốm sứ", {"thue-quan-my"}),
        ("Trực thăng cứu hộ rơi ở vùng núi", {"roi-may-bay"}),
        ("Chú mèo bị bỏ rơi trên máy bay", set()),
        ("UAV rơi xuống ruộng lúa", set()),
        ("Bão vào đảo chính Luzon", {"bao"}),
        ("Âm mưu đảo chính ở một nước châu Phi bị chặn", {"dao-chinh"}),
        ("Triều Tiên phóng tên lửa ra biển", {"trieu-tien-ten-lua"}),
        ("Gió mạnh trên vùng biển đông bắc", set()),
        ("Tàu hải cảnh va chạm ở Biển Đông", {"bien-dong"}),
        ("Hamas và Israel bàn ngừng bắn ở Gaza", {"ngung-ban-gaza"}),
        ("Nga, Ukraine nối lại đàm phán hòa bình", {"hoa-dam-nga-ukraine"}),
        ("Iran ngừng làm giàu uranium một tháng", {"hat-nhan-iran"}),
        ("Tàu sân bay hạt nhân neo gần Iran", set()),
    ],
)
def test_what_an_editor_would_expect_of_the_shipped_lists(title: str, expected: set[str], matcher: Matcher) -> None:
    assert {str(match.watch_id) for match in matcher.match(item(title))} == expected


MENTIONS = DATA / "mentions.dev.jsonl"


@judged_outside("tests/test_quality.py::test_matching_finds_whom_and_what_a_reader_finds", needs=MENTIONS)
def test_the_figures_that_we_publish_hold(shipped: Watchlist, matcher: Matcher) -> None:
    from datetime import datetime

    kinds = {watch.id: "leader" if isinstance(watch, Leader) else "event" for watch in shipped.watches}
    counts: Counter[tuple[str, str]] = Counter()
    for line in MENTIONS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        at = datetime.fromisoformat(row["published"])
        got = {str(match.watch_id) for match in matcher.match(item(row["title"], row["summary"] or "", at=at))}
        sure = {target for target, certain, _ in row["labels"] if certain}
        unsure = {target for target, certain, _ in row["labels"] if not certain}
        for target in got - unsure:
            counts[kinds[WatchId(target)], "right" if target in sure else "wrong"] += 1
        for target, certain, by_office in row["labels"]:
            if certain:
                counts[kinds[target], "held" if target in got else "missed"] += 1
                counts["office", "held" if target in got else "missed"] += by_office

    def share(kind: str, good: str, bad: str) -> float:
        return counts[kind, good] / (counts[kind, good] + counts[kind, bad])

    assert share("leader", "right", "wrong") >= 0.98
    assert share("leader", "held", "missed") >= 0.97
    assert share("event", "right", "wrong") >= 0.92
    assert share("event", "held", "missed") >= 0.92
    assert share("office", "held", "missed") >= 0.90


# ---------------------------------------------------------------- reviews


def leader(id: str, name: str = "Nguyễn Tên Dài", **more: object) -> Leader:
    return Leader(WatchId(id), name, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("watches", "where", "says"),
    [
        ([leader("a", aliases=("Tập",))], "a.aliases[0]", "one syllable"),
        ([leader("a", aliases=("ông trùm",))], "a.aliases[0]", "no capital"),
        ([leader("a", aliases=("Kim Un", "Kim-Un"))], "a.aliases[1]", "written already"),
        ([leader("a", "An Bình"), leader("b", "Lê An Bình")], "b.name", "contains `an bình`, a name of a"),
        (
            [leader("a", "An Bình"), leader("b", "Bùi Văn Nhớ", aliases=("An Bình",))],
            "b.aliases[0]",
            "also a name of a",
        ),
        ([leader("a", common=True)], "a.common", "never match"),
        ([leader("a", offices=(Office("Tổng thống Nga", until=date(2020, 1, 1)),))], "a.offices[0]", "no holder since"),
        ([leader("a", offices=(Office("Tổng thống Nga", since=date(2030, 1, 1)),))], "a.offices[0]", "begins only on"),
        ([leader("a", offices=(Office("Tổng thống Ngaa"),))], "a.offices[0]", "names no known state"),
        ([leader("a", offices=(Office("HLV trưởng"),))], "a.offices[0]", "does not say of what"),
        ([leader("a", offices=(Office("Bộ trưởng Y tế", until=date(2020, 1, 1)),))], "a.offices[0]", "no holder since"),
        (
            [
                leader(id, name, offices=(Office(title),))
                for id, name, title in (("a", "An", "Bí thư Thành ủy TP.HCM"), ("b", "Bình Yên", "Bí thư TP HCM"))
            ],
            "a.offices[0]",
            "held today by",
        ),
        (
            [leader(id, name, offices=(Office("Tổng thống Nga"),)) for id, name in (("a", "An"), ("b", "Bình Yên"))],
            "a.offices[0]",
            "held today by b",
        ),
        ([Event(WatchId("e"), "E", match=("@nobody",))], "e.match[0]", "@nobody is no leader"),
        ([Event(WatchId("e"), "E", match=("x",), ignore=("a AND",))], "e.ignore[0]", "column 6"),
        ([Event(WatchId("e"), "E", match=("~bao",))], "e.match[0]", "ignores marks"),
    ],
)
def test_a_review_points_at(watches: list[Watch], where: str, says: str) -> None:
    findings = review(Watchlist("v", tuple(watches)), today=TODAY)
    assert any(one.where == where and says in one.message for one in findings), findings


def test_a_review_of_a_sound_watchlist_is_silent() -> None:
    sound = leader("a", "Vladimir Putin", aliases=("Putin",), offices=(Office("Tổng thống Nga", date(2012, 5, 7)),))
    own_words = leader("b", "Lê Văn Gốm", offices=(Office("Chủ tịch UBND TP Huế", date(2025, 1, 1)),))
    assert review(Watchlist("v", (own_words,)), today=TODAY) == []
    assert review(Watchlist("v", (sound, Event(WatchId("e"), "E", match=("@a AND mây",)))), today=TODAY) == []
