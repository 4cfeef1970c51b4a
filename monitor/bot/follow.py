"""/follow, /unfollow, /following, and a name sent without a command: what a chat wants to hear of.

Leaves browsing to bot/menu.py and the meaning of a name to bot/targets.py.
"""

import re
from collections.abc import Collection, Sequence

from monitor.bot.chat_request import Html, Keyboard, Request, bold, lines, plain
from monitor.bot.context import BotContext
from monitor.bot.followed import after_following
from monitor.bot.paging import page_number, page_of, turns
from monitor.bot.targets import Found, Named, all_targets, by_token, covering, fold, label, token
from monitor.notify.html import cut
from monitor.pipeline.follow_targets import MOST_FOLLOWED, follow_targets
from monitor.store.transaction import Transaction
from monitor.types import EVERYTHING, Address, Button, Target, WatchId

FOLLOW = "f"
UNFOLLOW = "u"
FOLLOWED_PAGE = "p"
MOST_AT_ONCE = 30  # targets in one message
MOST_NAMED = 30  # in one sentence
_SEPARATOR = re.compile(r"[,;\n]+")
_EVERYTHING_WORDS = frozenset({"all", "everything", "tat ca", "moi thu"})


def shown(request: Request, target: Target, named: Named) -> str:
    """A target's name for a reader."""
    return request.words.gettext("everything") if target == EVERYTHING else label(target, named)


async def follow(context: BotContext, request: Request) -> None:
    """/follow TARGET[, TARGET…]: follow what is clear, ask back about what is not."""
    if not request.argument:
        await request.reply(
            request.gettext("Whom or what? For example: /follow Putin, #nga, động đất. Or choose from /watchlist.")
        )
        return
    await follow_wishes(context, request, request.argument)


async def follow_wishes(context: BotContext, request: Request, wishes: str) -> None:
    """Follow what is clear among these names, ask back about what is not."""
    named = context.running.watchlist().named()
    answer: list[Html] = []
    sure: list[Target] = []
    keyboard: list[Sequence[Button]] = []
    for wish in _wishes(wishes):
        found = await context.find(wish)
        if found.sure:
            sure += found.hits
        else:
            answer.append(_question(request, wish, found))
            keyboard += _choice(request, found, f"{FOLLOW}:+:", named)
    followed, undo = await _followed(context, request, sure, named)
    await request.reply(lines([*followed, *answer]), [*undo, *keyboard])


async def follow_link(context: BotContext, request: Request, names: str) -> None:
    """Follow what a link names: ids of watches and tags, parted by underscores; what it gets wrong is said."""
    watchlist = context.running.watchlist()
    named, known = watchlist.named(), set(all_targets(watchlist))
    parts = list(dict.fromkeys(filter(None, names.split("_"))))[:MOST_AT_ONCE]
    sure: list[Target] = []
    wrong: list[str] = []
    for part in parts:
        ways = (Target(part.casefold()), Target(f"#{part.casefold()}"))
        target = next((each for each in ways if each in known and each != EVERYTHING), None)
        found = Found((target,), True) if target else await context.find(part.replace("-", " "))
        if found.sure:
            sure += found.hits
        else:
            wrong.append(part)
    answer, undo = await _followed(context, request, sure, named)
    if wrong:
        words = ", ".join(cut(each, 40) for each in wrong)
        answer.append(
            request.gettext("The link names “{names}”, which the watchlist does not have. See /watchlist.", names=words)
        )
    await request.reply(lines(answer), undo)


async def follow_button(context: BotContext, request: Request) -> None:
    """A choice of /follow was pressed: the message with the choices becomes the answer."""
    _, _, short = request.argument.partition(":")
    watchlist = context.running.watchlist()
    named, target = watchlist.named(), by_token(short, all_targets(watchlist))
    if target is None:
        await request.popup(request.words.gettext("The watchlist has changed; please ask again."), loud=True)
        return
    answer, undo = await _followed(context, request, [target], named)
    done = request.words.gettext("Followed: {name}", name=shown(request, target, named))
    await request.popup(str(full(request)) if full(request) in answer else done)
    await request.redraw(lines(answer), undo)


