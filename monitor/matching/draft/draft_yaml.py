"""A draft as YAML for a watchlist file, with the evidence beside each line as comments.

Writes only; whether the engine takes it is for whoever loads it.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from monitor.matching.draft.drafts import Draft, FieldProposal
from monitor.matching.draft.slugs import scalar
from monitor.types import EVENT_RATE, Event, Focus, Leader, Office, Priority, Watch

_WIDTH: Final = 118
_LEADER_LISTS: Final = ("aliases", "short", "near", "not")


def yaml_of(draft: Draft) -> str:
    """The watch under `leaders:` or `events:`, ready to be written into a file of its own."""
    lines = [_comment(note) for note in draft.notes]
    watch = draft.watch
    lines.append("leaders:" if isinstance(watch, Leader) else "events:")
    lines += [f"  - id: {watch.id}", f"    name: {scalar(watch.name)}"]
    lines += _beside(draft, "name", watch.name, "    ")
    lines += _leader(draft, watch) if isinstance(watch, Leader) else _event(draft, watch)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def yaml_of_watch(watch: Watch) -> str:
    """A watch as a file has it, without comments; its tags and whether it is enabled are left out."""
    lines = [yaml_of(Draft(watch, ())).rstrip("\n")]
    if watch.priority is not Priority.NORMAL:
        lines.append(f"    priority: {watch.priority}")
    if watch.rate != (None if isinstance(watch, Leader) else EVENT_RATE):
        rate = f"{watch.rate.most} / {watch.rate.within.total_seconds():.0f}s" if watch.rate else "off"
        lines.append(f"    rate: {rate}")
    if isinstance(watch, Event) and watch.polarity:
        lines.append("    polarity:")
        for label, queries in watch.polarity:
            lines.append(f"      {scalar(label)}:")
            lines += [f"        - {_query(query)}" for query in queries]
    return "\n".join(lines) + "\n"


def _leader(draft: Draft, watch: Leader) -> Iterator[str]:
    values = {"aliases": watch.aliases, "short": watch.short, "near": watch.near, "not": watch.exclude}
    yield from _list(draft, "aliases", map(scalar, values["aliases"]), values["aliases"])
    yield from _list(draft, "short", map(scalar, values["short"]), values["short"])
    yield from _list(draft, "offices", map(_office, watch.offices), [office.title for office in watch.offices])
    if watch.common:
        yield "    common: true"
    yield from _beside(draft, "common", "true", "    ")
    yield from _list(draft, "near", map(scalar, values["near"]), values["near"])
    yield from _list(draft, "not", map(scalar, values["not"]), values["not"])


def _event(draft: Draft, watch: Event) -> Iterator[str]:
    for field, queries in (("match", watch.match), ("not", watch.exclude), ("ignore", watch.ignore)):
        yield from _list(draft, field, map(_query, queries), queries)
    if watch.focus is not Focus.ANY:
        yield f"    focus: {watch.focus}"
        yield from _beside(draft, "focus", str(watch.focus), "    ")


def _query(query: str) -> str:
    return "'" + query.replace("'", "''") + "'"


def _office(office: Office) -> str:
    since = f", since: {office.since}" if office.since else ""
    until = f", until: {office.until}" if office.until else ""
    return f"{{title: {scalar(office.title)}{since}{until}}}"


def _list(draft: Draft, field: str, written: Iterable[str], values: Iterable[str]) -> Iterator[str]:
    """A key with its values, each with what speaks for it; what was left out stands behind them."""
    head = False
    for text, value in zip(written, values, strict=True):
        if not head:
            yield f"    {field}:"
            head = True
        yield f"      - {text}"
        yield from _beside(draft, field, value, "        ")
    for one in draft.proposals:
        if one.field == field and not one.taken:
            yield _cut(f"    # {field}, left out: {_plain(one.value)} ({_plain(one.why)})")


def _beside(draft: Draft, field: str, value: str, indent: str) -> Iterator[str]:
    for one in draft.proposals:
        if one.field == field and one.value == value and (one.taken or field == "common"):
            yield from _evidence(one, indent)


def _evidence(one: FieldProposal, indent: str) -> Iterator[str]:
    yield from _wrapped(f"{indent}# ", _plain(one.why))
    for example in one.examples:
        yield _cut(f"{indent}#   {_plain(example.id)}: {_plain(example.title)}")


def _wrapped(begin: str, text: str) -> Iterator[str]:
    line = begin
    for word in text.split(" "):
        if len(line) + len(word) > _WIDTH and line != begin:
            yield line
            line = begin
        line += word if line == begin else f" {word}"
    yield line


def _comment(text: str) -> str:
    return _cut(f"# {_plain(text)}")


def _cut(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"


def _plain(text: str) -> str:
    """Without what would end a comment or is no character of YAML."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
