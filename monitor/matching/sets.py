"""Named sets looked up: {khởi tố} in a query becomes the members of the set, wherever it stands.

Knows names and members; which words a set has stands in word_sets/ and in the watchlist's `sets:`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from typing import Final

from monitor.errors import QueryError
from monitor.matching import text as texts
from monitor.matching.query import MAX_TERMS, parse_query
from monitor.matching.query_nodes import (
    And,
    Compare,
    InSentence,
    InTitle,
    NamedSet,
    Near,
    Node,
    Not,
    Or,
    SetName,
    Term,
    children,
    walk,
)
from monitor.matching.word_sets import shipped_sets
from monitor.types import WordSet

MAX_NESTED: Final = 8  # sets inside sets: no person follows more
_HINTS: Final = 3  # names shown for a name that is none


def set_key(name: str) -> str:
    """By what a set is found: neither capitals nor the placing of tones matter."""
    return texts.key(name)


@cache
def _shipped() -> Mapping[str, WordSet]:
    return {set_key(one.name): one for one in shipped_sets()}


class Sets:
    """The sets that ship and those of one watchlist, each read when it is first asked for."""

    def __init__(self, own: Iterable[WordSet] = ()) -> None:
        self._own = {set_key(one.name): one for one in own}
        self._looked_up: dict[str, NamedSet] = {}
        self._words: dict[str, int] = {}  # how many each set holds, with those of its sets
        self._open: list[str] = []  # the sets being read, outermost first

    def parse(self, text: str) -> Node:
        """The tree of a query with its sets looked up.

        Raises QueryError with the column: also for an unknown set, and for one that cannot stand where it stands.
        """
        return self.looked_up(parse_query(text).root)

    def get(self, name: str) -> WordSet | None:
        """The set of this name."""
        key = set_key(name)
        return self._own.get(key) or _shipped().get(key)

    def names(self) -> Iterator[str]:
        """The names of all sets."""
        for one in (*_shipped().values(), *self._own.values()):
            yield one.name

    def looked_up(self, node: Node) -> Node:
        """A tree in which every name of a set has become the set. Raises QueryError with the column."""
        names = [one for one in walk(node) if isinstance(one, SetName)]
        if not names:
            return node
        for name in names:
            self._named(name)
        whole = self._with_sets(node)
        if _count(whole, self._words) > MAX_TERMS:
            raise QueryError(f"more than {MAX_TERMS:,} words or phrases with its sets: fewer are expected", 1)
        return whole

    def _with_sets(self, node: Node) -> Node:
        match node:
            case SetName():
                return self._named(node)
            case Near(parts=parts, distances=distances):
                for part in parts:
                    self._check_inside(part, None, "NEAR")
                return Near(tuple(map(self._with_sets, parts)), distances)
            case And(parts=parts):
                return And(tuple(map(self._with_sets, parts)))
            case Or(parts=parts):
                return Or(tuple(map(self._with_sets, parts)))
            case Not(part=part):
                return Not(self._with_sets(part))
            case Compare(part=part):
                self._check_inside(part, Compare, "a comparison")
                return replace(node, part=self._with_sets(part))
            case InTitle(part=part):
                return InTitle(self._with_sets(part))
            case InSentence(part=part):
                return InSentence(self._with_sets(part))
            case _:
                return node

    def _check_inside(self, part: Node, more: type[Compare] | None, where: str) -> None:
        """Refuse a set of which a member cannot stand inside NEAR or a comparison."""
        refused = (And, Not, InTitle, InSentence, *([more] if more else []))
        for name in walk(part):
            if isinstance(name, SetName) and any(isinstance(inner, refused) for inner in walk(self._named(name))):
                what = "AND, NOT, title: or sentence:" + (" or a comparison" if more else "")
                raise QueryError(
                    f"{{{name.name}}} has a member with {what}, which {where} cannot hold: another set is expected",
                    name.column,
                )

    def _named(self, name: SetName) -> NamedSet:
        key = set_key(name.name)
        known = self._looked_up.get(key)
        if known is None:
            known = self._looked_up[key] = self._read(key, name)
        return known

    def _read(self, key: str, name: SetName) -> NamedSet:
        word_set = self.get(key)
        if word_set is None:
            raise QueryError(self._unknown(name.name), name.column)
        if key in self._open:
            way = " → ".join(f"{{{each}}}" for each in (*self._open[self._open.index(key) :], key))
            raise QueryError(f"{way}: a set cannot hold itself, other words are expected", name.column)
        if len(self._open) >= MAX_NESTED:
            raise QueryError(f"sets more than {MAX_NESTED} deep in sets: a flatter set is expected", name.column)
        self._open.append(key)
        try:
            part = self._any_of(word_set.members, word_set, name)
            ignored = self._any_of(word_set.ignore, word_set, name) if word_set.ignore else None
        finally:
            self._open.pop()
        self._words[word_set.name] = _count(part, self._words)
        return NamedSet(word_set.name, part, ignored)

    def _any_of(self, members: Iterable[str], word_set: WordSet, name: SetName) -> Node:
        """The members as one OR. Raises QueryError at `name` for a member that is wrong: it stands elsewhere."""
        parts: list[Node] = []
        for member in members:
            try:
                tree = parse_query(member).root
            except QueryError as error:
                raise QueryError(f"{{{word_set.name}}}, `{member}`: {error}", name.column) from None
            try:
                part = self.looked_up(tree)
            except QueryError as error:
                raise QueryError(str(error), name.column) from None
            parts.extend(part.parts if isinstance(part, Or) else (part,))
        if not parts:
            raise QueryError(f"{{{word_set.name}}} is empty: a set with members is expected", name.column)
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _unknown(self, name: str) -> str:
        by_key = {set_key(each): each for each in self.names()}
        close = get_close_matches(set_key(name), by_key, n=_HINTS, cutoff=0.6)
        near = " or ".join(f"{{{by_key[each]}}}" for each in close)
        hint = f"{near} is expected" if near else "a set of docs/sets.md or of `sets:` is expected"
        return f"{{{name}}} is no set: {hint}"


def _count(node: Node, known: Mapping[str, int]) -> int:
    """How many words and phrases a tree has; of its sets that is known."""
    match node:
        case Term():
            return 1
        case NamedSet(name=name) if name in known:
            return known[name]
        case _:
            return sum(_count(part, known) for part in children(node))
