"""What a person reads in a terminal: lines on stderr, and texts of others made harmless. Writes no JSON."""

import re
import sys

_BOLD = re.compile(r"(\x1b\[[01]m)")
# What newspapers publish may hold escape sequences that repaint or retitle a terminal; shown as pictures instead.
_CONTROL = {code: 0x2400 + code for code in range(0x20) if code != 0x0A} | {0x7F: 0x2421}
_CONTROL |= dict.fromkeys(range(0x80, 0xA0), 0xFFFD) | {0x09: 0x20, 0x0D: 0x20}


def tell(what: object) -> None:
    """One line to the person, on stderr."""
    print(printable(str(what)), file=sys.stderr)


def printable(text: str, *, keep_bold: bool = False) -> str:
    """`text` with its control characters made visible, line ends aside; `keep_bold` spares our own emphasis."""
    if not keep_bold:
        return text.translate(_CONTROL)
    return "".join(part if number % 2 else part.translate(_CONTROL) for number, part in enumerate(_BOLD.split(text)))
