"""How well the program matches, groups and summarises, measured on a small set of our own writing.

The figures of README.md come from real news, which belongs to the newspapers and is in no clone. The set here has the
same shape: headlines with those whom they name, the headlines of one morning with their groups, articles and stories
with a summary. The outlets and the events are invented, and so is what the leaders do. It was labelled by reading, not
by asking the program: where the program is wrong, the label is right, and the floor is below 1.

Each floor is a little below what was measured when it was written, so that a few more mistakes are too many.
Whoever makes the program better may raise it; whoever must lower it says why.
"""

import itertools
import json
import re
import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.command_line import CommandLine

ROOT = Path(__file__).parents[1]
SET = Path(__file__).parent / "quality"

Row = dict[str, Any]

# ---- mentions: 203 items, 79 of them without a label
LEADERS_PRECISION = 0.95  # measured 0.972: 3 of 106 are wrong
LEADERS_RECALL = 0.93  # measured 0.954: 5 of 108 are missed
LEADERS_F1 = 0.95  # measured 0.963; keyword bot 0.543, full names 0.273
LEADERS_AHEAD = 0.35  # of the better of these two, in F1; measured 0.419
OFFICE_RECALL = 0.90  # measured 0.944: 3 of 54 are missed; keyword bot 0
EVENTS_PRECISION = 0.83  # measured 0.886: 4 of 35 are wrong
EVENTS_RECALL = 0.90  # measured 0.939: 2 of 33 are missed
EVENTS_F1 = 0.88  # measured 0.912; keyword bot 0.575
EVENTS_AHEAD = 0.25  # measured 0.337

# ---- stories: 113 items of one morning, 18 groups and 60 items that stand alone, many of which resemble a group
PAIRWISE_PRECISION = 0.80  # measured 0.828: 11 of 64 pairs are wrong
PAIRWISE_RECALL = 0.82  # measured 0.869: 8 of 61 pairs are missed
PAIRWISE_F1 = 0.82  # measured 0.848; by titles 0.250 (more on real news, where many titles are copies)
PAIRWISE_AHEAD = 0.5  # measured 0.598
B_CUBED_F1 = 0.95  # measured 0.959; by titles 0.847

# ---- summaries, ROUGE-1 and ROUGE-2: 14 articles, whose first sentences are often a scene, and 5 stories
ARTICLES_ROUGE = 52.5, 38.0  # measured 54.3, 39.4; two sentences of lead 33.2, 20.0
ARTICLES_AHEAD = 15.0, 14.0  # measured 21.1, 19.4
STORIES_ROUGE = 58.5, 40.5  # measured 60.2, 42.2; as much of the first article 46.1, 30.2
STORIES_AHEAD = 10.0, 8.0  # measured 14.1, 11.9


def rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (SET / name).read_text("utf-8").splitlines()]


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def syllables(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())


# ---------------------------------------------------------------- who is named, and what happened

KEYWORDS = {  # what a keyword bot would be given for each event
    "ngung-ban-gaza": "ngừng bắn",
    "hoa-dam-nga-ukraine": "đàm phán",
    "eo-bien-hormuz": "hormuz",
    "hat-nhan-iran": "hạt nhân",
    "thue-quan-my": "thuế",
    "trieu-tien-ten-lua": "tên lửa",
    "dong-dat": "động đất",
    "bao": "bão",
    "roi-may-bay": "máy bay",
    "dien-dam": "điện đàm",
    "bien-dong": "biển đông",
    "dao-chinh": "đảo chính",
}


@cache
def watches(kind: str) -> list[Row]:
    """The shipped leaders or events, as their files have them."""
    files = sorted((ROOT / "config" / "watchlists").glob("*.yaml"))
    return [watch for file in files for watch in yaml.safe_load(file.read_text("utf-8")).get(kind, [])]


