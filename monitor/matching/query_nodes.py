"""The nodes of a query's tree, and a node written out again for a person.

Says nothing of texts: matching/query.py reads queries into nodes, matching/query_plans.py evaluates them.
"""

from dataclasses import dataclass, field
from typing import Final, assert_never

SHOWN_ALTERNATIVES: Final = 6  # of an OR written out for a person


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase; `exact`: with its capitals; `fold`: without tone and vowel marks."""

    text: str
    exact: bool = False
    fold: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """@id: a leader of the watchlists."""

    id: str


@dataclass(frozen=True, slots=True)
class People:
    """@* and @**: `count` different leaders or state offices."""

    count: int


@dataclass(frozen=True, slots=True)
class Near:
    """Each part at most the given number of syllables from the one before it."""

    parts: tuple["Node", ...]
    distances: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All parts, anywhere in the item."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any part."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class InTitle:
    """The part holds in the title alone."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class InSentence:
    """The part holds within one sentence."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Compare:
    """A number beside the part that is `sign` (>=, >, <, <= or =) `number`; `percent`: it must be a share.

    `shown` is the number as the query writes it.
    """

    part: "Node"
    sign: str
    number: float
    percent: bool = False
    shown: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class SetName:
    """{name}: a named set, not looked up yet. `column`, from 1, is where the query names it."""

    name: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class NamedSet:
    """{name} looked up: its members as `part`, and what their words may not stand in (`ignored`)."""

    name: str
    part: "Node"
    ignored: "Node | None" = None


Node = SetName | NamedSet | Compare | Term | Person | People | Near | And | Or | Not | InTitle | InSentence


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; `text` is as it was written."""

    text: str
    root: Node

    def terms(self) -> tuple[Term, ...]:
        """Every word and phrase of the query, in order, once each."""
        return terms_of(self.root)

    def sets(self) -> tuple[SetName, ...]:
        """Every set that it names, in order."""
        return tuple(node for node in walk(self.root) if isinstance(node, SetName))

    def people(self) -> tuple[str, ...]:
        """The ids behind every @."""
        return tuple(dict.fromkeys(node.id for node in walk(self.root) if isinstance(node, Person)))


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node, none for a leaf."""
    match node:
        case Near(parts=parts) | And(parts=parts) | Or(parts=parts):
            return parts
        case Not(part=part) | InTitle(part=part) | InSentence(part=part) | NamedSet(part=part) | Compare(part=part):
            return (part,)
        case _:
            return ()


def walk(root: Node) -> list[Node]:
    """The node and all that it holds, from left to right."""
    found: list[Node] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(reversed(children(node)))
    return found


def terms_of(root: Node) -> tuple[Term, ...]:
    """Every word and phrase of a tree, in order, once each."""
    return tuple(dict.fromkeys(node for node in walk(root) if isinstance(node, Term)))


def written(node: Node) -> str:
    """A node as a query writes it, for a person."""
    match node:
        case Term():
            return _written_term(node)
        case Person(id=id):
            return f"@{id}"
        case People(count=count):
            return "@" + "*" * count
        case SetName(name=name) | NamedSet(name=name):
            return f"{{{name}}}"
        case Near():
            return _written_near(node)
        case Compare(part=part, sign=sign, shown=shown):
            return f"{_in_brackets(part)} {sign} {shown}"
        case And(parts=parts):
            return "(" + " AND ".join(map(written, parts)) + ")"
        case Or(parts=parts):
            return _written_or(parts)
        case Not(part=part):
            return f"NOT {written(part)}"
        case InTitle(part=part):
            return f"title:{_in_brackets(part)}"
        case InSentence(part=part):
            return f"sentence:{_in_brackets(part)}"
        case _:
            assert_never(node)


def _written_term(term: Term) -> str:
    mark = "=" if term.exact else "~" if term.fold else ""
    return mark + (f'"{term.text}"' if " " in term.text else term.text)


def _written_near(near: Near) -> str:
    words = [written(near.parts[0])]
    for distance, part in zip(near.distances, near.parts[1:], strict=True):
        words.append(f"NEAR/{distance} {written(part)}")
    return " ".join(words)


def _written_or(parts: tuple[Node, ...]) -> str:
    shown = [written(part) for part in parts[:SHOWN_ALTERNATIVES]]
    return "(" + " OR ".join([*shown, "…"] if len(parts) > SHOWN_ALTERNATIVES else shown) + ")"


def _in_brackets(node: Node) -> str:
    return f"({written(node)})" if isinstance(node, Near | Not) else written(node)
