"""A card, a story or a notice -> the HTML message that a reader sees, in his language.

Pure: sends nothing, reads neither clock nor store. Every text is escaped here and nowhere else; a message is built of
pieces that are closed in themselves, so that its tags balance and it fits into Telegram's limit by construction.
"""

import html as markup
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from typing import assert_never

from monitor.i18n import Translator, translatable, translator
from monitor.notify.reason_words import reason_in_words
from monitor.types import (
    Address,
    Amendment,
    Button,
    Card,
    Difference,
    Evidence,
    Item,
    ItemId,
    Match,
    Message,
    Reason,
    Role,
    Rule,
    StoryView,
    WatchId,
)

MAX_UNITS = 4096  # of a message, in UTF-16 units after entities: core.telegram.org/bots/api#sendmessage
MAX_NAMES = 12  # a hundred entities is all that Telegram keeps of a message, and no eye reads more names
MAX_BOLD = 60  # in a summary
MAX_DIGEST_LINES = 32  # three entities a line
MAX_URL = 2048  # longer ones are no newspaper's; Telegram counts them against a limit it does not document
NAME_UNITS, TITLE_UNITS, OTHERS_UNITS, DIGEST_TITLE_UNITS = 120, 500, 400, 160
MAX_AMENDMENTS = 4
AMENDMENT_UNITS = 240  # a line about what an outlet changed
UPDATE_SUMMARY_UNITS = 400  # an update is short: what is new stands in its title
AROUND = 60  # characters on each side of a word that /why shows
NEWSROOM_ZONE = timezone(timedelta(hours=7))  # Vietnam's, without summer time since 1975

NOTHING_CHANGED: Mapping[ItemId, Sequence[Difference]] = {}

WHY, MUTE, WRONG = "why", "mute", "wrong"
ELLIPSIS = "…"


# ---------------------------------------------------------------- what buttons carry


def callback(action: str, alert_id: int) -> str:
    """The data of a button about an alert: `why:12`."""
    return f"{action}:{alert_id}"


def read_callback(data: str) -> tuple[str, int] | None:
    """Action and alert id of a button's data; None when it is none of ours."""
    found = re.fullmatch(rf"({WHY}|{MUTE}|{WRONG}):(\d{{1,18}})", data, re.ASCII)
    return (found[1], int(found[2])) if found else None


# ---------------------------------------------------------------- pieces


@dataclass(frozen=True, slots=True)
class HtmlPiece:
    """A run of message text: `html` with its tags closed, and the `units` it counts after entities."""

    html: str
    units: int

    def __add__(self, other: "HtmlPiece") -> "HtmlPiece":
        return HtmlPiece(self.html + other.html, self.units + other.units)


def units(text: str) -> int:
    """Length in UTF-16 units, in which Telegram counts: an emoji is two."""
    return len(text) + sum(char > "\uffff" for char in text)


# Controls move cursors in a terminal and are blanks to Telegram; a lone surrogate cannot be sent at all.
# One character for one, so that spans stay where they are.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def _clean(text: str) -> str:
    return _SURROGATE.sub("\ufffd", _UNSPEAKABLE.sub(" ", text))


def _line(text: str) -> str:
    return " ".join(_clean(text).split())


def _text(text: str) -> HtmlPiece:
    clean = _clean(text)
    return HtmlPiece(markup.escape(clean, quote=False), units(clean))


def _tagged(tag: str, inner: HtmlPiece) -> HtmlPiece:
    return HtmlPiece(f"<{tag}>{inner.html}</{tag}>", inner.units) if inner.units else inner


def _bold(text: str) -> HtmlPiece:
    return _tagged("b", _text(text))


def _italic(text: str) -> HtmlPiece:
    return _tagged("i", _text(text))


def _link(text: str, url: str) -> HtmlPiece:
    """A link; only the text where the address is not one of the web."""
    inner = _text(text)
    if not text or not re.match(r"https?://[^\s/]", url) or len(url) > MAX_URL:
        return inner
    return HtmlPiece(f'<a href="{markup.escape(_line(url).replace(" ", "%20"))}">{inner.html}</a>', inner.units)


