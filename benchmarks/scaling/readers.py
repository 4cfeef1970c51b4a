"""Watches, the items that name them and the chats that follow them, all made up, always the same for the same number.

- Seven watches in ten are people with an office, the others events. Names, offices and queries are put together from
  parts, so that watches share their words as real ones do.
- Which watch an item names, and which ones a chat follows, goes by Zipf: few are famous.
"""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import accumulate, product

from benchmarks.peers.texts import DOES, MATTERS, PLACES, WHAT, told
from monitor.types import Event, Item, ItemId, Leader, Office, Target, Watch, WatchId, Watchlist

PEOPLE = 0.7  # share of watches
NAMES = 0.11  # share of items that name a watch
FAME = 0.9  # Zipf's exponent
GROUPS = 50  # tags
BY_TAG, BY_ALL = 0.05, 0.002  # share of chats that follow a tag, or everything
MOST_FOLLOWED = 12
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Mạc", "Khổng", "Tạ")
MIDDLE = ("Văn", "Hữu", "Đức", "Minh", "Quốc", "Thanh", "Ngọc", "Xuân", "Hải", "Gia", "Bảo", "Kim", "Thạch", "Trúc")
GIVEN = ("An", "Bình", "Cường", "Dũng", "Giang", "Hùng", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Phúc", "Quân", "Viễn",
         "Tuệ", "Khuê", "Trầm", "Sâm", "Yên", "Hoạt")  # fmt: skip
HEADS = ("Giám đốc Sở {} {}", "Chủ tịch Hiệp hội {} {}", "Trưởng ban {} {}", "Viện trưởng Viện {} {}")
FIELDS = ("Xây dựng", "Y tế", "Thủy sản", "Du lịch", "Công Thương", "Nội vụ", "Tài chính", "Nông nghiệp", "Khoa học")


def watchlist(count: int) -> Watchlist:
    """So many watches; the first of more are the same."""
    return Watchlist(f"v{count}", tuple(_watches(count)))


def _watches(count: int) -> Iterator[Watch]:
    chance = random.Random(11)
    names = [" ".join(parts) for parts in product(FAMILY, MIDDLE, MIDDLE, GIVEN) if parts[1] != parts[2]]
    offices = [head.format(field, place) for head, field, place in product(HEADS, FIELDS, PLACES)]
    events = list(product(DOES, WHAT, PLACES))
    for several in (names, offices, events):
        chance.shuffle(several)
    for number in range(count):
        tags = (f"nhom-{number % GROUPS}",)
        if number % 10 < 10 * PEOPLE:
            office = Office(offices[number % len(offices)], since=date(2024, 1, 1))
            yield Leader(WatchId(f"nguoi-{number}"), names[number], offices=(office,), tags=tags)
        else:
            does, what, place = events[number]
            query = f'"{does}" NEAR/6 "{what}" AND "{place}"'
            yield Event(WatchId(f"viec-{number}"), f"{does} {what} ở {place}", match=(query,), tags=tags)


class Fame:
    """Numbers from 0, the lower the likelier."""

    def __init__(self, count: int) -> None:
        self._sums = list(accumulate((number + 1) ** -FAME for number in range(count)))

    def draw(self, chance: random.Random) -> int:
        """One of them."""
        return bisect(self._sums, chance.random() * self._sums[-1])

    def share(self, number: int) -> float:
        """How likely this one is."""
        return (self._sums[number] - (self._sums[number - 1] if number else 0.0)) / self._sums[-1]


def items(count: int, watches: Sequence[Watch]) -> list[Item]:
    """So many items; one in nine names a watch, the others are everyday news of the same words."""
    chance, fame = random.Random(12), Fame(len(watches))
    made = []
    for number in range(count):
        piece = told(number, 0)
        title, lead = piece.title, piece.lead
        if chance.random() < NAMES:
            watch = watches[fame.draw(chance)]
            title = f"{_named(watch, chance)} {chance.choice(MATTERS)}"
        at = datetime(2026, 3, 4, 2, number % 60, tzinfo=UTC)
        made.append(Item(ItemId(str(number)), f"Tờ {number % 40}", title, lead, published_at=at, seen_at=at))
    return made


def _named(watch: Watch, chance: random.Random) -> str:
    """The beginning of a title about it."""
    if isinstance(watch, Leader):
        office = watch.offices[0].title
        return chance.choice(
            (f"Ông {watch.name} nói về", f"{office} {watch.name} chủ trì bàn", f"{office} kết luận về")
        )
    return f"{watch.name}: chuyện"


def follows(chance: random.Random, fame: Fame, watches: Sequence[Watch]) -> list[Target]:
    """What one more chat follows: one to MOST_FOLLOWED watches, seldom a tag, hardly ever everything."""
    many = min(MOST_FOLLOWED, 1 + int(chance.expovariate(1.0)))
    targets = {Target(watches[fame.draw(chance)].id) for _ in range(many)}
    if chance.random() < BY_TAG:
        targets.add(Target(f"#nhom-{chance.randrange(GROUPS)}"))
    if chance.random() < BY_ALL:
        targets.add(Target("*"))
    return sorted(targets)
