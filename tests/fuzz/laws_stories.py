"""Laws of what is read out of articles: quotes, summaries, corrections, and which of them tell one story."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from monitor.matching.matcher import compile_watchlist
from monitor.stories.changes.differences import MOST_SHOWN, differences, newer_wording
from monitor.stories.changes.tokens import Wording
from monitor.stories.grouping.window import StoryWindow
from monitor.stories.quotes.find_quotes import quotes_of
from monitor.stories.summary.extract import summarise
from monitor.stories.summary.factcheck import unsupported
from monitor.stories.summary.llm import read_answer, request_of
from monitor.types import Failed, Item, ItemId, Leader, Office, StoryId, WatchId, Watchlist
from tests.fuzz.reading import stretched, texts_of

NOON = datetime(2026, 3, 10, 5, tzinfo=UTC)
_MATCHER = compile_watchlist(
    Watchlist("fuzz", (Leader(WatchId("putin"), "Vladimir Putin", ("Putin",), offices=(Office("Tổng thống Nga"),)),))
)


def quote_law(data: bytes) -> None:
    """First line: the title; then the body."""
    title, body = texts_of(data, 2)
    item = Item(ItemId("1"), "Bến Sông", title, "", body, published_at=NOON)
    fields = {"title": title, "summary": "", "body": body}
    found = quotes_of(item, _MATCHER.match(item))
    for each in found:
        assert fields[each.field][each.start : each.end] == each.text == each.text.strip() != ""
    spans = sorted((each.field, each.start, each.end) for each in found)
    assert all(one[0] != other[0] or one[2] <= other[1] for one, other in pairwise(spans))


def summary_law(data: bytes) -> None:
    """Lines: title, lead, body of an article; each sentence is the very slice, and so the article bears it out."""
    title, lead, body = texts_of(data, 3)
    item = Item(ItemId("1"), "Bến Sông", title, lead, body, published_at=NOON)
    fields = {"summary": lead, "body": body}
    for sentences, chars in ((3, None), (1, 80)):
        summary = summarise([item], sentences=sentences, chars=chars)
        assert len(summary) <= sentences
        assert all(fields[one.field][one.start : one.end] == one.text for one in summary)
        assert chars is None or len(" ".join(one.text for one in summary)) <= chars
    unsupported(lead[:500], [title, body[:5_000]])
    assert request_of([item], "m")["messages"]


def wording_law(data: bytes) -> None:
    """Lines: title and lead of two wordings of an article."""
    title, lead, other_title, other_lead = texts_of(data, 4)
    one, other = Wording(title, lead), Wording(other_title, other_lead)
    assert differences(one, one) == ()
    for old, new in ((one, other), (other, one)):
        found = differences(old, new)
        assert len(found) <= MOST_SHOWN
        for each in found:
            assert each.was or each.now
            assert each.whole or each.was in old.title or each.was in old.lead
            assert each.now in new.title or each.now in new.lead
        newer = newer_wording(old, new)
        assert newer is None or newer_wording(newer, new) is None


def grouping_law(data: bytes) -> None:
    """Lines: title and lead of two articles; a window that was restarted decides as the one that lived on."""
    title, lead, other_title, other_lead = texts_of(data, 4)
    first = Item(ItemId("1"), "Bến Sông", title, lead, key="1", published_at=NOON)
    second = Item(ItemId("2"), "Núi Cao", other_title, other_lead, key="2", published_at=NOON + timedelta(hours=1))
    lived, restarted = StoryWindow(), StoryWindow()
    assert lived.decide(first, at=NOON).story_id is None
    lived.remember(first, StoryId("1"))
    restarted.remember(first, StoryId("1"), packed=StoryWindow().packed(first))
    placed = lived.decide(second, at=NOON)
    assert lived.decide(second, at=NOON) == placed == restarted.decide(second, at=NOON)
    assert placed.story_id in (None, StoryId("1"))
    again = lived.decide(replace(second, key="1"), at=NOON)
    assert again.story_id == StoryId("1"), "one article is one story whatever it says now"


def answer_law(data: bytes) -> None:
    """The whole is what a language model's server answers."""
    answer = read_answer(stretched(data))
    if isinstance(answer, Failed):
        assert answer.why
        assert "\n" not in answer.why
