"""The sentences of articles that a summary may be made of, with what of them fits into one.

Chooses none (choosing.py). A sentence fits when it is a whole sentence of the news; captions, subheadings, tables, and
words of somebody whose name stands in another sentence do not.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from monitor.stories.summary.salience import Gram
from monitor.text.boilerplate import after_stamp, is_caption
from monitor.text.connectives import FIRST_PERSON, LEANING, POINTING
from monitor.text.sentences import is_whole, split_sentences
from monitor.types import Item

TOO_SHORT = 6  # syllables; shorter ones are exclamations and captions
PROSE = 12  # syllables; so long a line without a full stop is a sentence whose stop was forgotten
TOO_LONG = 90  # syllables; longer ones are tables and lists that lost their lines
MAX_SENTENCES = 400  # of one story; what stands later in very long texts is not looked at

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
    where: Literal["summary", "body"]
    start: int
    end: int
    text: str
    place: int  # among the sentences of its item
    syllables: list[str]
    fit: bool  # a whole sentence of the news, no caption and no subheading
    alone: bool  # understood without the sentence before it
    opener: bool = False  # first of a lead
    weights: dict[str, float] = field(default_factory=dict)
    grams: dict[Gram, float] = field(default_factory=dict)  # with the worth of each
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
    fields: tuple[tuple[Literal["summary", "body"], str], ...] = (("summary", item.lead), ("body", item.body))
    for where, text in fields:
        spans = split_sentences(text)
        whole_before = False
        paragraph = -1
        quoted = False
        opened = False  # the lead's first sentence has been met
        for number, (start, end) in enumerate(spans):
            if number == 0:
                start += after_stamp(text[start:end])
            if (tag := text.rfind(">", start, end)) >= 0 and "<" in text[start:tag]:
                start = tag + 1  # a lead out of a feed may open with a picture
            sentence = text[start:end]
            start += len(sentence) - len(sentence.lstrip())
            sentence = text[start:end]
            syllables = syllables_of(sentence)
            if not syllables:
                continue
            if paragraph < 0 or "\n" in text[paragraph:start]:
                quoted = False  # newspapers open a quotation anew with each paragraph, and forget to close it
            inside, quoted = quoted, _still_quoted(sentence, quoted)
            paragraph = end
            whole = is_whole(sentence)
            glued = not whole and number + 1 < len(spans) and spans[number + 1][0] == end  # a headline before its lead
            # a lead may lack its full stop; a line without one in a body is a caption or a subheading
            ends_well = whole or (
                not glued
                and not sentence.rstrip().endswith((":", ",", ";"))
                and ((where == "summary" and not whole_before) or (where == "body" and len(syllables) >= PROSE))
            )
            fit = (
                ends_well
                and TOO_SHORT <= len(syllables) <= TOO_LONG
                and not is_caption(sentence)
                and "<" not in sentence
                and not (where == "body" and _HOLE.search(sentence))
                and not inside
                and not quoted
                and not _only_quote(sentence)
                and not (where == "body" and _speaks_of_himself(sentence))
            )
            whole_before = whole_before or whole
            opener = where == "summary" and not opened and not glued and len(syllables) >= TOO_SHORT
            opened = opened or not glued
            alone = opener or stands_alone(sentence)
            place = len(found)
            found.append(
                Candidate(item, order, where, start, end, sentence, place, syllables, fit or opener, alone, opener)
            )
    return found


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
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return _SYLLABLE.findall(text.casefold())
