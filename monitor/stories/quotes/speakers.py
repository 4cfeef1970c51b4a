"""Who is named in a field and who may speak there: leaders with their titles, pronouns, and everybody else.

Takes the matcher's word for where a leader is named. What anybody says is read in quotes/find_quotes.py.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from monitor.stories.quotes import speech
from monitor.stories.quotes.quotations import MASK, Quotation, masked, quotations
from monitor.text.sentences import split_sentences
from monitor.types import Match, WatchId

LONGEST_SENTENCE = 3_000  # characters, with the quotations in it; nobody writes longer ones, and reading them is slow
LOOK_BACK = 4  # sentences without any person, over which "ông" still points to whoever was named before them

Field = Literal["title", "summary", "body"]
BLANK = " \t\xa0"


@dataclass(frozen=True, slots=True)
class Speaker:
    """A leader as a sentence names him, or a pronoun that stands for him, at [start, end)."""

    watch_id: WatchId
    start: int
    end: int


@dataclass(slots=True)
class Unit:
    """A sentence with its quotations kept whole. `frame` is the whole field masked."""

    start: int
    end: int
    opens_paragraph: bool
    speakers: tuple[Speaker, ...]
    said_by: Speaker | None = None  # who spoke last in it
    quoted_last: bool = False  # a direct quotation of his stood in it
    named: tuple[bool, bool] | None = None  # somebody else; a foreign name that may be anybody's; None: not yet asked


class Scene:
    """One field with its sentences, its quotations and its persons."""

    def __init__(self, field: Field, text: str, matches: Sequence[Match]) -> None:
        self.field = field
        self.text = text
        self.quoted = quotations(text)
        self.frame = masked(text, self.quoted)
        self.opens = [each.opens for each in self.quoted]
        self.by_mark = {each.opens: each for each in self.quoted}
        self.matches = matches
        self._forms: dict[WatchId, set[str]] = {}  # the titles under which each leader was named so far
        self._female: dict[WatchId, bool] = {}
        mentions = sorted(
            ((each.start, each.end, match.watch_id) for match in matches if match.kind == "leader"
             for each in match.evidence if each.field == field),
            key=lambda one: (one[0], -one[1]),
        )  # fmt: skip
        self.speakers = self._named(mentions)
        self.units = list(self._cut())

    def within(self, start: int, end: int) -> Sequence[Quotation]:
        """The quotations that lie wholly in [start, end)."""
        first = bisect_left(self.opens, start)
        last = bisect_left(self.opens, end)
        while last > first and self.quoted[last - 1].closes > end:
            last -= 1
        return self.quoted[first:last]

    def _named(self, mentions: Sequence[tuple[int, int, WatchId]]) -> list[Speaker]:
        speakers: list[Speaker] = []
        for start, end, watch_id in mentions:
            if MASK in self.frame[start:end]:
                continue
            last = speakers[-1] if speakers else None
            if last and start < last.end:
                continue
            if last and last.watch_id == watch_id and not self.text[last.end : start].strip(BLANK):
                speakers[-1] = replace(last, end=end)  # "ông chủ Điện Kremlin Vladimir Putin"
                continue
            floor = max(last.end if last else 0, start - 120)
            speakers.append(Speaker(watch_id, self._with_titles(floor, start), end))
        return speakers

    def _with_titles(self, floor: int, start: int) -> int:
        """Where the words begin that belong to the name at `start`: its titles, "ông"."""
        titled = speech.TITLED.search(self.frame, floor, start)
        if titled is None or "\n" in titled[0]:
            titled = None
        begin = titled.start() if titled else start
        for _ in range(3):
            chained = speech.CHAINED.search(self.frame, floor, begin)
            if chained is None or "\n" in chained[0]:
                break
            if "," in chained[0] and not self.text[begin : begin + 9].casefold().startswith(("chủ tịch", "bộ trưởng")):
                break  # "gặp Tổng thống, ông Putin": two persons
            begin = chained.start()
        return begin

    def _cut(self) -> Iterator[Unit]:
        """Sentences, put together again where one ends inside a quotation."""
        text = self.text
        closes = [each.closes for each in self.quoted]
        pending: int | None = None
        for start, end in split_sentences(text):
            begin = start if pending is None else pending
            place = bisect_right(closes, end - 1)
            inside = place < len(closes) and self.quoted[place].opens < end < closes[place]
            if inside:
                pending = begin
                continue
            pending = None
            yield self._unit(begin, end)
        if pending is not None:
            yield self._unit(pending, len(text.rstrip()))

    def _unit(self, start: int, end: int) -> Unit:
        mine = tuple(each for each in self.speakers if start <= each.start and each.end <= end)
        line = self.text.rfind("\n", 0, start)
        opens = not self.text[line + 1 : start].strip()
        return Unit(start, end, opens, mine)

    def others(self, unit: Unit) -> tuple[bool, bool]:
        """Whether somebody else is named outside the quotations, and whether a foreign name that may be anybody's."""
        if unit.named is None:
            where = (unit.start, unit.end, unit.speakers)
            unit.named = (unit.end - unit.start > LONGEST_SENTENCE or self._humans(*where), self._foreigners(*where))
        return unit.named

    def somebody_else(self, start: int, end: int, mine: Sequence[Speaker]) -> bool:
        """Whether anybody who is none of `mine` is or may be named there."""
        return self._humans(start, end, mine) or self._foreigners(start, end, mine)

    def _humans(self, start: int, end: int, mine: Sequence[Speaker]) -> bool:
        """Whether a person who is none of `mine` is named or speaks there."""
        for other in speech.SOMEBODY.finditer(self.frame, start, end):
            if not _overlaps(mine, *other.span()):
                return True
        for pattern in (speech.SAID_BY, speech.SAYS):
            for said in pattern.finditer(self.frame, start, end):
                if not _overlaps(mine, *said.span("who")) and _is_somebody(said["who"].split(), pattern):
                    return True
        return False

    def _foreigners(self, start: int, end: int, mine: Sequence[Speaker]) -> bool:
        for run in speech.FOREIGN_RUN.finditer(self.frame, start, end):
            words = run["who"].split()
            if _overlaps(mine, *run.span("who")) or not any(map(_foreign, words)):
                continue
            if not any(word.casefold() in speech.NO_PERSON for word in words):
                return True
        return False

    def learn(self, unit: Unit) -> None:
        """Note under which titles, and as "ông" or "bà", the leaders of a sentence are named."""
        for each in unit.speakers:
            before = self.text[each.start : each.end].casefold()
            forms = self._forms.setdefault(each.watch_id, set())
            forms.update(form for form in _OFFICES if form in before)
            if before.startswith(("ông ", "bà ", "ngài ")) or " ông " in before:
                self._female[each.watch_id] = before.startswith("bà ")

    def pronouns(self, place: int, unit: Unit) -> Iterator[Speaker]:
        """The pronouns and bare offices of a sentence that speak and stand for one leader."""
        for pattern in (speech.PRONOUN, speech.BARE_OFFICE):
            for found in pattern.finditer(self.frame, unit.start, unit.end):
                start, end = found.span()
                if _overlaps(unit.speakers, start, end):
                    continue
                if re.compile(rf"\s+{speech.CAPITALISED}").match(self.frame, end):
                    continue  # "ông Peskov": somebody with a name
                if speech.TIGHT.match(self.frame, end, unit.end) is None:
                    continue
                meant = self._meant(place, unit, found["word"].casefold(), start)
                if meant is not None:
                    yield Speaker(meant, start, end)

    def _meant(self, place: int, unit: Unit, word: str, start: int) -> WatchId | None:
        """The only person whom a pronoun or a bare office can stand for, or None."""
        before = [each for each in unit.speakers if each.start < start]
        if before:
            alone = _alone(before) and not self.others(unit)[0] and self.subject(unit, before[0]) != ""
            return self._fits(before[0].watch_id, word) if alone else None
        if word in ("ông", "bà") and self.somebody_else(unit.start, start, ()):
            return None
        meant = self._spoken_of_before(place)
        return None if meant is None else self._fits(meant, word)

    def _spoken_of_before(self, place: int) -> WatchId | None:
        """The only leader whom the sentences right before are about; those without any person are looked through."""
        for back in range(1, min(LOOK_BACK + 1, place) + 1):
            earlier = self.units[place - back]
            humans, strangers = self.others(earlier)
            if humans or (strangers and not earlier.speakers):
                return None
            if earlier.speakers or earlier.said_by is not None:
                return self._about(earlier)
        return None

    def _about(self, unit: Unit) -> WatchId | None:
        """The leader whom a sentence without other persons is about: who speaks in it, or its only subject."""
        last = unit.said_by.watch_id if unit.said_by is not None else None
        if not unit.speakers:
            return last
        first = unit.speakers[0].watch_id
        if last is not None and (unit.quoted_last or first == last):
            return last
        return first if _alone(unit.speakers) and self._leads(unit) else None

    def _leads(self, unit: Unit) -> bool:
        """Whether the only person named in a sentence is its subject, or the one who acts in it."""
        for each in unit.speakers:
            before = self.frame[unit.start : each.start].rstrip(BLANK)
            if self.subject(unit, each) or before.casefold().endswith((" được", " của", "của")):
                return not self._unknown_name(unit.start, each.start)
        return False

    def _unknown_name(self, start: int, end: int) -> bool:
        """Whether a foreign word that is no known place or outlet stands there: it may be somebody's name."""
        words = re.findall(speech.CAPITALISED, self.frame[start:end])
        return any(_foreign(word) and word.casefold() not in speech.NO_PERSON for word in words)

    def _fits(self, watch_id: WatchId, word: str) -> WatchId | None:
        female = self._female.get(watch_id)
        if word == "ông":
            return None if female else watch_id
        if word == "bà":
            return watch_id if female else None
        office = word.removeprefix("vị ")
        return watch_id if office == "nhà lãnh đạo" or office in self._forms.get(watch_id, ()) else None

    def subject(self, unit: Unit, speaker: Speaker) -> str:
        """What makes him the speaker: "clause", "subordinate", "cited", "according", or "" for nothing."""
        prefix = self.frame[unit.start : speaker.start]
        bare = prefix.rstrip(BLANK)
        if speech.ACCORDING.search(bare) or re.fullmatch(r"\W*[Tt]heo", bare):
            return "according"
        if speech.CITED.search(bare):
            return "cited"
        if self._by_somebody(bare, unit.start):
            return ""  # "Theo ông Peskov, Tổng thống Putin nói": he was told so
        if _opens_clause(prefix, bare):
            return "clause"
        if speech.SUBORDINATE.search(bare):
            return "subordinate"
        if speech.OPENS_CLAUSE.search(bare):
            return "clause"
        if speech.HEARD.search(bare):
            return "" if self._anybody(unit.start, speaker.start) else "clause"
        return ""

    def _anybody(self, start: int, end: int) -> bool:
        """Whether a leader or somebody else is named there, who may be the one who speaks."""
        return self.somebody_else(start, end, ()) or self.names(start, end)

    def _by_somebody(self, bare: str, start: int) -> bool:
        """Whether "theo ai," stands before: what follows are that person's words, whoever else is named."""
        by = speech.BY_SOMEBODY.search(bare)
        return by is not None and (
            speech.SOMEBODY.search(by["who"]) is not None or self.names(start + by.start("who"), start + by.end())
        )

    def names(self, start: int, end: int) -> bool:
        """Whether a leader is named there."""
        return any(start <= each.start < end for each in self.speakers)


