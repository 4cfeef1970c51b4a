"""Who said what about whom: quotes of watched leaders, each the very slice of its field.

Takes the matcher's word for who is named where; decides only who speaks. Precision first: a leader speaks when he is
the subject of a verb of speech, or is cited by name ("dẫn lời", "theo"); who is merely named beside a quotation does
not. The order of rules, and what they reach on read samples, stands in docs/decisions.md.
"""

import re
from collections.abc import Sequence

from monitor.stories.quotes import speech
from monitor.stories.quotes.around_verb import JOINTS, MASKED, AroundVerb
from monitor.stories.quotes.collecting import SYLLABLE, Attribution, QuoteCollector
from monitor.stories.quotes.quotations import MASK
from monitor.stories.quotes.speakers import BLANK, LONGEST_SENTENCE, Field, Scene, Speaker, Unit
from monitor.text.boilerplate import is_caption
from monitor.types import Item, Match, Quote

_COLON = re.compile(r"\s*:\s+")
_MAYBE_COLON = re.compile(r"\s*[:,]?\s*")
_COMMA = re.compile(r"(?:\s*\([^)]{1,60}\))?\s*,\s*")
_OTHER_CLAUSE = re.compile(r"(?<!\w)(?:rằng|mà|khi|nếu|vì|do|bởi|còn|để|người|cho biết|nói)(?!\w)|[;:–]|" + MASK)
_NEW_CLAUSE = re.compile(r",\s*(?:[^\s,]+\s+){0,3}$")


def quotes_of(item: Item, matches: Sequence[Match]) -> tuple[Quote, ...]:
    """What the leaders among `matches` say in `item`, in the order of the text.

    `matches` are those of this very item, with all their evidence: it says where a leader is named, and whom a quote
    is about. Gives nothing for leaders without a match. About 1 ms for a full article that names some.
    """
    if not any(match.kind == "leader" for match in matches):
        return ()
    found: list[Quote] = []
    fields: tuple[tuple[Field, str], ...] = (("title", item.title), ("summary", item.lead), ("body", item.body))
    for field, text in fields:
        if text and any(each.field == field for match in matches for each in match.evidence):
            found += _FieldReader(field, text, matches).read()
    return tuple(found)


def same_words(text: str) -> str:
    """What two outlets that tell one quote have in common: its syllables, without marks of punctuation and case."""
    return " ".join(SYLLABLE.findall(text.casefold()))


