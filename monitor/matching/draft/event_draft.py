"""An event drafted from a few words: how newspapers say it, as queries, each with what it finds.

Pure: reads what a corpus hands it. Precision before recall: two ideas stand in one sentence, or one is in the title.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor.errors import QueryError
from monitor.matching import text as texts
from monitor.matching.draft import keyness
from monitor.matching.draft.corpus import AnyOf, Corpus
from monitor.matching.draft.drafts import EXAMPLES, Draft, FieldProposal, Sample
from monitor.matching.draft.ideas import AskedEvent, Idea, read_ideas, states_in
from monitor.matching.draft.keyness import Background
from monitor.matching.draft.slugs import free_id
from monitor.matching.matcher import Matcher, compile_watchlist
from monitor.matching.sets import Sets
from monitor.matching.text import Text
from monitor.matching.word_sets import shipped_sets
from monitor.types import Event, Item, WatchId, Watchlist, WordSet

BACKGROUND: Final = 6_000  # items that words are compared with
GENERIC: Final = 0.04  # of all items: a word that stands in more says little beside two others
CLOSE: Final = 12  # syllables between two ideas of one clause
MOST_SPECIFIC: Final = 6
WHOLE: Final = 0.6  # of the places of a phrase, that have the same word beside it
SPECIFIC: Final = 0.75  # of the items with a phrase that the queries find: then the phrase says it by itself
BROAD: Final = frozenset(  # named sets that say little by themselves
    ("tăng", "tăng mạnh", "giảm", "giảm mạnh", "giá", "kỷ lục", "xe", "nhà xưởng", "cấm", "Việt Nam", "nước ngoài")
)
AGREEMENT: Final = 0.6  # of what an idea in the title finds with the other anywhere, that has both in one clause, too
WORTH: Final = 0.015  # of what one clause finds, that the title must add
IMPLIED: Final = 0.3  # of what a set finds, that has the plain word typed beside it: then the set says it, too
MOSTLY: Final = 0.5  # of what was found, that must name a place abroad
KEPT: Final = 0.25  # of what two ideas find, that a third must leave, or it is not asked for
MIN_ITEMS: Final = 4
ABROAD: Final = "nước ngoài"  # the named set of places abroad, where it ships
MOST_STATES: Final = 25


def draft_event(words: str, corpus: Corpus, *, taken: Collection[str], sets: Sequence[WordSet] = ()) -> Draft:
    """An event from a few words; `taken` are ids that are not free, `sets` the watchlist's own."""
    name = " ".join(words.split())
    background = Background(corpus.sample(BACKGROUND))
    asked = read_ideas(name, background, sets)
    watch_id = WatchId(free_id(name, taken))
    if not asked.ideas:
        note = f"{name!r} holds no word that tells anything: the query finds these very words"
        return Draft(Event(watch_id, name, match=(f'"{_bare(name)}"',)), (), (note,), found=False)
    drafting = _EventDrafting(name, asked, background, corpus, sets)
    return drafting.draft(watch_id)


def _bare(text: str) -> str:
    return re.sub(r'["“”]', "", text)


@dataclass(slots=True)
class _QueryHits:
    """A query with the items it finds."""

    query: str
    items: list[Item]


