"""A story as one card: in the list, at a watch, and in the live stream; for all three the same.

Pure: whoever calls has read the rows. Of a viewer it knows their language and which watches they may see.
"""

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any

from monitor.i18n import Translator
from monitor.notify.reason_words import reason_in_words
from monitor.pipeline.card import face_of, names_in, newest_development, sentences_of
from monitor.types import Item, ItemId, Match, Sentence, StoryView, Watch, WatchId

CARD_SENTENCES = 2
CARD_CHARS = 260  # two lines and a half of the list
MOST_SUMMARIES = 1_000  # that are kept, of 1 kB each, the oldest goes first

_summaries: dict[Hashable, tuple[Sentence, ...]] = {}


def story_card(view: StoryView, watches: Mapping[WatchId, Watch], words: Translator) -> dict[str, Any]:
    """What the card of a story says, as plain values: `card` of story_card.html, and a part of JSON twins.

    `watches` are those that the viewer may see (Visit.watches). Spans of `marks` count characters of the text beside
    them, those of evidence characters of the article's field. `at` is the newest article that names a watch.
    """
    face = face_of(view, watches)
    return {
        "id": view.story.id,
        "path": f"/stories/{view.story.id}",
        "at": newest_at(view, watches),
        "title": face.title,
        "marks": _title_marks(view, face, watches),
        "url": face.url,
        "outlet": face.outlet,
        "published": face.at,
        "summary": [sentence_of(view, each, watches) for each in _summary_of(view, face, watches)],
        "development": _development(view, watches, words),
        "articles": len(view.items),
        "outlets": _outlets(view),
        "watches": found_watches(view, watches),
    }


def _summary_of(view: StoryView, face: Item, watches: Mapping[WatchId, Watch]) -> tuple[Sentence, ...]:
    """The summary of a card, made once for what its articles say: twenty of them are two thirds of a page's work."""
    texts = [(item.id, hash(item.title), hash(item.lead), hash(item.body)) for item in view.items]
    about = [match for match in view.matches.get(face.id, ()) if match.watch_id in watches]
    key = (face.id, tuple(texts), tuple(about))
    known = _summaries.get(key)
    if known is None:
        known = sentences_of(view, face, watches, sentences=CARD_SENTENCES, chars=CARD_CHARS)
        _summaries[key] = known
        while len(_summaries) > MOST_SUMMARIES:
            _summaries.pop(next(iter(_summaries)), None)  # several threads make pages
    return known


def newest_at(view: StoryView, watches: Mapping[WatchId, Watch]) -> datetime:
    """When the newest article that names one of these watches was published; of none, when the story began."""
    named = [item.at for item in view.items if item.at and any(m.watch_id in watches for m in _matches(view, item))]
    return max(named, default=view.story.opened_at)


def sentence_of(view: StoryView, sentence: Sentence, watches: Mapping[WatchId, Watch]) -> dict[str, Any]:
    """A sentence of a summary with its source, and where watched names stand in it."""
    source = next(item for item in view.items if item.id == sentence.doc)
    return {
        "text": sentence.text,
        "marks": names_in(sentence, _matches(view, source), watches),
        "item": sentence.doc,
        "field": sentence.field,
        "start": sentence.start,
        "end": sentence.end,
        "outlet": source.outlet,
        "url": source.url,
    }


def surest(view: StoryView, watches: Mapping[WatchId, Watch]) -> dict[WatchId, tuple[Item, Match]]:
    """Of each of these watches the article that names it most surely, and how."""
    best: dict[WatchId, tuple[Item, Match]] = {}
    for item in view.items:
        for match in _matches(view, item):
            known = best.get(match.watch_id)
            if match.watch_id in watches and (known is None or match.score > known[1].score):
                best[match.watch_id] = (item, match)
    return best


def found_watches(view: StoryView, watches: Mapping[WatchId, Watch]) -> list[dict[str, Any]]:
    """The watches that a story names, leaders before events, each as its surest article has it; ids are item ids."""
    best = surest(view, watches)
    return [
        {
            "id": watch_id,
            "name": watches[watch_id].name,
            "kind": match.kind,
            "path": f"/watches/{watch_id}",
            "item": item.id,
            "rule": match.rule.value,
            "score": round(match.score, 3),
            "evidence": [
                {"field": each.field, "start": each.start, "end": each.end, "text": each.text}
                for each in match.evidence
            ],
        }
        for watch_id, (item, match) in sorted(best.items(), key=lambda found: found[1][1].kind == "event")
    ]


def _matches(view: StoryView, item: Item) -> tuple[Match, ...]:
    return view.matches.get(item.id, ())


def _title_marks(view: StoryView, face: Item, watches: Mapping[WatchId, Watch]) -> list[tuple[int, int]]:
    whole = Sentence(face.title, face.id, "title", 0, len(face.title))
    return names_in(whole, _matches(view, face), watches)


def _outlets(view: StoryView) -> list[dict[str, Any]]:
    """Each outlet with its first article, by time."""
    first: dict[str, Item] = {}
    for item in view.items:
        first.setdefault(item.outlet, item)
    return [
        {"name": name, "at": item.at, "item": item.id, "title": item.title, "url": item.url}
        for name, item in first.items()
    ]


def _development(view: StoryView, watches: Mapping[WatchId, Watch], words: Translator) -> dict[str, Any] | None:
    """The newest article that moved the story on, and what is new in it; None: the story stands as it opened."""
    moved: ItemId | None = newest_development(view, watches)
    item = next((item for item in view.items if item.id == moved), None)
    if item is None:
        return None
    reason = view.reasons.get(item.id)
    return {
        "item": item.id,
        "at": item.at,
        "outlet": item.outlet,
        "title": item.title,
        "url": item.url,
        "reason": reason.code.value if reason else None,
        "values": list(reason.values) if reason else [],
        "text": reason_in_words(reason, words) if reason else "",
    }