class _FieldReader:
    """Reads one field from its beginning to its end."""

    def __init__(self, field: Field, text: str, matches: Sequence[Match]) -> None:
        self._scene = Scene(field, text, matches)
        self._text = text
        self._frame = self._scene.frame
        self._by_mark = self._scene.by_mark
        self._collector = QuoteCollector(self._scene)
        self._around = AroundVerb(self._scene, self._collector)

    def read(self) -> list[Quote]:
        """The quotes of the field."""
        for place, unit in enumerate(self._scene.units):
            self._scene.learn(unit)
            self._read_unit(place, unit)
        return self._collector.apart()

    def _read_unit(self, place: int, unit: Unit) -> None:
        if (
            unit.end - unit.start > LONGEST_SENTENCE
            or self._goes_on(place, unit)
            or is_caption(self._text[unit.start : unit.end])
        ):
            return
        done = unit.start  # up to where the sentence is read
        for speaker in self._candidates(place, unit):
            if speaker.start < done:
                continue
            done = max(done, self._speak(unit, speaker))

    def _candidates(self, place: int, unit: Unit) -> list[Speaker]:
        stand_ins = [*self._scene.pronouns(place, unit)]
        return sorted([*unit.speakers, *stand_ins], key=lambda each: each.start)

    def _goes_on(self, place: int, unit: Unit) -> bool:
        """A sentence that is all quotation, right behind one that was told who spoke, is his as well."""
        if place == 0 or self._frame[unit.start : unit.end].strip(MASK + JOINTS + "!?…"):
            return False
        earlier = self._scene.units[place - 1]
        if unit.opens_paragraph or earlier.said_by is None or not earlier.quoted_last:
            return False
        for each in self._scene.within(unit.start, unit.end):
            self._collector.direct(Attribution(unit, earlier.said_by, self._collector.last_verb, unit.start), each)
        return True

    # ------------------------------------------------------------ one speaker in a sentence

    def _speak(self, unit: Unit, speaker: Speaker) -> int:
        """Collect what one speaker says in a sentence; how far that reaches."""
        match self._scene.subject(unit, speaker):
            case "":
                return speaker.end
            case "according":
                return self._according(unit, speaker)
            case "cited":
                return self._cited(unit, speaker)
            case how:
                return self._as_subject(unit, speaker, how)

    def _as_subject(self, unit: Unit, speaker: Speaker, how: str) -> int:
        """Of the subject of a clause: "Ông Tập: …", or a verb of speech behind the name, close or farther off."""
        if how == "clause":
            colon = _COLON.match(self._frame, speaker.end, unit.end)
            if colon and not self._frame[unit.start : speaker.start].strip(JOINTS + MASK + "\"'"):
                return self._after_colon(Attribution(unit, speaker, "", speaker.end), colon.end())
        for pattern in (speech.TIGHT, speech.LOOSE):
            verb = self._verb(pattern, speaker.end, unit.end)
            if verb is not None:
                said = Attribution(unit, speaker, verb["verb"], verb.end("verb"))
                reach = self._around.read(said, how)
                if reach is not None:
                    return reach
        return self._later_verb(unit, speaker) if how == "clause" else speaker.end

    def _verb(self, pattern: re.Pattern[str], start: int, end: int) -> re.Match[str] | None:
        """The verb of speech whose subject ends at `start`, or None."""
        verb = pattern.match(self._frame, start, end)
        if verb is None:
            return None
        said = verb["verb"].casefold()
        unspoken = speech.NO_SPEECH if said == "nói" else speech.PERFORMED if said == "tuyên bố" else None
        return None if unspoken is not None and unspoken.match(self._frame, verb.end(), end) else verb

    def _after_colon(self, said: Attribution, at: int) -> int:
        """Of "Ông Tập: …" all that follows."""
        quoted = self._by_mark.get(at)
        if quoted is not None and self._around.is_all_that_is_said(quoted, said.unit):
            self._collector.direct(said, quoted)
            return said.unit.end
        if self._frame[at:].startswith(("Ảnh", "Video", "ảnh")):
            return said.unit.end
        return self._collector.told(said, at, said.unit.end, cut=False)

    def _later_verb(self, unit: Unit, speaker: Speaker) -> int:
        """Of "Ông Trump gặp báo giới và nói rằng …" the second verb, of the subject that opens the sentence."""
        frame, start = self._frame, speaker.end
        if not _is_short_opening(frame[unit.start : speaker.start]):
            return speaker.end
        for joined in speech.JOINED.finditer(frame, start, min(unit.end, start + 220)):
            if self._has_other_subject(unit, speaker, joined.start()):
                return speaker.end
            if joined["verb"].casefold() == "nói" and speech.NO_SPEECH.match(frame, joined.end(), unit.end):
                continue
            between = frame[start : joined.start()]
            if _NEW_CLAUSE.search(between) and self._scene.somebody_else(start, joined.start(), (speaker,)):
                return speaker.end
            reach = self._around.forward(Attribution(unit, speaker, joined["verb"], joined.end("verb")), "clause")
            return reach if reach is not None else speaker.end
        return speaker.end

    def _has_other_subject(self, unit: Unit, speaker: Speaker, end: int) -> bool:
        """Whether between a speaker and a second verb at `end` another clause or another subject begins."""
        return _OTHER_CLAUSE.search(self._frame[speaker.end : end]) is not None or any(
            speaker.end < each.start < end and self._named_as_subject(unit, each) for each in unit.speakers
        )

    def _named_as_subject(self, unit: Unit, other: Speaker) -> bool:
        before = self._frame[unit.start : other.start].rstrip(BLANK)
        return before.endswith((",", ";", ":")) and speech.TIGHT.match(self._frame, other.end, unit.end) is not None

    # ------------------------------------------------------------ cited by somebody

    def _cited(self, unit: Unit, speaker: Speaker) -> int:
        """Of "hãng TASS dẫn lời ông Putin …" what stands behind the name, or the quotation before all of it."""
        prefix = self._frame[unit.start : speaker.start].rstrip(BLANK)
        cited = speech.CITED.search(prefix)
        assert cited is not None
        head = prefix[: cited.start("verb")]
        verb = self._verb(speech.TIGHT, speaker.end, unit.end)  # "dẫn lời ông Putin nói rằng"
        if verb is not None:
            said = Attribution(unit, speaker, verb["verb"], verb.end("verb"))
            if not (MASK in head and self._around.is_circumstance(said.after, unit.end)):
                reach = self._around.forward(said, "clause")
                if reach is not None:
                    return reach
        else:
            said = Attribution(unit, speaker, " ".join(cited["verb"].split()), speaker.end)
        return self._quoted_behind_name(said) or self._quoted_before_citing(said, head)

    def _quoted_behind_name(self, said: Attribution) -> int:
        """Of "dẫn lời ông Putin: “…”" the quotation; how far it reaches, 0: none is there."""
        end = said.speaker.end
        colon = _MAYBE_COLON.match(self._frame, end, said.unit.end)
        quoted = self._by_mark.get(colon.end()) if colon else None
        if quoted is None or self._frame[end : quoted.opens].strip() not in (":", ""):
            return 0
        self._collector.direct(said, quoted)
        return quoted.closes

    def _quoted_before_citing(self, said: Attribution, head: str) -> int:
        """Of "“…”, hãng TASS dẫn lời ông Putin" the quotations; `head` stands before the citing verb."""
        unit, speaker = said.unit, said.speaker
        last = max(MASKED.finditer(head), key=re.Match.end, default=None)
        if last is None or self._scene.somebody_else(unit.start + last.end(), speaker.start, (speaker,)):
            return speaker.end
        if len(head) - last.end() < 70 and not head[: last.start()].strip(JOINTS + MASK):
            for each in self._scene.within(unit.start, unit.start + last.end()):
                self._collector.direct(said, each)
        return speaker.end

    def _according(self, unit: Unit, speaker: Speaker) -> int:
        """Of "Theo ông Putin, …" what follows, of "…, theo ông Putin" what stands before."""
        said = Attribution(unit, speaker, "theo", speaker.end)
        prefix = self._frame[unit.start : speaker.start].rstrip(BLANK)
        bare = prefix[: -len("theo")].rstrip(JOINTS)
        if not bare.strip("\"'“”‘’([*•"):
            return self._according_to_opener(said)
        if self._frame[speaker.end : unit.end].strip(JOINTS):
            return speaker.end  # more follows: whose words they are is not sure
        end = unit.start + len(bare)
        if not bare.strip(MASK + JOINTS):
            for each in self._scene.within(unit.start, end):
                self._collector.direct(said, each)
        elif prefix[: -len("theo")].rstrip(BLANK).endswith(",") and not self._around.names_subject(unit.start, end):
            self._collector.keep(said, unit.start, end, direct=False)
        return unit.end

    def _according_to_opener(self, said: Attribution) -> int:
        """Of "Theo ông Putin, …" what follows the comma."""
        unit = said.unit
        comma = _COMMA.match(self._frame, said.after, unit.end)
        if comma is None:
            return said.after
        quoted = self._by_mark.get(comma.end())
        if quoted is not None and self._around.is_all_that_is_said(quoted, unit):
            self._collector.direct(said, quoted)
            return unit.end
        return self._collector.told(said, comma.end(), unit.end)


def _is_short_opening(text: str) -> bool:
    """Whether so little stands before a name that the name may open the sentence."""
    return text.count(",") <= 1 and len(text) <= 90 and MASK not in text
