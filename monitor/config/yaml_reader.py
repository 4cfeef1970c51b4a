"""YAML to plain data that remembers where each key and value stands in its file.

Decides nothing about the meaning of keys. Scalars stay the text they are written as (`No`, `1e3`, a date), so that
nothing is guessed; only an empty value, `~` and `null` are nothing. Anchors, aliases, tags, several documents, doubled
keys and tabs are refused: config files need none of them, and each is a surprise (an alias bomb grows exponentially).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.events import (
    CollectionStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from monitor.config.plain_files import UnreadableFile, read_plain_file, shown_name
from monitor.config.yaml_mistakes import syntax_mistake
from monitor.errors import Problem
from monitor.i18n import say, translatable
from monitor.text.words import is_nfc, nfc

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML built without libyaml: ten times slower, the same events
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

MAX_FILE_BYTES = 4 * 2**20  # 10,000 short watches are 2 MB; the largest file that ships has 24 kB. A second a MB
MAX_DEPTH = 16  # our files need 6 levels
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # YAML 1.1, 5.1
_STRETCH = 2**18  # characters searched in one go
_STARTS = (MappingStartEvent, SequenceStartEvent)  # named once: these are asked of 400,000 events of a large file
_ENDS = (MappingEndEvent, SequenceEndEvent)
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(slots=True)
class Node:
    """A value and where it stands: characters of the file's text. Only a scalar and {…} know their end."""

    start: int
    end: int
    value: "str | list[Node] | dict[str, Node] | None"
    style: str = ""  # of a scalar: "", "'", '"', "|" or ">"; of a mapping in braces: "{"
    key_start: int = -1  # of a mapping's value: where its key stands


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text and its name for messages."""

    name: str
    text: str
    breaks: list[int]  # where its lines end: places are looked up often when a large file is wrong all over

    def place(self, index: int) -> tuple[int, int]:
        """Line and column of a character, from 1."""
        line = bisect_left(self.breaks, index)
        return line + 1, index - (self.breaks[line - 1] if line else -1)

    def problem(self, index: int, message: str) -> Problem:
        """A problem that points at a character of this file."""
        return Problem(self.name, *self.place(index), message)


def _source(name: str, text: str) -> Source:
    return Source(name, text, [found.start() for found in re.finditer("\n", text)])


@dataclass(frozen=True, slots=True)
class YamlFile(Source):
    """A file as read, with its tree."""

    root: Node

    def index_within(self, node: Node, column: int) -> int:
        """The character of the file that character `column` (from 1, of the NFC text) of a scalar's value comes from.

        Quotes, escapes, folded lines and indentation add and drop characters, but never a visible one: the n-th visible
        character of the value is the n-th visible one of its source.
        """
        if not isinstance(node.value, str):
            return node.start
        raw_at = _raw_index(node.value, column - 1)
        wanted = sum(not char.isspace() for char in node.value[:raw_at])
        end = node.start
        for nth, (start, stop) in enumerate(_visible(self.text[node.start : node.end], node.style)):
            if nth == wanted:
                return node.start + start
            end = node.start + stop
        return end  # past the last character: where something is missing


def plain(node: Node) -> object:
    """The tree as dicts, lists and strings; a key with nothing behind it is left out, as if it were not written."""
    match node.value:
        case dict() as entries:
            return {key: plain(entry) for key, entry in entries.items() if entry.value is not None}
        case list() as items:
            return [plain(item) for item in items]
        case scalar:
            return scalar


def read_yaml(path: Path, instead: str | None = None) -> tuple[YamlFile | None, list[Problem]]:
    """Read one file. None when it cannot be read at all; problems may come with a tree, too (doubled keys).

    `instead`: a text that is not written yet, read as if the file held it.
    """
    name = shown_name(path)
    if instead is None:
        text, problem = read_text(path, name)
    else:
        text, problem = _checked(instead.encode("utf-8", "surrogatepass"), name)
    if problem is not None:
        return None, [problem]
    return parse_yaml(name, text)


def parse_yaml(name: str, text: str) -> tuple[YamlFile | None, list[Problem]]:
    """The same of a text that lies in no file."""
    source = _source(name, text)
    if found := _unprintable(text):
        message = say("the invisible character {char} stands here: delete it", char=f"U+{ord(found[0]):04X}")
        return None, [source.problem(found.start(), message)]
    if tabs := _tabs(source):
        return None, tabs
    builder = _TreeBuilder(source)
    try:
        root = builder.build()
    except _Refused as error:
        return None, [*builder.problems, source.problem(error.index, error.args[0])]
    except yaml.MarkedYAMLError as error:
        return None, [*builder.problems, source.problem(*syntax_mistake(error, text))]
    except yaml.YAMLError as error:
        return None, [*builder.problems, Problem(source.name, 0, 0, f"cannot be read as YAML: {error}")]
    if root is None:
        return None, [source.problem(0, say("the file is empty"))]
    return YamlFile(source.name, text, source.breaks, root), builder.problems


# ---------------------------------------------------------------- bytes to text


def read_text(path: Path, name: str) -> tuple[str, Problem | None]:
    """What a file holds, with Unix ends of lines; "" and why where it cannot be read."""
    try:
        raw = read_plain_file(path, most=MAX_FILE_BYTES)
    except UnreadableFile as wrong:
        place = 1 if wrong.is_odd else 0
        return "", Problem(name, place, place, str(wrong))
    return _checked(raw, name)


def _checked(raw: bytes, name: str) -> tuple[str, Problem | None]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", Problem(name, 1, 1, "the file is UTF-16: save it as UTF-8")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        text = raw.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = _source(name, raw[: error.start].decode().replace("\r\n", "\n").replace("\r", "\n"))
        wrong_byte = f"byte 0x{raw[error.start]:02x} is not UTF-8: save the file with the encoding UTF-8"
        return "", before.problem(len(before.text), wrong_byte)
    return text, None


def _unprintable(text: str) -> re.Match[str] | None:
    # in stretches: one search of some MB holds up every thread
    stretches = (_UNPRINTABLE.search(text, at, at + _STRETCH) for at in range(0, len(text), _STRETCH))
    return next((found for found in stretches if found), None)


_TAB_BEFORE = translatable("a tab before the text: YAML is indented with spaces, write two")
_TAB_WITHIN = translatable("a tab in the text: YAML is indented with spaces, write two")


def _tabs(source: Source) -> list[Problem]:
    problems = []
    for number, line in enumerate(source.text.split("\n") if "\t" in source.text else (), 1):
        code = re.split(r"(?:^|\s)#", line, maxsplit=1)[0]  # a tab in a comment harms nobody
        if (at := code.find("\t")) >= 0:
            where = _TAB_BEFORE if not code[:at].strip() else _TAB_WITHIN
            message = say(where)
            problems.append(Problem(source.name, number, at + 1, message))
    return problems


# ---------------------------------------------------------------- text to tree


class _Refused(Exception):
    """The parser itself would go on, we do not."""

    def __init__(self, message: str, index: int) -> None:
        super().__init__(message)
        self.index = index


class _TreeBuilder:
    """Makes the tree from the parser's events, without recursion, so that depth is a limit and not a crash."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.problems: list[Problem] = []
        self._documents = 0
        self._stack: list[Node] = []
        self._keys: list[tuple[str, int] | None] = []  # of each open list or mapping: the key that waits for its value

    def build(self) -> Node | None:
        root: Node | None = None
        for event in yaml.parse(self._source.text, Loader=_Loader):
            node = self._take(event)
            root = root or node
        return root if root is None or root.value is not None else None

    def _take(self, event: yaml.Event) -> Node | None:
        """Build on by one event; the value that begins with it, if one does."""
        mark = event.start_mark
        assert mark is not None  # the parser marks every event
        if isinstance(event, ScalarEvent):
            return self._scalar(event, mark.index)
        if isinstance(event, _STARTS):
            return self._collection(event, mark.index)
        if isinstance(event, _ENDS):
            node = self._stack.pop()
            self._keys.pop()
            if node.style and event.end_mark:
                node.end = event.end_mark.index
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _Refused(say("a second document begins: one file holds one"), mark.index)
        elif isinstance(event, yaml.AliasEvent):
            raise _Refused(
                say(
                    "`*{name}` is a YAML alias, which is not read here: write the value itself "
                    "(a query that begins with * goes in single quotes)",
                    name=event.anchor,
                ),
                mark.index,
            )
        return None

    def _scalar(self, event: ScalarEvent, start: int) -> Node | None:
        """A single value; None when it is a key."""
        self._refuse_extras(event, start)
        is_plain = event.implicit[0]
        value = None if is_plain and event.value in _NOTHING else event.value
        if self._wants_key():
            self._take_key(value, start)
            return None
        end = event.end_mark.index if event.end_mark else start
        node = Node(start, end, value, "" if is_plain else event.style or "")
        self._attach(node)
        return node

    def _collection(self, event: MappingStartEvent | SequenceStartEvent, start: int) -> Node:
        """The beginning of a list or a mapping."""
        self._refuse_extras(event, start)
        is_mapping = isinstance(event, MappingStartEvent)
        node = Node(start, start, {} if is_mapping else [], "{" if is_mapping and event.flow_style else "")
        if self._wants_key():
            self._take_key(None, start)
        self._attach(node)
        if len(self._stack) >= MAX_DEPTH:
            raise _Refused(say("nested deeper than {n} levels", n=MAX_DEPTH), start)
        self._stack.append(node)
        self._keys.append(None)
        return node

    def _refuse_extras(self, event: ScalarEvent | CollectionStartEvent, start: int) -> None:
        if event.anchor is not None:
            raise _Refused(
                say(
                    "`&{name}` is a YAML anchor, which is not read here: "
                    "a value that begins with & goes in single quotes",
                    name=event.anchor,
                ),
                start,
            )
        if event.tag is not None:
            raise _Refused(
                say("a YAML tag (!), which is not read here: a value that begins with ! goes in single quotes"),
                start,
            )

    def _wants_key(self) -> bool:
        return bool(self._stack) and self._keys[-1] is None and isinstance(self._stack[-1].value, dict)

    def _take_key(self, key: str | None, start: int) -> None:
        if key is None:
            raise _Refused(say("a key must be a word"), start)
        self._keys[-1] = (key, start)

    def _attach(self, node: Node) -> None:
        if not self._stack:
            return
        parent = self._stack[-1].value
        if isinstance(parent, list):
            parent.append(node)
        elif isinstance(parent, dict) and (waiting := self._keys[-1]) is not None:
            self._keys[-1] = None
            key, node.key_start = waiting
            if (first := parent.get(key)) is None:
                parent[key] = node
                return
            line, _ = self._source.place(first.key_start)
            message = say("`{key}` stands twice here, first in line {line}: join the two", key=key, line=line)
            self.problems.append(self._source.problem(node.key_start, message))


