"""Common names and short forms: whether the rest of the item speaks for the leader.

Sees what was understood of the whole item; whether a name stands for a person at all was judged before (names.py).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from monitor.matching import offices, reasons, trades
from monitor.matching import text as texts
from monitor.matching.confidence import Confidence
from monitor.matching.held_offices import HeldOffices, kinds
from monitor.matching.hits import NEAR, NOT, SHORT, TITLED
from monitor.matching.leader_reading import LeaderMention, LeaderReading, MissedMention, UnsureName
from monitor.matching.office_mentions import OfficeMention
from monitor.matching.own_words import OwnWords
from monitor.matching.reasons import Why
from monitor.matching.spans import Span
from monitor.types import Rule


def settle_unsure(reading: LeaderReading, own: Sequence[OwnWords], held: HeldOffices, day: date | None) -> None:
    """Take or refuse each unsure name of a reading; a form of two leaders goes to one of them where that can be told.

    Common names come first, because one that is taken speaks for the leader's short forms.
    """
    if not reading.unsure:
        return
    support = _support_in(reading)
    taken: list[LeaderMention] = []
    for name in sorted(reading.unsure, key=lambda name: name.word.role in _SHORT):
        leader = name.word.leader
        verdict = _verdict(_NameInItem(name, support, held.titles_of(leader) | own[leader].titles))
        if isinstance(verdict, Why):
            reading.miss(name.word, name.span, verdict)
            continue
        rule = Rule.SHORT if name.word.role in _SHORT else Rule.NAME
        taken.append(LeaderMention(name.word.leader, name.span, rule, name.word.written, verdict))
        if rule is Rule.NAME:
            support.named.add(name.word.leader)
    _settle_rivals(reading, taken, _Rivalry(held, day, support.former))


# ---------------------------------------------------------------- what speaks for a leader


@dataclass(slots=True)
class _Support:
    """What in an item may speak for leaders."""

    named: set[int]  # leaders named in full
    in_office: set[int]  # leaders meant by an office
    near: set[int]  # leaders of whom a `near` word is there
    contrary: set[int]  # leaders of whom a `not` phrase is there
    titles: set[str]  # of every office mentioned
    offices_ending: dict[tuple[int, int], list[OfficeMention]] = field(default_factory=dict)  # by field and end
    former: set[Span] = field(default_factory=set)  # names behind "cố", "cựu" and an office

    def offices_before(self, span: Span) -> Sequence[OfficeMention]:
        """The offices right before a name."""
        return self.offices_ending.get((span.field, span.start - 1), ())


def _support_in(reading: LeaderReading) -> _Support:
    support = _Support(
        named={mention.leader for mention in reading.mentions if mention.rule is Rule.NAME},
        in_office={mention.leader for mention in reading.mentions if mention.rule is Rule.OFFICE},
        near=_leaders_with(NEAR, reading),
        contrary=_leaders_with(NOT, reading),
        titles=_titles_in(reading),
    )
    for one in reading.fields:
        for mention in one.mentions:
            support.offices_ending.setdefault((one.number, mention.end), []).append(mention)
    support.former = {
        name.span
        for name in reading.unsure
        if any(mention.changed in _FORMER for mention in support.offices_before(name.span))
    }
    return support


def _titles_in(reading: LeaderReading) -> set[str]:
    """The titles of the offices that an item mentions, of former and other holders left out."""
    mentions = (mention for one in reading.fields for mention in one.mentions if not mention.changed)
    return {title for mention in mentions for title in kinds(mention.title)}


def _leaders_with(role: str, reading: LeaderReading) -> set[int]:
    return {word.leader for one in reading.fields for _, _, word in one.names if word.role == role}


class _NameInItem:
    """An unsure name beside what the item says."""

    def __init__(self, name: UnsureName, support: _Support, own_titles: set[str]) -> None:
        self.leader = name.word.leader
        self.is_short = name.word.role in _SHORT
        self.doubt = name.judgement.doubt
        self.support = support
        self.own_titles = own_titles
        self.is_titled = name.judgement.titled
        self.offices_before = support.offices_before(name.span)
        self.is_behind_own_office = _has_own_title(name) or any(
            own_titles & kinds(mention.title) for mention in self.offices_before if mention.changed != "phó"
        )

    @property
    def has_neighbours(self) -> bool:
        """Whether a `near` word or the leader's own office is anywhere in the item."""
        return self.leader in self.support.near or not self.own_titles.isdisjoint(self.support.titles)


def _has_own_title(name: UnsureName) -> bool:
    """Whether an office that the watch names, and that few bear at once, is right before a name or begins its form."""
    head = name.judgement.own_office
    if head and not trades.is_of_many(head):
        return True
    return name.word.role == TITLED and not trades.is_of_many(texts.key(name.word.written.rpartition(" ")[0]))


# ---------------------------------------------------------------- the rules

_SHORT: Final = frozenset({SHORT, TITLED})
_Verdict = Confidence | Why
_Rule = Callable[[_NameInItem], _Verdict | None]

_FORMER: Final = frozenset({"cố", "cựu", "nguyên", "quá cố"})
_PERSONAL: Final = frozenset(offices.titles()) - {"lãnh đạo"}
"""Titles of one person, so that the name behind one is the holder's."""


def _common_behind_own_office(name: _NameInItem) -> _Verdict | None:
    """“Bộ trưởng Tài chính Nguyễn Văn Thắng”: right behind the leader's own office it is the leader."""
    return Confidence.COMMON_TITLED if name.is_behind_own_office else None


