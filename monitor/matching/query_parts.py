"""The part of a query that an item bears out, so that a person sees which of many words it was.

Shows only; whether the query holds was decided before.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from monitor.matching import query_nodes as nodes
from monitor.matching.item_hits import ItemHits
from monitor.matching.query_nodes import Node, Or, Term

MOST_ALTERNATIVES: Final = 200  # looked through for the part of a query that hit; a longer list is shown as it is


def borne_out(node: Node, hits: ItemHits, numbers: Mapping[Term, int]) -> Node:
    """The same node, of alternatives those that are there; `numbers` are those of the scan."""
    match node:
        case nodes.Or():
            return _alternatives_there(node, hits, numbers)
        case nodes.NamedSet(part=part):
            return borne_out(part, hits, numbers)
        case nodes.And(parts=parts):
            return nodes.And(tuple(borne_out(part, hits, numbers) for part in parts))
        case nodes.Near(parts=parts, distances=distances):
            return nodes.Near(tuple(borne_out(part, hits, numbers) for part in parts), distances)
        case nodes.Compare(part=part):
            return replace(node, part=borne_out(part, hits, numbers))
        case nodes.InTitle(part=part):
            return nodes.InTitle(borne_out(part, hits, numbers))
        case nodes.InSentence(part=part):
            return nodes.InSentence(borne_out(part, hits, numbers))
        case _:
            return node


def _alternatives_there(node: Or, hits: ItemHits, numbers: Mapping[Term, int]) -> Node:
    if len(node.parts) > MOST_ALTERNATIVES:
        return node
    there = tuple(borne_out(part, hits, numbers) for part in node.parts if _stands(part, hits, numbers))
    if not there:
        return node
    return there[0] if len(there) == 1 else Or(there)


def _stands(node: Node, hits: ItemHits, numbers: Mapping[Term, int]) -> bool:
    """Whether an alternative is there, as far as words and leaders tell."""
    match node:
        case nodes.Term():
            return numbers.get(node) in hits.terms
        case nodes.Person(id=id):
            return id in hits.leaders
        case nodes.Or(parts=parts):
            return any(_stands(part, hits, numbers) for part in parts)
        case nodes.NamedSet(part=part):
            return _stands(part, hits, numbers)
        case nodes.Not():
            return True
        case _:
            return all(_stands(part, hits, numbers) for part in nodes.children(node))
