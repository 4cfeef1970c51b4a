"""A story -> the card that an alert shows of it to one reader. Pure: whoever calls has read the rows.

Leaves languages and HTML to notify/, and whether anything is sent to deliver.py.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from monitor.pipeline.newspapers import without_muted
from monitor.stories.changes.differences import since
from monitor.stories.summary.extract import summarise
from monitor.stories.summary.factcheck import texts_of, unsupported
from monitor.types import (
    AS_SHIPPED,
    Amendment,
    Card,
    Item,
    ItemId,
    Match,
    Preferences,
    Role,
    Sentence,
    StoryView,
    Version,
    WatchId,
)

MAX_DOCS = 12  # newest articles of a story beside its face: a summary of three sentences needs no more
MAX_AMENDED = 2  # other articles of a story whose changes are shown
SUMMARY_SENTENCES = 3
SUMMARY_CHARS = 700  # a phone's screen, with title and buttons


class Detail(StrEnum):
    """How much of a story a card tells beside its title."""

    TITLE = "title"  # nothing
    SENTENCE = "sentence"  # one line of a digest
    SUMMARY = "summary"


_FIELDS = ("title", "summary", "body")


def card_of(
    view: StoryView,
    wanted: Collection[WatchId],
    *,
    zone: ZoneInfo,
    told_by: ItemId | None = None,
    told_at: datetime | None = None,
    opened_by: ItemId | None = None,
    detail: Detail = Detail.SUMMARY,
    preferences: Preferences = AS_SHIPPED,
) -> Card:
    """What an alert shows of a story to a reader of the watches `wanted`.

    Its face is the item `opened_by` that the chat was first told of, else the first that names one of them (of a
    development: the item `told_by`). `detail`: how much of the story is told beside its title.
    An article of a newspaper that the reader prefers comes before these, one of a muted newspaper after all others.
    `told_at`: when the reader got the message that is edited; what outlets changed since is said.
    """
    names = view
    if told_by is None:  # a development is told by the very article that brought it
        view = without_muted(view, preferences.muted_outlets)
    face = _preferred(view, wanted, preferences.preferred_outlets) if told_by is None else None
    face = face or _face(view, wanted, told_by or opened_by, development=told_by is not None)
    if face.at is None:
        raise ValueError(f"item {face.id} has no time")
    alone = told_by is not None  # a reply is about one article
    summary, bold = _told(view, face, wanted, detail, alone=alone)
    others = dict.fromkeys(item.outlet for item in view.items if item.outlet and item.outlet != face.outlet)
    return Card(
        names=_names(names, face, wanted),
        title=face.title,
        url=face.url,
        summary=summary,
        outlet=face.outlet,
        at=face.at.astimezone(zone),
        others=() if alone else tuple(others),
        bold=bold,
        development=view.reasons.get(face.id) if alone else None,
        amendments=tuple(
            replace(each, at=each.at.astimezone(zone)) for each in _amendments(view, face, told_at, alone=alone)
        ),
    )


def lines_of(views: Sequence[StoryView]) -> tuple[tuple[str, str, str], ...]:
    """Other stories as lines of a message: title, address and outlet of the article that opened each."""
    return tuple((view.items[0].title, view.items[0].url, view.items[0].outlet) for view in views)


def face_of(view: StoryView, wanted: Collection[WatchId]) -> Item:
    """The article that stands for a story where no message does: the first that names one of these watches."""
    return _face(view, wanted, None, development=False)


def _face(view: StoryView, wanted: Collection[WatchId], opened_by: ItemId | None, *, development: bool) -> Item:
    """The article that a message opens with: the one it opened with before, else the first that names a watch.

    An older article that joins later, perhaps from a story that was merged, does not change it.
    """
    naming = [item for item in view.items if any(m.watch_id in wanted for m in view.matches.get(item.id, ()))]
    candidates = view.items if development else naming
    opening = next((item for item in candidates if item.id == opened_by), None)
    return opening or (naming or list(view.items))[0]


def _preferred(view: StoryView, wanted: Collection[WatchId], outlets: Collection[str]) -> Item | None:
    """The first article of a newspaper that the reader prefers, one that names a watch before one that does not."""
    theirs = [item for item in view.items if item.outlet in outlets]
    naming = (item for item in theirs if any(m.watch_id in wanted for m in view.matches.get(item.id, ())))
    return next(naming, next(iter(theirs), None))


def newest_development(view: StoryView, wanted: Collection[WatchId]) -> ItemId | None:
    """The last article that moved the story on and names one of these watches; None: none did."""
    moved = (item.id for item in reversed(view.items) if view.roles.get(item.id) is Role.UPDATE)
    return next((each for each in moved if any(m.watch_id in wanted for m in view.matches.get(each, ()))), None)


def _told(
    view: StoryView, face: Item, wanted: Collection[WatchId], detail: Detail, *, alone: bool
) -> tuple[str, tuple[tuple[int, int], ...]]:
    match detail:
        case Detail.TITLE:
            return "", ()
        case Detail.SENTENCE:
            return _best_sentence(view, face, wanted), ()
        case Detail.SUMMARY:
            return _summary(view, face, wanted, alone=alone)


def _best_sentence(view: StoryView, face: Item, wanted: Collection[WatchId]) -> str:
    """The first sentence of the face's summary that names a watch, else its first."""
    about = [match for match in view.matches.get(face.id, ()) if match.watch_id in wanted]
    sentences = summarise([face], sentences=SUMMARY_SENTENCES, chars=SUMMARY_CHARS, about=about, opening="first")
    evidence = [each for match in about for each in match.evidence]
    naming = (
        said
        for said in sentences
        if any(each.field == said.field and said.start <= each.start and each.end <= said.end for each in evidence)
    )
    best = next(naming, sentences[0] if sentences else None)
    return best.text if best is not None else ""


