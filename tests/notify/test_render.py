from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.html import cut, cut_sentences, plain, units
from monitor.notify.render import alert_message, callback, clock_time, notice_message
from monitor.notify.why import why_text
from monitor.types import (
    Address,
    Amendment,
    Card,
    Difference,
    Evidence,
    Item,
    ItemId,
    Match,
    Message,
    Reason,
    ReasonCode,
    Role,
    Rule,
    Story,
    StoryId,
    StoryView,
    WatchId,
)
from tests.bot_api import MAX_ENTITIES, MAX_TEXT, parse_html, utf16

HANOI = timezone(timedelta(hours=7))
NOW = datetime(2026, 8, 20, 15, 0, tzinfo=HANOI)
READER = Address(42)
CARD = Card(
    names=("Vladimir Putin", "Benjamin Netanyahu"),
    title="Lãnh đạo Nga và Israel gọi điện cho nhau",
    url="https://bao-song.example/tin-1.html?a=1&b=2",
    summary="Ông Putin và ông Netanyahu nói chuyện gần một giờ. Hai bên bàn việc ngừng bắn.",
    outlet="Báo Sông",
    at=datetime(2026, 8, 20, 14, 5, tzinfo=HANOI),
    others=("Báo Biển", "Báo Núi", "Báo Đồng"),
    bold=((4, 9), (17, 26)),
)


def alert(card: Card = CARD, *, lang: str = "vi", now: datetime = NOW, reply_to: int | None = None) -> Message:
    return alert_message(card, READER, lang=lang, alert_id=12, now=now, reply_to=reply_to)


# ---------------------------------------------------------------- layout


def test_an_alert_is_laid_out_as_promised() -> None:
    assert alert().html == (
        "🔔 <b>Vladimir Putin</b> · <b>Benjamin Netanyahu</b>\n"
        '<b><a href="https://bao-song.example/tin-1.html?a=1&amp;b=2">Lãnh đạo Nga và Israel gọi điện cho nhau</a></b>'
        "\n"
        "Ông <b>Putin</b> và ông <b>Netanyahu</b> nói chuyện gần một giờ. Hai bên bàn việc ngừng bắn.\n"
        "<i>Báo Sông · 14:05 · +3 báo: Báo Biển, Báo Núi, Báo Đồng</i>"
    )


def test_what_outlets_changed_since_stands_under_the_title() -> None:
    moment = datetime(2026, 8, 20, 14, 50, tzinfo=HANOI)
    toll, denied = Difference("12 người <b>", "21 người"), Difference("", "không có thương vong")
    card = replace(
        CARD,
        amendments=(
            Amendment(moment, differences=(toll, denied)),
            Amendment(moment, "Báo Biển", (Difference("Hilton", ""),)),
            Amendment(moment, gone=True),
            Amendment(moment, "Báo Núi", (Difference("Mẹo chọn dưa", "", whole=True),)),
        ),
    )
    assert alert(card).html.splitlines()[2:6] == [
        "✏️ Đã sửa 14:50: “12 người &lt;b&gt;” → “21 người”; thêm “không có thương vong”",
        "✏️ Báo Biển đã sửa 14:50: bỏ “Hilton”",
        "🗑 Đã gỡ 14:50 (Báo Sông)",
        "✏️ Báo Núi đã sửa 14:50: trước là “Mẹo chọn dưa”",
    ]
    assert "✏️ Changed 14:50: “12 người" in alert(card, lang="en").html


def test_an_alert_has_three_buttons_that_name_its_row() -> None:
    buttons = [(each.label, each.data) for row in alert().buttons for each in row]
    assert buttons == [("Vì sao?", "why:12"), ("Tạm im chuyện này", "mute:12"), ("Sai / không liên quan", "wrong:12")]


def test_an_english_reader_gets_english_words_around_the_same_news() -> None:
    message = alert(lang="en")
    assert message.html.endswith("+3 outlets: Báo Biển, Báo Núi, Báo Đồng</i>")
    assert [each.label for row in message.buttons for each in row] == [
        "Why?",
        "Mute this story",
        "Wrong / not relevant",
    ]


