"""What stands around a verb of speech: behind it a quotation or a clause, before it what was said already.

Takes for granted who speaks (find_quotes.py). Reads a sentence whose quotations are masked.
"""

import re
from bisect import bisect_left

from monitor.stories.quotes import speech
from monitor.stories.quotes.collecting import Attribution, QuoteCollector
from monitor.stories.quotes.quotations import MASK, Quotation
from monitor.stories.quotes.speakers import BLANK, Scene, Unit

JOINTS = " \t\xa0,.;:–—-"
MASKED = re.compile(f"{MASK}+")
_UNPAIRED = re.compile('[“”"«»]')  # a mark of no quotation: where one begins is not sure
_SAYS_ITSELF = re.compile(r"(?<!\w)(?:dẫn lời|trích lời|cho biết|cho hay|tuyên bố|khẳng định|phát ngôn)(?!\w)")
_WHEN_AND_WHERE = re.compile(r"(?:với|trong|tại|trên|hôm|ngày|sáng|chiều|tối|trước|khi)\s[^,;:]{2,80}", re.IGNORECASE)
_CALLS = ("gọi", "mô tả", "ví", "đánh giá", "coi", "so sánh")


class AroundVerb:
    """Reads around the verbs of one field, and hands what it finds to the collector."""

    def __init__(self, scene: Scene, collector: QuoteCollector) -> None:
        self._scene = scene
        self._collector = collector
        self._text = scene.text
        self._frame = scene.frame
        self._by_mark = scene.by_mark

    # ------------------------------------------------------------ both sides

    def read(self, said: Attribution, how: str) -> int | None:
        """Collect what a subject and its verb say, before or behind them; how far that reaches, None: nothing there."""
        unit, after = said.unit, said.after
        before = self.quoted_before(unit, said.speaker.start) if how == "clause" else None
        if before is not None and self.is_circumstance(after, unit.end):
            self._backward(said)
            self._continue_after(said)
            return self.second(said, after)
        reach = self.forward(said, how)
        if reach is not None:
            if before is not None and before.opens == unit.start and not self._rest(said).startswith(":"):
                self._collector.direct(said, before)  # “…”, ông nói thêm rằng …
            return max(reach, self.second(said, reach))
        if how == "clause" and self._backward(said):
            return self.second(said, after)
        return None

    def _rest(self, said: Attribution) -> str:
        return self._frame[said.after : said.unit.end].lstrip()

    def second(self, said: Attribution, start: int) -> int:
        """Collect what "…, đồng thời nhấn mạnh …" adds; how far the speaker's words then reach."""
        second = speech.SECOND_VERB.match(self._frame, start, said.unit.end)
        if second is None:
            return start
        more = Attribution(said.unit, said.speaker, second["verb"], second.end("verb"))
        reach = self.forward(more, "clause")
        return start if reach is None else max(reach, self.second(said, reach))

    def is_circumstance(self, after: int, end: int) -> bool:
        """Whether only time, place and addressee follow a verb, so that what was said stands before it."""
        rest = self._frame[after:end]
        if not rest.strip(JOINTS + "!?…"):
            return True
        if rest.lstrip()[:1] != "," and re.search(r"(?<!\w)rằng(?!\w)|:", rest.split(MASK)[0]):
            return False
        return rest.lstrip()[:1] in ",.;(–-" or speech.CIRCUMSTANCE.match(rest) is not None

    # ------------------------------------------------------------ behind the verb

    def forward(self, said: Attribution, how: str) -> int | None:
        """Collect what follows the verb: a quotation, or a clause; how far it reaches, None: neither is there."""
        unit, after = said.unit, said.after
        that = self._that(said)
        begin = that or speech.FILL_ONLY.match(self._frame, after, unit.end)
        at = begin.end() if begin else after
        quoted = self._by_mark.get(at)
        if quoted is None and that is None:
            quoted, at = self._object_then_quoted(said, at)
        if quoted is not None and (self._is_behind_colon(quoted, after) or self.is_all_that_is_said(quoted, unit)):
            return self._quotations(said, quoted)
        return self._clause(said, at, that, how)

    def _that(self, said: Attribution) -> re.Match[str] | None:
        """The "rằng", "là" or colon behind the verb, unless somebody in between does the talking."""
        that = speech.BEFORE_SAID.match(self._frame, said.after, said.unit.end)
        return None if that is None or self.names_subject(that.start("fill"), that.end("fill")) else that

    def _is_behind_colon(self, quoted: Quotation, after: int) -> bool:
        return self._frame[after : quoted.opens].rstrip().endswith(":")

    def _quotations(self, said: Attribution, quoted: Quotation) -> int:
        """A quotation, and those that follow it with only a comma between."""
        end = quoted.closes
        if self._collector.direct(said, quoted):
            for more in self._scene.within(end, said.unit.end):
                if not self._frame[end : more.opens].strip(JOINTS):
                    self._collector.direct(said, more)
                    end = more.closes
        return end

    def _clause(self, said: Attribution, at: int, that: re.Match[str] | None, how: str) -> int | None:
        """A clause without marks: behind a "rằng", or right behind a verb that tells."""
        rest = self._frame[at : said.unit.end]
        if not rest or (that is None and not self._may_follow_bare(said, rest)):
            return None
        if how == "subordinate":
            stop = re.search(r",|\s(?:nhưng|thì)\s", rest)
            return self._collector.told(said, at, at + stop.start() if stop else said.unit.end)
        cut = that is None or not that[0].rstrip().endswith(":")
        return self._collector.told(said, at, said.unit.end, cut=cut)

    def _may_follow_bare(self, said: Attribution, rest: str) -> bool:
        """Whether `rest` can be what a verb without "rằng" tells; "nói với ai về việc gì" says only that he spoke."""
        verb = said.verb
        pledges = speech.PLEDGES.match(verb) and speech.PLEDGED.match(self._frame, said.after, said.unit.end)
        if rest[0] in ",.;:–-)(" or not (pledges or speech.TELLS.match(verb)):
            return False
        return verb.casefold().endswith("rằng") or speech.BESIDES.match(rest) is None

    def _object_then_quoted(self, said: Attribution, at: int) -> tuple[Quotation | None, int]:
        """Words between verb and quotation: "gọi đây là “…”", "viết trên Truth Social: “…”"."""
        found = MASKED.search(self._frame, said.after, said.unit.end)
        if found is None or found.start() - said.after > 150:
            return None, at
        ends = self._frame[said.after : found.start()].rstrip(BLANK)
        calls = said.verb.casefold() in _CALLS
        if not (ends.endswith(":") or (calls and ends.endswith((" là", " như", " rằng")))):
            return None, at
        if self.names_subject(said.after, found.start()):
            return None, at
        return self._by_mark.get(found.start()), found.start()

    def names_subject(self, start: int, end: int) -> bool:
        """Whether somebody in between does the talking, as in "sau khi ông Tập nói rằng", not in "với CNN rằng"."""
        for each in self._scene.speakers:
            if start <= each.start and each.end <= end and speech.TIGHT.match(self._frame, each.end, end):
                return True
        return _SAYS_ITSELF.search(self._frame[start:end]) is not None

    def is_all_that_is_said(self, quoted: Quotation, unit: Unit) -> bool:
        """Whether a quotation is the whole, not the first words of a clause that goes on without marks."""
        rest = self._frame[quoted.closes : unit.end].lstrip(BLANK)
        return (
            not rest or not rest[0].isalnum() or rest[0] == MASK or rest.startswith(("và ", "khi ", "trong ", "sau "))
        )

    # ------------------------------------------------------------ before the verb

    def quoted_before(self, unit: Unit, start: int) -> Quotation | None:
        """The quotation right before `start`, only a comma or a dash between."""
        mine = self._scene.within(unit.start, start)
        if not mine:
            return None
        joint = self._frame[mine[-1].closes : start].strip(BLANK)
        return mine[-1] if joint in ("", ",", "-", "–", "—", ".,", ",.") else None

    def _backward(self, said: Attribution) -> bool:
        """What stands before "…, ông Putin nói": a quotation, a dash's words, or a clause."""
        unit, start = said.unit, said.speaker.start
        quoted = self.quoted_before(unit, start)
        if quoted is not None:
            opening = self._frame[unit.start : quoted.opens].strip(JOINTS)
            if opening.strip(MASK + JOINTS):
                return self._told_before(said, quoted.closes)
            for each in self._scene.within(unit.start, quoted.closes):
                self._paragraphs_before(said, each)
                self._collector.direct(said, each)
            return True
        head = self._frame[unit.start : start]
        end = unit.start + len(head.rstrip(JOINTS))
        dash = re.match(r"[-–—]\s*", head)
        if dash and unit.opens_paragraph and head.rstrip(BLANK)[-1:] in "-–—," and len(head) > 12:
            return self._collector.keep(said, unit.start + dash.end(), end, direct=True)
        return self._told_before(said, end)

    def _paragraphs_before(self, said: Attribution, quoted: Quotation) -> None:
        """Speech over several paragraphs is attributed in its last."""
        place = bisect_left(self._scene.opens, quoted.opens)
        while place > 0:
            earlier, later = self._scene.quoted[place - 1], self._scene.quoted[place]
            if self._text[earlier.closes - 1] in "”\"»’'" or self._text[earlier.closes : later.opens].strip():
                return
            self._collector.direct(said, earlier)
            place -= 1

    def _told_before(self, said: Attribution, end: int) -> bool:
        """Of "Mỹ sẽ rút quân, ông Trump nói" the clause: only where nothing is left for the verb to say."""
        unit, frame = said.unit, self._frame
        head = frame[unit.start : end]
        rest = frame[said.after : unit.end].strip(JOINTS + "!?…")
        if speech.TELLS.match(said.verb) is None or speech.ADVERBIAL.match(head.lstrip("\"'“‘ ")):
            return False
        if rest and not _WHEN_AND_WHERE.fullmatch(rest):
            return False
        if frame[end : said.speaker.start].strip() != "," or _UNPAIRED.search(head):
            return False
        if self.names_subject(unit.start, end):
            return False
        return self._collector.keep(said, unit.start, end, direct=False)

    def _continue_after(self, said: Attribution) -> None:
        """The second half of “…”, ông nói, “…”."""
        for each in self._scene.within(said.after, said.unit.end)[:1]:
            between = self._frame[said.after : each.opens].strip(BLANK)
            rest = self._frame[each.closes : said.unit.end].strip(JOINTS)
            if between.endswith((",", ":", ".")) and len(between) < 90 and not rest:
                self._collector.direct(said, each)