def _summary(
    view: StoryView, face: Item, wanted: Collection[WatchId], *, alone: bool
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A few sentences of the face and the newest other articles, with the spans of the watched names."""
    return _joined(sentences_of(view, face, wanted, alone=alone), view.matches, wanted)


def sentences_of(
    view: StoryView,
    face: Item,
    wanted: Collection[WatchId],
    *,
    alone: bool = False,
    sentences: int = SUMMARY_SENTENCES,
    chars: int = SUMMARY_CHARS,
) -> tuple[Sentence, ...]:
    """The summary of a story that is shown by its article `face`, by sentences; `alone`: of that article only."""
    others = [] if alone else [item for item in view.items if item.id != face.id]
    docs = [face, *others[-MAX_DOCS:]]
    about = [match for match in view.matches.get(face.id, ()) if match.watch_id in wanted]
    return summarise(docs, sentences=sentences, chars=chars, about=about, opening="first")


def names_in(sentence: Sentence, found: Iterable[Match], wanted: Collection[WatchId]) -> list[tuple[int, int]]:
    """The spans of watched leaders in a sentence, of what was found in its article."""
    return [
        (each.start - sentence.start, each.end - sentence.start)
        for match in found
        if match.watch_id in wanted and match.kind == "leader"
        for each in match.evidence
        if each.field == sentence.field and sentence.start <= each.start and each.end <= sentence.end
    ]


def _amendments(view: StoryView, face: Item, told_at: datetime | None, *, alone: bool) -> list[Amendment]:
    """What outlets did to the story's articles since it was told, the face's first; the same change is said once."""
    mine = list(_amended(face, "", view.versions.get(face.id, ()), told_at))
    others: dict[object, Amendment] = {}
    for item in () if alone else view.items:
        if item.id != face.id:
            for each in _amended(item, item.outlet, view.versions.get(item.id, ()), told_at):
                others.setdefault(item.id if each.gone else each.differences, each)
    known = {each.differences for each in mine if not each.gone}
    return mine + [each for each in others.values() if each.gone or each.differences not in known][:MAX_AMENDED]


def _amended(item: Item, outlet: str, versions: Sequence[Version], told_at: datetime | None) -> Iterator[Amendment]:
    if item.gone_at is not None:
        yield Amendment(item.gone_at, outlet, gone=True)
    changed = since(item, versions, told_at) if told_at is not None else ()
    if changed:
        yield Amendment(item.edited_at or versions[-1].replaced_at, outlet, changed)


def _names(view: StoryView, face: Item, wanted: Collection[WatchId]) -> tuple[str, ...]:
    """The watched names: first leaders, then events, each as a reader meets them; those of the face first."""
    places: dict[str, tuple[bool, bool, int, int]] = {}
    for item in view.items:
        for match in view.matches.get(item.id, ()):
            if match.watch_id in wanted:
                where = min(((_FIELDS.index(each.field), each.start) for each in match.evidence), default=(9, 0))
                place = (match.kind == "event", item.id != face.id, *where)
                places[match.name] = min(place, places.get(match.name, place))
    return tuple(sorted(places, key=lambda name: places[name]))


def _joined(
    sentences: Sequence[Sentence], matches: Mapping[ItemId, Sequence[Match]], wanted: Collection[WatchId]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The sentences as one text, with the spans of the watched names in it."""
    text, bold = "", []
    for sentence in sentences:
        text += " " if text else ""
        spans = names_in(sentence, matches.get(sentence.doc, ()), wanted)
        bold += [(start + len(text), end + len(text)) for start, end in spans]
        text += sentence.text
    return text, tuple(sorted(set(bold)))


def with_abstract(card: Card, view: StoryView, wanted: Collection[WatchId], text: str) -> Card:
    """The card with what a language model wrote, if the articles bear it out as they stand at this moment."""
    sources = [texts_of((item.title, item.lead, item.body, item.outlet)) for item in view.items]
    if unsupported(text, sources) is not None:
        return card
    names = {
        evidence.text
        for matches in view.matches.values()
        for match in matches
        if match.watch_id in wanted and match.kind == "leader"
        for evidence in match.evidence
    }
    bold = [found.span() for name in names for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    return replace(card, summary=text, bold=tuple(sorted(bold)), is_generated=True)
