"""Reads the labelled sets that lie beside the repository; they belong to the newspapers and are not part of it."""

import gzip
import hashlib
import itertools
import json
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from monitor.feeds.plain import lead_text
from monitor.stories.grouping.review import Merge, Split
from monitor.stories.grouping.window import StoryWindow
from monitor.types import Item, ItemId, StoryId

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
VIETNAM = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Items in the order in which they came, the story of each, and the pairs that count neither way."""

    name: str
    items: tuple[tuple[Item, datetime], ...]
    gold: Mapping[str, str]
    skip: frozenset[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Score:
    """Pairwise and B-cubed agreement with the gold groups."""

    precision: float
    recall: float
    pairwise: float
    bcubed: float


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of one file, unpacked."""
    path = DATA / name
    text = gzip.decompress(path.read_bytes()).decode() if name.endswith(".gz") else path.read_text("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def when(text: str) -> datetime:
    """A time as the sets write it; a bare day is its midnight in Viet Nam."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def morning() -> LabelledSet:
    """Everything that 17 outlets had on line in one morning."""
    gold_file = json.loads((DATA / "stories.dev.gold.json").read_text("utf-8"))
    gold = {str(one): f"alone-{one}" for one in gold_file["ids"]}
    for number, group in enumerate(gold_file["groups"]):
        gold |= {str(one): f"group-{number}" for one in group}
    items = []
    for row in rows("stories.dev.items.jsonl"):
        at = when(row["published"])
        items.append(
            (Item(ItemId(row["id"]), row["outlet"], row["title"], lead_text(row["summary"]), published_at=at), at)
        )
    items.sort(key=lambda pair: pair[1])
    skip = frozenset(frozenset(map(str, pair)) for pair in gold_file["borderline"])
    return LabelledSet("one morning", tuple(items), gold, skip)


def full_texts(*, body: bool = True, lead: bool = False) -> LabelledSet:
    """Clusters of full articles, all mixed, in time order; an undated one comes after the dated ones of its cluster."""
    items = []
    gold: dict[str, str] = {}
    for row in rows("clusters.dev.jsonl.gz"):
        dated = [when(doc["date"]) for doc in row["docs"] if doc.get("date")]
        for number, doc in enumerate(row["docs"]):
            own = when(doc["date"]) if doc.get("date") else None
            one = ItemId(f"{row['cluster_id']}-{number}")
            gold[one] = row["cluster_id"]
            item = Item(
                one,
                doc.get("source") or "",
                doc["title"] or "",
                lead_text(doc.get("summary") or "") if lead else "",
                doc["body"] if body else "",
                published_at=own,
            )
            items.append((item, own or max(dated, default=datetime.max.replace(tzinfo=VIETNAM))))
    last = max(at for _, at in items if at.year < 9999)
    items = sorted(((item, min(at, last)) for item, at in items), key=lambda pair: pair[1])
    name = f"clusters, {'title + lead' if not body else 'title + lead + body' if lead else 'title + body'}"
    return LabelledSet(name, tuple(items), gold)


def syndicated() -> LabelledSet:
    """Copies of one title in two outlets or more."""
    items = []
    gold: dict[str, str] = {}
    for number, row in enumerate(rows("same_title_cross_outlet.dev.jsonl.gz")):
        for copy, doc in enumerate(row["docs"]):
            one = ItemId(f"{number}-{copy}")
            gold[one] = str(number)
            at = when(doc["date"])
            items.append((Item(one, doc["source"], doc["title"], lead_text(doc["summary"]), published_at=at), at))
    items.sort(key=lambda pair: pair[1])
    return LabelledSet("syndicated copies", tuple(items), gold)


def feed_items() -> LabelledSet:
    """What the feeds of 17 outlets brought in three weeks, ungrouped; an item goes by a hash of its guid."""
    items: dict[str, tuple[Item, datetime]] = {}
    for row in rows("feed_items.dev.jsonl.gz"):
        one = hashlib.sha256((row.get("guid") or row["link"]).encode()).hexdigest()[:12]
        at = when(row["published"])
        items.setdefault(
            one, (Item(ItemId(one), row["outlet"], row["title"], lead_text(row["summary_html"]), published_at=at), at)
        )
    return LabelledSet("feed items", tuple(sorted(items.values(), key=lambda pair: pair[1])), {})


def read_pairs(name: str = "read_pairs.json") -> dict[str, list[tuple[str, bool]]]:
    """Pairs of `feed_items` that were read by eye, those that look alike above all: by the later, the earlier ones.

    None is from the days of `morning`, so that it stays a test. Pairs a fair reader may judge either way are left out.
    Those of held_out_pairs.json are never trained on.
    """
    read: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for later, earlier, same in json.loads(Path(__file__).with_name(name).read_text("utf-8")):
        read[later].append((earlier, bool(same)))
    return read


def place(labelled: LabelledSet) -> dict[str, str]:
    """The story of each item, placed one by one as they came."""
    window = StoryWindow()
    told: dict[str, str] = {}
    for item, at in labelled.items:
        story = window.decide(item, at=at).story_id or StoryId(item.id)
        window.remember(item, story, at=at)
        told[item.id] = story
    return told


def place_and_review(labelled: LabelledSet) -> dict[str, str]:
    """The story of each item in the end, when stories merge and split as later items show it."""
    window = StoryWindow()
    told: dict[str, str] = {}
    for number, (item, at) in enumerate(labelled.items):
        story = window.decide(item, at=at).story_id or StoryId(item.id)
        found = window.review(item, story, at=at)
        window.remember(item, story, at=at)
        told[item.id] = story
        match found:
            case Merge(into=into, gone=gone):
                told = {one: into if of == gone else of for one, of in told.items()}
                window.revise(found)
            case Split(items=parted):
                apart = StoryId(f"split-{number}")
                told |= dict.fromkeys(parted, apart)
                window.revise(found, [one for one, _ in labelled.items if one.id in parted], apart)
            case None:
                pass
    return told


def score(labelled: LabelledSet, told: Mapping[str, Hashable]) -> Score:
    """How `told` (the story of each item) agrees with the gold, singletons included."""
    ids = [str(item.id) for item, _ in labelled.items]
    mine, gold = pairs(labelled, told), pairs(labelled, labelled.gold)
    right = len(mine & gold)
    precision = right / len(mine) if mine else 1.0
    recall = right / len(gold) if gold else 1.0
    bcubed_p, bcubed_r = (
        _bcubed(ids, told, labelled.gold, labelled.skip),
        _bcubed(ids, labelled.gold, told, labelled.skip),
    )
    return Score(precision, recall, _f1(precision, recall), _f1(bcubed_p, bcubed_r))


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _groups(ids: Sequence[str], label: Mapping[str, Hashable]) -> dict[Hashable, list[str]]:
    groups: dict[Hashable, list[str]] = defaultdict(list)
    for one in ids:
        groups[label[one]].append(one)
    return groups


def pairs(labelled: LabelledSet, label: Mapping[str, Hashable]) -> set[frozenset[str]]:
    """The pairs of one label, those left out that count neither way."""
    return _pairs([str(item.id) for item, _ in labelled.items], label) - labelled.skip


def _pairs(ids: Sequence[str], label: Mapping[str, Hashable]) -> set[frozenset[str]]:
    return {frozenset(pair) for group in _groups(ids, label).values() for pair in itertools.combinations(group, 2)}


def _bcubed(
    ids: Sequence[str], x: Mapping[str, Hashable], y: Mapping[str, Hashable], skip: frozenset[frozenset[str]]
) -> float:
    groups = _groups(ids, x)
    total = 0.0
    for one in ids:
        group = [other for other in groups[x[one]] if other == one or frozenset((one, other)) not in skip]
        total += sum(y[other] == y[one] for other in group) / len(group)
    return total / len(ids)
