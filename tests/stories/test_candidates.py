"""Sentences that a summary may be made of."""

import pytest

from monitor.stories.summary.candidates import candidates_of, stands_alone
from monitor.types import Item, ItemId


@pytest.mark.parametrize(
    ("sentence", "alone"),
    [
        ("Tuy nhiên, đường dẫn còn chờ mặt bằng.", False),
        ("Trong khi đó, phà cũ vẫn chạy.", False),
        ("Ông cho biết xã sẽ trồng cây.", False),
        ("Theo bà, giá nước không đổi.", False),
        ("Điều này khiến dân vui.", False),
        ("Ông Lê Mẫu nói cầu rất đẹp.", True),
        ("Đồng Tháp mở thêm bến xe.", True),
        ("Songkran là lễ té nước.", True),
        ("Quyết định này khiến dân vui.", False),
        ("Trước tình hình đó, xã họp khẩn.", False),
        ("Chính vì vậy, cầu phải xây lại.", False),
        ("Thứ hai, xã sẽ trồng cây.", False),
        ("Thứ hai, 5/9, học sinh khai giảng.", True),
        ("“Cầu rất đẹp”, ông nói.", False),
        ("“Cầu rất đẹp”, bà cho biết thêm.", False),
        ("“Cầu rất đẹp”, ông Lê Mẫu nói.", True),
        ("Hôm nay, cầu thông xe.", True),
    ],
)
def test_what_leans_on_the_sentence_before_does_not_stand_alone(sentence: str, alone: bool) -> None:
    assert stands_alone(sentence) is alone


@pytest.mark.parametrize(
    "sentence",
    [
        "Hãng tin Sao Mai đã đóng góp vào bản tin này.",
        "Bài viết có sử dụng tư liệu của bảo tàng huyện Vàm Xanh.",
        "Báo Sao Mai sẽ tiếp tục cập nhật thông tin về vụ việc.",
        "Mời bạn đọc xem thêm ảnh của lễ thông xe ở trang sau.",
        "Theo Sao Mai, Vàm Xanh News, Bến Phà.",
        "Mưa lớn ở các nơi gồm Vàm Xanh, Bến Phà, Sông Trà, Cồn Mây, Đồng Lau và Bãi Sậy.",
    ],
)
def test_what_is_of_the_paper_or_a_list_of_names_is_no_sentence_of_the_news(sentence: str) -> None:
    item = Item(ItemId("a"), "Báo a", "Cầu Vàm Xanh thông xe", body=sentence)
    assert [said.fit for said in candidates_of([item])] == [False]


@pytest.mark.parametrize(
    "sentence",
    [
        "Doanh nghiệp đã đóng góp vào quỹ xây cầu hơn mười tỉ đồng trong năm qua.",
        "Xã tiếp tục cập nhật danh sách các hộ được đền bù để chi trả trước mùa lũ.",
        "Theo xã Vàm Xanh, đường dẫn phía nam sẽ xong trong tháng tới.",
        "Đoàn xe đi qua Vàm Xanh, Bến Phà, Sông Trà rồi dừng lại ở chân cầu để cắt băng.",
    ],
)
def test_news_that_looks_like_a_credit_or_a_list_is_kept(sentence: str) -> None:
    item = Item(ItemId("a"), "Báo a", "Cầu Vàm Xanh thông xe", body=sentence)
    assert [said.fit for said in candidates_of([item])] == [True]
