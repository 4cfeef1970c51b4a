"""Who holds which office, and when, as the watchlist has it.

Knows the watchlist only; whom a text means is decided in matching/office_rules.py and matching/support_rules.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.matching import offices, written_offices
from monitor.matching.office_mentions import OfficeMention
from monitor.matching.offices import OfficeKey
from monitor.matching.written_offices import Scope
from monitor.text import gazetteer


@dataclass(frozen=True, slots=True)
class OfficeHolder:
    """A leader in an office for a time."""

    leader: int
    written: str
    since: date | None
    until: date | None

    def on(self, day: date | None) -> bool:
        """Whether the office is held on this day; without a day, whether it is held still."""
        if day is None:
            return self.until is None
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


class HeldOffices:
    """The offices of all leaders, by office and by leader."""

    def __init__(self, holders_of: Mapping[OfficeKey, Sequence[OfficeHolder]]) -> None:
        self._holders_of = holders_of
        self._titles_of: dict[int, set[str]] = {}
        self._of_leader: dict[int, list[OfficeHolder]] = {}
        self._scopes: dict[str, Scope] = {}
        self._of_title: dict[str, list[OfficeHolder]] = {}
        self.foreigners: set[int] = set()
        """Leaders with an office of another state."""
        for office_key, holders in holders_of.items():
            self._of_title.setdefault(office_key.title, []).extend(holders)
            for holder in holders:
                self._titles_of.setdefault(holder.leader, set()).update(kinds(office_key.title))
                self._of_leader.setdefault(holder.leader, []).append(holder)
                office = written_offices.read_office(holder.written)
                if office.scope is not Scope.KNOWN:
                    self._scopes[office_key.title] = office.scope
                if office.head:
                    self._titles_of[holder.leader].add(office.head)
                if office_key.state not in ("", gazetteer.HOME):
                    self.foreigners.add(holder.leader)

    def titles_of(self, leader: int) -> set[str]:
        """The titles that a leader ever has, and what they are kinds of."""
        return self._titles_of.get(leader, set())

    def holders(self, office_key: OfficeKey) -> Sequence[OfficeHolder]:
        """Whoever holds an office at any time."""
        return self._holders_of.get(office_key, ())

    def holders_of_title(self, title: str) -> Sequence[OfficeHolder]:
        """Whoever holds an office of this title at any time, in any state."""
        return self._of_title.get(title, ())

    def office_of(self, mention: OfficeMention) -> tuple[OfficeKey, Sequence[OfficeHolder]]:
        """The office that is mentioned, or the one it is a kind of, with its holders; nobody where it has none."""
        office_key = self._key_of(mention)
        holders = self.holders(office_key)
        if not holders and mention.title in offices.WIDER:
            office_key = OfficeKey(offices.WIDER[mention.title], office_key.state)
            holders = self.holders(office_key)
        return office_key, holders

    def _key_of(self, mention: OfficeMention) -> OfficeKey:
        state = mention.state or ""
        scope = self._scopes.get(mention.title)
        if scope is not None:
            return OfficeKey(mention.title, _own_state(mention.title, state, scope))
        if not state and mention.title in offices.NEEDS_STATE:
            return _NO_OFFICE
        if mention.title != "tt":
            return offices.office_key_of(mention.title, state)
        for title in ("tổng thống", "thủ tướng"):
            office_key = offices.office_key_of(title, state)
            if office_key in self._holders_of:
                return office_key
        return _NO_OFFICE

    def scope(self, title: str) -> Scope:
        """Whose an office of this title is where no state stands beside it."""
        return self._scopes.get(title, Scope.KNOWN)

    def is_in_office(self, leader: int, day: date | None) -> bool:
        """Whether a leader holds any office on this day."""
        return any(holder.on(day) for holder in self._of_leader.get(leader, ()))

    def left_office(self, leader: int, day: date | None) -> date:
        """The last day before `day` on which a leader left an office; `date.min` where they left none."""
        ends = (holder.until for holder in self._of_leader.get(leader, ()) if holder.until is not None)
        return max((end for end in ends if day is None or end <= day), default=date.min)


_NO_OFFICE = OfficeKey("", "")


def _own_state(title: str, state: str, scope: Scope) -> str:
    """The state of an office that a watchlist brings: "" where the one that stands beside it says nothing new."""
    is_said = title.endswith(f" {state}") if scope is Scope.ALONE else state == gazetteer.HOME
    return "" if is_said else state


def kinds(title: str) -> set[str]:
    """A title and what it is a kind of."""
    return {title, offices.WIDER.get(title, title)}
