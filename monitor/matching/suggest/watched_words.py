"""What a watchlist watches already, ready to be left out of a survey or to be its company.

Finds words only; what is counted of the others is for suggest/survey.py.
"""

from collections.abc import Sequence

from monitor.errors import QueryError
from monitor.matching import lexicon as lex
from monitor.matching import office_mentions, offices
from monitor.matching import text as texts
from monitor.matching.held_offices import OfficeHolder
from monitor.matching.hits import ALIAS, NOT, SHORT, FieldHits, LeaderWord, sort_hits
from monitor.matching.lexicon import Lexicon
from monitor.matching.offices import OfficeKey
from monitor.matching.query_nodes import terms_of
from monitor.matching.sets import Sets
from monitor.matching.text import ItemText
from monitor.text import gazetteer
from monitor.types import Item, Leader, Watchlist


class WatchedWords:
    """The leaders of a watchlist, the offices they hold, and every word to look for. Counts nothing."""

    def __init__(self, watchlist: Watchlist) -> None:
        self.leaders: Sequence[Leader] = [watch for watch in watchlist.watches if isinstance(watch, Leader)]
        self.holders_of: dict[OfficeKey, list[OfficeHolder]] = {}
        self.leaders_of: dict[OfficeKey, set[int]] = {}  # whoever holds or held it
        self.of_queries = _words_of_queries(watchlist)
        self._lexicon = Lexicon()
        for number, leader in enumerate(self.leaders):
            self._add_leader(number, leader)
        self._add_titles_and_places()
        self._lexicon.close()

    def fields(self, item: Item) -> list[FieldHits]:
        """Title and lead of an item with the watched words, states and offices in them."""
        item_text = ItemText((item.title, item.lead))
        scans, _ = self._lexicon.scan(item_text)
        item_text.settle()
        fields = [
            sort_hits(number, text, scans[number] if scans else ()) for number, text in enumerate(item_text.fields)
        ]
        for one in fields:
            if one.titles:
                one.mentions = office_mentions.read(one.text, one.titles, one.states, one.shouting)
        return fields

    def _add_leader(self, number: int, leader: Leader) -> None:
        for role, forms in ((ALIAS, (leader.name, *leader.aliases)), (SHORT, leader.short)):
            for form in forms:
                self._lexicon.add(form, lex.NAME, LeaderWord(number, role, form), capitals=True)
        for phrase in leader.exclude:
            self._lexicon.add(phrase, lex.CONTEXT, LeaderWord(number, NOT, phrase))
        for office in leader.offices:
            office_key = offices.office_key(office.title)
            if office_key is not None:
                holder = OfficeHolder(number, office.title, office.since, office.until)
                self.holders_of.setdefault(office_key, []).append(holder)
                self.leaders_of.setdefault(office_key, set()).add(number)

    def _add_titles_and_places(self) -> None:
        for title, spellings in offices.titles().items():
            for spelling in spellings:
                flags = lex.TITLE | lex.WATCHED_TITLE
                self._lexicon.add(spelling, flags, title, capitals=spelling != spelling.lower(), twins=False)
        for state, (inner, outer) in gazetteer.states().items():
            for spelling in (*inner, *outer):
                self._add_place(spelling, lex.STATE, state)
        for decoy in gazetteer.DECOYS:
            self._add_place(decoy, lex.STATE, "")
        for word in gazetteer.HOME_WORDS:
            self._add_place(word, lex.HOME, word)

    def _add_place(self, written: str, flag: int, what: str) -> None:
        self._lexicon.add(written, flag, what, capitals=True)
        # a page with nothing but places is wanted here as well
        self._lexicon.add(written, lex.TRIGGER, None, capitals=True)


def _words_of_queries(watchlist: Watchlist) -> set[str]:
    """What events look for already."""
    known: set[str] = set()
    sets = Sets(watchlist.sets)
    for watch in watchlist.watches:
        if isinstance(watch, Leader):
            continue
        for written in watch.match:
            try:
                known.update(texts.key(term.text).removesuffix(" *") for term in terms_of(sets.parse(written)))
            except QueryError:
                continue  # told by monitor check; a suggestion needs no whole watchlist
    return known
