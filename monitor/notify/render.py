"""A card or a notice -> the HTML message that a reader sees, in their language.

Pure: sends nothing, reads neither clock nor store. A message is built of pieces that are closed in themselves
(html.py), so that its tags balance and it fits into Telegram's limit by construction.
"""

from collections.abc import Iterable
from datetime import datetime

from monitor.i18n import Translator, translator
from monitor.notify.html import (
    MAX_UNITS,
    HtmlPiece,
    bold,
    clean,
    cut,
    cut_sentences,
    italic,
    joined,
    link,
    one_line,
    piece_of,
    prefix,
    tagged,
    units,
    with_bold,
)
from monitor.notify.reason_words import reason_in_words
from monitor.types import (
    Address,
    Amendment,
    Button,
    Card,
    Difference,
    Message,
)

MAX_NAMES = 12  # a hundred entities is all that Telegram keeps of a message, and no eye reads more names
NAME_UNITS, TITLE_UNITS, OTHERS_UNITS, DIGEST_TITLE_UNITS = 120, 500, 400, 160
MAX_AMENDMENTS = 4
AMENDMENT_UNITS = 240  # a line about what an outlet changed
MAX_LINES = 10  # other stories in one message: a phone's screen
UPDATE_SUMMARY_UNITS = 400  # an update is short: what is new stands in its title

WHY, MUTE, WRONG = "why", "mute", "wrong"


# ---------------------------------------------------------------- what buttons carry


def callback(action: str, alert_id: int) -> str:
    """The data of a button about an alert: `why:12`."""
    return f"{action}:{alert_id}"


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
    title = cut(one_line(card.title), TITLE_UNITS)
    development = cut(one_line(reason_in_words(card.development, _)), TITLE_UNITS) if card.development else ""
    opening = [_head(card, _, update=update), tagged("b", link(title, card.url))]
    if development != title:  # nobody reads a thing twice
        opening.append(piece_of(development))
    opening += _what_became_of_it(card, _, now)
    credits = _credits(card, _, now)
    author = _machine(card, _)
    more = _other_stories(card, _)
    lines = [line for line in opening if line.units]
    room = MAX_UNITS - sum(line.units + 1 for line in (*lines, *more)) - credits.units - author.units - 2
    summary = cut_sentences(clean(card.summary).rstrip(), min(room, UPDATE_SUMMARY_UNITS) if update else room)
    if summary.strip() and summary.strip().rstrip(".") not in {title, development}:
        lines += [with_bold(summary, card.bold), author]
    lines += [credits, *more]
    shown = joined("\n", [line for line in lines if line.units])
    return Message(address, shown.html, _buttons(alert_id, _), reply_to, edits)


def _what_became_of_it(card: Card, _: Translator, now: datetime) -> list[HtmlPiece]:
    """A line each: changes of the articles, a story that it turned out to be one with, stories it was taken for."""
    lines = [_amendment(each, card, _, now) for each in card.amendments[:MAX_AMENDMENTS]]
    if card.one_with and card.one_with_at is not None:
        moment, earlier = clock_time(card.one_with_at, now), cut(one_line(card.one_with), TITLE_UNITS)
        lines.append(piece_of(_.gettext("🔗 One story with the news of {time}: {title}", time=moment, title=earlier)))
    return lines + [_set_apart(title, url, _) for title, url in card.set_apart[:MAX_AMENDMENTS]]


def _other_stories(card: Card, _: Translator) -> list[HtmlPiece]:
    """A line each for the newest stories that this message tells beside its own; how many came before those."""
    lines = []
    for title, url, outlet in card.lines[-MAX_LINES:]:
        by = piece_of(" ") + italic(f"({cut(one_line(outlet), NAME_UNITS // 2)})") if outlet.strip() else piece_of("")
        lines.append(piece_of("➕ ") + link(cut(one_line(title), DIGEST_TITLE_UNITS), url) + by)
    left = len(card.lines) - len(lines)
    return lines + ([piece_of(_.ngettext("… and {n} more: /latest", "… and {n} more: /latest", left))] if left else [])


def _machine(card: Card, _: Translator) -> HtmlPiece:
    """Says that no newspaper wrote the summary."""
    return italic(_.gettext("✍️ Summed up by a machine: do not quote") if card.is_generated else "")


def _head(card: Card, _: Translator, *, update: bool) -> HtmlPiece:
    names = [name for name in (cut(one_line(name), NAME_UNITS) for name in card.names) if name]
    shown = [bold(name) for name in names[:MAX_NAMES]]
    if len(names) > MAX_NAMES:
        shown.append(piece_of(f"+{len(names) - MAX_NAMES}"))
    if update:
        shown.append(piece_of(_.gettext("what is new")))
    return piece_of("↪️ " if update else "🔔 " if shown else "🔔") + joined(" · ", shown)


def _set_apart(title: str, url: str, _: Translator) -> HtmlPiece:
    """A story that was taken for this one: its articles are not counted here any more."""
    return piece_of(_.gettext("✂️ Set apart:") + " ") + link(cut(one_line(title), DIGEST_TITLE_UNITS), url)


def _amendment(each: Amendment, card: Card, _: Translator, now: datetime) -> HtmlPiece:
    """What became of an article after it was told: one line."""
    at, outlet = clock_time(each.at, now), cut(one_line(each.outlet or card.outlet), NAME_UNITS)
    if each.gone:
        return piece_of(cut(_.gettext("🗑 Taken down {time} ({outlet})", time=at, outlet=outlet), AMENDMENT_UNITS))
    what = changed_words(each.differences, _)
    if each.outlet:
        line = _.gettext("✏️ {outlet} changed it {time}: {what}", outlet=outlet, time=at, what=what)
    else:
        line = _.gettext("✏️ Changed {time}: {what}", time=at, what=what)
    return piece_of(cut(line, AMENDMENT_UNITS))


def changed_words(differences: Iterable[Difference], _: Translator) -> str:
    """Differences as a reader says them: “12 người” → “21 người”; added “không”."""
    return "; ".join(_difference(one_line(each.was), one_line(each.now), _, whole=each.whole) for each in differences)


def _difference(was: str, now: str, _: Translator, *, whole: bool) -> str:
    was, now = cut(was, NAME_UNITS), cut(now, NAME_UNITS)
    if whole:
        return _.gettext("it was “{was}”", was=was)
    if was and now:
        return f"“{was}” → “{now}”"
    return _.gettext("added “{now}”", now=now) if now else _.gettext("no more “{was}”", was=was)


def _credits(card: Card, _: Translator, now: datetime) -> HtmlPiece:
    """Who said so and when: the last line, which gains the outlets that follow."""
    parts = [cut(one_line(card.outlet), NAME_UNITS), clock_time(card.at, now)]
    if others := [name for name in map(one_line, card.others) if name]:
        listed = cut(", ".join(others), OTHERS_UNITS)
        parts.append(_.ngettext("+{n} outlet: {names}", "+{n} outlets: {names}", len(others), names=listed))
    return italic(" · ".join(filter(None, parts)))


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


def notice_message(text: str, address: Address, *, lang: str) -> Message:
    """A word to an admin: plain text, cut to fit."""
    tail = translator(lang).gettext("… (shortened)")
    spoken = clean(text).strip()
    if units(spoken) > MAX_UNITS:
        spoken = f"{prefix(spoken, MAX_UNITS - units(tail) - 1).rstrip()} {tail}"
    return Message(address, piece_of(spoken).html)
