"""Whose name stands right behind an office: its holder's, in whatever spelling, or somebody else's.

Looks beyond the names that were found before (LeaderReading.named_at): at last names, and at names the list lacks.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from monitor.matching import text as texts
from monitor.matching.held_offices import HeldOffices, OfficeHolder
from monitor.matching.hits import FieldHits
from monitor.matching.leader_reading import LeaderReading
from monitor.matching.name_similarity import sound
from monitor.matching.office_mentions import OfficeMention
from monitor.matching.text import Text
from monitor.text.words import folded, is_vietnamese
from monitor.types import Leader, Rule

_NEW_FOR: Final = timedelta(days=30)  # so long newspapers still call somebody by an office just left, and by it alone
_LONG: Final = 5  # letters of a last name that is told from others by its sound
_NAME: Final = re.compile(r"[^\W\d_][\w'-]*(?: (?!(?:Jr|Sr)\b)[A-ZÀ-ỸĐ][\w'-]*){0,3}")


def is_named(leaders: Sequence[Leader], text: Text, start: int) -> bool:
    """Whether the name at `start` is one of theirs: broken off within it, or written otherwise than in the list."""
    return any(_breaks_off_in_name(leader, text, start) or _is_called(leader, text, start) for leader in leaders)


def _breaks_off_in_name(leader: Leader, text: Text, start: int) -> bool:
    """“Tổng thống Mỹ Donald...” of Donald Trump."""
    word = text.low[start : start + 40].split(" ", 1)[0]
    bare = word.rstrip(".…")
    behind = start + len(bare)
    if not word.endswith(("..", "…")) and text.low[behind : behind + 8].strip(" .…"):
        return False
    return any(texts.key(name).startswith(f"{bare} ") for name in (leader.name, *leader.aliases))


def _is_called(leader: Leader, text: Text, start: int) -> bool:
    """“Chủ tịch FIFA Infantino” of Gianni Infantino, "Sebastien Lecornu" of Sébastien: the last name is theirs."""
    *given, last = folded(texts.key(leader.name)).split(" ")
    words = None if is_vietnamese(last) else _NAME.match(text.plain, start)
    if words is None:
        return False
    written = folded(texts.key(words[0])).split(" ")
    heard = sound(last) if len(last) >= _LONG else None  # "II" sounds like "III"
    place = next((place for place, word in enumerate(written) if word == last or sound(word) == heard), None)
    return place == 0 or (place is not None and written[0] in given)


_RANKED: Final = r"(?:(?:ông|bà|anh|chị|đồng chí|đ/c|tiến sĩ|giáo sư|(?:pgs|gs)?\.? ?ts\.?|\w{2,6} tướng|đại tá) )"
_FULL: Final = r"([^\W\d_]+(?: [^\W\d_]+){1,3})"
_BEFORE: Final = re.compile(rf"(?<!\w){_RANKED}{_FULL}(?:, | - | \()$")
_CLOSED: Final = re.compile(r",| -|\)|$")
_BEHIND: Final = re.compile(rf"(?:,| -) {_RANKED}{_FULL}(?=,| -)")


def in_apposition(text: Text, start: int, end: int) -> int | None:
    """Where the full name of a holder begins beside an office: "Ông Lê Văn Gốm, | Chủ tịch Huế |, nói"; else None."""
    behind = _BEHIND.match(text.low, end)
    if behind and _is_name(text, *behind.span(1)):
        return behind.start(1)
    begin = max(0, start - 50)
    before = _BEFORE.search(text.low[begin:start]) if _CLOSED.match(text.low, end) else None
    if before and _is_name(text, begin + before.start(1), begin + before.end(1)):
        return begin + before.start(1)
    return None


def _is_name(text: Text, start: int, end: int) -> bool:
    return all(word[:1].isupper() for word in text.plain[start:end].split(" "))


def holder_called(
    reading: LeaderReading,
    one: FieldHits,
    mention: OfficeMention,
    leaders: Sequence[Leader],
    held: HeldOffices,
    day: date | None,
) -> OfficeHolder | None:
    """“Thủ tướng Lecornu”: who holds an office of this title on the day, in any state, and is called so.

    Nobody where a state is named, where they are found by name anyway, or where two are called so.
    """
    start = mention.named
    if start is None or mention.state is not None or mention.changed:
        return None
    if reading.named_at.get((one.number, start)) or reading.named_at.get((one.number, mention.start)):
        return None
    holders = {
        holder.leader: holder
        for holder in held.holders_of_title(mention.title)
        if (holder.on(day) or (day is not None and holder.on(day - _NEW_FOR)))
        and _is_called(leaders[holder.leader], one.text, start)
    }
    if len(holders) != 1:
        return None
    (holder,) = holders.values()
    is_found = any(each.leader == holder.leader and each.rule is Rule.NAME for each in reading.mentions)
    return None if is_found else holder


def _only_state(reading: LeaderReading) -> str:
    """The state of an item that names one, "" for none and for several."""
    states = {hit.what for one in reading.fields for hit in one.states.values()}
    return states.pop() if len(states) == 1 else ""


def named_others(
    mentions: Sequence[tuple[FieldHits, OfficeMention]],
    reading: LeaderReading,
    leaders: Sequence[Leader],
    held: HeldOffices,
    day: date | None,
) -> frozenset[tuple[str, str]]:
    """Offices of which an item names another holder than ours, as title and state.

    "Thủ tướng Bayrou" is the French one where no other state is named, and where ours of France is new.
    """
    named = [(one, mention) for one, mention in mentions if mention.named is not None and not mention.changed]
    if not named:
        return frozenset()
    others = set()
    for one, mention in named:
        office_key, holders = held.office_of(mention)
        owners = reading.named_at.get((one.number, mention.named or 0), set())
        if mention.state is None and not holders and not owners and day is not None:
            office_key, holders = held.office_of(replace(mention, state=_only_state(reading)))
            holders = [each for each in holders if each.since is not None and each.since <= day < each.since + _NEW_FOR]
        own = {holder.leader for holder in holders}
        is_same_title = mention.title == office_key.title  # "Chủ tịch Hồ Chí Minh" is no Chủ tịch nước of today
        if not own or not is_same_title or own & owners:
            continue
        if not is_named([leaders[each] for each in own], one.text, mention.named or 0):
            others.add((office_key.title, office_key.state))
    return frozenset(others)
