"""What could be changed in an event: words and queries more or fewer, other distances, what rules an item out.

Thinks up edits and counts nothing; which of them is worth it is for learn/learner.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from monitor.matching import text as texts
from monitor.matching.learn.edits import Action, Edit, FieldChange
from monitor.matching.learn.mark_words import MarkWords
from monitor.matching.learn.phrases import says_something
from monitor.matching.learn.query_edits import (
    Path,
    is_join,
    joins,
    parts_of,
    phrase_term,
    query_text,
    term_lists,
    term_text,
    with_alternative,
    with_part,
    without_part,
)
from monitor.matching.learn.set_edits import ABROAD, SET_ALONE, SetEdits, guard_sets, is_at_home
from monitor.matching.learn.trials import JudgedMarks, TrialGround
from monitor.matching.query import parse_query
from monitor.matching.query_nodes import And, InTitle, Near, Node, Or, SetName, Term, walk
from monitor.text import gazetteer
from monitor.text.words import is_vietnamese
from monitor.types import Event, Focus

WIDEST: Final = 25  # syllables: a sentence; beyond it AND says the same

# What was expected of a kind of edit over fifteen events and their labelled items, whatever the marks: the share of
# what it took in that was right, or of what it left out that was wrong (benchmarks/learn).
FREE: Final = 3  # unmarked items that have a phrase, twice as many as have it with one word more: it stands by itself
SYNONYMS: Final = 0.4  # a named set beside words that it holds, in a part of a NEAR or AND
ENOUGH: Final = 2  # marks that must speak for words of which nothing is known
WIDER: Final = 0.6  # a longer NEAR
ANYWHERE: Final = 0.4  # AND for NEAR
LESS: Final = 0.1  # a part of a NEAR or AND dropped, or a word of a phrase
NARROWER: Final = 0.2  # a shorter NEAR, the title alone, a word or a query less
PHRASE_AROUND: Final = 0.6  # `ignore`
NOT_AT_HOME: Final = 0.9  # {nước ngoài} in the title, of an event that is said to happen at home
FOREIGN: Final = 0.7  # a state that a wrong one names

_NO_GUARDS: Final = frozenset({"Việt Nam", "tóm tắt tin", "dự báo"})  # what the right ones name as often


class EventEdits:
    """Edits of one event, thought up from the marks that it judges wrongly."""

    def __init__(self, event: Event, ground: TrialGround, words: MarkWords, told: frozenset[int]) -> None:
        self._event = event
        self._ground = ground
        self._words = words
        self._roots = [parse_query(query).root for query in event.match]
        judged = JudgedMarks.of(ground.marks, told)
        self._rights, self._wrongs = judged.rights, judged.wrongs
        self._missed, self._told_wrong, self._told_right = judged.missed, judged.told_wrong, judged.told_right

    def all(self) -> Iterator[Edit]:
        """Every edit that might bring the event nearer to its marks."""
        if self._missed:
            yield from self._more_queries()
            yield from self._wider_joins()
            yield from self._less_ruled_out()
            yield from self._sets_for_words()
            yield from SetEdits(self._event, self._ground, self._roots).all()
        if self._told_wrong:
            yield from self._ruled_out()
            yield from self._ignored()
            yield from self._narrower()
            yield from self._fewer_words()
            yield from self._main_matter()

    # ------------------------------------------------------------ for what was missed

    def _more_queries(self) -> Iterator[Edit]:
        """A phrase of the missed ones that is enough by itself."""
        place = next((place for place, root in enumerate(self._roots) if _is_list(root)), None)
        for key in self._whole(self._missed, self._wrongs):
            term = phrase_term(self._words.spelt(key))
            known = LESS if self._is_piece(key) else None
            if place is None:
                changes = (FieldChange("match", "add", term_text(term)),)
                watch = replace(self._event, match=(*self._event.match, term_text(term)))
                yield Edit(watch, changes, _count(key) + 1, _quoted(key), term_text(term), known, ENOUGH)
            else:
                new = with_alternative(self._roots[place], term)
                words, part = _count(key) + 1, term_text(term)
                yield self._with_query(place, new, words, _quoted(key), part, known=known, needs=ENOUGH)

    def _sets_for_words(self) -> Iterator[Edit]:
        """A named set beside words that it holds, too."""
        for place, root in enumerate(self._roots):
            for path, node in term_lists(root):
                words = [term.text for term in walk(node) if isinstance(term, Term)]
                here = frozenset[str]().union(*self._ground.sets_in(words)) - guard_sets()
                named = {term.name for term in walk(node) if isinstance(term, SetName)}
                for name, marks in self._ground.in_sets().items():
                    if name in named or name not in here or marks.isdisjoint(self._missed):
                        continue
                    new = with_part(root, path, with_alternative(node, SetName(name)))
                    known = SYNONYMS if any(is_join(root, path)) else SET_ALONE
                    if self._ground.is_readable(query_text(new)):
                        yield self._with_query(place, new, 1, f"{{{name}}}", known=known)

    def _is_piece(self, key: str) -> bool:
        """Whether a phrase is a part of one that the event asks for: then it is that one with less."""
        terms = (node.text for root in self._roots for node in walk(root) if isinstance(node, Term))
        return any(f" {key} " in f" {texts.key(term)} " for term in terms)

    def _wider_joins(self) -> Iterator[Edit]:
        """A word more in one part of a NEAR or AND, a part less, or a longer distance."""
        for place, root in enumerate(self._roots):
            for path, join in joins(root):
                near = self._lacking(join)
                for number, missed in near.items():
                    yield from self._more_words(place, (*path, number), join, missed)
                    yield from self._without_part(place, (*path, number), join)
                if isinstance(join, Near):
                    yield from self._farther(place, path, join)

    def _lacking(self, join: Near | And) -> dict[int, list[int]]:
        """For each part the missed marks in which it alone is not there."""
        parts = [query_text(part) for part in join.parts]
        held = [told.marks for told in self._ground.holding(parts, items=False)]
        lacking: dict[int, list[int]] = {}
        for mark in self._missed:
            out = [number for number, marks in enumerate(held) if mark not in marks]
            if len(out) == 1:
                lacking.setdefault(out[0], []).append(mark)
        return lacking

    def _more_words(self, place: int, path: Path, join: Near | And, missed: Sequence[int]) -> Iterator[Edit]:
        part = join.parts[path[-1]]
        if not _is_list(part):
            return
        for key in self._whole(missed, self._told_wrong):
            term = phrase_term(self._words.spelt(key))
            own = query_text(with_part(join, (path[-1],), term))
            new = with_part(self._roots[place], path, with_alternative(part, term))
            yield self._with_query(place, new, _count(key), _quoted(key), own, needs=ENOUGH)

    def _without_part(self, place: int, path: Path, join: Near | And) -> Iterator[Edit]:
        left = without_part(join, (path[-1],))
        new = without_part(self._roots[place], path)
        if left is None or new is None:
            return
        about = f"{query_text(left)} without {query_text(join.parts[path[-1]])}"
        words = sum(_count(node.text) for node in walk(join.parts[path[-1]]) if isinstance(node, Term))
        yield self._with_query(place, new, min(words, 4), about, query_text(left), known=LESS)

    def _farther(self, place: int, path: Path, join: Near) -> Iterator[Edit]:
        widest = max(join.distances)
        wider = [Near(join.parts, (distance,) * len(join.distances)) for distance in {min(WIDEST, 2 * widest), WIDEST}]
        choices: list[Node] = [near for near in wider if near.distances[0] > widest]
        choices.append(And(join.parts))
        for choice in choices:
            new = with_part(self._roots[place], path, choice)
            known = ANYWHERE if isinstance(choice, And) else WIDER
            yield self._with_query(place, new, 1, query_text(choice), query_text(choice), known=known)

    def _less_ruled_out(self) -> Iterator[Edit]:
        """A `not` or `ignore` less."""
        for query in self._event.exclude:
            kept = tuple(each for each in self._event.exclude if each != query)
            yield self._edit("not", "remove", query, replace(self._event, exclude=kept))
        for query in self._event.ignore:
            kept = tuple(each for each in self._event.ignore if each != query)
            yield self._edit("ignore", "remove", query, replace(self._event, ignore=kept))

    # ------------------------------------------------------------ for what was told wrongly

    def _ruled_out(self) -> Iterator[Edit]:
        """A phrase of the wrong ones, or a state they name, that rules an item out."""
        for key in self._whole(self._told_wrong, self._rights):
            if self._is_piece(key):  # what was asked for is not what is wrong
                continue
            written = term_text(phrase_term(self._words.spelt(key)))
            for query in (f"title:{written}", written):
                yield self._without(query, _count(key), _quoted(key), needs=ENOUGH)
        yield from self._states_ruled_out()
        yield from self._guards()

    def _guards(self) -> Iterator[Edit]:
        """A ready set of what tells of no happening, in the title."""
        for name in sorted(guard_sets() - _NO_GUARDS):
            query = f"title:{{{name}}}"
            here = self._ground.where(query)
            if here.isdisjoint(self._rights) and not here.isdisjoint(self._told_wrong):
                if query == ABROAD and is_at_home(self._event):
                    yield self._without(query, 1, query, known=NOT_AT_HOME)
                elif query != ABROAD:
                    yield self._without(query, 1, query, known=PHRASE_AROUND)

    def _states_ruled_out(self) -> Iterator[Edit]:
        """A state that wrong ones name, where the right ones name none but ours."""
        if any(_names_abroad(self._words.keys[mark]) for mark in self._rights):
            return
        for state, (inner, _) in gazetteer.states().items():
            if state == gazetteer.HOME:
                continue
            here = [each for each in inner if any(each.lower() in self._words.keys[mark] for mark in self._told_wrong)]
            if here:
                names = " OR ".join(term_text(Term(each, exact=True)) for each in here)
                for query in (f"title:({names})", names):
                    yield self._without(query, len(here), f"the state {here[0]}", known=FOREIGN)

    def _whole(self, those: Sequence[int], others: Sequence[int]) -> list[str]:
        """The phrases that tell marks from others: whole words of more than one syllable, no piece of a longer one."""
        telling = [key for key in self._words.telling(those, others) if says_something(key)]
        telling = [key for key in telling if self._words.count(key, those) >= ENOUGH]
        written = [term_text(phrase_term(self._words.spelt(key))) for key in telling]
        common = dict(zip(telling, (len(told.items) for told in self._ground.holding(written)), strict=True))
        return [key for key in telling if not self._is_cut_off(key, telling, common, those)]

    def _is_cut_off(self, key: str, telling: Sequence[str], common: Mapping[str, int], those: Sequence[int]) -> bool:
        """Whether a phrase is hardly ever met without one word more: "hại nặng" of "thiệt hại nặng"."""
        count = self._words.count(key, those)
        longer = [
            other
            for other in telling
            if other.count(" ") == key.count(" ") + 1
            and f" {key} " in f" {other} "
            and self._words.count(other, those) == count
        ]
        return any(common[key] < max(FREE, 2 * common[other]) for other in longer)

    def _without(self, query: str, words: int, about: str, *, known: float | None = None, needs: int = 1) -> Edit:
        watch = replace(self._event, exclude=(*self._event.exclude, query))
        return Edit(watch, (FieldChange("not", "add", query),), words, about, query, known, needs)

    def _ignored(self) -> Iterator[Edit]:
        """A phrase around the words that hit in the wrong ones: "cháy vé"."""
        around: list[set[str]] = [set() for _ in self._ground.marks]
        found = self._ground.matches(self._event)
        for mark in self._told_wrong:
            match = found[mark]
            for one in match.evidence if match else ():
                field = 0 if one.field == "title" else 1
                around[mark] |= {
                    phrase.key
                    for phrase in self._words.phrases[mark]
                    if phrase.field == field
                    and phrase.start <= one.start
                    and one.end <= phrase.end
                    and phrase.end - phrase.start > one.end - one.start
                }
        for key in self._words.telling(self._told_wrong, self._rights, keys=around):
            query = term_text(phrase_term(self._words.spelt(key)))
            watch = replace(self._event, ignore=(*self._event.ignore, query))
            yield Edit(
                watch, (FieldChange("ignore", "add", query),), _count(key), _quoted(key), query, PHRASE_AROUND, ENOUGH
            )

    def _narrower(self) -> Iterator[Edit]:
        """A shorter distance, or the title alone."""
        for place, root in enumerate(self._roots):
            for path, join in joins(root):
                if isinstance(join, Near):
                    for distance in {max(1, max(join.distances) // 2), max(1, max(join.distances) // 3)}:
                        nearer = Near(join.parts, tuple(min(distance, each) for each in join.distances))
                        if nearer != join:
                            new = with_part(root, path, nearer)
                            yield self._with_query(place, new, 1, query_text(nearer), known=NARROWER)
            if not any(isinstance(node, InTitle) for node in walk(root)):
                yield self._with_query(place, InTitle(root), 1, "the title alone", known=NARROWER)

    def _main_matter(self) -> Iterator[Edit]:
        """Only where it is what the item is about."""
        if self._event.focus is not Focus.MAIN:
            watch = replace(self._event, focus=Focus.MAIN)
            change = FieldChange("focus", "add", Focus.MAIN.value)
            yield Edit(watch, (change,), 1, "what it is about", known=NARROWER, needs=ENOUGH)

    def _fewer_words(self) -> Iterator[Edit]:
        """A query, or an alternative of one, less."""
        for place, root in enumerate(self._roots):
            if len(self._roots) > 1:
                query = self._event.match[place]
                kept = tuple(each for number, each in enumerate(self._event.match) if number != place)
                yield self._edit("match", "remove", query, replace(self._event, match=kept))
            for path, node in _alternatives(root):
                new = without_part(root, path)
                if new is not None:
                    yield self._with_query(place, new, 1, query_text(node), known=NARROWER)

    # ------------------------------------------------------------ how an edit is written

    def _with_query(
        self,
        place: int,
        root: Node,
        words: int,
        about: str,
        part: str = "",
        *,
        known: float | None = None,
        needs: int = 1,
    ) -> Edit:
        old, new = self._event.match[place], query_text(root)
        match = tuple(new if number == place else each for number, each in enumerate(self._event.match))
        changes = (FieldChange("match", "remove", old), FieldChange("match", "add", new))
        return Edit(replace(self._event, match=match), changes, words, about, part, known, needs)

    @staticmethod
    def _edit(field: str, action: Action, query: str, watch: Event) -> Edit:
        words = sum(_count(term.text) for term in parse_query(query).terms())
        return Edit(watch, (FieldChange(field, action, query),), min(words, 4), query, known=NARROWER)


def _names_abroad(keys: set[str]) -> bool:
    """Whether phrases name another state; names that are also common words (Anh, Nga, Mỹ) are left out."""
    return any(
        each.lower() in keys
        for state, (inner, _) in gazetteer.states().items()
        if state != gazetteer.HOME
        for each in inner
        if " " in each or not is_vietnamese(each.lower())
    )


def _is_list(node: Node) -> bool:
    """Whether an alternative can be written beside a node."""
    return any(path == () for path, _ in term_lists(node))


def _alternatives(root: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    for place, part in enumerate(parts_of(root)):
        if isinstance(root, Or):
            yield (*path, place), part
        yield from _alternatives(part, (*path, place))


def _count(words: str) -> int:
    return words.count(" ") + 1


def _quoted(key: str) -> str:
    return f"'{key}'"
