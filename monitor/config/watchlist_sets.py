"""The sets of a watchlist and the queries that name them, checked in their files with place and what to write.

Leaves what a set holds in a query to matching/sets.py.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from monitor.config.records import find
from monitor.config.yaml_reader import Node, YamlFile
from monitor.errors import Problem, QueryError
from monitor.i18n import say
from monitor.text.words import nfc
from monitor.types import WordSet

if TYPE_CHECKING:
    from monitor.matching.sets import Sets

MOST_TOLD = 20  # wrong queries; looking for the nearest of many names takes a while


def entries_of(file: YamlFile, kinds: tuple[str, ...] = ("leaders", "events")) -> Iterator[Node]:
    """The watches of a file, as nodes."""
    for kind in kinds:
        yield from _items(file.root, kind)


def _items(node: Node, key: str) -> list[Node]:
    listed = find(node, (key,))
    return listed.value if listed is not None and isinstance(listed.value, list) else []


def _queries_of(entry: Node) -> Iterator[Node]:
    """The queries of an event, as nodes."""
    for key in ("match", "not", "ignore"):
        yield from _items(entry, key)
    yield from _values(find(entry, ("polarity",)))


def _values(mapping: Node | None) -> Iterator[Node]:
    """What stands behind the free keys of a mapping: one value or a list of them."""
    if mapping is not None and isinstance(mapping.value, dict):
        for each in mapping.value.values():
            yield from each.value if isinstance(each.value, list) else (each,)


def all_queries(file: YamlFile) -> Iterator[Node]:
    """The queries of the events and of the sets of a file, as nodes."""
    for entry in entries_of(file, ("events",)):
        yield from _queries_of(entry)
    yield from _values(find(file.root, ("sets",)))


def written_sets(file: YamlFile) -> Iterator[WordSet]:
    """The sets of a file that is wrong somewhere, so that queries which name them are not wrong as well."""
    for name, node in _sets_in(file):
        members = node.value if isinstance(node.value, list) else [node]
        readable = tuple(nfc(each.value) for each in members if isinstance(each.value, str) and _parses(each.value))
        if readable:
            yield WordSet(nfc(name), readable)


def _parses(query: str) -> bool:
    from monitor.matching.query import parse_query  # as in wrong_sets

    try:
        parse_query(nfc(query))
    except QueryError:
        return False
    return True


def braces_as_queries(file: YamlFile) -> None:
    """Read an unquoted {khởi tố} in a list of queries as that text: to YAML it is a mapping with a key and no value."""
    for node in all_queries(file):
        if node.style == "{" and isinstance(node.value, dict) and len(node.value) == 1:
            ((name, value),) = node.value.items()
            if value.value is None:
                node.value, node.style = f"{{{name}}}", ""


def wrong_sets(files: Sequence[YamlFile], sets: Sequence[WordSet]) -> list[Problem]:
    """Names that are taken, and queries whose sets are unknown, hold themselves or cannot stand there."""
    from monitor.matching.sets import Sets  # as in fields.py: a program that only reads feeds.yaml needs no grammar

    problems = _taken_names(files)
    if problems:
        return problems
    known = Sets(sets)
    members = [(file, node) for file in files for node in _values(find(file.root, ("sets",)))]
    if problems := _wrong_in(members, known):
        return problems  # each query that names a wrong set would be wrong, too
    queries = ((file, node) for file in files for entry in entries_of(file, ("events",)) for node in _queries_of(entry))
    return _wrong_in(queries, known)


def _wrong_in(queries: Iterable[tuple[YamlFile, Node]], known: "Sets") -> list[Problem]:
    """Queries whose sets cannot be looked up, the first few."""
    problems: list[Problem] = []
    for file, node in queries:
        if len(problems) < MOST_TOLD and isinstance(node.value, str) and "{" in node.value:
            try:
                known.parse(nfc(node.value))
            except QueryError as error:
                at = file.index_within(node, error.column)
                problems.append(file.problem(at, say("wrong query: {why}", why=error.args[0])))
    return problems


def _taken_names(files: Sequence[YamlFile]) -> list[Problem]:
    from monitor.matching.sets import Sets, set_key

    shipped = Sets()
    problems: list[Problem] = []
    seen: dict[str, tuple[YamlFile, Node]] = {}
    for file in files:
        for name, node in _sets_in(file):
            first_file, first = seen.setdefault(set_key(nfc(name)), (file, node))
            if first is not node:
                line, _ = first_file.place(first.key_start)
                same = say("line {line}", line=line)
                where = same if first_file is file else say("{file}, {line}", file=first_file.name, line=same)
                message = say(
                    "the set {name} is written already in {where}: choose another name", name=f"{{{name}}}", where=where
                )
            elif shipped.get(name) is not None:
                message = say(
                    "the set {name} ships with the program: choose another name, "
                    "and write {name} among its members to say more",
                    name=f"{{{name}}}",
                )
            elif node.value is None:
                message = say("the set {name} is empty: write at least one word or query", name=f"{{{name}}}")
            else:
                continue
            problems.append(file.problem(node.key_start, message))
    return problems


def _sets_in(file: YamlFile) -> Iterator[tuple[str, Node]]:
    written = find(file.root, ("sets",))
    if written is not None and isinstance(written.value, dict):
        yield from written.value.items()
