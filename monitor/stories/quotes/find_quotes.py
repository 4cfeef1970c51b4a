"""Who said what about whom: quotes of watched leaders, each the very slice of its field.

Takes the matcher's word for who is named where; decides only who speaks. Precision first: a leader speaks when he is
the subject of a verb of speech, or is cited by name ("dẫn lời", "theo"); who is merely named beside a quotation does
not. The order of rules, and what they reach on read samples, stands in docs/decisions.md.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.stories.quotes import speech
from monitor.stories.quotes.quotations import MASK, Quotation
from monitor.stories.quotes.speakers import BLANK, LONGEST_SENTENCE, Field, Scene, Speaker, Unit
from monitor.text.boilerplate import is_caption
from monitor.types import Item, Match, Quote

FEWEST_QUOTED = 4  # syllables; shorter quotations are words held with tongs, titles and nicknames
FEWEST_TOLD = 4  # of a clause without marks
LONGEST_TOLD = 700  # characters; a sentence so long is a list, not a statement

_SYLLABLE = re.compile(r"\w+")
_MASKED = re.compile(f"{MASK}+")
_UNPAIRED = re.compile('[“”"«»]')  # a mark of no quotation: where one begins is not sure
_JOINTS = " \t\xa0,.;:–—-"


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
            found += _Reader(field, text, matches).read()
    return tuple(found)


def spoken(quotes: Sequence[Quote], field: str, start: int, end: int) -> Quote | None:
    """The first quote that [start, end) of a field overlaps: the words of a sentence that need their speaker."""
    return next((each for each in quotes if each.field == field and each.start < end and start < each.end), None)


def same_words(text: str) -> str:
    """What two outlets that tell one quote have in common: its syllables, without marks of punctuation and case."""
    return " ".join(_SYLLABLE.findall(text.casefold()))


class _Reader:
    """Reads one field from its beginning to its end."""

    def __init__(self, field: Field, text: str, matches: Sequence[Match]) -> None:
        self._scene = Scene(field, text, matches)
        self._field = field
        self._text = text
        self._matches = matches
        self._frame = self._scene.frame
        self._by_mark = self._scene.by_mark
        self._found: list[Quote] = []

    def read(self) -> list[Quote]:
        """The quotes of the field."""
        for place, unit in enumerate(self._scene.units):
            self._scene.learn(unit)
            self._read_unit(place, unit)
        return self._apart()

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

    def _speak(self, unit: Unit, speaker: Speaker) -> int:
        """Collect what one speaker says in a sentence; how far that reaches."""
        how = self._scene.subject(unit, speaker)
        if not how:
            return speaker.end
        if how == "according":
            return self._according(unit, speaker)
        colon = re.compile(r"\s*:\s+").match(self._frame, speaker.end, unit.end)
        if colon and how == "clause" and not self._frame[unit.start : speaker.start].strip(_JOINTS + MASK + "\"'"):
            return self._after_colon(unit, speaker, "", colon.end())
        for pattern in (speech.TIGHT, speech.LOOSE):
            verb = self._verb(pattern, speaker.end, unit.end)
            if how == "cited" and pattern is speech.TIGHT:
                return self._cited(unit, speaker, verb)
            if verb is not None:
                reach = self._with_verb(unit, speaker, verb["verb"], verb.end("verb"), how)
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

    def _with_verb(self, unit: Unit, speaker: Speaker, verb: str, after: int, how: str) -> int | None:
        """What a subject and its verb say, before or behind them; None when nothing is there."""
        before = self._quoted_before(unit, speaker.start) if how == "clause" else None
        if before is not None and self._circumstance(after, unit.end):
            self._backward(unit, speaker, verb, after)
            self._continue_after(unit, speaker, verb, after)
            return self._second(unit, speaker, after)
        forward = self._forward(unit, speaker, verb, after, how)
        if forward is not None:
            colon = self._frame[after : unit.end].lstrip().startswith(":")
            if before is not None and not colon and before.opens == unit.start:
                self._direct(unit, speaker, verb, before)  # “…”, ông nói thêm rằng …
            return max(forward, self._second(unit, speaker, forward))
        if how == "clause" and self._backward(unit, speaker, verb, after):
            return self._second(unit, speaker, after)
        return None

    def _circumstance(self, after: int, end: int) -> bool:
        """Whether only time, place and addressee follow a verb, so that what was said stands before it."""
        rest = self._frame[after:end]
        if not rest.strip(_JOINTS + "!?…"):
            return True
        if rest.lstrip()[:1] != "," and re.search(r"(?<!\w)rằng(?!\w)|:", rest.split(MASK)[0]):
            return False
        return rest.lstrip()[:1] in ",.;(–-" or speech.CIRCUMSTANCE.match(rest) is not None

    def _forward(self, unit: Unit, speaker: Speaker, verb: str, after: int, how: str) -> int | None:
        """What follows the verb: a quotation, or a clause."""
        frame = self._frame
        pledges = speech.PLEDGES.match(verb) and speech.PLEDGED.match(frame, after, unit.end)
        tells = bool(pledges) or speech.TELLS.match(verb) is not None
        said = speech.BEFORE_SAID.match(frame, after, unit.end)
        if said is not None and self._names_subject(said.start("fill"), said.end("fill")):
            said = None
        begin = said.end() if said else speech.FILL_ONLY.match(frame, after, unit.end)
        at = begin if isinstance(begin, int) else begin.end() if begin else after
        quoted = self._by_mark.get(at)
        if quoted is None and not said:
            quoted, at = self._object_then_quoted(unit, verb, after, at)
        colon = quoted is not None and self._frame[after : quoted.opens].rstrip().endswith(":")
        if quoted is not None and (colon or self._ends_with(quoted, unit)):
            end = quoted.closes
            if self._direct(unit, speaker, verb, quoted):
                for more in self._scene.within(end, unit.end):
                    if not frame[end : more.opens].strip(_JOINTS):
                        self._direct(unit, speaker, verb, more)
                        end = more.closes
            return end
        rest = frame[at : unit.end]
        if not (tells or said) or not rest or (not said and rest[0] in ",.;:–-)("):
            return None
        if not said and not verb.casefold().endswith("rằng") and speech.BESIDES.match(rest):
            return None  # "nói với ai về việc gì": that he spoke, not what he said
        if how == "subordinate":
            stop = re.search(r",|\s(?:nhưng|thì)\s", rest)
            return self._told(unit, speaker, verb, at, at + stop.start() if stop else unit.end)
        cut = not (said and said[0].rstrip().endswith(":"))
        return self._told(unit, speaker, verb, at, unit.end, cut=cut)

    def _object_then_quoted(self, unit: Unit, verb: str, after: int, at: int) -> tuple[Quotation | None, int]:
        """Words between verb and quotation: "gọi đây là “…”", "viết trên Truth Social: “…”"."""
        found = _MASKED.search(self._frame, after, unit.end)
        if found is None or found.start() - after > 150:
            return None, at
        between = self._frame[after : found.start()]
        ends = between.rstrip(BLANK)
        calls = verb.casefold() in ("gọi", "mô tả", "ví", "đánh giá", "coi", "so sánh")
        if not (ends.endswith(":") or (calls and ends.endswith((" là", " như", " rằng")))):
            return None, at
        if self._names_subject(after, found.start()):
            return None, at
        return self._by_mark.get(found.start()), found.start()

    def _names_subject(self, start: int, end: int) -> bool:
        """Whether somebody in between does the talking, as in "sau khi ông Tập nói rằng", not in "với CNN rằng"."""
        for each in self._scene.speakers:
            if start <= each.start and each.end <= end and speech.TIGHT.match(self._frame, each.end, end):
                return True
        part = self._frame[start:end]
        return (
            re.search(r"(?<!\w)(?:dẫn lời|trích lời|cho biết|cho hay|tuyên bố|khẳng định|phát ngôn)(?!\w)", part)
            is not None
        )

    def _ends_with(self, quoted: Quotation, unit: Unit) -> bool:
        """Whether a quotation is all that is said, not the first words of a clause that goes on without marks."""
        rest = self._frame[quoted.closes : unit.end].lstrip(BLANK)
        return (
            not rest or not rest[0].isalnum() or rest[0] == MASK or rest.startswith(("và ", "khi ", "trong ", "sau "))
        )

    def _after_colon(self, unit: Unit, speaker: Speaker, verb: str, at: int) -> int:
        quoted = self._by_mark.get(at)
        if quoted is not None and self._ends_with(quoted, unit):
            self._direct(unit, speaker, verb, quoted)
            return unit.end
        if self._frame[at:].startswith(("Ảnh", "Video", "ảnh")):
            return unit.end
        return self._told(unit, speaker, verb, at, unit.end, cut=False)

    def _quoted_before(self, unit: Unit, start: int) -> Quotation | None:
        """The quotation right before `start`, only a comma or a dash between."""
        mine = self._scene.within(unit.start, start)
        if not mine:
            return None
        joint = self._frame[mine[-1].closes : start].strip(BLANK)
        return mine[-1] if joint in ("", ",", "-", "–", "—", ".,", ",.") else None

    def _backward(self, unit: Unit, speaker: Speaker, verb: str, after: int) -> bool:
        """What stands before "…, ông Putin nói": a quotation, a dash's words, or a clause."""
        frame = self._frame
        prefix_end = speaker.start
        quoted = self._quoted_before(unit, prefix_end)
        if quoted is not None:
            opening = frame[unit.start : quoted.opens].strip(_JOINTS)
            if not opening or not opening.strip(MASK + _JOINTS):
                for each in self._scene.within(unit.start, quoted.closes):
                    self._paragraphs_before(unit, speaker, verb, each)
                    self._direct(unit, speaker, verb, each)
                return True
            return self._told_before(unit, speaker, verb, quoted.closes, after)
        head = frame[unit.start : prefix_end]
        dash = re.match(r"[-–—]\s*", head)
        if dash and unit.opens_paragraph and head.rstrip(BLANK)[-1:] in "-–—," and len(head) > 12:
            start = unit.start + dash.end()
            end = unit.start + len(head.rstrip(_JOINTS))
            return self._keep(unit, speaker, verb, start, end, direct=True)
        end = unit.start + len(head.rstrip(_JOINTS))
        return self._told_before(unit, speaker, verb, end, after)

    def _paragraphs_before(self, unit: Unit, speaker: Speaker, verb: str, quoted: Quotation) -> None:
        """Speech over several paragraphs is attributed in its last."""
        place = bisect_left(self._scene.opens, quoted.opens)
        while place > 0:
            earlier, later = self._scene.quoted[place - 1], self._scene.quoted[place]
            if self._text[earlier.closes - 1] in "”\"»’'" or self._text[earlier.closes : later.opens].strip():
                return
            self._direct(unit, speaker, verb, earlier)
            place -= 1

    def _told_before(self, unit: Unit, speaker: Speaker, verb: str, end: int, after: int) -> bool:
        """Of "Mỹ sẽ rút quân, ông Trump nói" the clause: only where nothing is left for the verb to say."""
        frame = self._frame
        head = frame[unit.start : end]
        rest = frame[after : unit.end].strip(_JOINTS + "!?…")
        if speech.TELLS.match(verb) is None or speech.ADVERBIAL.match(head.lstrip("\"'“‘ ")):
            return False
        if rest and not re.fullmatch(
            r"(?:với|trong|tại|trên|hôm|ngày|sáng|chiều|tối|trước|khi)\s[^,;:]{2,80}", rest, re.I
        ):
            return False
        if frame[end : speaker.start].strip() != "," or _UNPAIRED.search(head) or self._names_subject(unit.start, end):
            return False
        return self._keep(unit, speaker, verb, unit.start, end, direct=False)

    def _continue_after(self, unit: Unit, speaker: Speaker, verb: str, after: int) -> None:
        """The second half of “…”, ông nói, “…”."""
        for each in self._scene.within(after, unit.end)[:1]:
            between = self._frame[after : each.opens].strip(BLANK)
            rest = self._frame[each.closes : unit.end].strip(_JOINTS)
            if between.endswith((",", ":", ".")) and len(between) < 90 and not rest:
                self._direct(unit, speaker, verb, each)

    def _cited(self, unit: Unit, speaker: Speaker, tight: re.Match[str] | None) -> int:
        prefix = self._frame[unit.start : speaker.start].rstrip(BLANK)
        cited = speech.CITED.search(prefix)
        assert cited is not None
        verb = tight["verb"] if tight else " ".join(cited["verb"].split())
        head = prefix[: cited.start("verb")]
        if tight is not None and not (MASK in head and self._circumstance(tight.end("verb"), unit.end)):
            forward = self._forward(unit, speaker, tight["verb"], tight.end("verb"), "clause")
            if forward is not None:
                return forward
        colon = re.compile(r"\s*[:,]?\s*").match(self._frame, speaker.end, unit.end)
        quoted = self._by_mark.get(colon.end()) if colon else None
        if quoted is not None and self._frame[speaker.end : quoted.opens].strip() in (":", ""):
            self._direct(unit, speaker, verb, quoted)
            return quoted.closes
        # “…”, hãng TASS dẫn lời ông Putin
        last = _last(_MASKED.finditer(head))
        if last is None or self._scene.somebody_else(unit.start + last.end(), speaker.start, (speaker,)):
            return speaker.end
        if len(head) - last.end() < 70 and not head[: last.start()].strip(_JOINTS + MASK):
            for each in self._scene.within(unit.start, unit.start + last.end()):
                self._direct(unit, speaker, verb, each)
        return speaker.end

    def _according(self, unit: Unit, speaker: Speaker) -> int:
        frame = self._frame
        prefix = frame[unit.start : speaker.start].rstrip(BLANK)
        bare = prefix[: -len("theo")].rstrip(_JOINTS)
        if not bare.strip("\"'“”‘’([*•"):
            comma = re.compile(r"(?:\s*\([^)]{1,60}\))?\s*,\s*").match(frame, speaker.end, unit.end)
            if comma is None:
                return speaker.end
            quoted = self._by_mark.get(comma.end())
            if quoted is not None and self._ends_with(quoted, unit):
                self._direct(unit, speaker, "theo", quoted)
                return unit.end
            return self._told(unit, speaker, "theo", comma.end(), unit.end)
        if frame[speaker.end : unit.end].strip(_JOINTS):
            return speaker.end  # more follows: whose words they are is not sure
        end = unit.start + len(bare)
        if not bare.strip(MASK + _JOINTS):
            for each in self._scene.within(unit.start, end):
                self._direct(unit, speaker, "theo", each)
        elif prefix[: -len("theo")].rstrip(BLANK).endswith(",") and not self._names_subject(unit.start, end):
            self._keep(unit, speaker, "theo", unit.start, end, direct=False)
        return unit.end

    def _later_verb(self, unit: Unit, speaker: Speaker, after: int | None = None) -> int:
        """Of "Ông Trump gặp báo giới và nói rằng …" the second verb, of the subject that opens the sentence."""
        frame = self._frame
        start = speaker.end if after is None else after
        opening = frame[unit.start : speaker.start]
        if opening.count(",") > 1 or len(opening) > 90 or MASK in opening:
            return speaker.end
        for joined in speech.JOINED.finditer(frame, start, min(unit.end, start + 220)):
            between = frame[start : joined.start()]
            if re.search(
                r"(?<!\w)(?:rằng|mà|khi|nếu|vì|do|bởi|còn|để|người|cho biết|nói)(?!\w)|[;:–]|" + MASK, between
            ):
                return speaker.end
            if any(self._named_as_subject(unit, each) for each in unit.speakers if start < each.start < joined.start()):
                return speaker.end
            verb = joined["verb"]
            if verb.casefold() == "nói" and speech.NO_SPEECH.match(frame, joined.end(), unit.end):
                continue
            if re.search(r",\s*(?:[^\s,]+\s+){0,3}$", between) and self._scene.somebody_else(
                start, joined.start(), (speaker,)
            ):
                return speaker.end
            forward = self._forward(unit, speaker, verb, joined.end("verb"), "clause")
            return forward if forward is not None else speaker.end
        return speaker.end

    def _named_as_subject(self, unit: Unit, other: Speaker) -> bool:
        before = self._frame[unit.start : other.start].rstrip(BLANK)
        return before.endswith((",", ";", ":")) and speech.TIGHT.match(self._frame, other.end, unit.end) is not None

    def _second(self, unit: Unit, speaker: Speaker, start: int) -> int:
        """What "…, đồng thời nhấn mạnh …" adds; how far the speaker's words then reach."""
        frame = self._frame
        second = speech.SECOND_VERB.match(frame, start, unit.end)
        if second is None:
            return start
        forward = self._forward(unit, speaker, second["verb"], second.end("verb"), "clause")
        return start if forward is None else max(forward, self._second(unit, speaker, forward))

    def _goes_on(self, place: int, unit: Unit) -> bool:
        """A sentence that is all quotation, right behind one that was told who spoke, is his as well."""
        if place == 0 or self._frame[unit.start : unit.end].strip(MASK + _JOINTS + "!?…"):
            return False
        earlier = self._scene.units[place - 1]
        if unit.opens_paragraph or earlier.said_by is None or not earlier.quoted_last:
            return False
        for each in self._scene.within(unit.start, unit.end):
            self._direct(unit, earlier.said_by, self._found[-1].verb if self._found else "", each)
        return True

    def _told(self, unit: Unit, speaker: Speaker, verb: str, start: int, end: int, *, cut: bool = True) -> int:
        """A clause without marks, up to where the newspaper speaks again; how far it reaches."""
        frame = self._frame
        if cut:
            stop = speech.CLAUSE_ENDS.search(frame, start, end)
            end = stop.start() if stop else end
            second = speech.SECOND_VERB.search(frame, start, end)
            end = second.start() if second else end
            other = speech.NEW_SUBJECT.search(frame, start, end) if self._field == "title" else None
            end = other.start() if other else end
        self._keep(unit, speaker, verb, start, end, direct=False)
        return end

    def _direct(self, unit: Unit, speaker: Speaker, verb: str, quoted: Quotation) -> bool:
        return self._keep(unit, speaker, verb, quoted.start, quoted.end, direct=True)

    def _keep(self, unit: Unit, speaker: Speaker, verb: str, start: int, end: int, *, direct: bool) -> bool:
        text = self._text
        while end > start and (text[end - 1] in ".;,:/ \t\xa0" and not text[start:end].endswith(("...", "…"))):
            end -= 1
        while start < end and text[start] in " \t\xa0:,":
            start += 1
        piece = text[start:end]
        count = len(_SYLLABLE.findall(piece))
        unit.said_by = speaker
        if count < (FEWEST_QUOTED if direct else FEWEST_TOLD) or (not direct and end - start > LONGEST_TOLD):
            unit.quoted_last = unit.quoted_last or direct
            return False
        unit.quoted_last = direct
        about = tuple(
            match.watch_id
            for match in self._matches
            if match.watch_id != speaker.watch_id
            and any(each.field == self._field and start <= each.start and each.end <= end for each in match.evidence)
        )
        named = text[speaker.start : speaker.end]
        said = " ".join(verb.split()).casefold()
        quote = Quote(speaker.watch_id, named, said, piece, direct, self._field, start, end, about)
        self._found.append(quote)
        for other in self._together_with(unit, speaker):
            both = tuple(each for each in about if each != other.watch_id)
            name = text[other.start : other.end]
            self._found.append(replace(quote, watch_id=other.watch_id, speaker=name, about=both))
        return True

    def _together_with(self, unit: Unit, speaker: Speaker) -> Iterator[Speaker]:
        """Who speaks with him: of "ông Putin và ông Tập nhấn mạnh" the first."""
        for other in unit.speakers:
            joint = self._frame[other.end : speaker.start] if other.end <= speaker.start else ""
            if (
                joint.strip() in ("và", "cùng")
                and other.watch_id != speaker.watch_id
                and self._scene.subject(unit, other)
            ):
                yield other

    def _apart(self) -> list[Quote]:
        """Each stretch of text once: of two that overlap the direct one, else the longer."""
        kept: list[Quote] = []
        for each in sorted(self._found, key=lambda one: (not one.direct, one.start - one.end)):
            same = [one for one in kept if one.start < each.end and each.start < one.end]
            if all((one.start, one.end) == (each.start, each.end) and one.watch_id != each.watch_id for one in same):
                kept.append(each)
        return sorted(kept, key=lambda one: one.start)


def _last(found: Iterator[re.Match[str]]) -> re.Match[str] | None:
    last = None
    for last in found:  # noqa: B007
        pass
    return last
