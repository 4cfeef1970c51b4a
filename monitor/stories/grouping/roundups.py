"""Which titles are those of round-ups: lists of the day's news, which open no story and join none."""

import re

# How round-ups of many stories are titled; they belong to no story.
_ROUND_UPS = re.compile(
    r"""\W*(?:
        bản\ tin|điểm\ tin|điểm\ báo|đọc\ báo|podcast|tổng\ hợp\ tin|xem\ nhanh|trang\ nhất|báo\ in
        |lịch\ (?:thi\ đấu|phát\ sóng)
        |tin\ (?:nhanh|vắn|tức|nóng|nổi\ bật|mới\ nhất|sáng|tối|trưa|thế\ giới|trong\ nước|quốc\ tế|thể\ thao|bóng\ đá
                |chuyển\ nhượng|kinh\ tế|pháp\ luật|đặc\ biệt)
        |tiêu\ điểm|toàn\ cảnh\ (?:thế\ giới|trong\ ngày|24h)|nóng\ (?:thế\ giới|24h)
        |thế\ giới\ (?:24h|24\ giờ|ngày\ \d\S*|trong\ tuần|hôm\ nay)
        |thời\ sự\ (?:quốc\ tế|trong\ nước|thế\ giới|sáng|tối|trưa|24h|\d)|chuyển\ động\ (?:24h|24\ giờ)
        |nhịp\ (?:đập|sống)\ 24h|24h\ qua|sự\ kiện\ (?:trong\ nước|quốc\ tế|nổi\ bật)|cà\ phê\ sáng
        |chỉ\ đạo,?\ điều\ hành\ của\ (?:chính\ phủ|thủ\ tướng).{0,60}?ngày\ \d+
    )(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)


def is_roundup(title: str) -> bool:
    """Whether the title is that of a round-up of many stories."""
    return _ROUND_UPS.match(title) is not None or ("|" in title and ":" in title) or title.count(";") >= 2
