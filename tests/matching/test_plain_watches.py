"""Watches as somebody writes them in two minutes: a name, perhaps an alias or an office. Every sentence is our own."""

from datetime import UTC, date, datetime

import pytest

from monitor.matching.matcher import compile_watchlist
from monitor.types import Leader, Office, Rule, WatchId
from tests.newsroom import DAY, item, watchlist

SIK = Leader(WatchId("sik"), "Kim Sang Sik", aliases=("HLV Kim", "thầy Kim"))
MESSI = Leader(WatchId("messi"), "Lionel Messi", aliases=("Messi",))
MBAPPE = Leader(WatchId("mbappe"), "Kylian Mbappé", aliases=("Mbappé",))
BECKHAM = Leader(WatchId("beckham"), "David Beckham", aliases=("Beckham",))
VUONG = Leader(WatchId("vuong"), "Phạm Nhật Vượng", aliases=("Chủ tịch Vingroup",))
TIEN = Leader(
    WatchId("tien"),
    "Nguyễn Thúc Thùy Tiên",
    aliases=("Hoa hậu Thùy Tiên",),
    short=("Thùy Tiên",),
    near=("hoa hậu",),
)
LECORNU = Leader(
    WatchId("lecornu"),
    "Sébastien Lecornu",
    offices=(
        Office("Bộ trưởng Quốc phòng Pháp", date(2022, 5, 20), date(2025, 9, 9)),
        Office("Thủ tướng Pháp", date(2025, 9, 9)),
    ),
)
LEE = Leader(WatchId("lee"), "Lee Jae-myung", offices=(Office("Tổng thống Hàn Quốc", date(2025, 6, 4)),))
MAMDANI = Leader(
    WatchId("mamdani"),
    "Zohran Mamdani",
    aliases=("Mamdani",),
    offices=(Office("Thị trưởng New York", date(2026, 1, 1)),),
)
HONG = Leader(
    WatchId("hong"),
    "Nguyễn Thị Hồng",
    common=True,
    offices=(Office("Thống đốc Ngân hàng Nhà nước", date(2020, 11, 12)),),
)
SON = Leader(WatchId("son"), "Nguyễn Kim Sơn", offices=(Office("Bộ trưởng Giáo dục và Đào tạo", date(2021, 4, 8)),))
CONG = Leader(WatchId("cong"), "Trần Văn Công", offices=(Office("Bộ trưởng Y tế", date(2021, 4, 8)),))
HAI = Leader(WatchId("hai"), "Lê Hải", common=True, offices=(Office("Giám đốc Sở Xây dựng Huế", date(2021, 4, 8)),))
VUONG_NGHI = Leader(
    WatchId("vuong-nghi"), "Vương Nghị", offices=(Office("Ngoại trưởng Trung Quốc", date(2023, 7, 25)),)
)

MATCHER = compile_watchlist(
    watchlist(
        SIK, MESSI, MBAPPE, BECKHAM, VUONG, TIEN, LECORNU, LEE, MAMDANI, HONG, SON, CONG, HAI, VUONG_NGHI,
    )
)  # fmt: skip


def ids(title: str, lead: str = "", at: datetime | None = DAY) -> set[str]:
    return {str(match.watch_id) for match in MATCHER.match(item(title, lead, at=at))}


def why(watch: Leader, title: str, lead: str = "", at: datetime | None = DAY) -> list[str]:
    near_misses = MATCHER.explain(item(title, lead, at=at)).near_misses
    return [str(miss.why) for miss in near_misses if miss.watch_id == watch.id]


# ---------------------------------------------------------------- whoever is watched may have a trade


@pytest.mark.parametrize(
    ("title", "who"),
    [
        ("HLV Kim Sang Sik chọn quân", "sik"),
        ("Huấn luyện viên Kim Sang-sik chọn quân", "sik"),
        ("Tiền đạo Lionel Messi đá phạt", "messi"),
        ("Ngôi sao Messi đá phạt", "messi"),
        ("Doanh nhân Phạm Nhật Vượng trồng cây", "vuong"),
        ("Bị cáo Nguyễn Thúc Thùy Tiên kể chuyện", "tien"),
        ("Bị cáo Nguyễn Thúc Thùy Tiên (SN 1998) kể chuyện", "tien"),
    ],
)
def test_a_full_name_is_the_person_whatever_trade_stands_before_it(title: str, who: str) -> None:
    assert ids(title) == {who}


def test_a_short_form_behind_another_trade_needs_the_full_name() -> None:
    assert ids("Hoa hậu trồng rau", "Kỹ sư Thùy Tiên cùng làm.") == set()
    assert ids("Hoa hậu trồng rau", "Người mẫu Thùy Tiên cùng làm.") == {"tien"}
    assert ids("Nguyễn Thúc Thùy Tiên trồng rau", "Bị cáo Thùy Tiên cùng làm.") == {"tien"}


# ---------------------------------------------------------------- spellings that nobody thinks of


