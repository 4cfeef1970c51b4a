"""A line chart by days: one series or two, with gaps where nothing is known and the highest days explained below.

All words come ready from the caller, in the reader's language.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, pairwise

from monitor.charts.font_metrics import ASCENT, DESCENT, LEADING, fitted, text_width, wrapped
from monitor.charts.palette import LIGHT, Palette
from monitor.charts.svg import BADGE, DASH, MARGIN, SMALL, TEXT, Box, Drawing, Point, Sheet, badge_box

PLOT = 150  # pixels of height
HEADROOM = 26  # above the highest point: the badge of a peak
END_LABEL = 84  # pixels of width that the names at the ends of two lines may take
LABEL_GAP = 10  # between two dates
DATE_EVERY = 80  # pixels of a wide sheet
_PLACES = ((0, -14), (-13, -12), (13, -12), (0, -31), (-18, -26), (18, -26), (-18, 4), (18, 4), (0, 16), (0, -46))
STEPS = 4  # lines of the grid at most, beside the lowest


@dataclass(frozen=True, slots=True)
class Series:
    """`values` by day; None where nothing is known. `short` stands at the end of its line, `label` in the legend."""

    label: str
    short: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class PeakNote:
    """A day of a series that gets a number, and what the list below says of it."""

    series: int
    day: int
    text: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """What is shown. `days` are the dates as they are written; the last day is not over when `unfinished`."""

    title: str
    subtitle: str
    series: tuple[Series, ...]
    days: tuple[str, ...]
    peaks: tuple[PeakNote, ...] = ()
    foot: str = ""
    label: str = ""
    unfinished: bool = False


def line_chart(chart: LineChart, *, number: Callable[[int], str] = str, palette: Palette = LIGHT) -> Drawing:
    """Draw it. `number` writes a number as the reader's language does."""
    sheet = Sheet(palette)
    top = sheet.head(chart.title, chart.subtitle)
    if len(chart.series) > 1:
        top = _legend(sheet, chart.series, top + 4)
    plot = _Plot(sheet, chart, top + HEADROOM, number)
    plot.draw()
    bottom = plot.bottom + DESCENT * SMALL + 23
    for rank, peak in enumerate(chart.peaks, 1):
        middle = bottom + LEADING * TEXT / 2
        sheet.badge((MARGIN + 8, middle), str(rank), palette.series[peak.series])
        below = sheet.paragraph(MARGIN + 24, bottom, peak.text, sheet.inner - 24, most=2)
        bottom = max(below, middle + BADGE) + 4
    return sheet.drawing(sheet.foot(bottom, chart.foot), chart.label or chart.title)


def plain_line_chart(
    chart: LineChart,
    *,
    width: float,
    number: Callable[[int], str] = str,
    palette: Palette = LIGHT,
    description: str = "",
) -> Drawing:
    """The part with axes alone, so many pixels wide, for a page that says all else itself: title, peaks, what it is.

    Each day says its date and value where a mouse rests on it.
    """
    sheet = Sheet(palette, width=width)
    plot = _Plot(sheet, chart, HEADROOM, number)
    plot.draw()
    plot.note_days()
    return sheet.drawing(plot.bottom + DESCENT * SMALL + 23, chart.label or chart.title, description)


def _legend(sheet: Sheet, series: Sequence[Series], top: float) -> float:
    for each, colour, dash in zip(series, sheet.palette.series, ("", DASH), strict=False):
        middle = top + LEADING * TEXT / 2 + 1
        sheet.line([(MARGIN, middle), (MARGIN + 26, middle)], colour, width=2.4, dash=dash)
        top = sheet.paragraph(MARGIN + 34, top, each.label, sheet.inner - 34, most=1, bold=True)
    return top