def _joined(separator: str, pieces: Iterable[HtmlPiece]) -> HtmlPiece:
    whole = HtmlPiece("", 0)
    for number, piece in enumerate(pieces):
        whole = whole + _text(separator) + piece if number else piece
    return whole


def plain(html: str) -> str:
    """The text of a message's `html`, for terminals and logs."""
    return markup.unescape(re.sub(r"<[^>]*>", "", html))


# ---------------------------------------------------------------- cutting

# A sentence ends at its mark with closing quotes and brackets, before a blank; not at "TP." or "V." and not in front of
# a small letter. stories/ splits more carefully what it quotes; here only an overlong text is cut.
_SENTENCE_END = re.compile(
    r"(?<![\s.][A-ZĐ])(?<!\bTP)(?<!\bTS)(?<!\bThS)(?<![.!?…])[.!?…]++[\"”’»)\]]*+(?=\s++[^a-zà-ỹđ]|\s*+$)"
)


def _prefix(text: str, most: int) -> str:
    """The longest beginning of `text` with at most `most` UTF-16 units."""
    if units(text) <= most:
        return text
    count = 0
    for position, char in enumerate(text):
        count += 2 if char > "\uffff" else 1
        if count > most:
            return text[:position]
    return text


def cut(text: str, most: int) -> str:
    """`text` in at most `most` UTF-16 units, ended after a word with … where it had to be cut."""
    if units(text) <= most:
        return text
    if most < 1:
        return ""
    kept = _prefix(text, most - 1)
    blank = max(kept.rfind(" "), kept.rfind("\n"))
    if not text[len(kept)].isspace() and blank > len(kept) // 2:
        kept = kept[:blank]
    return kept.rstrip(" \n,;:–-") + ELLIPSIS


def cut_sentences(text: str, most: int) -> str:
    """`text` cut at the last sentence end that fits into `most` UTF-16 units; after a word when there is none."""
    if units(text) <= most:
        return text
    fitting = _prefix(text, most)
    # matched on the whole text: what follows the mark decides whether it ends a sentence
    ends = [end for found in _SENTENCE_END.finditer(text) if (end := found.end()) <= len(fitting)]
    return text[: ends[-1]] if ends else cut(text, most)