class _EventDrafting:
    """One draft on its way."""

    def __init__(
        self, name: str, asked: AskedEvent, background: Background, corpus: Corpus, sets: Sequence[WordSet]
    ) -> None:
        self.name = name
        self.asked = asked
        self.background = background
        self.corpus = corpus
        self.sets = sets
        self.proposals: list[FieldProposal] = []
        self.telling = self._telling()

    def draft(self, watch_id: WatchId) -> Draft:
        """The event, and what each of its queries finds."""
        found = self._worth_it(self._narrowed(self._found(self._queries())))
        for one in found:
            self._add("match", one.query, one.items, "")
        phrases = self._specific_phrases([item for one in found for item in one.items])
        for phrase, share, items in phrases:
            why = f"{share:.0%} of the items with it are found by the queries above; "
            self._add("match", phrase, items, why, taken=False)  # a person sees which of them are the thing itself
        queries = tuple(one.value for one in self.proposals if one.field == "match" and one.taken)
        exclude = self._abroad([item for one in found for item in one.items]) if self.asked.at_home else ()
        notes = [
            f"{{{idea.of_set}}} is a named set of words that say one thing" for idea in self.asked.ideas if idea.of_set
        ]
        if not queries:
            notes.append("no item was found: try other words, one idea after the other")
        event = Event(watch_id, self.name, match=queries or (self._queries()[0],), exclude=exclude)
        return Draft(event, tuple(self.proposals), tuple(notes), found=bool(queries))

    def _add(self, field: str, query: str, items: Sequence[Item], why: str, *, taken: bool = True) -> None:
        told = f"{why}finds {len(items)} items" if items else f"{why}finds nothing in these items"
        self.proposals.append(FieldProposal(field, query, len(items), told, _samples(items), taken and bool(items)))

    # ------------------------------------------------------------ queries from ideas

    def _queries(self) -> list[str]:
        """One clause for both ideas, and the one that tells more in the title with the other anywhere."""
        ideas = self.telling
        if len(ideas) == 1:
            typed = f'"{" ".join(ideas[0].words)}"'
            return [typed if ideas[0].of_set in BROAD else ideas[0].query]
        first, other = ideas
        return [self._beside(first, other), f"title:{first.query} AND {other.query}"]

    def _beside(self, first: Idea, other: Idea) -> str:
        """Both in one clause; a set of which a member is more than words can only be asked for in one sentence."""
        near = f"{first.query} NEAR/{CLOSE} {other.query}"
        try:
            Sets(self.sets).parse(near)
        except QueryError:
            return f"sentence:({first.query} AND {other.query})"
        return near

    def _telling(self) -> list[Idea]:
        """The two ideas that tell most: names, then named sets, then what is rarest; what says little comes last."""
        ideas = self._ranked()[:2]
        return ideas[:1] if len(ideas) > 1 and self._says_both(*ideas) else ideas

    def _says_both(self, first: Idea, other: Idea) -> bool:
        """Whether a set says a plain word, too: where {sốt xuất huyết} stands, "dịch" stands beside it often enough."""
        if not first.of_set or first.of_set in BROAD or other.of_set or other.is_name:
            return False
        items = self._hits(first.query, self._having(first))
        return bool(items) and len(self._hits(other.query, items)) >= IMPLIED * len(items)

    def _having(self, idea: Idea) -> list[Item]:
        return list(self.corpus.having(AnyOf([term.strip('"=') for term in _terms(idea, self.sets)])))

    def _ranked(self) -> list[Idea]:
        def rank(idea: Idea) -> tuple[int, float]:
            broad = idea.of_set in BROAD
            return 3 if broad else 0 if idea.is_name else 1 if idea.of_set else 2, self._share(idea)

        return sorted(self.asked.ideas, key=rank)

    def _share(self, idea: Idea) -> float:
        """Of the background, how often any term of an idea stands there; sets by their members."""
        terms = [texts.key(term.strip('"=')) for term in _terms(idea, self.sets)]
        return sum(self.background.count(term) for term in terms) / max(1, self.background.total)

    # ------------------------------------------------------------ what they find

    def _found(self, queries: Sequence[str]) -> list[_QueryHits]:
        # every query wants both ideas: the rarer one lets the fewest items through
        items = self._having(min(self.telling, key=self._share))
        return [_QueryHits(query, self._hits(query, items)) for query in queries]

    def _narrowed(self, found: Sequence[_QueryHits]) -> list[_QueryHits]:
        """The queries with what else was asked for, if that is a name or a set and leaves enough."""
        for idea in self._ranked()[2:]:
            if not (idea.of_set or idea.is_name):
                continue
            queries = [f"{one.query} AND {idea.query}" for one in found]
            narrower = [
                _QueryHits(query, self._hits(query, one.items)) for query, one in zip(queries, found, strict=True)
            ]
            if len(narrower[0].items) >= max(MIN_ITEMS, KEPT * len(found[0].items)):
                found = narrower
        return list(found) if not self.asked.abroad else self._only_abroad(found)

    def _only_abroad(self, found: Sequence[_QueryHits]) -> list[_QueryHits]:
        """“ở nước ngoài”: a place abroad must be named, where most of what is found names one."""
        if ABROAD not in {one.name for one in (*shipped_sets(), *self.sets)}:
            return list(found)
        queries = [f"{one.query} AND {{{ABROAD}}}" for one in found]
        narrower = [_QueryHits(query, self._hits(query, one.items)) for query, one in zip(queries, found, strict=True)]
        return narrower if len(narrower[0].items) >= max(1, MOSTLY * len(found[0].items)) else list(found)

    def _worth_it(self, found: Sequence[_QueryHits]) -> list[_QueryHits]:
        """The first query, and another where it finds more and most of it is the same."""
        kept = list(found[:1])
        near = {item.id for item in found[0].items}
        for one in found[1:]:
            new = sum(item.id not in near for item in one.items)
            agrees = len(one.items) - new >= AGREEMENT * len(one.items)
            if one.items and (not near or (agrees and new >= max(1, WORTH * len(near)))):
                kept.append(one)
        return kept

    def _hits(self, query: str, items: Sequence[Item]) -> list[Item]:
        matcher = self._matcher(Event(WatchId("draft"), self.name, match=(query,)))
        return [item for item in items if matcher.match(replace(item, body=""))]

    def _matcher(self, event: Event) -> Matcher:
        return compile_watchlist(Watchlist("", (event,), tuple(self.sets)))

    # ------------------------------------------------------------ phrases that say it by themselves

    def _specific_phrases(self, hits: Sequence[Item]) -> Iterator[tuple[str, float, list[Item]]]:
        """Phrases most of whose items the queries find: those that they miss are mostly of it, too."""
        by_id = {item.id: item for item in hits}
        if len(by_id) < MIN_ITEMS * 2:
            return
        fields = [(Text(item.title), Text(item.lead)) for item in by_id.values()]
        found = keyness.companions(fields, self.background, least=2, most=60)
        typed = {texts.key(word) for idea in self.asked.ideas for word in idea.words}
        likely = (one.term for one in found if one.items >= MIN_ITEMS)
        whole = (_whole(term, fields) for term in likely)
        wanted = [term for term in dict.fromkeys(whole) if term and typed & set(term.split())]
        if not wanted:
            return
        having: dict[str, list[Item]] = {term: [] for term in wanted}
        for item in self.corpus.having(AnyOf(wanted)):
            low = f"{texts.key(item.title)} | {texts.key(item.lead)}"
            for term in wanted:
                if re.search(rf"(?<!\w){re.escape(term)}(?!\w)", low):
                    having[term].append(item)
        kept = 0
        for term in wanted:
            items = having[term]
            share = sum(item.id in by_id for item in items) / max(1, len(items))
            if SPECIFIC <= share < 1 and kept < MOST_SPECIFIC:
                kept += 1
                yield f'"{term}"', share, items

    def _abroad(self, hits: Sequence[Item]) -> tuple[str, ...]:
        """“ở Việt Nam”: not where the title names another state."""
        states = states_in([item.title for item in hits])[:MOST_STATES]
        known = {one.name for one in (*shipped_sets(), *self.sets)}
        if ABROAD not in known and not states:
            return ()
        query = f"title:{{{ABROAD}}}" if ABROAD in known else f"title:({' OR '.join(states)})"
        items = self._hits(query, [*{item.id: item for item in hits}.values()])
        self._add("not", query, items, "a title with another state tells of there; ")
        return (query,)


