"""A number beside words: which one counts them, and how it is compared."""

from time import process_time

import pytest

from monitor.errors import QueryError
from monitor.matching.matcher import compile_watchlist
from monitor.matching.query import parse_query
from monitor.matching.query_nodes import And, Compare, InTitle, Near, Node, Or, SetName, Term
from monitor.types import Event, WatchId, Watchlist, WordSet
from tests.newsroom import item

DEAD = WordSet("người mất", ("người chết", "tử vong", "thiệt mạng", "làm chết", "số người chết", "chết"))
MIXED = WordSet("lẫn lộn", ("a AND b", "{người mất} >= 2"))
FIVE = "{người mất} >= 5"


def _found(query: str, title: str, lead: str = "") -> list[str]:
    watchlist = Watchlist("1", (Event(WatchId("e"), "E", match=(query,)),), (DEAD, MIXED))
    return [one.text for match in compile_watchlist(watchlist).match(item(title, lead)) for one in match.evidence]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("5 người chết ở Vàm Xanh", ["5", "người chết"]),
        ("Năm người chết", ["Năm", "người chết"]),
        ("Đò lật khiến 5 người tử vong", ["5", "tử vong"]),
        ("Lũ làm chết 12 người", ["làm chết", "12"]),
        ("Tử vong ít nhất 12 người", ["Tử vong", "12"]),
        ("Hơn 1.200 người thiệt mạng", ["1.200", "thiệt mạng"]),
        ("Hàng trăm người thiệt mạng", ["trăm", "thiệt mạng"]),
        ("Mười hai người chết", ["Mười hai", "người chết"]),
        ("Số người chết và mất tích lên 54", ["Số người chết", "54"]),
        ("6 người trong một gia đình tử vong", ["6", "tử vong"]),
        ("Đò lật, 7 học sinh tử vong", ["7", "tử vong"]),
        ("Đò lật làm 5-7 người chết", ["5-7", "người chết"]),
        ("Số người chết tăng từ 3 lên 5", ["Số người chết", "5"]),
        ("Thiệt mạng từ 3 người lên 5 người", ["Thiệt mạng", "5"]),
    ],
)
def test_a_number_counts_the_words_beside_it(title: str, found: list[str]) -> None:
    assert _found(FIVE, title) == found


@pytest.mark.parametrize(
    "title",
    [
        "3 người chết và 12 người bị thương",
        "12 người bị thương và 3 người chết",
        "12 xe máy làm chết người",
        "8 ô tô tông nhau làm chết 2 người",
        "Cụ ông 78 tuổi tử vong",
        "Tử vong ở tuổi 78",
        "Người chết năm 2026",
        "Năm 2025 người chết vì lũ",
        "Đêm 12.9 có người chết",
        "Lúc 20h30 có người chết",
        "Ngày 12/9 người chết được đưa về",
        "2 giờ sáng có người chết",
        "Bão số 12 làm chết 2 người",
        "Tử vong ở quận 12",
        "Tử vong sau 12 ngày",
        "Hỗ trợ 5 triệu đồng cho người chết",
        "Đò lật làm 3-7 người chết",
        "Lễ 5-9 người chết vì đò giảm",
        "Trận đấu 5-9, người chết được nhắc tên",
        "Số người chết giảm từ 12 xuống 3",
        "Sinh viên năm cuối tử vong",
        "Dân thôn Vàm Xanh 7 đã tử vong",
        "Tử vong gấp 20 lần",
        "Gần 5 năm người chết mới được nhận",
        "Có người chết. 12 chiếc thuyền bị chìm",
    ],
)
def test_a_date_an_age_or_what_counts_something_else_is_no_toll(title: str) -> None:
    assert _found(FIVE, title) == []


@pytest.mark.parametrize(
    ("query", "title", "holds"),
    [
        ("độ lớn >= 6", "Động đất độ lớn 6,2", True),
        ("độ lớn > 6,2", "Động đất độ lớn 6,2", False),
        ("độ lớn = 6,2", "Động đất độ lớn 6,2", True),
        ('"lãi suất" > 5', "Lãi suất huy động lên 5,5%/năm", True),
        ('"lãi suất" > 5%', "Lãi suất gửi là 5,5 đồng", False),
        ('"lãi suất" < 6', "Lãi suất dưới 6%", True),
        ('"lãi suất" < 6', "Lãi suất hơn 5%", False),  # it may be seven
        ('"lãi suất" <= 6 %', "Lãi suất 6%", True),
        ('"thiệt hại" >= 5 tỉ', "Thiệt hại hơn 12 tỷ đồng", True),
        ('"thiệt hại" >= 5 tỉ', "Thiệt hại 900 triệu đồng", False),
        ('"năm tù" >= 10', "Lĩnh 12 năm tù", True),  # the unit is one of the words
        ('"năm tù" >= 10', "Lĩnh 7 năm tù", False),
        ('"giá vàng" >= 80 triệu', "Giá vàng vượt 81 triệu đồng", True),
        ("{người mất} ≥ 5 AND chợ", "Chợ cháy, 7 người chết", True),
        ("chợ AND NOT {người mất} > 2", "Chợ cháy, 7 người chết", False),
        ("chợ NEAR/5 {người mất} >= 5", "Chợ cháy, 7 người chết", True),
        ("title:{người mất} >= 5", "Chợ cháy, 7 người chết", True),
        ("{người mất} < 5", "Hàng trăm người chết", False),
        ("{người mất} = 5", "Ít nhất 5 người chết", False),
    ],
)
def test_a_comparison_holds_where_the_number_surely_fits(query: str, title: str, holds: bool) -> None:
    assert bool(_found(query, title)) is holds