def _with_bold(text: str, spans: Collection[tuple[int, int]]) -> HtmlPiece:
    """`text` with those passages bold; overlapping ones are merged, those outside are left out."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(end, len(text))) for start, end in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    whole, at = HtmlPiece("", 0), 0
    for start, end in merged[:MAX_BOLD]:
        whole = whole + _text(text[at:start]) + _bold(text[start:end])
        at = end
    return whole + _text(text[at:])


# ---------------------------------------------------------------- alerts


def alert_message(
    card: Card,
    address: Address,
    *,
    lang: str,
    alert_id: int,
    now: datetime,
    reply_to: int | None = None,
    edits: int | None = None,
) -> Message:
    """The alert about a story; a reply, or a card with a development, is laid out as a short update.

    A date is named when it is not the day of `now` in the zone of `card.at`.
    """
    _ = translator(lang)
    update = reply_to is not None or card.is_update or card.development is not None
    title = cut(_line(card.title), TITLE_UNITS)
    lines = [_head(card, _, update=update), _tagged("b", _link(title, card.url))]
    development = cut(_line(reason_in_words(card.development, _)), TITLE_UNITS) if card.development else ""
    if update and development and development != title:
        lines.append(_text(development))
    lines += [_amendment(each, card, _, now) for each in card.amendments[:MAX_AMENDMENTS]]
    if card.one_with and card.one_with_at is not None:
        moment, earlier = clock_time(card.one_with_at, now), cut(_line(card.one_with), TITLE_UNITS)
        lines.append(_text(_.gettext("🔗 One story with the news of {time}: {title}", time=moment, title=earlier)))
    lines += [_set_apart(title, url, _) for title, url in card.set_apart[:MAX_AMENDMENTS]]
    credits = _credits(card, _, now)
    lines = [line for line in lines if line.units]
    author = _italic(_.gettext("✍️ Summed up by a machine: do not quote")) if card.is_generated else HtmlPiece("", 0)
    room = MAX_UNITS - sum(line.units + 1 for line in lines) - credits.units - author.units - 2
    summary = cut_sentences(_clean(card.summary).rstrip(), min(room, UPDATE_SUMMARY_UNITS) if update else room)
    if summary.strip() and summary.strip().rstrip(".") not in {title, development}:  # nobody reads a thing twice
        lines.append(_with_bold(summary, card.bold))
        if author.units:
            lines.append(author)
    if credits.units:
        lines.append(credits)
    return Message(address, _joined("\n", lines).html, _buttons(alert_id, _), reply_to, edits)


def _head(card: Card, _: Translator, *, update: bool) -> HtmlPiece:
    names = [name for name in (cut(_line(name), NAME_UNITS) for name in card.names) if name]
    shown = [_bold(name) for name in names[:MAX_NAMES]]
    if len(names) > MAX_NAMES:
        shown.append(_text(f"+{len(names) - MAX_NAMES}"))
    if update:
        shown.append(_text(_.gettext("what is new")))
    return _text("↪️ " if update else "🔔 " if shown else "🔔") + _joined(" · ", shown)


def _set_apart(title: str, url: str, _: Translator) -> HtmlPiece:
    """A story that was taken for this one: its articles are not counted here any more."""
    return _text(_.gettext("✂️ Set apart:") + " ") + _link(cut(_line(title), DIGEST_TITLE_UNITS), url)


def _amendment(each: Amendment, card: Card, _: Translator, now: datetime) -> HtmlPiece:
    """What became of an article after it was told: one line."""
    at, outlet = clock_time(each.at, now), cut(_line(each.outlet or card.outlet), NAME_UNITS)
    if each.gone:
        return _text(cut(_.gettext("🗑 Taken down {time} ({outlet})", time=at, outlet=outlet), AMENDMENT_UNITS))
    what = changed_words(each.differences, _)
    if each.outlet:
        line = _.gettext("✏️ {outlet} changed it {time}: {what}", outlet=outlet, time=at, what=what)
    else:
        line = _.gettext("✏️ Changed {time}: {what}", time=at, what=what)
    return _text(cut(line, AMENDMENT_UNITS))


def changed_words(differences: Iterable[Difference], _: Translator) -> str:
    """Differences as a reader says them: “12 người” → “21 người”; added “không”."""
    return "; ".join(_difference(_line(each.was), _line(each.now), _, whole=each.whole) for each in differences)


def _difference(was: str, now: str, _: Translator, *, whole: bool) -> str:
    was, now = cut(was, NAME_UNITS), cut(now, NAME_UNITS)
    if whole:
        return _.gettext("it was “{was}”", was=was)
    if was and now:
        return f"“{was}” → “{now}”"
    return _.gettext("added “{now}”", now=now) if now else _.gettext("no more “{was}”", was=was)


def _credits(card: Card, _: Translator, now: datetime) -> HtmlPiece:
    """Who said so and when: the last line, which gains the outlets that follow."""
    parts = [cut(_line(card.outlet), NAME_UNITS), clock_time(card.at, now)]
    if others := [name for name in map(_line, card.others) if name]:
        listed = cut(", ".join(others), OTHERS_UNITS)
        parts.append(_.ngettext("+{n} outlet: {names}", "+{n} outlets: {names}", len(others), names=listed))
    return _italic(" · ".join(filter(None, parts)))


def clock_time(at: datetime, now: datetime) -> str:
    """14:05; with the day when that is not `now`'s, with the year when that is another. In the zone of `at`."""
    today = now.astimezone(at.tzinfo).date()
    if at.date() == today:
        return f"{at:%H:%M}"
    return f"{at:%H:%M %d/%m}" if at.year == today.year else f"{at:%H:%M %d/%m/%Y}"


