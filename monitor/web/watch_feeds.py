"""/watches/ID/feed.xml and feed.json: a watch's stories for a feed reader, which shows a key in place of a login.

The key is a chat's own and opens what that chat may see; it ends with the chat, and when it is renewed. What a feed
looks like is feed_texts.py's.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

from monitor.i18n import Translator, translatable, translator
from monitor.pipeline.card import face_of
from monitor.pipeline.logins import new_token
from monitor.store.transaction import Transaction
from monitor.types import Address, ChatState, FeedId, StoryView, Watch, WatchId, own_number
from monitor.web.feed_texts import FeedStory, WatchFeed, json_feed, rss
from monitor.web.page import Answer, GoTo, NotAllowed, NotHere, PageError, Raw, Visit

NEWEST = 50  # stories
WITHIN = timedelta(days=90)
MOST_OUTLETS = 6  # named in the text of a story; more are counted
OUT_OF_REACH = frozenset({ChatState.BARRED, ChatState.BLOCKED})
RSS, JSON_FEED = "application/rss+xml; charset=utf-8", "application/feed+json; charset=utf-8"


class NoKey(PageError):
    """A feed is asked for without key or login."""

    status = 401


async def watch_rss(visit: Visit) -> Answer:
    """The newest stories of a watch as RSS."""
    feed, changed_at = await _feed_of(visit)
    return Raw(rss(feed), RSS, changed_at=changed_at)


async def watch_json_feed(visit: Visit) -> Answer:
    """The same as JSON Feed."""
    feed, changed_at = await _feed_of(visit)
    return Raw(json_feed(feed), JSON_FEED, changed_at=changed_at)


async def renew_feed_key(visit: Visit) -> Answer:
    """A form: give the chat a new key; feeds that are read with the old one are told to ask for the new one."""
    assert visit.address is not None
    await visit.site.store.write(Transaction.renew_feed_key, visit.address, new_token(), now=visit.now)
    watch_id = WatchId(visit.form.get("watch", ""))
    is_shown = watch_id in visit.site.watches() and visit.may_see(watch_id)
    return GoTo(f"/watches/{watch_id}#feeds" if is_shown else "/watches")


def feed_addresses(visit: Visit, watch_id: WatchId, key: str) -> Mapping[str, str]:
    """Where a reader of this page finds the feeds of a watch: whole addresses, with the chat's key where it has one."""
    base = f"{visit.site.url()}/watches/{watch_id}/feed"
    asked = f"?key={quote(key)}" if key else ""
    return {"rss": f"{base}.xml{asked}", "json": f"{base}.json{asked}"}


async def _feed_of(visit: Visit) -> tuple[WatchFeed, datetime | None]:
    """The feed, and when it last changed."""
    watch_id = WatchId(visit.parts["watch_id"])
    reader, words = await _reader(visit)
    site = visit.site
    owners = site.owners()
    seen = {  # what this reader may see: a key need not be that of the session
        each: watch
        for each, watch in site.watches().items()
        if own_number(each) is None or (reader is not None and owners.get(each) == reader)
    }
    watch = seen.get(watch_id)
    if watch is None:
        raise NotHere(words.gettext("There is no such watch."))

    def read(tx: Transaction) -> tuple[list[StoryView], datetime | None]:
        views = tx.latest_stories([watch_id], since=visit.now - WITHIN, limit=NEWEST)
        return views, tx.stories_changed_at([view.story.id for view in views])

    views, changed_at = await site.store.read(read)
    sources = {feed.id: feed.url for feed in site.feeds()}
    feed = WatchFeed(
        title=f"{watch.name} · {words.gettext('News monitor')}",
        description=words.gettext("The newest stories that name {name}.", name=watch.name),
        home=f"{site.url()}/watches/{watch_id}",
        address=f"{site.url()}{visit.path}" + (f"?key={quote(visit.asked('key'))}" if visit.asked("key") else ""),
        lang=words.lang,
        stories=[_story_of(view, watch_id, seen, visit, words, sources) for view in views],
    )
    return feed, changed_at


async def _reader(visit: Visit) -> tuple[Address | None, Translator]:
    """Who reads the feed, by key or session, and in which language; None is anybody, where the page is open."""
    if key := visit.asked("key"):

        def read(tx: Transaction) -> tuple[Address | None, str]:
            address = tx.chat_of_feed_key(key)
            chat = None if address is None else tx.chat(address)
            is_lost = chat is not None and chat.state in OUT_OF_REACH
            return (None if is_lost else address), visit.viewer.lang if chat is None else chat.lang

        address, lang = await visit.site.store.read(read)
        if address is None:
            why = translatable(
                "This key opens nothing any more: copy the address of the feed from the page of its watch again."
            )
            raise NotAllowed(visit.words.gettext(why))
        return address, translator(lang)
    if not visit.may_read:
        why = translatable(
            "This feed wants a key: copy its address from the page of its watch, where you are logged in."
        )
        raise NoKey(visit.words.gettext(why))
    return visit.address, visit.words


def _story_of(
    view: StoryView,
    watch_id: WatchId,
    seen: Mapping[WatchId, Watch],
    visit: Visit,
    words: Translator,
    sources: Mapping[FeedId, str],
) -> FeedStory:
    standing = tuple(item for item in view.items if item.gone_at is None) or view.items
    face = face_of(replace(view, items=standing), [watch_id])
    outlets = tuple(dict.fromkeys(item.outlet for item in (face, *standing) if item.outlet))
    lead = face.lead or next((item.lead for item in standing if item.lead), "")
    more = len(outlets) - MOST_OUTLETS
    named = ", ".join(outlets[:MOST_OUTLETS]) + (f" +{words.number(more)}" if more > 0 else "")
    began = view.items[0].at or view.story.opened_at
    about = dict.fromkeys(m.watch_id for item in view.items for m in view.matches.get(item.id, ()))
    return FeedStory(
        number=view.story.id,
        title=" ".join(face.title.split()),
        url=face.url if face.url.startswith(("https://", "http://")) else "",
        page=f"{visit.site.url()}/stories/{view.story.id}",
        text="\n\n".join(filter(None, [lead.strip(), named])),
        at=began.astimezone(visit.site.zone),
        told_by=outlets,
        source=sources.get(face.feed_id, ""),
        about=tuple(seen[each].name for each in about if each in seen),
    )
