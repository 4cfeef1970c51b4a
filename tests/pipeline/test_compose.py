"""What an alert shows of a story: its face, its names, its outlets, its summary."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.pipeline.compose import card_of
from monitor.types import (
    Evidence,
    Item,
    ItemId,
    Match,
    Reason,
    ReasonCode,
    Role,
    Rule,
    Story,
    StoryId,
    StoryView,
    WatchId,
)
from tests.flow import MORNING, ZONE

LEAD = "Tổng thống Nga Vladimir Putin tối chủ nhật điện đàm với Thủ tướng Israel Benjamin Netanyahu về viện trợ."
FIRST = Item(
    ItemId("1"), "Bến Sông", "Nga, Israel điện đàm", "Hai nước trao đổi về viện trợ nhân đạo.", published_at=MORNING
)
SECOND = Item(
    ItemId("2"), "Sao Mai", "Ông Putin điện đàm với ông Netanyahu", LEAD, published_at=MORNING + timedelta(minutes=5)
)
THIRD = replace(SECOND, id=ItemId("3"), outlet="Hải Đăng", published_at=MORNING + timedelta(minutes=9))


def leader(watch: str, name: str, item: Item, *words: str) -> Match:
    evidence = []
    for word in words:
        for field, text in (("title", item.title), ("summary", item.lead)):
            if word in text:
                at = text.index(word)
                evidence.append(Evidence(field, at, at + len(word), word))  # type: ignore[arg-type]
    return Match(WatchId(watch), "leader", name, Rule.NAME, 0.9, tuple(evidence))


def matches(item: Item) -> tuple[Match, ...]:
    return (
        leader("netanyahu", "Benjamin Netanyahu", item, "Netanyahu"),
        leader("putin", "Vladimir Putin", item, "Putin"),
        Match(WatchId("dien-dam"), "event", "Điện đàm", Rule.QUERY, 0.99, (Evidence("title", 0, 3, item.title[:3]),)),
    )


VIEW = StoryView(
    Story(StoryId("1"), FIRST.title, MORNING),
    (FIRST, SECOND, THIRD),
    {SECOND.id: matches(SECOND), THIRD.id: matches(THIRD)},
    {FIRST.id: Role.NEW},
)
ALL = {WatchId("putin"), WatchId("netanyahu"), WatchId("dien-dam")}


def test_the_face_is_the_first_article_that_names_a_watch_of_this_reader() -> None:
    card = card_of(VIEW, ALL, zone=ZONE)
    assert (card.title, card.outlet, card.others) == (SECOND.title, "Sao Mai", ("Bến Sông", "Hải Đăng"))
    assert card.at.tzinfo is ZONE


def test_names_stand_as_a_reader_meets_them_leaders_before_events() -> None:
    assert card_of(VIEW, ALL, zone=ZONE).names == ("Vladimir Putin", "Benjamin Netanyahu", "Điện đàm")


def test_only_the_names_that_this_reader_watches_are_shown_and_bold() -> None:
    card = card_of(VIEW, {WatchId("putin")}, zone=ZONE)
    assert card.names == ("Vladimir Putin",)
    assert {card.summary[start:end] for start, end in card.bold} == {"Putin"}


def test_the_summary_opens_with_the_lead_of_the_face_and_keeps_it_when_outlets_join() -> None:
    alone = card_of(replace(VIEW, items=(SECOND,)), ALL, zone=ZONE)
    joined = card_of(VIEW, ALL, zone=ZONE)
    assert alone.summary.startswith(LEAD)
    assert joined.summary.startswith(LEAD)


def test_a_development_shows_the_article_that_tells_it() -> None:
    view = replace(VIEW, reasons={THIRD.id: Reason(ReasonCode.NEW_DECISION)})
    card = card_of(view, ALL, zone=ZONE, told_by=THIRD.id)
    assert (card.outlet, card.others, card.development) == ("Hải Đăng", (), Reason(ReasonCode.NEW_DECISION))


def test_an_item_without_any_time_cannot_be_shown() -> None:
    with pytest.raises(ValueError, match="has no time"):
        card_of(replace(VIEW, items=(replace(FIRST, published_at=None),)), set(), zone=ZONE)
