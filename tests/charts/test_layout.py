"""No picture has a text upon another or outside, whatever is to be shown; and each can be read."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.charts.bar_chart import Bar, BarChart, bar_chart
from monitor.charts.day_picture import DayPicture, DayRow, day_picture
from monitor.charts.line_chart import LineChart, PeakNote, Series, apart, axis, line_chart, plain_line_chart
from monitor.charts.multiples import Multiples, MultiplesRow, multiples, sparkline
from monitor.charts.palette import DARK, LIGHT, PAGE, Palette
from monitor.charts.svg import Drawing

WORDS = st.text(st.sampled_from("ạ ế Ẵ W i l Tổng thống 1 , . “ ” € 中 🔔 \n\t<&>\"'"), max_size=120)
NUMBERS = st.integers(0, 3_000_000) | st.integers(0, 12)
VALUES = st.none() | NUMBERS


def written(number: int) -> str:
    return f"{number:,}".replace(",", ".")


@st.composite
def line_charts(draw: st.DrawFn) -> LineChart:
    days = draw(st.integers(1, 92))
    lines = draw(st.integers(1, 2))
    series = tuple(
        Series(draw(WORDS), draw(WORDS), tuple(draw(st.lists(VALUES, min_size=days, max_size=days))))
        for _ in range(lines)
    )
    peaks = draw(st.lists(st.builds(PeakNote, st.integers(0, lines - 1), st.integers(0, days - 1), WORDS), max_size=4))
    dates = tuple(f"{1 + day % 31}/{1 + day // 31}" for day in range(days))
    return LineChart(draw(WORDS), draw(WORDS), series, dates, tuple(peaks), draw(WORDS), unfinished=draw(st.booleans()))


BARS = st.builds(lambda name, value: Bar(name, value, written(value)), WORDS, NUMBERS)
BAR_CHARTS = st.builds(BarChart, WORDS, WORDS, st.lists(BARS, max_size=12).map(tuple), WORDS)
DAY_ROWS = st.builds(
    lambda value, title, names: DayRow(value, written(value), "báo", title, names), NUMBERS, WORDS, WORDS
)
DAYS = st.builds(DayPicture, WORDS, WORDS, st.lists(DAY_ROWS, max_size=8).map(tuple), WORDS)
MULTIPLES_ROWS = st.builds(
    lambda name, values, value: MultiplesRow(name, tuple(values), 7, f"{written(value)} tin", "+1.200%"),
    WORDS,
    st.lists(VALUES, min_size=14, max_size=14),
    NUMBERS,
)
MULTIPLES = st.builds(Multiples, WORDS, WORDS, st.lists(MULTIPLES_ROWS, max_size=10).map(tuple), WORDS)


def look(drawing: Drawing, width: float = 360) -> None:
    for text, box in drawing.texts:
        assert box.left >= 0, text
        assert box.top >= 0, text
        assert box.right <= drawing.width, text
        assert box.bottom <= drawing.height, text
    for (text, box), (other, others_box) in combinations(drawing.texts, 2):
        assert not box.meets(others_box), (text, other)
    assert drawing.width == width
    root = ET.fromstring(drawing.svg)
    assert root.attrib["viewBox"] == f"0 0 {drawing.width:g} {drawing.height:g}"


PALETTES = st.sampled_from([LIGHT, DARK])


@settings(max_examples=150, deadline=None)
@given(line_charts(), PALETTES)
def test_the_texts_of_a_line_chart_stand_apart(chart: LineChart, palette: Palette) -> None:
    look(line_chart(chart, number=written, palette=palette))


@settings(max_examples=60, deadline=None)
@given(line_charts(), st.sampled_from([328, 720]))
def test_the_part_with_axes_alone_stands_apart_on_a_narrow_and_a_wide_page(chart: LineChart, width: int) -> None:
    drawing = plain_line_chart(chart, width=width, number=written, palette=PAGE, description=chart.foot)
    look(drawing, width)
    root = ET.fromstring(drawing.svg)
    notes = [rect.findtext("{*}title") for rect in root.iter("{http://www.w3.org/2000/svg}rect") if len(rect)]
    assert [str(note).partition(":")[0] for note in notes] == list(chart.days)


@settings(max_examples=60, deadline=None)
@given(BAR_CHARTS, PALETTES)
def test_the_texts_of_a_bar_chart_stand_apart(chart: BarChart, palette: Palette) -> None:
    look(bar_chart(chart, palette=palette))


@settings(max_examples=60, deadline=None)
@given(DAYS, PALETTES)
def test_the_texts_of_a_day_stand_apart(picture: DayPicture, palette: Palette) -> None:
    look(day_picture(picture, palette=palette))


@settings(max_examples=60, deadline=None)
@given(MULTIPLES, PALETTES)
def test_the_texts_of_small_multiples_stand_apart(chart: Multiples, palette: Palette) -> None:
    look(multiples(chart, palette=palette))


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (18, [0, 5, 10, 15, 20]),
        (1_245, [0, 500, 1_000, 1_500]),
    ],
)
def test_an_axis_counts_in_steps_that_people_count_in(highest: int, ticks: list[int]) -> None:
    assert axis(highest) == ticks


def test_names_at_the_ends_of_two_lines_that_meet_are_moved_apart() -> None:
    assert apart([(40, 20), (45, 20)], 0, 100) == [40, 60]
    assert apart([(90, 20), (95, 20)], 0, 100) == [60, 80]


def test_a_day_of_which_nothing_is_known_is_a_gap_and_not_a_zero() -> None:
    def lines(values: tuple[int | None, ...]) -> int:
        chart = LineChart("Tin mỗi ngày", "", (Series("A", "A", values),), ("1/8", "2/8", "3/8", "4/8", "5/8"))
        return line_chart(chart).svg.count('stroke-width="2.2"')

    assert (lines((3, 4, 0, 2, 1)), lines((3, 4, None, 2, 1))) == (1, 2)


def test_the_second_series_is_told_without_its_colour() -> None:
    series = (Series("Ông A · 3 tin", "Ông A", (1, 2)), Series("Ông B · 7 tin", "Ông B", (3, 4)))
    drawing = line_chart(LineChart("Tin mỗi ngày", "", series, ("1/8", "2/8")))
    assert drawing.svg.count("stroke-dasharray") == 2  # in the legend and in the plot
    assert [text for text, _ in drawing.texts if text in ("Ông A", "Ông B")] == ["Ông B", "Ông A"]  # from the top


def test_a_sparkline_has_no_text_and_says_what_it_shows() -> None:
    root = ET.fromstring(sparkline([1, None, 3, 4], "Putin: 8 tin trong 4 ngày"))
    assert root.attrib["aria-label"] == "Putin: 8 tin trong 4 ngày"
    assert not list(root.iter("{http://www.w3.org/2000/svg}text"))


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_and_lines_stand_out_from_their_ground(palette: Palette) -> None:
    least: Callable[[str], float] = lambda colour: contrast(colour, palette.ground)  # noqa: E731
    for colour in (palette.ink, palette.muted, *palette.series):
        assert least(colour) >= 4.5, colour
    assert least(palette.rest) >= 3
    for colour in palette.series:
        assert contrast(palette.on_series, colour) >= 4.5
        assert contrast(colour, palette.tint) >= 3
