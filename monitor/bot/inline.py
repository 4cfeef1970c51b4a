"""@bot putin, typed in any chat: the newest stories of that target, or with these words, to be sent there.

Whoever types sends a query per letter: one that is too much gets no answer, and what takes time runs in the store's
thread. Who is not let in sees a button to the bot and nothing else. Nothing is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import telegram
from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ParseMode

from monitor.bot.chat_request import language_of
from monitor.bot.context import BotContext
from monitor.bot.targets import Found, label, watch_ids
from monitor.i18n import Translator, translator
from monitor.notify.html import cut, one_line
from monitor.notify.render import alert_message
from monitor.pipeline.card import card_of
from monitor.store.search import Search, term_of
from monitor.store.transaction import Transaction
from monitor.types import Address, Card, Chat, ChatState, StoryId, StoryView, Target, WatchId

MOST_RESULTS = 10  # two screens of a phone; Telegram takes 50
HITS_READ = 5 * MOST_RESULTS  # articles, of which several tell one story
WITHIN = timedelta(days=14)
CACHED_FOR = 20  # seconds that Telegram answers the same question of the same person by itself; news is late by no more
LONGEST = 100  # characters that are looked at; a name has fewer
TITLE_UNITS, ABOUT_UNITS = 120, 160
FOLLOW = "follow_"  # what /start follows at once (bot/welcome.py); alone it only opens the chat
MOST_START = 64  # characters of a start parameter: core.telegram.org/bots/features#deep-linking


@dataclass(frozen=True, slots=True)
class Offer:
    """A story as it may be sent: its id, how it is listed, and the message itself."""

    story_id: StoryId
    card: Card
    html: str


async def answer_inline(context: BotContext, query: telegram.InlineQuery) -> None:
    """Answer one query with up to MOST_RESULTS stories."""
    now, user = context.clock(), query.from_user
    if context.inline.add(user.id, now):
        return  # nobody types so fast, and the next letter asks again
    chat = await context.store.read(Transaction.chat, Address(user.id))
    words = translator(chat.lang if chat else language_of(user))
    if not _is_in(context, chat, user.id):
        door = InlineQueryResultsButton(words.gettext("This bot is for its readers: open it"), start_parameter=FOLLOW)
        await query.answer([], cache_time=0, is_personal=True, button=door)
        return
    asked = one_line(query.query)[:LONGEST]
    found = await context.find(asked) if asked else Found((), False)
    targets = found.hits if found.sure else found.hits[:1]
    offers = await _offers(context, asked, targets, user.id, words)
    results = [_article(offer, words, now) for offer in offers]
    button = _button(context, targets, words, has_news=bool(results))
    await query.answer(results, cache_time=CACHED_FOR, is_personal=True, button=button)


def _is_in(context: BotContext, chat: Chat | None, user_id: int) -> bool:
    """Whether this person may read here, as in a private chat with the bot."""
    if chat is not None:
        return chat.state is not ChatState.BARRED
    return context.access == "open" or user_id in context.admin_chats


async def _offers(
    context: BotContext, asked: str, targets: Sequence[Target], user_id: int, words: Translator
) -> list[Offer]:
    now = context.clock()

    def read(tx: Transaction) -> list[Offer]:
        """Read and rendered in one go: a summary takes milliseconds, which this thread has."""
        wanted = targets or (() if asked else tx.following(Address(user_id)))
        ids = watch_ids(wanted, context.running.watchlist())
        if asked and not targets:
            views = _with_words(tx, asked)
        else:
            views = tx.latest_stories(ids if wanted else None, since=now - WITHIN, limit=MOST_RESULTS)
        return [_offer(context, view, ids, words, now) for view in views]

    return await context.store.read(read)


def _with_words(tx: Transaction, asked: str) -> Sequence[StoryView]:
    """Stories with these words, as /search finds them."""
    term = term_of(asked)
    if not term.words:
        return ()  # nothing but signs
    hits = islice(tx.search(Search((term,))), HITS_READ)
    stories = list(dict.fromkeys(hit.item.story_id for hit in hits if hit.item.story_id is not None))[:MOST_RESULTS]
    views = tx.stories_now(stories)
    return [views[story_id] for story_id in stories if story_id in views]


def _offer(context: BotContext, view: StoryView, ids: Sequence[WatchId], words: Translator, now: datetime) -> Offer:
    wanted = set(ids) or {match.watch_id for matches in view.matches.values() for match in matches}
    card = card_of(view, wanted, zone=context.timezone)
    local = now.astimezone(context.timezone)
    message = alert_message(card, Address(0), lang=words.lang, alert_id=0, now=local)
    return Offer(view.story.id, card, message.html)


def _article(offer: Offer, words: Translator, now: datetime) -> InlineQueryResultArticle:
    card = offer.card
    about = " · ".join(filter(None, (one_line(card.outlet), words.ago(card.at, now), ", ".join(card.names))))
    return InlineQueryResultArticle(
        offer.story_id,
        cut(one_line(card.title), TITLE_UNITS) or "…",
        InputTextMessageContent(
            offer.html, parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
        description=cut(about, ABOUT_UNITS),
    )


def _button(
    context: BotContext, targets: Sequence[Target], words: Translator, *, has_news: bool
) -> InlineQueryResultsButton | None:
    """Above the stories: to the bot, which follows at once what was meant; without stories it says so."""
    named = context.running.watchlist().named()
    if len(targets) == 1 and WatchId(targets[0]) in named and len(FOLLOW + targets[0]) <= MOST_START:
        name = cut(label(targets[0], named), TITLE_UNITS // 3)
        text = words.gettext("Follow {name} in the bot", name=name)
        return InlineQueryResultsButton(text, start_parameter=FOLLOW + targets[0])
    if has_news:
        return None
    return InlineQueryResultsButton(words.gettext("Nothing found: open the bot"), start_parameter=FOLLOW)
