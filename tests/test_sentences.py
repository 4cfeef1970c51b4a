"""monitor/stories/sentences.py: Vietnamese news prose is cut where a reader would cut it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.sentences import is_whole, split_sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "Ông V.Pu-tin gặp ông B. Obama tại TP.HCM.",
        "Theo trang baomoi.example.vn, giá tăng 18.8 điểm.",
        "GS. Trần Thử và TS. Lê Mẫu dự hội nghị.",
        "Buôn làng bên núi Đ.Trăm đã có điện.",
        "Đội U.23 tập buổi đầu tiên ngày 29.7 tại sân số 2.",
        "“Chúng tôi sẽ đến. Chắc chắn như vậy.”, ông Mẫu nói.",
        "1. Phạm vi điều chỉnh của quy định.",
        "Mưa còn kéo dài... đến hết tuần.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(whole: str) -> None:
    assert cut(whole) == [whole]


def test_sentences_end_at_stops_questions_and_closed_quotations() -> None:
    text = "Cầu đã thông xe. Bao giờ thu phí? “Chưa có lịch.” Sở Giao thông trả lời như vậy."
    assert cut(text) == ["Cầu đã thông xe.", "Bao giờ thu phí?", "“Chưa có lịch.”", "Sở Giao thông trả lời như vậy."]


def test_a_shortened_name_ends_a_sentence_where_a_new_one_opens() -> None:
    assert cut("Cảnh sát đã tìm thấy anh C. Sau đó anh được đưa về nhà.") == [
        "Cảnh sát đã tìm thấy anh C.",
        "Sau đó anh được đưa về nhà.",
    ]


def test_a_glued_sentence_is_parted_and_a_glued_headline_is_seen_to_be_none() -> None:
    parts = cut("Lũ về nhanh và khó đoán.Người dân đã rời bãi sông. Hồ thủy điện mở thêm cửa xả")
    assert parts == ["Lũ về nhanh và khó đoán.", "Người dân đã rời bãi sông.", "Hồ thủy điện mở thêm cửa xả"]
    assert [is_whole(part) for part in parts] == [True, True, False]


def test_a_line_break_always_ends_a_sentence() -> None:
    assert cut("Ảnh: tác giả cung cấp\nCầu đã thông xe.") == ["Ảnh: tác giả cung cấp", "Cầu đã thông xe."]


@given(st.text(alphabet='aBĐế .?!…“”"\n1,-', max_size=120))
def test_every_letter_stands_in_one_sentence_and_in_order(text: str) -> None:
    spans = split_sentences(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert "".join("".join(cut(text)).split()) == "".join(text.split())