@dataclass
class Found:
    """Right, wrong and missed. What the reader was not sure of counts neither way."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / ((self.right + len(self.wrong)) or 1)

    @property
    def recall(self) -> float:
        return self.right / ((self.right + len(self.missed)) or 1)

    @property
    def f1(self) -> float:
        return f1(self.precision, self.recall)

    def __str__(self) -> str:
        figures = f"precision {self.precision:.3f}, recall {self.recall:.3f}, F1 {self.f1:.3f}"
        return "\n".join(
            [figures, *(f"wrong: {each}" for each in self.wrong), *(f"missed: {each}" for each in self.missed)]
        )


def found(items: Sequence[Row], answers: Sequence[set[str]], among: Iterable[str], *, by_office: bool = False) -> Found:
    """How the answers agree with the labels of the watches `among`, or with those by office alone."""
    result, watched = Found(), set(among)
    for item, got in zip(items, answers, strict=True):
        labels = [label for label in item["labels"] if label[0] in watched]
        wanted = {watch for watch, sure, office in labels if sure and (office or not by_office)}
        told = f"{item['title']} || {item['summary']}"
        result.right += len(wanted & got)
        result.missed += [f"{watch} in {item['id']}: {told}" for watch in sorted(wanted - got)]
        unlabelled = (got & watched) - {watch for watch, _, _ in labels}
        result.wrong += [f"{watch} in {item['id']}: {told}" for watch in sorted(unlabelled)]
    return result


def full_names(item: Row) -> set[str]:
    text = f"{item['title']}\n{item['summary']}"
    return {leader["id"] for leader in watches("leaders") if leader["name"] in text}


def keyword_bot(item: Row) -> set[str]:
    """Every name and alias of the watchlists and one word for each event, wherever they stand in the text."""
    text = f"{item['title']}\n{item['summary']}".casefold()
    named = {
        leader["id"]
        for leader in watches("leaders")
        for name in (leader["name"], *leader.get("aliases", ()), *leader.get("short", ()))
        if name.casefold() in text
    }
    return named | {event for event, word in KEYWORDS.items() if word in text}


def test_matching_finds_whom_and_what_a_reader_finds(monitor: CommandLine) -> None:
    monitor.set(config_dir=str(ROOT / "config"))
    items = rows("mentions.jsonl")
    ended = monitor("match", given=[{key: item[key] for key in item if key != "labels"} for item in items])
    assert ended.code == 0, ended.err
    ours = [{match["watch"] for match in row["matches"]} for row in ended.rows]
    bot = [keyword_bot(item) for item in items]
    names = [full_names(item) for item in items]
    leader_ids = [leader["id"] for leader in watches("leaders")]
    event_ids = [event["id"] for event in watches("events")]
    assert {watch for item in items for watch, _, _ in item["labels"]} <= {*leader_ids, *event_ids}

    leaders = found(items, ours, leader_ids)
    assert leaders.precision >= LEADERS_PRECISION, leaders
    assert leaders.recall >= LEADERS_RECALL, leaders
    assert leaders.f1 >= LEADERS_F1, leaders
    rivals = [found(items, answers, leader_ids).f1 for answers in (bot, names)]
    assert leaders.f1 >= max(rivals) + LEADERS_AHEAD, rivals

    by_office = found(items, ours, leader_ids, by_office=True)
    assert by_office.recall >= OFFICE_RECALL, "\n".join(by_office.missed)

    events = found(items, ours, event_ids)
    assert events.precision >= EVENTS_PRECISION, events
    assert events.recall >= EVENTS_RECALL, events
    assert events.f1 >= EVENTS_F1, events
    rival = found(items, bot, event_ids).f1
    assert events.f1 >= rival + EVENTS_AHEAD, rival


# ---------------------------------------------------------------- which items tell one story

OVERLAP = 0.6  # share of the shorter title's syllables


def groups_of(stories: Mapping[str, str]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for item, story in stories.items():
        groups[story].add(item)
    return groups


def pairs(stories: Mapping[str, str]) -> set[tuple[str, ...]]:
    """The pairs of items that stand in one story."""
    return {pair for group in groups_of(stories).values() for pair in itertools.combinations(sorted(group), 2)}


def pairwise(told: Mapping[str, str], gold: Mapping[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    right = len(pairs(told) & pairs(gold))
    precision, recall = right / (len(pairs(told)) or 1), right / len(pairs(gold))
    return precision, recall, f1(precision, recall)


def b_cubed(told: Mapping[str, str], gold: Mapping[str, str]) -> float:
    """Of each item the share of its story that belongs there, and the share of its gold group that is there."""
    mine, theirs = groups_of(told), groups_of(gold)
    shared = {item: len(mine[told[item]] & theirs[gold[item]]) for item in gold}
    precision = statistics.mean(shared[item] / len(mine[told[item]]) for item in gold)
    recall = statistics.mean(shared[item] / len(theirs[gold[item]]) for item in gold)
    return f1(precision, recall)


def by_title(items: Sequence[Row]) -> dict[str, str]:
    """Each item joins the story of the most alike earlier title, if that shares enough of its syllables."""
    stories: dict[str, str] = {}
    seen: list[tuple[set[str], str]] = []
    for item in items:
        mine = set(syllables(item["title"]))
        alike = ((len(mine & other) / min(len(mine), len(other)), name) for other, name in seen)
        best, nearest = max(alike, default=(0.0, ""))
        stories[item["id"]] = stories[nearest] if best >= OVERLAP else item["id"]
        seen.append((mine, item["id"]))
    return stories


def test_grouping_puts_together_what_a_reader_puts_together(monitor: CommandLine) -> None:
    monitor.set(config_dir=str(ROOT / "config"))
    items = rows("stories.jsonl")
    titles = {item["id"]: item["title"] for item in items}
    gold = {item["id"]: item["id"] for item in items}
    for group in json.loads((SET / "stories.gold.json").read_text("utf-8"))["groups"]:
        gold |= dict.fromkeys(group, group[0])
    assert gold.keys() == titles.keys()
    ended = monitor("stories", given=items)
    assert ended.code == 0, ended.err
    ours = {row["id"]: row["story"] for row in ended.rows}

    mistakes = "\n".join(
        [f"joined: {titles[a]} ~ {titles[b]}" for a, b in sorted(pairs(ours) - pairs(gold))]
        + [f"parted: {titles[a]} ~ {titles[b]}" for a, b in sorted(pairs(gold) - pairs(ours))]
    )
    precision, recall, both = pairwise(ours, gold)
    assert precision >= PAIRWISE_PRECISION, mistakes
    assert recall >= PAIRWISE_RECALL, mistakes
    assert both >= PAIRWISE_F1, mistakes
    assert b_cubed(ours, gold) >= B_CUBED_F1, mistakes
    *_, rival = pairwise(by_title(items), gold)
    assert both >= rival + PAIRWISE_AHEAD, rival


# ---------------------------------------------------------------- what a summary says

ARTICLE_SENTENCES, STORY_SENTENCES = 2, 5


def rouge(said: str, reference: str, n: int) -> float:
    """ROUGE-n F1 x 100 over syllables."""
    mine, theirs = (
        Counter(zip(*(words[start:] for start in range(n)), strict=False))
        for words in (syllables(said), syllables(reference))
    )
    return 200 * (mine & theirs).total() / (mine.total() + theirs.total())


def rouges(said: Mapping[str, str], references: Mapping[str, str]) -> tuple[float, float]:
    """The means of ROUGE-1 and ROUGE-2."""
    one, two = (statistics.mean(rouge(said[name], references[name], n) for name in references) for n in (1, 2))
    return one, two


def sentences(body: str) -> list[str]:
    return re.split(r"(?<=[.!?”])\s+(?=[\w“])", body)


def summaries(monitor: CommandLine, given: Sequence[Row], most: int) -> dict[str, str]:
    ended = monitor("summarise", "--sentences", str(most), given=given)
    assert ended.code == 0, ended.err
    return {row["id"]: row["summary"] for row in ended.rows}


def test_summaries_say_what_a_person_says(monitor: CommandLine) -> None:
    everything = rows("articles.jsonl")
    articles = [row for row in everything if "body" in row]
    stories = [row for row in everything if "docs" in row]

    written = {row["id"]: row["summary"] for row in articles}
    given = [{key: row[key] for key in ("id", "title", "body")} for row in articles]
    ours = rouges(summaries(monitor, given, ARTICLE_SENTENCES), written)
    leads = {row["id"]: " ".join(sentences(row["body"])[:ARTICLE_SENTENCES]) for row in articles}
    lead = rouges(leads, written)
    assert_above(ours, ARTICLES_ROUGE)
    assert_above(ahead(ours, lead), ARTICLES_AHEAD)

    written = {row["id"]: row["reference"] for row in stories}
    given = [{"id": row["id"], "docs": row["docs"]} for row in stories]
    said = summaries(monitor, given, STORY_SENTENCES)
    ours = rouges(said, written)
    # as much of the first article as our summary is long
    leads = {
        row["id"]: " ".join(syllables(row["docs"][0]["body"])[: len(syllables(said[row["id"]]))]) for row in stories
    }
    lead = rouges(leads, written)
    assert_above(ours, STORIES_ROUGE)
    assert_above(ahead(ours, lead), STORIES_AHEAD)


def ahead(ours: tuple[float, float], theirs: tuple[float, float]) -> tuple[float, float]:
    return ours[0] - theirs[0], ours[1] - theirs[1]


def assert_above(figures: tuple[float, float], floors: tuple[float, float]) -> None:
    for figure, floor in zip(figures, floors, strict=True):
        assert figure >= floor, f"ROUGE-1 and ROUGE-2: {figures}, should be at least {floors}"
