"""From a fuzzer's bytes to what a law needs: texts, several of them, and long ones made of little."""

import re

LONG = 100_000  # bytes that a repeated piece fills: enough for a quadratic pattern to show
_REPEATED = re.compile(rb"\xfe([^\xfe]{1,64})\xfe", re.DOTALL)


def stretched(data: bytes) -> bytes:
    r"""The bytes with the first piece between two \xfe, which UTF-8 never has, repeated until it is LONG."""
    return _REPEATED.sub(lambda found: found[1] * (LONG // len(found[1])), data, count=1)


def text_of(data: bytes) -> str:
    """A text; bytes that are no UTF-8 become halves of surrogate pairs, as JSON may bring them."""
    return data.decode("utf-8", "surrogateescape")


def texts_of(data: bytes, count: int, *, parted_by: bytes = b"\n") -> list[str]:
    """Exactly `count` texts; the last one takes what is left, missing ones are empty."""
    parts = stretched(data).split(parted_by, count - 1)
    return [text_of(part) for part in (*parts, *[b""] * (count - len(parts)))]


def is_storable(text: str) -> bool:
    """Whether either database takes it."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