@pytest.mark.parametrize(
    ("title", "who"),
    [
        ("Vì sao hoa hậu Thùy Tiên trồng rau", "tien"),
        ("Vườn rau của chủ tịch Vingroup", "vuong"),
        ("Vườn rau của Thầy Kim", "sik"),
        ("Mbappe đá phạt", "mbappe"),
        ("Kylian Mbappe đá phạt", "mbappe"),
        ("Kilian Mbappe đá phạt", "mbappe"),
        ("Sebastien Lecornu mở lời", "lecornu"),
        ("Sebastian Lecornu mở lời", "lecornu"),
    ],
)
def test_capitals_of_titles_and_foreign_marks_do_not_matter(title: str, who: str) -> None:
    assert ids(title) == {who}


def test_what_begins_with_a_title_is_not_found_behind_a_lesser_one() -> None:
    assert ids("Vườn rau của phó chủ tịch Vingroup") == set()


def test_evidence_of_a_name_in_other_letters_is_the_whole_name() -> None:
    match = MATCHER.match(item("Ông Sebastian Lecornu mở lời", at=DAY))[0]
    assert match.rule is Rule.NAME
    assert [one.text for one in match.evidence] == ["Sebastian Lecornu"]


# ---------------------------------------------------------------- beginnings of own offices are titles


@pytest.mark.parametrize(
    ("title", "who"),
    [
        ("Thống đốc Nguyễn Thị Hồng nói về tiền lẻ", "hong"),
        ("Thống đốc Ngân hàng Nguyễn Thị Hồng nói về tiền lẻ", "hong"),
        ("Tân Thị trưởng New York Mamdani trồng cây", "mamdani"),
        ("Thị trưởng Mamdani trồng cây", "mamdani"),
    ],
)
def test_the_beginning_of_an_own_office_speaks_for_the_name_behind_it(title: str, who: str) -> None:
    assert who in ids(title)


def test_a_title_of_many_speaks_for_nobody() -> None:
    assert ids("Giám đốc Lê Hải trồng cây") == set()
    assert ids("Phó Thống đốc Nguyễn Thị Hồng trồng cây") == set()


# ---------------------------------------------------------------- a title with a last name


def test_a_title_with_the_last_name_is_tried_without_being_listed() -> None:
    assert ids("Thủ tướng Lecornu mở lời") == {"lecornu"}
    assert ids("Thủ tướng Pháp Lecornu mở lời") == {"lecornu"}
    assert ids("Bộ trưởng Sơn mở lời") == {"son"}
    assert ids("Vì sao bộ trưởng Sơn mở lời") == {"son"}
    assert ids("Tổng thống Lee mở lời") == {"lee"}
    assert ids("Ngoại trưởng Vương mở lời") == {"vuong-nghi"}


def test_a_title_with_the_last_name_wants_the_office_on_that_day() -> None:
    before = datetime(2024, 3, 1, tzinfo=UTC)
    assert ids("Thủ tướng Lecornu mở lời", at=before) == set()
    assert ids("Bộ trưởng Quốc phòng Lecornu mở lời", at=before) == {"lecornu"}
    assert ids("Bộ trưởng Quốc phòng Lecornu mở lời") == set()
    assert ids("Cựu Bộ trưởng Quốc phòng Lecornu mở lời") == {"lecornu"}
    assert why(SON, "Bộ trưởng Sơn mở lời", at=datetime(2020, 1, 1, tzinfo=UTC)) == ["not in this office on that day"]


def test_a_title_with_the_last_name_may_be_somebody_elses() -> None:
    assert ids("Bộ trưởng Sơn mở lời", "Ông Bùi Thanh Sơn vừa về nước.") == set()
    assert ids("Bộ trưởng Sơn mở lời", "Ông Bùi Thanh Sơn gặp ông Nguyễn Kim Sơn.") == {"son"}
    assert ids("Thủ tướng Lecornu mở lời", "Bà Marie Lecornu vừa về nước.") == set()
    assert ids("Bộ trưởng Sơn Hà mở lời") == set()


def test_a_title_that_goes_on_is_no_last_name() -> None:
    assert ids("Bộ trưởng Công thương mở lời") == set()


def test_a_last_name_by_itself_is_told_as_a_near_miss() -> None:
    assert ids("Ông Lecornu trồng cây") == set()
    assert why(LECORNU, "Ông Lecornu trồng cây") == [
        "a last name by itself, which the watch does not list under `aliases`"
    ]
    assert why(LECORNU, "Bà Marie Lecornu trồng cây") == []
    assert why(LEE, "Ông Lee trồng cây") == []


# ---------------------------------------------------------------- a last name that another bears


def test_a_last_name_by_itself_is_the_bearers_whom_the_item_names() -> None:
    assert ids("Con trai trưởng mở tiệm bánh", "Brooklyn Beckham nướng bánh, rồi Beckham bán bánh.") == set()
    assert "a last name by itself, and the item names somebody else of that name in full" in why(
        BECKHAM, "Brooklyn Beckham nướng bánh, rồi Beckham bán bánh"
    )
    assert ids("Brooklyn Beckham và David Beckham nướng bánh, rồi Beckham bán bánh") == {"beckham"}
    assert ids("David và Victoria Beckham nướng bánh, rồi Beckham bán bánh") == {"beckham"}
    assert ids("Beckham bán bánh") == {"beckham"}


def test_a_holder_with_a_form_of_address_is_meant_beside_a_relative() -> None:
    assert ids("Ông Mamdani trồng cây cùng bà Rama Mamdani") == {"mamdani"}
    assert ids("Nhà thơ Rama Mamdani trồng cây, rồi Mamdani tưới cây") == set()
