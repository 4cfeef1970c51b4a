"""What could be changed in a leader: forms and offices more or fewer, what speaks for a common name, what against.

Thinks up edits and counts nothing; which of them is worth it is for learn/learner.py.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta, timezone
from functools import cache
from typing import Final

from monitor.matching import reasons
from monitor.matching import text as texts
from monitor.matching.learn.edits import Action, Edit, FieldChange
from monitor.matching.learn.mark_words import MarkWords
from monitor.matching.learn.phrases import Phrase, says_something
from monitor.matching.learn.query_edits import term_text
from monitor.matching.learn.trials import JudgedMarks, TrialGround
from monitor.matching.name_similarity import like, sound
from monitor.matching.query_nodes import Term
from monitor.text import gazetteer
from monitor.text.words import bars, is_vietnamese
from monitor.types import Leader, Match, Office, Rule

OWN_FORM: Final = 0.5  # that words which hold a piece of the name, or begin like a title of theirs, mean the leader
GUARDED: Final = 0.6  # that a word which changes who is meant, beside the name, means somebody else
NEEDED: Final = 0.25  # that a form or an office which somebody wrote down does not mean the leader
NEIGHBOUR: Final = 0.5  # that a name in full means the leader where it stands beside a word that others stand beside

DATED: Final = 6  # marks of an office by which its first or last day is moved: fewer lie on two sides by chance

_HANOI: Final = timezone(timedelta(hours=7))
_TITLE_WORDS: Final = frozenset(
    bars(
        """
    bộ trưởng | thứ trưởng | chủ tịch | phó chủ tịch | bí thư | phó bí thư | thống đốc | tổng thống | thủ tướng |
    phó thủ tướng | ngoại trưởng | thị trưởng | tổng giám đốc | giám đốc | ceo | hlv | huấn luyện viên | tỷ phú |
    tỉ phú | ca sĩ | hoa hậu | diễn viên | nghệ sĩ | cầu thủ | tiền đạo | tiền vệ | thủ môn | tay vợt | đại tướng |
    tổng bí thư | nhà lãnh đạo | lãnh tụ | ông chủ | nhà sáng lập | chủ nhiệm | viện trưởng | chánh án | tân |
    cựu | nguyên | đương kim | quyền | đại sứ | thầy | thuyền trưởng | đội trưởng | công chúa | hoàng tử | vua |
    ông | bà
    """
    )
)
"""What a name or an office begins with; also the polite forms before a last name."""

_CHANGING: Final = frozenset(
    bars(
        """
    phó | cựu | nguyên | cố | quyền | tân | ứng viên | ứng cử viên | trợ lý | thư ký | chức | ghế | vợ | chồng | con
    trai | con gái | cha | mẹ | em trai | anh trai | em gái | chị gái | cháu | gia đình | đường | phố | trường |
    bệnh viện | quỹ | giải | cúp | tượng | sân | nhà hát | văn phòng
    """
    )
)
"""What before or behind a name or an office says that somebody or something else is meant."""


class LeaderEdits:
    """Edits of one leader, thought up from the marks that they are judged wrongly in."""

    def __init__(self, leader: Leader, ground: TrialGround, words: MarkWords, told: frozenset[int]) -> None:
        self._leader = leader
        self._ground = ground
        self._words = words
        judged = JudgedMarks.of(ground.marks, told)
        self._rights, self._wrongs = judged.rights, judged.wrongs
        self._missed, self._told_wrong, self._told_right = judged.missed, judged.told_wrong, judged.told_right
        self._syllables = {word for form in self._forms() for word in _own_words(form)}

    def all(self) -> Iterator[Edit]:
        """Every edit that might bring the leader nearer to the marks."""
        if self._missed:
            yield from self._more_forms()
            yield from self._more_offices()
            yield from self._more_neighbours()
            yield from self._earlier_offices()
        if self._told_wrong:
            found = self._ground.matches(self._leader)
            yield from self._ruled_out(found)
            yield from self._fewer_forms(found)
            yield from self._shorter_offices(found)
            yield from self._common()

    def _forms(self) -> tuple[str, ...]:
        return (self._leader.name, *self._leader.aliases, *self._leader.short)

    # ------------------------------------------------------------ for what was missed

    def _more_forms(self) -> Iterator[Edit]:
        """A form of the name that the missed ones use."""
        known = {texts.key(form) for form in self._forms()}
        heard = [(form, sound(form)) for form in (self._leader.name, *self._leader.aliases)]
        for key in self._words.whole(self._words.telling(self._missed, self._wrongs), self._missed):
            written = self._form(key, self._missed)
            if written is None or written in self._forms():
                continue
            if not self._has_own_name(key) and not like(written, self._leader, heard):
                continue
            part = term_text(Term(written, exact=written != written.lower()))
            if says_something(key):
                yield self._added("aliases", written, part)
            if any(key in form for form in known) or " " in key:
                yield self._added("short", written, part)

    def _has_own_name(self, key: str) -> bool:
        """Whether a phrase holds the given name, which is the last word of a Vietnamese name, or a foreign one."""
        return any(word in self._syllables for word in key.split())

    def _form(self, key: str, places: list[int]) -> str | None:
        """A phrase as a name is written: a title, then words with capitals; None for one that is no name."""
        forms = {phrase.written for place in places for phrase in self._words.phrases[place] if phrase.key == key}
        named = [form for form in forms if _is_name(form, key)]
        return min(named, key=lambda form: (sum(map(str.isupper, form)), form)) if named else None

    def _more_offices(self) -> Iterator[Edit]:
        """A title without a name that the missed ones use: "Bộ trưởng Bộ Y tế"."""
        own = [frozenset(texts.key(office.title).split()) for office in self._leader.offices]
        for key in self._words.whole(self._words.telling(self._missed, self._wrongs), self._missed):
            if not _begins_with_title(key) or key.count(" ") < 1 or self._has_own_name(key):
                continue
            if self._words.count(key, self._missed) < 2 and frozenset(key.split()) not in own:
                continue
            written = self._words.as_written(key)
            since = self._since(written)
            value = f"{{title: {written}, since: {since}}}" if since else f"{{title: {written}}}"
            watch = replace(self._leader, offices=(*self._leader.offices, Office(written, since)))
            part = term_text(Term(written))
            yield Edit(watch, (FieldChange("offices", "add", value),), 2, f"'{written}'", part, OWN_FORM)

    def _since(self, title: str) -> date | None:
        """The first day of the office that has most words in common, else of the first mark that has the title."""
        words = set(texts.key(title).split())
        alike = max(
            self._leader.offices,
            key=lambda office: len(words & set(texts.key(office.title).split())),
            default=None,
        )
        if alike is not None and len(words & set(texts.key(alike.title).split())) >= 2:
            return alike.since
        return None

    def _more_neighbours(self) -> Iterator[Edit]:
        """A `near` word, where a common name or a short form stood alone."""
        if not (self._leader.common or self._leader.short):
            return
        alone = {reasons.COMMON.message, reasons.SHORT.message}
        refused = self._ground.refused(self._leader)
        missed = [place for place in self._missed if refused[place] in alone]
        if not missed:
            return
        for key in self._words.telling(missed, self._wrongs):
            if says_something(key) and not self._syllables & set(key.split()):
                written = self._words.spelt(key)
                watch = replace(self._leader, near=(*self._leader.near, written))
                known = NEIGHBOUR if self._leader.common else None
                yield Edit(
                    watch,
                    (FieldChange("near", "add", written),),
                    _count(key),
                    f"'{written}'",
                    "",
                    known,
                    1 if known else 2,
                )
        if self._leader.common:
            watch = replace(self._leader, common=False)
            yield Edit(watch, (FieldChange("common", "remove", "true"),), 1, "a name that is not common", "")

    def _earlier_offices(self) -> Iterator[Edit]:
        """An office from the day of a missed one on."""
        days = [day for place in self._missed if (day := self._day(place)) is not None]
        for place, office in enumerate(self._leader.offices):
            before = [day for day in days if office.since is not None and day < office.since]
            if before:
                yield self._with_office(place, replace(office, since=min(before)))
            after = [day for day in days if office.until is not None and day >= office.until]
            if after:
                yield self._with_office(place, replace(office, until=max(after) + timedelta(days=1)))

    # ------------------------------------------------------------ for what was told wrongly

    def _ruled_out(self, found: list[Match | None]) -> Iterator[Edit]:
        """A phrase around the name or the office in the wrong ones; of a common name one anywhere."""
        around: list[set[str]] = [set() for _ in self._ground.marks]
        for place in self._told_wrong:
            around[place] = {phrase.key for phrase in self._words.phrases[place] if _is_around(phrase, found[place])}
        telling = self._words.telling(self._told_wrong, self._rights, keys=around)
        for key in telling:
            known = GUARDED if _has_guard(key) else None
            yield self._added("not", self._words.as_written(key), "", known=known)
        several = self._covering([key for key in telling if _has_guard(key)], around)
        if len(several) > 1:
            written = tuple(map(self._words.as_written, several))
            watch = replace(self._leader, exclude=(*self._leader.exclude, *written))
            changes = tuple(FieldChange("not", "add", each) for each in written)
            about = ", ".join(f"'{each}'" for each in written)
            yield Edit(watch, changes, 2 * len(written), about, known=GUARDED)
        if self._leader.common:
            for key in self._words.telling(self._told_wrong, self._rights):
                if says_something(key) and not self._syllables & set(key.split()):
                    yield self._added("not", self._words.spelt(key), "", known=None)

    def _covering(self, telling: list[str], around: list[set[str]]) -> list[str]:
        """The fewest phrases, short ones first, that stand in all wrong ones together."""
        left = {place for place in self._told_wrong if around[place]}
        chosen: list[str] = []
        while left:
            best = max(
                telling, key=lambda key: (sum(key in around[place] for place in left), -_count(key)), default=None
            )
            if best is None or not any(best in around[place] for place in left):
                break
            chosen.append(best)
            left = {place for place in left if best not in around[place]}
        return chosen

    def _fewer_forms(self, found: list[Match | None]) -> Iterator[Edit]:
        """An alias, a short form or an office less; an alias that needs the full name beside it."""
        by = {match.by for place in self._told_wrong if (match := found[place]) is not None}
        leader = self._leader
        for form in leader.aliases:
            if form in by or not by:
                kept = tuple(each for each in leader.aliases if each != form)
                gone = FieldChange("aliases", "remove", form)
                yield Edit(replace(leader, aliases=kept), (gone,), 1, f"'{form}'", known=NEEDED)
                shorter = replace(leader, aliases=kept, short=(*leader.short, form))
                yield Edit(shorter, (gone, FieldChange("short", "add", form)), 1, f"'{form}' that needs the full name")
        for form in leader.short:
            kept = tuple(each for each in leader.short if each != form)
            yield Edit(
                replace(leader, short=kept), (FieldChange("short", "remove", form),), 1, f"'{form}'", known=NEEDED
            )
        for place, office in enumerate(leader.offices):
            kept_offices = leader.offices[:place] + leader.offices[place + 1 :]
            gone = FieldChange("offices", "remove", office_text(office))
            yield Edit(replace(leader, offices=kept_offices), (gone,), 2, f"'{office.title}'", known=NEEDED)
        for word in leader.near:
            kept = tuple(each for each in leader.near if each != word)
            yield Edit(replace(leader, near=kept), (FieldChange("near", "remove", word),), 1, f"'{word}'")

    def _shorter_offices(self, found: list[Match | None]) -> Iterator[Edit]:
        """An office that begins or ends where the right ones and the wrong ones part."""
        for place, office in enumerate(self._leader.offices):
            wrong = self._days_by_office(self._told_wrong, found)
            right = self._days_by_office(self._told_right, found)
            if min(len(wrong), len(right)) < 2 or len(wrong) + len(right) < DATED:
                continue
            if right and max(wrong) < min(right):
                yield self._with_office(place, replace(office, since=max(wrong) + timedelta(days=1)))
            if right and min(wrong) > max(right) and (office.since is None or office.since < min(wrong)):
                yield self._with_office(place, replace(office, until=min(wrong)))

    def _days_by_office(self, places: list[int], found: list[Match | None]) -> list[date]:
        days = []
        for place in places:
            match, day = found[place], self._day(place)
            if match is not None and match.rule is Rule.OFFICE and day is not None:
                days.append(day)
        return days

    def _common(self) -> Iterator[Edit]:
        """A common name: with a word of the right ones beside it."""
        if self._leader.common:
            return
        common = FieldChange("common", "add", "true")
        yield Edit(replace(self._leader, common=True), (common,), 1, "a common name")
        for key in self._words.telling(self._told_right, self._wrongs)[:40]:
            if says_something(key) and not self._syllables & set(key.split()):
                written = self._words.spelt(key)
                watch = replace(self._leader, common=True, near=(*self._leader.near, written))
                changes = (common, FieldChange("near", "add", written))
                yield Edit(watch, changes, 1 + _count(key), f"a common name with '{written}' beside it")

    # ------------------------------------------------------------ how an edit is written

    def _added(self, field: str, written: str, part: str, *, known: float | None = OWN_FORM) -> Edit:
        leader = self._leader
        match field:
            case "aliases":
                watch = replace(leader, aliases=(*leader.aliases, written))
            case "short":
                watch = replace(leader, short=(*leader.short, written))
            case _:
                watch = replace(leader, exclude=(*leader.exclude, written))
        action: Action = "add"
        change = FieldChange(field, action, written)
        return Edit(watch, (change,), _count(written), f"'{written}'", part, known, 2 if known is None else 1)

    def _with_office(self, place: int, office: Office) -> Edit:
        old = self._leader.offices[place]
        changed = (*self._leader.offices[:place], office, *self._leader.offices[place + 1 :])
        changes = (
            FieldChange("offices", "remove", office_text(old)),
            FieldChange("offices", "add", office_text(office)),
        )
        return Edit(replace(self._leader, offices=changed), changes, 1, f"'{office.title}' in office on other days")

    def _day(self, place: int) -> date | None:
        at = self._ground.marks[place].item.at
        return at.astimezone(_HANOI).date() if at else None


def office_text(office: Office) -> str:
    """An office as YAML writes it on one line."""
    dates = [f"{key}: {day}" for key, day in (("since", office.since), ("until", office.until)) if day]
    return "{" + ", ".join([f"title: {office.title}", *dates]) + "}"


def _is_around(phrase: Phrase, match: Match | None) -> bool:
    """Whether a phrase holds the words by which an item was told, and more."""
    for one in match.evidence if match else ():
        field = 0 if one.field == "title" else 1
        inside = phrase.field == field and phrase.start <= one.start and one.end <= phrase.end
        if inside and phrase.end - phrase.start > one.end - one.start:
            return True
    return False


def _has_guard(key: str) -> bool:
    """Whether a word that changes who is meant, or a state, stands before or behind the name."""
    words = key.split()
    ends = {" ".join(words[:count]) for count in (1, 2, 3)} | {" ".join(words[-count:]) for count in (1, 2, 3)}
    return not ends.isdisjoint(_guards())


@cache
def _guards() -> frozenset[str]:
    states = gazetteer.states().items()
    abroad = {texts.key(each) for state, pair in states if state != gazetteer.HOME for each in (*pair[0], *pair[1])}
    return _CHANGING | abroad


def _own_words(form: str) -> list[str]:
    """The words of a form that name the person: not those of a title; of a Vietnamese name the given name alone."""
    words = [word for word in form.split() if word[:1].isupper() and texts.key(word) not in _TITLE_WORDS]
    keys = [word for written in words for word in texts.key(written).split()]
    return keys[-1:] if all(map(is_vietnamese, keys)) else [key for key in keys if len(key) > 2]


def _begins_with_title(key: str) -> bool:
    words = key.split()
    return any(" ".join(words[:count]) in _TITLE_WORDS for count in range(1, min(4, len(words)) + 1))


def _is_name(written: str, key: str) -> bool:
    """Whether words are written as a name is: a title or nothing, then capitals to the end."""
    words, low = written.split(" "), key.split()
    for count in range(min(4, len(words)), -1, -1):
        if count and " ".join(low[:count]) not in _TITLE_WORDS:
            continue
        rest = words[count:]
        if rest and all(word[:1].isupper() for word in rest) and not written.isupper():
            single = len(rest) == 1 and is_vietnamese(rest[0].lower())
            return not (single and not count)
    return False


def _count(words: str) -> int:
    return words.count(" ") + 1