async def _followed(
    context: BotContext, request: Request, targets: Sequence[Target], named: Named
) -> tuple[list[Html], Keyboard]:
    """What came of it, with its newest story and a button that undoes it."""
    new, known, refused = await context.store.write(follow_targets, request.address, targets, now=context.clock())
    answer = [full(request)] if refused else []
    if new:
        answer.append(request.gettext("✅ Now following: {names}", names=_names(request, new, named)))
    if known:
        answer.append(request.gettext("Already followed: {names}", names=_names(request, known, named)))
    about, undo = await after_following(context, request, new, named, undo=f"{UNFOLLOW}:-:")
    return [*answer, *about], undo


def full(request: Request) -> Html:
    """That a chat follows as many targets as it may."""
    return request.gettext(
        "One chat can follow {n} targets at most. A tag or /follow * brings many along at once.", n=MOST_FOLLOWED
    )


async def unfollow(context: BotContext, request: Request) -> None:
    """/unfollow TARGET[, TARGET…], or "all"."""
    named = context.watchlist_of(request.address).named()
    followed = await context.store.read(Transaction.following, request.address)
    if not request.argument:
        await _list(context, request, followed, page=0)
        return
    if not followed:
        await request.reply(request.gettext("You follow nothing yet. Choose from /watchlist, or send: /follow Putin"))
        return
    answer: list[Html] = []
    gone: list[Target] = []
    keyboard: list[Sequence[Button]] = []
    for wish in _wishes(request.argument):
        if wish == "*" or fold(wish) in _EVERYTHING_WORDS:
            gone += followed
            continue
        found = await context.find(wish, request.address)
        mine = [target for target in followed if target in found.hits or target.casefold() == wish.casefold()]
        if len(mine) == 1:
            gone += mine
        elif mine:
            answer.append(_question(request, wish, Found(tuple(mine), False)))
            keyboard += _choice(request, Found(tuple(mine), False), f"{UNFOLLOW}:-:", named)
        else:
            answer.append(_not_followed(request, wish, found, followed, named))
    answer = [*await _unfollowed(context, request, gone, named), *answer]
    await request.reply(lines(answer), keyboard)


async def unfollow_button(context: BotContext, request: Request) -> None:
    """A choice of /unfollow ("-:TOKEN"), or a cross in the list ("PAGE:TOKEN"), which is then drawn anew."""
    where, _, short = request.argument.partition(":")
    named = context.watchlist_of(request.address).named()
    followed = await context.store.read(Transaction.following, request.address)
    target = by_token(short, followed) if short else None
    answer = await _unfollowed(context, request, [target] if target else [], named)
    if where == "-":
        await request.popup()
        await request.redraw(lines(answer) or request.gettext("That is not followed any more."))
        return
    name = shown(request, target, named) if target else ""
    await request.popup(request.words.gettext("No longer followed: {name}", name=name) if name else "")
    left = [each for each in followed if each != target]
    await _list(context, request, left, page=page_number(where))


async def _unfollowed(context: BotContext, request: Request, targets: Sequence[Target], named: Named) -> list[Html]:
    gone, left = await context.store.write(_unfollow, request.address, targets)
    if not gone:
        return []
    answer = [request.gettext("No longer followed: {name}", name=_names(request, gone, named))]
    for target in gone:
        watch = named.get(WatchId(target))
        if watch and (wider := [each for each in covering(watch) if each in left]):
            names = _names(request, wider, named)
            answer.append(
                request.gettext(
                    "{name} still comes along with {names}, which you follow.", name=watch.name, names=names
                )
            )
    return answer


def _unfollow(tx: Transaction, address: Address, targets: Sequence[Target]) -> tuple[list[Target], list[Target]]:
    """Those of them that were followed until now, and what the chat still follows."""
    gone = [target for target in dict.fromkeys(targets) if tx.unfollow(address, target)]
    return gone, tx.following(address)


