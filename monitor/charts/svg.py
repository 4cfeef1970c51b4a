"""A sheet to draw on: shapes and texts become SVG, and where each text stands is kept, so that a test can look.

Decides no layout and knows no chart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from monitor.charts.font_metrics import (
    ASCENT,
    DESCENT,
    FAMILY,
    LEADING,
    SEMIBOLD_WEIGHT,
    readable,
    text_width,
    wrapped,
)
from monitor.charts.palette import Palette

WIDTH = 360  # CSS pixels: a phone held upright
MARGIN = 16
BADGE = 8  # pixels of radius
DASH = "5 4"  # of the second series
TITLE, TEXT, SMALL = 17.0, 12.5, 11.0  # sizes of letters

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in pixels from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two have more than an edge in common."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, point: Point) -> bool:
        """Whether a point lies in it."""
        return self.left < point[0] < self.right and self.top < point[1] < self.bottom


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as SVG, with its size in CSS pixels and the boxes of its texts."""

    svg: str
    width: float
    height: float
    texts: tuple[tuple[str, Box], ...]


class Sheet:
    """What is drawn, in order. Its height is known when all is."""

    def __init__(self, palette: Palette, *, width: float = WIDTH) -> None:
        self.palette = palette
        self.width = width
        self.texts: list[tuple[str, Box]] = []
        self._parts: list[str] = []

    @property
    def inner(self) -> float:
        """Pixels between the margins."""
        return self.width - 2 * MARGIN

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        *,
        size: float = TEXT,
        colour: str = "",
        bold: bool = False,
        anchor: str = "start",
    ) -> Box | None:
        """One line, from `x` on, up to it (anchor "end") or around it ("middle"); None when there is nothing to say."""
        text = readable(text)
        if not text:
            return None
        wide = text_width(text, size, bold=bold)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        box = Box(left, baseline - ASCENT * size, left + wide, baseline + DESCENT * size)
        weight = f' font-weight="{SEMIBOLD_WEIGHT}"' if bold else ""
        self._parts.append(
            f'<text x="{left:.1f}" y="{baseline:.1f}" font-size="{size:g}" fill="{colour or self.palette.ink}"{weight}>'
            f"{escape(text)}</text>"
        )
        self.texts.append((text, box))
        return box

    def paragraph(
        self,
        x: float,
        top: float,
        text: str,
        width: float,
        *,
        most: int,
        size: float = TEXT,
        colour: str = "",
        bold: bool = False,
    ) -> float:
        """Up to `most` lines below `top`; gives where the next thing may begin."""
        for line in wrapped(text, width, size, most=most, bold=bold):
            self.text(x, top + ASCENT * size, line, size=size, colour=colour, bold=bold)
            top += LEADING * size
        return top

    def head(self, title: str, subtitle: str) -> float:
        """Title and subtitle at the top; gives where the picture may begin."""
        top = self.paragraph(MARGIN, 12, title, self.inner, most=2, size=TITLE, bold=True)
        return self.paragraph(MARGIN, top + 1, subtitle, self.inner, most=2, colour=self.palette.muted)

    def foot(self, top: float, text: str) -> float:
        """What the numbers are, below the picture; gives the height of the whole."""
        bottom = self.paragraph(MARGIN, top + 4, text, self.inner, most=3, size=SMALL, colour=self.palette.muted)
        return bottom + 12

    def line(self, points: Sequence[Point], colour: str, *, width: float = 1.0, dash: str = "") -> None:
        """A line through points."""
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
            f'stroke-linejoin="round" stroke-linecap="round"{dashed}/>'
        )

    def area(self, points: Iterable[Point], colour: str) -> None:
        """A filled outline."""
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._parts.append(f'<polygon points="{drawn}" fill="{colour}"/>')

    def bar(self, left: float, top: float, width: float, height: float, colour: str, *, outlined: bool = False) -> None:
        """A bar with slightly round corners; `outlined`: its edge alone."""
        look = f'fill="none" stroke="{colour}" stroke-width="1.4"' if outlined else f'fill="{colour}"'
        self._parts.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2" {look}/>'
        )

    def dot(self, at: Point, radius: float, colour: str, *, ring: str = "") -> None:
        """A dot; `ring`: hollow, with an edge of that colour."""
        edge = f' stroke="{ring}" stroke-width="1.8"' if ring else ""
        self._parts.append(f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:g}" fill="{colour}"{edge}/>')

    def badge(self, at: Point, text: str, colour: str) -> Box:
        """A short text on a round patch; gives the patch's box."""
        self.dot(at, BADGE, colour, ring=self.palette.ground)
        self.text(at[0], at[1] + 3.7, text, size=10.5, colour=self.palette.on_series, bold=True, anchor="middle")
        return badge_box(at)

    def note(self, left: float, top: float, width: float, height: float, text: str) -> None:
        """What a page says of a part of the sheet when a mouse rests there. Nothing is drawn."""
        self._parts.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" fill="transparent">'
            f"<title>{escape(readable(text))}</title></rect>"
        )

    def drawing(self, height: float, label: str, description: str = "") -> Drawing:
        """All of it; `label` says in words what it shows, for whoever cannot see it, `description` more of it."""
        wide, high = f"{self.width:g}", f"{height:.0f}"
        more = f"<desc>{escape(readable(description))}</desc>" if description else ""
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" '
            f'role="img" font-family="{FAMILY}, sans-serif"><title>{escape(readable(label))}</title>{more}'
            f'<rect width="{wide}" height="{high}" fill="{self.palette.ground}"/>{"".join(self._parts)}</svg>'
        )
        return Drawing(svg, self.width, float(high), tuple(self.texts))


def badge_box(at: Point) -> Box:
    """Where a badge around `at` stands, with its text."""
    return Box(at[0] - BADGE, at[1] - BADGE, at[0] + BADGE, at[1] + BADGE)
