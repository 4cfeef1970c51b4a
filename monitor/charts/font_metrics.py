"""How wide a text is in the font of the pictures, and how it is cut or broken to fit; read from the fonts themselves.

Draws nothing. The fonts are shipped without kerning and ligatures, so that a text is as wide as its letters.
"""

import struct
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from monitor.text.words import nfc, taken_apart

FONTS = Path(__file__).parent / "fonts"
REGULAR, SEMIBOLD = FONTS / "BeVietnamPro-Regular.ttf", FONTS / "BeVietnamPro-SemiBold.ttf"
FAMILY = "Be Vietnam Pro"
SEMIBOLD_WEIGHT = 600
ASCENT, DESCENT = 1.0, 0.27  # of the size: a capital with two marks is as high as this
LEADING = 1.3  # of the size, from one line to the next
ELLIPSIS = "…"


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Pixels that `text` takes at `size`. It must be `readable`."""
    known = _advances(bold)
    return sum(known.get(letter, 0.0) for letter in text) * size


def readable(text: str) -> str:
    """`text` in one line and in letters that the font has; of others their plain form, else nothing."""
    return " ".join("".join(_shown(nfc(text))).split())


def _shown(text: str) -> Iterator[str]:
    known = _advances(False)
    for letter in text:
        if letter in known and letter.isprintable():
            yield letter
        elif letter.isspace():
            yield " "
        else:
            yield from (each for each in taken_apart(letter) if each in known and each.isprintable())


def fitted(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """`text` if it fits into `width`, else as much of it as does, with an ellipsis."""
    text = readable(text)
    if text_width(text, size, bold=bold) <= width:
        return text
    while text and text_width(text + ELLIPSIS, size, bold=bold) > width:
        text = text[:-1].rstrip()
    return text + ELLIPSIS if text else ""


def wrapped(text: str, width: float, size: float, *, most: int, bold: bool = False) -> list[str]:
    """`text` broken between words into at most `most` lines; the last one is cut if there is more."""
    lines: list[str] = []
    words = readable(text).split()
    while words and len(lines) < most:
        if len(lines) == most - 1:
            lines.append(fitted(" ".join(words), width, size, bold=bold))
            break
        count = 1
        while count < len(words) and text_width(" ".join(words[: count + 1]), size, bold=bold) <= width:
            count += 1
        lines.append(fitted(" ".join(words[:count]), width, size, bold=bold))
        words = words[count:]
    return lines


@cache
def _advances(bold: bool) -> Mapping[str, float]:
    """Letters of the font with their widths, in parts of the size."""
    data = (SEMIBOLD if bold else REGULAR).read_bytes()
    tables = {}
    for number in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, start, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * number)
        tables[tag] = start
    (units,) = struct.unpack_from(">H", data, tables[b"head"] + 18)
    (wide,) = struct.unpack_from(">H", data, tables[b"hhea"] + 34)
    return {
        chr(code): struct.unpack_from(">H", data, tables[b"hmtx"] + 4 * min(glyph, wide - 1))[0] / units
        for code, glyph in _glyphs(data, tables[b"cmap"])
    }


def _glyphs(data: bytes, cmap: int) -> Iterator[tuple[int, int]]:
    """Code points with their glyphs; the fonts have one table of format 12."""
    (offset,) = struct.unpack_from(">L", data, cmap + 8)
    (groups,) = struct.unpack_from(">L", data, cmap + offset + 12)
    for group in range(groups):
        first, last, glyph = struct.unpack_from(">LLL", data, cmap + offset + 16 + 12 * group)
        yield from ((code, glyph + code - first) for code in range(first, last + 1))
