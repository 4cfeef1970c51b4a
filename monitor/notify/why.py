"""Why a reader sees a story: which words were found by which rule, how surely, where, and who joined the story.

Pure, like render.py; the reasons come as codes and values.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from typing import assert_never

from monitor.i18n import Translator, translatable, translator
from monitor.notify.html import (
    ELLIPSIS,
    MAX_UNITS,
    HtmlPiece,
    bold,
    clean,
    cut,
    italic,
    joined,
    link,
    one_line,
    piece_of,
)
from monitor.notify.reason_words import reason_in_words
from monitor.notify.render import AMENDMENT_UNITS, DIGEST_TITLE_UNITS, MAX_NAMES, NAME_UNITS, changed_words, clock_time
from monitor.types import Difference, Evidence, Item, ItemId, Match, Reason, Role, Rule, StoryView, WatchId

AROUND = 60  # characters on each side of a word that /why shows
AROUND_NOTE = 20  # characters: less room than this shows no word more
NEWSROOM_ZONE = timezone(timedelta(hours=7))  # Vietnam's, without summer time since 1975
NOTHING_CHANGED: Mapping[ItemId, Sequence[Difference]] = {}

_RULES = {
    Rule.NAME: translatable("by the name “{by}”"),
    Rule.SHORT: translatable("by the short form “{by}”, with a fuller one elsewhere in the text"),
    Rule.OFFICE: translatable("by the office “{by}” on that day"),
    Rule.QUERY: translatable("by the condition “{by}”"),
}
_FIELDS = {"title": translatable("title"), "summary": translatable("lead"), "body": translatable("text")}


def why_text(
    view: StoryView,
    watch_ids: Collection[WatchId],
    lang: str,
    *,
    zone: tzinfo = NEWSROOM_ZONE,
    now: datetime | None = None,
    changes: Mapping[ItemId, Sequence[Difference]] = NOTHING_CHANGED,
) -> str:
    """HTML that explains an alert: which words were found by which rule, how surely, where, and who joined the story.

    `watch_ids` are those that the chat heard of (none: every one that was found); times are shown in `zone`.
    `changes`: what matters between the first wording of an article and its present one.
    """
    _ = translator(lang)
    lines = [piece_of("❓ ") + bold(_.gettext("Why you see this story"))]
    closing = _grouping(view, _, zone, now) + _history(view, changes, _, zone, now)
    room = MAX_UNITS - lines[0].units - sum(line.units + 1 for line in closing)
    found = _best_matches(view, watch_ids)
    if not found:
        found_nothing = piece_of(_.gettext("Nothing of what you follow is on record for it any more."))
        lines.append(found_nothing)
        room -= found_nothing.units + 1
    for item, match in found:
        block = _explained(item, match, _)
        taken = sum(line.units + 1 for line in block)
        if taken > room:
            break
        lines += block
        room -= taken
    return joined("\n", [*lines, *closing]).html


def why_note(view: StoryView, watch_ids: Collection[WatchId], most: int) -> str:
    """The same in at most `most` characters of plain text: who was found by which words, the first with those around.

    Names that have no room are counted. Empty where nothing is on record.
    """
    found = _best_matches(view, watch_ids)
    lines: list[str] = []
    for number, (_, match) in enumerate(found):
        words = match.evidence[0].text if match.evidence else match.by
        line = f"{cut(one_line(match.name), NAME_UNITS // 2)}: “{cut(one_line(words), NAME_UNITS // 2)}”"
        rest = len(found) - number
        if sum(len(each) + 1 for each in lines) + len(line) > most - (len(f"\n+{rest}") if rest > 1 else 0):
            return "\n".join([*lines, f"+{rest}"])[:most]
        lines.append(line)
    if found and (room := most - sum(len(line) + 1 for line in lines)) > AROUND_NOTE:
        item, match = found[0]
        lines[0] = f"{cut(one_line(match.name), NAME_UNITS // 2)}: “{_window(item, match, room)}”"
    return "\n".join(lines)


def _window(item: Item, match: Match, room: int) -> str:
    """The words that were found with whole words before and behind, `room` characters more than they have."""
    if not match.evidence:
        return cut(one_line(match.by), NAME_UNITS // 2)
    piece = match.evidence[0]
    field = {"title": item.title, "summary": item.lead, "body": item.body}[piece.field]
    if field[piece.start : piece.end] != piece.text:
        return cut(one_line(piece.text), NAME_UNITS // 2)
    side = (room - 2) // 2  # two for the signs that words were left out
    spare_behind = max(0, side - (len(field) - piece.end))
    begin = max(0, piece.start - side - spare_behind)
    end = min(len(field), piece.end + side + max(0, side - piece.start))
    before, after = field[begin : piece.start], field[piece.end : end]
    if begin and not field[begin - 1].isspace():
        before = before.partition(" ")[2]
    if end < len(field) and not field[end].isspace():
        after = after.rpartition(" ")[0]
    head, tail = ELLIPSIS if begin else "", ELLIPSIS if end < len(field) else ""
    return f"{head}{_flat(before).lstrip()}{_flat(piece.text)}{_flat(after).rstrip()}{tail}"


def _best_matches(view: StoryView, watch_ids: Collection[WatchId]) -> list[tuple[Item, Match]]:
    """Of each watch its surest match, the first of equals; in the order of `watch_ids`."""
    best: dict[WatchId, tuple[Item, Match]] = {}
    for item in view.items:
        for match in view.matches.get(item.id, ()):
            if match.watch_id not in best or match.score > best[match.watch_id][1].score:
                best[match.watch_id] = (item, match)
    return [best[each] for each in (dict.fromkeys(watch_ids) or best) if each in best][:MAX_NAMES]


def _explained(item: Item, match: Match, _: Translator) -> list[HtmlPiece]:
    rule = rule_in_words(match, _)
    sure = _.gettext("{percent} % sure", percent=round(match.score * 100))
    head = bold(cut(one_line(match.name), NAME_UNITS)) + piece_of(f" – {rule}, {sure}")
    if note := cut(one_line(match.note), NAME_UNITS * 2):
        head += piece_of(f" ({note})")
    lines = [head]
    for pieces in _neighbours(_spread(match.evidence)):
        where = _.gettext(_FIELDS[pieces[0].field])
        outlet = f"{cut(one_line(item.outlet), NAME_UNITS)}, " if item.outlet else ""
        lines.append(piece_of("• ") + italic(f"{outlet}{where}: ") + _marked(item, pieces))
    return lines


def rule_in_words(match: Match, _: Translator) -> str:
    """By what a watch was found: by the name “Putin”."""
    by = cut(one_line(match.by or (match.evidence[0].text if match.evidence else match.name)), NAME_UNITS * 2)
    return _.gettext(_RULES[match.rule], by=by)


def _spread(evidence: Sequence[Evidence], most: int = 3) -> list[Evidence]:
    """At most `most` pieces: different words first, the same word a second time only when there is room."""
    first = list({piece.text: piece for piece in reversed(evidence)}.values())[::-1]
    again = [piece for piece in evidence if piece not in first]
    return sorted((first + again)[:most], key=evidence.index)


def _neighbours(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """Pieces that one line can show: of one field, each less than AROUND behind the one before, none over another."""
    groups: list[list[Evidence]] = []
    for piece in sorted(evidence, key=lambda piece: (list(_FIELDS).index(piece.field), piece.start)):
        last = groups[-1][-1] if groups else None
        if last is not None and last.field == piece.field and last.end <= piece.start < last.end + AROUND:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _marked(item: Item, pieces: Sequence[Evidence]) -> HtmlPiece:
    """The words around the evidence, with it in bold; the evidence alone where the text is not kept or has changed."""
    first, last = pieces[0], pieces[-1]
    field = {"title": item.title, "summary": item.lead, "body": item.body}[first.field]
    if any(field[piece.start : piece.end] != piece.text for piece in pieces):
        return bold(cut(" … ".join(one_line(piece.text) for piece in pieces), NAME_UNITS * 2))
    begin, end = max(0, first.start - AROUND), min(len(field), last.end + AROUND)
    before, after = field[begin : first.start], field[last.end : end]
    # whole words only, where the cut fell into one
    if begin and not field[begin - 1].isspace():
        before = before.partition(" ")[2]
    if end < len(field) and not field[end].isspace():
        after = after.rpartition(" ")[0]
    head = (ELLIPSIS if begin else "") + _flat(before).lstrip()
    tail = _flat(after).rstrip() + (ELLIPSIS if end < len(field) else "")
    line = piece_of(head) + bold(cut(_flat(first.text), NAME_UNITS * 2))
    for former, piece in pairwise(pieces):
        line += piece_of(_flat(field[former.end : piece.start])) + bold(cut(_flat(piece.text), NAME_UNITS * 2))
    return line + piece_of(tail)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", clean(text))


def _grouping(view: StoryView, _: Translator, zone: tzinfo, now: datetime | None) -> list[HtmlPiece]:
    """How many articles of whom make this story, oldest first."""
    outlets = {item.outlet for item in view.items}
    if len(view.items) < 2:
        return [piece_of(_.gettext("No other article has joined this story yet."))] if view.items else []
    articles = _.ngettext("{n} article", "{n} articles", len(view.items))
    papers = _.ngettext("of {n} outlet", "of {n} outlets", len(outlets))
    now = now or max((item.at for item in view.items if item.at), default=view.story.opened_at)
    lines = [bold(_.gettext("One story: {articles} {outlets}", articles=articles, outlets=papers))]
    room = MAX_UNITS // 3
    for number, item in enumerate(view.items):
        line = _member(item, view.roles.get(item.id), view.reasons.get(item.id), _, zone, now)
        if line.units + 1 > room:
            left = len(view.items) - number
            lines.append(piece_of(_.ngettext("… and {n} more article", "… and {n} more articles", left)))
            break
        room -= line.units + 1
        lines.append(line)
    return lines


def _member(
    item: Item, role: Role | None, reason: Reason | None, _: Translator, zone: tzinfo, now: datetime
) -> HtmlPiece:
    time = clock_time(item.at.astimezone(zone), now) if item.at else ""
    head = " ".join(filter(None, [time, cut(one_line(item.outlet), NAME_UNITS)]))
    title = link(cut(one_line(item.title), DIGEST_TITLE_UNITS), item.url)
    line = piece_of(f"• {head}{_role(role, _)}: ") + title
    if reason is None or role is Role.NEW:
        return line
    return line + piece_of(f" – {cut(one_line(reason_in_words(reason, _)), NAME_UNITS)}")


def _history(
    view: StoryView, changes: Mapping[ItemId, Sequence[Difference]], _: Translator, zone: tzinfo, now: datetime | None
) -> list[HtmlPiece]:
    """Which articles were changed or taken down after publication, a line each."""
    lines = []
    room = MAX_UNITS // 6
    for item in view.items:
        versions = view.versions.get(item.id, ())
        if not versions and item.gone_at is None:
            continue
        parts = []
        if versions:
            times = _.ngettext("changed {n} time", "changed {n} times", len(versions))
            what = changed_words(changes.get(item.id, ()), _)
            parts.append(f"{times}: {what}" if what else times)
        if item.gone_at is not None:
            moment = item.gone_at.astimezone(zone)
            parts.append(_.gettext("taken down {time}", time=clock_time(moment, now or moment)))
        line = piece_of(cut(f"• {one_line(item.outlet)} – {', '.join(parts)}", AMENDMENT_UNITS))
        if line.units + 1 > room:
            break
        room -= line.units + 1
        lines.append(line)
    return [bold(_.gettext("After publication:")), *lines] if lines else []


def _role(role: Role | None, _: Translator) -> str:
    match role:
        case Role.NEW:
            return " " + _.gettext("(opened it)")
        case Role.UPDATE:
            return " " + _.gettext("(a development)")
        case Role.REPEAT | None:
            return ""
        case _:
            assert_never(role)
