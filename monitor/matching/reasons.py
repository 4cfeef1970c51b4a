"""Why something that came close was not taken: each reason a message of the catalogue with what fills it in.

Words only, in English in the code as everywhere (monitor/i18n.py); whoever refuses picks the reason.
"""

from dataclasses import dataclass
from typing import Final

from monitor.i18n import translatable, translator


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: a translatable message, and the values of its placeholders."""

    message: str
    named: tuple[tuple[str, str], ...] = ()

    def text(self, lang: str) -> str:
        """The reason in a reader's language."""
        return translator(lang).gettext(self.message, **dict(self.named))

    def __str__(self) -> str:
        return self.message.format(**dict(self.named))


# ---------------------------------------------------------------- of names

INSIDE_LONGER: Final = Why(translatable("inside a longer name"))
INSIDE_NOT: Final = Why(translatable("inside a phrase of its `not`"))
ADDRESS_AFTER: Final = Why(translatable("an age or a home address after it: somebody else"))
OTHER_OFFICE: Final = Why(translatable("another office before a common name"))
COMMON: Final = Why(translatable("a common name without an office or a `near` word in the item"))
COMMON_CONTRARY: Final = Why(translatable("a common name, and a phrase of its `not` elsewhere in the item"))
SHORT: Final = Why(translatable("a short form without the full name, an office or a title"))
ANOTHER_BEARER: Final = Why(
    translatable("a last name by itself, and the item names somebody else of that name in full")
)
LAST_NAME: Final = Why(translatable("a last name by itself, which the watch does not list under `aliases`"))
RIVAL: Final = Why(translatable("the same form of another leader"))


def named_after(word: str) -> Why:
    """A street, a school, a ship."""
    return Why(translatable("“{word}” before it: a place or a thing is named after somebody"), (("word", word),))


def other_trade(word: str) -> Why:
    """A coach, a defendant."""
    return Why(translatable("“{word}” before it: somebody else"), (("word", word),))


def trade_after(word: str) -> Why:
    """Somebody, a farmer."""
    return Why(translatable("“{word}” after it: somebody else"), (("word", word),))


def longer_before(word: str) -> Why:
    """Melania Trump."""
    return Why(translatable("“{word}” before it: a longer name"), (("word", word),))


def longer_after(word: str) -> Why:
    """Trump Tower."""
    return Why(translatable("“{word}” after it: a longer name"), (("word", word),))


# ---------------------------------------------------------------- of offices

NOT_HELD: Final = Why(translatable("not in this office on that day"))
SOMEBODY_ELSE: Final = Why(translatable("somebody else is named right after it"))
SEVERAL: Final = Why(translatable("several hold this office: it names none of them"))
SMALL_LETTERS: Final = Why(translatable("a lone office in small letters may be any state's"))
ANOTHER_HOLDER: Final = Why(translatable("the item names another state's or another holder of this office"))
SOMEBODY_BESIDE: Final = Why(translatable("somebody else is named beside it"))
DECREE: Final = Why(translatable("the number of a decree of this office: whoever signed it"))
ANOTHER_TIME: Final = Why(translatable("a year beside this office, in which another held it"))
FOREIGN_NEWS: Final = Why(translatable("a lone office in foreign news"))


def changed(word: str) -> Why:
    """A former, a deputy, an election."""
    return Why(translatable("“{word}” beside it changes who is meant"), (("word", word),))


# ---------------------------------------------------------------- of events

IGNORED: Final = Why(translatable("its words stand inside an `ignore` phrase"))


NOT_MAIN: Final = Why(translatable("only in passing: `focus: main` asks for what the item is about"))
PASSING: Final = Why(translatable("only in passing, in the full text: it rings nobody"))


def dropped(query: str) -> Why:
    """A query of `not` takes the whole item away."""
    return Why(translatable("`not` holds: {query}"), (("query", query),))


def lacking(part: str) -> Why:
    """All of a query but one part is there."""
    return Why(translatable("missing: {part}"), (("part", part),))
