"""What is looked up for an own watch in stored news: a draft, what it would have brought, what marks teach it.

Seconds of a processor, so it is done in another process (own_child.py). Reads rows, writes none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Literal

from monitor.matching import text as texts
from monitor.matching import trades
from monitor.matching.draft.corpus import ItemCorpus
from monitor.matching.draft.event_draft import draft_event
from monitor.matching.draft.leader_draft import draft_leader
from monitor.matching.draft.sound_drafts import sound
from monitor.matching.learn.edits import FieldChange
from monitor.matching.learn.learner import learn
from monitor.matching.learn.marks import Mark
from monitor.matching.learn.trials import Beside
from monitor.matching.own_matcher import OwnMatcher
from monitor.pipeline.own_child import Said, said_of
from monitor.store.transaction import Transaction
from monitor.text import gazetteer
from monitor.text.words import is_vietnamese
from monitor.types import Event, Item, ItemId, Leader, Watch, WatchId, Watchlist

DRAFTED_FROM = timedelta(days=30)  # stored news that a draft is made from, as `monitor draft` does
SHOWN_OF = timedelta(days=7)  # of which it is said what a watch would have brought
MOST_ITEMS = 60_000  # the newest of them
MOST_CAUGHT = 90  # shown; all are counted
MOST_NEAR = 30
NEAR_AMONG = 4_000  # newest items that are asked for what came close, at some 0.3 ms each
SAMPLE = 4_000  # unmarked items that a lesson must not upset: a second or two
SHORTEST_NAME = 4  # letters of a foreign word that is a name by itself in small letters: sabalenka

Kind = Literal["leader", "event"]


@dataclass(frozen=True, slots=True)
class OwnJob:
    """What is to be looked up. Without `watch` one is drafted from `asked`; with `marks` it learns from them first.

    `kind`: what was asked for, None to judge by the words. `watch_id`: of the own watch that this is about.
    """

    watch_id: WatchId
    asked: str
    now: datetime
    files: Watchlist
    watch: Watch | None = None
    kind: Kind | None = None
    marks: Mapping[ItemId, bool] = field(default_factory=dict)

    def said(self, tx: Transaction) -> Said:
        """Do it, and say what came of it as JSON."""
        return said_of(look_up(tx, self))


@dataclass(frozen=True, slots=True)
class Examples:
    """What a watch would have brought in `days`: how many items, in how many stories, the newest; what came close."""

    items: int
    stories: int
    days: int
    caught: tuple[ItemId, ...] = ()
    near: tuple[ItemId, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a job. `found`: the news knew what was asked for. `changes` are what marks taught it.

    `agreeing` says of how many marks the watch judges as the reader does, before and after.
    """

    watch: Watch
    examples: Examples
    found: bool = True
    changes: tuple[FieldChange, ...] = ()
    agreeing: tuple[int, int] = (0, 0)


def look_up(tx: Transaction, job: OwnJob) -> Looked:
    """Do a job over stored news."""
    items = list(islice(tx.newest_since(job.now - DRAFTED_FROM), MOST_ITEMS))
    found, watch = True, job.watch
    if watch is None:
        found, watch = drafted(job, items)
    changes: tuple[FieldChange, ...] = ()
    agreeing = (0, 0)
    if job.marks:
        marked = tx.items_named(job.marks)
        marks = [Mark(_bare(marked[item_id]), right) for item_id, right in job.marks.items() if item_id in marked]
        watch, changes, agreeing = _taught(watch, marks, items, job.files)
    return Looked(watch, examples_of(tx, watch, items, job), found, changes, agreeing)


def _bare(item: Item) -> Item:
    return replace(item, body="")


# ---------------------------------------------------------------- a draft


