"""What is looked up in stored news for whoever edits a file of watchlists: a trial, a lesson of marks, a draft.

Seconds of a processor, so each is done in another process (own_child.py). Reads rows, writes none, knows no file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from monitor.matching import text as texts
from monitor.matching.draft.corpus import ItemCorpus
from monitor.matching.draft.draft_yaml import yaml_of, yaml_of_watch
from monitor.matching.draft.event_draft import draft_event
from monitor.matching.draft.leader_draft import draft_leader
from monitor.matching.draft.sound_drafts import sound
from monitor.matching.learn.learner import learn
from monitor.matching.learn.marks import Mark
from monitor.matching.learn.trials import Beside
from monitor.matching.two_watchlists import ComparedWatch, Finds, compare
from monitor.pipeline.own_child import Said
from monitor.pipeline.own_jobs import DRAFTED_FROM, MOST_ITEMS, SAMPLE, Kind, reads_as_name
from monitor.store.transaction import Transaction
from monitor.types import Evidence, Item, ItemId, Leader, Watch, WatchId, Watchlist

TRIED_OVER: Final = timedelta(days=7)
MOST_TRIED: Final = 10_000  # items, the newest: about two days of 300 feeds
READ_AT_ONCE: Final = 500  # whole items of one statement
MOST_SIDE: Final = 8  # items shown that a watch gained, and as many that it lost; all are counted
MOST_KEPT: Final = 3  # and of those that it finds as before
MOST_WATCHES: Final = 12  # shown with items; of more only the numbers
LONGEST_LEAD: Final = 400  # characters shown
BESIDE: Final = 80  # characters of the full text shown on each side of a word that stands there alone


@dataclass(frozen=True, slots=True)
class TrialJob:
    """What a text would bring: `before` is what is at work, `after` what would be."""

    before: Watchlist
    after: Watchlist
    now: datetime

    def said(self, tx: Transaction) -> Said:
        """Try it over the newest items."""
        items = newest_items(tx, self.now)
        oldest = min((item.at for item in items if item.at is not None), default=None)
        watches = [
            _compared(one, items, with_items=place < MOST_WATCHES)
            for place, one in enumerate(compare(self.before, self.after, items))
        ]
        return {"items": len(items), "since": oldest.isoformat() if oldest else None, "watches": watches}


@dataclass(frozen=True, slots=True)
class LessonJob:
    """What marks teach: of each watch whether it should tell of these items. `files` is what would be at work."""

    files: Watchlist
    marks: Mapping[WatchId, Mapping[ItemId, bool]]
    now: datetime

    def said(self, tx: Transaction) -> Said:
        """Learn for one watch after the other."""
        items = newest_items(tx, self.now)
        watches = self.files.named()
        marked = tx.items_named([item_id for marks in self.marks.values() for item_id in marks])
        lessons = []
        for watch_id, rights in self.marks.items():
            marks = [Mark(marked[item_id], right) for item_id, right in rights.items() if item_id in marked]
            if not marks or watch_id not in watches:
                continue
            others = [item for item in items if item.id not in rights]
            sample = others[:: max(1, -(-len(others) // SAMPLE))]
            lesson = learn(watches[watch_id], marks, sample, company(watches[watch_id], self.files))
            lessons.append(
                {
                    "watch": str(watch_id),
                    "text": yaml_of_watch(lesson.watch),
                    "changes": [[one.change.field, one.change.action, one.change.value] for one in lesson.changes],
                    "agreeing": [lesson.before.agreeing, lesson.after.agreeing],
                    "marks": len(marks),
                }
            )
        return {"lessons": lessons}


@dataclass(frozen=True, slots=True)
class DraftJob:
    """A watch of a name or of words; `kind` None: judged by the words."""

    words: str
    files: Watchlist
    now: datetime
    kind: Kind | None = None

    def said(self, tx: Transaction) -> Said:
        """Draft it from the news of the last days."""
        corpus = ItemCorpus(list(islice(tx.newest_since(self.now - DRAFTED_FROM), MOST_ITEMS)))
        taken = {str(watch.id) for watch in self.files.watches}
        is_name = reads_as_name(self.words) if self.kind is None else self.kind == "leader"
        if is_name:
            draft = draft_leader(self.words, corpus, taken=taken)
        else:
            draft = draft_event(self.words, corpus, taken=taken, sets=self.files.sets)
        draft = sound(draft, self.files, today=self.now.date())
        kind = "leader" if isinstance(draft.watch, Leader) else "event"
        return {"text": yaml_of(draft), "found": draft.found, "kind": kind, "watch": str(draft.watch.id)}


def company(watch: Watch, files: Watchlist) -> Beside:
    """Beside whom a watch learns: a leader beside those who share a part of a name with them, an event beside all.

    Each of a lesson's hundred edits is compiled with its company: 64 leaders took 11 s for 30 marks, these take 6.
    """
    beside = Beside.of(files)
    if not isinstance(watch, Leader):
        return beside
    mine = _syllables(watch)
    return Beside(tuple(each for each in beside.leaders if mine & _syllables(each)), beside.sets)


def _syllables(leader: Leader) -> set[str]:
    return {part for name in (leader.name, *leader.aliases, *leader.short) for part in texts.key(name).split()}


def newest_items(tx: Transaction, now: datetime) -> list[Item]:
    """What is tried on: the newest items of the last days, newest first, with their full texts."""
    ids = [item.id for item in islice(tx.newest_since(now - TRIED_OVER), MOST_TRIED)]
    return [item for each in _read(tx, ids) for item in each]


def _read(tx: Transaction, ids: Sequence[ItemId]) -> Iterator[list[Item]]:
    for first in range(0, len(ids), READ_AT_ONCE):
        some = ids[first : first + READ_AT_ONCE]
        stored = tx.items_named(some)
        yield [stored[item_id] for item_id in some if item_id in stored]


def _compared(one: ComparedWatch, items: Sequence[Item], *, with_items: bool) -> Said:
    gained = [place for place in one.after if place not in one.before]
    lost = [place for place in one.before if place not in one.after]
    kept = [place for place in one.after if place in one.before]
    return {
        "watch": str(one.watch.id),
        "name": one.watch.name,
        "change": str(one.change),
        "numbers": [len(one.before), len(one.after), len(gained), len(lost)],
        "gained": [_item(items[place], one.after, place) for place in gained[:MOST_SIDE]] if with_items else [],
        "lost": [_item(items[place], one.before, place) for place in lost[:MOST_SIDE]] if with_items else [],
        "kept": [_item(items[place], one.after, place) for place in kept[:MOST_KEPT]] if with_items else [],
    }


def _item(item: Item, finds: Finds, place: int) -> Said:
    lead = item.lead
    marks = [_span(each) for each in finds[place]]
    if len(lead) > LONGEST_LEAD:
        ends = [end for field, _, end in marks if field == "summary"]
        lead = lead[: max([LONGEST_LEAD, *ends])]
    return {
        "id": str(item.id),
        "title": item.title,
        "lead": lead,
        "outlet": item.outlet,
        "url": item.url,
        "at": item.at.isoformat() if item.at else None,
        "marks": marks,
        "body": _around(item, finds[place]),
    }


def _span(each: Evidence) -> tuple[str, int, int]:
    return each.field, each.start, each.end


def _around(item: Item, evidence: Sequence[Evidence]) -> list[str]:
    """What stands before, in and behind the first words of the full text, where they stand nowhere else."""
    if any(each.field != "body" for each in evidence):
        return []
    first = next(iter(evidence), None)
    if first is None:
        return []
    body = item.body
    return [body[max(0, first.start - BESIDE) : first.start], body[first.start : first.end], body[first.end :][:BESIDE]]
