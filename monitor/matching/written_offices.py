"""An office as somebody writes it into a watchlist, whatever its words: what it is, and how newspapers spell it.

Titles of states are known (matching/offices.py); any other office is a head ("Bí thư") and a body ("Thành ủy TP.HCM"),
from which its spellings are made when a watchlist is compiled. Reads no item.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import islice, product
from typing import Final

from monitor.matching import offices
from monitor.matching import text as texts
from monitor.matching.offices import OfficeKey
from monitor.text import gazetteer, institutions
from monitor.text.words import is_vietnamese

MOST_SPELLINGS: Final = 200  # of one office; a coach of a national team has 40, the Front of Ho Chi Minh City 165


class Scope(Enum):
    """Whose an office is where no state stands beside it."""

    KNOWN = "as its title says"
    NATIONAL = "Vietnam's in home news alone"
    OURS = "Vietnam's in any news"
    ALONE = "the only one of its name"


@dataclass(frozen=True, slots=True)
class WrittenOffice:
    """An office of a watchlist: its key, the spellings of its title, and whose it is where it stands alone.

    `head` is what the holder is called for short ("Thống đốc"), "" where too many are called so.
    """

    office_key: OfficeKey
    scope: Scope
    spellings: tuple[str, ...] = ()
    head: str = ""


@cache
def read_office(written: str) -> WrittenOffice:
    """The office that these words of a watchlist mean."""
    known = offices.office_key(written)
    if known is not None:
        return WrittenOffice(known, Scope.KNOWN)
    words = _Words.of(written)
    head, heads, body = _headed(words)
    if body is None:
        return WrittenOffice(OfficeKey(words.low, ""), Scope.ALONE, (words.low,))
    body, state = _without_state(_own_body(head, body))
    parts = _parts(head, body)
    scope = _scope(head, body)
    if scope is not Scope.ALONE and state == gazetteer.HOME:
        state = ""
    title = " ".join(part[0] for part in ((head,), *parts) if part[0])
    alike = islice(product(heads, _between(head, body), *parts), MOST_SPELLINGS)
    spellings = (f"{first} {more}{' '.join(filter(None, rest))}".strip() for first, more, *rest in alike)
    short = head if head in SHORT_HEADS else ""
    return WrittenOffice(OfficeKey(texts.key(title), state), scope, tuple(dict.fromkeys(spellings)), short)


def lacks_body(written: str) -> bool:
    """Whether an office says what somebody is called and not what they lead: "HLV trưởng" is many people."""
    return texts.key(written) in _heads() and offices.office_key(written) is None


SHORT_HEADS: Final = institutions.STATE_HEADS | {"bí thư", "thị trưởng"}
"""What a holder is called for short: "Thống đốc Nguyễn Thị Hồng". Of chairmen and directors there are too many."""


# ---------------------------------------------------------------- words with their capitals


@dataclass(frozen=True, slots=True)
class _Words:
    """Words as written and, letter by letter, as they are compared."""

    plain: str
    low: str

    @classmethod
    def of(cls, written: str) -> "_Words":
        low, plain = texts.key(written), texts.plain(written)
        return cls(plain if len(plain) == len(low) else low, low)

    def part(self, start: int, end: int | None = None) -> "_Words":
        """The letters of a slice, without blanks around them."""
        low, plain = self.low[start:end], self.plain[start:end]
        left = len(low) - len(low.lstrip(" ,-"))
        right = len(low.rstrip(" ,-"))
        return _Words(plain[left:right], low[left:right])


# ---------------------------------------------------------------- the head


@cache
def _heads() -> dict[str, tuple[str, ...]]:
    return {texts.key(spelling): line for line in institutions.HEADS for spelling in line}


_LESSER = re.compile(r"(?:phó|quyền|trợ lý) ")


def _headed(words: _Words) -> tuple[str, tuple[str, ...], _Words | None]:
    """The head by its first spelling, all its spellings, and the body; no body where there is none."""
    lesser = _LESSER.match(words.low)
    skipped = lesser.end() if lesser else 0
    ends = [at for at, letter in enumerate(words.low) if letter == " " and at > skipped] + [len(words.low)]
    for end in reversed(ends):
        line = _heads().get(words.low[skipped:end])
        if line is not None:
            before = words.low[:skipped]
            body = words.part(end)
            return before + line[0], tuple(before + each for each in line), body if body.low else None
    # no known head: the words before the first capital, the first word left out
    for end in ends[:-1]:
        if words.plain[end + 1].isupper():
            head = words.low[:end]
            return head, (head,), words.part(end)
    return words.low, (words.low,), None


def _between(head: str, body: _Words) -> tuple[str, ...]:
    """What may stand between a head and its body without saying anything new."""
    if _place_at_end(body) is not None and (head in institutions.OF_TOWN or head not in institutions.LEFT_OUT):
        return ("",)
    if _is_institution(body) and head not in _MINISTERS:
        return ("", "của ")
    if head == "chủ tịch" and not body.low.startswith(institutions.OF_A_STATE):
        return institutions.OF_FIRM
    return institutions.LEFT_OUT.get(head, ("",))


def _own_body(head: str, body: _Words) -> _Words:
    """A body without the words that say nothing new: "Bộ Y tế" of a minister, "HĐQT Vingroup" of a chairman."""
    called = _institution(body.low, 0) or 0
    said = institutions.OF_FIRM if head == "chủ tịch" else institutions.LEFT_OUT.get(head, ())
    for each in sorted(said, key=len, reverse=True):
        key = f"{texts.key(each)} "
        # "Viện trưởng Viện kiểm sát nhân dân" leads what is called so in full
        if each and body.low.startswith(key) and called < len(key):
            rest = body.part(len(key))
            place = _place_at_end(rest) if head in institutions.OF_TOWN else None
            return body if place is not None and place[0] == 0 else rest  # "Chủ tịch CLB Hà Nội" leads no town
    return body


# ---------------------------------------------------------------- the body


def _without_state(body: _Words) -> tuple[_Words, str]:
    """A body and the state behind it: "Y tế Mỹ"; but not "Mỹ tại Việt Nam", and not of a body that is called so."""
    if _is_institution(body):
        return body, ""
    words = body.low.split(" ")
    for count in range(min(len(words), 6), 0, -1):
        state = offices.state_of(" ".join(words[-count:]))
        if state is not None:
            if len(words) > count and words[-count - 1] in ("tại", "ở", "và"):
                break
            before = len(" ".join(words[:-count]))
            return body.part(0, before), state
    return body, ""


@cache
def _institutions() -> dict[str, tuple[str, ...]]:
    return {texts.key(spelling): line for line in institutions.BODIES for spelling in line}


def _institution(low: str, start: int) -> int | None:
    """Where the longest known body that begins at `start` ends."""
    ends = [at for at, letter in enumerate(low) if letter == " " and at > start] + [len(low)]
    return next((end for end in reversed(ends) if low[start:end] in _institutions()), None)


def _is_institution(body: _Words) -> bool:
    return _institution(body.low, 0) == len(body.low)


_MINISTERS: Final = frozenset({"bộ trưởng", "thứ trưởng"})
_MINISTRY: Final = ("bộ ", "sở ")


def _parts(head: str, body: _Words) -> list[tuple[str, ...]]:
    """The spellings of each part of a body: a known institution, a state, a place, and the words around them."""
    parts: list[tuple[str, ...]] = []
    place = _place_at_end(body)
    if place is not None:
        start, spellings = place
        body = body.part(0, start)
        of_town = institutions.OF_TOWN.get(head, ())
        if body.low in map(texts.key, of_town):
            return [of_town, spellings]
        parts.append(spellings)
    names_ministry = head in _MINISTERS or body.low.startswith(_MINISTRY)
    words: list[tuple[str, ...]] = []
    at = 0
    while at < len(body.low):
        end, alike = _known_part(body, at, names_ministry=names_ministry)
        words.append(alike or (_needed_capitals(body, at, end, head),))
        at = end + 1
    return [*words, *parts]


def _known_part(body: _Words, at: int, *, names_ministry: bool) -> tuple[int, tuple[str, ...]]:
    """Where the part of a body that begins at `at` ends, with its spellings; of a mere word none."""
    end = _institution(body.low, at)
    if end is not None and (names_ministry or body.low[at:end] not in _ministries()):
        return end, _institutions()[body.low[at:end]]
    ends = [*(place for place, letter in enumerate(body.low) if letter == " " and place > at), len(body.low)]
    for end in reversed(ends):
        state = offices.state_of(body.low[at:end])
        if state is not None and body.plain[at].isupper():
            return end, gazetteer.states()[state][0]
    return ends[0], ()


@cache
def _ministries() -> frozenset[str]:
    return frozenset(texts.key(spelling) for line in institutions.MINISTRIES for spelling in line)


def _needed_capitals(body: _Words, start: int, end: int, head: str) -> str:
    """A word with the capital that it must have: a foreign word, an abbreviation, a word of a proper name."""
    word = body.plain[start:end]
    if _is_foreign(word) or (_scope(head, body) is Scope.ALONE and _ends_in_capitals(body.plain[start:])):
        return word
    return word.lower()


def _ends_in_capitals(words: str) -> bool:
    """“Hòa Phát”, and "Bạch Mai" of "Bệnh viện Bạch Mai": the capitals with which a proper name ends."""
    return all(word[:1].isupper() or word[:1].isdigit() for word in words.split(" "))


def _is_foreign(word: str) -> bool:
    """“Tesla”, “VCCI”, “Utd”: no Vietnamese syllable."""
    letters = word.strip("().,&-")
    return word[:1].isupper() and ((len(letters) > 1 and letters.isupper()) or not is_vietnamese(letters))


def _scope(head: str, body: _Words) -> Scope:
    """Whose an office is that stands without a state."""
    if _place_at_end(body) is not None:
        return Scope.ALONE
    end = _institution(body.low, 0) or 0
    line = _institutions()[body.low[:end]] if end else ("",)
    full = line[0] + body.low[end:]
    if any(f" {word} " in f" {full} " for word in institutions.OURS):
        return Scope.OURS
    if line in institutions.ONE_OF_A_KIND or any(map(_is_foreign, body.plain[end:].split(" "))):
        return Scope.ALONE
    is_of_state = head in institutions.STATE_HEADS or full.startswith(institutions.OF_A_STATE)
    return Scope.NATIONAL if is_of_state else Scope.ALONE


# ---------------------------------------------------------------- places at home

_TOWN: Final = r"(?:tỉnh |thành phố |thủ đô |tp\.? ?|t\.p\.? ?|tx\.? ?|thị xã )"
_SAIGON: Final = "hồ chí minh"


@cache
def _home_places() -> dict[str, str]:
    """Each place at home by its key, with its first spelling in capitals."""
    first = {spelling.lower(): spelling for spelling in gazetteer.PLACES_AT_HOME}
    places = {texts.key(key): first[gazetteer.ONE_PLACE.get(key, key)] for key in first}
    del places["sài gòn"]
    return {**places, "hcm": first[_SAIGON]}


@cache
def place_after() -> re.Pattern[str]:
    """A place at home right behind an office, in small letters."""
    names = "|".join(sorted(map(re.escape, _home_places()), key=len, reverse=True))
    return re.compile(rf" (?:của )?{_TOWN}?(?:{names})(?!\w)")


def _place_at_end(body: _Words) -> tuple[int, tuple[str, ...]] | None:
    """Where the place at home begins with which a body ends, and its spellings; the first names it."""
    for at in _starts(body.low):
        bare = re.sub(rf"^{_TOWN}", "", body.low[at:])
        place = _home_places().get(bare)
        if place is not None:
            is_bare_name = bare == _SAIGON and bare == body.low[at:]  # the man's, not the town's
            return None if is_bare_name else (at, tuple(_spellings_of_place(place)))
    return None


def _starts(low: str) -> Iterator[int]:
    yield 0
    yield from (at + 1 for at, letter in enumerate(low) if letter == " ")


def _spellings_of_place(place: str) -> Iterator[str]:
    """A place with and without the word for a town: TP Huế, Huế; of Ho Chi Minh City never the bare name of the man."""
    if place.lower() == _SAIGON:
        yield from ("tp.HCM", "tp HCM", "tpHCM", "tp. HCM", "t.p HCM", "thành phố HCM", "HCM")
    else:
        yield from (place, f"tỉnh {place}")
    yield from (f"{town}{place}" for town in ("thành phố ", "tp ", "tp.", "tp. "))


def spellings_of_all(written: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The spellings of the titles of offices that are no known ones, by title."""
    table: dict[str, dict[str, None]] = {}
    for each in written:
        office = read_office(each)
        if office.scope is not Scope.KNOWN:
            table.setdefault(office.office_key.title, {}).update(dict.fromkeys(office.spellings))
    return {title: tuple(spellings) for title, spellings in table.items()}
