"""A long list as pages of buttons.

Knows nothing of what is listed.
"""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from monitor.types import Button

PER_PAGE = 8  # a phone shows about ten rows under a short text

_PAGE = re.compile(r"[0-9]{1,4}")

T = TypeVar("T")


def page_number(text: str) -> int:
    """The page that a button's data names; the first one where it names none: data can be forged."""
    return int(text) if _PAGE.fullmatch(text) else 0


def page_of(each: Sequence[T], page: int) -> tuple[Sequence[T], int, int]:
    """The part of a list that a page shows, the page that was possible, and how many there are."""
    pages = max(1, -(-len(each) // PER_PAGE))
    page = max(0, min(page, pages - 1))
    return each[page * PER_PAGE : (page + 1) * PER_PAGE], page, pages


def turns(page: int, pages: int, data: Callable[[int], str]) -> Sequence[Button]:
    """The row that turns pages; empty when there is only one."""
    if pages == 1:
        return ()
    row = [Button(f"{page + 1}/{pages}", data(page))]
    if page > 0:
        row.insert(0, Button("◀", data(page - 1)))
    if page < pages - 1:
        row.append(Button("▶", data(page + 1)))
    return row
