"""/missed URL: why this chat was not told of an article. Also in reply to a message with a link, or by a link alone.

Decides no reason (pipeline/ask_missed.py). Pages are read of newspapers that are followed by feeds alone, and not for
long: the bot is no way to have any address asked, and others wait for their answers meanwhile.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

from monitor.bot.chat_request import Html, Request, bold, lines, link, plain
from monitor.bot.context import BotContext
from monitor.matching.explain import Explanation, NearMiss
from monitor.notify.html import cut
from monitor.notify.missed_words import missed_words
from monitor.pipeline.ask_missed import MissedAnswer, address_in
from monitor.pipeline.following import follows
from monitor.store.transaction import Transaction
from monitor.types import Feed, MissedCode, Target

READ_WITHIN = timedelta(seconds=5)
MOST_NEAR = 5  # near misses shown
TITLE_UNITS = 200
WORD_UNITS = 60
_ABOUT_WORDS = frozenset(  # reasons that lie in the words of the article, or before anybody read them
    {
        *(MissedCode.NO_MATCH, MissedCode.IN_PASSING, MissedCode.NOT_STORED, MissedCode.NOT_IN_FEED),
        *(MissedCode.OUTLET_NOT_READ, MissedCode.FEEDS_OFF, MissedCode.FEEDS_FAIL, MissedCode.NOT_FOLLOWED),
    }
)


async def missed(context: BotContext, request: Request) -> None:
    """/missed URL or a title; bare in reply to a message with a link."""
    asked = request.argument or request.replied_text
    if not asked or context.missed is None:
        await request.reply(
            request.gettext("Send /missed with the link of an article, or send it in reply to a message with the link.")
        )
        return
    url = address_in(asked)
    if url:

        def may_read(feeds: Sequence[Feed]) -> bool:
            return bool(feeds) and not context.pages_read.add(request.address.chat_id, context.clock())

        answer = await context.missed.about_address(url, request.address, within=READ_WITHIN, may_read=may_read)
    else:
        answer = await context.missed.about_text(asked, request.address)
    followed = await context.store.read(Transaction.following, request.address)
    # in reply to the message that told it: one tap leads there
    await request.reply(lines(_lines(context, request, answer, followed)), to=answer.reason.message_id)


def _lines(context: BotContext, request: Request, answer: MissedAnswer, followed: Collection[Target]) -> Iterator[Html]:
    if answer.item is not None and (answer.found or answer.item.url):
        yield Html(f"❓ {bold(link(cut(answer.item.title, TITLE_UNITS), answer.item.url))}")
    reason = answer.reason
    words = plain(missed_words(reason, request.words, zone=context.timezone, now=context.clock()))
    title = plain(" ".join(reason.title.split()))
    if reason.url and title:  # the article that the story was told with
        words = Html(words.replace(title, link(title, reason.url), 1))
    yield words
    if answer.unread is not None:
        yield request.gettext("Its page could not be read: {why}", why=answer.unread.why)
    if reason.code in _ABOUT_WORDS and answer.explained is not None:
        yield from _of_words(context, request, answer.explained, followed)


def _of_words(
    context: BotContext, request: Request, explained: Explanation, followed: Collection[Target]
) -> Iterator[Html]:
    """What the article names, and what it came close to: of what this chat follows first."""
    names = list(dict.fromkeys(match.name for match in explained.matches))
    if names:
        yield request.gettext("Today's watchlist finds in it: {names}", names=", ".join(names[:MOST_NEAR]))
    near = _first(context, request, explained.near_misses, followed)
    if near:
        yield request.gettext("It came close to:")
    for miss in near:
        words = f" “{cut(miss.evidence.text, WORD_UNITS)}”" if miss.evidence else ""
        yield Html(f"• {bold(miss.name)}{plain(words)}: {plain(miss.why.text(request.lang))}")


def _first(
    context: BotContext, request: Request, near: Sequence[NearMiss], followed: Collection[Target]
) -> list[NearMiss]:
    """One near miss a watch, those of followed watches first."""
    watchlist = context.watchlist_of(request.address)
    named = {str(watch_id): watch for watch_id, watch in watchlist.named().items()}
    by_watch: dict[str, NearMiss] = {}
    for miss in near:
        by_watch.setdefault(miss.watch_id, miss)
    mine = [miss for miss in by_watch.values() if miss.watch_id in named and follows(named[miss.watch_id], followed)]
    return [*mine, *(miss for miss in by_watch.values() if miss not in mine)][:MOST_NEAR]
