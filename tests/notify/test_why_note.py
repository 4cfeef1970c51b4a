"""Why, in the 200 characters that a note under a button may have."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.why import why_note
from monitor.types import Evidence, Item, ItemId, Match, Rule, Story, StoryView, WatchId
from tests.notify.test_render import CALL, NOW, PUTIN, VIEW


def view_of(item: Item, *found: Match) -> StoryView:
    return StoryView(Story(VIEW.story.id, item.title, NOW), (item,), {item.id: found})


def test_the_first_is_shown_with_the_words_around_and_the_others_with_their_evidence() -> None:
    note = why_note(VIEW, [WatchId("putin"), WatchId("dien-dam")], 200)
    assert note.splitlines() == [
        "Vladimir Putin: “Ông Putin điện đàm với ông Netanyahu”",
        "Điện đàm lãnh đạo: “Tổng thống Nga”",
    ]


def test_a_long_text_is_cut_between_words_on_both_sides() -> None:
    lead = "mở đầu bằng nhiều chữ " * 20 + "Tổng thống Putin đến nơi" + " rồi còn nhiều chữ nữa" * 20
    at = lead.index("Putin")
    found = replace(PUTIN, evidence=(Evidence("summary", at, at + 5, "Putin"),))
    note = why_note(view_of(replace(VIEW.items[0], lead=lead), found), [], 200)
    assert 150 < len(note) <= 200
    shown = note.removeprefix("Vladimir Putin: “…").removesuffix("…”")
    assert "Tổng thống Putin đến nơi" in shown
    assert f" {shown} " in lead


def test_names_without_room_are_counted() -> None:
    many = [replace(PUTIN, watch_id=WatchId(f"w{n}"), name=f"Người thứ {n} có tên thật là dài") for n in range(10)]
    note = why_note(view_of(VIEW.items[0], *many), [], 200)
    assert len(note) <= 200
    *lines, rest = note.splitlines()
    assert rest == f"+{10 - len(lines)}"


def test_the_evidence_alone_is_shown_when_the_text_has_changed_since() -> None:
    assert why_note(view_of(replace(VIEW.items[0], title="Tiêu đề mới"), PUTIN), [], 200) == "Vladimir Putin: “Putin”"
    assert why_note(view_of(VIEW.items[0]), [], 200) == ""
    assert why_note(view_of(VIEW.items[0], replace(CALL, evidence=())), [], 200) == (
        'Điện đàm lãnh đạo: “"nói chuyện" AND @putin”'
    )


@given(st.text(max_size=400), st.text(max_size=90), st.integers(0, 399), st.integers(0, 40))
def test_a_note_of_any_text_fits(title: str, name: str, start: int, length: int) -> None:
    piece = title[start : start + length]
    item = Item(ItemId("1"), "Báo Sông", title)
    found = Match(WatchId("w"), "leader", name, Rule.NAME, 0.9, (Evidence("title", start, start + len(piece), piece),))
    assert len(why_note(view_of(item, found), [], 200)) <= 200