def _whole(term: str, fields: Sequence[tuple[Text, Text]]) -> str:
    """A phrase with the words that nearly always stand beside it; "" for one that figures or small words end."""
    for _ in range(4):
        befores: Counter[str] = Counter()
        behinds: Counter[str] = Counter()
        total = 0
        for text in (text for pair in fields for text in pair):
            for found in re.finditer(rf"(?:(\w+) )?(?<!\w){re.escape(term)}(?!\w)(?: (\w+))?", text.low):
                total += 1
                befores[found[1] or ""] += 1
                behinds[found[2] or ""] += 1
        before, behind = befores.most_common(1), behinds.most_common(1)
        if before and before[0][0] and before[0][1] >= WHOLE * total:
            term = f"{before[0][0]} {term}"
        elif behind and behind[0][0] and behind[0][1] >= WHOLE * total:
            term = f"{term} {behind[0][0]}"
        else:
            break
    words = term.split()
    odd = any(word.isdigit() for word in words) or {words[0], words[-1]} & keyness.FUNCTION_WORDS
    return "" if odd or len(words) > 6 else term


def _terms(idea: Idea, sets: Sequence[WordSet]) -> list[str]:
    """The words of an idea, a set's members in its place."""
    members = {one.name: one.members for one in (*shipped_sets(), *sets)}
    found: list[str] = []
    for term in idea.terms:
        if term.startswith("{"):
            for member in members.get(term.strip("{}"), ()):
                found += re.findall(r'"([^"]+)"', member) or [re.sub(r"[={}~()]", "", member)]
        else:
            found.append(term.strip('"'))
    return found


def _samples(items: Sequence[Item]) -> tuple[Sample, ...]:
    by_title = {item.title: item for item in items}
    newest = sorted(by_title.values(), key=lambda item: (item.at is not None, item.at, str(item.id)), reverse=True)
    return tuple(Sample(str(item.id), item.title) for item in newest[:EXAMPLES])
