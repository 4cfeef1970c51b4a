"""The picture of a day: its stories, those first that most newspapers tell.

All words come ready from the caller, in the reader's language.
"""

from dataclasses import dataclass

from monitor.charts.font_metrics import ASCENT, text_width
from monitor.charts.palette import LIGHT, Palette
from monitor.charts.svg import MARGIN, SMALL, Drawing, Sheet

NUMBER = 22.0  # size of how many newspapers tell it
BAR = 5  # pixels of the bar below a story


@dataclass(frozen=True, slots=True)
class DayRow:
    """A story: how many tell it, as a number and as the words below it, its title, and whom it names."""

    value: int
    written: str
    unit: str
    title: str
    names: str = ""


@dataclass(frozen=True, slots=True)
class DayPicture:
    """What is shown, in the given order."""

    title: str
    subtitle: str
    rows: tuple[DayRow, ...]
    foot: str = ""
    label: str = ""


def day_picture(picture: DayPicture, *, palette: Palette = LIGHT) -> Drawing:
    """Draw it."""
    sheet = Sheet(palette)
    top = sheet.head(picture.title, picture.subtitle) + 10
    column = max(
        (max(text_width(r.written, NUMBER, bold=True), text_width(r.unit, SMALL)) for r in picture.rows), default=0.0
    )
    left = MARGIN + column + 14
    width = sheet.width - MARGIN - left
    most = max((row.value for row in picture.rows), default=0) or 1
    for row in picture.rows:
        sheet.text(MARGIN + column, top + ASCENT * NUMBER - 2, row.written, size=NUMBER, bold=True, anchor="end")
        sheet.text(
            MARGIN + column, top + ASCENT * NUMBER + 16, row.unit, size=SMALL, colour=palette.muted, anchor="end"
        )
        below = sheet.paragraph(left, top, row.title, width, most=3, size=13, bold=True)
        below = sheet.paragraph(left, below, row.names, width, most=1, size=SMALL, colour=palette.muted)
        below = max(below + 3, top + NUMBER + 22)
        sheet.bar(left, below, width, BAR, palette.grid)
        sheet.bar(left, below, max(4.0, width * row.value / most), BAR, palette.series[0])
        top = below + BAR + 14
    return sheet.drawing(sheet.foot(top, picture.foot), picture.label or picture.title)
