"""Names by their capitals: runs of words written large in a field, ready to be counted.

Knows letters, states and offices; who bears a name, and whether anybody watches it, is for suggest/survey.py.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from monitor.matching import text as texts
from monitor.matching.hits import FieldHits
from monitor.matching.names import CONNECTORS, FAMILY_NAMES
from monitor.matching.text import Text
from monitor.text.words import is_vietnamese

_LARGE = "A-ZÀ-ÖØ-ÞĂĐĨŨƠƯ" + "".join(chr(code) for code in range(0x1EA0, 0x1F00, 2)) + "ĆČŁŃŚŞŠŽŹŻİĞÇ"
_TOKEN = rf"[{_LARGE}](?:[^\W_]|['](?=\w)|\.(?=[{_LARGE}]))*(?:-[^\W_]+)*"
_RUN = re.compile(rf"(?<![\w.@/-]){_TOKEN}(?: (?:(?:{'|'.join(sorted(CONNECTORS))}) ){{0,2}}{_TOKEN}){{0,6}}(?!\w)")
_SYLLABLE_AFTER = re.compile(r"[^\W\d_]{1,7}")
_NUMERAL = re.compile(r"[IVXLC]+")
_UNSPEAKABLE = re.compile(r"[BCDĐFGHKLMNPQRSTVWX]{2,5}[. ]+")  # HLV, TP, HĐND: stands before a name and is none


@dataclass(frozen=True, slots=True)
class Run:
    """Words written large at [start, end); `initial`: they begin a sentence, where any word is large.

    `after` is the small syllable behind a run of Vietnamese ones, which may belong to it ("Tết Dương lịch").
    """

    start: int
    end: int
    written: str
    initial: bool
    after: str = ""


def runs(one: FieldHits, after_office: Container[int]) -> Iterator[Run]:
    """Words in capitals side by side, less states and offices that they begin with."""
    text = one.text
    skip = {*one.home, *((hit.start, hit.end) for hit in (*one.titles, *one.states.values()))}
    home_ends = {hit_end for _, hit_end in one.home}
    for found in _RUN.finditer(text.plain):
        end = found.end()
        begin = _begin(one, found.start(), end, after_office)
        if begin is None:
            continue
        words = text.plain[begin:end].split(" ")
        start, initial = begin, text.begins_sentence(begin)
        if initial and _has_word_before_name(words):
            start, initial = begin + len(words[0]) + 1, False
        if (start, end) in skip or (end in home_ends and is_vietnamese(words[0])):
            continue  # a place, or what belongs to one of ours ("Đoàn TP.HCM")
        yield Run(start, end, text.plain[start:end], initial, _small_word_after(text, start, end))


def _begin(one: FieldHits, start: int, end: int, after_office: Container[int]) -> int | None:
    """Where the name begins in a run, behind an abbreviation, an office or a state; None where that cannot be told."""
    plain = one.text.plain
    if unspeakable := _UNSPEAKABLE.match(plain, start, end - 1):
        start = unspeakable.end()
    named = next((at for at in range(start + 1, end) if at in after_office), None)
    if named is not None:
        return named
    hit = one.states.get(start)
    if hit is None or hit.end >= end or plain[hit.end] != " ":
        return start
    if is_vietnamese(plain[hit.end + 1 : end].split(" ")[0]):
        return None  # "Anh Sơn", "Hàn Thuyên", "Nga Sơn": whose name it is cannot be told
    return hit.end + 1


def _has_word_before_name(words: list[str]) -> bool:
    """“Theo Nguyễn Văn …”: the first word of a sentence stands before a family name and is none itself."""
    if len(words) < 3 or not is_vietnamese(words[0]):
        return False
    return words[1].lower() in FAMILY_NAMES and words[0].lower() not in FAMILY_NAMES


def _small_word_after(text: Text, start: int, end: int) -> str:
    """Of "Tết Dương lịch" the last syllable: only the first syllable of a word is written large."""
    if text.plain[end : end + 1] != " " or not all_vietnamese(text.plain[start:end]):
        return ""
    found = _SYLLABLE_AFTER.match(text.plain, end + 1)
    return found[0] if found and found[0].islower() else ""


def too_plain(run: Run) -> bool:
    """Whether a run names nothing by itself.

    One Vietnamese syllable in capitals is a word or a part of a name; a letter or two or a numeral name nobody.
    """
    if " " in run.written or "-" in run.written:
        return False
    return len(run.written) < 3 or is_vietnamese(run.written) or _NUMERAL.fullmatch(run.written) is not None


def all_vietnamese(name: str) -> bool:
    """Whether a name is two or more syllables of Vietnamese shape."""
    words = texts.key(name).split()
    return len(words) > 1 and all(map(is_vietnamese, words))
