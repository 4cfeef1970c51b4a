"""One thing, several spellings: what each outlet writes in its own way, so that words do not meet. Data, no rules."""

import re

OLD_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip

_ALIKE = (
    ("thành phố hồ chí minh|tp hồ chí minh|tp hcm|sài gòn", "tphcm"),
    ("thành phố|tp", ""),
    ("trung học phổ thông", "thpt"),
    ("ủy ban nhân dân", "ubnd"),
    ("huấn luyện viên", "hlv"),
    ("câu lạc bộ", "clb"),
    ("máy bay không người lái|phương tiện bay không người lái|thiết bị bay không người lái|drone|drones", "uav"),
    ("bất động sản", "bđs"),
    ("đại biểu quốc hội", "đbqh"),
    ("cảnh sát giao thông", "csgt"),
    ("tòa án nhân dân", "tand"),
    ("vô địch quốc gia", "vđqg"),
    ("trí tuệ nhân tạo", "ai"),
    ("giáo dục và đào tạo|gd đt", "gdđt"),
    ("trung ương|t ư|tw", "tư"),
    ("doanh nghiệp nhà nước", "dnnn"),
    ("mặt trận tổ quốc", "mttq"),
    ("thủ tướng chính phủ", "thủ tướng"),
    ("liên bang nga", "nga"),
    ("hoa kỳ", "mỹ"),
    ("tử vong|thiệt mạng|qua đời|tử nạn", "chết"),
    ("liệt sỹ", "liệt sĩ"),
    ("bác sỹ", "bác sĩ"),
    ("ô tô", "ôtô"),
    ("u 23", "u23"),
    ("u 22", "u22"),
    ("u 21", "u21"),
    ("u 20", "u20"),
    ("u 19", "u19"),
    ("u 17", "u17"),
    ("u 16", "u16"),
)
# By first word, the longest first: what stands there, and what is read instead.
ONE_SPELLING: dict[str, list[tuple[list[str], list[str]]]] = {}
for _spellings, _one in _ALIKE:
    for _spelling in _spellings.split("|"):
        _words = _spelling.split()
        ONE_SPELLING.setdefault(_words[0], []).append((_words, _one.split()))
for _entries in ONE_SPELLING.values():
    _entries.sort(key=lambda entry: -len(entry[0]))

# How round-ups of many stories are titled; they belong to no story.
ROUND_UPS = re.compile(
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
