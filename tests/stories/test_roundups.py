"""Which titles are lists of the day's news, and which only look like one."""

import pytest

from monitor.stories.grouping.roundups import is_roundup


@pytest.mark.parametrize(
    "title",
    [
        "[Video] Thời sự 24h ngày 3/4/2026: Hai việc lớn trong một ngày",
        "Video: Bản tin 18h",
        "Đọc nhanh 22-6: Mưa lớn ở miền Trung, giá xăng giảm",
        "Trung Đông chiều 26-7: Tàu dầu quay đầu, giá dầu tăng",
        "Thế giới tối 3-4: Hai nước nối lại đường bay",
        "Bản tin 18h: Mưa lớn ở miền Trung",
        "Điểm tin sáng: Mưa lớn ở miền Trung",
        "Tin nóng 3/4: Mưa lớn ở miền Trung",
        "Photo trong ngày: Mùa gặt trên ruộng bậc thang",
        "(Ảnh) Thế giới qua ảnh",
        "Toàn cảnh 17h: Mưa lớn ở miền Trung",
        "Điểm nhanh: Mưa lớn ở miền Trung",
    ],
)
def test_a_list_of_the_day_is_known_by_its_title(title: str) -> None:
    assert is_roundup(title)


@pytest.mark.parametrize(
    "title",
    [
        "[Video] Tổng thống hai nước gặp nhau ở Hà Nội",
        "Video: Hiện trường vụ cháy ở Nghệ An",
        "[Video] Tiêu điểm 3/4: Vì sao tướng ấy mất chức",
        "Cập nhật sáng 3-4: Mưa lũ làm 8 người chết",
        "Chiều 3-4: Giá vàng giảm một triệu đồng",
        "Biển Đông sáng 3-4 có gió mạnh",
        "Toàn cảnh hiện trường vụ cháy ở Nghệ An",
        "Ảnh vệ tinh cho thấy tàu rời cảng",
        "Tin nhắn cuối của phi công",
        "Đọc nhanh không giúp nhớ lâu",
    ],
)
def test_news_that_opens_like_a_list_is_none(title: str) -> None:
    assert not is_roundup(title)
