"""What the card of a story says, and how its template shows it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.i18n import translator
from monitor.pipeline.card import sentences_of
from monitor.types import (
    Event,
    Evidence,
    Item,
    ItemId,
    Leader,
    Match,
    Reason,
    ReasonCode,
    Role,
    Rule,
    Sentence,
    Story,
    StoryId,
    StoryView,
    Watch,
    WatchId,
)
from monitor.web.page import Visit
from monitor.web.rendering import rendered
from monitor.web.story_card import story_card
from monitor.web.viewer import Viewer
from tests.store_samples import MINUTE, NOW
from tests.web.test_gate import site_of

PUTIN = Leader(WatchId("putin"), "Vladimir Putin")
FERRY = Event(WatchId("pha"), "Tuyến phà đêm")
WATCHES: dict[WatchId, Watch] = {PUTIN.id: PUTIN, FERRY.id: FERRY}


def article(number: int, outlet: str, title: str, lead: str = "", *, after: timedelta = MINUTE * 0) -> Item:
    at = NOW - 60 * MINUTE + after
    url = f"https://{number}.example/bai.html"
    return Item(ItemId(str(number)), outlet, title, lead, url=url, published_at=at, seen_at=at)


def found(watch: str, kind: str, *evidence: Evidence, score: float = 0.9) -> Match:
    rule = Rule.NAME if kind == "leader" else Rule.QUERY
    return Match(WatchId(watch), kind, watch, rule, score, evidence, by=evidence[0].text)  # type: ignore[arg-type]


def ferry_story() -> StoryView:
    opening = article(
        1, "Bến Sông", "Putin khai trương bến phà", "Tuyến phà đêm do ông Putin khai trương chạy từ tháng sau."
    )
    repeat = article(2, "Cửa Biển", "Bến phà mới mở", after=5 * MINUTE)
    later = article(3, "Bến Sông", "Số người chờ phà tăng, Putin nói", after=20 * MINUTE)
    unnamed = article(4, "Hải Đăng", "Bến phà và những câu hỏi", after=30 * MINUTE)
    return StoryView(
        Story(StoryId("7"), opening.title, NOW - 60 * MINUTE),
        (opening, repeat, later, unnamed),
        {
            opening.id: (
                found("pha", "event", Evidence("summary", 0, 13, "Tuyến phà đêm")),
                found("putin", "leader", Evidence("title", 0, 5, "Putin"), Evidence("summary", 21, 26, "Putin")),
                found("own-3", "leader", Evidence("title", 0, 5, "Putin")),
            ),
            later.id: (found("putin", "leader", Evidence("title", 24, 29, "Putin"), score=0.5),),
        },
        {opening.id: Role.NEW, repeat.id: Role.REPEAT, later.id: Role.UPDATE, unnamed.id: Role.REPEAT},
        {later.id: Reason(ReasonCode.DENIED)},
    )


def shown(view: StoryView, lang: str = "en") -> str:
    visit = Visit(site_of(None), Viewer(lang), NOW, "/")  # type: ignore[arg-type]
    return rendered("story_card.html", {"card": story_card(view, WATCHES, translator(lang))}, visit)


def test_a_card_says_who_told_what_when() -> None:
    card = story_card(ferry_story(), WATCHES, translator("en"))
    assert (card["id"], card["path"], card["title"]) == ("7", "/stories/7", "Putin khai trương bến phà")
    assert card["at"] == NOW - 40 * MINUTE, "of the newest article that names a watch"
    assert [(each["name"], each["at"]) for each in card["outlets"]] == [
        ("Bến Sông", NOW - 60 * MINUTE),
        ("Cửa Biển", NOW - 55 * MINUTE),
        ("Hải Đăng", NOW - 30 * MINUTE),
    ]
    assert card["articles"] == 4


def test_watches_are_those_that_the_viewer_may_see_leaders_first_by_their_surest_article() -> None:
    putin, ferry = story_card(ferry_story(), WATCHES, translator("en"))["watches"]
    assert (putin["id"], putin["rule"], putin["score"], putin["item"]) == ("putin", "name", 0.9, "1")
    assert putin["evidence"][0] == {"field": "title", "start": 0, "end": 5, "text": "Putin"}
    assert (ferry["id"], ferry["kind"]) == ("pha", "event")


def test_every_sentence_is_a_slice_of_its_article_with_its_names_marked() -> None:
    view = ferry_story()
    said = story_card(view, WATCHES, translator("en"))["summary"]
    for each in said:
        item = next(item for item in view.items if item.id == each["item"])
        assert {"title": item.title, "summary": item.lead}[each["field"]][each["start"] : each["end"]] == each["text"]
    assert [each["text"][start:end] for each in said for start, end in each["marks"]] == ["Putin"]


def test_a_development_is_said_in_words() -> None:
    moved = story_card(ferry_story(), WATCHES, translator("en"))["development"]
    assert (moved["reason"], moved["text"], moved["item"]) == ("denied", "somebody denies it", "3")
    still = replace(ferry_story(), roles={})
    assert story_card(still, WATCHES, translator("en"))["development"] is None


def test_the_template_marks_names_and_links_outlets_without_telling_them_whence() -> None:
    html = shown(ferry_story())
    assert '<b class="name">Putin</b> khai trương' in html
    assert '<a href="/watches/putin">Vladimir Putin</a>' in html
    assert "own-3" not in html
    assert '<a href="https://1.example/bai.html" rel="noopener noreferrer">Bến Sông</a>' in html
    assert "Development" in html


def test_nothing_of_a_newspaper_is_taken_for_markup_or_script() -> None:
    view = ferry_story()
    evil = replace(view.items[0], title="<script>alert(1)</script> Putin", url="javascript:alert(1)", outlet="<b>")
    html = shown(replace(view, items=(evil,), matches={}))
    assert "<script>" not in html
    assert "javascript:" not in html
    assert "&lt;b&gt;" in html


def test_times_are_those_of_the_installations_zone() -> None:
    moment = (NOW - 40 * MINUTE).astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    assert f">{moment:%H:%M}</time>" in shown(ferry_story())


def test_a_summary_is_made_once_and_anew_when_an_article_says_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[StoryView] = []

    def counted(view: StoryView, *args: Any, **named: Any) -> tuple[Sentence, ...]:
        made.append(view)
        return sentences_of(view, *args, **named)

    monkeypatch.setattr("monitor.web.story_card.sentences_of", counted)
    monkeypatch.setattr("monitor.web.story_card._summaries", {})
    monkeypatch.setattr("monitor.web.story_card.MOST_SUMMARIES", 2)
    view, words = ferry_story(), translator("en")
    first = story_card(view, WATCHES, words)
    assert story_card(view, WATCHES, words)["summary"] == first["summary"]
    assert len(made) == 1
    reworded = replace(view, items=(replace(view.items[0], lead="Ông Putin hủy tuyến phà đêm."), *view.items[1:]))
    assert story_card(reworded, WATCHES, words)["summary"][0]["text"] == "Ông Putin hủy tuyến phà đêm."
    story_card(view, {FERRY.id: FERRY}, words)  # by who may see what
    assert len(made) == 3
    story_card(view, WATCHES, words)  # the oldest went
    assert len(made) == 4
