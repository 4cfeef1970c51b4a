"""Queries changed in one place and written out again, as an editor would.

Knows trees only; which change is worth it is for learn/learner.py.
"""

from collections.abc import Iterator
from typing import Final, assert_never

from monitor.matching.query import parse_query
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
    People,
    Person,
    SetName,
    Term,
)

_OPERATORS: Final = frozenset({"AND", "OR", "NOT"})

Path = tuple[int, ...]
"""The way to a node: which part of each node from the root on."""


def query_text(node: Node) -> str:
    """A node as a query that parses to the very node."""
    match node:
        case Or(parts=parts):
            return " OR ".join(_bracketed(part, Or) for part in parts)
        case And(parts=parts):
            return " AND ".join(_bracketed(part, And, Or) for part in parts)
        case Near(parts=parts, distances=distances):
            text = _bracketed(parts[0], And, Or, Near, Not)
            for distance, part in zip(distances, parts[1:], strict=True):
                text += f" NEAR/{distance} {_bracketed(part, And, Or, Near, Not)}"
            return text
        case Not(part=part):
            return f"NOT {_bracketed(part, And, Or, Near)}"
        case InTitle(part=part):
            return f"title:{_scoped(part)}"
        case InSentence(part=part):
            return f"sentence:{_scoped(part)}"
        case Term():
            return term_text(node)
        case Person(id=id):
            return f"@{id}"
        case People(count=count):
            return "@" + "*" * count
        case Compare(part=part, sign=sign, shown=shown):
            return f"{_bracketed(part, And, Or, Near, Not)} {sign} {shown}"
        case SetName(name=name) | NamedSet(name=name):
            return f"{{{name}}}"
        case _:
            assert_never(node)


def term_text(term: Term) -> str:
    """A word or phrase as a query writes it."""
    mark = "=" if term.exact else "~" if term.fold else ""
    is_plain = all(letter.isalnum() or letter in ".&" for letter in term.text) and term.text not in _OPERATORS
    return mark + (term.text if is_plain else f'"{term.text}"')


def _scoped(part: Node) -> str:
    return query_text(part) if isinstance(part, Term) else f"({query_text(part)})"


def _bracketed(node: Node, *looser: type[Node]) -> str:
    return f"({query_text(node)})" if isinstance(node, looser) else query_text(node)


# ---------------------------------------------------------------- one place of a tree


def parts_of(node: Node) -> tuple[Node, ...]:
    """What a node joins; a scope has one part."""
    match node:
        case And(parts=parts) | Or(parts=parts) | Near(parts=parts):
            return parts
        case InTitle(part=part) | InSentence(part=part):
            return (part,)
        case _:
            return ()


def with_part(root: Node, path: Path, new: Node) -> Node:
    """The tree with another node at `path`."""
    if not path:
        return new
    first, *rest = path
    changed = [
        with_part(part, tuple(rest), new) if place == first else part for place, part in enumerate(parts_of(root))
    ]
    return _rebuilt(root, changed)


def without_part(root: Node, path: Path) -> Node | None:
    """The tree less the node at `path`; None where nothing is left. A join of one part becomes that part."""
    if not path:
        return None
    first, *rest = path
    parts = list(parts_of(root))
    inner = without_part(parts[first], tuple(rest))
    if inner is not None:
        parts[first] = inner
        return _rebuilt(root, parts)
    if isinstance(root, Near):
        return _near_without(root, first)
    del parts[first]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else _rebuilt(root, parts)


def _near_without(near: Near, place: int) -> Node:
    parts = [part for number, part in enumerate(near.parts) if number != place]
    if len(parts) == 1:
        return parts[0]
    gap = min(place, len(near.distances) - 1)
    return Near(tuple(parts), tuple(each for number, each in enumerate(near.distances) if number != gap))


def _rebuilt(root: Node, parts: list[Node]) -> Node:
    match root:
        case Or():
            return Or(tuple(flat for part in parts for flat in (part.parts if isinstance(part, Or) else (part,))))
        case And():
            return And(tuple(flat for part in parts for flat in (part.parts if isinstance(part, And) else (part,))))
        case Near(distances=distances):
            return Near(tuple(parts), distances)
        case InTitle():
            return InTitle(parts[0])
        case InSentence():
            return InSentence(parts[0])
        case _:
            return root


def joins(root: Node, path: Path = ()) -> Iterator[tuple[Path, Near | And]]:
    """Every AND and NEAR of a tree that no NOT holds, with the way to it."""
    if isinstance(root, And | Near):
        yield path, root
    for place, part in enumerate(parts_of(root)):
        yield from joins(part, (*path, place))


def is_join(root: Node, path: Path) -> Iterator[bool]:
    """Of each node on a way, the last one left out, whether it is an AND or NEAR."""
    for step in path:
        yield isinstance(root, And | Near)
        root = parts_of(root)[step]


def term_lists(root: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every word, phrase, set and OR of them at the places where alternatives can be added."""
    parts = root.parts if isinstance(root, Or) else (root,)
    if all(isinstance(part, Term | SetName) for part in parts):
        yield path, root
        return
    for place, part in enumerate(parts_of(root)):
        yield from term_lists(part, (*path, place))


def with_alternative(node: Node, term: Term | SetName) -> Or:
    """A node, or one word, phrase or set more."""
    parts = node.parts if isinstance(node, Or) else (node,)
    return Or((*parts, term))


def phrase_term(written: str) -> Term:
    """A phrase as a term."""
    return Term(written)


def is_same(query: str, node: Node) -> bool:
    """Whether a query is written so already."""
    return parse_query(query).root == node
