"""/trend and /who: how often somebody or something is in the news, and with whom, as a picture and in words.

Draws nothing itself (pipeline/pictures.py); leaves the meaning of a name to bot/targets.py.
"""

import re

import structlog

from monitor.bot.chat_request import Html, Request, plain
from monitor.bot.context import BotContext
from monitor.bot.follow import unknown
from monitor.bot.targets import Named, watch_ids
from monitor.errors import PictureError
from monitor.types import PictureKind, PictureSpec, Target, WatchId

log = structlog.get_logger(__name__)

_BETWEEN = re.compile(r"\s*[,;\n]\s*|\s+(?:vs\.?|và|and|với|so với)\s+", re.IGNORECASE)
MOST = 2  # trends in one picture: a third line cannot be told from the others on a phone


async def trend(context: BotContext, request: Request) -> None:
    """/trend TARGET [TARGET]: mentions a day of the last days; two targets against each other."""
    if not request.argument:
        await request.reply(request.gettext("Of whom or what? For example: /trend Putin, or two: /trend Putin, Trump"))
        return
    found = await _watches_meant(context, request, MOST)
    if found is not None:
        await _draw(context, request, PictureSpec(PictureKind.TREND, found))


async def who(context: BotContext, request: Request) -> None:
    """/who TARGET: with whom somebody is named in the last days."""
    if not request.argument:
        await request.reply(request.gettext("With whom is who named? For example: /who Putin"))
        return
    found = await _watches_meant(context, request, 1)
    if found is not None:
        await _draw(context, request, PictureSpec(PictureKind.WHO, found))


async def _watches_meant(context: BotContext, request: Request, most: int) -> tuple[WatchId, ...] | None:
    """The watches that a reader means; None when they have been told why there are none."""
    text = request.argument
    watchlist = context.watchlist_of(request.address)
    whole = await context.find(text, request.address)
    wishes = [text] if whole.sure or most == 1 else await _two_wishes(context, request)
    meant: list[WatchId] = []
    for wish in wishes[:most]:
        found = await context.find(wish, request.address)
        if not found.hits:
            await request.reply(unknown(request, wish))
            return None
        # of a tag or of everything no single line can be drawn
        mine = next((each for hit in found.hits if (each := _watch_of(hit, watchlist.named()))), None)
        if mine is None:
            one = next(iter(watch_ids(found.hits[:1], watchlist)), "putin")
            await request.reply(
                request.gettext("That is a group of several: name one of them, for example: /trend {id}", id=one)
            )
            return None
        meant.append(mine)
    return tuple(dict.fromkeys(meant))


async def _two_wishes(context: BotContext, request: Request) -> list[str]:
    """A text as one name or as two: parted by a comma or a word between, else where both halves are surely names."""
    text = request.argument
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    if len(parts) > 1:
        return parts
    words = text.split()
    for cut in range(1, len(words)):
        halves = [" ".join(words[:cut]), " ".join(words[cut:])]
        if all([(await context.find(half, request.address)).sure for half in halves]):
            return halves
    return [text]


def _watch_of(target: Target, named: Named) -> WatchId | None:
    watch = named.get(WatchId(target))
    return watch.id if watch is not None else None


async def _draw(context: BotContext, request: Request, spec: PictureSpec) -> None:
    assert context.pictures is not None
    now = context.clock()
    sketch = await context.pictures.sketch(spec, lang=request.lang, now=now)
    if sketch is None:
        await request.reply(_nothing(context, request, spec))
        return
    try:
        png = await context.pictures.render(sketch)
    except PictureError as failed:
        log.error("picture not drawn", why=str(failed))
        await request.reply(Html(sketch.caption))
        return
    await request.reply_picture(png, Html(sketch.caption), spec)


def _nothing(context: BotContext, request: Request, spec: PictureSpec) -> Html:
    named = context.watchlist_of(request.address).named()
    names = ", ".join(named[each].name for each in spec.watch_ids if each in named)
    if spec.kind is PictureKind.WHO:
        return request.gettext(
            "{names} was named with nobody of the watchlist in the last {n} days.", names=plain(names), n=spec.days
        )
    return request.gettext("No article of the last {n} days names {names}.", names=plain(names), n=spec.days)
