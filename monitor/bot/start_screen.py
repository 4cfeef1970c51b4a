"""The first screen: a hello, what the day's news is about as buttons to follow, a real alert, and what to expect.

One message that edits itself. Who is let in is bot/access.py's, what is offered bot/popular.py's.
    s:+:TOKEN  s:-:TOKEN   follow or drop, then show
    s:lang:CODE            speak another language, then show
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.bot.chat_request import Html, Request, bold, italic, lines
from monitor.bot.context import BotContext
from monitor.bot.follow import full, shown
from monitor.bot.followed import after_following, expected
from monitor.bot.popular import DAYS, popular, stories_a_day
from monitor.bot.targets import all_targets, by_token, enabled, token, watch_ids
from monitor.i18n import LANGUAGES
from monitor.notify.html import cut_sentences
from monitor.notify.render import alert_message
from monitor.pipeline.card import card_of
from monitor.pipeline.follow_targets import follow_targets
from monitor.store.count_rows import DailyCount
from monitor.store.transaction import Transaction
from monitor.types import Address, Button, Card, ChatState, StoryView, Target, Watch, WatchId, Watchlist

START = "s"
HELP = "help"
A_DAY = timedelta(days=1)
NOTHING = Html()
EXAMPLES = 20  # stories of which the one that most newspapers tell is shown
EXAMPLE_UNITS = 220  # of its summary
EXAMPLE_NAMES = 3
IN_ROW = 2
_OTHER_LANGUAGE = {"vi": ("en", "English"), "en": ("vi", "Tiếng Việt")}


@dataclass(frozen=True, slots=True)
class Screen:
    """What the store says for the first screen."""

    followed: Sequence[Target]
    mentions: dict[WatchId, int]
    counts: Sequence[DailyCount]
    offered: Sequence[Watch]
    example: Card | None
    paused: bool


def read_screen(tx: Transaction, address: Address, watches: Sequence[Watch], zone: ZoneInfo, now: datetime) -> Screen:
    """Read it, and render the example: a summary takes milliseconds, which this thread has."""
    mentions = dict(tx.mentioned_since(now - A_DAY))
    offered = popular(watches, mentions)
    named = [watch.id for watch in offered if mentions.get(watch.id)]
    views = tx.latest_stories(named, since=now - A_DAY, limit=EXAMPLES) if named else []
    chat = tx.chat(address)
    return Screen(
        tx.following(address),
        mentions,
        tx.daily_counts(since=now.astimezone(zone).date() - timedelta(days=DAYS)),
        offered,
        _example(views, named, zone),
        chat is not None and chat.state is ChatState.PAUSED,
    )


def _example(views: Sequence[StoryView], named: Collection[WatchId], zone: ZoneInfo) -> Card | None:
    """The story that most newspapers tell, the newest of equals, as a short card."""
    best = max(views, key=lambda view: len({item.outlet for item in view.items}), default=None)
    if best is None:
        return None
    card = card_of(best, set(named), zone=zone)
    summary = cut_sentences(card.summary, EXAMPLE_UNITS)
    bold = tuple(span for span in card.bold if span[1] <= len(summary))
    return replace(card, names=card.names[:EXAMPLE_NAMES], summary=summary, bold=bold)


async def show_start(context: BotContext, request: Request, *, note: Html = NOTHING) -> None:
    """Send the first screen; after a press, show it as it is now. `note` stands on top."""
    watchlist = context.running.watchlist()
    watches, now = enabled(watchlist), context.clock()
    screen = await context.store.read(read_screen, request.address, watches, context.timezone, now)
    text = [
        request.gettext(
            "Hello! I read the Vietnamese press and tell you once, with a summary and its sources, "
            "when something happens about the leaders and events that you follow."
        ),
        *_example_lines(request, screen.example, now.astimezone(context.timezone)),
        request.gettext("Press a name to follow it, or just send me one, for example: Putin, Tô Lâm, #nga."),
    ]
    if screen.followed:
        wanted = watch_ids(screen.followed, watchlist)
        a_day = stories_a_day(screen.counts, wanted, today=now.astimezone(context.timezone).date())
        followed = request.ngettext("You follow {n} target", "You follow {n} targets", len(screen.followed))
        text.append(Html("; ".join(filter(None, [followed, expected(request, a_day)])) + "."))
    if screen.paused:
        text.append(request.gettext("Alerts are paused here: /resume brings them back."))
    keyboard = _offers(request, screen, watchlist)
    to_list, to_help = request.words.gettext("List"), request.words.gettext("Help")
    code, name = _OTHER_LANGUAGE.get(request.lang, _OTHER_LANGUAGE["en"])
    keyboard.append(
        [
            Button(f"📋 {to_list}", "m:r:0"),
            Button(f"❔ {to_help}", f"{HELP}:"),
            Button(name, f"{START}:lang:{code}"),
        ]
    )
    await request.redraw(lines([note, *text] if note else text), keyboard)


def _example_lines(request: Request, card: Card | None, now: datetime) -> list[Html]:
    if card is None:
        return []
    message = alert_message(card, request.address, lang=request.lang, alert_id=0, now=now)
    return [italic(request.gettext("So it looks:")), Html(f"<blockquote>{message.html}</blockquote>")]


def _offers(request: Request, screen: Screen, watchlist: Watchlist) -> list[Sequence[Button]]:
    """What can be followed. After a press the same as before, so that no button moves under a thumb."""
    known = set(all_targets(watchlist))
    offered = [Target(watch.id) for watch in screen.offered]
    pressed = [each.data.split(":", 2)[2] for row in request.buttons for each in row if _is_offer(each)]
    if request.query_id and pressed:
        offered = [target for short in pressed if (target := by_token(short, known)) is not None]
    named = watchlist.named()
    buttons = []
    for target in offered:
        mark, sign = ("✅ ", "-") if target in screen.followed else ("", "+")
        n = screen.mentions.get(WatchId(target))
        name = shown(request, target, named)
        buttons.append(Button(f"{mark}{name} · {n}" if n else f"{mark}{name}", f"{START}:{sign}:{token(target)}"))
    return [buttons[start : start + IN_ROW] for start in range(0, len(buttons), IN_ROW)]


def _is_offer(button: Button) -> bool:
    return button.data.startswith((f"{START}:+:", f"{START}:-:"))


async def start_button(context: BotContext, request: Request) -> None:
    """A name or the language was pressed on the first screen."""
    sign, _, value = request.argument.partition(":")
    if sign == "lang":
        if value in LANGUAGES:
            await context.store.write(_speak, request.address, value)
            request = request.speaking(value)
        await request.popup()
        await show_start(context, request)
        return
    watchlist = context.running.watchlist()
    target = by_token(value, all_targets(watchlist)) if sign in ("+", "-") else None
    if target is None:
        await request.popup(request.words.gettext("The watchlist has changed; please ask again."), loud=True)
        return
    named, note = watchlist.named(), NOTHING
    name = shown(request, target, named)
    if sign == "-":
        await context.store.write(Transaction.unfollow, request.address, target)
        await request.popup(request.words.gettext("No longer followed: {name}", name=name))
    else:
        new, _, refused = await context.store.write(follow_targets, request.address, [target], now=context.clock())
        done = request.words.gettext("Followed: {name}", name=name)
        await request.popup(str(full(request)) if refused else done)
        about, _ = await after_following(context, request, new, named, undo="")
        if new:
            note = lines([request.gettext("✅ Now following: {names}", names=bold(name)), *about, NOTHING])
    await show_start(context, request, note=note)


def _speak(tx: Transaction, address: Address, lang: str) -> None:
    chat = tx.chat(address)
    if chat is not None:
        tx.save_chat(replace(chat, lang=lang))
