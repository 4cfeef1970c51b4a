"""What goes wrong, with whom, when and for how long: a pure function of the seed.

Causes no trouble itself: outlets.py, telegram.py and house.py do what stands here.
"""

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

HOUSE = -1  # "who" of what happens to the house; outlets and chats have numbers from 0
EVERY_CHAT = -1


class Place(StrEnum):
    """Whose trouble it is."""

    OUTLET = "outlet"
    TELEGRAM = "telegram"
    HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of trouble: how long it lasts (least and most seconds; 0: a moment), how often it is drawn (0: never)."""

    place: Place
    lasts: tuple[float, float] = (3.0, 10.0)
    weight: int = 1
    database: str = ""  # the only kind of database that it can befall
    chats: str = ""  # of Telegram: which sort of chat it befalls, one of them ("any", or a sort); "": the whole bot
    ends_chat: bool = False  # the bot may not write to that chat any more


def _outlet(lasts: tuple[float, float] = (3.0, 10.0), weight: int = 1) -> Kind:
    return Kind(Place.OUTLET, lasts, weight)


def _telegram(
    lasts: tuple[float, float] = (2.0, 8.0), weight: int = 1, *, chats: str = "", ends_chat: bool = False
) -> Kind:
    return Kind(Place.TELEGRAM, lasts, weight, chats=chats, ends_chat=ends_chat)


def _house(lasts: tuple[float, float] = (0.0, 0.0), weight: int = 1, database: str = "") -> Kind:
    return Kind(Place.HOUSE, lasts, weight, database)


KINDS: Mapping[str, Kind] = {
    # ------------------------------------------------------------ an outlet, for a while
    "connect-hangs": _outlet((5.0, 15.0)),
    "connect-refused": _outlet(),
    "head-hangs": _outlet((5.0, 15.0)),
    "body-hangs": _outlet((5.0, 15.0)),
    "drips": _outlet((5.0, 15.0)),
    "reset-at-once": _outlet(),
    "reset-in-body": _outlet(),
    "length-too-long": _outlet(),
    "length-too-short": _outlet(),
    "status-403": _outlet(),
    "status-404": _outlet(),
    "status-410": _outlet((3.0, 5.0)),
    "status-429-seconds": _outlet(),
    "status-429-date": _outlet(),
    "status-500": _outlet(),
    "status-503": _outlet(),
    "status-503-seconds": _outlet(),
    "status-503-88-hours": _outlet((3.0, 5.0)),
    "status-204": _outlet(),
    "challenge-page": _outlet(),
    "empty-body": _outlet(),
    "empty-feed": _outlet(),
    "wrong-charset": _outlet(),
    "cut-xml": _outlet(),
    "doubled-xml": _outlet(),
    "entity-bomb": _outlet(),
    "gzip-bomb": _outlet(),
    "brotli-bomb": _outlet(),
    "nested-bomb": _outlet(),
    "deep-nesting": _outlet(),
    "endless-body": _outlet(),
    "endless-redirects": _outlet(),
    "redirect-loop": _outlet(),
    "lying-304": _outlet(),
    "lying-etag": _outlet(),
    "no-ids": _outlet(),
    "no-dates": _outlet(),
    "no-links": _outlet(),
    "dates-of-1970": _outlet(),
    "dates-of-the-future": _outlet(),
    "thousand-items": _outlet((2.0, 3.0)),
    "reordered": _outlet(),
    "reissued": _outlet(),
    "renamed": _outlet(),
    "unknown-name": _outlet(),
    "name-moves": _outlet(),
    # ------------------------------------------------------------ Telegram
    "outage": _telegram((15.0, 20.0)),
    "flood-bot": _telegram((3.0, 6.0)),
    "flood-chat": _telegram((3.0, 10.0), 2, chats="any"),
    "html-502": _telegram((1.0, 4.0)),
    "json-500": _telegram((1.0, 4.0)),
    "late-answers": _telegram((3.0, 8.0)),
    "answers-at-the-last-moment": _telegram(weight=0),  # of a service that ends; for tests/faults/mutations.py
    "answer-twice": _telegram(),
    "no-answer": _telegram((1.0, 2.0)),
    "drop-after": _telegram((0.5, 1.5)),
    "drop-before": _telegram((2.0, 6.0)),
    "cant-parse": _telegram((0.0, 0.0)),
    "unauthorized": _telegram((0.0, 0.0)),
    "migrated": _telegram((0.0, 0.0), chats="group"),
    "blocked": _telegram((0.0, 0.0), chats="any", ends_chat=True),
    "deactivated": _telegram((0.0, 0.0), chats="any", ends_chat=True),
    "no-rights": _telegram((0.0, 0.0), chats="any", ends_chat=True),
    "topic-closed": _telegram((4.0, 8.0), chats="forum"),
    "topic-deleted": _telegram((0.0, 0.0), chats="forum"),
    # ------------------------------------------------------------ the house
    "kill": _house(weight=3),
    "term": _house(),
    "interrupt": _house(),
    "watchlist-edited": _house((3.0, 8.0)),
    "disk-full": _house((3.0, 8.0), 1, "sqlite"),
    "database-locked": _house((2.0, 6.0)),
    "database-slow": _house((2.0, 6.0), 1, "postgresql"),
    "database-stopped": _house((2.0, 6.0), 1, "postgresql"),
    "database-killed": _house((1.0, 3.0), 1, "postgresql"),
    "clock-back": _house((5.0, 10.0)),
    "clock-forward": _house((5.0, 10.0)),
}
LOSES_THE_PLACE = frozenset(["status-410", "status-503-88-hours"])  # the feed is asked again after a day


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One trouble: from second `at` of the plan, for `lasts` seconds; `who` is the number of an outlet or chat."""

    at: float
    kind: str
    who: int
    lasts: float = 0.0

    @property
    def until(self) -> float:
        """The second at which it is over."""
        return self.at + self.lasts

    @property
    def place(self) -> Place:
        """Whose trouble it is."""
        return KINDS[self.kind].place


