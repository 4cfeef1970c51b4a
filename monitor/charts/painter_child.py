"""The process that makes PNGs of SVGs, by frames on its standard input and output: `painter.py` starts it.

A picture holds up everything else of its process while it is made, up to 116 ms: so not in the service's. It takes an
SVG a frame, and answers with a PNG, or with why there is none behind a zero byte.
"""

import os
import sys

from monitor.charts.rasterise import png_of
from monitor.errors import PictureError
from monitor.net.child_side import die_with_parent, framed, next_frame

MAX_SVG = 2**20  # bytes; the largest of our own has 30,000
NICE = 5  # the service goes first
FAILED = b"\0"  # a PNG begins with 0x89


def main() -> None:
    """Draw until the input ends."""
    die_with_parent()
    os.nice(NICE)
    given, answers = sys.stdin.buffer, sys.stdout.buffer
    while (svg := next_frame(given, most=MAX_SVG)) is not None:
        try:
            answer = png_of(svg.decode())
        except (PictureError, UnicodeDecodeError) as wrong:
            answer = FAILED + str(wrong).encode()
        answers.write(framed(answer))
        answers.flush()


if __name__ == "__main__":
    main()