@pytest.mark.parametrize(
    ("title", "holds"),
    [
        ("3 người chết và 12 người bị thương", False),
        ("12 người chết và 3 người bị thương", True),
        ("12 người bị thương và 3 người chết vì lũ", False),
        ("Người chết vì 12 vết thương", False),
        ("Một người chết, 12 người bị thương", False),  # near "chết" stands another "người"
    ],
)
def test_words_that_overlap_are_read_as_one(title: str, holds: bool) -> None:
    assert bool(_found('("người chết" OR "chết và" OR "chết vì" OR người NEAR/2 chết) >= 5', title)) is holds


@pytest.mark.slow
def test_a_text_that_counts_the_dead_without_end_is_read_in_the_time_of_its_length() -> None:
    query = "(người NEAR/2 chết) >= 5 AND bão"
    matcher = compile_watchlist(Watchlist("1", (Event(WatchId("e"), "E", match=(query,)),)))

    def seconds(times: int) -> float:
        begun = process_time()
        matcher.match(item("Bão số 3", "5 người chết " * times))
        return process_time() - begun

    assert seconds(16_000) < 10 * min(seconds(4_000) for _ in range(3)) + 0.5


def test_a_number_of_another_field_is_not_beside_the_words() -> None:
    assert _found(FIVE, "Có người chết", "12 chiếc thuyền bị chìm.") == []
    assert _found(FIVE, "Có người chết", "Đò lật làm 12 người chết.") == ["12", "người chết"]


_CHET = Term("chết")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("chết >= 5", Compare(_CHET, ">=", 5)),
        ("chết>=5", Compare(_CHET, ">=", 5)),
        ("chết ≤ 1.200", Compare(_CHET, "<=", 1200)),
        ("chết > 2,5 triệu", Compare(_CHET, ">", 2.5e6)),
        ("chết < 5,5 %", Compare(_CHET, "<", 5.5, percent=True)),
        ("chết = 5 AND Gaza", And((Compare(_CHET, "=", 5), Term("Gaza")))),
        ("({a} OR chết) >= 5", Compare(Or((SetName("a"), _CHET)), ">=", 5)),
        ("Gaza NEAR/5 chết >= 5", Near((Term("Gaza"), Compare(_CHET, ">=", 5)), (5,))),
        ("title:chết >= 5", InTitle(Compare(_CHET, ">=", 5))),
        ("chết =Mỹ", And((_CHET, Term("Mỹ", exact=True)))),
    ],
)
def test_a_comparison_means(text: str, tree: Node) -> None:
    assert parse_query(text).root == tree


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("a >= b", 3, "a number behind it, as in >= 5, is"),
        (">= 5", 1, "a word"),
        ("lũ Vàm Xanh >= 5", 13, "quotes around words that belong together are expected"),
        ("(a AND b) > 5", 11, "quotes around words"),
        ("a > 5 > 6", 7, "not expected here"),
        ("a = 12/9", 3, "a number behind it"),
    ],
)
def test_a_wrong_comparison_is_told_where_and_what_was_expected(text: str, column: int, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert (caught.value.column, said in str(caught.value)) == (column, True), str(caught.value)


def test_a_set_with_and_or_a_comparison_of_its_own_cannot_be_compared() -> None:
    with pytest.raises(QueryError, match="which a comparison cannot hold"):
        _found("{lẫn lộn} > 5", "a")


def test_what_hit_and_what_lacks_are_told_with_the_comparison() -> None:
    matcher = compile_watchlist(Watchlist("1", (Event(WatchId("e"), "E", match=(FIVE,)),), (DEAD,)))
    (match,) = matcher.match(item("7 người tử vong"))
    assert match.by == '"tử vong" >= 5'
    (miss,) = matcher.explain(item("2 người tử vong")).near_misses
    assert "{người mất} >= 5" in miss.why.text("en")
