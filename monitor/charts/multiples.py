"""Many small lines below each other, one a row, with a number and how it changed; and a bare line for a web page.

All words come ready from the caller, in the reader's language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from monitor.charts.font_metrics import text_width
from monitor.charts.line_chart import runs
from monitor.charts.palette import LIGHT, Palette
from monitor.charts.svg import MARGIN, SMALL, TEXT, Drawing, Point, Sheet

ROW = 46  # pixels
LINE = 26  # of its line, in height
SPACE = 12  # between the columns


@dataclass(frozen=True, slots=True)
class MultiplesRow:
    """A name with its values by day; those from `split` on are what the number is about, earlier ones its measure."""

    name: str
    values: tuple[int | None, ...]
    split: int
    written: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Multiples:
    """What is shown, in the given order."""

    title: str
    subtitle: str
    rows: tuple[MultiplesRow, ...]
    foot: str = ""
    label: str = ""


def multiples(chart: Multiples, *, palette: Palette = LIGHT) -> Drawing:
    """Draw it: each line to a scale of its own, for its shape; the number says how much it is."""
    sheet = Sheet(palette)
    top = sheet.head(chart.title, chart.subtitle) + 8
    wide = max((_numbers_width(row) for row in chart.rows), default=0.0)
    line_left = sheet.width - MARGIN - wide - SPACE - 110
    for number, row in enumerate(chart.rows):
        if number:
            sheet.line([(MARGIN, top), (sheet.width - MARGIN, top)], palette.grid)
        name_width = line_left - MARGIN - SPACE
        sheet.paragraph(MARGIN, top + 6, row.name, name_width, most=2)
        points = _points(row.values, line_left, top + 10, 110, LINE)
        earlier, later = _split(points, row.split)
        for run in earlier:
            sheet.line(run, palette.rest, width=1.8, dash="2 3")
        for run in later:
            sheet.line(run, palette.series[0], width=2.2)
            sheet.dot(run[-1], 2.6, palette.series[0])
        right = sheet.width - MARGIN
        sheet.text(right, top + 20, row.written, bold=True, anchor="end")
        sheet.text(right, top + 36, row.change, size=SMALL, colour=palette.muted, anchor="end")
        top += ROW
    return sheet.drawing(sheet.foot(top + 4, chart.foot), chart.label or chart.title)


def _numbers_width(row: MultiplesRow) -> float:
    return max(text_width(row.written, TEXT, bold=True), text_width(row.change, SMALL))


def _points(
    values: Sequence[int | None], left: float, top: float, width: float, height: float
) -> list[list[tuple[int, Point]]]:
    """The known stretches of days as points of a box, each with its day."""
    most = max((value or 0 for value in values), default=0) or 1
    step = width / max(1, len(values) - 1)
    return [
        [(day, (left + step * day, top + height * (1 - value / most))) for day, value in run] for run in runs(values)
    ]


def _split(points: Sequence[Sequence[tuple[int, Point]]], split: int) -> tuple[list[list[Point]], list[list[Point]]]:
    """The lines before and from a day on; both have that day's first step, so that no hole is between."""
    earlier = [[point for day, point in run if day <= split] for run in points]
    later = [[point for day, point in run if day >= split] for run in points]
    return [run for run in earlier if len(run) > 1], [run for run in later if run]


def sparkline(values: Sequence[int | None], label: str, *, width: float = 120, height: float = 28) -> str:
    """A bare line as SVG for the middle of a page, in the colour of the text around it; `label` says it in words."""
    inner = _points(values, 2, 3, width - 4, height - 6)
    drawn = "".join(
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for _, (x, y) in run)}" fill="none" stroke="currentColor" '
        f'stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round"/>'
        for run in inner
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(label)}">{drawn}</svg>'
    )
