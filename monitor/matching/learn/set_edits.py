"""What named sets could do for an event: written beside all the words they hold, or joined as its name says.

Thinks up edits and counts nothing; which of them is worth it is for learn/learner.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import Final

from monitor.matching import text as texts
from monitor.matching.learn.edits import Edit, FieldChange
from monitor.matching.learn.query_edits import Path, is_join, query_text, term_lists, with_alternative, with_part
from monitor.matching.learn.trials import TrialGround
from monitor.matching.query_nodes import Near, Node, SetName, Term, walk
from monitor.matching.word_sets import guards, read_sets
from monitor.types import Event

SETS_BESIDE: Final = 0.5  # sets beside all words that they hold
SETS_JOINED: Final = 0.4  # two sets of the event's name, near each other
SET_ALONE: Final = 0.3  # where a set is enough by itself
CLOSE: Final = 10  # syllables

ABROAD: Final = "title:{nước ngoài}"
_AT_HOME: Final = ("ở việt nam", "tại việt nam", "trong nước", "cả nước")


@dataclass(frozen=True, slots=True)
class _Written:
    """The sets that could stand in one list of words."""

    place: int
    path: Path
    names: tuple[str, ...]


class SetEdits:
    """Edits of one event by named sets."""

    def __init__(self, event: Event, ground: TrialGround, roots: Sequence[Node]) -> None:
        self._event = event
        self._ground = ground
        self._roots = roots

    def all(self) -> Iterator[Edit]:
        """Sets beside words: in one list, in one query, in all of them; then sets of the name, alone and in pairs."""
        written = list(self._lists())
        choices = [[one] for one in written]
        choices += [[one for one in written if one.place == place] for place in range(len(self._roots))]
        choices.append(written)
        for choice in choices:
            if len(choice) > 1 or (choice and len(choice[0].names) > 1):
                edit = self._with_sets(choice)
                if edit is not None:
                    yield edit
        yield from self._of_name()

    def _lists(self) -> Iterator[_Written]:
        for place, root in enumerate(self._roots):
            for path, node in term_lists(root):
                words = [term.text for term in walk(node) if isinstance(term, Term)]
                named = {term.name for term in walk(node) if isinstance(term, SetName)}
                names = [name for name in self._cover(words) if name not in named]
                if names:
                    yield _Written(place, path, tuple(names))

    def _cover(self, words: Sequence[str]) -> list[str]:
        """The fewest sets that hold whatever of the words some set holds; of two the smaller."""
        held = self._ground.sets_in(words)
        by_set: dict[str, set[str]] = {}
        for word, names in zip(words, held, strict=True):
            for name in names - guard_sets():
                by_set.setdefault(name, set()).add(word)
        chosen: list[str] = []
        left = set().union(*by_set.values()) if by_set else set()
        while left:
            best = max(by_set, key=lambda name: (len(by_set[name] & left), name in left, -self._size(name), name))
            chosen.append(best)
            left -= by_set[best]
        return chosen

    def _size(self, name: str) -> int:
        found = self._ground.sets.get(name)
        return len(found.members) if found else 0

    def _with_sets(self, choice: Sequence[_Written]) -> Edit | None:
        roots = list(self._roots)
        in_join = True
        for one in choice:
            node = dict(term_lists(self._roots[one.place]))[one.path]
            for name in one.names:
                node = with_alternative(node, SetName(name))
            roots[one.place] = with_part(roots[one.place], one.path, node)
            in_join &= any(is_join(self._roots[one.place], one.path))
        changed = [place for place, root in enumerate(roots) if root != self._roots[place]]
        if not all(self._ground.is_readable(query_text(roots[place])) for place in changed):
            return None
        match = tuple(
            query_text(root) if place in changed else self._event.match[place] for place, root in enumerate(roots)
        )
        changes = tuple(
            change
            for place in changed
            for change in (
                FieldChange("match", "remove", self._event.match[place]),
                FieldChange("match", "add", match[place]),
            )
        )
        names = list(dict.fromkeys(name for one in choice for name in one.names))
        about = ", ".join(f"{{{name}}}" for name in names)
        return self._guarded(
            Edit(replace(self._event, match=match), changes, 1, about, known=SETS_BESIDE if in_join else SET_ALONE)
        )

    def _of_name(self) -> Iterator[Edit]:
        """Queries of the sets that the event's name holds, and of those with the sets of its queries."""
        (held,) = self._ground.sets_in([self._event.name])
        of_name = held - guard_sets()
        for name in sorted(of_name):
            yield self._more(SetName(name), SET_ALONE)
        for one, other in combinations(sorted(of_name | self._asked_for()), 2):
            near = Near((SetName(one), SetName(other)), (CLOSE,))
            if self._ground.is_readable(query_text(near)):
                yield self._more(near, SETS_JOINED)

    def _asked_for(self) -> set[str]:
        """The sets that the queries name, and those of their words."""
        nodes = [node for root in self._roots for node in walk(root)]
        named = {node.name for node in nodes if isinstance(node, SetName)}
        return (named | set(self._cover([node.text for node in nodes if isinstance(node, Term)]))) - guard_sets()

    def _more(self, node: Node, known: float) -> Edit:
        query = query_text(node)
        watch = replace(self._event, match=(*self._event.match, query))
        return self._guarded(Edit(watch, (FieldChange("match", "add", query),), 1, query, query, known=known))

    def _guarded(self, edit: Edit) -> Edit:
        """An edit of an event at home with what rules out other countries, where no right mark names one."""
        watch = edit.watch
        if not isinstance(watch, Event) or not is_at_home(watch) or ABROAD in watch.exclude or not self._is_free():
            return edit
        change = FieldChange("not", "add", ABROAD)
        return replace(edit, watch=replace(watch, exclude=(*watch.exclude, ABROAD)), changes=(*edit.changes, change))

    def _is_free(self) -> bool:
        """Whether no right mark would be ruled out as one of abroad."""
        marks = self._ground.marks
        return not any(marks[place].right for place in self._ground.where(ABROAD))


def is_at_home(event: Event) -> bool:
    """Whether the name says that the event happens in Vietnam."""
    key = f" {texts.key(event.name)} "
    return any(f" {each} " in key for each in _AT_HOME)


@cache
def guard_sets() -> frozenset[str]:
    """The sets that ship for what tells of no happening: drills, memories, films."""
    return frozenset(one.name for one in read_sets(guards.SETS))
