"""Which titles are those of round-ups: lists of the day's news, which open no story and join none."""

import re

# What may stand before the title of a round-up without making it another: a kind in brackets, or before a colon or dash
_KIND = r"(?:video|clip|ảnh|photo|podcast|infographics?|e-?magazine|multimedia|phát\ thanh|truyền\ hình|audio)"
_PREFIX = rf"\W*(?:[\[(]\s*{_KIND}\s*[\])]\W*|{_KIND}\s*[:|–-]\s*)?"
_DAY = r"(?:ngày\ )?\d{1,2}\s*[-/.]\s*\d{1,2}(?:[-/.]\d{2,4})?"
_PART = r"(?:sáng|trưa|chiều|tối|đêm)"
_REGION = r"(?:trung\ đông|thế\ giới|quốc\ tế|trong\ nước|ukraine|châu\ (?:á|âu|mỹ|phi)|đông\ nam\ á|biển\ đông)"

# How round-ups of many stories are titled; they belong to no story.
_ROUND_UPS = re.compile(
    rf"""{_PREFIX}(?:
        bản\ tin|điểm\ tin|điểm\ báo|đọc\ báo|podcast|tổng\ hợp\ tin|xem\ nhanh|trang\ nhất|báo\ in
        |(?:đọc|điểm|tin)\ nhanh\W*(?:\W|{_DAY}|{_PART})
        |lịch\ (?:thi\ đấu|phát\ sóng)
        |tin\ (?:nhanh|vắn|tức|nóng|nổi\ bật|mới\ nhất|sáng|tối|trưa|chiều|thế\ giới|trong\ nước|quốc\ tế|thể\ thao
                |bóng\ đá|chuyển\ nhượng|kinh\ tế|pháp\ luật|đặc\ biệt|trong\ ngày|{_DAY})
        |tiêu\ điểm(?!\ {_DAY})|toàn\ cảnh\ (?:thế\ giới|trong\ ngày|tuần\ qua|24h|\d{{1,2}}\s?h|{_PART}\ {_DAY}|{_DAY})
        |nóng\ (?:thế\ giới|24h)
        |thế\ giới\ (?:24h|24\ giờ|{_DAY}|trong\ tuần|tuần\ qua|hôm\ nay|trong\ ảnh|qua\ ảnh)
        |thời\ sự\ (?:quốc\ tế|trong\ nước|thế\ giới|sáng|trưa|chiều|tối|đêm|24h|\d)|chuyển\ động\ (?:24h|24\ giờ)
        |nhịp\ (?:đập|sống)\ 24h|24h\ qua|sự\ kiện\ (?:trong\ nước|quốc\ tế|nổi\ bật)|cà\ phê\ sáng
        |{_REGION}\ {_PART}\ {_DAY}\s*:
        |(?:tin\ ảnh|photo|ảnh)\ (?:trong\ ngày|trong\ tuần|ấn\ tượng|nổi\ bật|thế\ giới|24h|{_DAY})
        |chỉ\ đạo,?\ điều\ hành\ của\ (?:chính\ phủ|thủ\ tướng).{{0,60}}?ngày\ \d+
    )(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)


def is_roundup(title: str) -> bool:
    """Whether the title is that of a round-up of many stories."""
    return _ROUND_UPS.match(title) is not None or ("|" in title and ":" in title) or title.count(";") >= 2
