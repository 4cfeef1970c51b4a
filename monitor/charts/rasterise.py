"""SVG -> PNG, here and now: for a process that has nothing else to do, because nothing else of it runs meanwhile."""

from monitor.charts.font_metrics import FAMILY, REGULAR, SEMIBOLD
from monitor.errors import PictureError

SHARP = 2  # pixels of the PNG a CSS pixel: phones have two or more


def png_of(svg: str) -> bytes:
    """The picture in the fonts that ship, whatever the machine has. Raises PictureError for what is no SVG."""
    from resvg_py import svg_to_bytes

    try:
        return svg_to_bytes(
            svg_string=svg,
            zoom=SHARP,
            font_files=[str(REGULAR), str(SEMIBOLD)],
            font_family=FAMILY,
            skip_system_fonts=True,
        )
    except ValueError as wrong:
        raise PictureError(f"no picture can be made of this SVG: {wrong}") from wrong