def _buttons(alert_id: int, _: Translator) -> tuple[tuple[Button, ...], ...]:
    return (
        (
            Button(_.gettext("Why?"), callback(WHY, alert_id)),
            Button(_.gettext("Mute this story"), callback(MUTE, alert_id)),
            Button(_.gettext("Wrong / not relevant"), callback(WRONG, alert_id)),
        ),
    )


def digest_message(cards: Sequence[Card], address: Address, *, lang: str, now: datetime) -> Message:
    """One message for many stories, a line a story; what does not fit is counted in the last line."""
    _ = translator(lang)
    lines = [_text("🗞 ") + _bold(_.ngettext("{n} story you follow", "{n} stories you follow", len(cards)))]

    def rest(left: int) -> HtmlPiece:
        return _text(_.ngettext("… and {n} more: /latest", "… and {n} more: /latest", left))

    used = lines[0].units
    reserve = rest(len(cards)).units + 1
    for number, card in enumerate(cards):
        line = _digest_line(card, _, now)
        last = number == len(cards) - 1
        if number >= MAX_DIGEST_LINES or used + 1 + line.units + (0 if last else reserve) > MAX_UNITS:
            lines.append(rest(len(cards) - number))
            break
        lines.append(line)
        used += 1 + line.units
    return Message(address, _joined("\n", lines).html)


