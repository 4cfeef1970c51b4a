"""Horizontal bars, each below its name: names may be long, and a phone is narrow.

All words come ready from the caller, in the reader's language.
"""

from dataclasses import dataclass

from monitor.charts.font_metrics import ASCENT, text_width
from monitor.charts.palette import LIGHT, Palette
from monitor.charts.svg import MARGIN, TEXT, Drawing, Sheet

THICK = 9  # pixels of a bar
GAP = 12  # below a bar
LEAST = 2  # pixels of a bar that is not zero


@dataclass(frozen=True, slots=True)
class Bar:
    """A name, how much, and how that is written."""

    name: str
    value: int
    written: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """What is shown, in the given order."""

    title: str
    subtitle: str
    bars: tuple[Bar, ...]
    foot: str = ""
    label: str = ""


def bar_chart(chart: BarChart, *, palette: Palette = LIGHT) -> Drawing:
    """Draw it."""
    sheet = Sheet(palette)
    top = sheet.head(chart.title, chart.subtitle) + 10
    most = max((bar.value for bar in chart.bars), default=0) or 1
    room = max((text_width(bar.written, TEXT, bold=True) for bar in chart.bars), default=0.0)
    for bar in chart.bars:
        sheet.text(sheet.width - MARGIN, top + ASCENT * TEXT, bar.written, bold=True, anchor="end")
        below = sheet.paragraph(MARGIN, top, bar.name, sheet.inner - room - 10, most=2)
        sheet.bar(MARGIN, below + 2, sheet.inner, THICK, palette.grid)
        sheet.bar(
            MARGIN, below + 2, max(LEAST, sheet.inner * bar.value / most) if bar.value else 0, THICK, palette.series[0]
        )
        top = below + 2 + THICK + GAP
    return sheet.drawing(sheet.foot(top, chart.foot), chart.label or chart.title)
