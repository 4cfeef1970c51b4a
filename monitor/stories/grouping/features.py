"""What an item is about, as small numbers that can be compared fast.

Compares nothing itself (similarity.py does). A word is a CRC-32 number, a pair of neighbours a mix of two: a window of
20,000 items holds four bytes a word instead of a string, and no decision hangs on two words sharing a number.
Written for speed: the regular expressions run over whole texts and the loops over numbers. What a restart needs of an
item, its rare words, is packed into a line of text that the store keeps beside it, so that nothing is read twice.
"""

import itertools
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from zlib import crc32

from monitor.text.boilerplate import after_stamp, before_tail
from monitor.text.gazetteer import ONE_PLACE, PLACES_ABROAD, PLACES_AT_HOME
from monitor.text.sentences import is_whole, split_sentences
from monitor.text.variants import ONE_SPELLING, one_form
from monitor.text.words import LARGE_LETTERS, nfc
from monitor.types import Item

LEAD_SYLLABLES = 60  # of a body that stands in for a missing lead; as long as the longest of 95 % of leads
BODY_SYLLABLES = 400  # of a full text; what comes later is background
TOPIC_SYLLABLES = 12  # of what a decree is about
READING = 2  # raise it when words are read in another way: what stores have packed is read anew then
KNOWN_WORDS = 100_000  # syllables, names and numbers whose numbers are kept ready

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")
_FIGURE = re.compile(r"\d(?<![^\W_]\d)\d*(?:[.,]\d+)*")  # look behind a digit, not at every character
_RUN = re.compile(rf"[{LARGE_LETTERS}](?<!\w.)\w*(?:[ -][{LARGE_LETTERS}]\w*)*")
_SENTENCE_ENDS = frozenset(".!?:…“\"‘'|")  # or opens a quotation; a capital behind it says nothing
_DATE = re.compile(r"(?<![\d/.-])(\d{1,2})\s?[/.-]\s?(\d{1,2})(?:\s?[/.-]\s?(?:19|20)?\d\d)?(?![\d/-])")
_DATE_WORD = re.compile(r"(?:ngày|sáng|trưa|chiều|tối|đêm|hôm nay|hôm qua|đến|từ|khuya)\s*\(?$", re.IGNORECASE)
_SCORE = re.compile(r"(?<![\d/.-])(\d{1,2})\s?[-–]\s?(\d{1,2})(?![\d/.-])")
_QUANTITY = re.compile(r"(?<![\w/.,-])(\d+(?:[.,]\d+)*)\s?(%|[^\W\d_]+)(?![/\w])")
_NO_UNITS = frozenset(("tháng", "giờ", "h", "năm", "của", "và", "tại", "ở", "là", "đến", "sau", "với"))
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
_PLACES = frozenset((*PLACES_AT_HOME, *PLACES_ABROAD))
_PLACE_WORDS = 3  # at most, of a place's name
_NOTHING: frozenset[int] = frozenset()
_known: dict[str, int] = {}  # the number of a word as it stands in a text


@dataclass(frozen=True, slots=True)
class ItemWords:
    """An item's words as numbers, as cheaply as can be: enough to find it again. `same_lead` is 0 for a short lead."""

    title: str
    lead: str
    title_words: list[int]
    lead_words: list[int]
    body_words: list[int]
    same_title: int
    same_lead: int


@dataclass(frozen=True, slots=True)
class RareWords:
    """The rare words and pairs of title and lead, each once: what the window keeps of all.

    First `in_both` that stand in the title and in the lead, then the others of the title (`in_title` with those before
    them), then those of the lead.
    """

    terms: "array[int]"
    in_both: int
    in_title: int
    same_title: int
    same_lead: int


@dataclass(frozen=True, slots=True)
class Entities:
    """What else tells two stories apart: names, numbers, places, days. Drawn when an item is first compared."""

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
    quantities: frozenset[int]
    opening: int


def read(item: Item) -> ItemWords:
    """Read the words of an item; some 30 µs for title and lead."""
    title, lead = nfc(item.title), news_of(nfc(item.lead))
    body = nfc(item.body)
    if not lead and body:
        lead = " ".join(body.split(maxsplit=LEAD_SYLLABLES)[:LEAD_SYLLABLES])
    title_words, lead_words = numbers_of(title), numbers_of(lead)
    return ItemWords(
        title,
        lead,
        title_words,
        lead_words,
        numbers_of(body)[:BODY_SYLLABLES] if body else [],
        crc32(array("I", title_words)),
        crc32(array("I", lead_words)) if len(lead_words) >= 12 else 0,
    )


def words_of_reading(reading: ItemWords, common: Set[int]) -> RareWords:
    """The words that tell stories from one another, `common` ones left out; some 15 µs."""
    title = dict.fromkeys(_with_pairs(reading.title_words))
    lead = dict.fromkeys(_with_pairs(reading.lead_words))
    rare_title = [one for one in title if one not in common]
    both = [one for one in rare_title if one in lead]
    only = [one for one in rare_title if one not in lead] if both else rare_title
    rare_lead = [one for one in lead if one not in common and one not in title]
    terms = array("I", both + only + rare_lead)
    return RareWords(terms, len(both), len(rare_title), reading.same_title, reading.same_lead)


