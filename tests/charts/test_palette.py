"""On a page the colours of drawings are those of its style sheet, in which there is one for light and one for dark."""

import re
from dataclasses import astuple

from monitor.charts.palette import DARK, LIGHT, PAGE, Palette
from monitor.web.assets import STATIC


def colours(palette: Palette) -> list[str]:
    """All of them, in order."""
    return [colour for each in astuple(palette) for colour in ([each] if isinstance(each, str) else each)]


def test_a_page_says_the_colours_of_drawings_for_light_and_for_dark() -> None:
    sheet = (STATIC / "style.css").read_text("utf-8")
    light, dark = sheet.split("@media (prefers-color-scheme: dark)")[:2]
    names = [re.fullmatch(r"var\((--[a-z0-9-]+)\)", colour) for colour in colours(PAGE)]
    assert all(names)
    for part in (light, dark.split("@media")[0]):
        said = dict(re.findall(r"(--[a-z0-9-]+): (#[0-9a-f]{6});", part))
        assert {name[1] for name in names if name} <= set(said)


def test_the_lines_on_a_page_are_those_of_the_pictures() -> None:
    """The same reader sees both: a line does not change its colour on the way from the chat to the page."""
    sheet = (STATIC / "style.css").read_text("utf-8")
    light, dark = sheet.split("@media (prefers-color-scheme: dark)")[:2]
    for part, palette in ((light, LIGHT), (dark, DARK)):
        for number, colour in enumerate(palette.series, 1):
            assert f"--series-{number}: {colour};" in part
