"""Cuts Vietnamese news text into sentences, as spans of the very text.

Changes nothing and drops nothing but blanks between sentences. Written by hand because underthesea's splitter breaks
`vnexpress.net`, `.”` and `Đ.Trăm` and gives strings, not places (docs/decisions.md).
"""

import re
from bisect import bisect_left

from monitor.text.connectives import BEFORE_NUMBERS, NUMBERED, OPENING_WORDS, SHORTENED
from monitor.text.words import is_symbol

LONGEST_HEADING = 40  # characters; "Phụ lục 12." has 11
MAX_QUOTE = 320  # a quotation longer than this is cut at its inner sentences; shorter ones stay with their speaker

_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")
_STOP = re.compile(r"""(?:\.{2,}|…+|[.!?]+…?)[”’"'»)\]]*""")
_WORD = re.compile(r"(?<![^\s“\"(])[^\W\d_]+(?=[\s,:;”\")])")
_QUOTE = re.compile('[“”"]')
_HEADING = re.compile(rf"(?:{'|'.join(NUMBERED)})\s+(?:\d{{1,3}}|[IVX]+)", re.IGNORECASE)
_CLAUSE_STOP = re.compile(r";[\s;]*|\s\|\s")
_CLOSERS = "”’\"'»)]"
_OPENERS = "“‘\"'«([-–—•"


def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The spans [start, end) of the sentences of `text`, in order, blanks around them left out.

    A line break always ends a sentence. What stands inside one short quotation is not parted.
    """
    spans: list[tuple[int, int]] = []
    for paragraph in _PARAGRAPH.finditer(text):
        start = paragraph.start()
        quotes = _quotations(text, start, paragraph.end())
        stops = list(_STOP.finditer(text, start, paragraph.end()))
        seam = _seam(text, start, stops[0].start() if stops else paragraph.end())  # a headline has no full stop
        if seam > start:
            _keep(text, start, seam, spans)
            start = seam
        for stop in stops:
            if stop.start() >= start and _ends_here(text, start, stop, paragraph.end(), quotes):
                _keep(text, start, stop.end(), spans)
                start = stop.end()
        _keep(text, start, paragraph.end(), spans)
    return tuple(spans)


def clause_starts(text: str) -> list[int]:
    """Where clauses begin, the first at 0: where sentences do, and behind a semicolon or a bar between blanks."""
    starts = {0, *(start for start, _ in split_sentences(text))}
    starts.update(found.end() for found in _CLAUSE_STOP.finditer(text) if found.end() < len(text))
    return sorted(starts)


def _seam(text: str, start: int, end: int) -> int:
    """Where a lead begins behind a headline that is glued to it ("… hôm nayTổng thống …"); `start` when none is.

    A brand with an inner capital ("iPhone", "easyJet", "VnExpress") has no Vietnamese letters; behind a capitalised
    syllable the capital counts where headline and lead open alike ("… Bắc KinhTổng thống …").
    """
    opening = ""
    for word in _WORD.finditer(text, start, end):
        letters = word.group()
        inner = next((at for at in range(1, len(letters)) if letters[at].isupper()), 0)
        left, right = letters[:inner], letters[inner:]
        capitalised = inner and left[1:] == left[1:].lower() and len(right) > 1 and right[1:].islower()
        if capitalised and ((left.islower() and not letters.isascii()) or right == opening):
            return word.start() + inner
        opening = opening or letters
    return start


def is_whole(sentence: str) -> bool:
    """Whether it ends as a sentence does; a headline glued to a lead does not."""
    return sentence.rstrip(_CLOSERS + " ").endswith((".", "!", "?", "…"))


def _keep(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))


def _quotations(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of quotations inside one paragraph that are short enough to be kept whole."""
    spans = []
    opened = -1
    for found in _QUOTE.finditer(text, start, end):
        at, mark = found.start(), found[0]
        if mark == "“" or (mark == '"' and opened < 0):
            opened = at
        elif mark in '”"' and opened >= 0:
            if at - opened <= MAX_QUOTE:
                spans.append((opened, at))
            opened = -1
    return spans


def _ends_here(text: str, start: int, stop: re.Match[str], limit: int, quotes: list[tuple[int, int]]) -> bool:
    around = bisect_left(quotes, (stop.start(), 0)) - 1
    if around >= 0 and stop.end() <= quotes[around][1]:
        return False
    after = _behind_blanks(text, stop.end(), limit)
    if after >= limit:
        return True
    word_before = _word_before(text, start, stop.start())
    if after == stop.end():
        return _is_glued(text, start, stop, word_before, limit)
    following = after
    while following < limit and text[following] in _OPENERS:
        following = _behind_blanks(text, following + 1, limit)
    if following >= limit or not _opens_sentence(text[following]):
        return False
    # "?" and "…" in the middle of a clause are followed by a small letter, which was refused above
    return stop[0][0] != "." or not _shortened(text, start, stop, word_before, following, limit)


def _behind_blanks(text: str, at: int, limit: int) -> int:
    while at < limit and text[at].isspace():
        at += 1
    return at


def _opens_sentence(char: str) -> bool:
    return char.isupper() or char.isdigit() or is_symbol(char)


def _is_glued(text: str, start: int, stop: re.Match[str], word: str, limit: int) -> bool:
    """A whole word or a number before, a capitalised word behind: "khó dự báo.Trong bối cảnh", "ngày 5/9.Ông"."""
    after = stop.end()
    if not (text[after].isupper() and after + 1 < limit and (text[after + 1].islower() or text[after + 1].isspace())):
        return False
    if stop.group().startswith(("..", "…")):
        return len(word) >= 2 and word.islower() and text[after + 1].islower()
    counted = stop.start() > start and (text[stop.start() - 1].isdigit() or text[stop.start() - 1] == "%")
    if counted:
        return text[after + 1].islower() and not _numbers(text, start, stop.start())
    return len(word) >= 2 and (word.islower() or not stop.group().startswith("."))


def _numbers(text: str, start: int, end: int) -> bool:
    """Whether the number that ends at `end` counts what follows: "1. Nội dung", "ba việc: 1. Sửa đường", "Điều 5."."""
    at = end
    while at > start and text[at - 1].isdigit():
        at -= 1
    before = text[max(start, at - LONGEST_HEADING) : at].strip(_OPENERS + " ")
    if at < end and end - at <= 3 and (not before or before[-1] in ":;"):
        return True
    return end - start <= LONGEST_HEADING and _HEADING.fullmatch(text[start:end].strip()) is not None


def _word_before(text: str, start: int, end: int) -> str:
    at = end
    while at > start and (text[at - 1].isalnum() or text[at - 1] in "&"):
        at -= 1
    return text[at:end]


def _shortened(text: str, start: int, stop: re.Match[str], word: str, following: int, limit: int) -> bool:
    """Whether the full stop belongs to a shortened word or a number of a list, not to the sentence."""
    if stop.group() != ".":
        return False
    if _numbers(text, start, stop.start()):
        return True
    if word in BEFORE_NUMBERS and text[following].isdigit():  # "xem tr. 5"
        return True
    if word.casefold() in SHORTENED and word[:1].isupper():
        return True
    if len(word) == 1 and word.isupper():
        next_word = re.compile(r"\w+").match(text, following, limit)
        opening = next_word is not None and next_word.group().casefold() in OPENING_WORDS
        if text[following - 1] in "(“\"'‘":
            return True
        # "J. Trump" goes on; "anh C. Sau đó" does not
        return not opening
    return False
