"""Offices without their holder's name: whom "Thủ tướng" means in this item, if anybody of ours.

Sees what was understood of the whole item; which words are an office was read before (office_mentions.py), who holds it
is the watchlist's knowledge (held_offices.py).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from monitor.matching import offices, reasons
from monitor.matching.confidence import Confidence
from monitor.matching.held_offices import HeldOffices, OfficeHolder
from monitor.matching.hits import NOT, FieldHits
from monitor.matching.leader_reading import LeaderReading
from monitor.matching.office_mentions import OfficeMention
from monitor.matching.office_names import holder_called, in_apposition, is_named, named_others
from monitor.matching.office_states import (
    BEHIND_ALL,
    is_foreign_news,
    is_home_news,
    offices_of_others,
    understand_opening_state,
    understand_that_state,
)
from monitor.matching.office_times import is_of_decree, year_beside
from monitor.matching.offices import OfficeKey
from monitor.matching.reasons import Why
from monitor.matching.spans import Span
from monitor.matching.written_offices import Scope
from monitor.types import Leader

FRESH_FOR: Final = timedelta(days=270)  # "tân Thủ tướng" is said of a holder for about this long
SOON: Final = timedelta(days=80)  # and of a winner before the oath: an American president waits 76 days for it
_ELECT: Final = "đắc cử"

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
        named_others=named_others(mentions, reading, leaders, held, day),
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
    called = holder_called(item.reading, one, mention, item.leaders, held, item.day)
    if called is not None:
        span = Span(one.number, mention.start, mention.end)
        item.reading.mention_office(called, span, Confidence.TITLED_NAME)
        return
    office_key, holders = held.office_of(mention)
    if not holders:
        return  # nobody of ours ever holds it
    office = _OfficeInItem(item, one, mention, office_key, holders, held.scope(mention.title), is_understood)
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
    named_others: frozenset[tuple[str, str]]  # title and state of offices whose holder somebody else is said to be


class _OfficeInItem(NamedTuple):
    """An office mentioned in an item, that somebody of ours holds or held."""

    item: _ItemOfOffices
    one: FieldHits
    mention: OfficeMention
    key: OfficeKey
    holders: Sequence[OfficeHolder]
    scope: Scope
    is_understood: bool  # its state is the one that opens the sentence

    @property
    def span(self) -> Span:
        return Span(self.one.number, self.mention.start, self.mention.end)

    @property
    def is_spoken_for(self) -> bool:
        """“Tổng thống Mỹ Donald Trump”: the name behind it speaks for itself, or one that it begins ("Vua Charles")."""
        named, number = self.mention.named, self.one.number
        named_at = self.item.reading.named_at
        return named is not None and bool(named_at.get((number, named)) or named_at.get((number, self.mention.start)))

    @property
    def is_lone(self) -> bool:
        """Whether it stands without a state, and is Vietnam's unless the item says otherwise."""
        return self.mention.state is None and (self.key.title in offices.OF_VIETNAM or self.scope is Scope.NATIONAL)

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
        """Who may be meant: the holders of the day; without a day, who holds it still.

        Behind "tân" a new holder, or one who soon will be; beside "đắc cử" only such a one.
        """
        day = self.item.day
        held = [holder for holder in self.holders if holder.on(day)]
        if day is None:
            return held
        if self.mention.changed == _ELECT:
            return self._soon(day)
        if self.mention.fresh:
            held = [holder for holder in held if holder.since is not None and day - holder.since <= FRESH_FOR]
            return held or self._soon(day)
        return held

    def _soon(self, day: date) -> list[OfficeHolder]:
        return [holder for holder in self.holders if holder.since is not None and day < holder.since <= day + SOON]


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
    changed = office.mention.changed
    if changed == _ELECT and office.item.day is not None and office.current_holders():
        return None  # "Tổng thống đắc cử": the list knows who it will be
    return reasons.changed(changed) if changed else None


