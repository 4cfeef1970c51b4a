"""The sentences of articles that a summary may be made of, with what of them fits into one.

Chooses none (choosing.py). A sentence fits when it is a whole sentence of the news; captions, subheadings, tables, and
words of somebody whose name stands in another sentence do not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from monitor.stories.summary.salience import Gram
from monitor.text.boilerplate import after_stamp, is_caption, is_of_the_paper
from monitor.text.connectives import FIRST_PERSON, LEANING, POINTING
from monitor.text.sentences import is_whole, split_sentences
from monitor.text.words import nfc
from monitor.types import Item

TOO_SHORT = 6  # syllables; shorter ones are exclamations and captions
PROSE = 12  # syllables; so long a line without a full stop is a sentence whose stop was forgotten
TOO_LONG = 90  # syllables; longer ones are tables and lists that lost their lines
LONG_LIST, LONGEST_NAME, MOSTLY_NAMES = 5, 4, 0.7  # names in a row, syllables of one, their share of a list's parts
MAX_SENTENCES = 400  # of one story; what stands later in very long texts is not looked at

Where = Literal["summary", "body"]

_LIST_COMMA = re.compile(r"[,;]|(?<!\w)và(?!\w)")
_SYLLABLE = re.compile(r"\w+")
_HOLE = re.compile(r"\w ,|, ,|\( *\)|(?:của|và|tại|từ|nhiều|các|những) \(")  # a link that was lost on the way
_QUOTATION = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’")
_NAMELESS = re.compile(  # "…”, ông nói": somebody whose name stands in another sentence
    r"[”\"]\s*[,.–—-]?\s*(?:ông|bà|anh|chị|cô|em|cậu|họ|người này|vị này)\s+(?:này\s+)?(?P<next>\w)", re.IGNORECASE
)
_COUNTED = re.compile(r"(?:thứ (?:hai|ba|tư|năm)|hai là|ba là|bốn là)\s*,\s*+(?!\d|ngày)", re.IGNORECASE)
_FIRST_PERSON = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(FIRST_PERSON, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
_POINTING = re.compile(rf"[“\"'‘(–—-]*\s*(?:\w+\s+){{1,4}}(?:{'|'.join(POINTING)})(?!\w)", re.IGNORECASE)
_LEANING = re.compile(r"[“\"'‘(–—-]*\s*(?:" + "|".join(map(re.escape, LEANING)) + r")(?!\w)", re.IGNORECASE)
# "Ông cho biết", "Theo bà,": a title with no name behind it points to a sentence that is not there
_PRONOUN = re.compile(
    r"[“\"‘'(]*\s*(?:theo\s+)?(?:ông|bà|anh|chị|cô|em|cháu|bé|cậu)(?P<next>\s*,|\s+\w)", re.IGNORECASE
)


@dataclass(slots=True, eq=False)
class Candidate:
    """A sentence that could be said."""

    item: Item
    order: int  # of its item among the items
    where: Where
    start: int
    end: int
    text: str
    place: int  # among the sentences of its item
    syllables: list[str]
    fit: bool  # a whole sentence of the news, no caption and no subheading
    alone: bool  # understood without the sentence before it
    opener: bool = False  # first of a lead
    weights: dict[str, float] = field(default_factory=dict)
    content: frozenset[str] = frozenset()  # its different syllables, less those of whom the summary is about
    grams: dict[Gram, float] = field(default_factory=dict)  # with the salience of each
    bonus: float = 0.0


def candidates_of(items: Sequence[Item]) -> list[Candidate]:
    """The sentences of leads and bodies in their order, fit or not; of very long articles the first."""
    pool: list[Candidate] = []
    share = max(20, MAX_SENTENCES // max(1, len(items)))
    for order, item in enumerate(items):
        pool.extend(_sentences_of(item, order)[:share])
    return pool


def _sentences_of(item: Item, order: int) -> list[Candidate]:
    found: list[Candidate] = []
    fields: tuple[tuple[Where, str], ...] = (("summary", item.lead), ("body", item.body))
    for where, text in fields:
        spans = split_sentences(text)
        so_far = _ReadSoFar(where)
        for number, (start, end) in enumerate(spans):
            start = _behind_stamp(text, start, end, opens_field=number == 0)
            sentence = text[start:end]
            syllables = syllables_of(sentence)
            if not syllables:
                continue
            touches_next = number + 1 < len(spans) and spans[number + 1][0] == end
            somebodys_words = so_far.passes_quotation(text, start, end)
            fit, opener = so_far.judges(sentence, syllables, touches_next=touches_next)
            fit = opener or (fit and not somebodys_words)
            alone = opener or stands_alone(sentence)
            found.append(Candidate(item, order, where, start, end, sentence, len(found), syllables, fit, alone, opener))
    return found


@dataclass(slots=True)
class _ReadSoFar:
    """What the sentences read so far say of the next one in a field."""

    where: Where
    end: int = -1  # of the last one
    quoted: bool = False  # a quotation stands open
    whole: bool = False  # one had its full stop
    opened: bool = False  # the field's first sentence has been met, behind what was glued before it

    def passes_quotation(self, text: str, start: int, end: int) -> bool:
        """Read on over the sentence [start, end); whether it begins or ends inside a quotation."""
        if self.end < 0 or "\n" in text[self.end : start]:
            self.quoted = False  # newspapers open a quotation anew with each paragraph, and forget to close it
        inside = self.quoted
        self.quoted = _still_quoted(text[start:end], inside)
        self.end = end
        return inside or self.quoted

    def judges(self, sentence: str, syllables: list[str], *, touches_next: bool) -> tuple[bool, bool]:
        """Read on over a sentence; whether it is a whole one of the news, and whether it opens a lead."""
        whole = is_whole(sentence)
        glued = touches_next and not whole  # a headline before its lead
        ends_well = whole or (not glued and self._lacks_only_its_stop(sentence, syllables))
        fit = ends_well and _is_news(sentence, syllables, self.where)
        opener = self.where == "summary" and not self.opened and not glued and len(syllables) >= TOO_SHORT
        self.whole = self.whole or whole
        self.opened = self.opened or not glued
        return fit, opener

    def _lacks_only_its_stop(self, sentence: str, syllables: list[str]) -> bool:
        """A lead may lack its full stop; a line without one in a body is a caption or a subheading, unless long."""
        if sentence.rstrip().endswith((":", ",", ";")):
            return False
        return not self.whole if self.where == "summary" else len(syllables) >= PROSE


def _behind_stamp(text: str, start: int, end: int, *, opens_field: bool) -> int:
    """Where the sentence itself begins: a lead out of a feed may open with the outlet's stamp."""
    if opens_field:
        start += after_stamp(text[start:end])
    sentence = text[start:end]
    return start + len(sentence) - len(sentence.lstrip())


