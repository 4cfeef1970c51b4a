"""Makes quotes of what was found to be somebody's words: trimmed, long enough, each stretch of text once.

Does not ask who speaks or where the words begin and end; that is read in find_quotes.py and around_verb.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.stories.quotes import speech
from monitor.stories.quotes.quotations import Quotation
from monitor.stories.quotes.speakers import Scene, Speaker, Unit
from monitor.types import Match, Quote, WatchId

FEWEST_QUOTED = 4  # syllables; shorter quotations are words held with tongs, titles and nicknames
FEWEST_TOLD = 4  # of a clause without marks
LONGEST_TOLD = 700  # characters; a sentence so long is a list, not a statement

SYLLABLE = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says something in a sentence, by which verb, and where the verb (or the name) ends."""

    unit: Unit
    speaker: Speaker
    verb: str
    after: int


class QuoteCollector:
    """The quotes of one field."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._found: list[Quote] = []

    @property
    def last_verb(self) -> str:
        """The verb of the quote that was found last; "" before any."""
        return self._found[-1].verb if self._found else ""

    def direct(self, said: Attribution, quoted: Quotation) -> bool:
        """Take what stands between marks; whether it is enough for a quote."""
        return self.keep(said, quoted.start, quoted.end, direct=True)

    def told(self, said: Attribution, start: int, end: int, *, cut: bool = True) -> int:
        """Take a clause without marks, up to where the newspaper speaks again; how far it reaches."""
        if cut:
            end = self._end_of_clause(start, end)
        self.keep(said, start, end, direct=False)
        return end

    def _end_of_clause(self, start: int, end: int) -> int:
        patterns = [speech.CLAUSE_ENDS, speech.SECOND_VERB]
        if self._scene.field == "title":
            patterns.append(speech.NEW_SUBJECT)
        for pattern in patterns:
            stop = pattern.search(self._scene.frame, start, end)
            end = stop.start() if stop else end
        return end

    def keep(self, said: Attribution, start: int, end: int, *, direct: bool) -> bool:
        """Take the words in [start, end); whether they are enough for a quote."""
        unit, speaker, text = said.unit, said.speaker, self._scene.text
        start, end = _trimmed(text, start, end)
        piece = text[start:end]
        unit.said_by = speaker
        if not _is_enough(piece, direct=direct):
            unit.quoted_last = unit.quoted_last or direct
            return False
        unit.quoted_last = direct
        about = tuple(match.watch_id for match in self._scene.matches if self._is_about(match, speaker, start, end))
        named = text[speaker.start : speaker.end]
        verb = " ".join(said.verb.split()).casefold()
        quote = Quote(speaker.watch_id, named, verb, piece, direct, self._scene.field, start, end, about)
        self._found.append(quote)
        self._found += (self._also_by(other, quote) for other in self._together_with(unit, speaker))
        return True

    def _is_about(self, match: Match, speaker: Speaker, start: int, end: int) -> bool:
        """Whether the words in [start, end) name what was matched, and it is not the speaker himself."""
        field = self._scene.field
        return match.watch_id != speaker.watch_id and any(
            each.field == field and start <= each.start and each.end <= end for each in match.evidence
        )

    def _also_by(self, other: Speaker, quote: Quote) -> Quote:
        about: tuple[WatchId, ...] = tuple(each for each in quote.about if each != other.watch_id)
        return replace(quote, watch_id=other.watch_id, speaker=self._scene.text[other.start : other.end], about=about)

    def _together_with(self, unit: Unit, speaker: Speaker) -> Iterator[Speaker]:
        """Who speaks with him: of "ông Putin và ông Tập nhấn mạnh" the first."""
        for other in unit.speakers:
            joint = self._scene.frame[other.end : speaker.start] if other.end <= speaker.start else ""
            if (
                joint.strip() in ("và", "cùng")
                and other.watch_id != speaker.watch_id
                and self._scene.subject(unit, other)
            ):
                yield other

    def apart(self) -> list[Quote]:
        """Each stretch of text once, in order: of two that overlap the direct one, else the longer."""
        kept: list[Quote] = []
        for each in sorted(self._found, key=lambda one: (not one.direct, one.start - one.end)):
            same = [one for one in kept if one.start < each.end and each.start < one.end]
            if all((one.start, one.end) == (each.start, each.end) and one.watch_id != each.watch_id for one in same):
                kept.append(each)
        return sorted(kept, key=lambda one: one.start)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without marks and blanks at either end; dots that say that more was said stay."""
    while end > start and (text[end - 1] in ".;,:/ \t\xa0" and not text[start:end].endswith(("...", "…"))):
        end -= 1
    while start < end and text[start] in " \t\xa0:,":
        start += 1
    return start, end


def _is_enough(piece: str, *, direct: bool) -> bool:
    """Whether words are long enough for a quote and, without marks, no longer than one is."""
    fewest = FEWEST_QUOTED if direct else FEWEST_TOLD
    return len(SYLLABLE.findall(piece)) >= fewest and (direct or len(piece) <= LONGEST_TOLD)
