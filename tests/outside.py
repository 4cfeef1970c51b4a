"""Data that belongs to newspapers and stands beside the repository, if at all: what is judged on it says so.

Each such test has a sibling inside of the repository, which judges the same on samples of our own writing; whoever has
the repository alone runs that. tests/test_siblings.py holds that the siblings exist.
"""

from pathlib import Path

import pytest

OUTSIDE = Path(__file__).parents[2] / "shared"
DATA = OUTSIDE / "data"


def judged_outside(sibling: str, *, needs: Path = DATA) -> pytest.MarkDecorator:
    """Skip the test where the data is not; `sibling` is "tests/folder/test_file.py::test_name"."""
    return pytest.mark.skipif(
        not needs.exists(), reason=f"judged on {needs.name} outside of the repository; its sibling inside: {sibling}"
    )
