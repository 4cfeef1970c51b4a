"""What somebody typed to search with -> what is looked for, or what is wrong with it.

Asks no rows. Words, "phrases" in any quotation marks, since:7d, outlet:"Tuổi Trẻ", @putin; in any order.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum

from monitor.store.search import Search, SearchTerm, term_of
from monitor.store.search_words import outlet_key
from monitor.text.words import unmarked
from monitor.types import WatchId

MOST_TYPED = 200  # characters; it stands above the hits, and again under every page
MOST_TYPED_WORDS = 30
LONGEST_AGO = timedelta(days=3_660)  # ten years: nothing older is stored
MOST_NEAR = 5  # names offered for one that is not known

_OPENING, _CLOSING = '"“„«', '"”“»'
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "m": timedelta(minutes=1)}
_AGO = re.compile(r"([0-9]{1,5})([mhdw])")
_PART = re.compile(
    rf"\s*(?:(?P<filter>since|outlet):\s?|(?P<watch>@)|)(?:[{_OPENING}](?P<quoted>[^{_CLOSING}]*)(?P<closed>[{_CLOSING}])?|(?P<word>\S+))",
    re.IGNORECASE,
)


class QueryFault(StrEnum):
    """What may be wrong with what was typed."""

    NOTHING = "nothing"  # no words at all
    TOO_LONG = "too_long"
    UNCLOSED = "unclosed"  # a quotation mark
    NO_VALUE = "no_value"  # since: or outlet: with nothing behind it
    SINCE = "since"
    WATCH = "watch"
    OUTLET = "outlet"


@dataclass(frozen=True, slots=True)
class QueryMistake:
    """What is wrong, the word that it is about, and names that may have been meant."""

    fault: QueryFault
    word: str = ""
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchNames:
    """What may be named in a search: watches with their names, and outlets."""

    watches: Mapping[WatchId, str]
    outlets: Collection[str]


def read_query(typed: str, names: SearchNames, *, now: datetime) -> Search | QueryMistake:
    """What is looked for. An outlet that no feed names is taken as it is: it may be one of earlier days."""
    typed = " ".join(typed.split())
    if len(typed) > MOST_TYPED:
        return QueryMistake(QueryFault.TOO_LONG, f"{MOST_TYPED}")
    reading = _Reading(names, now)
    for part in _PART.finditer(typed):
        if mistake := reading.take(part):
            return mistake
    return reading.result()


class _Reading:
    """The parts of a query, one after the other."""

    def __init__(self, names: SearchNames, now: datetime) -> None:
        self._names = names
        self._now = now
        self._terms: list[SearchTerm] = []
        self._run: list[str] = []  # words that stand behind each other
        self._outlet = ""
        self._watch_id: WatchId | None = None
        self._since: datetime | None = None

    def take(self, part: re.Match[str]) -> QueryMistake | None:
        """One part."""
        quoted, word = part["quoted"], part["word"]
        if quoted is not None and part["closed"] is None:
            return QueryMistake(QueryFault.UNCLOSED, quoted.strip())
        value = (word if quoted is None else quoted).strip()
        match (part["filter"] or part["watch"] or "").lower():
            case "since":
                return self._take_since(value)
            case "outlet":
                self._outlet = value
                return None if outlet_key(value) != outlet_key("") else QueryMistake(QueryFault.NO_VALUE, "outlet:")
            case "@":
                return self._take_watch(value)
        if quoted is None and value.lower() in ("since:", "outlet:"):
            return QueryMistake(QueryFault.NO_VALUE, value.lower())
        if quoted is None:
            self._run.append(value)
        else:
            self._end_run()
            self._add(term_of(value, quoted=True))
        return None

    def result(self) -> Search | QueryMistake:
        """All of them together."""
        self._end_run()
        if not self._terms and not self._outlet and self._watch_id is None and self._since is None:
            return QueryMistake(QueryFault.NOTHING)
        if sum(len(term.words) for term in self._terms) > MOST_TYPED_WORDS:
            return QueryMistake(QueryFault.TOO_LONG, f"{MOST_TYPED_WORDS}")
        named = None if self._watch_id is None else (self._watch_id,)
        return Search(tuple(self._terms), self._outlet, named, self._since)

    def _end_run(self) -> None:
        self._add(term_of(" ".join(self._run)))
        self._run.clear()

    def _add(self, term: SearchTerm) -> None:
        if term.words:
            self._terms.append(term)

    def _take_since(self, value: str) -> QueryMistake | None:
        ago = ago_of(value)
        if ago is None:
            return QueryMistake(QueryFault.SINCE, value)
        self._since = self._now - ago
        return None

    def _take_watch(self, value: str) -> QueryMistake | None:
        by_id = {watch_id.casefold(): watch_id for watch_id in self._names.watches}
        self._watch_id = by_id.get(value.casefold())
        if self._watch_id is None:
            return QueryMistake(QueryFault.WATCH, value, nearest_watches(value, self._names.watches))
        return None


def ago_of(text: str) -> timedelta | None:
    """A span such as 7d, 48h, 2w or 30m, or several behind each other; None for what is none, or over ten years."""
    text = text.lower()
    if not text or _AGO.sub("", text):
        return None
    total = sum((int(number) * _UNITS[unit] for number, unit in _AGO.findall(text)), timedelta())
    return total if timedelta() < total <= LONGEST_AGO else None


def nearest_watches(typed: str, watches: Mapping[WatchId, str]) -> tuple[str, ...]:
    """Ids of watches whose id or name comes nearest to what was typed."""
    by_form = {_form(form): watch_id for watch_id, name in watches.items() for form in (name, watch_id)}
    return _nearest(typed, by_form)


def nearest_names(typed: str, names: Collection[str]) -> tuple[str, ...]:
    """Which of these names, of outlets or of tags, come nearest to what was typed."""
    return _nearest(typed, {_form(name): name for name in names})


def _form(name: str) -> str:
    return "".join(letter for letter in unmarked(name.casefold()) if letter.isalnum())


def _nearest(typed: str, by_form: Mapping[str, str]) -> tuple[str, ...]:
    asked = _form(typed)
    if not asked:
        return ()
    inside = sorted((form for form in by_form if asked in form), key=lambda form: (len(form), form))
    alike: Sequence[str] = get_close_matches(asked, by_form, n=MOST_NEAR, cutoff=0.6)
    return tuple(dict.fromkeys(by_form[form] for form in (*inside, *alike)))[:MOST_NEAR]
