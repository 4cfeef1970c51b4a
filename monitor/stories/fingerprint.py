"""What an item is about, as sets and vectors of small numbers that can be compared fast.

Compares nothing itself (likeness.py does) and keeps no text. Terms are CRC-32 numbers of words: a window of 20,000 items
holds four bytes a word instead of a string, and two words in some million share a number, which no decision hangs on.
"""

import html
import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from monitor.stories.credits import after_stamp, before_tail
from monitor.stories.places import ABROAD, ALIKE, PROVINCES
from monitor.stories.sentences import is_whole, split_sentences
from monitor.types import Item

LEAD_SYLLABLES = 60  # of a body that stands in for a missing lead; the longest of 95 % of leads
TOPIC_SYLLABLES = 12
BODY_SYLLABLES = 400  # of a full text; what comes later is background

_TAG = re.compile(r"<[^<>]{0,2000}(?:>|$)")
_MORE_NEWS = re.compile(
    r"<(?:ul|ol|div\s+style=.?clear)\b", re.IGNORECASE
)  # related headlines hang in a list below the lead
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+\d+|[^\W_]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+$")
_UPPER = re.compile(r"[A-ZÀ-ÝĂĐƠƯẠ-Ỹ]")
_DATE = re.compile(r"(?<![\d/.-])(\d{1,2})\s?[/.-]\s?(\d{1,2})(?:\s?[/.-]\s?(?:19|20)?\d\d)?(?![\d/-])")
_DATE_WORD = re.compile(
    r"(?:ngày|sáng|trưa|chiều|tối|đêm|hôm nay|hôm qua|đến|từ|rạng sáng|khuya)\s*\(?$", re.IGNORECASE
)
_SCORE = re.compile(r"(?<![\d/.-])(\d{1,2})\s?[-–]\s?(\d{1,2})(?![\d/.-])")
_DECREE = re.compile(
    r"(?:nghị quyết|nghị định|quyết định|quy định|chỉ thị|thông tư|công điện|luật|kết luận|kế hoạch|hướng dẫn)"
    r"(?:\s+số)?\s+(\d{1,5})(?![\d.,%])|(?<![\w/])(\d{1,5})\s?[-/](?:(?:19|20)\d\d[-/])?(?=[A-ZĐ]{2})",
    re.IGNORECASE,
)
_DECREE_WORD = re.compile(
    r"\b(?:nghị quyết|nghị định|quyết định|quy định|chỉ thị|thông tư|công điện|kết luận|kế hoạch|chương trình)\b[^:;]{0,80}?\bvề\b",
    re.IGNORECASE,
)
_LAW = re.compile(r"\b(?:luật|pháp lệnh|bộ luật)\s+([^\W\d_]+\s+[^\W\d_]+)", re.IGNORECASE)
_NO_LAW = frozenset("sư sửa pháp này mới có và về của khi để đã sẽ được trong cho theo".split())
_PLACE = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(name) for name in sorted([*PROVINCES, *ABROAD], key=len, reverse=True)) + r")(?!\w)"
)
# One thing, several spellings: written by every outlet in its own way, so that the words would not meet.
_SPELLINGS = [
    (re.compile(pattern), one)
    for pattern, one in (
        (r"\b(?:thành phố|tp\.?)\s*(?:hồ chí minh|hcm)\b|\btphcm\b", "tphcm"),
        (r"\b(?:thành phố|tp\.?)\s*(?=\w)", ""),
        (r"\btrung học phổ thông\b", "thpt"),
        (r"\bủy ban nhân dân\b|\buỷ ban nhân dân\b", "ubnd"),
        (r"\bhuấn luyện viên\b", "hlv"),
        (r"\bcâu lạc bộ\b", "clb"),
        (r"\b(?:máy bay|phương tiện bay|thiết bị bay) không người lái\b|\bdrones?\b|\bmáy bay drone\b", "uav"),
        (r"\bbất động sản\b", "bđs"),
        (r"\bđại biểu quốc hội\b", "đbqh"),
        (r"\bcảnh sát giao thông\b", "csgt"),
        (r"\btòa án nhân dân\b|\btoà án nhân dân\b", "tand"),
        (r"\bvô địch quốc gia\b", "vđqg"),
        (r"\btrí tuệ nhân tạo\b", "ai"),
        (r"\bgiáo dục và đào tạo\b", "gdđt"),
        (r"\bgd\s*&\s*đt\b", "gdđt"),
        (r"\btrung ương\b|\bt\.ư\b|\btw\b", "tư"),
        (r"\bdoanh nghiệp nhà nước\b", "dnnn"),
        (r"\bmặt trận tổ quốc\b", "mttq"),
        (r"\bthủ tướng chính phủ\b", "thủ tướng"),
        (r"\bliên bang nga\b", "nga"),
        (r"\bhoa kỳ\b", "mỹ"),
        (r"\btriều tiên\b", "triều tiên"),
        (r"\bu\.\s?(?=\d\d\b)", "u"),
        (r"\btử vong\b|\bthiệt mạng\b|\bqua đời\b|\btử nạn\b", "chết"),
        (r"\bliệt sỹ\b", "liệt sĩ"),
        (r"\bô\s?tô\b", "ôtô"),
    )
]
_TONES = str.maketrans({"̀": "", "́": "", "̉": "", "̃": "", "̣": ""})
_OLD_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_OLD_TONE = re.compile("(" + "|".join(_OLD_TONES) + r")\b")
_DIGEST = re.compile(
    r"""^\W*(?:
        (?:bản\ tin|điểm\ tin|điểm\ báo|đọc\ báo|podcast|tin\ nhanh|tin\ vắn|tin\ tức|tin\ nóng|tin\ nổi\ bật|tin\ mới\ nhất|tin\ sáng|tin\ tối|tin\ trưa
          |tin\ thế\ giới|tin\ trong\ nước|tin\ quốc\ tế|tiêu\ điểm|toàn\ cảnh\ (?:thế\ giới|trong\ ngày|24h)|nóng\ thế\ giới|thế\ giới\ (?:24h|24\ giờ|ngày|tuần|hôm\ nay)
          |thời\ sự\ (?:quốc\ tế|trong\ nước|thế\ giới|sáng|tối|trưa|24h|\d)|chuyển\ động\ (?:24h|24\ giờ)|nhịp\ (?:đập|sống)\ 24h|5\ phút|60\ giây|24h\ qua
          |sự\ kiện\ (?:trong\ nước|quốc\ tế|nổi\ bật)|tổng\ hợp\ tin|xem\ nhanh|cà\ phê\ sáng|trang\ nhất|báo\ in|lịch\ (?:thi\ đấu|phát\ sóng)|tin\ (?:thể\ thao|bóng\ đá|chuyển\ nhượng|kinh\ tế|pháp\ luật|đặc\ biệt)
        )(?!\w)
    )""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text as its terms: how often each word (syllable, or pair of neighbours) stands in it."""

    counts: dict[int, int]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An item's words and marks. `all_of` are the words of title and lead; `body` is empty without a full text."""

    title: dict[int, int]
    short: dict[int, int]
    body: dict[int, int]
    words: dict[int, str]  # of title and lead, to say why
    names: frozenset[int]
    title_names: frozenset[int]
    numbers: frozenset[int]
    title_numbers: frozenset[int]
    decrees: frozenset[int]
    laws: frozenset[int]
    places: frozenset[int]
    dates: frozenset[int]
    scores: frozenset[int]
    topic: frozenset[int]
    opening: int
    same_title: int
    same_lead: int
    digest: bool


def is_digest(title: str) -> bool:
    """Whether the title is that of a round-up of many stories."""
    return _DIGEST.match(title) is not None or title.count("|") >= 1 and title.count(":") >= 1 or title.count(";") >= 2


def plain(text: str) -> str:
    """The text without tags, entities and odd forms of its letters."""
    if "<" in text:
        if more := _MORE_NEWS.search(text):
            text = text[: more.start()]
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def news_of(lead: str) -> str:
    """A lead without its outlet's stamp, agency credit and the headlines of other articles glued to its end."""
    lead = lead[after_stamp(lead) : before_tail(lead)]
    spans = split_sentences(lead)
    last = len(spans)
    while last > 1 and not is_whole(lead[slice(*spans[last - 1])]) and is_whole(lead[slice(*spans[last - 2])]):
        last -= 1
    return lead[: spans[last - 1][1]] if spans else lead


def fold(text: str) -> str:
    """Small letters, one spelling for what outlets spell in several ways."""
    text = text.casefold()
    text = _OLD_TONE.sub(lambda found: _OLD_TONES[found.group()], text)
    for pattern, one in _SPELLINGS:
        text = pattern.sub(one, text)
    return text


def tokens(folded: str) -> list[str]:
    """Syllables and numbers; 11.282 and 11,282 are one number, 3,5 and 3.5 another."""
    found = []
    for token in _TOKEN.findall(folded):
        if token[0].isdigit() and not token.isalnum():
            token = re.sub("[.,]", "", token) if _THOUSANDS.match(token) else token.replace(",", ".")
        found.append(token)
    return found


def term(word: str) -> int:
    """The number that stands for a word."""
    return crc32(word.encode())


def fingerprint(item: Item) -> Fingerprint:
    """Read an item once; some 0.3 ms for title and lead."""
    title = plain(item.title)
    lead = plain(item.lead)
    body = plain(item.body)
    lead = news_of(lead)
    if not lead and body:
        lead = " ".join(body.split(maxsplit=LEAD_SYLLABLES)[:LEAD_SYLLABLES])
    title_tokens = tokens(fold(title))
    lead_tokens = tokens(fold(lead))
    words: dict[int, str] = {}
    title_terms = _count(title_tokens, words)
    short = dict(title_terms)
    for one, count in _count(lead_tokens, words).items():
        short[one] = short.get(one, 0) + count
    body_terms: dict[int, int] = {}
    if body:
        body_terms = dict(short)
        for one, count in _count(tokens(fold(body))[:BODY_SYLLABLES], {}).items():
            body_terms[one] = body_terms.get(one, 0) + count
    title_names = frozenset(map(term, _names(title)))
    marks = title + " . " + lead
    return Fingerprint(
        title=title_terms,
        short=short,
        body=body_terms,
        words=words,
        names=title_names | frozenset(map(term, _names(lead))),
        title_names=title_names,
        numbers=frozenset(term(t) for t in title_tokens + lead_tokens if t[0].isdigit() and len(t) > 1),
        title_numbers=frozenset(term(t) for t in title_tokens if t[0].isdigit()),
        decrees=frozenset(int(a or b) for a, b in _DECREE.findall(marks)),
        laws=frozenset(_laws(marks)),
        places=frozenset(_places(marks)),
        dates=frozenset(_dates(marks)),
        scores=frozenset(_scores(marks)),
        topic=frozenset(map(term, _topic(title))),
        opening=term(" ".join(title_tokens[:3])) if len(title_tokens) > 3 else 0,
        same_title=term(" ".join(t for t in title_tokens)),
        same_lead=term(" ".join(lead_tokens)) if len(lead_tokens) >= 12 else 0,
        digest=is_digest(title),
    )


def _count(words: list[str], say: dict[int, str]) -> dict[int, int]:
    counts: dict[int, int] = {}
    before = ""
    for word in words:
        one = crc32(word.encode())
        counts[one] = counts.get(one, 0) + 1
        say[one] = word
        if before:
            pair = f"{before} {word}"
            one = crc32(pair.encode())
            counts[one] = counts.get(one, 0) + 1
            say[one] = pair
        before = word
    return counts


_CAPITALISED = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\d*")


def _names(text: str) -> set[str]:
    """Capitalised words that do not open a sentence, and pairs of such neighbours; none of a text all in capitals."""
    letters = [c for c in text if c.isalpha()]
    if sum(map(str.isupper, letters)) > 0.6 * len(letters):
        return set()
    found: set[str] = set()
    before, end_before, opens = "", -1, True
    last_end = 0
    for match in _CAPITALISED.finditer(text):
        word = match.group()
        gap = text[last_end : match.start()]
        opens = last_end == 0 or any(mark in gap for mark in ".!?:…\n\"“‘'|")
        last_end = match.end()
        if not word[0].isupper():
            before = ""
            continue
        folded = word.casefold()
        if before and gap in (" ", "-"):
            found.add(f"{before} {folded}")
        if not opens or (len(word) > 1 and word.isupper()):
            found.add(folded)
        before = folded
    return found


def _laws(text: str) -> Iterator[int]:
    """Which law is spoken of, by the first two syllables of its name."""
    for name in _LAW.findall(text):
        words = name.casefold().split()
        if words[0] not in _NO_LAW:
            yield term(" ".join(words))


def _topic(title: str) -> list[str]:
    """What a decree named in a title is about: the pairs of words behind its "về"."""
    decree = _DECREE_WORD.search(title)
    if decree is None:
        return []
    words = tokens(fold(title[decree.end() :]))[:TOPIC_SYLLABLES]
    return [f"{one} {two}" for one, two in itertools.pairwise(words)]


def _places(text: str) -> Iterator[int]:
    for name in _PLACE.findall(text):
        folded = name.casefold()
        yield term(ALIKE.get(folded, folded))


def _dates(text: str) -> Iterator[int]:
    """Days of months, as 100 * month + day."""
    for found in _DATE.finditer(text):
        day, month = int(found[1]), int(found[2])
        slashed = "/" in found.group()
        if (
            1 <= day <= 31
            and 1 <= month <= 12
            and (slashed or _DATE_WORD.search(text, max(0, found.start() - 12), found.start()))
        ):
            yield 100 * month + day


def _scores(text: str) -> Iterator[int]:
    """Results of matches, as 100 * one + other; a date written 29-7 is none."""
    for found in _SCORE.finditer(text):
        if not _DATE_WORD.search(text, max(0, found.start() - 12), found.start()):
            yield 100 * int(found[1]) + int(found[2])