def entities_of(title: str, lead: str) -> Entities:
    """The entities of a title and a lead as `ItemWords` has them; some 50 µs."""
    title_runs, lead_runs = _runs(title), _runs(lead)
    title_names = frozenset(_names(title_runs))
    small_title = title.casefold()
    small = f"{small_title} . {lead.casefold()}"
    figures = _FIGURE.findall(small)
    title_figures = _FIGURE.findall(small_title) if figures else ()
    opening = [found[0] for found in itertools.islice(_TOKEN.finditer(small_title), 4)]
    return Entities(
        names=title_names.union(_names(lead_runs)),
        title_names=title_names,
        numbers=frozenset([_number(one) for one in figures if len(one) > 1]) if figures else _NOTHING,
        title_numbers=frozenset(map(_number, title_figures)) if title_figures else _NOTHING,
        decrees=frozenset(int(a or b) for a, b in _DECREE.findall(small)) if figures else _NOTHING,
        laws=frozenset(_laws(small)) if "luật" in small or "pháp lệnh" in small else _NOTHING,
        topic=frozenset(_topic(small_title)) if "về" in small_title else _NOTHING,
        places=frozenset(_places(title_runs + lead_runs)),
        dates=frozenset(_dates(small)) if figures else _NOTHING,
        scores=frozenset(_scores(small)) if figures else _NOTHING,
        quantities=frozenset(_quantities(small)) if figures else _NOTHING,
        opening=crc32(" ".join(opening[:3]).encode()) if len(opening) > 3 else 0,
    )


def body_counts(reading: ItemWords) -> dict[int, int]:
    """How often each word and pair stands in title, lead and body; nothing without a body."""
    if not reading.body_words:
        return {}
    found = Counter(_with_pairs(reading.title_words))
    found.update(_with_pairs(reading.lead_words))
    found.update(_with_pairs(reading.body_words))
    return dict(found)


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


def numbers_of(text: str) -> list[int]:
    """The numbers of `words_of`, by one look-up a word."""
    known = _known
    numbers = [known.get(word) or _learn(word) for word in _TOKEN.findall(text.casefold())]
    return numbers if _SPELT.keys().isdisjoint(numbers) else _one_spelling(numbers)


def _one_spelling(numbers: list[int]) -> list[int]:
    """What `words_of` does to words that open a phrase of several spellings, done to their numbers."""
    spelt: list[int] = []
    done = 0
    for at, number in enumerate(numbers):
        if number in _SPELT and at >= done:
            for phrase, one in _SPELT[number]:
                if numbers[at : at + len(phrase)] == phrase:
                    spelt += numbers[done:at]
                    spelt += one
                    done = at + len(phrase)
                    break
    return spelt + numbers[done:]


def _learn(word: str) -> int:
    if len(_known) > KNOWN_WORDS:
        _known.clear()
    one = _known[word] = term(one_form(word))
    return one


def term(word: str) -> int:
    """The number that stands for a word; for a pair of words, parted by a blank, what `pair` makes of them."""
    before, blank, after = word.partition(" ")
    return pair(term(before), term(after)) if blank and " " not in after else crc32(word.encode())


def pair(before: int, after: int) -> int:
    """The number of two neighbours; their order counts."""
    return (before * 0x9E3779B1 ^ after) & 0xFFFFFFFF


def _with_pairs(ones: list[int]) -> list[int]:
    """The words, then the pairs of neighbours."""
    return ones + [(a * 0x9E3779B1 ^ b) & 0xFFFFFFFF for a, b in itertools.pairwise(ones)]


def _number(figure: str) -> int:
    return _known.get(figure) or _learn(figure)


def _runs(text: str) -> list[tuple[bool, list[str]]]:
    """Runs of capitalised words, and whether each opens a sentence; none of a text all in capitals."""
    if text.isupper():
        return []
    runs: list[tuple[bool, list[str]]] = []
    for found in _RUN.finditer(text):
        before = text[: found.start()]
        ended = before.rstrip()
        opens = not runs or ended[-1:] in _SENTENCE_ENDS or "\n" in before[len(ended) :]
        runs.append((opens, found[0].replace("-", " ").split()))
    return runs


def _names(runs: list[tuple[bool, list[str]]]) -> list[int]:
    """Capitalised words that do not open a sentence, and pairs of such neighbours."""
    names: list[int] = []
    for opens, run in runs:
        ones = [_number(word.casefold()) for word in run]
        names += ones[1:] if opens and not (len(run[0]) > 1 and run[0].isupper()) else ones
        names += [pair(before, after) for before, after in itertools.pairwise(ones)]
    return names


def places_in(text: str) -> frozenset[int]:
    """The numbers of the provinces and states that a text names; one that was renamed is one."""
    return frozenset(_places(_runs(text)))


def _places(runs: list[tuple[bool, list[str]]]) -> Iterator[int]:
    """The longest known places in runs of capitalised words."""
    for _, run in runs:
        at, end = 0, len(run)
        while at < end:
            for length in range(min(_PLACE_WORDS, end - at), 0, -1):
                name = " ".join(run[at : at + length])
                if name in _PLACES:
                    folded = name.casefold()
                    yield crc32(ONE_PLACE.get(folded, folded).encode())
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
    words = numbers_of(small_title[decree.end() :])[:TOPIC_SYLLABLES]
    return _with_pairs(words)[len(words) :]


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


def _quantities(small: str) -> Iterator[int]:
    """Figures with what they count: "4.410 tấn", "7,1 độ", "37,5 tỷ", "35 người"; no days and no years."""
    for figure, unit in _QUANTITY.findall(small):
        if unit not in _NO_UNITS and len(figure) > 1:
            yield pair(_number(figure), _number(unit))


def _after_date_word(small: str, found: re.Match[str]) -> bool:
    return _DATE_WORD.search(small, max(0, found.start() - 12), found.start()) is not None


_SPELT = {  # ONE_SPELLING in numbers
    term(first): [(list(map(term, phrase)), list(map(term, one))) for phrase, one in phrases]
    for first, phrases in ONE_SPELLING.items()
}
