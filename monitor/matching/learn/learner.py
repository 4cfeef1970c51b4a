"""The fewest changes of a watch that bring it nearer to its marks.

Pure: takes the best edit, then looks again, until none helps surely. Reads no file; writes none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.matching.learn.edits import Edit, FieldChange
from monitor.matching.learn.event_edits import EventEdits
from monitor.matching.learn.leader_edits import LeaderEdits
from monitor.matching.learn.mark_words import MarkWords
from monitor.matching.learn.marks import Agreement, Mark
from monitor.matching.learn.phrases import LONGEST
from monitor.matching.learn.support import UNKNOWN, Belief, Side, expected, is_sure
from monitor.matching.learn.trials import Beside, Touched, TrialGround
from monitor.types import Event, Item, Leader, Watch

MOST_EDITS: Final = 8
MOST_LEADERS: Final = 20  # edits tried over the unmarked items, of those that help most among the marks
MOST_EVENTS: Final = 300  # the same of events, which are asked all at once
PRICE_OF_WORD: Final = 0.02  # marks: of two edits that bring as much the shorter one wins
OF_OFFICES: Final = 8  # words of a phrase around an office: "Bộ trưởng Bộ Công Thương Nhật Bản"
COMMON: Final = 0.01  # of the unmarked items: a phrase of more of them says nothing of one watch ("Việt Nam": 8 %)
FEWEST: Final = 500  # unmarked items below which that is not asked
FOLDS: Final = 5  # parts of the marks, each judged by what the others teach
PRICE_OF_ITEM: Final = 0.05  # marks: of an item told more or less, for each that is told


@dataclass(frozen=True, slots=True)
class LearntChange:
    """A value that a field gains or loses, and what speaks for it."""

    change: FieldChange
    why: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a watch should be, and what that changes among the marks and among the unmarked items."""

    watch: Watch
    before: Agreement
    after: Agreement
    changes: tuple[LearntChange, ...]
    gained: tuple[Item, ...]
    lost: tuple[Item, ...]


def learn(watch: Watch, marks: Sequence[Mark], items: Sequence[Item] = (), beside: Beside | None = None) -> Lesson:
    """Look for the changes; `items` are unmarked ones as a background, `beside` what it is at work with."""
    ground = TrialGround(marks, items, beside)
    words = MarkWords(marks, longest=OF_OFFICES if isinstance(watch, Leader) else LONGEST)
    before = now = _told(ground, watch)
    learnt: list[LearntChange] = []
    changed = watch
    for _ in range(MOST_EDITS):
        best = _best(changed, now, ground, words)
        if best is None:
            break
        learnt += [LearntChange(change, best.why) for change in best.edit.changes]
        changed, now = best.edit.watch, best.told
    return Lesson(
        changed,
        Agreement.of(marks, before.marks),
        Agreement.of(marks, now.marks),
        tuple(_settled(learnt)),
        tuple(items[place] for place in sorted(now.items - before.items)),
        tuple(items[place] for place in sorted(before.items - now.items)),
    )


def difference(
    old: Watch, new: Watch, items: Sequence[Item], beside: Beside | None = None
) -> tuple[Sequence[Item], Sequence[Item]]:
    """The items that only the new watch tells of, and those that only the old one does."""
    before, after = TrialGround((), items, beside).over_items([old, new]) if old != new else (frozenset(), frozenset())
    return [items[place] for place in sorted(after - before)], [items[place] for place in sorted(before - after)]


def cross_checked(
    watch: Watch, marks: Sequence[Mark], items: Sequence[Item] = (), beside: Beside | None = None
) -> Agreement:
    """How the watch agrees with marks that it did not learn from: each fifth is judged by what the others teach."""
    judged: list[tuple[Mark, bool]] = []
    for fold in range(min(FOLDS, len(marks))):
        held_out = marks[fold::FOLDS]
        rest = [mark for place, mark in enumerate(marks) if place % FOLDS != fold]
        learnt = learn(watch, rest, items, beside).watch
        told = TrialGround(held_out, (), beside).over_marks([learnt])[0]
        judged += [(mark, place in told) for place, mark in enumerate(held_out)]
    return Agreement.of([mark for mark, _ in judged], {place for place, (_, told) in enumerate(judged) if told})


def _settled(learnt: Sequence[LearntChange]) -> Iterator[LearntChange]:
    """The changes less what was added by one and removed by a later one."""
    for place, one in enumerate(learnt):
        if one.change.action == "add" and any(
            other.change.action == "remove" and _same(other, one) for other in learnt[place + 1 :]
        ):
            continue
        if one.change.action == "remove" and any(
            other.change.action == "add" and _same(other, one) for other in learnt[:place]
        ):
            continue
        yield one


def _same(one: LearntChange, other: LearntChange) -> bool:
    return (one.change.field, one.change.value) == (other.change.field, other.change.value)


# ---------------------------------------------------------------- the best edit


@dataclass(frozen=True, slots=True)
class _Tried:
    """An edit with what it brings; `worth` is in marks."""

    edit: Edit
    told: Touched
    worth: float
    why: str