def _digest_line(card: Card, _: Translator, now: datetime) -> HtmlPiece:
    names = [cut(_line(name), NAME_UNITS // 2) for name in card.names if name.strip()]
    head = _bold(" · ".join(names[:3])) + _text(": ") if names else HtmlPiece("", 0)
    parts = [cut(_line(card.outlet), NAME_UNITS // 2), clock_time(card.at, now)]
    if card.others:
        parts.append(_.ngettext("+{n} outlet", "+{n} outlets", len(card.others)))
    title = cut(_line(card.title), DIGEST_TITLE_UNITS)
    return _text("• ") + head + _link(title, card.url) + _text(" ") + _italic(f"({' · '.join(filter(None, parts))})")


def notice_message(text: str, address: Address, *, lang: str) -> Message:
    """A word to an admin: plain text, cut to fit."""
    tail = translator(lang).gettext("… (shortened)")
    clean = _clean(text).strip()
    if units(clean) > MAX_UNITS:
        clean = f"{_prefix(clean, MAX_UNITS - units(tail) - 1).rstrip()} {tail}"
    return Message(address, _text(clean).html)


# ---------------------------------------------------------------- why?

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
    lines = [_text("❓ ") + _bold(_.gettext("Why you see this story"))]
    closing = _grouping(view, _, zone, now) + _history(view, changes, _, zone, now)
    room = MAX_UNITS - lines[0].units - sum(line.units + 1 for line in closing)
    found = _best_matches(view, watch_ids)
    if not found:
        found_nothing = _text(_.gettext("Nothing of what you follow is on record for it any more."))
        lines.append(found_nothing)
        room -= found_nothing.units + 1
    for item, match in found:
        block = _explained(item, match, _)
        taken = sum(line.units + 1 for line in block)
        if taken > room:
            break
        lines += block
        room -= taken
    return _joined("\n", [*lines, *closing]).html


def _best_matches(view: StoryView, watch_ids: Collection[WatchId]) -> list[tuple[Item, Match]]:
    """Of each watch its surest match, the first of equals; in the order of `watch_ids`."""
    best: dict[WatchId, tuple[Item, Match]] = {}
    for item in view.items:
        for match in view.matches.get(item.id, ()):
            if match.watch_id not in best or match.score > best[match.watch_id][1].score:
                best[match.watch_id] = (item, match)
    return [best[each] for each in (dict.fromkeys(watch_ids) or best) if each in best][:MAX_NAMES]


def _explained(item: Item, match: Match, _: Translator) -> list[HtmlPiece]:
    by = cut(_line(match.by or (match.evidence[0].text if match.evidence else match.name)), NAME_UNITS * 2)
    rule = _.gettext(_RULES[match.rule], by=by)
    sure = _.gettext("{percent} % sure", percent=round(match.score * 100))
    head = _bold(cut(_line(match.name), NAME_UNITS)) + _text(f" – {rule}, {sure}")
    if note := cut(_line(match.note), NAME_UNITS * 2):
        head += _text(f" ({note})")
    lines = [head]
    for pieces in _neighbours(_spread(match.evidence)):
        where = _.gettext(_FIELDS[pieces[0].field])
        outlet = f"{cut(_line(item.outlet), NAME_UNITS)}, " if item.outlet else ""
        lines.append(_text("• ") + _italic(f"{outlet}{where}: ") + _marked(item, pieces))
    return lines


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
        return _bold(cut(" … ".join(_line(piece.text) for piece in pieces), NAME_UNITS * 2))
    begin, end = max(0, first.start - AROUND), min(len(field), last.end + AROUND)
    before, after = field[begin : first.start], field[last.end : end]
    # whole words only, where the cut fell into one
    if begin and not field[begin - 1].isspace():
        before = before.partition(" ")[2]
    if end < len(field) and not field[end].isspace():
        after = after.rpartition(" ")[0]
    head = (ELLIPSIS if begin else "") + _flat(before).lstrip()
    tail = _flat(after).rstrip() + (ELLIPSIS if end < len(field) else "")
    line = _text(head) + _bold(cut(_flat(first.text), NAME_UNITS * 2))
    for former, piece in pairwise(pieces):
        line += _text(_flat(field[former.end : piece.start])) + _bold(cut(_flat(piece.text), NAME_UNITS * 2))
    return line + _text(tail)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", _clean(text))


def _grouping(view: StoryView, _: Translator, zone: tzinfo, now: datetime | None) -> list[HtmlPiece]:
    """How many articles of whom make this story, oldest first."""
    outlets = {item.outlet for item in view.items}
    if len(view.items) < 2:
        return [_text(_.gettext("No other article has joined this story yet."))] if view.items else []
    articles = _.ngettext("{n} article", "{n} articles", len(view.items))
    papers = _.ngettext("of {n} outlet", "of {n} outlets", len(outlets))
    now = now or max((item.at for item in view.items if item.at), default=view.story.opened_at)
    lines = [_bold(_.gettext("One story: {articles} {outlets}", articles=articles, outlets=papers))]
    room = MAX_UNITS // 3
    for number, item in enumerate(view.items):
        line = _member(item, view.roles.get(item.id), view.reasons.get(item.id), _, zone, now)
        if line.units + 1 > room:
            left = len(view.items) - number
            lines.append(_text(_.ngettext("… and {n} more article", "… and {n} more articles", left)))
            break
        room -= line.units + 1
        lines.append(line)
    return lines


def _member(
    item: Item, role: Role | None, reason: Reason | None, _: Translator, zone: tzinfo, now: datetime
) -> HtmlPiece:
    time = clock_time(item.at.astimezone(zone), now) if item.at else ""
    head = " ".join(filter(None, [time, cut(_line(item.outlet), NAME_UNITS)]))
    title = _link(cut(_line(item.title), DIGEST_TITLE_UNITS), item.url)
    line = _text(f"• {head}{_role(role, _)}: ") + title
    if reason is None or role is Role.NEW:
        return line
    return line + _text(f" – {cut(_line(reason_in_words(reason, _)), NAME_UNITS)}")


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
        line = _text(cut(f"• {_line(item.outlet)} – {', '.join(parts)}", AMENDMENT_UNITS))
        if line.units + 1 > room:
            break
        room -= line.units + 1
        lines.append(line)
    return [_bold(_.gettext("After publication:")), *lines] if lines else []


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
