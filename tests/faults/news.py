"""Which newspaper prints what and when, by the seed: invented syllables, a watched name, and a number to know it by.

Each story is one of its own; some are told by several outlets, in the same words or partly in others.
"""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tests.faults.plan import Size, sort_of_chat

WATCHES = 200
GATHERS = ("", "digests", "", "quiet", "")  # in turn; five, so that each sort of chat has some of each
_FIRST = ("Hoàng", "Lục", "Bạch", "Tử", "Lam", "Hồng", "Cẩm", "Thanh", "Kim", "Ngân")
_SECOND = ("Phương", "Tuyền", "Đảo", "Lĩnh", "Giang", "Sơn", "Thạch", "Trúc", "Vân", "Yến")
_FAMILY = ("Vũ", "Đoàn")
_ONSETS = ("b", "c", "ch", "d", "đ", "g", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "r", "s", "t", "th", "tr", "v")
_RIMES = (
    *("anh", "ach", "ấm", "ậc", "eo", "ệt", "iêng", "iệc", "oai", "oát", "ổn", "ộp", "ùng", "uôi", "ươm", "ẳng"),
    *("ắp", "ịu", "oen", "uya", "uýt", "ửng", "ơi", "âu", "ảo", "ềm", "ích", "óc", "ọt", "uân", "ưỡn", "ượt"),
)
CODE = re.compile(r"mã (\d{5})")


@dataclass(frozen=True, slots=True)
class Piece:
    """One article of one outlet; those with one `story` tell the same."""

    story: int
    outlet: int
    at: float  # seconds of the plan
    watch: int
    title: str
    lead: str


def watch_id(number: int) -> str:
    """Its id in the watchlist."""
    return f"nguoi-{number}"


def watch_name(number: int) -> str:
    """People that do not exist, with names that no other contains."""
    family, rest = divmod(number, 100)
    return f"{_FAMILY[family]} {_FIRST[rest % 10]} {_SECOND[rest // 10]}"


def outlet_name(number: int) -> str:
    """Its name in messages."""
    return f"Tờ Số {number:03d}"


def story_of(text: str) -> int | None:
    """The number of the story that a message tells."""
    found = CODE.search(text)
    return int(found[1]) if found else None


def stories_of(text: str) -> set[int]:
    """The stories that a digest lists."""
    return {int(code) for code in CODE.findall(text)}


def news(seed: int, size: Size) -> tuple[Piece, ...]:
    """The articles of a plan, in order; the last come some seconds before its end."""
    rng = random.Random(f"news {seed}")
    pieces: list[Piece] = []
    for story in range(round(size.seconds * size.a_second)):
        at = rng.uniform(0, max(1.0, size.seconds - 5))
        watch = rng.randrange(watches_of(size))
        # somebody whom nobody watches, a number, and the watched name in the lead: else stories about one person
        # are glued now and then
        other = f"Phùng {' '.join(_words(rng, 3)).title()}"
        title = f"{' '.join(_words(rng, 9)).capitalize()} {other}: mã {story:05d}"
        lead = f"{' '.join(_words(rng, 24)).capitalize()} {other} {rng.randrange(2, 99)} chiếc."
        lead += f" Ông {watch_name(watch)} {' '.join(_words(rng, 3))}."
        outlets = rng.sample(range(size.outlets), k=min(size.outlets, rng.choice((1, 1, 1, 2, 3))))
        for number, outlet in enumerate(outlets):
            worded = title
            if number and rng.random() < 0.5:  # in other words: the agency's lead is the same
                worded = f"{' '.join(_words(rng, 3)).capitalize()}, {title[0].lower()}{title[1:]}"
            later = at + number * rng.uniform(0.5, 8.0)
            pieces.append(Piece(story, outlet, round(min(later, size.seconds - 2), 2), watch, worded, lead))
    return tuple(sorted(pieces, key=lambda piece: (piece.at, piece.story, piece.outlet)))


def watches_of(size: Size) -> int:
    """How many people are watched: so many that each has some followers, and a forum is not flooded."""
    return min(WATCHES, size.chats**2 // 8)


def by_outlet(pieces: Iterable[Piece], outlets: int) -> list[list[Piece]]:
    """The articles of each outlet, oldest first."""
    shelves: list[list[Piece]] = [[] for _ in range(outlets)]
    for piece in pieces:
        shelves[piece.outlet].append(piece)
    return shelves


def filler(number: int) -> tuple[str, str]:
    """Title and lead of an old article about nobody."""
    rng = random.Random(f"filler {number}")
    return " ".join(_words(rng, 9)).capitalize(), " ".join(_words(rng, 24)).capitalize()


@cache
def _syllables() -> tuple[str, ...]:
    return tuple(onset + rime for onset in _ONSETS for rime in _RIMES)


def _words(rng: random.Random, count: int) -> list[str]:
    return rng.sample(_syllables(), count)


# ---------------------------------------------------------------- who reads it


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A place where messages go, and which watches it follows. `chat` is its number in the plan."""

    chat: int
    chat_id: int
    thread_id: int
    watches: frozenset[int]
    gathers: str = ""  # "digests": it has digest hours; "quiet": quiet hours; "": it is told as news comes


def chat_id(chat: int) -> int:
    """The id of a chat by its number in the plan."""
    return {"private": 1_000 + chat, "group": -2_000 - chat, "forum": -1_001_000_000_000 - chat}[sort_of_chat(chat)]


def moved_id(chat: int) -> int:
    """The id of a group after it became a supergroup."""
    return -1_002_000_000_000 - chat


def subscribers(seed: int, size: Size) -> tuple[Subscriber, ...]:
    """A private chat follows five watches, a group three; a forum has a subscriber with one watch in each topic."""
    rng = random.Random(f"readers {seed}")
    found: list[Subscriber] = []
    many = watches_of(size)
    for chat in range(size.chats):
        sort = sort_of_chat(chat)
        topics = range(2, 2 + 33) if size.chats >= 40 else range(2, 4)  # 40 chats make 296 subscribers
        for thread in topics if sort == "forum" else (0,):
            follows = {"private": 5, "group": 3, "forum": 1}[sort]
            watches = frozenset(rng.sample(range(many), min(many, follows)))
            gathers = GATHERS[len(found) % len(GATHERS)]
            found.append(Subscriber(chat, chat_id(chat), thread, watches, gathers))
    return tuple(found)


def followers(readers: Sequence[Subscriber]) -> Mapping[int, list[Subscriber]]:
    """By watch, who follows it."""
    found: dict[int, list[Subscriber]] = {}
    for reader in readers:
        for watch in sorted(reader.watches):
            found.setdefault(watch, []).append(reader)
    return found
