"""A watch's entry changed inside its file's text: what is not changed keeps its every byte, comments too.

Works on the text that yaml_reader.py read; decides nothing about what a watch should be, and writes no file.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from monitor.config.yaml_reader import Node, YamlFile
from monitor.types import Event, Leader, Office, Watch

_PLAIN = re.compile(r"[^\W\d_][\w.]*(?:[ -][\w.]+)*")
_WORDS_OF_YAML: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


class CannotEdit(Exception):
    """A place of a file is written in a way that is not changed by machine: said to the person, who can."""


@dataclass(frozen=True, slots=True)
class TextEdit:
    """`new` in the place of the characters [start, end)."""

    start: int
    end: int
    new: str


def with_watch(file: YamlFile, entry: Node, old: Watch, new: Watch) -> str:
    """The file's text with the entry of `old` made that of `new`. Raises CannotEdit."""
    text = file.text
    for edit in sorted(_edits(file, entry, old, new), key=lambda edit: (-edit.start, -edit.end)):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


def entry_text(file: YamlFile, entry: Node) -> str:
    """An entry as it is written, from its dash on, without the indentation of its list."""
    text = file.text
    if text[entry.start] == "{":
        return text[entry.start : end_of(file, entry)]
    dash = text.rfind("-", 0, entry.start)
    begin = text.rfind("\n", 0, dash) + 1
    lines = text[begin : _line_end(text, end_of(file, entry))].split("\n")
    indent = len(text[begin:dash])
    return "\n".join(line[indent:] if not line[:indent].strip() else line.lstrip() for line in lines)


def end_of(file: YamlFile, node: Node) -> int:
    """The character behind a value; of a list or mapping its bracket, or the end of its last value."""
    if isinstance(node.value, str) or node.value is None:
        text = file.text[node.start : node.end]
        return node.start + len(text.rstrip()) if node.style in ("|", ">") else node.end
    inner = list(node.value.values() if isinstance(node.value, dict) else node.value)
    last = max((end_of(file, each) for each in inner), default=node.start + 1)
    closing = {"{": "}", "[": "]"}.get(file.text[node.start])
    if closing is None:
        return last
    return file.text.index(closing, last) + 1


def scalar(value: str, *, style: str = "") -> str:
    """A text as YAML, in the style of its neighbour where that can hold it."""
    if style == '"':
        return json.dumps(value, ensure_ascii=False)
    if style != "'" and _PLAIN.fullmatch(value) and value.lower() not in _WORDS_OF_YAML:
        return value
    return "'" + value.replace("'", "''") + "'"


# ---------------------------------------------------------------- which values change


def _edits(file: YamlFile, entry: Node, old: Watch, new: Watch) -> Iterator[TextEdit]:
    if not isinstance(entry.value, dict):
        raise CannotEdit("the entry is no mapping")
    missing: list[str] = []
    for key, before, after in _lists(old, new):
        if before == after:
            continue
        node = entry.value.get(key)
        if node is None or not node.value:
            if node is not None and node.key_start >= 0:
                raise CannotEdit(f"`{key}` is empty: delete it, or write a value")
            missing.append(f"{key}: [{', '.join(map(scalar, after))}]")
        else:
            yield from _in_list(file, node, before, after)
    if isinstance(old, Leader) and isinstance(new, Leader):
        yield from _in_leader(file, entry.value, old, new, missing)
    if isinstance(old, Event) and isinstance(new, Event) and old.focus is not new.focus:
        yield from _scalar_key(file, entry.value, "focus", new.focus.value, missing)
    if missing:
        yield _new_keys(file, entry, missing)


def _lists(old: Watch, new: Watch) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    if isinstance(old, Leader) and isinstance(new, Leader):
        keys: Mapping[str, str] = {"aliases": "aliases", "short": "short", "near": "near", "not": "exclude"}
    elif isinstance(old, Event) and isinstance(new, Event):
        keys = {"match": "match", "not": "exclude", "ignore": "ignore"}
    else:
        raise CannotEdit("a leader does not become an event")
    for key, name in keys.items():
        yield key, getattr(old, name), getattr(new, name)


def _in_leader(
    file: YamlFile, keys: Mapping[str, Node], old: Leader, new: Leader, missing: list[str]
) -> Iterator[TextEdit]:
    if old.common != new.common:
        yield from _scalar_key(file, keys, "common", "true" if new.common else "false", missing)
    if old.offices == new.offices:
        return
    offices = keys.get("offices")
    if offices is None:
        missing.append("offices: [" + ", ".join(map(_office, new.offices)) + "]")
        return
    if not isinstance(offices.value, list) or len(offices.value) != len(old.offices):
        raise CannotEdit("`offices` is not a list of as many as were read")
    kept = [office for office in old.offices if office in new.offices or _moved(office, new.offices)]
    for node, office in zip(offices.value, old.offices, strict=True):
        moved = _moved(office, new.offices)
        if office in new.offices:
            continue
        if moved is not None:
            yield from _dates(file, node, office, moved)
        else:
            yield _without(file, offices, node, is_last_left=not kept)
    titles = {office.title for office in old.offices}
    if added := [_office(office) for office in new.offices if office.title not in titles]:
        yield _behind(file, offices, added)