def _is_news(sentence: str, syllables: list[str], where: Where) -> bool:
    """Whether it is the newspaper's own prose: no caption, table, lone quotation or words of an interview."""
    if not TOO_SHORT <= len(syllables) <= TOO_LONG:
        return False
    if is_caption(sentence) or is_of_the_paper(sentence) or _is_list(sentence) or _only_quote(sentence):
        return False
    return where == "summary" or not (_HOLE.search(sentence) or _speaks_of_himself(sentence))


def _is_list(sentence: str) -> bool:
    """Whether it is little more than names in a row: "gồm các tỉnh A, B, C, D, E và F"."""
    parts = [part.strip() for part in _LIST_COMMA.split(sentence.rstrip(" .…"))]
    names = sum(1 for part in parts[1:] if part[:1].isupper() and len(part.split()) <= LONGEST_NAME)
    return names >= LONG_LIST and names >= MOSTLY_NAMES * len(parts)


def _still_quoted(sentence: str, quoted: bool) -> bool:
    """Whether a quotation is open behind the sentence: what follows are somebody's words without his name."""
    for mark in sentence:
        if mark == "“":
            quoted = True
        elif mark == "”":
            quoted = False
        elif mark == '"':
            quoted = not quoted
    return quoted


def _speaks_of_himself(sentence: str) -> bool:
    """Whether somebody says "tôi" outside quotation marks, as in an interview: his words without his name."""
    return _FIRST_PERSON.search(_QUOTATION.sub("", sentence)) is not None


def _only_quote(sentence: str) -> bool:
    """Whether all of it is one quotation, without its speaker."""
    close = max(sentence.rfind("”"), sentence.rfind('"', 1))
    return sentence[0] in '“"' and close > 0 and len(sentence) - close <= 3


def stands_alone(sentence: str) -> bool:
    """Whether a reader who has not seen the sentence before it understands who and what it speaks of."""
    if _LEANING.match(sentence) or _POINTING.match(sentence) or _COUNTED.match(sentence):
        return False
    nameless = _NAMELESS.search(sentence)
    if nameless is not None and not nameless["next"].isupper():
        return False
    pronoun = _PRONOUN.match(sentence)
    return pronoun is None or pronoun["next"].strip()[:1].isupper()


def syllables_of(text: str) -> list[str]:
    """The syllables and numbers of a text, casefolded, in order."""
    return _SYLLABLE.findall(nfc(text).casefold())
