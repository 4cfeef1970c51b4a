"""/follow, /unfollow, /following, and a name sent without a command: what a chat wants to hear of.

Leaves browsing to bot/menu.py and the meaning of a name to bot/targets.py.
"""

import re
from collections.abc import Collection, Sequence

from monitor.bot.chat_request import Html, Keyboard, Talk, bold, lines, plain
from monitor.bot.context import Desk
from monitor.bot.paging import page_of, turns
from monitor.bot.targets import Found, Named, all_targets, by_token, covering, fold, label, token
from monitor.notify.render import cut
from monitor.types import EVERYTHING, Button, Target, WatchId

FOLLOW = "f"
UNFOLLOW = "u"
FOLLOWED_PAGE = "p"
MOST_AT_ONCE = 30  # targets in one message
MOST_NAMED = 30  # in one sentence
_SEPARATOR = re.compile(r"[,;\n]+")
_EVERYTHING_WORDS = frozenset({"all", "everything", "tat ca", "moi thu"})


def shown(talk: Talk, target: Target, named: Named) -> str:
    """A target's name for a reader."""
    return talk.words.gettext("everything") if target == EVERYTHING else label(target, named)


async def follow(desk: Desk, talk: Talk) -> None:
    """/follow TARGET[, TARGET…]: follow what is clear, ask back about what is not."""
    if not talk.argument:
        await talk.reply(
            talk.gettext("Whom or what? For example: /follow Putin, #nga, động đất. Or choose from /watchlist.")
        )
        return
    await follow_wishes(desk, talk, talk.argument)


async def follow_wishes(desk: Desk, talk: Talk, wishes: str) -> None:
    """Follow what is clear among these names, ask back about what is not."""
    finder, named = await desk.finder(), desk.watchlist().named()
    answer: list[Html] = []
    sure: list[Target] = []
    keyboard: list[Sequence[Button]] = []
    for wish in _wishes(wishes):
        found = finder.find(wish)
        if found.sure:
            sure += found.hits
        else:
            answer.append(_question(talk, wish, found))
            keyboard += _choice(talk, found, f"{FOLLOW}:+:", named)
    answer = [*await _followed(desk, talk, sure, named), *answer]
    await talk.reply(lines(answer), keyboard)


async def follow_button(desk: Desk, talk: Talk) -> None:
    """A choice of /follow was pressed: the message with the choices becomes the answer."""
    _, _, short = talk.argument.partition(":")
    watchlist = desk.watchlist()
    named, target = watchlist.named(), by_token(short, all_targets(watchlist))
    if target is None:
        await talk.popup(talk.words.gettext("The watchlist has changed; please ask again."), loud=True)
        return
    answer = await _followed(desk, talk, [target], named)
    await talk.popup(talk.words.gettext("Followed: {name}", name=shown(talk, target, named)))
    await talk.redraw(lines(answer))


async def _followed(desk: Desk, talk: Talk, targets: Sequence[Target], named: Named) -> list[Html]:
    new: list[Target] = []
    known: list[Target] = []
    async with desk.store.begin() as tx:
        for target in dict.fromkeys(targets):
            (new if await tx.follow(talk.address, target, now=desk.clock()) else known).append(target)
    answer = []
    if new:
        answer.append(talk.gettext("✅ Now following: {names}", names=_names(talk, new, named)))
    if known:
        answer.append(talk.gettext("Already followed: {names}", names=_names(talk, known, named)))
    return answer


async def unfollow(desk: Desk, talk: Talk) -> None:
    """/unfollow TARGET[, TARGET…], or "all"."""
    named = desk.watchlist().named()
    async with desk.store.read() as tx:
        followed = await tx.following(talk.address)
    if not talk.argument:
        await _list(desk, talk, followed, page=0)
        return
    if not followed:
        await talk.reply(talk.gettext("You follow nothing yet. Choose from /watchlist, or send: /follow Putin"))
        return
    finder = await desk.finder()
    answer: list[Html] = []
    gone: list[Target] = []
    keyboard: list[Sequence[Button]] = []
    for wish in _wishes(talk.argument):
        if wish == "*" or fold(wish) in _EVERYTHING_WORDS:
            gone += followed
            continue
        found = finder.find(wish)
        mine = [target for target in followed if target in found.hits or target.casefold() == wish.casefold()]
        if len(mine) == 1:
            gone += mine
        elif mine:
            answer.append(_question(talk, wish, Found(tuple(mine), False)))
            keyboard += _choice(talk, Found(tuple(mine), False), f"{UNFOLLOW}:-:", named)
        else:
            answer.append(_not_followed(talk, wish, found, followed, named))
    answer = [*await _unfollowed(desk, talk, gone, named), *answer]
    await talk.reply(lines(answer), keyboard)