def test_an_alert_of_one_outlet_names_no_others() -> None:
    assert alert(replace(CARD, others=())).html.endswith("<i>Báo Sông · 14:05</i>")


NEWS = Reason(ReasonCode.AS_WRITTEN, ("Hai bên hẹn gặp nhau vào thứ Sáu",))


def test_an_update_is_a_short_reply_that_says_what_is_new() -> None:
    card = replace(
        CARD,
        development=NEWS,
        others=(),
        summary="Câu một dài. " * 100,
        bold=(),
    )
    message = alert(card, reply_to=7)
    lines = plain(message.html).split("\n")
    assert message.reply_to == 7
    assert lines[0] == "↪️ Vladimir Putin · Benjamin Netanyahu · diễn biến mới"
    assert lines[1] == CARD.title
    assert lines[2] == "Hai bên hẹn gặp nhau vào thứ Sáu"
    assert lines[3].endswith("dài.")
    assert len(lines[3]) <= 400
    assert lines[4] == "Báo Sông · 14:05"


def test_an_update_does_not_say_its_title_twice() -> None:
    card = replace(CARD, development=Reason(ReasonCode.AS_WRITTEN, (CARD.title,)), summary=CARD.title + ".")
    assert plain(alert(card, reply_to=7).html).count(CARD.title) == 1


def test_an_edit_names_the_message_it_changes() -> None:
    message = alert_message(CARD, READER, lang="vi", alert_id=12, now=NOW, edits=99)
    assert (message.edits, message.reply_to) == (99, None)


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (datetime(2026, 8, 20, 23, 59, tzinfo=HANOI), "14:05"),
        (datetime(2026, 8, 20, 16, 59, tzinfo=UTC), "14:05"),
        (datetime(2026, 8, 20, 17, 1, tzinfo=UTC), "14:05 20/08"),
        (datetime(2027, 1, 1, 12, 0, tzinfo=HANOI), "14:05 20/08/2026"),
    ],
)
def test_the_day_is_named_when_it_is_not_today(now: datetime, shown: str) -> None:
    assert clock_time(CARD.at, now) == shown


def test_a_notice_is_plain_text() -> None:
    assert notice_message("feed <a> & b", READER, lang="vi").html == "feed &lt;a&gt; &amp; b"


# ---------------------------------------------------------------- cutting


def test_a_long_summary_ends_with_a_sentence() -> None:
    card = replace(CARD, summary="Một câu vừa phải ở đây. " * 400, bold=())
    summary = plain(alert(card).html).split("\n")[2]
    assert summary.endswith("Một câu vừa phải ở đây.")
    assert utf16(plain(alert(card).html)) > MAX_TEXT - 60, "the room is used"


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        ("Ngắn.", 10, "Ngắn."),
        ("Ông V. Pu-tin đến. Ông ở lại hai ngày.", 30, "Ông V. Pu-tin đến."),
        ("Ông V. Pu-tin đến thăm TP. Huế hôm nay", 20, "Ông V. Pu-tin đến…"),
        ("“Chúng tôi đi.” Ông nói rồi đi ngay.", 25, "“Chúng tôi đi.”"),
        ("Tăng 18.8 điểm hôm nay. Rồi giảm mạnh.", 30, "Tăng 18.8 điểm hôm nay."),
        ("Chờ đã... rồi đi tiếp một đoạn nữa.", 20, "Chờ đã... rồi đi…"),
    ],
)
def test_a_text_is_cut_where_a_sentence_ends_else_after_a_word(text: str, most: int, kept: str) -> None:
    assert cut_sentences(text, most) == kept


def test_an_emoji_counts_two() -> None:
    assert units("a😀") == 3
    assert cut("😀😀😀", 5) == "😀😀…"


# ---------------------------------------------------------------- laws

