"""/watch: a watch of this chat's own, drafted from a name or a few words, shown with what it would have brought.

What is looked up takes seconds, so "I am looking…" comes first and becomes the answer. Buttons carry the whole state,
and each says the wished one, so that a restart forgets nothing and pressing twice does no harm:
    ow:p:NUMBER:VIEW:PAGE       show; VIEW is c (caught) or n (close, not caught)
    ow:y|x|z:NUMBER:VIEW:PAGE:ITEM   an article is right, is wrong, is not marked any more
    ow:k|l|s|d|h|v:NUMBER       keep, learn, show as YAML, drop or end, draft anew as a person (h) or event (v)
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from monitor.bot import own_watch_words as words
from monitor.bot.chat_request import Html, Keyboard, Request, bold, italic, lines, link, plain
from monitor.bot.context import BotContext
from monitor.bot.follow import full
from monitor.bot.paging import page_number, turns
from monitor.matching.draft.draft_yaml import yaml_of_watch
from monitor.matching.own_matcher import wrong_query
from monitor.notify.html import MAX_UNITS, cut, units
from monitor.notify.render import clock_time
from monitor.pipeline.follow_targets import MOST_FOLLOWED
from monitor.pipeline.own_jobs import Kind
from monitor.pipeline.own_watches import MOST_KEPT, MOST_WAITING, Kept, OwnDesk, OwnShown, TooBusy
from monitor.store.transaction import Transaction
from monitor.types import Alert, Button, Event, Item, ItemId, Leader, OwnWatch, Target, own_id, own_number

OWN = "ow"
CAUGHT, NEAR = "c", "n"
PER_PAGE = 6  # examples: with two buttons each they fill half a phone
MOST_TEXT = 3_900  # characters of a watch that is typed: a message has 4,096
LONGEST_WORDS = 200  # characters of a name or phrase, as of any name in a watchlist
NAME_UNITS = 80
TITLE_UNITS = 160
UNSAVED = own_id(0)  # what a text is read as before it has a row; no row has that number
_PRESS = re.compile(r"([a-z]):([0-9]{1,18})(?::([cn]):([0-9]{1,4})(?::([0-9]{1,18}))?)?")
_CHANGES = re.compile(r"#?([0-9]{1,18})\s*:\s*(.+)", re.DOTALL)
_QUERY = re.compile(r'["“”~{}()=]|@\w|\b(?:AND|OR|NOT|NEAR/?\d*)\b|\btitle:')
_YAML = re.compile(r"^\s*(?:-\s+)?(?:leaders|events|id|name|match|aliases)\s*:", re.MULTILINE)


async def watch(context: BotContext, request: Request) -> None:
    """/watch NAME, words, a query, or YAML; "/watch NUMBER: …" changes one that is there."""
    desk = context.own
    if desk is None or not request.argument:
        await request.reply(_usage(request))
        return
    changes = _CHANGES.fullmatch(request.argument)
    if changes is None:
        await _begin(context, desk, request, request.argument.strip())
        return
    own = await desk.of(request.address, int(changes[1]))
    if own is None:
        await request.reply(_gone(request))
        return
    await _begin(context, desk, request, changes[2].strip(), own=own)


def _usage(request: Request) -> Html:
    command = "/theodoirieng" if request.lang == "vi" else "/watch"
    return lines(
        [
            request.gettext("What should I watch for this chat alone? Send a name or what happens in a few words:"),
            Html(f"• <code>{command} Nguyễn Văn Thắng bộ trưởng</code>"),
            Html(f"• <code>{command} cháy rừng ở Quảng Ninh</code>"),
            Html(f'• <code>{command} "cà phê" NEAR/10 (giá OR "xuất khẩu")</code>'),
            request.gettext(
                "I show what it would have brought in the last days, and you keep it or not. See /watches."
            ),
        ]
    )


async def _begin(
    context: BotContext, desk: OwnDesk, request: Request, asked: str, *, own: OwnWatch | None = None
) -> None:
    """Take what was typed, for a new draft or for one that is there; or say what is wrong with it."""
    text = _text_of(context, desk, request, asked)
    if isinstance(text, Html):
        await request.reply(text)
        return
    asked = asked if not text else cut(" ".join(asked.split()), LONGEST_WORDS)
    if own is None:
        own = await desk.begin(request.address, asked, text=text)
    elif text:
        own = await desk.change(own, asked, text)
    else:
        own = replace(own, asked=asked, text="")  # written once something is drafted of it
    await show_in_a_while(context, desk, request, own)


def _text_of(context: BotContext, desk: OwnDesk, request: Request, asked: str) -> str | Html:
    """The YAML that was typed, or that a typed query comes to; empty for words; else what is wrong."""
    if _YAML.search(asked):
        read = desk.read(asked, UNSAVED)
        return words.problems_in(request, read) if isinstance(read, tuple) else yaml_of_watch(read)
    if _QUERY.search(asked):
        query = " ".join(asked.split())
        event = Event(UNSAVED, cut(query, NAME_UNITS), match=(query,))
        wrong = wrong_query(event, context.running.watchlist())
        if wrong is not None:
            said = words.wrong_query(request, query, wrong.column, wrong.args[0])
            head = request.gettext("The query is wrong:")
            return Html(f"{head} {said}")
        text = yaml_of_watch(event)
        read = desk.read(text, UNSAVED)
        return words.problems_in(request, read) if isinstance(read, tuple) else text
    if len(asked) > LONGEST_WORDS or not any(letter.isalnum() for letter in asked):
        return request.gettext("A name or a few words are enough: at most {n} characters.", n=LONGEST_WORDS)
    return ""


def _gone(request: Request) -> Html:
    return request.gettext("That watch is not here any more. See /watches.")


# ---------------------------------------------------------------- looked up in a while


async def show_in_a_while(
    context: BotContext,
    desk: OwnDesk,
    request: Request,
    own: OwnWatch,
    *,
    kind: Kind | None = None,
    learn: bool = False,
    view: str = CAUGHT,
    page: int = 0,
) -> None:
    """Say that it is being looked up, and draw the answer there when it is found."""
    if desk.waiting >= MOST_WAITING:
        await request.tell(_busy(request))
        return
    looking = request.gettext("🔎 I am looking through the news of the last days…")
    if desk.waiting:
        before = request.ngettext("{n} is before you.", "{n} are before you.", desk.waiting)
        looking = Html(f"{looking}\n{before}")
    keyboard = [[Button(request.words.gettext("Look again"), f"{OWN}:p:{own.number}:{CAUGHT}:0")]]
    if request.query_id:
        await request.popup()
        await request.redraw(Html(f"{bold(cut(own.asked, NAME_UNITS))}\n{looking}"), keyboard)
        target = request
    else:
        shown = await request.reply(Html(f"{bold(cut(own.asked, NAME_UNITS))}\n{looking}"), keyboard)
        target = replace(request, shows=shown)

    async def do() -> None:
        try:
            found = await desk.shown(own, kind=kind, learn=learn)
        except TooBusy:
            await target.redraw(plain(_busy(request)), keyboard)
            return
        if found is None:
            await target.redraw(_gone(request))
            return
        await _draw(context, target, found, view, page)

    async def lost() -> None:
        await context.store.write(Transaction.lose_chat, request.address.chat_id)

    context.errands.begin(target, do, lost=lost)


def _busy(request: Request) -> str:
    return request.words.gettext("Many are looking something up just now. Please try again in a minute.")


# ---------------------------------------------------------------- buttons


async def own_button(context: BotContext, request: Request) -> None:
    """A button under an own watch was pressed."""
    pressed = _PRESS.fullmatch(request.argument)
    own = await context.own.of(request.address, int(pressed[2])) if pressed and context.own is not None else None
    if pressed is None or own is None or context.own is None:
        await request.popup(str(_gone(request)), loud=True)
        return
    action, _, view, page, item = pressed.groups()
    if action in "yxz" and item:
        await _mark(context, context.own, request, own, (action, ItemId(item), view, page_number(page)))
    elif action in _ACTIONS:
        await _ACTIONS[action](context, context.own, request, own)
    else:
        await _show(context, context.own, request, own, view or CAUGHT, page_number(page or ""))


async def _show(
    context: BotContext,
    desk: OwnDesk,
    request: Request,
    own: OwnWatch,
    view: str = CAUGHT,
    page: int = 0,
    *,
    note: str = "",
) -> None:
    if not desk.is_at_hand(own):
        await show_in_a_while(context, desk, request, own, view=view, page=page)
        return
    found = await desk.shown(own)
    await request.popup(note)
    if found is not None:
        await _draw(context, request, found, view, page)


async def _mark(
    context: BotContext, desk: OwnDesk, request: Request, own: OwnWatch, wish: tuple[str, ItemId, str, int]
) -> None:
    action, item_id, view, page = wish
    if not await desk.mark(own, item_id, {"y": True, "x": False}.get(action)):
        await request.popup(
            request.words.gettext("This article can not be marked: it is gone, or enough are."), loud=True
        )
        return
    await _show(context, desk, request, own, view, page)


async def _keep(context: BotContext, desk: OwnDesk, request: Request, own: OwnWatch) -> None:
    if not own.text:
        await _show(context, desk, request, own)
        return

    def may_follow(tx: Transaction) -> bool:
        return len(tx.following(request.address)) < MOST_FOLLOWED

    kept = await desk.keep(own, may_follow=may_follow)
    if kept is Kept.FULL:
        await request.popup(
            request.words.gettext(
                "This chat keeps {n} watches of its own already. End one first: /watches", n=MOST_KEPT
            ),
            loud=True,
        )
    elif kept is Kept.FOLLOWS_TOO_MUCH:
        await request.popup(str(full(request)), loud=True)
    else:
        now = await desk.of(request.address, own.number)
        note = request.words.gettext("✅ Kept. From now on you are told.")
        await _show(context, desk, request, now or own, note=note)


async def _learn(context: BotContext, desk: OwnDesk, request: Request, own: OwnWatch) -> None:
    if not await context.store.read(Transaction.own_marks, own.number):
        await request.popup(
            request.words.gettext("Mark some articles first: ✓ for what you want, ✗ for what you do not."), loud=True
        )
        return
    await show_in_a_while(context, desk, request, own, learn=True)


async def _as_person(context: BotContext, desk: OwnDesk, request: Request, own: OwnWatch) -> None:
    await show_in_a_while(context, desk, request, own, kind="leader")


async def _as_event(context: BotContext, desk: OwnDesk, request: Request, own: OwnWatch) -> None:
    await show_in_a_while(context, desk, request, own, kind="event")


async def _yaml(context: BotContext, desk: OwnDesk, request: Request, own: OwnWatch) -> None:
    """Show it as YAML, with how to change it."""
    await request.popup()
    how = request.gettext(
        "To change it, send new words or the changed text as: {command}", command=f"/watch {own.number}: …"
    )
    shown = Html(f"<pre>{plain(own.text)}</pre>")
    if units(shown) + units(how) > MAX_UNITS - 2:
        shown = italic(request.gettext("It is too long to be shown here."))
    await request.reply(Html(f"{shown}\n{how}"), to=request.message_id)


async def _drop(context: BotContext, desk: OwnDesk, request: Request, own: OwnWatch) -> None:
    await desk.end(own)
    await request.popup()
    gone = request.gettext("Ended: {name}", name=bold(cut(own.asked, NAME_UNITS)))
    others = request.gettext("Others: /watches. A new one: /watch")
    await request.redraw(Html(f"{gone}\n{others}"))


async def wrong_of_own(
    context: BotContext, request: Request, alert: Alert, *, may_mark: Callable[[], Awaitable[bool]]
) -> bool:
    """An alert that came by own watches alone was called wrong: that is a mark of theirs, and no editor's business.

    False for any other alert. `may_mark`: whether whoever says so may change what the chat gets.
    """
    numbers = [number for each in alert.watch_ids if (number := own_number(each)) is not None]
    if context.own is None or alert.item_id is None or not numbers or len(numbers) < len(alert.watch_ids):
        return False
    if not await may_mark():
        await request.popup(request.words.gettext("Only administrators of this chat can change that."), loud=True)
        return True
    for number in numbers:
        own = await context.own.of(alert.address, number)
        if own is not None:
            await context.own.mark(own, alert.item_id, False)
    await request.popup(request.words.gettext("Noted. In /watches this chat's watch can learn from it."), loud=True)
    return True


_Act = Callable[[BotContext, OwnDesk, Request, OwnWatch], Awaitable[None]]
_ACTIONS: dict[str, _Act] = {
    "k": _keep,
    "l": _learn,
    "h": _as_person,
    "v": _as_event,
    "s": _yaml,
    "d": _drop,
}


# ---------------------------------------------------------------- how it looks


async def _draw(context: BotContext, request: Request, found: OwnShown, view: str, page: int) -> None:
    examples = found.looked.examples
    listed = examples.near if view == NEAR else examples.caught
    pages = max(1, -(-len(listed) // PER_PAGE))
    page = min(page, pages - 1)
    ids = listed[page * PER_PAGE : (page + 1) * PER_PAGE]
    items = await context.store.read(Transaction.items_named, ids)
    followed = Target(found.own.watch_id) in await context.store.read(Transaction.following, request.address)
    there = [items[item_id] for item_id in ids if item_id in items]
    text = [*_head(request, found, is_followed=followed), *_examples(context, request, found, there, view)]
    keyboard = [*_marks(found, there, view, page), *_ways(request, found, view, page, pages)]
    await request.redraw(lines(text), [*keyboard, *_actions(request, found, is_followed=followed)])


def _head(request: Request, found: OwnShown, *, is_followed: bool) -> list[Html]:
    own, looked = found.own, found.looked
    state = request.gettext("a draft") if own.kept_at is None else request.gettext("kept, for this chat alone")
    if own.kept_at is not None and not is_followed:
        state = request.gettext("kept, but silent")
    head = [Html(f"🎯 {bold(found.watch.name)} · {italic(state)}"), *words.in_words(request, found.watch)]
    if looked.agreeing != (0, 0):
        head += words.learnt(request, looked)
    if not looked.found:
        head.append(
            italic(request.gettext("The news of the last weeks do not know it: this is no more than what you typed."))
        )
    return [*head, Html(""), words.how_much(request, looked)]


def _examples(context: BotContext, request: Request, found: OwnShown, items: Sequence[Item], view: str) -> list[Html]:
    if not items:
        return []
    head = request.gettext("Close, not caught:") if view == NEAR else request.gettext("The newest:")
    said = [bold(head)]
    now = context.clock()
    for number, item in enumerate(items, start=1):
        mark = found.marks.get(item.id)
        sign = "" if mark is None else "✅ " if mark else "❌ "
        when = clock_time(item.at.astimezone(context.timezone), now) if item.at else ""
        source = italic(" · ".join(filter(None, (item.outlet, when))))
        said.append(Html(f"{number}. {sign}{link(cut(item.title, TITLE_UNITS), item.url)} {source}"))
    said.append(italic(request.gettext("✓ is what you want to hear of, ✗ is not; then let me learn from it.")))
    return said


def _marks(found: OwnShown, items: Sequence[Item], view: str, page: int) -> list[Sequence[Button]]:
    """Two buttons an article, two articles a row; each says what it will be."""
    buttons: list[Button] = []
    for number, item in enumerate(items, start=1):
        said = found.marks.get(item.id)
        tail = f"{found.own.number}:{view}:{page}:{item.id}"
        buttons.append(
            Button(f"{number} {'✅' if said is True else '✓'}", f"{OWN}:{'z' if said is True else 'y'}:{tail}")
        )
        buttons.append(
            Button(f"{number} {'❌' if said is False else '✗'}", f"{OWN}:{'z' if said is False else 'x'}:{tail}")
        )
    return [buttons[at : at + 4] for at in range(0, len(buttons), 4)]


def _ways(request: Request, found: OwnShown, view: str, page: int, pages: int) -> Keyboard:
    """The pages, and the way to the other view."""
    number, examples = found.own.number, found.looked.examples
    ways = [turns(page, pages, lambda to: f"{OWN}:p:{number}:{view}:{to}")]
    if view == NEAR:
        ways.append([Button(request.words.gettext("↩ What it brings"), f"{OWN}:p:{number}:{CAUGHT}:0")])
    elif examples.near:
        label = request.words.gettext("Close, not caught: {n}", n=len(examples.near))
        ways.append([Button(label, f"{OWN}:p:{number}:{NEAR}:0")])
    return ways


def _actions(request: Request, found: OwnShown, *, is_followed: bool) -> Keyboard:
    number, is_draft, _ = found.own.number, found.own.kept_at is None, request.words
    learn = Button(_.gettext("🎓 Learn from the marks"), f"{OWN}:l:{number}")
    yaml = Button(_.gettext("As YAML"), f"{OWN}:s:{number}")
    if not is_draft:
        again = [] if is_followed else [Button(_.gettext("🔔 Tell me again"), f"{OWN}:k:{number}")]
        return [again, [learn], [yaml, Button(_.gettext("✖ End it"), f"{OWN}:d:{number}")]]
    if isinstance(found.watch, Leader):
        other = Button(_.gettext("Not a person: what happens"), f"{OWN}:v:{number}")
    else:
        other = Button(_.gettext("It is a person's name"), f"{OWN}:h:{number}")
    is_query = _QUERY.search(found.own.asked) or len(found.own.asked) > LONGEST_WORDS
    return [
        [Button(_.gettext("✔ Keep"), f"{OWN}:k:{number}"), Button(_.gettext("✖ Drop"), f"{OWN}:d:{number}")],
        [learn],
        [yaml, *(() if is_query else (other,))],
    ]
