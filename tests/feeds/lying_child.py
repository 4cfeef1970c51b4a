"""Stands in for the process that reads bodies apart, as one that a body took over: the last byte says which lie."""

import json
import sys
from collections.abc import Mapping

from monitor.feeds.frames import MAX_FRAME_BYTES
from monitor.net.child_side import LENGTH, framed, next_frame

HEADER = framed(json.dumps(["a" * 64, None, 0.1, 1, 0, "", False, 1]).encode())
LIES: Mapping[str, bytes] = {
    "no frame": b"xin ch\xc3\xa0o",
    "a frame without end": LENGTH.pack(2**31) + b"x",
    "no JSON": framed(b"\x80\x04N."),  # a pickle
    "another JSON": framed(b'{"entries": []}'),
    "deep JSON": framed(b"[" * 100_000),
    "an unknown failure": framed(json.dumps(["", None, 0.1, 1, 0, "", False, ["taken_over", "x"]]).encode()),
    "known items without end": framed(json.dumps(["", None, 0.1, 1, 0, "AAAA" * 8_001, False, "same"]).encode()),
    "half an entry": HEADER + framed(b'["key", "guid"]'),
    "an entry of numbers": HEADER + framed(json.dumps([1, 2, 3, 4, 5, 6, 7, None]).encode()),
    "no date": HEADER + framed(json.dumps(["k", "g", "u", "t", "l", "r", "i", "hôm qua"]).encode()),
    "too few entries": HEADER,
    "silence": b"",
}

if __name__ == "__main__":
    given = sys.stdin.buffer
    next_frame(given, most=MAX_FRAME_BYTES)
    data = next_frame(given, most=MAX_FRAME_BYTES) or b"\0"
    sys.stdout.buffer.write(list(LIES.values())[data[-1]])