awkward = st.text(st.characters(codec=None, categories=None), max_size=80)
wild = st.one_of(
    awkward,
    st.sampled_from(
        ["<b>", "</i>", "&amp;", "<a href='x'>", "&lt", "😀" * 30, "\ud800", "\x1b[31m", "A. B? C! ", "\n"]
    ),
).flatmap(lambda text: st.sampled_from([1, 1, 1, 40, 3000]).map(lambda times: (text * times)[:10_000]))
seconds = st.integers(0, 10 * 365 * 86_400).map(lambda after: timedelta(seconds=after))
times = st.builds(lambda zone, after: datetime(2020, 1, 1, tzinfo=zone) + after, st.sampled_from([UTC, HANOI]), seconds)
spans = st.lists(st.tuples(st.integers(-5, 10_000), st.integers(-5, 10_000)), max_size=120).map(tuple)
differences = st.builds(Difference, wild, wild, st.booleans())
amendments = st.builds(Amendment, times, wild, st.lists(differences, max_size=4).map(tuple), st.booleans())
cards = st.builds(
    Card,
    amendments=st.lists(amendments, max_size=9).map(tuple),
    names=st.lists(wild, max_size=40).map(tuple),
    title=wild,
    url=st.one_of(wild, wild.map("https://a.example/".__add__)),
    summary=wild,
    outlet=wild,
    development=st.one_of(st.none(), wild.map(lambda text: Reason(ReasonCode.AS_WRITTEN, (text,)))),
    others=st.lists(wild, max_size=60).map(tuple),
    bold=spans,
)
langs = st.sampled_from(["vi", "en"])


def taken_by_telegram(html: str) -> str:
    """The text that Telegram makes of it, when it takes it at all."""
    html.encode()
    text, entities = parse_html(html)
    assert text.strip()
    assert utf16(text) <= MAX_TEXT
    assert len(entities) <= MAX_ENTITIES
    assert plain(html) == text
    return text


@pytest.mark.slow
@given(card=cards, lang=langs, now=times, reply_to=st.sampled_from([None, 3]))
def test_telegram_takes_any_alert(card: Card, lang: str, now: datetime, reply_to: int | None) -> None:
    message = alert_message(card, READER, lang=lang, alert_id=2**62, now=now, reply_to=reply_to)
    taken_by_telegram(message.html)
    assert all(1 <= len(button.data.encode()) <= 64 for row in message.buttons for button in row)


@given(text=wild)
def test_telegram_takes_any_notice(text: str) -> None:
    taken_by_telegram(notice_message("! " + text, READER, lang="vi").html)


@given(text=wild, most=st.integers(1, 300))
def test_a_cut_text_is_a_beginning_that_fits(text: str, most: int) -> None:
    for kept in (cut(text, most), cut_sentences(text, most)):
        assert units(kept) <= most
        assert text.startswith((kept, kept.removesuffix("…")))


@given(alert_id=st.integers(0, 10**18 - 1), action=st.sampled_from(["why", "mute", "wrong"]))
def test_a_button_fits_into_what_telegram_carries(alert_id: int, action: str) -> None:
    assert len(callback(action, alert_id).encode()) <= 64


# ---------------------------------------------------------------- why?

LEAD = "Theo hãng tin, Tổng thống Nga và Thủ tướng Israel đã nói chuyện gần một giờ vào tối thứ Tư, bàn việc ngừng bắn."


def in_lead(words: str) -> Evidence:
    at = LEAD.index(words)
    return Evidence("summary", at, at + len(words), words)


FIRST = Item(
    ItemId("1"),
    "Báo Sông",
    "Ông Putin điện đàm với ông Netanyahu",
    LEAD,
    url="https://bao-song.example/1",
    published_at=datetime(2026, 8, 20, 7, 5, tzinfo=UTC),
)
SECOND = replace(FIRST, id=ItemId("2"), outlet="Báo Biển", published_at=datetime(2026, 8, 20, 7, 40, tzinfo=UTC))
PUTIN = Match(
    WatchId("putin"), "leader", "Vladimir Putin", Rule.NAME, 0.98, (Evidence("title", 4, 9, "Putin"),), by="Putin"
)
CALL = Match(
    WatchId("dien-dam"),
    "event",
    "Điện đàm lãnh đạo",
    Rule.QUERY,
    0.9,
    (in_lead("Tổng thống Nga"), in_lead("nói chuyện")),
    by='"nói chuyện" AND @putin',
)
VIEW = StoryView(
    Story(StoryId("1"), FIRST.title, FIRST.published_at or NOW),
    (FIRST, SECOND),
    {FIRST.id: (PUTIN, CALL), SECOND.id: (replace(PUTIN, score=0.5),)},
    {FIRST.id: Role.NEW, SECOND.id: Role.REPEAT},
)