def _somebody_else_is_named(office: _OfficeInItem) -> Why | None:
    """“Tổng thống Mỹ Abraham Lincoln”: a name behind the office that is none of its holders' is another holder's.

    "Tổng thống Mỹ Donald...", broken off within the holder's name, is the holder still.
    """
    start = office.mention.named
    if start is None:
        return None
    leaders = [office.item.leaders[holder.leader] for holder in office.holders]
    return None if is_named(leaders, office.one.text, start) else reasons.SOMEBODY_ELSE


def _somebody_else_beside(office: _OfficeInItem) -> Why | None:
    """“Ông Ngô Văn Tráng, Chủ tịch Huế, nói”: the name beside an office that a watchlist brings is its holder's."""
    mention = office.mention
    if office.scope is Scope.KNOWN or mention.named is not None:
        return None  # of heads of states lists are told in this way: "ông Trump, Tổng thống Pháp, …"
    start = in_apposition(office.one.text, mention.start, mention.end)
    own = {holder.leader for holder in office.holders}
    if start is None or own & office.item.reading.named_at.get((office.one.number, start), set()):
        return None
    leaders = [office.item.leaders[each] for each in own]
    return None if is_named(leaders, office.one.text, start) else reasons.SOMEBODY_BESIDE


def _within_not(office: _OfficeInItem) -> Why | None:
    """“Chủ tịch Fed New York” with `not: [Fed New York]`: the phrase takes its own leader's office away."""
    start, end = office.mention.start, office.mention.end
    own = {holder.leader for holder in office.holders}
    hidden = any(
        word.role == NOT and word.leader in own and begin < end and start < stop
        for begin, stop, word in office.one.names
    )
    return reasons.INSIDE_NOT if hidden else None


def _of_a_decree(office: _OfficeInItem) -> Why | None:
    """“Theo Quyết định số 12/QĐ-TTg của Thủ tướng”: a formula, whoever signed it and whenever."""
    return reasons.DECREE if is_of_decree(office.one.text, office.mention.start) else None


def _of_another_year(office: _OfficeInItem) -> Why | None:
    """“Thủ tướng ký ban hành năm 2017”: somebody held the office then who holds it no more."""
    held = office.current_holders()
    if not held or office.mention.named is not None:
        return None
    year = year_beside(office.one.text, office.mention.start, office.mention.end)
    is_earlier = year is not None and all(holder.since is not None and year < holder.since.year for holder in held)
    return reasons.ANOTHER_TIME if is_earlier else None


def _another_holder_in_item(office: _OfficeInItem) -> Why | None:
    """“Thủ tướng Pháp từ chức. Thủ tướng Bayrou nói …”: the item says who it is, and it is none of ours."""
    if office.mention.fresh or (office.key.title, office.key.state) not in office.item.named_others:
        return None
    return reasons.ANOTHER_HOLDER


OFFICE_RULES: Final[tuple[_Rule, ...]] = (
    _changed_by_a_word,
    _somebody_else_is_named,
    _somebody_else_beside,
    _within_not,
    _of_a_decree,
    _of_another_year,
    _another_holder_in_item,
)


# ---------------------------------------------------------------- rules for a lone office: is it Vietnam's?


def _in_small_letters(office: _OfficeInItem) -> Why | None:
    """“Các bên chờ thủ tướng lên tiếng”: ours is written with a capital, any state's may be written so."""
    start, end = office.mention.start, office.mention.end
    own = office.one.text.plain[start : end if office.scope is Scope.NATIONAL else start + 1]
    return None if any(map(str.isupper, own)) else reasons.SMALL_LETTERS


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
    is_minister = office.key.title in _MINISTERS or office.scope is Scope.NATIONAL
    is_theirs = is_minister and item.reading.mentions and not item.is_home_news
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
    if office.scope is Scope.ALONE and not office.key.state:
        return Confidence.OFFICE_PHRASE
    if office.mention.loosely:
        return Confidence.OFFICE_LISTED
    if office.item.day is None:
        return Confidence.OFFICE_UNDATED
    return Confidence.OFFICE_STATE if office.key.state else Confidence.OFFICE_UNIQUE