def drafted(job: OwnJob, items: Sequence[Item]) -> tuple[bool, Watch]:
    """Whether the news knew it, and a watch of the words: a leader of a name, an event of a phrase."""
    corpus = ItemCorpus(items)
    is_name = reads_as_name(job.asked) if job.kind is None else job.kind == "leader"
    if is_name:
        name, told = name_and_more(job.asked)
        draft = draft_leader(name, corpus, taken=())
    else:
        told = ""
        draft = draft_event(job.asked, corpus, taken=(), sets=job.files.sets)
    # alone: a name that the files watch as well is no slip, for own watches do not stand in their way
    alone = replace(job.files, watches=())
    watch = sound(draft, alone, today=_day(job.now)).watch
    if told and isinstance(watch, Leader):
        watch = replace(watch, common=True, near=tuple(dict.fromkeys((*watch.near, told))))
    return draft.found, replace(watch, id=job.watch_id)


def _day(now: datetime) -> date:
    return now.date()


def reads_as_name(asked: str) -> bool:
    """Whether words are somebody's name: by their capitals, since a phone begins any text with one."""
    words = asked.split()
    keys = [texts.key(word) for word in words]
    if len(words) == 1:
        return len(words[0]) >= SHORTEST_NAME and not is_vietnamese(keys[0]) and not words[0].isupper()
    lengths = [count for count in trades.title_lengths(keys[: trades.MOST_WORDS]) if count < len(words)]
    if any(_is_large(words[count]) for count in lengths):  # Tổng thống Putin, HLV Kim Sang Sik
        return True
    run = _leading_run(words)
    return run >= 2 and not _begins_with_place(words[:run])


def name_and_more(asked: str) -> tuple[str, str]:
    """A name, and what was said of its bearer: "Nguyễn Văn Thắng bộ trưởng"."""
    words = asked.split()
    run = _leading_run(words)
    if 2 <= run < len(words):
        return " ".join(words[:run]), " ".join(words[run:])
    return asked, ""


def _is_large(word: str) -> bool:
    return word[:1].isupper()


def _leading_run(words: Sequence[str]) -> int:
    return next((at for at, word in enumerate(words) if not _is_large(word)), len(words))


def _begins_with_place(words: Sequence[str]) -> bool:
    places = {place.lower() for place in (*gazetteer.PLACES_AT_HOME, *gazetteer.PLACES_ABROAD)}
    return any(" ".join(words[:count]).lower() in places for count in range(1, len(words) + 1))


# ---------------------------------------------------------------- what it would have brought


def examples_of(tx: Transaction, watch: Watch, items: Sequence[Item], job: OwnJob) -> Examples:
    """What a watch would have brought of these items, newest first, and what came close to it."""
    since = job.now - SHOWN_OF
    recent = [item for item in items if item.at is None or item.at >= since]
    matcher = OwnMatcher([watch], job.files)
    caught: list[ItemId] = []
    near: list[ItemId] = []
    for number, item in enumerate(recent):
        if matcher.match(item):
            caught.append(item.id)
        elif number < NEAR_AMONG and len(near) < MOST_NEAR and matcher.near_misses(item):
            near.append(item.id)
    oldest = min((item.at for item in recent if item.at is not None), default=job.now)
    days = max(1, round((job.now - oldest) / timedelta(days=1)))
    stories = {item.story_id or item.id for item in tx.items_named(caught).values()}
    return Examples(len(caught), len(stories), days, tuple(caught[:MOST_CAUGHT]), tuple(near))


# ---------------------------------------------------------------- what marks teach


def _taught(
    watch: Watch, marks: Sequence[Mark], items: Sequence[Item], files: Watchlist
) -> tuple[Watch, tuple[FieldChange, ...], tuple[int, int]]:
    known = {(mark.item.title, mark.item.lead) for mark in marks}
    others = [item for item in items if (item.title, item.lead) not in known]
    sample = others[:: max(1, -(-len(others) // SAMPLE))]
    company = Beside.of(files) if isinstance(watch, Event) else Beside((), files.sets)
    lesson = learn(watch, marks, sample, company)
    before, after = lesson.before.agreeing, lesson.after.agreeing
    return lesson.watch, tuple(one.change for one in lesson.changes), (before, after)
