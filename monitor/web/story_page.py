"""/stories/ID: one story, all that was told of it, and what a chat may do with it. It prints as a press review.

Its articles are story_timeline.py's, its buttons story_forms.py's.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from monitor.i18n import translatable
from monitor.pipeline.card import face_of, newest_development, sentences_of
from monitor.pipeline.told_quotes import Telling, told_once
from monitor.store.story_page_rows import ToldChat
from monitor.store.transaction import Transaction
from monitor.types import AlertKind, AlertState, ItemId, Spoken, StoryId, StoryView, Watch, WatchId
from monitor.web.page import Answer, GoTo, NotHere, Visit, WebPage
from monitor.web.quote_row import quote_row
from monitor.web.saving import is_chat
from monitor.web.story_card import found_watches, sentence_of
from monitor.web.story_timeline import articles_of, evidence_of_watches

MOST_QUOTES = 100  # rows looked through
MOST_TOLD = 100  # chats that are named to an administrator; all are counted
_KINDS = {AlertKind.ALERT: translatable("first message"), AlertKind.UPDATE: translatable("development")}
_STATES = {
    AlertState.PENDING: translatable("waits"),
    AlertState.SENDING: translatable("being sent"),
    AlertState.SENT: translatable("told"),
    AlertState.REFUSED: translatable("refused"),
    AlertState.UNCERTAIN: translatable("uncertain"),
    AlertState.PARKED: translatable("parked"),
    AlertState.SKIPPED: translatable("not told"),
}


@dataclass(frozen=True, slots=True)
class WholeStory:
    """What one reading of the store brought. `kin`: stories by how they are related, with what each is called."""

    view: StoryView
    spoken: list[Spoken]
    merged: list[StoryId]
    kin: Mapping[StoryId, str]
    told: list[ToldChat]
    told_count: int
    saved: frozenset[ItemId] = frozenset()
    is_muted: bool = False
    is_reported: bool = False


async def story_page(visit: Visit) -> Answer:
    """The story; of an old number the page of the story that it is now."""
    story_id = StoryId(visit.parts["story_id"])
    read = await visit.site.store.read(_read, story_id, visit)
    if isinstance(read, str):
        return GoTo(f"/stories/{read}{'.json' if visit.path.endswith('.json') else ''}")
    if read is None:
        why = translatable("There is no story {number}, or its articles are not stored any more.")
        raise NotHere(visit.words.gettext(why, number=story_id))
    # off the loop: the summary and the changes of a story of a hundred articles take tens of milliseconds
    data = await asyncio.to_thread(_data, visit, read)
    extra = {
        "saved": read.saved,
        "is_chat": is_chat(visit),
        "is_muted": read.is_muted,
        "is_reported": read.is_reported,
    }
    return WebPage("story.html", data, extra)


def _read(tx: Transaction, story_id: StoryId, visit: Visit) -> WholeStory | StoryId | None:
    now = tx.current_story(story_id)
    if now != story_id:
        return now
    view = tx.story(story_id)
    if view is None or not view.items:
        return None
    address, is_admin = visit.address, visit.viewer.is_admin
    read = WholeStory(
        view,
        tx.quotes_of_story(story_id, limit=MOST_QUOTES),
        tx.merged_into(story_id),
        tx.titles_of(tx.split_kin(story_id)),
        [] if address is None else tx.told_of(story_id, None if is_admin else address, limit=MOST_TOLD),
        tx.told_count(story_id) if is_admin else 0,
    )
    if address is None:
        return read
    return replace(
        read,
        saved=frozenset(tx.saved_among(address, [item.id for item in view.items])),
        is_muted=tx.is_muted(address, story_id),
        is_reported=tx.has_complained(address, story_id),
    )


# ---------------------------------------------------------------- what it says


def _data(visit: Visit, read: WholeStory) -> dict[str, Any]:
    view, watches, words = read.view, visit.watches(), visit.words
    face = face_of(view, watches)
    evidence = evidence_of_watches(view, watches, words)
    moved = newest_development(view, watches)
    articles = articles_of(view, watches, words)
    return {
        "id": view.story.id,
        "title": face.title,
        "opened_at": view.items[0].at,
        "newest_at": view.items[-1].at,
        "outlets": list(dict.fromkeys(item.outlet for item in view.items)),
        "summary": [sentence_of(view, each, watches) for each in sentences_of(view, face, watches)],
        "development": next((each for each in articles if each["id"] == moved), None),
        "articles": articles,
        "watches": [each | evidence[each["id"]] for each in found_watches(view, watches)],
        "quotes": [_quote(each, watches) for each in told_once([s for s in read.spoken if _is_seen(s, visit)])],
        "merged_from": read.merged,
        "kin": [{"id": id, "title": title, "path": f"/stories/{id}"} for id, title in read.kin.items()],
        "told": [_told(visit, each) for each in read.told],
        "told_count": read.told_count,
    }


def _is_seen(spoken: Spoken, visit: Visit) -> bool:
    return visit.may_see(spoken.quote.watch_id)


def _quote(telling: Telling, watches: Mapping[WatchId, Watch]) -> dict[str, Any]:
    others = [each.outlet for each in telling.by if each.outlet != telling.best.outlet]
    return {**quote_row(telling, watches), "others": list(dict.fromkeys(others))}


def _told(visit: Visit, told: ToldChat) -> dict[str, Any]:
    words = visit.words
    state = words.gettext(_STATES[told.state])
    if told.in_digest:
        state = words.gettext("in a digest")
    elif told.is_line:
        state = words.gettext("as a line in another message")
    return {
        "chat": told.address,
        "title": told.title or str(told.address.chat_id),
        "is_mine": told.address == visit.address,
        "kind": told.kind.value,
        "kind_text": words.gettext(_KINDS[told.kind]),
        "state": told.state.value,
        "state_text": state,
        "at": told.at,
        "why": words.said(told.why),
    }
