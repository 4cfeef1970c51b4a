"""What newspapers put around their text that is not news: credits of outlets and agencies, captions, tags of a format.

Says where the news begins and ends; changes no text.
"""

import re

# "(Dân trí) - ", "VOV.VN - ", "TPO - ", "(Chinhphu.vn) – ": an outlet's stamp before a lead
_STAMP = re.compile(
    r"""\s*(?:
        \(\s*[\w.&/ -]{2,24}\s*\)\s*[-–—:|]\s*
      | (?:[\w-]+\.(?:vn|net|com|com\.vn|net\.vn)|TPO|TTO|NLĐO|NLDO|PLO|SGGPO?|VOV|VTV(?:\s+(?:News|Online))?
          |NDO|TTXVN|CAND|ANTĐ|GD&TĐ|Dân\ trí)
        \s*[-–—|]\s*
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# "Theo TTXVN", "(TTXVN/Vietnam+)", "(Theo Reuters)", "Ảnh: AFP": at the end of a text or as a line of its own
_TAIL = re.compile(
    r"""(?:\s*[(\[]\s*(?:theo|nguồn|ảnh|tổng\ hợp|t\.h)?[\s:]*[\w+./&, -]{2,30}[)\]]
          |\s+(?:ảnh|video|đồ\ họa|nguồn)\s*:\s*[^.!?]{2,40})\s*\.?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
_CAPTION = re.compile(
    r"""\b(?:ảnh|video|clip|đồ\ họa|nguồn\ ảnh|infographic)\s*:\s*\S.{0,60}$
      | ^(?:ảnh|video|clip|xem\ thêm|mời\ xem|tin\ liên\ quan|đọc\ thêm)\b
      | >> | \bxem\ tiếp\s*$
      | [(–-]\s*(?:ảnh|nguồn|video)\s*:  # glued to the sentence behind it
    """,
    re.IGNORECASE | re.VERBOSE,
)


# "Reuters đã đóng góp vào bản tin này.", "Báo tiếp tục cập nhật.", "Mời bạn đọc xem …": of the paper, not of the news
_OF_THE_PAPER = re.compile(
    r"""\bđóng\ góp\ (?:vào|cho|thực\ hiện|thông\ tin)\b.{0,20}\b(?:bản\ tin|bài\ (?:viết|báo)|tin\ (?:này|bài))\b
      | \b(?:bài\ viết|bản\ tin|bài\ báo)\ (?:này\ )?(?:có\ )?
        (?:sử\ dụng|tham\ khảo|được\ (?:dịch|tổng\ hợp|biên\ dịch))\b
      | ^\W*(?:mời|kính\ mời)\ (?:quý\ vị|quý\ độc\ giả|độc\ giả|bạn\ đọc|các\ bạn)\b
      | ^.{0,30}\btiếp\ tục\ (?:được\ )?(?:cập\ nhật|thông\ tin)
        (?:\ (?:thông\ tin|diễn\ biến|vụ\ việc|đến|tới|trong|về)\b.{0,60})?[.…]*$
      | ^(?:theo|nguồn|tổng\ hợp\ từ)\s*:?\ [\w+./&, -]{2,40}\.?$
    """,
    re.IGNORECASE | re.VERBOSE,
)


def after_stamp(text: str) -> int:
    """Where the news begins behind an outlet's stamp; 0 when there is none."""
    stamp = _STAMP.match(text)
    return stamp.end() if stamp else 0


def before_tail(text: str) -> int:
    """Where the news ends before an agency's credit; len(text) when there is none."""
    tail = _TAIL.search(text, max(len(text) // 2, len(text) - 80))
    return tail.start() if tail else len(text)


def is_caption(line: str) -> bool:
    """Whether a line is a picture's caption or a pointer to another article."""
    return _CAPTION.search(line) is not None


def is_of_the_paper(sentence: str) -> bool:
    """Whether a sentence speaks of the article or to its reader: a credit, a promise of more, an invitation."""
    return _OF_THE_PAPER.search(sentence.strip()) is not None