_PRONOUNS = ("Ông", "Bà", "Tổng", "Thủ", "Chủ", "Ngoại", "Nhà")
_OFFICES = (
    "phó thủ tướng", "thủ tướng", "phó tổng thống", "tổng thống", "chủ tịch nước", "chủ tịch quốc hội", "tổng bí thư",
    "ngoại trưởng",
)  # fmt: skip
_NATIVE = re.compile(
    r"[^fjwzFJWZ]*(?:[aeiouyăâêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]|[cmnpt]|ng|nh|ch)"
)


def _foreign(word: str) -> bool:
    """Whether a word does not look Vietnamese: its end, its letters, or more than one run of vowels."""
    if _NATIVE.fullmatch(word) is None:
        return True
    return len(re.findall(r"[aeiouy]+", word, re.IGNORECASE)) > 1 and word.isascii()


def _is_somebody(words: Sequence[str], pattern: re.Pattern[str]) -> bool:
    """Whether capitals before a verb of speech name a person; behind no quotation (SAYS) only foreign ones."""
    if pattern is speech.SAYS and not _foreign(words[0]):
        return False
    return words[0] not in _PRONOUNS and not any(word.casefold() in speech.NO_PERSON for word in words)


def _opens_clause(prefix: str, bare: str) -> bool:
    """Whether nothing stands before the subject in its clause; `bare` is `prefix` without blanks at its end."""
    if not bare.strip(f"{MASK}\"'“”‘’([*•"):
        return True
    return bare[-1] in f",;:–—({MASK})" or (bare[-1] == "-" and prefix != bare)


def _overlaps(speakers: Sequence[Speaker], start: int, end: int) -> bool:
    return any(each.start < end and start < each.end for each in speakers)


def _alone(speakers: Sequence[Speaker]) -> bool:
    return len({each.watch_id for each in speakers}) == 1