def _common_behind_another_office(name: _NameInItem) -> _Verdict | None:
    """“Đại sứ Nguyễn Văn Thắng”: right behind an office that the leader never has it is somebody else."""
    before = name.offices_before
    if name.is_titled and before and not name.is_behind_own_office and before[0].title in _PERSONAL:
        return reasons.OTHER_OFFICE
    return None


def _common_with_contrary_phrase(name: _NameInItem) -> _Verdict | None:
    """“Cầu thủ Nguyễn Văn Thắng ghi bàn” with `not: [ghi bàn]`: the item is about a namesake."""
    return reasons.COMMON_CONTRARY if name.leader in name.support.contrary else None


def _common_among_neighbours(name: _NameInItem) -> _Verdict | None:
    """“Ông Nguyễn Văn Thắng nói Bộ trưởng Tài chính sẽ …”: the office, or a `near` word, is elsewhere in the item."""
    return Confidence.COMMON_NEAR if name.has_neighbours else None


def _common_alone(name: _NameInItem) -> _Verdict | None:
    """“Ông Nguyễn Văn Thắng trồng sầu riêng”: many are called so, and nothing says that it is the leader."""
    return reasons.COMMON


def _short_beside_full_name(name: _NameInItem) -> _Verdict | None:
    """“Donald Trump đến; Trump nói …”: who is named in full is meant by the short form as well."""
    return Confidence.SHORT_NAMED if name.leader in name.support.named else None


def _short_behind_trade(name: _NameInItem) -> _Verdict | None:
    """“Ca sĩ Thùy Tiên” of a watch that names no singer: without the full name in the item it is a namesake's."""
    return name.doubt


def _short_beside_office(name: _NameInItem) -> _Verdict | None:
    """“Tổng thống Mỹ đến, ông Trump nói …”: the office says who it is, elsewhere in the item or right before."""
    if name.leader in name.support.in_office or name.is_behind_own_office:
        return Confidence.SHORT_OFFICE
    return None


def _short_among_neighbours(name: _NameInItem) -> _Verdict | None:
    """“Ông Tập nói tại Bắc Kinh” with `near: [Bắc Kinh]`: a neighbour speaks for the leader."""
    return Confidence.SHORT_NEAR if name.has_neighbours else None


def _short_alone(name: _NameInItem) -> _Verdict | None:
    """“Ông Tập mở quán phở”: nothing says that it is the leader."""
    return reasons.SHORT


COMMON_NAME_RULES: Final[tuple[_Rule, ...]] = (
    _common_behind_own_office,
    _common_behind_another_office,
    _common_with_contrary_phrase,
    _common_among_neighbours,
    _common_alone,
)
SHORT_FORM_RULES: Final[tuple[_Rule, ...]] = (
    _short_beside_full_name,
    _short_behind_trade,
    _short_beside_office,
    _short_among_neighbours,
    _short_alone,
)


def _verdict(name: _NameInItem) -> _Verdict:
    """What the first rule that speaks says; the last one always speaks."""
    rules = SHORT_FORM_RULES if name.is_short else COMMON_NAME_RULES
    return next(verdict for rule in rules if (verdict := rule(name)) is not None)


# ---------------------------------------------------------------- one form of several leaders


@dataclass(frozen=True, slots=True)
class _Rivalry:
    """What tells leaders of one form apart."""

    held: HeldOffices
    day: date | None
    former: set[Span]


_IN_FULL: Final = frozenset({Confidence.COMMON_TITLED, Confidence.COMMON_NEAR, Confidence.SHORT_NAMED})
_RivalRule = Callable[[Sequence[LeaderMention], _Rivalry], Sequence[LeaderMention]]


def _named_in_full(rivals: Sequence[LeaderMention], rivalry: _Rivalry) -> Sequence[LeaderMention]:
    """“George W. Bush … ông Bush”: the one whom the item names in full."""
    return [mention for mention in rivals if mention.confidence in _IN_FULL]


def _in_office_that_day(rivals: Sequence[LeaderMention], rivalry: _Rivalry) -> Sequence[LeaderMention]:
    """“Tổng thống Bush thăm Hà Nội”: the one in office on the day; behind “cố” or “cựu” that one is not meant."""
    if rivals[0].span in rivalry.former:
        return ()
    return [mention for mention in rivals if rivalry.held.is_in_office(mention.leader, rivalry.day)]


def _who_left_last(rivals: Sequence[LeaderMention], rivalry: _Rivalry) -> Sequence[LeaderMention]:
    """“Cựu Tổng thống Bush”: the one who left an office last."""
    left = [rivalry.held.left_office(mention.leader, rivalry.day) for mention in rivals]
    last = max(left)
    return [mention for mention, day in zip(rivals, left, strict=True) if day == last != date.min]


RIVAL_RULES: Final[tuple[_RivalRule, ...]] = (_named_in_full, _in_office_that_day, _who_left_last)


def _settle_rivals(reading: LeaderReading, taken: Iterable[LeaderMention], rivalry: _Rivalry) -> None:
    """Give each place to the leaders whom the first rule that tells anything chooses; else to all of them."""
    by_span: dict[Span, list[LeaderMention]] = {}
    for mention in taken:
        by_span.setdefault(mention.span, []).append(mention)
    for rivals in by_span.values():
        chosen = _chosen(rivals, rivalry)
        reading.mentions.extend(chosen)
        reading.missed.extend(
            MissedMention(mention.leader, mention.span, mention.by, reasons.RIVAL)
            for mention in rivals
            if mention not in chosen
        )


def _chosen(rivals: Sequence[LeaderMention], rivalry: _Rivalry) -> Sequence[LeaderMention]:
    if len({mention.leader for mention in rivals}) < 2:
        return rivals
    return next((chosen for rule in RIVAL_RULES if (chosen := rule(rivals, rivalry))), rivals)
