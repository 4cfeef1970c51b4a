"""What was due, and what became of it: Telegram's log against what the newspapers handed over. Pure.

Reads no database of the monitor's and asks no clock. Every moment is a second of one clock, time.monotonic.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

ANSWER_WAITED_FOR = 25.0  # seconds; the sender gives up after 30, and a loaded machine counts otherwise than we do
SETTLED_WITHIN = 60.0  # of a kill: how long before it a message may have been accepted and not settled


@dataclass(frozen=True, slots=True)
class Due:
    """A chat must be told of a story, from the moment at which a newspaper had handed it over."""

    chat: int  # a number for chat and topic: of the subscriber
    story: int
    since: float


@dataclass(frozen=True, slots=True)
class Told:
    """Telegram took a new message that tells a story. `process` says who sent it."""

    chat: int
    story: int
    at: float
    process: int
    answered_after: float = 0.0  # seconds; infinite where the answer never came


@dataclass(frozen=True, slots=True)
class Outage:
    """Something was wrong from here to there, which may delay what is due meanwhile. `chat`: None is everybody's."""

    since: float
    until: float
    chat: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a process: `wanted` when we killed or stopped it."""

    process: int
    at: float
    code: int
    wanted: bool
    killed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge found; `guilty` says whether a promise was broken."""

    due: int
    delivered: int
    lost: tuple[Due, ...] = ()
    late: tuple[tuple[Due, float], ...] = ()  # with seconds beyond what the outages explain
    repeated: tuple[Told, ...] = ()  # second and further copies that nothing allows
    allowed_repeats: int = 0
    never_due: tuple[Told, ...] = ()  # told to a chat that does not follow it
    ended: tuple[Ended, ...] = ()  # processes that ended by themselves
    worst_delay: float = 0.0  # seconds, with the outages
    notes: tuple[str, ...] = field(default=())

    @property
    def guilty(self) -> bool:
        """Whether anything is as it must not be."""
        return bool(self.lost or self.late or self.repeated or self.never_due or self.ended or self.notes)

    def table(self) -> str:
        """For a person."""
        lines = [
            f"due        {self.due:6}",
            f"delivered  {self.delivered:6}",
            f"lost       {len(self.lost):6}  {_some(f'chat {d.chat} story {d.story:05d}' for d in self.lost)}",
            f"late       {len(self.late):6}  {_some(f'story {d.story:05d} by {s:.0f} s' for d, s in self.late)}",
            f"repeated   {len(self.repeated):6}  {_some(f'story {t.story:05d}' for t in self.repeated)}",
            f"  allowed  {self.allowed_repeats:6}",
            f"not due    {len(self.never_due):6}  {_some(f'chat {t.chat} {t.story:05d}' for t in self.never_due)}",
            f"ended      {len(self.ended):6}  {_some(f'{e.process} with {e.code}' for e in self.ended)}",
            f"slowest    {self.worst_delay:6.1f} s",
        ]
        return "\n".join([*lines, *self.notes])


def judged(
    due: Collection[Due],
    told: Sequence[Told],
    *,
    follows: Mapping[int, Collection[int]],
    outages: Collection[Outage] = (),
    ended: Collection[Ended] = (),
    tolerated: Collection[tuple[int, int]] = (),
    margin: float = 60.0,
    at_once: int = 1,
    waits: Mapping[int, float] = {},
    notes: Sequence[str] = (),
) -> Verdict:
    """Compare. `follows`: the stories that each chat may be told of, due or not.

    `tolerated`: pairs of chat and story that may be told or not: nobody can say whether they were due. `margin` is how
    many seconds more than its outages an alert may take. `at_once` messages are on the wire together. `waits`: by chat,
    how many seconds its news may wait on top of all that to be told together.
    """
    first: dict[tuple[int, int], Told] = {}
    copies: dict[tuple[int, int], list[Told]] = defaultdict(list)
    for message in sorted(told, key=lambda one: one.at):
        first.setdefault((message.chat, message.story), message)
        copies[message.chat, message.story].append(message)
    must = [each for each in due if (each.chat, each.story) not in set(tolerated)]
    lost = [each for each in must if (each.chat, each.story) not in first]
    late, worst = [], 0.0
    for each in must:
        mine = first.get((each.chat, each.story))
        if mine is None:
            continue
        took = mine.at - each.since
        worst = max(worst, took)
        beyond = took - margin - waits.get(each.chat, 0.0) - _troubled(each.chat, each.since, mine.at, outages)
        if beyond > 0:
            late.append((each, beyond))
    forbidden, allowed = _repeats(copies, ended, at_once)
    return Verdict(
        due=len(must),
        delivered=len(must) - len(lost),
        lost=tuple(lost),
        late=tuple(late),
        repeated=tuple(forbidden),
        allowed_repeats=allowed,
        never_due=tuple(each for each in first.values() if each.story not in follows.get(each.chat, ())),
        ended=tuple(each for each in ended if not each.wanted),
        worst_delay=worst,
        notes=tuple(notes),
    )


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory (bytes) and open files of a process at a moment."""

    at: float
    process: int
    memory: int
    files: int


def grown(samples: Sequence[Sample], *, memory: float = 1.5, files: int = 20) -> list[str]:
    """What did not come back to where it was when all had calmed down: the last sample against the first.

    `memory` is a factor, `files` how many more may be open.
    """
    if not samples:
        return ["no sample of memory and open files"]
    first, last = samples[0], samples[-1]
    notes = []
    if last.memory > first.memory * memory:
        notes.append(f"memory grew from {first.memory / 2**20:.0f} to {last.memory / 2**20:.0f} MB")
    if last.files > first.files + files:
        notes.append(f"open files grew from {first.files} to {last.files}")
    return notes


def _troubled(chat: int, since: float, until: float, outages: Iterable[Outage]) -> float:
    """How many seconds of a span something was wrong that concerned this chat."""
    spans = sorted(
        (max(since, each.since), min(until, each.until)) for each in outages if each.chat is None or each.chat == chat
    )
    total, reached = 0.0, -math.inf
    for begin, end in spans:
        begin = max(begin, reached)
        if end > begin:
            total += end - begin
            reached = end
    return total


def _repeats(
    copies: Mapping[tuple[int, int], Sequence[Told]], ended: Collection[Ended], at_once: int
) -> tuple[list[Told], int]:
    """Copies that nothing allows, and how many were allowed.

    A message may come again when its answer was lost, or when its process was killed before it could write the answer
    down: that holds for the last messages that a killed process sent, as many as it sends at once.
    """
    everything = sorted((each for mine in copies.values() for each in mine), key=lambda one: one.at)
    killed = {each.process: each.at for each in ended if each.killed}
    last: dict[int, dict[tuple[float, int], list[Told]]] = defaultdict(dict)  # messages; a digest tells much in one
    for each in everything:
        last[each.process].setdefault((each.at, each.chat), []).append(each)
    unsettled = {
        id(each)
        for process, messages in last.items()
        if process in killed
        for message in list(messages.values())[-at_once:]
        for each in message
        if killed[process] - each.at < SETTLED_WITHIN
    }
    forbidden, allowed = [], 0
    for mine in copies.values():
        for earlier, again in pairwise(mine):
            if earlier.answered_after >= ANSWER_WAITED_FOR or id(earlier) in unsettled:
                allowed += 1
            else:
                forbidden.append(again)
    return forbidden, allowed


def _some(words: Iterable[str], most: int = 6) -> str:
    listed = list(words)
    return ", ".join(listed[:most]) + (" …" if len(listed) > most else "")
