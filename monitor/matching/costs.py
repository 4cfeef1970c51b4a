"""What a watch loses or brings too much, as stored news shows it, with the line that mends it.

Pure: reads items one after the other and keeps counts. What can be seen without news is lint.py's; which names are
refused, and why, is decided by the rules beside leaders.py.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from monitor.matching import reasons
from monitor.matching import text as texts
from monitor.matching.explain import Explanation, NearMiss
from monitor.matching.lint import Finding
from monitor.matching.matcher import compile_watchlist
from monitor.matching.name_bearers import Bearers, companions, trade_before
from monitor.types import Event, Evidence, Item, Leader, Match, Rule, WatchId, Watchlist

FEW: Final = 3  # refused full names of one reason: fewer may be anybody's
FEW_SHORT: Final = 10  # of short forms, which are meant to be refused alone
PART_SHARE: Final = 0.02  # of the items; the most named person of all stands in about 3 %
FEW_PART: Final = 20  # items a part of a query has to hit before its share is worth a word
MOST_SHOWN: Final = 3  # forms proposed in one line

_TRADE_BEFORE: Final = reasons.other_trade("").message
_TRADE_AFTER: Final = reasons.trade_after("").message
_LONGER_BEFORE: Final = reasons.longer_before("").message
_LONGER_AFTER: Final = reasons.longer_after("").message
_SPECIAL: Final = re.compile(r"[,:\[\]{}#&*!|>'\"%@`]")


@dataclass(slots=True)
class _Refusals:
    """What was refused of one leader for one reason: how often, and which forms would have been taken."""

    count: int = 0
    words: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)


class _LeaderCosts:
    """The counts of one leader."""

    def __init__(self, leader: Leader) -> None:
        self.leader = leader
        self.full = frozenset(texts.key(form) for form in (leader.name, *leader.aliases) if " " in form)
        self.wanted = tuple(form.lower() for form in (leader.name, *leader.aliases, *leader.short))
        self.refused: dict[str, _Refusals] = {}
        self.bearers = Bearers(leader)

    def is_loss(self, miss: NearMiss) -> bool:
        """Whether a line of the watch might lift this refusal: of full names most, of short forms one alone."""
        if miss.evidence is None:
            return False
        return miss.why == reasons.SHORT or (miss.why.message in _LOSSES and texts.key(miss.by) in self.full)

    def note_match(self, match: Match, item: Item) -> None:
        """An item that names the leader."""
        if match.rule is not Rule.NAME:
            return
        for one in match.evidence:
            if texts.key(one.text) in self.full:
                self.bearers.note_trade(trade_before(_field(item, one), one.start))
        self.bearers.note_alias(match.evidence, item, self.full)

    def note_miss(self, miss: NearMiss, item: Item) -> None:
        """An item that does not, and why the first of its names was refused."""
        assert miss.evidence is not None
        text = _field(item, miss.evidence)
        if miss.why == reasons.SHORT and self._is_somebody_elses(miss.evidence.text, item):
            return
        trade = trade_before(text, miss.evidence.start)
        self.bearers.note_trade(trade)
        refusals = self.refused.setdefault(miss.why.message, _Refusals())
        refusals.count += 1
        refusals.words.update(value for _, value in miss.why.named)
        refusals.forms.update(_forms(miss, miss.evidence, text, item, self.leader))

    def _is_somebody_elses(self, short: str, item: Item) -> bool:
        """Whether the item names another bearer of a short form in full."""
        name = texts.key(short).split()[-1]
        others = companions(item, but=(self.leader.name, *self.leader.aliases, *self.leader.short))
        return any(name in texts.key(other).split() for other in others)

    def findings(self, seen: int) -> Iterator[Finding]:
        """What is worth a word, the dearest first."""
        refused = sorted(self.refused.items(), key=lambda one: (-one[1].count, one[0]))
        for message, refusals in refused:
            few = FEW_SHORT if message == reasons.SHORT.message else FEW
            if refusals.count >= few and (line := _line(message, refusals, self.leader)):
                what = _in_words(message, refusals)
                kind = "short forms" if message == reasons.SHORT.message else "full names"
                words = f"{refusals.count} {kind} in {seen} stored items were refused: {what}; {line}"
                yield _finding(self.leader, words)
        yield from (_finding(self.leader, words) for words in self.bearers.findings())


class Costs:
    """Takes in items, then says what costs. `own`: the watches that are asked about; the others only stand beside."""

    def __init__(self, watchlist: Watchlist, own: Collection[WatchId]) -> None:
        self._matcher = compile_watchlist(watchlist)
        mine = [watch for watch in watchlist.watches if watch.id in own and watch.enabled]
        self._leaders = {watch.id: _LeaderCosts(watch) for watch in mine if isinstance(watch, Leader)}
        self._events = [watch for watch in mine if isinstance(watch, Event)]
        others = tuple(watch for watch in watchlist.watches if isinstance(watch, Leader))
        parts = tuple(each for event in self._events for each in _by_query(event))
        self._parts = compile_watchlist(replace(watchlist, watches=(*others, *parts)))
        self._hits: Counter[tuple[WatchId, int, str]] = Counter()
        self._in_title: Counter[tuple[WatchId, int, str]] = Counter()
        self.seen = 0

    def note(self, item: Item) -> None:
        """Take in one item; 0.1 ms, or some for one in which a name stands."""
        self.seen += 1
        low = f"{item.title}\n{item.lead}\n{item.body}".lower()
        named = [one for one in self._leaders.values() if any(form in low for form in one.wanted)]
        if named:
            self._note_names(named, self._matcher.explain(item), item)
        if self._events:
            for match in self._parts.match(item):
                self._note_part(match)

    def _note_names(self, named: Sequence[_LeaderCosts], explained: Explanation, item: Item) -> None:
        matches = {match.watch_id: match for match in explained.matches}
        for one in named:
            match = matches.get(one.leader.id)
            if match is not None:
                one.note_match(match, item)
                continue
            misses = [miss for miss in explained.near_misses if miss.watch_id == one.leader.id]
            others = [miss.evidence for miss in misses if miss.why == reasons.ANOTHER_BEARER and miss.evidence]
            one.bearers.note_alias(others, item, one.full)
            for miss in misses:
                if one.is_loss(miss):
                    one.note_miss(miss, item)
                    break

    def _note_part(self, match: Match) -> None:
        watch_id, _, place = match.watch_id.partition("/")
        if not place:
            return
        part = (WatchId(watch_id), int(place), match.by)
        self._hits[part] += 1
        self._in_title[part] += any(one.field == "title" for one in match.evidence)

    def findings(self) -> list[Finding]:
        """Everything that costs, in the order of the watches."""
        found = [finding for one in self._leaders.values() for finding in one.findings(self.seen)]
        for (watch_id, place, part), count in self._hits.most_common():
            if count < FEW_PART or count <= PART_SHARE * self.seen:
                break
            fewer = self._in_title[watch_id, place, part]
            found.append(
                Finding(
                    watch_id,
                    "match",
                    place,
                    f"`{part}` alone hits {count} of {self.seen} stored items ({count / self.seen:.0%}): write "
                    f"`title:({part})` ({fewer} of them), or a second word with AND or NEAR/10",
                )
            )
        return found


def _by_query(event: Event) -> Iterator[Event]:
    """An event once for each of its queries."""
    for place, query in enumerate(event.match):
        yield replace(event, id=WatchId(f"{event.id}/{place}"), match=(query,))  # no watch has a slash in its id


def _field(item: Item, evidence: Evidence) -> str:
    return {"title": item.title, "summary": item.lead, "body": item.body}[evidence.field]


def _finding(leader: Leader, words: str) -> Finding:
    return Finding(leader.id, "name", None, words)


# ---------------------------------------------------------------- what was refused, and what takes it

_LOSSES: Final = frozenset(
    {
        _TRADE_BEFORE,
        _TRADE_AFTER,
        _LONGER_BEFORE,
        _LONGER_AFTER,
        reasons.COMMON.message,
    }
)
"""Refusals of a full name that a line of the watch can lift; a street, a rival's name, somebody's age cannot be."""


def _forms(miss: NearMiss, evidence: Evidence, text: str, item: Item, leader: Leader) -> Iterator[str]:
    """What would have spoken for the person in this item: a longer alias, or a neighbour."""
    message, name = miss.why.message, " ".join(evidence.text.split())
    before, after = text[: evidence.start].rstrip(), text[evidence.end :].lstrip(" ,(-")
    word = dict(miss.why.named).get("word", "")
    if message == _TRADE_BEFORE:
        trade = before[-len(word) :]
        yield f"{trade if trade.isupper() else trade.lower()} {name}"  # in small letters it matches both
    elif message == _LONGER_BEFORE:
        yield f"{before[-len(word) :]} {name}"
    elif message == _TRADE_AFTER:
        yield f"{name}, {after[: len(word)]}"
    elif message == _LONGER_AFTER:
        yield f"{name} {after[: len(word)]}"
    else:
        yield from companions(item, but=(leader.name, *leader.aliases, *leader.short))


def _line(message: str, refusals: _Refusals, leader: Leader) -> str:
    """What to write, as YAML; empty where nothing mends it."""
    listed = ", ".join(_scalar(form) for form, count in refusals.forms.most_common(MOST_SHOWN) if count > 1)
    if message == reasons.SHORT.message:
        short = ", ".join(map(_scalar, leader.short[:MOST_SHOWN]))
        near = f"`near: [{listed}]`, or " if listed else ""
        return f"write {near}`aliases: [{short}]` if no one else is called so"
    if not listed:
        return ""
    if message == reasons.COMMON.message:
        return f"write `near: [{listed}]`"
    if leader.common and message in (_TRADE_BEFORE, _TRADE_AFTER):
        return ""  # a common name is meant to be refused so
    if_same = " if that is the same person" if message in (_LONGER_BEFORE, _LONGER_AFTER) else ""
    return f"write `aliases: [{listed}]`{if_same}"


def _in_words(message: str, refusals: _Refusals) -> str:
    """The reason, with the commonest words that filled it in."""
    words = ", ".join(word for word, _ in refusals.words.most_common(MOST_SHOWN))
    return message.replace("“{word}”", " / ".join(f"“{word}”" for word in words.split(", "))) if words else message


def _scalar(text: str) -> str:
    return "'" + text.replace("'", "''") + "'" if _SPECIAL.search(text) else text
