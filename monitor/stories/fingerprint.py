"""What an item is about, as small numbers that can be compared fast.

Compares nothing itself (likeness.py does). A word is a CRC-32 number, a pair of neighbours a mix of two: a window of
20,000 items holds four bytes a word instead of a string, and no decision hangs on two words sharing a number.
Written for speed: a restart reads 20,000 items, so the regular expressions run over whole texts and the loops over few.
"""

import html
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from monitor.stories.credits import after_stamp, before_tail
from monitor.stories.places import ABROAD, ALIKE, PROVINCES
from monitor.stories.sentences import is_whole, split_sentences
from monitor.stories.spellings import OLD_TONES, ONE_SPELLING, ROUND_UPS
from monitor.types import Item

LEAD_SYLLABLES = 60  # of a body that stands in for a missing lead; as long as the longest of 95 % of leads
BODY_SYLLABLES = 400  # of a full text; what comes later is background
TOPIC_SYLLABLES = 12  # of what a decree is about
KNOWN_WORDS = 100_000  # syllables, names and numbers whose numbers are kept ready

_TAG = re.compile(r"<[^<>]{0,2000}(?:>|$)")
_MORE_NEWS = re.compile(
    r"<(?:ul|ol|div\s+style=.?clear)\b", re.IGNORECASE
)  # related headlines hang in a list below a lead
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+$")
_CAPITALS = "".join(chr(code) for code in range(0x41, 0x1EFA) if chr(code).isupper())
_RUN = re.compile(rf"(^\W*|[.!?:…\n“\"‘'|]\s*)?(?<!\w)([{_CAPITALS}]\w*(?:[ -][{_CAPITALS}]\w*)*)")
_DATE = re.compile(r"(?<![\d/.-])(\d{1,2})\s?[/.-]\s?(\d{1,2})(?:\s?[/.-]\s?(?:19|20)?\d\d)?(?![\d/-])")
_DATE_WORD = re.compile(r"(?:ngày|sáng|trưa|chiều|tối|đêm|hôm nay|hôm qua|đến|từ|khuya)\s*\(?$", re.IGNORECASE)
_SCORE = re.compile(r"(?<![\d/.-])(\d{1,2})\s?[-–]\s?(\d{1,2})(?![\d/.-])")
_DECREE = re.compile(
    r"(?:nghị quyết|nghị định|quyết định|quy định|chỉ thị|thông tư|công điện|luật|kết luận|kế hoạch|hướng dẫn)"
    r"(?:\s+số)?\s+(\d{1,5})(?![\d.,%])|(?<![\w/])(\d{1,5})\s?[-/](?:(?:19|20)\d\d[-/])?(?=[^\W\d_]{2,}[-/])"
)
_DECREE_WORD = re.compile(
    r"\b(?:nghị quyết|nghị định|quyết định|quy định|chỉ thị|thông tư|công điện|kết luận|kế hoạch|chương trình)\b"
    r"[^:;]{0,80}?\bvề\b"
)
_LAW = re.compile(r"\b(?:luật|pháp lệnh)\s+([^\W\d_]+\s+[^\W\d_]+)")
_NO_LAW = frozenset(
    ("sư", "sửa", "pháp", "này", "mới", "có", "và", "về", "của", "khi", "để", "đã", "sẽ", "được", "trong", "cho")
)
_PLACES = frozenset((*PROVINCES, *ABROAD))
_PLACE_WORDS = 3  # at most, of a place's name
_NOTHING: frozenset[int] = frozenset()
_numbers: dict[str, int] = {}
_forms: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Reading:
    """An item's words, as cheaply as can be: enough to find it again. `same_lead` is 0 for a lead of few words."""

    title: str
    lead: str
    title_words: list[str]
    lead_words: list[str]
    body_words: list[str]
    same_title: int
    same_lead: int
    digest: bool

    def terms(self) -> set[int]:
        """The numbers of the words and pairs of title and lead."""
        return {*_terms(self.title_words), *_terms(self.lead_words)}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An item's words and marks. `short` are the words of title and lead; `body` is empty without a full text."""

    title: dict[int, int]
    short: dict[int, int]
    body: dict[int, int]
    names: frozenset[int]
    title_names: frozenset[int]
    numbers: frozenset[int]
    title_numbers: frozenset[int]
    decrees: frozenset[int]
    laws: frozenset[int]
    topic: frozenset[int]
    places: frozenset[int]
    dates: frozenset[int]
    scores: frozenset[int]
    opening: int


