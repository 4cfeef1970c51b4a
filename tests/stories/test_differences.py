"""What between two wordings of an article a reader must hear of."""

import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.changes.differences import MOST_SHOWN, differences, newer_wording, since
from monitor.stories.changes.tokens import Wording
from monitor.types import Item, ItemId, Version
from tests.flow import MORNING

LEAD = "Vụ việc xảy ra sáng nay ở một bến phà miền Trung, theo người dân."


def told(old: str, new: str, old_lead: str = "", new_lead: str = "") -> list[tuple[str, str]]:
    return [(each.was, each.now) for each in differences(Wording(old, old_lead), Wording(new, new_lead))]


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("Phà chìm, 12 người mất tích", "Phà chìm, 21 người mất tích", ("12 người", "21 người")),
        ("Hai người chết trong vụ cháy", "Ba người chết trong vụ cháy", ("Hai người", "Ba người")),
        ("Một người chết trong vụ cháy", "2 người chết trong vụ cháy", ("Một người", "2 người")),
        ("Ba mươi lăm hộ dân sơ tán", "53 hộ dân sơ tán", ("Ba mươi lăm hộ", "53 hộ")),
        ("Thuế thép tăng 10%", "Thuế thép tăng 25%", ("10%", "25%")),
        ("Ông ấy nhận 2 tỷ đồng", "Ông ấy nhận 2 triệu đồng", ("2 tỷ đồng", "2 triệu đồng")),
        ("Bảo tàng rộng 13.000 m2", "Bảo tàng rộng 3.000 m2", ("13.000 m2", "3.000 m2")),
        ("Bão số 3 vào đất liền", "Bão số 4 vào đất liền", ("số 3", "số 4")),
        ("Giá xăng tăng từ ngày 23/8", "Giá xăng tăng từ ngày 24/8", ("ngày 23/8", "ngày 24/8")),
        ("Đội nhà thắng 2-1 trận mở màn", "Đội nhà thắng 3-1 trận mở màn", ("2-1", "3-1")),
        ("Tàu rời bến lúc 15h30", "Tàu rời bến lúc 16h30", ("lúc 15h30", "lúc 16h30")),
    ],
)
def test_another_number_of_the_same_thing_matters(old: str, new: str, difference: tuple[str, str]) -> None:
    assert told(old, new, LEAD, LEAD) == [difference]


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("Bộ Y tế nói có thương vong", "Bộ Y tế nói không có thương vong", ("", "không có thương vong")),
        ("Ngân hàng chưa phá sản", "Ngân hàng phá sản", ("chưa phá sản", "")),
        ("Moscow xác nhận tin đồn về bến cảng", "Moscow bác bỏ tin đồn về bến cảng", ("", "bác bỏ tin đồn về")),
        ("Cuộc gặp ở bến cảng diễn ra", "Cuộc gặp ở bến cảng bị hoãn", ("", "bị hoãn")),
    ],
)
def test_a_negation_or_denial_that_turns_a_sentence_round_matters(
    old: str, new: str, difference: tuple[str, str]
) -> None:
    assert told(old, new, LEAD, LEAD) == [difference]


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("Khởi tố ông Trần Văn Bến", "Khởi tố ông Trần Văn Sông", ("Trần Văn Bến", "Trần Văn Sông")),
        ("Bắt ông Lê Minh Thắng vì gian lận", "Bắt ông Lê Minh Thăng vì gian lận", ("Lê Minh Thắng", "Lê Minh Thăng")),
        ("Putin gặp các nhà báo tối nay", "Zelensky gặp các nhà báo tối nay", ("Putin", "Zelensky")),
        ("Động đất ở Nhật Bản sáng nay", "Động đất ở Đài Loan sáng nay", ("Nhật Bản", "Đài Loan")),
        ("Nga tập trận ở biển Bắc", "Anh tập trận ở biển Bắc", ("Nga", "Anh")),
        ("Niger đóng cửa biên giới phía nam", "Nigeria đóng cửa biên giới phía nam", ("Niger", "Nigeria")),
        ("Cháy khách sạn Hilton ở trung tâm", "Cháy khách sạn ở trung tâm", ("Hilton", "")),
    ],
)
def test_another_name_in_the_same_place_or_one_taken_out_matters(
    old: str, new: str, difference: tuple[str, str]
) -> None:
    assert told(old, new, LEAD, LEAD) == [difference]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Phi công thiệt mạng", "Phi công tử vong"),
        ("Lũ lớn: 5 người bị thương", "Mưa lũ, năm người bị thương"),
        ("Tổng thống Mỹ Donald Trump thăm Nhật", "Ông Trump thăm Nhật Bản"),
        ("Ông Tập Cận Bình đến Hà Nội", "Ông Tập đến Hà Nội"),
        ("Nga phóng tên lửa vào Kiev", "Nga phóng tên lửa vào Kyiv"),
        ("Nga phủ nhận tin này", "Moscow phủ nhận tin này"),
        ("1.500 người sơ tán", "1500 người sơ tán"),
        ("Kinh tế tăng 8,22% trong quý", "Kinh tế tăng 8,2% trong quý"),
        ("Morroco vào tứ kết ở Doha", "Morocco vào tứ kết ở Doha"),
        ("Trực thăng về Biên Hoà hôm nay", "Trực thăng về Biên Hòa hôm nay"),
        ("Hãng bay mở đường mới tới châu Âu", "Hàng không mở đường mới tới châu Âu"),
        ("Chủ tịch xã từ chức sau 25 năm", "Chủ tịch xã từ chức sau gần 25 năm"),
        ("Bão vào biển Đông", "Bão vào Biển Đông"),
        ("Đội nhà bị dẫn 0-2 ở hiệp một", "Đội nhà bị dẫn 2-0 ở hiệp một"),
        ("Cháy lớn trong đêm ở khu phố cổ", "Cháy lớn trong đêm ở khu phố cổ, hai người bị thương"),
        ("Máy bay không người lái rơi", "Drone rơi"),
        ("Lãi suất giảm", "Lãi suất giảm?"),
    ],
)
def test_other_words_for_the_same_do_not_matter(old: str, new: str) -> None:
    assert told(old, new, LEAD, LEAD) == []