def test_why_shows_the_words_their_rule_and_their_place() -> None:
    html = why_text(VIEW, [WatchId("dien-dam"), WatchId("putin")], "vi")
    assert html.split("\n") == [
        "❓ <b>Vì sao bạn nhận tin này</b>",
        '<b>Điện đàm lãnh đạo</b> – theo điều kiện “"nói chuyện" AND @putin”, chắc chắn 90 %',
        "• <i>Báo Sông, sapo: </i>Theo hãng tin, <b>Tổng thống Nga</b> và Thủ tướng Israel"
        " đã <b>nói chuyện</b> gần một giờ vào tối thứ Tư, bàn việc ngừng bắn.",
        "<b>Vladimir Putin</b> – theo tên “Putin”, chắc chắn 98 %",
        "• <i>Báo Sông, tiêu đề: </i>Ông <b>Putin</b> điện đàm với ông Netanyahu",
        "<b>Một chuyện: 2 bài của 2 báo</b>",
        '• 14:05 Báo Sông (mở đầu): <a href="https://bao-song.example/1">Ông Putin điện đàm với ông Netanyahu</a>',
        '• 14:40 Báo Biển: <a href="https://bao-song.example/1">Ông Putin điện đàm với ông Netanyahu</a>',
    ]


def test_why_speaks_only_of_what_the_chat_follows() -> None:
    html = why_text(VIEW, [WatchId("putin")], "en")
    assert "Vladimir Putin" in html
    assert "Điện đàm lãnh đạo" not in html
    assert "by the name “Putin”, 98 % sure" in html


def test_why_shows_the_evidence_alone_when_the_text_has_changed_since() -> None:
    changed = StoryView(VIEW.story, (replace(FIRST, title="Tiêu đề mới"),), {FIRST.id: (PUTIN,)})
    assert "tiêu đề: </i><b>Putin</b>" in why_text(changed, [], "vi")


def test_why_says_in_words_how_an_outlet_came_to_this_story() -> None:
    told = replace(
        VIEW,
        reasons={FIRST.id: Reason(ReasonCode.NOTHING_ALIKE), SECOND.id: Reason(ReasonCode.SHARED_WORDS, ("Kremlin",))},
    )
    lines = why_text(told, [WatchId("putin")], "vi").split("\n")
    assert lines[-1].endswith("</a> – cùng nói về: Kremlin")
    assert lines[-2].endswith("</a>")
    assert why_text(told, [WatchId("putin")], "en").endswith("</a> – both tell of: Kremlin")


def test_why_admits_when_nothing_is_on_record() -> None:
    assert "Không còn ghi nhận" in why_text(replace(VIEW, matches={}), [WatchId("putin")], "vi")


texts = st.one_of(wild, st.just(LEAD))
fields = st.sampled_from(["title", "summary", "body"])
evidences = st.builds(Evidence, fields, st.integers(0, 50), st.integers(0, 90), texts)
items = st.builds(
    Item,
    id=st.sampled_from([ItemId("1"), ItemId("2"), ItemId("3")]),
    outlet=wild,
    title=texts,
    lead=texts,
    body=texts,
    url=wild,
    published_at=st.one_of(st.none(), times),
)
matches = st.builds(
    Match,
    watch_id=st.integers(0, 20).map(lambda n: WatchId(str(n))),
    kind=st.just("leader"),
    name=wild,
    rule=st.sampled_from(Rule),
    score=st.floats(0, 1),
    evidence=st.lists(evidences, max_size=6).map(tuple),
    by=wild,
    note=wild,
)


@pytest.mark.slow
@given(
    members=st.lists(items, max_size=12).map(tuple),
    found=st.dictionaries(
        st.sampled_from([ItemId("1"), ItemId("2")]), st.lists(matches, max_size=15).map(tuple), max_size=2
    ),
    lang=langs,
)
def test_telegram_takes_any_explanation(
    members: tuple[Item, ...], found: dict[ItemId, tuple[Match, ...]], lang: str
) -> None:
    taken_by_telegram(why_text(StoryView(VIEW.story, members, found), [], lang))
