"""Lines of bytes in, JSON lines out: cut right wherever the chunks fall, and flushed when somebody waits."""

import io
import json
import os
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli import jsonl
from monitor.cli.jsonl import RowReader, lines_of, row_of, standard_input, write


class Drip:
    """A stream whose reads give one chunk each, as a pipe does."""

    def __init__(self, chunks: list[bytes]) -> None:
        self.chunks = [chunk for chunk in chunks if chunk]

    def read1(self, _: int) -> bytes:
        return self.chunks.pop(0) if self.chunks else b""

    read = read1


def dripping(*chunks: bytes) -> BinaryIO:
    return cast(BinaryIO, Drip(list(chunks)))


@given(st.lists(st.binary(max_size=6).map(lambda part: part.replace(b"x", b"\n"))))
def test_lines_are_the_same_wherever_the_chunks_fall(chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    expected = whole.split(b"\n")
    if not expected[-1]:
        expected.pop()
    assert list(lines_of(dripping(*chunks))) == expected


def test_a_line_above_the_limit_is_thrown_away_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", 10)
    chunks = [b"0123456789\n01234", b"567890", b"1" * 100, b"1\nok\n0123456789A\n", b"ok\n", b"z" * 11]
    assert list(lines_of(dripping(*chunks))) == [b"0123456789", None, b"ok", None, b"ok", None]


def test_whoever_waits_is_told_so_before_the_reader_blocks() -> None:
    read_end, write_end = os.pipe()
    waits: list[int] = []
    answers: list[bytes | None] = []

    def before_waiting() -> None:
        """The other side writes only once it has seen the answers to all it wrote."""
        waits.append(len(answers))
        if len(waits) == 1:
            os.write(write_end, b"a\nb\nc")
        elif len(waits) == 2:
            os.write(write_end, b"d\n")
        else:
            os.close(write_end)

    with open(read_end, "rb") as stream:
        for line in lines_of(stream, before_waiting=before_waiting):
            answers.append(line)  # noqa: PERF402 - before_waiting looks at it meanwhile
    assert answers == [b"a", b"b", b"cd"]
    assert waits == [0, 2, 3]


def test_a_file_is_read_without_waiting(tmp_path: Any) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"line\n" * 50_000)
    waits: list[None] = []
    with path.open("rb") as stream:
        assert sum(1 for _ in lines_of(stream, before_waiting=lambda: waits.append(None))) == 50_000
    assert waits == []


def reading(text: bytes) -> tuple[list[tuple[int, dict[str, Any]]], str, int]:
    complaints = io.StringIO()
    made = RowReader(lines_of(io.BytesIO(text)), "x.jsonl", complaints)
    return list(made), complaints.getvalue(), made.faults


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    rows, complaints, faults = reading(b'\xef\xbb\xbf{"a": 1}\r\n\r\n  \n{"b"\n[]\n{"c": 2}')
    assert rows == [(1, {"a": 1}), (6, {"c": 2})]
    assert complaints == (
        "x.jsonl:4: not JSON at column 5: expecting ':' delimiter; the line is skipped\n"
        "x.jsonl:5: expected an object, found a list; the line is skipped\n"
    )
    assert faults == 2


def test_a_mark_of_byte_order_is_only_the_first_line_s() -> None:
    rows, complaints, _ = reading(b'{}\n\xef\xbb\xbf{"a": 1}\n')
    assert rows == [(1, {})]
    assert "x.jsonl:2: not JSON" in complaints


@pytest.mark.parametrize("text", ["1e400", "-1e999", "NaN", "Infinity", "-Infinity", "9" * 1001])
def test_numbers_that_other_programs_cannot_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"too large|no JSON"):
        row_of(f'{{"n": {text}}}'.encode())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), JSON))
def test_what_is_written_is_one_line_and_reads_as_it_was(row: dict[str, Any]) -> None:
    out = io.StringIO()
    write(row, out)
    assert out.getvalue().splitlines() == [out.getvalue()[:-1]]
    assert json.loads(out.getvalue()) == row


def test_letters_are_written_as_letters() -> None:
    out = io.StringIO()
    write({"tên": "Đỗ Mười\x85\u2028"}, out)
    assert out.getvalue() == '{"tên": "Đỗ Mười\\u0085\\u2028"}\n'


class _TextOnly(io.StringIO):
    """Stands where stdin was, and has no bytes behind it."""


def test_standard_input_may_be_text_or_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", _TextOnly("Đ\ud800\n"))
    assert list(lines_of(standard_input())) == ["Đ".encode() + b"\xed\xa0\x80"]
    monkeypatch.setattr("sys.stdin", None)
    assert list(lines_of(standard_input())) == []
