"""Who said what: sentences in the shape of newspapers', with what may and what may not be taken for speech."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.matching.matcher import compile_watchlist
from monitor.stories.quotes.find_quotes import quotes_of, same_words
from monitor.stories.quotes.quotations import quotations
from monitor.types import Event, Item, ItemId, Leader, Office, Quote, WatchId, Watchlist

MATCHER = compile_watchlist(
    Watchlist(
        "v1",
        (
            Leader(WatchId("putin"), "Vladimir Putin", ("Putin", "Pu-tin"), offices=(Office("Tổng thống Nga"),)),
            Leader(WatchId("trump"), "Donald Trump", ("Trump",), offices=(Office("Tổng thống Mỹ"),)),
            Leader(WatchId("tap"), "Tập Cận Bình", short=("ông Tập",), offices=(Office("Chủ tịch nước Trung Quốc"),)),
            Leader(WatchId("netanyahu"), "Benjamin Netanyahu", ("Netanyahu",), offices=(Office("Thủ tướng Israel"),)),
            Leader(WatchId("meloni"), "Giorgia Meloni", ("Meloni",), offices=(Office("Thủ tướng Italy"),)),
            Leader(WatchId("to-lam"), "Tô Lâm", offices=(Office("Tổng Bí thư"), Office("Chủ tịch nước"))),
            Event(WatchId("ngung-ban"), "Ngừng bắn", match=('"ngừng bắn"',)),
        ),
    )
)  # fmt: skip


def quotes_in(body: str, *, title: str = "Tin trong ngày", lead: str = "") -> list[Quote]:
    item = Item(ItemId("1"), "Bến Sông", title, lead, body, published_at=datetime(2026, 8, 23, tzinfo=UTC))
    found = quotes_of(item, MATCHER.match(item))
    fields = {"title": title, "summary": lead, "body": body}
    assert all(fields[each.field][each.start : each.end] == each.text for each in found)
    return list(found)


def said(body: str, **fields: str) -> list[tuple[str, str]]:
    return [(str(each.watch_id), each.text) for each in quotes_in(body, **fields)]


A = "Chúng tôi sẽ mở lại cây cầu này"
B = "và mọi người sẽ được qua lại"

DIRECT = [
    (f"Ông Putin nói: “{A}”.", [("putin", A)]),
    (f"Ông Putin nói: “{A}.”", [("putin", A)]),
    (f'Tổng thống Trump nhấn mạnh rằng "{A}".', [("trump", A)]),
    (f"Tổng thống Nga Vladimir Putin tuyên bố: «{A}».", [("putin", A)]),
    (f"“{A}”, ông Putin nói.", [("putin", A)]),
    (f'"{A}," ông Trump nói.', [("trump", A)]),
    (f"“{A}” - Tổng thống Trump viết trên mạng xã hội.", [("trump", A)]),
    (f"“{A}!”, ông Trump đáp khi được hỏi về dự án.", [("trump", A + "!")]),
    (f"“{A}”, Reuters dẫn lời Thủ tướng Netanyahu.", [("netanyahu", A)]),
    (f"“{A}”, hãng tin nhà nước hôm 12/8 dẫn lời Tổng thống Nga phát biểu tại Sochi.", [("putin", A)]),
    (f"“{A}”, theo lời ông Tập Cận Bình.", [("tap", A)]),
    (f"“{A}”, theo ông Trump.", [("trump", A)]),
    (f"“{A}”, ông Putin nói, “{B}”.", [("putin", A), ("putin", B)]),
    (f"“{A}”, ông Putin nói. “{B}”.", [("putin", A), ("putin", B)]),
    (f"Ông Putin nói với ông Trump: “{A}”.", [("putin", A)]),
    (f"Trong bài phát biểu tối 12/8, Tổng thống Mỹ Donald Trump nói: “{A}”.", [("trump", A)]),
    (f"Tổng Bí thư, Chủ tịch nước Tô Lâm khẳng định: “{A}”.", [("to-lam", A)]),
    (f"Tổng thống Putin, phát biểu tại Kazan, nói: “{A}”.", [("putin", A)]),
    (f"Ông Trump viết trên Truth Social: “{A}”.", [("trump", A)]),
    (f"Ông Trump gọi quyết định này là “{A.lower()}”.", [("trump", A.lower())]),
    (f"Ông Trump gặp các thợ cầu và nói: “{A}”.", [("trump", A)]),
    (f"– {A} – ông Putin nói.", [("putin", A)]),
    (f"“Ông ấy hỏi tôi ‘bao giờ mở cầu’ và {A.lower()}”, ông Putin kể.",
     [("putin", f"Ông ấy hỏi tôi ‘bao giờ mở cầu’ và {A.lower()}")]),
    (f"“{A}.\n“{B.capitalize()}”, ông Trump nói.", [("trump", A), ("trump", B.capitalize())]),
    (f"“{A}. Đó là việc của cả năm. {B.capitalize()}”, ông Trump nói.",
     [("trump", f"{A}. Đó là việc của cả năm. {B.capitalize()}")]),
    (f"Ông Putin và ông Tập Cận Bình nhấn mạnh: “{A}”.", [("tap", A), ("putin", A)]),
]  # fmt: skip

INDIRECT = [
    ("Ông Putin cho biết cây cầu sẽ mở lại vào tháng tới.", [("putin", "cây cầu sẽ mở lại vào tháng tới")]),
    ("Tổng thống Trump khẳng định rằng cây cầu sẽ mở lại.", [("trump", "cây cầu sẽ mở lại")]),
    ("Ông Trump ngày 12/8 cảnh báo cây cầu cũ không còn chịu nổi.", [("trump", "cây cầu cũ không còn chịu nổi")]),
    ("Ông Trump nói với báo giới tại Nhà Trắng rằng cầu mới rất đẹp.", [("trump", "cầu mới rất đẹp")]),
    ("Ông Putin cho biết cây cầu sẽ mở lại, theo Reuters.", [("putin", "cây cầu sẽ mở lại")]),
    ("Ông Putin cho biết cầu sẽ mở lại, trong khi dân làng vẫn lo.", [("putin", "cầu sẽ mở lại")]),
    ("Theo ông Putin, cây cầu sẽ mở lại vào tháng tới.", [("putin", "cây cầu sẽ mở lại vào tháng tới")]),
    ("Cây cầu sẽ mở lại vào tháng tới, ông Putin nói.", [("putin", "Cây cầu sẽ mở lại vào tháng tới")]),
    ("Ông Putin phủ nhận việc cây cầu đã bị bỏ hoang.", [("putin", "việc cây cầu đã bị bỏ hoang")]),
    ("Tổng Bí thư Tô Lâm nhấn mạnh: Xây cầu là việc của cả làng; làm đường cũng thế.",
     [("to-lam", "Xây cầu là việc của cả làng; làm đường cũng thế")]),
    ("Ông Trump cho biết cầu sẽ mở lại, đồng thời cảnh báo xe nặng không được qua.",
     [("trump", "cầu sẽ mở lại"), ("trump", "xe nặng không được qua")]),
    ("Ông Putin nói cây cầu “rất bền và rất đẹp” nhưng cần sơn lại.",
     [("putin", "cây cầu “rất bền và rất đẹp” nhưng cần sơn lại")]),
    ("Ông Trump tới bến sông và cho biết cầu sẽ mở lại.", [("trump", "cầu sẽ mở lại")]),
    ("Theo ông Trump, ông Putin nói cầu sẽ mở lại.", [("trump", "ông Putin nói cầu sẽ mở lại")]),
    ("Điện Kremlin cho hay ông Putin khẳng định cầu sẽ mở lại.", [("putin", "cầu sẽ mở lại")]),
]  # fmt: skip

CARRIED = [
    (f"Ông Trump tới bến sông. Ông nói thêm: “{A}”.", [("trump", A)]),
    (f"Ông Trump tới bến sông.\n“{A}”, ông nói.", [("trump", A)]),
    (f"Bà Meloni tới bến sông. Bà nói: “{A}”.", [("meloni", A)]),
    (f"“{A}”, ông Putin nói.\n“{B.capitalize()}”, ông nói thêm.", [("putin", A), ("putin", B.capitalize())]),
    (f"Tổng thống Nga Putin tới bến sông. Nhà lãnh đạo này nói: “{A}”.", [("putin", A)]),
    ("Ông Trump tới bến sông. Ông cho biết cây cầu sẽ mở lại.", [("trump", "cây cầu sẽ mở lại")]),
]

NOBODY = [
    f"Người phát ngôn của ông Putin nói: “{A}”.",
    f"“{A}”, người phát ngôn của ông Putin nói.",
    f"Vợ ông Trump nói: “{A}”.",
    f"“{A}”, con trai ông Trump nói.",
    f"Cố vấn của Tổng thống Trump cho biết {A.lower()}.",
    f"Theo ông Peskov, ông Putin nói {A.lower()}.",
    f"Phía Israel dẫn lời một sĩ quan: “{A}”. Ông Netanyahu im lặng.",
    f"Một kỹ sư nói với ông Putin: “{A}”.",
    f"Một kỹ sư nói về ông Trump: “{A}”.",
    "Ông Putin nói chuyện với các kỹ sư suốt buổi sáng.",
    "Ông Putin nói về cây cầu mới trong một giờ liền.",
    "Ông Putin không nói cây cầu bao giờ mở lại.",
    "Ông Trump từ chối cho biết cây cầu bao giờ mở lại.",
    "Nếu ông Trump nói cây cầu sẽ mở lại, dân làng sẽ mừng.",
    "Ông Putin đọc cuốn “Người lái đò trên sông Cái lớn”.",
    "Ông Trump bị gọi là “người của những cây cầu”.",
    "Ông Trump nói “vâng, được”.",
    "“Được”, ông Putin nói.",
    f"Ông Putin gặp ông Peskov. Ông nói: “{A}”.",
    f"Ông Putin và ông Trump gặp nhau. Ông nói: “{A}”.",
    f"Bà Meloni tới bến sông. Ông nói: “{A}”.",
    f"Ông Trump tới bến sông. Một kỹ sư ra đón. Ông nói: “{A}”.",
    f"“{A}”, Halvorsen nhận định. Ông cho rằng {B}. Ông Trump im lặng.",
    f"“{A}”, ông Peskov nói. Ông Putin có mặt.",
    "Tuyên bố của ông Trump về cây cầu được nhiều người chú ý.",
    "Ông Trump tuyên bố tình trạng khẩn cấp trên cả con sông.",
    "Sau khi ký giấy, ông Trump phát biểu tại bến sông.",
    f"Xem thêm: Ông Trump nói {A.lower()}.",
    f"Ông Trump im lặng. “{A}”.",
    "Ông Putin được cho là đã nói cây cầu sẽ mở lại.",
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), DIRECT)
def test_what_stands_between_marks_goes_to_its_speaker(body: str, expected: list[tuple[str, str]]) -> None:
    found = quotes_in(body)
    assert [(each.watch_id, each.text) for each in found] == expected
    assert all(each.direct for each in found)


@pytest.mark.parametrize(("body", "expected"), INDIRECT)
def test_a_clause_told_goes_to_its_speaker(body: str, expected: list[tuple[str, str]]) -> None:
    found = quotes_in(body)
    assert [(each.watch_id, each.text) for each in found] == expected
    assert not any(each.direct for each in found)


@pytest.mark.parametrize(("body", "expected"), CARRIED)
def test_a_pronoun_speaks_for_the_only_person_before_it(body: str, expected: list[tuple[str, str]]) -> None:
    assert said(body) == expected


@pytest.mark.parametrize("body", NOBODY)
def test_what_no_watched_leader_says_is_no_quote(body: str) -> None:
    assert said(body) == []


def test_a_quote_names_its_speaker_verb_and_whom_it_is_about() -> None:
    body = "“Ông Putin và tôi muốn ngừng bắn ngay”, Tổng thống Mỹ Donald Trump viết trên mạng xã hội."
    assert quotes_in(body) == [
        Quote(
            WatchId("trump"),
            "Tổng thống Mỹ Donald Trump",
            "viết",
            "Ông Putin và tôi muốn ngừng bắn ngay",
            True,
            "body",
            1,
            37,
            about=(WatchId("putin"), WatchId("ngung-ban")),
        )
    ]


def test_a_headline_with_a_colon_speaks_for_its_leader() -> None:
    assert said("", title=f"Ông Trump: ‘{A}’") == [("trump", A)]
    assert said("", title="Ông Trump: Cầu này sẽ mở lại sớm") == [("trump", "Cầu này sẽ mở lại sớm")]
    assert said("", title="Ông Trump nói cầu này sẽ mở lại, Bến Sông lên tiếng") == [
        ("trump", "cầu này sẽ mở lại")
    ]  # what stands behind the comma, another one did


def test_every_field_is_read_and_a_quotation_over_several_lines() -> None:
    found = quotes_in(
        f"“{A}.\nMọi người hãy chờ thêm”, ông Putin nói.", title=f"Ông Putin: “{A}”", lead=f"Ông Putin nói “{A}”."
    )
    assert [(each.field, each.text) for each in found] == [
        ("title", A),
        ("summary", A),
        ("body", f"{A}.\nMọi người hãy chờ thêm"),
    ]


def test_without_a_leader_among_the_matches_nothing_is_read() -> None:
    item = Item(ItemId("1"), "Bến Sông", f"Ông Putin nói: “{A}”")
    assert quotes_of(item, ()) == ()
    assert quotes_of(item, [each for each in MATCHER.match(item) if each.kind == "event"]) == ()


def test_a_quotation_mark_that_is_never_closed_opens_nothing() -> None:
    assert quotations("Ông nói “chúng tôi sẽ đi.\nHôm sau, mọi người về.") == ()
    text = '"Thứ nhất, mở cầu.\n"Thứ hai, mở đường", ông nói.'
    assert [text[each.start : each.end] for each in quotations(text)] == ["Thứ nhất, mở cầu.", "Thứ hai, mở đường"]


def test_the_same_words_are_the_same_whatever_their_marks() -> None:
    assert same_words("Cầu này, sẽ mở “lại”!") == same_words("cầu này sẽ mở lại")


PIECES = st.sampled_from(
    [
        *(
            "Ông Putin",
            "ông Trump",
            "Tổng thống Nga",
            "Ông",
            "ông",
            "bà Meloni",
            "nói",
            "cho biết",
            "rằng",
            "nhấn mạnh",
        ),
        *(
            "“",
            "”",
            '"',
            "«",
            "»",
            "‘",
            "’",
            ",",
            ".",
            ":",
            "!",
            "…",
            "-",
            "–",
            "\n",
            "(",
            ")",
            "theo",
            "dẫn lời",
            "và",
        ),
        *("cây cầu này sẽ mở lại", "hôm 12/8", "với báo giới", "người phát ngôn của", "đồng thời", "\ufffc", "\u00a0"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40), st.sampled_from(["", " "]))
def test_every_quote_is_the_very_slice_of_its_field(pieces: list[str], between: str) -> None:
    found = quotes_in(between.join(pieces))  # which asserts it
    taken = sorted((each.watch_id, each.start, each.end) for each in found)
    assert all(one[0] != other[0] or one[2] <= other[1] for one, other in pairwise(taken))
    assert all(each.text.strip() == each.text != "" for each in found)


def test_a_long_odd_text_is_read_in_no_time() -> None:
    # a minute and more before sentences were bounded; the bound here is generous for a busy machine
    for piece in ("Ông Putin nói “cây cầu này đã mở” và ", "“a ", "Putin ngày thứ ", "Putin" + " " * 500):
        body = piece * (60_000 // len(piece))
        started = datetime.now(UTC)
        quotes_in(body)
        assert (datetime.now(UTC) - started).total_seconds() < 10


def test_a_leader_named_by_another_form_is_found_again() -> None:
    item = Item(ItemId("1"), "Bến Sông", "Tin", "", f"Ông Tập Cận Bình tới. Ông Tập nói: “{A}”.")
    assert [each.watch_id for each in quotes_of(item, MATCHER.match(item))] == ["tap"]
    assert quotes_of(replace(item, body="Ông Tập tới."), MATCHER.match(item)) == ()