class _Plot:
    """The part with axes."""

    def __init__(self, sheet: Sheet, chart: LineChart, top: float, number: Callable[[int], str]) -> None:
        self.sheet, self.chart, self.top, self.bottom = sheet, chart, top, top + PLOT
        self.number = number
        self.ticks = axis(max((each or 0 for one in chart.series for each in one.values), default=0))
        self.numbers = [number(tick) for tick in self.ticks]
        self.left = MARGIN + max(text_width(each, SMALL) for each in self.numbers) + 8
        self.ends = [_end_lines(each.short) for each in chart.series] if len(chart.series) > 1 else []
        widest = max((text_width(line, SMALL, bold=True) for lines in self.ends for line in lines), default=0.0)
        self.right = sheet.width - MARGIN - (widest + 10 if self.ends else 4)

    def at(self, day: int, value: int) -> Point:
        """Where a value of a day stands."""
        last = max(1, len(self.chart.days) - 1)
        share = day / last if len(self.chart.days) > 1 else 0.5
        return self.left + (self.right - self.left) * share, self.bottom - PLOT * value / self.ticks[-1]

    def draw(self) -> None:
        """Grid, dates, lines, names at their ends, numbers of the peaks."""
        palette = self.sheet.palette
        for tick, text in zip(self.ticks, self.numbers, strict=True):
            y = self.bottom - PLOT * tick / self.ticks[-1]
            self.sheet.line([(self.left, y), (self.right, y)], palette.grid if tick else palette.muted)
            self.sheet.text(self.left - 8, y + 3.8, text, size=SMALL, colour=palette.muted, anchor="end")
        self._dates()
        if len(self.chart.series) == 1:
            for run in runs(self.chart.series[0].values):
                points = [self.at(day, value) for day, value in run]
                self.sheet.area([(points[0][0], self.bottom), *points, (points[-1][0], self.bottom)], palette.tint)
        for each, colour, dash in zip(self.chart.series, palette.series, ("", DASH), strict=False):
            self._series(each, colour, dash)
        self._end_labels()
        self._badges()

    def note_days(self) -> None:
        """What each day is, for a mouse."""
        half = (self.right - self.left) / max(1, len(self.chart.days) - 1) / 2
        for day, written in enumerate(self.chart.days):
            values = [each.values[day] for each in self.chart.series]
            said = " · ".join("–" if value is None else self.number(value) for value in values)
            left = max(self.at(day, 0)[0] - half, self.left)
            right = min(self.at(day, 0)[0] + half, self.right)
            self.sheet.note(left, self.top, right - left, PLOT, f"{written}: {said}")

    def _series(self, series: Series, colour: str, dash: str) -> None:
        for run in runs(series.values):
            points = [self.at(day, value) for day, value in run]
            if len(points) == 1:
                self.sheet.dot(points[0], 2.2, colour)
            else:
                self.sheet.line(points, colour, width=2.2, dash=dash)
            if self.chart.unfinished and run[-1][0] == len(self.chart.days) - 1:
                self.sheet.dot(points[-1], 3.2, self.sheet.palette.ground, ring=colour)

    def _dates(self) -> None:
        """As many dates as have room, the last day always among them."""
        days, colour = self.chart.days, self.sheet.palette.muted
        if not days:
            return
        widest = max(text_width(each, SMALL) for each in days) + LABEL_GAP
        room = max(1, int((self.right - self.left + widest) // widest))
        most = max(6, int(self.sheet.width // DATE_EVERY))
        step = max(1, math.ceil(len(days) / min(room, most)))
        baseline = self.bottom + 17
        free = self.sheet.width - MARGIN
        for day in range(len(days) - 1, -1, -step):
            x, wide = self.at(day, 0)[0], text_width(days[day], SMALL)
            x = min(max(x, MARGIN + wide / 2), free - wide / 2)
            if x - wide / 2 < MARGIN or x + wide / 2 > free:
                continue
            self.sheet.line([(self.at(day, 0)[0], self.bottom), (self.at(day, 0)[0], self.bottom + 4)], colour)
            self.sheet.text(x, baseline, days[day], size=SMALL, colour=colour, anchor="middle")
            free = x - wide / 2 - LABEL_GAP

    def _end_labels(self) -> None:
        """The names of two lines, each as near to its end as the other lets it."""
        ends = []
        for number, (lines, series) in enumerate(zip(self.ends, self.chart.series, strict=False)):
            last = [(day, value) for day, value in enumerate(series.values) if value is not None]
            y = self.at(*last[-1])[1] if last else self.bottom
            ends.append((y, number, lines))
        heights = {number: LEADING * SMALL * len(lines) for _, number, lines in ends}
        tops = apart(
            [(y - heights[number] / 2, heights[number]) for y, number, _ in sorted(ends)], self.top, self.bottom
        )
        for top, (_, number, lines) in zip(tops, sorted(ends), strict=True):
            colour = self.sheet.palette.series[number]
            for row, line in enumerate(lines):
                baseline = top + ASCENT * SMALL + LEADING * SMALL * row
                self.sheet.text(self.right + 8, baseline, line, size=SMALL, colour=colour, bold=True)

    def _badges(self) -> None:
        taken = [box for _, box in self.sheet.texts]
        for rank, peak in enumerate(self.chart.peaks, 1):
            value = self.chart.series[peak.series].values[peak.day]
            if value is None:
                continue
            place = self._free_place(self.at(peak.day, value), taken)
            if place is not None:
                taken.append(self.sheet.badge(place, str(rank), self.sheet.palette.series[peak.series]))

    def _free_place(self, point: Point, taken: Sequence[Box]) -> Point | None:
        """Where the badge of a point may stand, the nearest place first, on no line if that can be.

        None: the list below must do.
        """
        free = []
        for right, down in _PLACES:
            x = min(max(point[0] + right, self.left + BADGE), self.right - BADGE)
            y = max(point[1] + down, self.top - HEADROOM + BADGE + 1)
            box = badge_box((x, y))
            if box.bottom <= self.bottom and not any(box.meets(each) for each in taken):
                free.append((x, y))
        clear = (place for place in free if not any(badge_box(place).holds(each) for each in self._on_lines()))
        return next(clear, free[0] if free else None)

    def _on_lines(self) -> Iterator[Point]:
        """Points of all lines, close together."""
        for series in self.chart.series:
            for run in runs(series.values):
                points = [self.at(day, value) for day, value in run]
                for (x, y), (to_x, to_y) in pairwise(points):
                    yield from ((x + (to_x - x) * part / 8, y + (to_y - y) * part / 8) for part in range(9))


def _end_lines(short: str) -> list[str]:
    return wrapped(short, END_LABEL, SMALL, most=2, bold=True) or [fitted("?", END_LABEL, SMALL)]


def apart(wanted: Sequence[tuple[float, float]], top: float, bottom: float) -> list[float]:
    """Where boxes (their wished tops, in order, and heights) may begin so that none meets another."""
    tops: list[float] = []
    free = top
    for wish, height in wanted:
        free = max(wish, free)
        tops.append(free)
        free += height
    limit = bottom
    for number in range(len(tops) - 1, -1, -1):
        tops[number] = min(tops[number], limit - wanted[number][1])
        limit = tops[number]
    return tops


def runs(values: Sequence[int | None]) -> Iterator[list[tuple[int, int]]]:
    """The stretches of days whose values are known, each value with its day."""
    run: list[tuple[int, int]] = []
    for day, value in enumerate(values):
        if value is not None:
            run.append((day, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def axis(highest: int) -> list[int]:
    """Whole numbers from 0 to `highest` or a little more, at even steps that people count in."""
    steps = (lead * 10**power for power in count() for lead in (1, 2, 5))
    step = next(each for each in steps if each * STEPS >= highest)
    return list(range(0, step * max(1, math.ceil(highest / step)) + 1, step))
