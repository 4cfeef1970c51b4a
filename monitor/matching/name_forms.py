"""In which forms a person's name is looked for: those of the watch, and what follows from them.

Writes forms only; what one means where it stands is decided in matching/leaders.py.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from monitor.matching import trades
from monitor.matching.hits import ALIAS, LAST, SHORT, TITLED, LeaderWord
from monitor.matching.names import FAMILY_NAMES, GENERATION
from monitor.text import gazetteer
from monitor.text.words import bars, is_vietnamese, unmarked
from monitor.types import Leader, Office

_INSTITUTIONS: Final = frozenset(
    bars(
        """
    chính | quốc | thành | tỉnh | ủy | hội | đảng | liên | công | tập | ngân | văn | viện | tòa | đoàn | y | giáo | tài
    | kế | nội | ngoại | tư | khoa | lao | nông | giao | xây | dân | thông | an | môi | thường | hiệp | trung | mặt |
    quận | huyện | phường | xã | ban | bộ | sở | cục | tổng | hải | không | biên | cảnh | phòng | nhà | trưởng
    """
    )
)
"""First syllables of what a title goes on with: "Bộ trưởng Công" may be that of Công Thương."""

_FAMILY_NAME_FIRST: Final = ("trung quốc", "hàn quốc", "triều tiên", "đài loan")
"""States whose persons newspapers call by the family name, which stands first: "Chủ tịch Tập"."""

FEWEST_LETTERS: Final = 3  # of a last name that is looked for by itself


class NameForm(NamedTuple):
    """A form as the lexicon looks for it, and what it is to the leader."""

    sought: str
    word: LeaderWord


def name_forms(number: int, leader: Leader) -> Iterator[NameForm]:
    """Every form of the leader with this number, each once a role."""
    for alias in dict.fromkeys((leader.name, *leader.aliases, *_with_given_names(leader))):
        word = LeaderWord(number, ALIAS, alias)
        for sought in _spelled(alias):
            yield NameForm(sought, word)
    for short in leader.short:
        word = LeaderWord(number, SHORT, short)
        for sought in _spelled(short):
            yield NameForm(sought, word)
    listed = {leader.name, *leader.aliases, *leader.short}
    last = last_name(leader.name)
    if last and last not in listed:
        word = LeaderWord(number, LAST, last)
        for sought in _spelled(last):
            yield NameForm(sought, word)
    elif leader.offices:
        for form in _titled(number, leader):
            if form.word.written not in listed:
                yield form


def _spelled(written: str) -> tuple[str, ...]:
    """A form as it is written, and without foreign marks, which newspapers leave out."""
    sought = _with_small_title(written)
    if sought.isascii() or _is_ours(sought):
        return (sought,)
    bare = " ".join(part if _is_ours(part) else unmarked(part) for part in sought.split(" "))
    return tuple(dict.fromkeys((sought, bare)))


def _is_ours(written: str) -> bool:
    return all(map(is_vietnamese, written.replace("-", " ").split(" ")))


def _with_small_title(written: str) -> str:
    """“Hoa hậu Thùy Tiên” is called "hoa hậu Thùy Tiên", too: a title needs no capital before a name."""
    if not trades.may_begin_title(written.partition(" ")[0].lower()):
        return written
    words = written.split(" ")
    lengths = trades.title_lengths([word.lower() for word in words[: trades.MOST_WORDS]])
    if not lengths or lengths[-1] == len(words):
        return written
    title = written[: len(" ".join(words[: lengths[-1]]))]
    return title.lower() + written[len(title) :]


def _with_given_names(leader: Leader) -> list[str]:
    """The given names before each other spelling of a foreign last name: Volodymyr, Zelenskyy."""
    given, _, last = leader.name.rpartition(" ")
    if not given or is_vietnamese(last) or is_vietnamese(given.split(" ")[0]):
        return []
    known = {leader.name, *leader.aliases}
    spellings = (
        alias for alias in leader.aliases if " " not in alias and "." not in alias and alias not in leader.name
    )
    return [f"{given} {alias}" for alias in spellings if f"{given} {alias}" not in known]


def last_name(name: str) -> str:
    """The last name of a foreign name, "" where that cannot be told: of ours, of one word, of a "Jr", of a king."""
    words = name.split()
    if len(words) < 2 or is_vietnamese(words[0]) or words[-1].lower() in GENERATION:
        return ""
    last = words[-1]
    if len(words) == 2 and last.rpartition("-")[2].islower() and "-" in last:
        return words[0]  # Lee Jae-myung
    is_word = len(last) >= FEWEST_LETTERS and last[0].isupper() and not last.isupper()
    return last if is_word and not is_vietnamese(last) else ""


def _titled(number: int, leader: Leader) -> Iterator[NameForm]:
    """“Bộ trưởng Sơn”: a title with the syllable that the person is called by."""
    words = leader.name.split()
    if len(words) < 2 or not all(map(is_vietnamese, words)):
        return
    for office in leader.offices:
        called = _called(words, office)
        if called.lower() in _INSTITUTIONS or called.lower() in _states():
            continue
        for head in dict.fromkeys(_titles_of(office)):
            word = LeaderWord(number, TITLED, f"{head} {called}", office.since, office.until)
            yield NameForm(_with_small_title(word.written), word)


def _called(words: list[str], office: Office) -> str:
    """The syllable that newspapers call somebody by behind a title."""
    is_first = words[0].lower() in FAMILY_NAMES and office.title.lower().endswith(_FAMILY_NAME_FIRST)
    return words[0] if is_first else words[-1]


@cache
def _states() -> frozenset[str]:
    return frozenset(spelling.lower() for both in gazetteer.states().values() for one in both for spelling in one)


def _titles_of(office: Office) -> Iterator[str]:
    """The titles that an office begins with, as it writes them: "Bộ trưởng", "Bộ trưởng Tài chính"."""
    words = office.title.split()
    for count in trades.title_lengths([word.lower() for word in words[: trades.MOST_WORDS]]):
        yield " ".join(words[:count])