def _scalar_key(
    file: YamlFile, keys: Mapping[str, Node], key: str, written: str, missing: list[str]
) -> Iterator[TextEdit]:
    node = keys.get(key)
    if node is None:
        missing.append(f"{key}: {written}")
    else:
        yield TextEdit(node.start, end_of(file, node), written)


def _moved(office: Office, offices: Sequence[Office]) -> Office | None:
    """The office of this title on other days."""
    return next((each for each in offices if each.title == office.title), None)


def _office(office: Office) -> str:
    dates = [f"{key}: {day}" for key, day in (("since", office.since), ("until", office.until)) if day]
    return "{" + ", ".join([f"title: {scalar(office.title)}", *dates]) + "}"


def _dates(file: YamlFile, node: Node, old: Office, new: Office) -> Iterator[TextEdit]:
    if not isinstance(node.value, dict):
        raise CannotEdit("an office is no mapping")
    changed: list[tuple[str, date | None]] = []
    if old.since != new.since:
        changed.append(("since", new.since))
    if old.until != new.until:
        changed.append(("until", new.until))
    for key, day in changed:
        there = node.value.get(key)
        if day is None:
            raise CannotEdit(f"`{key}` of an office is not taken away")
        if there is not None:
            yield TextEdit(there.start, end_of(file, there), str(day))
            continue
        last = max(end_of(file, each) for each in node.value.values())
        if file.text[node.start] == "{":
            yield TextEdit(last, last, f", {key}: {day}")
        else:
            indent = " " * (file.place(node.start)[1] - 1)
            yield TextEdit(_line_end(file.text, last), _line_end(file.text, last), f"\n{indent}{key}: {day}")


# ---------------------------------------------------------------- where they are written


def _in_list(file: YamlFile, node: Node, before: Sequence[str], after: Sequence[str]) -> Iterator[TextEdit]:
    """A list's values gone, replaced where as many come as go at one place, and new ones behind the last."""
    if not isinstance(node.value, list) or len(node.value) != len(before):
        raise CannotEdit("a list is written otherwise than it was read")
    gone = [place for place, value in enumerate(before) if value not in after]
    new = [value for value in after if value not in before]
    replaced = dict(zip(gone, new, strict=False)) if len(before) == len(after) else {}
    for place in gone:
        each = node.value[place]
        if place in replaced:
            yield TextEdit(each.start, end_of(file, each), scalar(replaced[place], style=each.style))
        else:
            yield _without(file, node, each, is_last_left=len(gone) == len(before))
    added = [value for value in new if value not in replaced.values()]
    if added:
        style = node.value[-1].style
        yield _behind(file, node, [scalar(value, style=style if style == '"' else "") for value in added])


def _behind(file: YamlFile, node: Node, written: Sequence[str]) -> TextEdit:
    """Values behind the last one of a list."""
    assert isinstance(node.value, list)
    last = end_of(file, node.value[-1]) if node.value else node.start + 1
    if file.text[node.start] == "[":
        return TextEdit(last, last, (", " if node.value else "") + ", ".join(written))
    indent = " " * (file.place(node.start)[1] - 1)
    at = _line_end(file.text, last)
    return TextEdit(at, at, "".join(f"\n{indent}- {each}" for each in written))


def _without(file: YamlFile, node: Node, gone: Node, *, is_last_left: bool) -> TextEdit:
    """One value of a list less; a list of lines that loses all is taken away with its key."""
    text, end = file.text, end_of(file, gone)
    if text[node.start] == "[":
        if (comma := re.compile(r"\s*,\s*").match(text, end)) is not None:
            return TextEdit(gone.start, comma.end(), "")
        before = re.search(r",\s*$", text[node.start : gone.start])
        return TextEdit(node.start + before.start() if before else gone.start, end, "")
    if is_last_left:
        raise CannotEdit("a list that loses its last value: delete its key")
    dash = text.rfind("-", 0, gone.start)
    return TextEdit(text.rfind("\n", 0, dash) + 1, _line_end(text, end) + 1, "")


def _new_keys(file: YamlFile, entry: Node, lines: Sequence[str]) -> TextEdit:
    """Keys more, behind the name."""
    assert isinstance(entry.value, dict)
    name = entry.value["name"]
    if file.text[entry.start] == "{":
        at = end_of(file, name)
        return TextEdit(at, at, "".join(f", {line}" for line in lines))
    indent = " " * (file.place(entry.start)[1] - 1)
    at = _line_end(file.text, end_of(file, name))
    return TextEdit(at, at, "".join(f"\n{indent}{line}" for line in lines))


def _line_end(text: str, index: int) -> int:
    at = text.find("\n", index)
    return len(text) if at < 0 else at
