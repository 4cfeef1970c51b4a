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
    plain = text.plain
    skip = {*((hit.start, hit.end) for hit in one.titles), *one.home, *((s.start, s.end) for s in one.states.values())}
    home_ends = {hit_end for _, hit_end in one.home}
    for found in _RUN.finditer(plain):
        start, end = found.span()
        if unspeakable := _UNSPEAKABLE.match(plain, start, end - 1):
            start = unspeakable.end()
        named = next((at for at in range(start + 1, end) if at in after_office), None)
        if named is not None:
            start = named
        else:
            hit = one.states.get(start)
            if hit is not None and hit.end < end and plain[hit.end] == " ":
                if is_vietnamese(plain[hit.end + 1 : end].split(" ")[0]):
                    continue  # "Anh Sơn", "Hàn Thuyên", "Nga Sơn": whose name it is cannot be told
                start = hit.end + 1
        initial = text.begins_sentence(start)
        words = plain[start:end].split(" ")
        if initial and len(words) > 2 and is_vietnamese(words[0]):
            first, second = words[0].lower() in FAMILY_NAMES, words[1].lower() in FAMILY_NAMES
            if second and not first:
                start += len(words[0]) + 1  # "Theo Nguyễn Văn …"
                initial = False
        if (start, end) in skip or (end in home_ends and is_vietnamese(words[0])):
            continue  # a place, or what belongs to one of ours ("Đoàn TP.HCM")
        yield Run(start, end, plain[start:end], initial, _small_word_after(text, start, end))


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