async def unfollow_button(desk: Desk, talk: Talk) -> None:
    """A choice of /unfollow ("-:TOKEN"), or a cross in the list ("PAGE:TOKEN"), which is then drawn anew."""
    where, _, short = talk.argument.partition(":")
    named = desk.watchlist().named()
    async with desk.store.read() as tx:
        followed = await tx.following(talk.address)
    target = by_token(short, followed) if short else None
    answer = await _unfollowed(desk, talk, [target] if target else [], named)
    if where == "-":
        await talk.popup()
        await talk.redraw(lines(answer) or talk.gettext("That is not followed any more."))
        return
    name = shown(talk, target, named) if target else ""
    await talk.popup(talk.words.gettext("No longer followed: {name}", name=name) if name else "")
    left = [each for each in followed if each != target]
    await _list(desk, talk, left, page=int(where) if where.isdigit() else 0)


async def _unfollowed(desk: Desk, talk: Talk, targets: Sequence[Target], named: Named) -> list[Html]:
    async with desk.store.begin() as tx:
        gone = [target for target in dict.fromkeys(targets) if await tx.unfollow(talk.address, target)]
        left = await tx.following(talk.address)
    if not gone:
        return []
    answer = [talk.gettext("No longer followed: {name}", name=_names(talk, gone, named))]
    for target in gone:
        watch = named.get(WatchId(target))
        if watch and (wider := [each for each in covering(watch) if each in left]):
            names = _names(talk, wider, named)
            answer.append(
                talk.gettext("{name} still comes along with {names}, which you follow.", name=watch.name, names=names)
            )
    return answer


async def following(desk: Desk, talk: Talk) -> None:
    """/following: the list, with a button to drop each."""
    async with desk.store.read() as tx:
        followed = await tx.following(talk.address)
    await _list(desk, talk, followed, page=0)


async def _list(desk: Desk, talk: Talk, followed: Sequence[Target], *, page: int) -> None:
    if not followed:
        await talk.redraw(talk.gettext("You follow nothing yet. Choose from /watchlist, or send: /follow Putin"))
        return
    watchlist = desk.watchlist()
    named, known = watchlist.named(), set(all_targets(watchlist))
    text = [talk.ngettext("You follow {n} target:", "You follow {n} targets:", len(followed))]
    lost = talk.gettext("(no longer in the watchlist)")
    text += [
        Html(f"• {bold(shown(talk, each, named))}") if each in known else Html(f"• {plain(each)} {lost}")
        for each in followed
    ]
    on_page, page, pages = page_of(followed, page)
    keyboard: list[Sequence[Button]] = [
        [Button(f"✖ {shown(talk, each, named)}", f"{UNFOLLOW}:{page}:{token(each)}")] for each in on_page
    ]
    await talk.redraw(lines(text), [*keyboard, turns(page, pages, lambda to: f"{FOLLOWED_PAGE}:{to}")])


async def following_page(desk: Desk, talk: Talk) -> None:
    """A page of /following was turned."""
    async with desk.store.read() as tx:
        followed = await tx.following(talk.address)
    await talk.popup()
    await _list(desk, talk, followed, page=int(talk.argument) if talk.argument.isdigit() else 0)


async def search(desk: Desk, talk: Talk) -> None:
    """A text without a command, in a private chat: offer what it may name."""
    finder, named = await desk.finder(), desk.watchlist().named()
    found = finder.find(talk.argument)
    if not found.hits:
        await talk.reply(unknown(talk, talk.argument))
        return
    keyboard = _choice(talk, found, f"{FOLLOW}:+:", named)
    await talk.reply(talk.gettext("Follow this?"), keyboard)


def _wishes(argument: str) -> list[str]:
    wishes = (part.strip() for part in _SEPARATOR.split(argument))
    return list(dict.fromkeys(filter(None, wishes)))[:MOST_AT_ONCE]


def _names(talk: Talk, targets: Sequence[Target], named: Named) -> Html:
    some = ", ".join(bold(shown(talk, target, named)) for target in targets[:MOST_NAMED])
    return Html(f"{some} +{len(targets) - MOST_NAMED}" if len(targets) > MOST_NAMED else some)


def _question(talk: Talk, wish: str, found: Found) -> Html:
    if found.hits:
        return talk.gettext("“{wish}” may mean several things. Which?", wish=cut(wish, 60))
    return unknown(talk, wish)


def _not_followed(talk: Talk, wish: str, found: Found, followed: Collection[Target], named: Named) -> Html:
    watch = named.get(WatchId(found.hits[0])) if found.sure else None
    if watch and (wider := [each for each in covering(watch) if each in followed]):
        names = _names(talk, wider, named)
        return talk.gettext("{name} comes along with {names}, which you follow.", name=watch.name, names=names)
    return talk.gettext("You do not follow “{wish}”. See /following.", wish=cut(wish, 60))


def _choice(talk: Talk, found: Found, prefix: str, named: Named) -> Keyboard:
    return [[Button(shown(talk, target, named), prefix + token(target))] for target in found.hits]


def unknown(talk: Talk, wish: str) -> Html:
    """That no watch answers to this name."""
    return talk.gettext("I know nobody and nothing called “{wish}”. See /watchlist, or /help.", wish=cut(wish, 60))