def _told(ground: TrialGround, watch: Watch) -> Touched:
    return Touched(ground.over_marks([watch])[0], ground.over_items([watch])[0])


def _best(watch: Watch, now: Touched, ground: TrialGround, words: MarkWords) -> _Tried | None:
    marks = ground.marks
    agreeing = Agreement.of(marks, now.marks).agreeing
    if agreeing == len(marks):
        return None
    edits = list({edit.watch: edit for edit in _thought_up(watch, now, ground, words)}.values())
    over_marks = ground.over_marks([edit.watch for edit in edits])
    helpful = [
        (edit, told)
        for edit, told in zip(edits, over_marks, strict=True)
        if Agreement.of(marks, told).agreeing > agreeing
    ]
    helpful.sort(key=lambda pair: PRICE_OF_WORD * pair[0].words - Agreement.of(marks, pair[1]).agreeing)
    helpful = helpful[: MOST_LEADERS if isinstance(watch, Leader) else MOST_EVENTS]
    over_items = ground.over_items([edit.watch for edit, _ in helpful])
    held = dict(_where_parts_hold(helpful, ground))
    tried: list[_Tried] = []
    for (edit, told), items in zip(helpful, over_items, strict=True):
        one = _tried(edit, Touched(told, items), now, ground, held.get(edit.part))
        if one is not None:
            tried.append(one)
    return max(tried, key=lambda one: (one.worth, -one.edit.words, one.edit.about), default=None)


def _thought_up(watch: Watch, now: Touched, ground: TrialGround, words: MarkWords) -> Iterator[Edit]:
    if isinstance(watch, Event):
        return EventEdits(watch, ground, words, now.marks).all()
    return LeaderEdits(watch, ground, words, now.marks).all()


def _where_parts_hold(helpful: Sequence[tuple[Edit, frozenset[int]]], ground: TrialGround) -> list[tuple[str, Touched]]:
    parts = list(dict.fromkeys(edit.part for edit, _ in helpful if edit.part))
    return list(zip(parts, ground.holding(parts), strict=True))


def _tried(edit: Edit, told: Touched, now: Touched, ground: TrialGround, part: Touched | None) -> _Tried | None:
    marks = ground.marks
    gain = _side(marks, told.marks - now.marks, len(told.items - now.items), right=True)
    loss = _side(marks, now.marks - told.marks, len(now.items - told.items), right=False)
    if edit.needs > 1 and part is not None and len(part.items) > COMMON * max(len(ground.items), FEWEST):
        return None
    belief = _belief(edit, marks, now, part)
    if max(gain.right, loss.right) < edit.needs or not is_sure(gain, loss, belief, len(now.items)):
        return None
    sure = min(
        (
            expected(side, before, len(now.items))
            for side, before in ((gain, belief.gain), (loss, belief.loss))
            if not side.is_empty
        ),
        default=0.0,
    )
    brings = gain.right + loss.right - gain.wrong - loss.wrong
    upset = (gain.items + loss.items) / max(len(now.items), 1)
    worth = brings * sure - PRICE_OF_WORD * edit.words - PRICE_OF_ITEM * upset
    return _Tried(edit, told, worth, _why(edit, gain, loss, marks, now, part))


def _side(marks: Sequence[Mark], places: frozenset[int], items: int, *, right: bool) -> Side:
    good = sum(marks[place].right is right for place in places)
    return Side(good, len(places) - good, items)


def _belief(edit: Edit, marks: Sequence[Mark], now: Touched, part: Touched | None) -> Belief:
    """What is to be expected of an edit whatever its marks: by what its own words go with elsewhere."""
    wrong = sum(not marks[place].right for place in now.marks)
    share = (wrong + 0.5) / (len(now.marks) + 2)
    gain = UNKNOWN
    if part is not None and part.items:
        gain = len(part.items & now.items) / len(part.items)
    if edit.known is not None:
        return Belief(edit.known, edit.known, share)
    return Belief(gain, share, share)


def _why(edit: Edit, gain: Side, loss: Side, marks: Sequence[Mark], now: Touched, part: Touched | None) -> str:
    """What speaks for an edit, for a person."""
    missed = sum(mark.right for place, mark in enumerate(marks) if place not in now.marks)
    wrong = sum(not mark.right for place, mark in enumerate(marks) if place in now.marks)
    said = []
    if gain.right or gain.wrong:
        said.append(f"{edit.about}: {gain.right} of {missed} missed ones are told by it, {gain.wrong} wrong ones too")
    if loss.right or loss.wrong:
        cost = f"{loss.wrong} of the right ones too" if loss.wrong else "none of the right ones"
        said.append(f"{edit.about}: {loss.right} of {wrong} wrong ones are left out by it, {cost}")
    if part is not None and part.items and gain.right:
        beside = len(part.items & now.items)
        said.append(f"of {len(part.items)} unmarked items with it {beside} are told already")
    return "; ".join(said)
