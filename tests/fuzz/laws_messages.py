"""Laws of what goes out: whatever an outlet wrote, Telegram takes the message."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from monitor.notify.digest_layout import DigestHead, DigestStory, digest_message
from monitor.notify.html import cut, cut_sentences, one_line, plain, units, with_bold
from monitor.notify.render import alert_message, notice_message
from monitor.notify.why import why_text
from monitor.pipeline.digest import SHORT_STORIES_A_PART
from monitor.types import (
    Address,
    Amendment,
    Card,
    Difference,
    Evidence,
    Item,
    ItemId,
    Match,
    Reason,
    ReasonCode,
    Rule,
    Story,
    StoryId,
    StoryView,
    WatchId,
)
from tests.bot_api import MAX_ENTITIES, MAX_TEXT, parse_html, utf16
from tests.fuzz.reading import texts_of

HANOI = timezone(timedelta(hours=7))
NOW = datetime(2026, 8, 20, 15, 0, tzinfo=HANOI)
READER = Address(42)


def taken_by_telegram(html: str) -> None:
    """Whether Telegram takes it, and reads the text that we think."""
    html.encode()
    text, entities = parse_html(html)
    assert text.strip()
    assert utf16(text) <= MAX_TEXT
    assert len(entities) <= MAX_ENTITIES
    assert plain(html) == text


def render_law(data: bytes) -> None:
    """Parts with a NUL between: title, address, outlet, names, others, what changed, what is new, the summary."""
    title, url, outlet, names, others, changed, news, summary = texts_of(data, 8, parted_by=b"\0")
    spans = tuple((at, at + 5) for at in range(0, min(len(summary), 3_000), 11))
    was, _, now = changed.partition("\n")
    card = Card(
        names=tuple(names.split("\n")),
        title=title,
        url=url,
        summary=summary,
        outlet=outlet,
        at=NOW - timedelta(hours=1),
        others=tuple(others.split("\n")),
        bold=spans,
        development=Reason(ReasonCode.AS_WRITTEN, (news,)) if news else None,
        amendments=(Amendment(NOW, outlet, (Difference(was, now), Difference(now, was, whole=True))),) * 5,
    )
    listed = replace(card, names=card.names[:40], others=card.others[:40])  # forty of them in one message
    for lang in ("vi", "en"):
        for reply_to in (None, 3):
            message = alert_message(card, READER, lang=lang, alert_id=2**62, now=NOW, reply_to=reply_to)
            taken_by_telegram(message.html)
            assert all(1 <= len(button.data.encode()) <= 64 for row in message.buttons for button in row)
        part = [DigestStory(listed.names[0], listed)] * SHORT_STORIES_A_PART
        taken_by_telegram(digest_message(part, READER, lang=lang, now=NOW, head=DigestHead()).html)
        taken_by_telegram(notice_message("! " + summary, READER, lang=lang).html)
    _why_is_taken(card)


def _why_is_taken(card: Card) -> None:
    evidence = (Evidence("title", 0, 4, card.title[:4]), Evidence("summary", 5, 9, card.summary[5:9]))
    match = Match(WatchId("w"), "event", card.names[0], Rule.QUERY, 0.5, evidence, by=card.title)
    item = Item(ItemId("1"), card.outlet, card.title, card.summary, url=card.url, published_at=NOW)
    story = Story(StoryId("1"), card.title, datetime(2026, 8, 20, tzinfo=UTC))
    view = StoryView(story, (item,) * 3, {item.id: (match,) * 9})
    taken_by_telegram(why_text(view, [WatchId("w")], "vi"))


def cutting_law(data: bytes) -> None:
    """First line: how long it may be, by the length of that line; then a text."""
    width, text = texts_of(data, 2)
    for most in (1, 2, len(width) + 1, 400):
        for kept in (cut(text, most), cut_sentences(text, most)):
            assert units(kept) <= most
            assert text.startswith((kept, kept.removesuffix("…")))
    shown = with_bold(text, [(at, at + len(width)) for at in range(0, min(len(text), 2_000), 7)])
    if len(text) <= MAX_TEXT:
        read, entities = parse_html(shown.html)
        assert utf16(read) == shown.units
        assert len(entities) <= MAX_ENTITIES
    assert one_line(one_line(text)) == one_line(text)
