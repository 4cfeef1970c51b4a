"""Last names by themselves: whether the leader is meant, or another bearer whom the item names in full.

Sees the names of the whole item; whether a name stands for a person at all was judged before (names.py).
"""

import re
from collections.abc import Sequence

from monitor.matching import reasons
from monitor.matching.confidence import Confidence
from monitor.matching.hits import LAST, SHORT, TITLED, FieldHits, LeaderWord
from monitor.matching.leader_reading import LeaderReading, UnsureName
from monitor.matching.names import FAMILY_NAMES, Judgement
from monitor.matching.own_words import OwnWords
from monitor.text.words import is_vietnamese
from monitor.types import Rule


def is_bare(name: UnsureName, low: str, own: OwnWords) -> bool:
    """Whether a name, `low` as it stands in the text, is no more than the last part of the person's, with no title.

    "Ông Trump" is no bare name of a president: beside Melania Trump he is called so.
    """
    judgement, written = name.judgement, name.word.written
    if judgement.titled or own.is_common or (judgement.polite and own.has_office):
        return False
    return (" " not in written and "-" not in written) or own.is_last_part(low)


def settle_bare(reading: LeaderReading, owns: Sequence[OwnWords]) -> None:
    """Take the last names that stand by themselves, but not “Beckham” in an item that names Brooklyn Beckham alone."""
    for name in reading.bare:
        word, span = name.word, name.span
        bearer = (word.leader, reading.fields[span.field].text.low[span.start : span.end])
        if bearer in reading.others and not _is_named(owns[word.leader], word.leader, reading):
            reading.miss(word, span, reasons.ANOTHER_BEARER)
        elif word.role in (SHORT, TITLED):
            reading.unsure.append(name)
        elif word.role == LAST:
            reading.mention(word, span, Rule.SHORT, Confidence.TITLED_NAME)
        else:
            reading.mention(word, span, Rule.NAME, name_confidence(word, name.judgement))


def _is_named(own: OwnWords, leader: int, reading: LeaderReading) -> bool:
    """Whether an item names the leader in full, or by the first name: “David và Victoria Beckham”."""
    return leader in reading.in_full or any(own.has_first_name_in(one.text.plain) for one in reading.fields)


def names_another(fields: Sequence[FieldHits], own: OwnWords, called: str) -> bool:
    """Whether an item has a Vietnamese full name that ends in this syllable and is not the person's."""
    whole = re.compile(rf"(?<!\w){re.escape(called)}(?!\w)")
    return any(
        _is_anothers_name(one.text.plain[max(0, found.start() - 40) : found.end()], own)
        for one in fields
        for found in whole.finditer(one.text.plain)
    )


def _is_anothers_name(before: str, own: OwnWords) -> bool:
    """Whether a text ends in a full name of three or four syllables that is not the person's."""
    words = before.split(" ")
    for count in (2, 3, 4):
        part = words[-count:]
        if len(part) < count or not all(word[:1].isupper() and is_vietnamese(word) for word in part):
            return False
        if count > 2 and part[0].lower() in FAMILY_NAMES:
            return not own.is_named(" ".join(part))
    return False


def name_confidence(word: LeaderWord, judgement: Judgement) -> Confidence:
    """How sure a name is that stands for its person."""
    if judgement.begins is not None:
        return Confidence.FULL_NAME
    if " " in word.written or "-" in word.written:
        own = all(map(is_vietnamese, word.written.split()))
        return Confidence.OWN_NAME if own else Confidence.FULL_NAME
    if judgement.titled:
        return Confidence.TITLED_NAME
    return Confidence.POLITE_NAME if judgement.polite else Confidence.LAST_NAME
