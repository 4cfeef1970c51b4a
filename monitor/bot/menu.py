"""/watchlist: leaders, events and tags as pages of buttons that follow and unfollow; one message that edits itself.

Leaves names typed by hand to bot/follow.py. The buttons carry the whole state (view, page, what to do), so a restart
forgets nothing and a press that Telegram repeats does the same again:
    m:VIEW:PAGE            show; VIEW is r (root), l (leaders), e (events), g (tags) or #HASH (one tag),
                           k (regions) or kCODE (one region), a (letters) or aLETTER (names under one letter)
    t:SIGN:VIEW:PAGE:TOKEN follow (+) or unfollow (-), then show
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Sequence

from monitor.bot.chat_request import Html, Request, bold, lines, plain
from monitor.bot.context import BotContext
from monitor.bot.follow import full, shown
from monitor.bot.paging import page_number, page_of, turns
from monitor.bot.targets import all_targets, by_token, covering, enabled, label, token
from monitor.pipeline.follow_targets import follow_targets
from monitor.pipeline.regions import REGIONS, Region, ordered, place_name, places_of, region_of, region_of_tag
from monitor.store.transaction import Transaction
from monitor.text.letter_order import first_letter, letter_key
from monitor.types import EVERYTHING, Button, Event, Leader, Target, Watch, WatchId, Watchlist

SHOW = "m"
TOGGLE = "t"
ROOT, LEADERS, EVENTS, TAGS, PARTS, LETTERS = "r", "l", "e", "g", "k", "a"
COUNTRIES_IN_ROW, PARTS_IN_ROW, LETTERS_IN_ROW = 3, 2, 6
_TOGGLE = re.compile(r"([+-]):([^:]*):([^:]*):(.*)", re.DOTALL)


async def watchlist_command(context: BotContext, request: Request) -> None:
    """/watchlist: what can be followed."""
    await _draw(context, request, ROOT, 0)


async def show_button(context: BotContext, request: Request) -> None:
    """Another view or page was asked for."""
    view, _, page = request.argument.partition(":")
    await request.popup()
    await _draw(context, request, view, page_number(page))


async def toggle_button(context: BotContext, request: Request) -> None:
    """A target was pressed."""
    toggle = _TOGGLE.fullmatch(request.argument)
    if toggle is None:  # no button of ours
        await request.popup()
        return
    sign, view, page, short = toggle.groups()
    watchlist = context.running.watchlist()
    target = by_token(short, all_targets(watchlist))
    if target is None:
        await request.popup(request.words.gettext("The watchlist has changed; please ask again."), loud=True)
    else:
        await request.popup(await _toggled(context, request, sign, target, watchlist))
    await _draw(context, request, view, page_number(page))


async def _toggled(context: BotContext, request: Request, sign: str, target: Target, watchlist: Watchlist) -> str:
    name = shown(request, target, watchlist.named())
    if sign == "-":
        await context.store.write(Transaction.unfollow, request.address, target)
        return request.words.gettext("No longer followed: {name}", name=name)
    _, _, refused = await context.store.write(follow_targets, request.address, [target], now=context.clock())
    if refused:
        return str(full(request))
    return request.words.gettext("Followed: {name}", name=name)


async def _draw(context: BotContext, request: Request, view: str, page: int) -> None:
    followed = await context.store.read(Transaction.following, request.address)
    watchlist = context.running.watchlist()
    watches = ordered(enabled(watchlist))
    leaders = [watch for watch in watches if isinstance(watch, Leader)]
    tags = [target for target in all_targets(watchlist) if target.startswith("#")]
    tag = next((each for each in tags if _tag_view(each) == view), None)
    region = next((each for each in REGIONS if view == PARTS + each.code), None)
    if tag is not None:
        home = region_of_tag(tag[1:])
        back = PARTS + home.code if home else TAGS
        place = place_name(tag[1:])
        tagged = [tag, *_targets([watch for watch in watches if tag in covering(watch)])]
        title = bold(f"{place} {tag}" if place else tag)
        await _page(request, title, view, page, tagged, watchlist, followed, back=back)
    elif region is not None:
        await _region(request, region, view, page, leaders, watchlist, followed)
    elif view == LEADERS:
        on_page, *_ = page_of(leaders, page)
        parts = dict.fromkeys(request.gettext(region_of(watch).name) for watch in on_page)
        heading = bold(request.gettext("Leaders"))
        title = Html(f"{heading} · {plain(', '.join(parts))}")
        jump = [[_to_regions(request), _to_letters(request)]]
        await _page(request, title, view, page, _targets(leaders), watchlist, followed, back=ROOT, jump=jump)
    elif view == EVENTS:
        title = bold(request.gettext("Events"))
        events = sorted(
            (watch for watch in watches if isinstance(watch, Event)), key=lambda each: letter_key(each.name)
        )
        await _page(request, title, view, page, _targets(events), watchlist, followed, back=ROOT)
    elif view == PARTS:
        await _regions(request, watches)
    elif view[:1] == LETTERS:
        await _letters(request, view, page, watches, watchlist, followed)
    elif view == TAGS:
        await _tags(request, page, tags, followed)
    else:
        await _root(request, len(leaders), len(watches) - len(leaders), len(tags), followed)


async def _root(request: Request, leaders: int, events: int, tags: int, followed: Collection[Target]) -> None:
    words = request.words
    # not inside f-strings, where the extraction of messages does not see them
    views = [
        ("👤", words.gettext("Leaders"), LEADERS, leaders),
        ("📰", words.gettext("Events"), EVENTS, events),
        ("🏷", words.gettext("By tag"), TAGS, tags),
    ]
    keyboard: list[Sequence[Button]] = [
        [Button(f"{sign} {name} · {n}", f"{SHOW}:{view}:0")] for sign, name, view, n in views if n
    ]
    if leaders + events:
        keyboard.append([_to_regions(request), _to_letters(request)])
    keyboard.append([_toggle(words.gettext("Everything"), EVERYTHING, ROOT, 0, followed, ())])
    text = [request.gettext("What would you like to hear of? You can also send me a name, for example: Putin.")]
    if followed:
        text.append(request.ngettext("You follow {n} target.", "You follow {n} targets.", len(followed)))
    await request.redraw(lines(text), keyboard)


def _to_regions(request: Request) -> Button:
    words = request.words.gettext("By region")
    return Button(f"🌏 {words}", f"{SHOW}:{PARTS}:0")


def _to_letters(request: Request) -> Button:
    words = request.words.gettext("By letter")
    return Button(f"🔤 {words}", f"{SHOW}:{LETTERS}:0")


async def _regions(request: Request, watches: Sequence[Watch]) -> None:
    """Every region that has watches, with how many."""
    counts = Counter(region_of(watch).code for watch in watches)
    buttons = [
        Button(f"{request.words.gettext(each.name)} · {counts[each.code]}", f"{SHOW}:{PARTS}{each.code}:0")
        for each in REGIONS
        if counts[each.code]
    ]
    await request.redraw(
        request.gettext("Which part of the world?"), [*_rows(buttons, PARTS_IN_ROW), _back(request, ROOT)]
    )


async def _region(
    request: Request,
    region: Region,
    view: str,
    page: int,
    leaders: Sequence[Watch],
    watchlist: Watchlist,
    followed: Collection[Target],
) -> None:
    """The watches of a region, leaders first, under its countries."""
    here = [watch for watch in ordered(enabled(watchlist)) if region_of(watch) is region]
    here.sort(key=lambda watch: watch not in leaders)
    countries = [
        Button(name, f"{SHOW}:{_tag_view(Target(f'#{tag}'))}:0")
        for tag, name in places_of(region, here)
        if len(here) > 1
    ]
    jump = _rows(countries, COUNTRIES_IN_ROW) if len(countries) > 1 else []
    title = bold(request.gettext(region.name))
    await _page(request, title, view, page, _targets(here), watchlist, followed, back=PARTS, jump=jump)


async def _letters(
    request: Request,
    view: str,
    page: int,
    watches: Sequence[Watch],
    watchlist: Watchlist,
    followed: Collection[Target],
) -> None:
    """The letters that names begin with, or the names under one of them: Vladimir Putin stands under V and P."""
    letter = view[len(LETTERS) :]
    named = [watch for watch in watches if letter and letter in _initials(watch)]
    if named:
        named.sort(key=lambda watch: letter_key(watch.name))
        await _page(request, bold(letter), view, page, _targets(named), watchlist, followed, back=LETTERS)
        return
    letters = sorted({each for watch in watches for each in _initials(watch)}, key=letter_key)
    buttons = [Button(each, f"{SHOW}:{LETTERS}{each}:0") for each in letters]
    text = request.gettext("With which letter does a name begin?")
    await request.redraw(text, [*_rows(buttons, LETTERS_IN_ROW), _back(request, ROOT)])


def _initials(watch: Watch) -> set[str]:
    """The letters of a name's first and last word; of an event the first alone."""
    words = watch.name.split()
    looked_under = (words[0], words[-1]) if isinstance(watch, Leader) else words[:1]
    return {letter for word in looked_under if (letter := first_letter(word))}


