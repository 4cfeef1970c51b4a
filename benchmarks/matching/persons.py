"""Persons nobody bears the name of, as many as wanted and always the same."""

import random

from monitor.types import Leader, WatchId

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
MIDDLE = ("Văn", "Thị", "Hữu", "Đức", "Minh", "Quốc", "Thanh", "Ngọc", "Xuân", "Thu", "Hải", "Gia", "Bảo", "Kim")
GIVEN = ("An", "Bình", "Cường", "Dũng", "Giang", "Hà", "Hùng", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Phúc", "Quân")
ONSETS = ("B", "Br", "D", "F", "G", "Gr", "H", "J", "K", "Kr", "L", "M", "N", "P", "R", "S", "St", "T", "V", "Z")
RHYMES = ("a", "e", "i", "o", "u", "an", "en", "in", "or", "ul", "ak", "ek", "ik", "ost", "uf", "am", "er", "il")


def made_up(count: int, *, aliases: int) -> tuple[Leader, ...]:
    """Every other one has a Vietnamese name of five syllables, the others a foreign one of two words."""
    chance = random.Random(1)

    def name(number: int) -> str:
        if number % 2:
            return " ".join(chance.choice(ONSETS) + rest() for _ in range(2))
        return " ".join(map(chance.choice, (FAMILY, MIDDLE, MIDDLE, GIVEN, GIVEN)))

    def rest() -> str:
        return chance.choice(RHYMES) + "".join(
            chance.choice(ONSETS).lower() + chance.choice(RHYMES) for _ in range(chance.randint(1, 2))
        )

    return tuple(
        Leader(WatchId(f"made-up-{number}"), name(number), tuple(name(number) for _ in range(aliases - 1)))
        for number in range(count)
    )
