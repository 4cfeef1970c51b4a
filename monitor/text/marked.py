"""A text cut where words in it are marked: pieces, each with whether it is one.

Writes no markup: whoever shows the pieces does.
"""

from collections.abc import Iterable

Pieces = tuple[tuple[str, bool], ...]


def marked_pieces(text: str, spans: Iterable[tuple[int, int]]) -> Pieces:
    """The text in pieces; spans [start, end) that overlap or touch are one, and what lies outside is left out."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in _joined((max(0, start), min(end, len(text))) for start, end in spans):
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[start:end], True))
        at = end
    if at < len(text):
        pieces.append((text[at:], False))
    return tuple(pieces)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