async def following(context: BotContext, request: Request) -> None:
    """/following: the list, with a button to drop each."""
    followed = await context.store.read(Transaction.following, request.address)
    await _list(context, request, followed, page=0)


async def _list(context: BotContext, request: Request, followed: Sequence[Target], *, page: int) -> None:
    if not followed:
        await request.redraw(request.gettext("You follow nothing yet. Choose from /watchlist, or send: /follow Putin"))
        return
    watchlist = context.watchlist_of(request.address)
    named, known = watchlist.named(), set(all_targets(watchlist))
    text = [request.ngettext("You follow {n} target:", "You follow {n} targets:", len(followed))]
    lost = request.gettext("(no longer in the watchlist)")
    text += [
        Html(f"• {bold(shown(request, each, named))}") if each in known else Html(f"• {plain(each)} {lost}")
        for each in followed
    ]
    on_page, page, pages = page_of(followed, page)
    keyboard: list[Sequence[Button]] = [
        [Button(f"✖ {shown(request, each, named)}", f"{UNFOLLOW}:{page}:{token(each)}")] for each in on_page
    ]
    await request.redraw(lines(text), [*keyboard, turns(page, pages, lambda to: f"{FOLLOWED_PAGE}:{to}")])


async def following_page(context: BotContext, request: Request) -> None:
    """A page of /following was turned."""
    followed = await context.store.read(Transaction.following, request.address)
    await request.popup()
    await _list(context, request, followed, page=page_number(request.argument))


async def search(context: BotContext, request: Request) -> None:
    """A text without a command, in a private chat: offer what it may name."""
    named = context.running.watchlist().named()
    found = await context.find(request.argument)
    if not found.hits:
        await request.reply(unknown(request, request.argument))
        return
    keyboard = _choice(request, found, f"{FOLLOW}:+:", named)
    await request.reply(request.gettext("Follow this?"), keyboard)


def _wishes(argument: str) -> list[str]:
    wishes = (part.strip() for part in _SEPARATOR.split(argument))
    return list(dict.fromkeys(filter(None, wishes)))[:MOST_AT_ONCE]


def _names(request: Request, targets: Sequence[Target], named: Named) -> Html:
    some = ", ".join(bold(shown(request, target, named)) for target in targets[:MOST_NAMED])
    return Html(f"{some} +{len(targets) - MOST_NAMED}" if len(targets) > MOST_NAMED else some)


def _question(request: Request, wish: str, found: Found) -> Html:
    if found.hits:
        return request.gettext("“{wish}” may mean several things. Which?", wish=cut(wish, 60))
    return unknown(request, wish)


def _not_followed(request: Request, wish: str, found: Found, followed: Collection[Target], named: Named) -> Html:
    watch = named.get(WatchId(found.hits[0])) if found.sure else None
    if watch and (wider := [each for each in covering(watch) if each in followed]):
        names = _names(request, wider, named)
        return request.gettext("{name} comes along with {names}, which you follow.", name=watch.name, names=names)
    return request.gettext("You do not follow “{wish}”. See /following.", wish=cut(wish, 60))


def _choice(request: Request, found: Found, prefix: str, named: Named) -> Keyboard:
    return [[Button(shown(request, target, named), prefix + token(target))] for target in found.hits]


def unknown(request: Request, wish: str) -> Html:
    """That no watch answers to this name, and what can be done about it: search the news, or watch for the words."""
    short = cut(wish, 60)
    search, watch = ("/tim", "/theodoirieng") if request.lang == "vi" else ("/search", "/watch")
    return lines(
        [
            request.gettext("I know nobody and nothing called “{wish}”. See /watchlist, or /help.", wish=short),
            request.gettext(
                "Look for it in the news: {command}", command=Html(f"<code>{search} {plain(short)}</code>")
            ),
            request.gettext("Hear of it from now on: {command}", command=Html(f"<code>{watch} {plain(short)}</code>")),
        ]
    )
