"""A digest names every story: grouped, with a sentence each while there is room, and never over Telegram's limits."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.digest_layout import DigestHead, DigestStory, Occasion, digest_message
from monitor.notify.html import plain
from monitor.pipeline.digest import SHORT_STORIES_A_PART, STORIES_A_PART
from monitor.types import Card, Reason, ReasonCode
from tests.notify.test_render import CARD, NOW, READER, cards, langs, taken_by_telegram, times

OTHER = replace(
    CARD, title="Hội nghị <khai mạc>", url="https://b.example/2", others=(), summary="Ông Tô Lâm đọc diễn văn."
)
HOURS = DigestHead(Occasion.HOURS, NOW.replace(hour=7, minute=0), 2)


def told(*stories: DigestStory, head: DigestHead = HOURS) -> str:
    return digest_message(stories, READER, lang="en", now=NOW, head=head).html


def test_stories_stand_under_their_watch_with_a_sentence_their_outlet_and_time() -> None:
    html = told(DigestStory("Vladimir Putin", CARD), DigestStory("Tô Lâm", OTHER))
    assert plain(html).split("\n") == [
        "🗞 Digest of 07:00 · 2 stories",
        "",
        "Vladimir Putin",
        f"• {CARD.title} – {CARD.summary} (Báo Sông · 14:05 · +3 outlets)",
        "",
        "Tô Lâm",
        "• Hội nghị <khai mạc> – Ông Tô Lâm đọc diễn văn. (Báo Sông · 14:05)",
    ]
    assert '<a href="https://b.example/2">Hội nghị &lt;khai mạc&gt;</a>' in html


def test_a_development_says_what_is_new() -> None:
    news = replace(CARD, development=Reason(ReasonCode.AS_WRITTEN, ("Hai bên hẹn gặp nhau",)))
    assert "↪️" in told(DigestStory("Vladimir Putin", news))
    assert "– Hai bên hẹn gặp nhau" in told(DigestStory("Vladimir Putin", news))


@pytest.mark.parametrize(
    ("head", "begins"),
    [
        (DigestHead(), "🗞 2 stories you follow\n"),
        (DigestHead(Occasion.CROWD), "🗞 2 stories you follow\nTogether, because"),
        (DigestHead(Occasion.QUIET, NOW), "🗞 In the quiet hours · 2 stories"),
        (DigestHead(Occasion.PAUSE, NOW), "🗞 While alerts were paused · 2 stories"),
        (DigestHead(Occasion.NOW, NOW), "🗞 Digest up to 15:00 · 2 stories"),
        (DigestHead(Occasion.HOURS, NOW, 38, 2, 3), "🗞 Digest of 15:00 · 38 stories · 2/3"),
    ],
)
def test_its_head_says_why_it_comes(head: DigestHead, begins: str) -> None:
    assert plain(told(DigestStory("a", CARD), DigestStory("a", OTHER), head=head)).startswith(begins)


LONG = replace(CARD, title="Tựa rất dài " * 60, outlet="Tờ báo có tên rất dài " * 9, summary="Câu nữa " * 90)


@pytest.mark.parametrize("number", [1, STORIES_A_PART, SHORT_STORIES_A_PART])
def test_every_story_of_a_part_is_there_however_long_they_are(number: int) -> None:
    stories = [DigestStory(f"{n} {'Tên dài ' * 30}", replace(LONG, title=f"S{n} {LONG.title}")) for n in range(number)]
    text = taken_by_telegram(told(*stories, head=replace(HOURS, stories=9999, part=10, parts=99)))
    assert [f"• S{n} " in text for n in range(number)] == [True] * number


def test_sentences_fill_the_room_that_titles_leave() -> None:
    stories = [DigestStory("Tô Lâm", replace(OTHER, summary="Câu này nói thêm. " * 10))] * STORIES_A_PART
    text = taken_by_telegram(told(*stories))
    assert text.count("Câu này nói thêm") > STORIES_A_PART


@pytest.mark.slow
@given(card=cards, count=st.integers(1, SHORT_STORIES_A_PART), lang=langs, now=times)
def test_telegram_takes_any_digest(card: Card, count: int, lang: str, now: datetime) -> None:
    stories = [DigestStory(next(iter(card.names), ""), card)] * count
    head = DigestHead(Occasion.HOURS, now, 99, 9, 9)
    taken_by_telegram(digest_message(stories, READER, lang=lang, now=now, head=head).html)
