"""By one look at a page: is the article gone, is it back, and when to look again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.pipeline.recheck import LOOKS, SECOND_LOOK, judge_page
from monitor.types import Failed, FailureKind, Item, ItemId, Page, PageDue
from tests.flow import MORNING

TITLE = "Phà chìm, 12 người mất tích"
ITEM = Item(ItemId("1"), "Bến Sông", TITLE, url="https://ben-song.example/1.html")
GONE_ITEM = Item(ItemId("1"), "Bến Sông", TITLE, url="https://ben-song.example/1.html", gone_at=MORNING)
STANDS = Page(f"{TITLE} - Báo Bến Sông")
GONE = Failed(FailureKind.NOT_FOUND, "HTTP 404")
HOUR = timedelta(hours=1)


def test_looks_come_half_an_hour_two_eight_and_twenty_four_hours_after_the_alert() -> None:
    at, due = MORNING + LOOKS[0], PageDue(ITEM)
    times = [at - MORNING]
    while (verdict := judge_page(due, STANDS, now=at)).next_at is not None:
        at, due = verdict.next_at, PageDue(ITEM, verdict.rechecks, verdict.missed_at, verdict.page_title)
        times.append(at - MORNING)
    assert times == [timedelta(minutes=30), 2 * HOUR, 8 * HOUR, 24 * HOUR]


def test_a_page_that_is_missed_is_looked_at_again_soon_and_counts_as_gone_then() -> None:
    first = judge_page(PageDue(ITEM, 1), GONE, now=MORNING)
    assert (first.gone_at, first.missed_at, first.next_at) == (None, MORNING, MORNING + SECOND_LOOK)
    assert first.rechecks == 1
    second = judge_page(PageDue(ITEM, 1, first.missed_at), GONE, now=MORNING + SECOND_LOOK)
    assert second.gone_at == MORNING, "it was gone when it was first missed"
    assert second.rechecks == 2


@pytest.mark.parametrize("seen", [STANDS, Failed(FailureKind.HTTP, "503"), Failed(FailureKind.TIMEOUT, "slow")])
def test_missed_once_and_then_not_is_not_gone(seen: Page | Failed) -> None:
    verdict = judge_page(PageDue(ITEM, 1, MORNING), seen, now=MORNING + SECOND_LOOK)
    assert (verdict.gone_at, verdict.missed_at) == (None, None)


def test_a_page_that_stands_again_is_back_and_a_server_in_trouble_leaves_it_gone() -> None:
    assert judge_page(PageDue(GONE_ITEM, 2, MORNING), STANDS, now=MORNING).gone_at is None
    trouble = Failed(FailureKind.HTTP, "503")
    assert judge_page(PageDue(GONE_ITEM, 2, MORNING), trouble, now=MORNING).gone_at == MORNING


def test_what_is_gone_at_the_last_look_gets_one_more() -> None:
    last = judge_page(PageDue(ITEM, len(LOOKS) - 1, MORNING), GONE, now=MORNING)
    assert last.next_at == MORNING + 24 * HOUR
    assert judge_page(PageDue(GONE_ITEM, last.rechecks, MORNING), GONE, now=MORNING).next_at is None


def test_a_server_that_asks_for_patience_gets_it() -> None:
    busy = Failed(FailureKind.RATE_LIMITED, "429", retry_after=timedelta(hours=5))
    assert judge_page(PageDue(ITEM), busy, now=MORNING).next_at == MORNING + 5 * HOUR


@pytest.mark.parametrize(
    ("first", "now", "headline"),
    [
        (TITLE, "Phà chìm, 21 người mất tích", "Phà chìm, 21 người mất tích"),
        (f"{TITLE} | Bến Sông", "Phà chìm, 21 người mất tích | Bến Sông", "Phà chìm, 21 người mất tích"),
        (f"{TITLE} | Bến Sông", "Phà chìm khiến 12 người mất tích | Bến Sông", ""),  # nothing that matters
        (f"{TITLE} | Bến Sông", "Phà chìm, 21 người mất tích - Trang Mới", ""),  # other trimmings: not comparable
        ("Chìm phà: 12 người mất tích", "Chìm phà: 21 người mất tích", ""),  # never had the feed's headline
        ("", "Phà chìm, 21 người mất tích", ""),
        (f"{TITLE} | Bến Sông", " | Bến Sông", ""),
    ],
)
def test_a_headline_of_the_page_counts_only_where_it_was_the_feeds(first: str, now: str, headline: str) -> None:
    assert judge_page(PageDue(ITEM, 1, None, first), Page(now), now=MORNING).new_title == headline


_SEEN = st.one_of(
    st.builds(Page, st.sampled_from(["", TITLE])),
    st.builds(Failed, st.sampled_from(FailureKind), st.just("x"), st.none() | st.just(3 * HOUR)),
)


@given(st.lists(_SEEN, min_size=1, max_size=30))
def test_looking_ends_and_nothing_but_two_misses_in_a_row_is_gone(answers: list[Page | Failed]) -> None:
    at, due, looks = MORNING, PageDue(ITEM), 0
    before: Page | Failed | None = None
    for seen in answers:
        verdict = judge_page(due, seen, now=at)
        looks += 1
        if verdict.gone_at is not None and due.item.gone_at is None:
            for each in (before, seen):
                assert isinstance(each, Failed)
                assert each.kind.is_missing
        if isinstance(seen, Page):
            assert verdict.gone_at is None
        if verdict.next_at is None:
            break
        assert verdict.next_at > at
        item = GONE_ITEM if verdict.gone_at is not None else ITEM
        at, before = verdict.next_at, seen
        due = PageDue(item, verdict.rechecks, verdict.missed_at, verdict.page_title)
    assert looks <= 2 * (len(LOOKS) + 1)