def _rows(buttons: Sequence[Button], width: int) -> list[Sequence[Button]]:
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]


async def _page(
    request: Request,
    title: Html,
    view: str,
    page: int,
    targets: Sequence[Target],
    watchlist: Watchlist,
    followed: Collection[Target],
    *,
    back: str,
    jump: Sequence[Sequence[Button]] = (),
) -> None:
    """Targets as buttons; `jump` are rows above them that lead elsewhere."""
    on_page, page, pages = page_of(targets, page)
    named = watchlist.named()
    keyboard: list[Sequence[Button]] = [*jump]
    for target in on_page:
        watch = named.get(WatchId(target))
        wider = covering(watch) if watch else (EVERYTHING,)
        keyboard.append([_toggle(label(target, named), target, view, page, followed, wider)])
    keyboard.append(turns(page, pages, lambda to: f"{SHOW}:{view}:{to}"))
    keyboard.append(_back(request, back))
    hint = request.gettext(
        "Press a name to follow or to drop it. ✅ followed, ☑️ comes along with a tag or with everything."
    )
    await request.redraw(Html(f"{title}\n{hint}"), keyboard)


async def _tags(request: Request, page: int, tags: Sequence[Target], followed: Collection[Target]) -> None:
    on_page, page, pages = page_of(tags, page)
    keyboard: list[Sequence[Button]] = [
        [Button(f"✅ {tag}" if tag in followed else tag, f"{SHOW}:{_tag_view(tag)}:0")] for tag in on_page
    ]
    keyboard.append(turns(page, pages, lambda to: f"{SHOW}:{TAGS}:{to}"))
    keyboard.append(_back(request, ROOT))
    await request.redraw(
        request.gettext("Whoever follows a tag hears of everything under it, also of what is added later."), keyboard
    )


def _back(request: Request, view: str) -> Sequence[Button]:
    return [Button(request.words.gettext("↩ Back"), f"{SHOW}:{view}:0")]


def _toggle(
    name: str, target: Target, view: str, page: int, followed: Collection[Target], wider: Collection[Target]
) -> Button:
    if target in followed:
        return Button(f"✅ {name}", f"{TOGGLE}:-:{view}:{page}:{token(target)}")
    mark = "☑️ " if any(each in followed for each in wider) else ""
    return Button(f"{mark}{name}", f"{TOGGLE}:+:{view}:{page}:{token(target)}")


def _targets(watches: Collection[Watch]) -> list[Target]:
    return [Target(watch.id) for watch in watches]


def _tag_view(tag: Target) -> str:
    # a tag may be as long as an editor likes; eight letters of a hash always fit beside a watch's id
    return "#" + hashlib.sha256(tag.encode()).hexdigest()[:8]
