"""Cards -> a part of a digest: a line a story, under the name of its watch.

Pure. A part has at most as many stories as fit (pipeline/digest.py): none is cut in two, none is left out. What gives
way is the sentence, and then the end of long titles.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from monitor.i18n import Translator, translator
from monitor.notify.html import MAX_UNITS, HtmlPiece, bold, cut, italic, joined, link, one_line, piece_of
from monitor.notify.reason_words import reason_in_words
from monitor.notify.render import clock_time
from monitor.types import Address, Card, Message

SENTENCE_UNITS = 220
TITLE_UNITS = (160, 120, 90, 60)  # as many of them as fit: 24 stories fit with the last
GROUP_UNITS, OUTLET_UNITS = 40, 24


class Occasion(StrEnum):
    """Why news comes together."""

    HOURS = "hours"  # the chat's digest hours
    QUIET = "quiet"  # its quiet hours are over
    PAUSE = "pause"  # so is its pause
    NOW = "now"  # it asked
    LATE = "late"  # an outage, here or elsewhere
    CROWD = "crowd"  # more waited than can leave one by one


@dataclass(frozen=True, slots=True)
class DigestHead:
    """What stands over a part. `at`: the hour, in the reader's zone; `stories`: of all parts."""

    occasion: Occasion = Occasion.LATE
    at: datetime | None = None
    stories: int = 0
    part: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True)
class DigestStory:
    """One line: the name of the watch that it stands under, and the card."""

    watch: str
    card: Card


def digest_message(
    stories: Sequence[DigestStory], address: Address, *, lang: str, now: datetime, head: DigestHead
) -> Message:
    """One part, which names every story."""
    _ = translator(lang)
    heads = list(_heads(head, len(stories), _))
    groups = [(watch, list(mine)) for watch, mine in groupby(stories, key=lambda story: story.watch)]
    for most in TITLE_UNITS:
        bare = [[_line(story.card, "", most, _, now) for story in mine] for _watch, mine in groups]
        room = MAX_UNITS - _laid_out(heads, [watch for watch, _mine in groups], bare).units
        if room >= 0:
            break
    lines = []
    for (_watch, mine), plain in zip(groups, bare, strict=True):
        full = []
        for story, line in zip(mine, plain, strict=True):
            longer = _line(story.card, _sentence(story.card, _), most, _, now)
            if longer.units - line.units <= room:
                room -= longer.units - line.units
                line = longer
            full.append(line)
        lines.append(full)
    return Message(address, _laid_out(heads, [watch for watch, _mine in groups], lines).html)


def _laid_out(heads: Sequence[HtmlPiece], watches: Sequence[str], lines: Iterable[Sequence[HtmlPiece]]) -> HtmlPiece:
    blocks = [joined("\n", heads)]
    for watch, mine in zip(watches, lines, strict=True):
        name = cut(one_line(watch), GROUP_UNITS)
        blocks.append(joined("\n", [*([bold(name)] if name else []), *mine]))
    return joined("\n\n", blocks)


def _heads(head: DigestHead, here: int, _: Translator) -> Iterator[HtmlPiece]:
    number = here if head.parts == 1 else head.stories  # some may have been muted since they were counted
    parts = [_title(head, _, number)]
    if head.occasion not in (Occasion.LATE, Occasion.CROWD):
        parts.append(_.ngettext("{n} story", "{n} stories", number))
    if head.parts > 1:
        parts.append(f"{head.part}/{head.parts}")
    yield piece_of("🗞 ") + bold(" · ".join(parts))
    if head.occasion is Occasion.CROWD:
        yield italic(_.gettext("Together, because more waited than can be sent one by one"))


def _title(head: DigestHead, _: Translator, number: int) -> str:
    at = f"{head.at:%H:%M}" if head.at else ""
    match head.occasion:
        case Occasion.HOURS:
            return _.gettext("Digest of {time}", time=at)
        case Occasion.NOW:
            return _.gettext("Digest up to {time}", time=at)
        case Occasion.QUIET:
            return _.gettext("In the quiet hours")
        case Occasion.PAUSE:
            return _.gettext("While alerts were paused")
        case Occasion.LATE | Occasion.CROWD:
            return _.ngettext("{n} story you follow", "{n} stories you follow", number)


def _sentence(card: Card, _: Translator) -> str:
    """What is said beside the title: of a development what is new, else the summary."""
    said = reason_in_words(card.development, _) if card.development else card.summary
    sentence = cut(one_line(said), SENTENCE_UNITS)
    return "" if sentence.rstrip(" .…") in one_line(card.title) else sentence


def _line(card: Card, sentence: str, most: int, _: Translator, now: datetime) -> HtmlPiece:
    parts = [cut(one_line(card.outlet), OUTLET_UNITS), clock_time(card.at, now)]
    if card.others:
        parts.append(_.ngettext("+{n} outlet", "+{n} outlets", len(card.others)))
    mark = "↪️ " if card.development is not None or card.is_update else "• "
    said = piece_of(f" – {sentence}") if sentence else piece_of("")
    title = link(cut(one_line(card.title), most), card.url)
    return piece_of(mark) + title + said + piece_of(" ") + italic(f"({' · '.join(filter(None, parts))})")
