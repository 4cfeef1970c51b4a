"""JSON lines in, JSON lines out, in constant memory; knows no item and no watch.

A line that cannot be read is reported with its number and skipped. Whoever writes one line and waits for its answer
gets it: the answers are flushed whenever the next line is not there yet, and only then, because a flush a line costs
more than reading it.
"""

import io
import json
import os
import re
import select
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, BinaryIO, NoReturn, TextIO

Row = dict[str, Any]

MAX_LINE_BYTES = 64 * 2**20  # a line is held in memory as a whole; the longest article seen has 0.1 MB
CHUNK_BYTES = 2**16


def speak_utf8() -> None:
    """Make stdout and stderr UTF-8 whatever the locale says; a closed one swallows what is written.

    Half a surrogate pair, which JSON can name and UTF-8 cannot hold, becomes its escape: in a JSON text that is the
    same character again.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # `monitor … >&-`
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - as long as the process lives
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def standard_input() -> BinaryIO:
    """The bytes of stdin, also where something that only knows text stands in its place."""
    given: TextIO | None = sys.stdin
    if given is None:
        return io.BytesIO()
    buffer = getattr(given, "buffer", None)
    return buffer if buffer is not None else io.BytesIO(given.read().encode("utf-8", "surrogatepass"))


def lines_of(stream: BinaryIO, *, before_waiting: Callable[[], None] = lambda: None) -> Iterator[bytes | None]:
    """The lines of `stream` without their ends, each as soon as it is there; None for one above MAX_LINE_BYTES.

    `before_waiting` is called when the next bytes have not come yet.
    """
    is_ready = _readiness(stream)
    read = getattr(stream, "read1", stream.read)
    pieces: list[bytes] = []
    held = 0  # bytes of `pieces`, and of what was thrown away of a line that is too long
    while True:
        if not is_ready():
            before_waiting()
        chunk = read(CHUNK_BYTES)
        if not chunk:
            break
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            yield None if held + len(end) > MAX_LINE_BYTES else b"".join((*pieces, end))
            pieces.clear()
            held = 0
        held += len(rest)
        if held > MAX_LINE_BYTES:
            pieces.clear()
        elif rest:
            pieces.append(rest)
    if held:
        yield None if held > MAX_LINE_BYTES else b"".join(pieces)


def _readiness(stream: BinaryIO) -> Callable[[], bool]:
    """Whether reading would give something at once; a file is always ready."""
    try:
        descriptor = stream.fileno()
    except (OSError, AttributeError):  # io.UnsupportedOperation is an OSError: bytes in memory
        return lambda: True
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return lambda: bool(poll.poll(0))


@dataclass(slots=True)
class RowReader:
    """Rows of a stream with their line numbers; `faults` counts the lines that could not be read."""

    lines: Iterable[bytes | None]
    name: str
    complaints: TextIO
    faults: int = 0

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        for number, line in enumerate(self.lines, start=1):
            if line is not None and not line.strip():
                continue
            try:
                yield number, row_of(line, first=number == 1)
            except ValueError as wrong:
                self.complain(number, str(wrong))

    def complain(self, number: int, why: str) -> None:
        """Report one line and count it."""
        self.faults += 1
        print(f"{self.name}:{number}: {why}; the line is skipped", file=self.complaints)


def row_of(line: bytes | None, *, first: bool = False) -> Row:
    """The JSON object of one line. Raises ValueError with what is wrong and, where there is one, the column."""
    if line is None:
        raise ValueError(f"longer than {MAX_LINE_BYTES // 2**20} MB")
    try:
        text = line.decode("utf-8-sig" if first else "utf-8")
        row = _whole_row(text)
        if row is None:  # blanks around it, or a mistake: the way that says which
            row = _decoder.decode(text)
    except UnicodeDecodeError as wrong:
        raise ValueError(f"not UTF-8 at byte {wrong.start + 1}") from None
    except json.JSONDecodeError as wrong:
        raise ValueError(f"not JSON at column {wrong.colno}: {wrong.msg[:1].lower()}{wrong.msg[1:]}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(row, dict):
        raise ValueError(f"expected an object, found {_KINDS.get(type(row), 'a number')}")
    return row


def _whole_row(text: str) -> Row | None:
    """The object that a text is from its first letter to its last, None when it is not plainly one."""
    try:
        row, end = _decoder.raw_decode(text)
    except json.JSONDecodeError:
        return None
    return row if end == len(text) and isinstance(row, dict) else None


_KINDS = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise ValueError(f"the number {digits[:20]} is too large")
    return number


def _whole(digits: str) -> int:
    if len(digits) > 1_000:  # Python's own limit is 4,300, and its message speaks of a setting
        raise ValueError(f"a number of {len(digits)} digits is too large")
    return int(digits)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")  # Python reads and writes it, other programs stumble over it


_decoder = json.JSONDecoder(parse_float=_finite, parse_int=_whole, parse_constant=_refuse)
_LINE_ENDS = re.compile(
    "[\x85\u2028\u2029]"
)  # JSON allows them raw; readers that split lines as Unicode does cut there


def _encoder() -> Callable[[Mapping[str, Any]], str]:
    """What json.dumps(row, ensure_ascii=False) does, less making an encoder for every line: a third of its time.

    Rows are trees, so nothing looks for circles.
    """
    slow = json.JSONEncoder(ensure_ascii=False)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # a Python without the C part of json
        return slow.encode
    pieces = make(None, slow.default, json.encoder.encode_basestring, None, ": ", ", ", False, False, True)
    return lambda row: "".join(pieces(row, 0))


_encode = _encoder()


def write(row: Mapping[str, Any], out: TextIO) -> None:
    """One JSON line, letters as they are; flushed by whoever knows that somebody waits.

    Raises ValueError, with nothing written, for what was only just shallow enough to be read.
    """
    try:
        line = _encode(row)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not line.isascii() and _LINE_ENDS.search(line):
        line = _LINE_ENDS.sub(lambda end: f"\\u{ord(end[0]):04x}", line)
    out.write(line + "\n")
