"""Offices without their holder's name: whom "Thủ tướng" means in this item, if anybody of ours.

Sees what was understood of the whole item; which words are an office was read before (office_mentions.py), who holds it
is the watchlist's knowledge (held_offices.py).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from monitor.matching import offices, reasons
from monitor.matching import text as texts
from monitor.matching.confidence import Confidence
from monitor.matching.held_offices import HeldOffices, OfficeHolder
from monitor.matching.hits import FieldHits
from monitor.matching.leader_reading import LeaderReading
from monitor.matching.office_mentions import OfficeMention
from monitor.matching.office_states import (
    BEHIND_ALL,
    is_foreign_news,
    is_home_news,
    offices_of_others,
    understand_opening_state,
    understand_that_state,
)
from monitor.matching.offices import OfficeKey
from monitor.matching.reasons import Why
from monitor.matching.spans import Span
from monitor.matching.text import Text
from monitor.types import Leader

FRESH_FOR: Final = timedelta(days=270)  # "tân Thủ tướng" is said of a holder for about this long

_MINISTERS: Final = frozenset({"ngoại trưởng", "bộ trưởng quốc phòng", "bộ trưởng công an", "bộ trưởng tài chính"})
_ONLY_OURS: Final = frozenset({"tổng bí thư", "chủ tịch nước"})
"""Lone, these are Vietnam's even in foreign news: of others newspapers add the state or the name."""


def read_offices(reading: LeaderReading, leaders: Sequence[Leader], held: HeldOffices, day: date | None) -> None:
    """Take each office of a reading for its holder, or note why it is not; names have been read before."""
    mentions = list(_mentions(reading))
    if not mentions:
        return
    for one, mention in mentions:
        understand_that_state(reading.fields, one, mention)
    item = _ItemOfOffices(
        reading,
        leaders,
        day,
        is_home_news=is_home_news(reading.fields),
        is_foreign_news=is_foreign_news(reading, held),
        of_others=offices_of_others(mentions, reading, held),
    )
    for one, mention in mentions:
        _read_office(item, one, mention, held)


def _mentions(reading: LeaderReading) -> Iterator[tuple[FieldHits, OfficeMention]]:
    for one in reading.fields:
        for mention in one.mentions:
            yield one, mention


def _read_office(item: "_ItemOfOffices", one: FieldHits, mention: OfficeMention, held: HeldOffices) -> None:
    """Take one office for its holder, or note why it is not."""
    is_understood = understand_opening_state(one, mention)
    office_key, holders = held.office_of(mention)
    if not holders:
        return  # nobody of ours ever holds it
    office = _OfficeInItem(item, one, mention, office_key, holders, is_understood)
    if not mention.changed and office.is_spoken_for:
        return
    refusal = _refusal(office)
    if refusal is None:
        item.reading.mention_office(office.current_holders()[0], office.span, _confidence(office))
    else:
        refused, why = refusal
        item.reading.miss_office(refused, office.span, why)


def _refusal(office: "_OfficeInItem") -> tuple[Sequence[OfficeHolder], Why] | None:
    """Whom an office does not mean, and why; None where it means its holder.

    The rules speak in this order, and the first that says something has said it.
    """
    why = _first(OFFICE_RULES, office)
    if why is not None:
        return office.holders_of_the_day(), why
    current = office.current_holders()
    if not current:
        return office.holders, reasons.NOT_HELD
    if len({holder.leader for holder in current}) > 1:
        return current, reasons.SEVERAL
    why = _first(LONE_OFFICE_RULES, office) if office.is_lone else None
    return None if why is None else (current, why)


# ---------------------------------------------------------------- what is known of the item, and of one office in it


class _ItemOfOffices(NamedTuple):
    """What holds for all offices of an item."""

    reading: LeaderReading
    leaders: Sequence[Leader]
    day: date | None
    is_home_news: bool  # Vietnam or something of Vietnam's is named
    is_foreign_news: bool  # another state or one of its leaders is named
    of_others: dict[str, tuple[int, int]]  # title -> where another state's or another holder of it is first named


class _OfficeInItem(NamedTuple):
    """An office mentioned in an item, that somebody of ours holds or held."""

    item: _ItemOfOffices
    one: FieldHits
    mention: OfficeMention
    key: OfficeKey
    holders: Sequence[OfficeHolder]
    is_understood: bool  # its state is the one that opens the sentence

    @property
    def span(self) -> Span:
        return Span(self.one.number, self.mention.start, self.mention.end)

    @property
    def is_spoken_for(self) -> bool:
        """“Tổng thống Mỹ Donald Trump”: the name behind it speaks for its owner, the office need not."""
        named = self.mention.named
        return named is not None and bool(self.item.reading.named_at.get((self.one.number, named)))

    @property
    def is_lone(self) -> bool:
        """Whether it stands without a state, and is Vietnam's unless the item says otherwise."""
        return self.mention.state is None and self.key.title in offices.OF_VIETNAM

    @property
    def of_others(self) -> tuple[int, int] | None:
        """Where another state's or another holder of this title is first named."""
        return self.item.of_others.get(self.mention.title)

    @property
    def opens_headline(self) -> bool:
        return self.one.number == 0 and self.one.text.begins_sentence(self.mention.start)

    def holders_of_the_day(self) -> list[OfficeHolder]:
        """Who holds it on the day of the item; whoever ever holds it, of an item without a day."""
        day = self.item.day
        return [holder for holder in self.holders if day is None or holder.on(day)]

    def current_holders(self) -> list[OfficeHolder]:
        """Who may be meant: the holders of the day, behind "tân" only new ones; without a day, who holds it still."""
        day = self.item.day
        held = [holder for holder in self.holders if holder.on(day)]
        if self.mention.fresh and day is not None:
            held = [holder for holder in held if holder.since is not None and day - holder.since <= FRESH_FOR]
        return held