def test_what_only_moved_between_title_and_lead_has_not_changed() -> None:
    title, lead = "Phà chìm, 12 người mất tích ở Quảng Nam", "Phà không có phao cứu sinh, theo ông Trần Văn Bến."
    assert told(title, "Phà chìm ở miền Trung", lead, f"12 người mất tích ở Quảng Nam. {lead}") == []


def test_a_title_that_was_corrected_before_its_lead_is_a_correction() -> None:
    lead = "Vụ phà chìm sáng nay khiến 12 người mất tích."
    assert told("Phà chìm, 12 người mất tích", "Phà chìm, 21 người mất tích", lead, lead) == [("12 người", "21 người")]


def test_another_count_in_the_title_corrects_nothing_that_the_lead_still_tells() -> None:
    lead = "Vụ phà chìm sáng nay khiến 12 người mất tích."
    assert told("Phà chìm, 12 người mất tích", "Phà chìm, 50 người được cứu", lead, lead) == []


def test_a_negation_that_moved_from_the_lead_into_the_title_is_none() -> None:
    assert (
        told(
            "Bộ Y tế nói về vụ phà chìm sáng nay",
            "Bộ Y tế nói không có ai chết vụ phà chìm sáng nay",
            "Bộ Y tế nói không có ai chết.",
            "Vụ việc xảy ra ở bến phà.",
        )
        == []
    )


def test_an_article_that_became_another_shows_what_it_was() -> None:
    (found,) = differences(
        Wording("Mẹo chọn dưa hấu ngọt", "Nhìn cuống và gõ nhẹ vào vỏ."),
        Wording("Cháy nhà kho ở ngoại thành", "Lửa bùng lên rạng sáng nay trong khu công nghiệp."),
    )
    assert (found.was, found.now, found.whole) == ("Mẹo chọn dưa hấu ngọt", "", True)


# ---------------------------------------------------------------- what a feed does without a change

KNOWN = Wording("Bến cảng mở thêm một tuyến phà", "Tuyến phà chạy từ tháng sau, theo ban quản lý bến.")