# ---------------------------------------------------------------- from a value back to its source


def _visible(source: str, style: str) -> Iterator[tuple[int, int]]:
    """Where each visible character of a scalar's value is written, in order, as [start, end) of `source`."""
    at = 0
    if style in ("|", ">"):
        at = source.find("\n") + 1 or len(source)
    elif style:
        at, source = 1, source[:-1]
    while at < len(source):
        char, width = _written_at(source, at, style)
        if not char.isspace():
            yield at, at + width
        at += width


def _written_at(source: str, at: int, style: str) -> tuple[str, int]:
    """The character of the value that stands at `at`, and how many characters it is written with."""
    char = source[at]
    if style == "'" and char == "'":
        return char, 2  # a doubled quote
    if style != '"' or char != "\\":
        return char, 1
    escaped = source[at + 1 : at + 2]
    if width := _CODED.get(escaped):
        return chr(int(source[at + 2 : at + width], 16)), width
    return " " if escaped in "abtnvfre N_LP\t\n0" else escaped, 2


_CODED = {"x": 4, "u": 6, "U": 10}  # characters of an escape with the number of its character


def _raw_index(raw: str, index: int) -> int:
    """Where character `index` of NFC(raw) comes from in `raw`."""
    if is_nfc(raw):
        return min(index, len(raw))
    seen = start = 0
    for cluster in re.findall(r"(?s).[\u0300-\u036f]*", raw):
        seen += len(nfc(cluster))
        if index < seen:
            return start
        start += len(cluster)
    return len(raw)