# ---------------------------------------------------------------- rules for every office

_Rule = Callable[[_OfficeInItem], Why | None]


def _first(rules: Sequence[_Rule], office: _OfficeInItem) -> Why | None:
    for rule in rules:
        why = rule(office)
        if why is not None:
            return why
    return None


def _changed_by_a_word(office: _OfficeInItem) -> Why | None:
    """“Cựu Tổng thống Mỹ”, “bầu Tổng thống Mỹ”: a word beside the office says that its holder is not meant."""
    return reasons.changed(office.mention.changed) if office.mention.changed else None


def _somebody_else_is_named(office: _OfficeInItem) -> Why | None:
    """“Tổng thống Mỹ Abraham Lincoln”: a name behind the office that is none of its holders' is another holder's.

    "Tổng thống Mỹ Donald...", broken off within the holder's name, is the holder still.
    """
    start = office.mention.named
    if start is None:
        return None
    leaders = office.item.leaders
    if any(_breaks_off_in_name(leaders[holder.leader], office.one.text, start) for holder in office.holders):
        return None
    return reasons.SOMEBODY_ELSE


OFFICE_RULES: Final[tuple[_Rule, ...]] = (_changed_by_a_word, _somebody_else_is_named)


def _breaks_off_in_name(leader: Leader, text: Text, start: int) -> bool:
    word = text.low[start : start + 40].split(" ", 1)[0]
    bare = word.rstrip(".…")
    behind = start + len(bare)
    if not word.endswith(("..", "…")) and text.low[behind : behind + 8].strip(" .…"):
        return False
    return any(texts.key(name).startswith(f"{bare} ") for name in (leader.name, *leader.aliases))


# ---------------------------------------------------------------- rules for a lone office: is it Vietnam's?


def _in_small_letters(office: _OfficeInItem) -> Why | None:
    """“Các bên chờ thủ tướng lên tiếng”: ours is written with a capital, any state's may be written so."""
    return None if office.one.text.plain[office.mention.start].isupper() else reasons.SMALL_LETTERS


def _another_holder_is_named(office: _OfficeInItem) -> Why | None:
    """“Thủ tướng Ấn Độ đến Pháp. Thủ tướng nói …”: the lone office behind another state's is that state's.

    But "Thủ tướng gặp Thủ tướng Ấn Độ": who opens a headline that then names another state's is not that one.
    """
    where = office.of_others
    if where is None:
        return None
    is_behind = where < (office.one.number, office.mention.start)
    is_told_apart = office.item.is_home_news or where[0] == 0 or where == BEHIND_ALL
    return reasons.ANOTHER_HOLDER if is_behind or not (office.opens_headline and is_told_apart) else None


def _minister_beside_foreign_leaders(office: _OfficeInItem) -> Why | None:
    """“Ông Putin tiếp khách, Ngoại trưởng cùng dự”: a minister in news of foreign leaders alone is theirs."""
    item = office.item
    is_theirs = office.key.title in _MINISTERS and item.reading.mentions and not item.is_home_news
    return reasons.FOREIGN_NEWS if is_theirs and item.is_foreign_news and office.of_others is None else None


def _within_foreign_news(office: _OfficeInItem) -> Why | None:
    """“Biểu tình ở Bangkok, Thủ tướng từ chức”: in foreign news, and not at its head, it is another state's.

    Tổng Bí thư and Chủ tịch nước are ours even there.
    """
    item = office.item
    if not item.is_foreign_news or office.of_others is not None:
        return None
    is_ours = item.is_home_news or office.opens_headline or office.key.title in _ONLY_OURS
    return None if is_ours else reasons.FOREIGN_NEWS


LONE_OFFICE_RULES: Final[tuple[_Rule, ...]] = (
    _in_small_letters,
    _another_holder_is_named,
    _minister_beside_foreign_leaders,
    _within_foreign_news,
)


def _confidence(office: _OfficeInItem) -> Confidence:
    """How sure an office is that no rule refused."""
    if office.is_lone:
        if not office.item.is_foreign_news:
            return Confidence.OFFICE_HOME
        return Confidence.OFFICE_MIXED if office.of_others is None else Confidence.OFFICE_SECOND
    if office.is_understood:
        return Confidence.OFFICE_UNDERSTOOD
    if office.mention.loosely:
        return Confidence.OFFICE_LISTED
    if office.item.day is None:
        return Confidence.OFFICE_UNDATED
    return Confidence.OFFICE_STATE if office.key.state else Confidence.OFFICE_UNIQUE
