"""Which named set says more than a lone word of an event: told by `monitor check`.

Looks at words only; what is wrong with a query is found in matching/lint.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Final

from monitor.errors import QueryError
from monitor.i18n import say
from monitor.matching.query import parse_query
from monitor.matching.query_nodes import Node, Not, Or, Term, children, terms_of
from monitor.matching.sets import set_key
from monitor.matching.word_sets import guard_sets, shipped_sets
from monitor.types import Event, WordSet

FEW: Final = 3  # members: a smaller set says hardly more than its word
WEIGHED: Final = 3  # members of a set that an event has already: it means those
MANY: Final = 4  # queries of an event: who wrote more has weighed every word


def set_hints(event: Event) -> Iterator[tuple[int, str]]:
    """For the first lone word of an event that a set has: the place of its query in `match`, and what to write."""
    roots = list(_parsed(event.match if len(event.match) <= MANY else ()))
    said = {set_key(term.text.removesuffix(" *")) for _, root in roots for term in terms_of(root)}
    for index, root in roots:
        for word in _lone_words(root):
            found = _set_of().get(set_key(word))
            if found is not None and len(said.intersection(map(set_key, found.members))) < WEIGHED:
                yield (
                    index,
                    say(
                        "{set} holds {count} ways to say `{word}`: write {set}",
                        set=f"{{{found.name}}}",
                        count=len(found.members),
                        word=word,
                    ),
                )
                return


def _parsed(queries: Sequence[str]) -> Iterator[tuple[int, Node]]:
    for index, text in enumerate(queries):
        with suppress(QueryError):  # which lint.py tells
            yield index, parse_query(text).root


def _lone_words(node: Node) -> Iterator[str]:
    """The words and phrases that stand for an idea by themselves, with no other beside them in an OR."""
    match node:
        case Term(text=text, exact=False, fold=False):
            yield text
        case Or() | Not():
            return
        case _:
            for part in children(node):
                yield from _lone_words(part)


@cache
def _set_of() -> Mapping[str, WordSet]:
    """The set that bears each name. A member is no sure sign: "chợ" is one building of {nhà xưởng}, not any of them.

    Not of guards: what tells of no news may be just what an event is about.
    """
    guards = guard_sets()
    return {set_key(one.name): one for one in shipped_sets() if one not in guards and len(one.members) >= FEW}
