"""Sentences that a summary may be made of."""

import pytest

from monitor.stories.summary.candidates import stands_alone


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