@pytest.mark.parametrize(
    "listed",
    [
        KNOWN,
        Wording(KNOWN.title, ""),
        Wording("", KNOWN.lead),
        Wording("Bến cảng mở thêm…", "Tuyến phà chạy từ tháng sau..."),
        Wording(KNOWN.title, f"(Bensong.vn) - {KNOWN.lead}"),
        Wording(f" {KNOWN.title} ", KNOWN.lead.replace(" ", "\u00a0")),
    ],
)
def test_a_shortened_stamped_or_empty_listing_is_no_new_wording(listed: Wording) -> None:
    assert newer_wording(KNOWN, listed) is None


def test_a_field_that_says_more_is_taken_and_the_other_is_kept() -> None:
    longer = Wording("Bến cảng mở thêm hai tuyến phà", "")
    assert newer_wording(KNOWN, longer) == Wording(longer.title, KNOWN.lead)
    cut = Wording(KNOWN.title, "Tuyến phà chạy từ…")
    assert newer_wording(cut, KNOWN) == KNOWN


# ---------------------------------------------------------------- who knows what


def test_a_reader_hears_of_what_changed_since_he_was_told() -> None:
    item = Item(ItemId("1"), "Bến Sông", "Phà chìm, 30 người mất tích")
    versions = (
        Version(MORNING, "Phà chìm, 12 người mất tích", ""),
        Version(MORNING + timedelta(hours=1), "Phà chìm, 21 người mất tích", ""),
    )
    shown = {
        at: [each.was for each in since(item, versions, at)] for at in (None, MORNING, MORNING + timedelta(days=1))
    }
    assert shown == {None: ["12 người"], MORNING: ["21 người"], MORNING + timedelta(days=1): []}


# ---------------------------------------------------------------- laws

_TALK = """phà chìm 12 21 hai
    người chết không chưa Nga Mỹ Putin Trump Hà Nội bác bỏ 23/8 2-1 10% 2,5 triệu đồng năm 2026
    , . : “ ” … mười mươi trăm tỷ 1.000 15h30 ông bà Trần Văn Bến lúc số"""
_WORDS = st.sampled_from(sorted(set(_TALK.split())))
_TEXTS = st.lists(_WORDS, max_size=14).map(" ".join)
_WORDINGS = st.builds(Wording, _TEXTS, _TEXTS)


@given(_WORDINGS, _WORDINGS)
def test_differences_are_few_and_their_words_stand_where_they_are_said_to(old: Wording, new: Wording) -> None:
    found = differences(old, new)
    assert len(found) <= MOST_SHOWN
    for each in found:
        assert each.was or each.now
        assert each.whole or each.was in old.title or each.was in old.lead
        assert each.now in new.title or each.now in new.lead


@given(st.builds(Wording, st.text(max_size=60), st.text(max_size=60)))
def test_a_wording_does_not_differ_from_itself(one: Wording) -> None:
    assert differences(one, one) == ()
    assert newer_wording(one, one) is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_is_too_odd_to_be_compared(old: str, new: str) -> None:
    assert len(differences(Wording(old), Wording(new))) <= MOST_SHOWN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1 a 2 b " * 9_000, "2 a 1 b " * 9_000),
        ("Nam Bắc " * 9_000, "Bắc Nam Đông " * 9_000),
        ("không chưa " * 9_000, "chưa không " * 9_000),
        ("A" * 60_000 + " x", "A" * 60_000 + "b x"),
        (" ".join(f"{number} người" for number in range(9_000)), " ".join(f"{9_999 - n} người" for n in range(9_000))),
    ],
    ids=["few words", "few names", "negations", "one word", "numbers"],
)
def test_a_text_that_says_one_thing_for_ever_is_compared_soon(old: str, new: str) -> None:
    started = time.process_time()
    differences(Wording(old, old), Wording(new, new))
    assert time.process_time() - started < 3, "a quarter of a second; the words alone took 15 s at 3,200 characters"


@given(_WORDINGS)
def test_swapping_title_and_lead_alone_is_no_correction_of_numbers(one: Wording) -> None:
    found = differences(one, Wording(one.lead, one.title))
    assert not [each for each in found if each.was and each.now and each.was.isdigit() and each.now.isdigit()]


@given(_WORDINGS, _WORDINGS)
def test_once_taken_a_listing_brings_nothing_more(known: Wording, listed: Wording) -> None:
    newer = newer_wording(known, listed)
    assert newer is None or newer_wording(newer, listed) is None
