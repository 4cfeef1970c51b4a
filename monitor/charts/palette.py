"""The colours of the pictures, light and dark: one set, readable on their ground (WCAG AA); and those of a web page.

No series is told by its colour alone: the second one is dashed, and each has its name at its end.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by what they are for. `series` are lines and bars, `tint` fills below the first of them."""

    ground: str
    ink: str
    muted: str
    grid: str
    series: tuple[str, str]
    tint: str
    on_series: str  # a number on a patch of a series' colour
    rest: str  # a bar or line that is only compared with


LIGHT = Palette("#ffffff", "#1b1f24", "#57606a", "#d8dee4", ("#0a56b3", "#b03a00"), "#e3eefa", "#ffffff", "#7d8894")
DARK = Palette("#17212b", "#f0f3f6", "#a9b5c1", "#32404e", ("#6cb6ff", "#ffab5e"), "#1d3347", "#10181f", "#7f8c99")
PAGE = Palette(  # inside of a page its style sheet says which, light or dark; no PNG can be made of it
    "var(--paper)",
    "var(--ink)",
    "var(--muted)",
    "var(--grid)",
    ("var(--series-1)", "var(--series-2)"),
    "var(--tint)",
    "var(--paper)",
    "var(--rest)",
)