@dataclass(frozen=True, slots=True)
class Size:
    """How large the world of a plan is, and what for how long."""

    seconds: float = 60.0
    outlets: int = 20
    chats: int = 12
    a_second: float = 1.0  # articles, of all outlets together
    at_once: int = 1  # messages on the wire
    poll_every: int = 1  # seconds between two polls of a feed
    outlet_faults: float = 1.3  # an outlet
    telegram_faults: float = 12.0  # a minute
    house_faults: float = 8.0  # a minute


def plan(
    seed: int, size: Size, *, database: str, without: Collection[str] = (), only: Collection[str] = ()
) -> tuple[Fault, ...]:
    """Everything that will go wrong, in order. `without` and `only` name kinds or places of trouble."""
    drawn = [
        *_at_outlets(random.Random(f"outlets {seed}"), size),
        *_at(random.Random(f"telegram {seed}"), size, Place.TELEGRAM, size.telegram_faults, database),
        *_at(random.Random(f"house {seed}"), size, Place.HOUSE, size.house_faults, database),
    ]
    # drawn first and left out then: what is switched off changes nothing else
    kept = [each for each in drawn if not {each.kind, each.place} & set(without)]
    return tuple(sorted(each for each in kept if not only or {each.kind, each.place} & set(only)))


class _Deck:
    """Kinds of trouble as cards: all come in turn, as often as their weight, before any comes again."""

    def __init__(self, rng: random.Random, place: Place, database: str = "") -> None:
        self._rng = rng
        fitting = {
            name: kind for name, kind in KINDS.items() if kind.place is place and kind.database in ("", database)
        }
        self._cards = [name for name, kind in fitting.items() for _ in range(kind.weight)]
        self._left: list[str] = []

    def draw(self) -> str:
        """The next card."""
        if not self._left:
            self._left = self._rng.sample(self._cards, len(self._cards))
        return self._left.pop()


def _at_outlets(rng: random.Random, size: Size) -> Iterable[Fault]:
    """One at a time an outlet."""
    deck = _Deck(rng, Place.OUTLET)
    free = [0.0] * size.outlets
    for _ in range(round(size.outlets * size.outlet_faults * max(1.0, size.seconds / 60))):
        kind = deck.draw()
        who = rng.randrange(size.outlets)
        lasts = rng.uniform(*KINDS[kind].lasts)
        room = size.seconds - 2.0 - lasts - free[who]
        if room > 0:
            at = free[who] + rng.uniform(0, room) / 2
            free[who] = at + lasts + 3.0
            yield Fault(round(at, 2), kind, who, round(lasts, 2))


def _at(rng: random.Random, size: Size, place: Place, a_minute: float, database: str) -> Iterable[Fault]:
    deck = _Deck(rng, place, database)
    ended: set[int] = set()
    for _ in range(max(1, round(a_minute * size.seconds / 60))):
        name = deck.draw()
        kind = KINDS[name]
        lasts = rng.uniform(*kind.lasts)
        at = rng.uniform(0, max(0.0, size.seconds - lasts - 2))
        sort = kind.chats
        fitting = [chat for chat in range(size.chats) if sort in ("any", sort_of_chat(chat))]
        who = rng.choice(fitting) if sort and fitting else EVERY_CHAT
        if sort and not fitting:
            continue
        if kind.ends_chat or name in ("migrated", "topic-deleted"):
            if len(ended) >= size.chats // 4 or who in ended:
                continue  # somebody must be left to be told
            ended.add(who)
        yield Fault(round(at, 2), name, who, round(lasts, 2))


def sort_of_chat(number: int) -> str:
    """Three chats in five are private; the groups are plain ones and forums in turn."""
    if number % 5 < 3:
        return "private"
    return "forum" if number % 2 else "group"


def active(faults: Sequence[Fault], who: int, at: float) -> Fault | None:
    """What an outlet suffers from in this second."""
    return next((each for each in faults if each.who == who and each.at <= at < each.until), None)


def shown(faults: Iterable[Fault]) -> str:
    """The plan as a table for a person."""
    return "\n".join(
        f"{each.at:8.2f} s  {each.place:8}  {each.kind:20}  "
        f"{'' if each.who < 0 else each.who:>4}  {f'{each.lasts:.1f} s' if each.lasts else ''}"
        for each in faults
    )