def read(item: Item) -> Reading:
    """Read the words of an item; some 60 µs for title and lead."""
    title, lead = plain(item.title), news_of(plain(item.lead))
    body = plain(item.body) if item.body else ""
    if not lead and body:
        lead = " ".join(body.split(maxsplit=LEAD_SYLLABLES)[:LEAD_SYLLABLES])
    title_words, lead_words = words_of(title), words_of(lead)
    return Reading(
        title,
        lead,
        title_words,
        lead_words,
        words_of(body)[:BODY_SYLLABLES] if body else [],
        crc32(" ".join(title_words).encode()),
        crc32(" ".join(lead_words).encode()) if len(lead_words) >= 12 else 0,
        is_digest(item.title),
    )


def fingerprint(reading: Reading) -> Fingerprint:
    """All that is compared, of a reading; some 100 µs more."""
    title_words, lead_words = reading.title_words, reading.lead_words
    title_terms = dict(Counter(_terms(title_words)))
    short = Counter(title_terms)
    short.update(_terms(lead_words))
    long: Counter[int] = Counter()
    if reading.body_words:
        long.update(short)
        long.update(_terms(reading.body_words))
    title_runs, lead_runs = _runs(reading.title), _runs(reading.lead)
    title_names = frozenset(_names(title_runs))
    small_title = reading.title.casefold()
    small = f"{small_title} . {reading.lead.casefold()}"
    digits = any(map(str.isdigit, small))
    return Fingerprint(
        title=title_terms,
        short=dict(short),
        body=dict(long),
        names=title_names.union(_names(lead_runs)),
        title_names=title_names,
        numbers=frozenset(term(w) for w in (*title_words, *lead_words) if len(w) > 1 and w[0].isdigit()),
        title_numbers=frozenset(term(w) for w in title_words if w[0].isdigit()),
        decrees=frozenset(int(a or b) for a, b in _DECREE.findall(small)) if digits else _NOTHING,
        laws=frozenset(_laws(small)) if "luật" in small or "pháp lệnh" in small else _NOTHING,
        topic=frozenset(_topic(small_title)) if "về" in small_title else _NOTHING,
        places=frozenset(_places(title_runs + lead_runs)),
        dates=frozenset(_dates(small)) if digits else _NOTHING,
        scores=frozenset(_scores(small)) if digits else _NOTHING,
        opening=crc32(" ".join(title_words[:3]).encode()) if len(title_words) > 3 else 0,
    )


def is_digest(title: str) -> bool:
    """Whether the title is that of a round-up of many stories."""
    return ROUND_UPS.match(title) is not None or ("|" in title and ":" in title) or title.count(";") >= 2


def plain(text: str) -> str:
    """The text without tags, entities and odd forms of its letters."""
    if "<" in text:
        if more := _MORE_NEWS.search(text):
            text = text[: more.start()]
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    text = text.strip()
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def news_of(lead: str) -> str:
    """A lead without its outlet's stamp, agency credit and the headlines of other articles glued to its end."""
    lead = lead[after_stamp(lead) : before_tail(lead)]
    if not lead or is_whole(lead):
        return lead
    spans = split_sentences(lead)
    last = len(spans)
    while last > 1 and not is_whole(lead[slice(*spans[last - 1])]) and is_whole(lead[slice(*spans[last - 2])]):
        last -= 1
    return lead[: spans[last - 1][1]] if spans else lead


def words_of(text: str) -> list[str]:
    """Syllables and numbers in small letters, one spelling for what outlets spell in several ways."""
    forms = _forms
    words = [forms.get(word) or _form(word) for word in _TOKEN.findall(text.casefold())]
    if ONE_SPELLING.keys().isdisjoint(words):
        return words
    spelt: list[str] = []
    at, end = 0, len(words)
    while at < end:
        word = words[at]
        for phrase, one in ONE_SPELLING.get(word, ()):
            if words[at : at + len(phrase)] == phrase:
                spelt.extend(one)
                at += len(phrase)
                break
        else:
            spelt.append(word)
            at += 1
    return spelt


