"""Laws of texts and of the queries that look into them."""

import itertools
from collections.abc import Sequence

from monitor.errors import QueryError
from monitor.matching.matcher import compile_watchlist
from monitor.matching.query import parse_query
from monitor.matching.sets import Sets
from monitor.matching.text import ItemText, Text, key, plain
from monitor.text.html_spans import Flattened, FlatText
from monitor.text.sentences import clause_starts, split_sentences
from monitor.text.words import clusters, folded, has_marks, is_nfc, is_vietnamese, nfc, spellings, unmarked
from monitor.types import Event, Item, ItemId, Leader, Match, WatchId, Watchlist
from tests.fuzz.reading import texts_of

MOST_ASKED = 40  # places of a long text that are looked at one by one


def _some(length: int) -> Sequence[int]:
    return range(0, length, max(1, length // MOST_ASKED))


def words_law(data: bytes) -> None:
    """The whole is a text: composing, folding and spellings."""
    (text,) = texts_of(data, 1)
    composed = nfc(text)
    assert is_nfc(composed)
    assert nfc(composed) == composed
    assert len(folded(composed)) == len(composed)
    assert unmarked(unmarked(text)) == unmarked(text)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(clusters(text)))
    pieces = list(clusters(text))
    rebuilt: list[str] = []
    done = 0
    for start, end in pieces:
        rebuilt += text[done:start], nfc(text[start:end])
        done = end
    assert "".join((*rebuilt, text[done:])) == composed
    assert spellings(composed)[0] == composed
    has_marks(text.lower())
    is_vietnamese(text[:50])


def sentences_law(data: bytes) -> None:
    """The whole is a text: its sentences leave out nothing but blanks."""
    (text,) = texts_of(data, 1)
    done = 0
    for start, end in split_sentences(text):
        assert done <= start < end
        assert not text[done:start].strip()
        assert text[start:end] == text[start:end].strip()
        done = end
    assert not text[done:].strip()
    starts = clause_starts(text)
    assert starts == sorted(set(starts))
    assert starts[0] == 0


def markup_law(data: bytes) -> None:
    """The whole is HTML: read with and without the way back it gives one text, and the way back leads inside it."""
    (source,) = texts_of(data, 1)
    for read in (FlatText.read_line, FlatText.read_lines, FlatText.tidy, FlatText.drop_related):
        flat = Flattened(source)
        read(flat)
        assert flat.text == read(FlatText(source)).text
        before = 0
        for at in _some(len(flat.text)):
            start, end = flat.span(at, at + 1)
            assert before <= start < end <= len(source)
            before = start
    assert FlatText(FlatText(source).tidy().text).tidy().text == FlatText(source).tidy().text


def reading_law(data: bytes) -> None:
    """Two fields of an item, a line each: the views that matching reads stand side by side, with the way back."""
    fields = texts_of(data, 2)
    page = ItemText(fields)
    page.settle()
    assert page.low == "\uf8ff".join(text.low for text in page.fields)
    for field in fields:
        text = Text(field)
        assert len(text.low) == len(text.plain)
        assert Text(text.plain).plain == text.plain
        before = 0
        for at in _some(len(text.plain)):
            start, end = text.span(at, at + 1)
            assert before <= start < end <= len(field)
            before = start
            begin, stop = text.sentence(at)
            assert begin <= at < stop
            text.begins_sentence(at)
        assert key(key(field)) == key(field)
        assert plain(plain(field)) == plain(field)


_LEADERS = (
    Leader(WatchId("putin"), "Vladimir Putin", aliases=("Putin", "Pu-tin"), short=("ông Pu",)),
    Leader(WatchId("thang"), "Nguyễn Văn Thắng", common=True, near=("Bộ trưởng",), exclude=("bị cáo Thắng",)),
)


def query_law(data: bytes) -> None:
    """Lines: a query, the title and the lead of an item in which it is looked for."""
    written, title, lead = texts_of(data, 3)
    try:
        query = parse_query(written)
        Sets().parse(written)  # an unknown set is an error of its own
    except QueryError as wrong:
        assert str(wrong)
        assert 1 <= wrong.column <= max(1, len(written) + 1)
        return
    assert query.terms() or query.sets() or "@" in written
    watches = (*_LEADERS, Event(WatchId("hoi"), "Hỏi", match=(written,)), Event(WatchId("bao"), "Báo", match=("Gaza",)))
    matcher = compile_watchlist(Watchlist("fuzz", watches))
    item = Item(ItemId("1"), "Bến Sông", title, lead)
    matches = matcher.match(item)
    _slices_hold(item, matches)
    assert matcher.explain(item).matches == matches
    assert {each.watch_id for each in matches} - {"hoi"} == {each.watch_id for each in _WITHOUT.match(item)}, (
        "another watch changes nothing"
    )


_WITHOUT = compile_watchlist(Watchlist("without", (*_LEADERS, Event(WatchId("bao"), "Báo", match=("Gaza",)))))


def _slices_hold(item: Item, matches: tuple[Match, ...]) -> None:
    fields = {"title": item.title, "summary": item.lead, "body": item.body}
    for match in matches:
        assert match.evidence
        for one in match.evidence:
            assert fields[one.field][one.start : one.end] == one.text
