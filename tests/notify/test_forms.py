"""A message in the forms of other services: whatever newspapers write, it has a subject, an address and its words."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.digest_layout import DigestHead, DigestStory, digest_message
from monitor.notify.forms import markdown_of, page_of, short_text_of, subject_of, text_of
from monitor.notify.html import one_line, units
from monitor.notify.render import alert_message, notice_message
from monitor.types import Address, Card, Reason, ReasonCode

NOW = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
HERE = Address(1)
URL = "https://bao-mau.example/a(b)?x=1&y=[2]"
WORDS = st.text(max_size=60) | st.sampled_from(
    ["<b>", "]( _*`", "\u202e\u200b\ufeff", "\n\r\n", "x" * 100_000, "“Một”"]
)
CARDS = st.builds(
    Card,
    names=st.tuples(WORDS, WORDS),
    title=WORDS,
    url=st.just(URL),
    summary=WORDS,
    outlet=WORDS,
    at=st.just(NOW),
    development=st.none() | st.just(Reason(ReasonCode.DENIED)),
)


def card(**more: str) -> Card:
    given = {"title": "Một [tin] về *giá* dầu", "summary": "Tóm tắt.", "outlet": "Báo Mẫu", **more}
    return Card(names=("Vladimir Putin",), url=URL, at=NOW, **given)  # type: ignore[arg-type]


@given(CARDS)
def test_any_card_gives_a_subject_of_one_line_and_words_without_tags(each: Card) -> None:
    html = alert_message(each, HERE, lang="vi", alert_id=1, now=NOW).html
    subject = subject_of(html)
    assert subject.strip()
    assert units(subject) <= 200
    assert not re.search(r"[\r\n\x00]", subject)
    for form in (text_of, short_text_of, markdown_of, page_of):
        assert form(html).strip(), form
    assert URL in text_of(html) or not one_line(each.title)


@pytest.mark.parametrize("reply_to", [None, 1])
def test_an_alert_and_a_development_have_names_and_title_as_subject(reply_to: int | None) -> None:
    html = alert_message(card(), HERE, lang="en", alert_id=1, now=NOW, reply_to=reply_to).html
    named = "Vladimir Putin" if reply_to is None else "Vladimir Putin · what is new"
    assert subject_of(html) == f"{named}: Một [tin] về *giá* dầu"
    assert short_text_of(html) == f"Tóm tắt.\nBáo Mẫu · 07:00\n{URL}"


def test_a_digest_keeps_the_address_of_each_story() -> None:
    stories = [DigestStory("Vladimir Putin", card()), DigestStory("Vladimir Putin", card(title="Hai"))]
    html = digest_message(stories, HERE, lang="en", now=NOW, head=DigestHead(stories=2)).html
    assert subject_of(html) == "2 stories you follow"
    assert text_of(html) == short_text_of(html)
    assert text_of(html).count(f"\n  {URL}") == 2


def test_markdown_says_nothing_more_than_the_words_do() -> None:
    html = alert_message(card(), HERE, lang="en", alert_id=1, now=NOW).html
    title = r"**[Một \[tin\] về \*giá\* dầu](https://bao-mau.example/a(b%29?x=1&y=[2])**"
    assert markdown_of(html).split("  \n")[1] == title


def test_a_notice_keeps_its_first_words() -> None:
    assert subject_of(notice_message("“Một” tin", HERE, lang="vi").html) == "“Một” tin"
    assert subject_of(notice_message("⚠️ Hỏng\nrồi", HERE, lang="vi").html) == "Hỏng"
    assert subject_of("🔔") == "🔔"