def term(word: str) -> int:
    """The number that stands for a word; for a pair of words, parted by a blank, what `pair` makes of them."""
    one = _numbers.get(word)
    if one is None:
        before, blank, after = word.partition(" ")
        one = pair(term(before), term(after)) if blank and " " not in after else crc32(word.encode())
        if len(_numbers) > KNOWN_WORDS:
            _numbers.clear()
        _numbers[word] = one
    return one


def pair(before: int, after: int) -> int:
    """The number of two neighbours; their order counts."""
    return (before * 0x9E3779B1 ^ after) & 0xFFFFFFFF


def _form(word: str) -> str:
    """A word as it is compared: 11.282 and 11,282 are one number, 3,5 and 3.5 another, hoà is hòa."""
    if word[0].isdigit() and not word.isalnum():
        form = re.sub("[.,]", "", word) if _THOUSANDS.match(word) else word.replace(",", ".")
    elif word[-2:] in OLD_TONES:
        form = word[:-2] + OLD_TONES[word[-2:]]
    else:
        form = word
    if len(_forms) > KNOWN_WORDS:
        _forms.clear()
    _forms[word] = form
    return form


def _terms(words: Sequence[str]) -> list[int]:
    get = _numbers.get
    ones = [get(word) or term(word) for word in words]
    return [*ones, *[(a * 0x9E3779B1 ^ b) & 0xFFFFFFFF for a, b in itertools.pairwise(ones)]]


def _runs(text: str) -> list[tuple[bool, list[str]]]:
    """Runs of capitalised words, and whether each opens a sentence; none of a text all in capitals."""
    if text.isupper():
        return []
    return [
        (bool(opens) or not at, run.replace("-", " ").split()) for at, (opens, run) in enumerate(_RUN.findall(text))
    ]


def _names(runs: list[tuple[bool, list[str]]]) -> Iterator[int]:
    """Capitalised words that do not open a sentence, and pairs of such neighbours."""
    for opens, run in runs:
        ones = [term(_forms.get(word.casefold()) or _form(word.casefold())) for word in run]
        yield from (one for at, one in enumerate(ones) if at or not opens or (len(run[0]) > 1 and run[0].isupper()))
        yield from itertools.starmap(pair, itertools.pairwise(ones))


def _places(runs: list[tuple[bool, list[str]]]) -> Iterator[int]:
    """The longest known places in runs of capitalised words."""
    for _, run in runs:
        at, end = 0, len(run)
        while at < end:
            for length in range(min(_PLACE_WORDS, end - at), 0, -1):
                name = " ".join(run[at : at + length])
                if name in _PLACES:
                    folded = name.casefold()
                    yield crc32(ALIKE.get(folded, folded).encode())
                    at += length - 1
                    break
            at += 1


def _laws(small: str) -> Iterator[int]:
    """Which law is spoken of, by the first two syllables of its name."""
    for name in _LAW.findall(small):
        words = name.split()
        if words[0] not in _NO_LAW:
            yield term(" ".join(words))


def _topic(small_title: str) -> list[int]:
    """What a decree named in a title is about: the pairs of words behind its "về"."""
    decree = _DECREE_WORD.search(small_title)
    if decree is None:
        return []
    words = words_of(small_title[decree.end() :])[:TOPIC_SYLLABLES]
    return _terms(words)[len(words) :]


def _dates(small: str) -> Iterator[int]:
    """Days of months, as 100 * month + day."""
    for found in _DATE.finditer(small):
        day, month = int(found[1]), int(found[2])
        if 1 <= day <= 31 and 1 <= month <= 12 and ("/" in found.group() or _after_date_word(small, found)):
            yield 100 * month + day


def _scores(small: str) -> Iterator[int]:
    """Results of matches, as 100 * one + other; a date written 29-7 is none."""
    for found in _SCORE.finditer(small):
        if not _after_date_word(small, found):
            yield 100 * int(found[1]) + int(found[2])


def _after_date_word(small: str, found: re.Match[str]) -> bool:
    return _DATE_WORD.search(small, max(0, found.start() - 12), found.start()) is not None
