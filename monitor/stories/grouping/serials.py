"""A table of serial numbers by key. Knows nothing of what the numbers stand for."""

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

MOST_IN_TUPLE = 8  # serials; an array is 100 bytes dearer, and adding to a tuple copies it

Key = TypeVar("Key")


class SerialTable(Generic[Key]):
    """The serials of each key, in rising order: one as it is, a few as a tuple, many as an array.

    Of 430,000 words in 41,000 items 260,000 are in one item, and lists would be 170,000 objects more for the garbage
    collector to look through.
    """

    def __init__(self) -> None:
        self._table: dict[Key, int | tuple[int, ...] | array[int]] = {}

    def __len__(self) -> int:
        return len(self._table)

    def of(self, key: Key) -> Sequence[int]:
        """The serials of a key."""
        known = self._table.get(key, ())
        return (known,) if isinstance(known, int) else known

    def add(self, keys: Iterable[Key], serial: int) -> None:
        """Put a serial under keys, none of which has it yet."""
        table = self._table
        for key in keys:
            known = table.setdefault(key, serial)
            if known is serial:
                continue
            if isinstance(known, array):
                if known[-1] < serial:
                    known.append(serial)
                else:
                    insort(known, serial)
            else:
                few = (known,) if isinstance(known, int) else known
                more = (*few, serial) if few[-1] < serial else tuple(sorted((*few, serial)))
                table[key] = more if len(more) <= MOST_IN_TUPLE else array("I", more)

    def drop(self, keys: Iterable[Key], serial: int) -> None:
        """Take a serial away from keys, each of which has it."""
        table = self._table
        for key in keys:
            known = table[key]
            if isinstance(known, int):
                del table[key]
            elif isinstance(known, tuple):
                rest = tuple([one for one in known if one != serial])
                table[key] = rest if len(rest) > 1 else rest[0]
            else:
                del known[bisect_left(known, serial)]
                if len(known) <= MOST_IN_TUPLE // 2:
                    table[key] = tuple(known)
