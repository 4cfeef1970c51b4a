"""An event drafted from a few words: its ideas, the queries made of them, and what they find."""

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.matching.draft.corpus import ItemCorpus
from monitor.matching.draft.draft_yaml import yaml_of
from monitor.matching.draft.drafts import Draft
from monitor.matching.draft.event_draft import draft_event
from monitor.matching.draft.ideas import read_ideas
from monitor.matching.draft.keyness import Background, companions
from monitor.matching.draft.sound_drafts import sound
from monitor.matching.text import Text
from monitor.types import Event, Item, ItemId, Watchlist, WordSet

START = datetime(2026, 3, 1, 3, tzinfo=UTC)
SETS = (WordSet("lũ gốm", ("lũ gốm", "gốm trôi", "lò gốm ngập")), WordSet("nghề", ("thợ gốm", "thợ rèn", "thợ")))
TOLD = [
    *(f"Lò gốm ngập ở làng {number}, thợ rèn đi giúp" for number in range(4)),
    *(f"Gốm trôi khỏi bến {number}" for number in range(3)),
    *(f"Chợ hoa ban khai hội lần {number}" for number in range(6)),
    *(f"Giá rau ở chợ quê ngày {number} ổn định" for number in range(150)),
]


def corpus(*more: str) -> ItemCorpus:
    return ItemCorpus(
        Item(ItemId(str(number)), "Bến Sông", title, published_at=START + timedelta(hours=number))
        for number, title in enumerate([*TOLD, *more])
    )


def drafted(words: str, *more: str, sets: tuple[WordSet, ...] = SETS) -> tuple[Event, Draft]:
    draft = draft_event(words, corpus(*more), taken={"taken"}, sets=sets)
    draft = sound(draft, Watchlist("", (), sets), today=date(2026, 12, 1))
    assert isinstance(draft.watch, Event)
    return draft.watch, draft


def background() -> Background:
    return Background(corpus().sample(6_000))


# ---------------------------------------------------------------- ideas


@pytest.mark.parametrize(
    ("typed", "queries"),
    [
        ("lũ gốm", ["{lũ gốm}"]),  # the name of a set
        ("Gốm trôi, thợ rèn", ["({lũ gốm} OR {nghề})"]),  # a comma: either says it
        ("thợ rèn giúp lò gốm ngập", ["{nghề}", "giúp", "{lũ gốm}"]),
        ("các vụ lũ gốm", ["{lũ gốm}"]),  # small words say nothing
        ("phát hiện gốm trôi", ["{lũ gốm}"]),
        ("hỏa hoạn", ["{cháy}"]),  # the meaning of a set names it
        ("chết người", ["{người chết}"]),
        ("xâm nhập mặn", ['"xâm nhập mặn"']),  # {hạn hán} has it, and says more
        ("tàu cá châu Phi", ['"tàu cá"', '"châu Phi"']),
        ("cháy chợ", ["{cháy}", "{nhà xưởng}"]),
        ("hoa ban", ['"hoa ban"']),  # side by side wherever both stand
        ("rau quê", ["rau", "quê"]),
        ("hoa ban, hoa lê", ['("hoa ban" OR "hoa lê")']),  # what begins alike is built alike
        ("Bắc - Nam", ['("Bắc - Nam" OR "Bắc Nam")']),
    ],
)
def test_words_become_ideas(typed: str, queries: list[str]) -> None:
    assert [idea.query for idea in read_ideas(typed, background(), SETS).ideas] == queries


@pytest.mark.parametrize(
    ("typed", "at_home", "abroad"),
    [("lũ gốm ở Việt Nam", True, False), ("Lũ gốm ở nước ngoài", False, True), ("lũ gốm", False, False)],
)
def test_where_it_happens_is_no_idea(typed: str, at_home: bool, abroad: bool) -> None:
    asked = read_ideas(typed, background(), SETS)
    assert ([idea.query for idea in asked.ideas], asked.at_home, asked.abroad) == (["{lũ gốm}"], at_home, abroad)


# ---------------------------------------------------------------- queries


def test_one_idea_is_a_query_with_what_it_finds() -> None:
    event, draft = drafted("lũ gốm")
    assert event.match == ("{lũ gốm}",)
    [query] = draft.proposals
    assert (query.support, len(query.examples)) == (7, 3)
    assert "{lũ gốm} is a named set" in draft.notes[0]


def test_two_ideas_stand_in_one_clause() -> None:
    event, _ = drafted("thợ và lũ gốm")
    assert event.match in (("{nghề} NEAR/12 {lũ gốm}",), ("{lũ gốm} NEAR/12 {nghề}",))


def test_one_in_the_title_is_asked_for_where_it_finds_more_of_the_same() -> None:
    apart = "Lò gốm ngập và nước lên qua cầu, qua bến, qua chợ, qua đình, qua miếu, qua trường làng, thợ rèn đi xa"
    event, _ = drafted("thợ và lũ gốm", apart)
    assert [query.startswith("title:") for query in event.match] == [False, True]


def test_a_word_that_a_set_says_too_is_not_asked_for() -> None:
    event, _ = drafted(
        "tòa xét xử", *(f"Tòa xét xử vụ {number}" for number in range(3)), "Bị cáo hầu tòa", "Phiên xử kín"
    )
    assert event.match == ("{xét xử}",)


def test_a_third_idea_is_asked_for_where_enough_is_left() -> None:
    event, _ = drafted(
        "Chile có lũ gốm và thợ", *(f"Chile: lò gốm ngập, thợ rèn lo lần {number}" for number in range(5))
    )
    assert event.match[0] == "Chile NEAR/12 {lũ gốm} AND {nghề}"
    event, _ = drafted("Chile có lũ gốm và giá", *(f"Chile: lò gốm ngập lần {number}" for number in range(5)))
    assert event.match == ("Chile NEAR/12 {lũ gốm}",)


def test_a_set_that_says_little_is_never_a_query_by_itself() -> None:
    event, _ = drafted("mức giá", "Mức giá mới")
    assert event.match == ('"mức giá"',)


def test_abroad_is_asked_for_where_most_items_name_a_place() -> None:
    event, _ = drafted("biểu tình ở nước ngoài", "Biểu tình ở Pháp", "Biểu tình ở Đức", "Biểu tình lan rộng")
    assert event.match == ("{biểu tình} AND {nước ngoài}",)
    event, _ = drafted("biểu tình ở nước ngoài", "Biểu tình ở Pháp", "Biểu tình lớn", "Biểu tình lan rộng")
    assert event.match == ("{biểu tình}",)


def test_a_set_beside_a_plain_word_is_never_asked_for_alone() -> None:
    event, _ = drafted("lũ gốm ngày rằm", "Lũ gốm đúng hôm rằm")
    assert not {"{lũ gốm}", "title:{lũ gốm}"} & set(event.match)


def test_a_set_that_near_cannot_join_is_asked_for_in_one_sentence() -> None:
    odd = WordSet("lũ gốm", ("lũ gốm", "gốm AND ngập"))
    event, _ = drafted("thợ và lũ gốm", "Thợ gặp lũ gốm", sets=(odd, SETS[1]))
    assert any(query.startswith("sentence:(") for query in event.match)


def test_at_home_leaves_out_titles_with_another_state() -> None:
    event, _ = drafted("lũ gốm ở Việt Nam", "Lũ gốm ở Chile", "Lũ gốm ở Nhật Bản")
    assert len(event.exclude) == 1
    assert event.exclude[0].startswith("title:")


def test_a_foreign_first_word_is_a_name_and_must_stand_beside_a_set() -> None:
    event, _ = drafted("Dovelin bàn lũ gốm", "Bà Dovelin bàn chuyện lũ gốm")
    assert event.match[0] == "Dovelin NEAR/12 {lũ gốm}"
    assert "title:{lũ gốm}" not in event.match


def test_what_nobody_writes_of_is_said() -> None:
    event, draft = drafted("đua thuyền")
    assert not draft.found
    assert event.match
    assert any("no item was found" in note for note in draft.notes)


def test_words_that_say_nothing_are_their_own_query() -> None:
    event, draft = drafted("và của")
    assert (event.match, draft.found) == (('"và của"',), False)


def test_a_phrase_that_goes_with_the_event_is_shown_and_not_taken() -> None:
    verbs = ("vỡ", "trôi", "mất", "hỏng", "nứt", "lún", "đổ", "sạt", "chìm")
    more = [f"Lũ gốm: {verb} bến gốm cổ, {verb} đê" for verb in verbs] + ["Chuyện về bến gốm cổ"]
    event, draft = drafted("lũ gốm", *more)
    shown = [one.value for one in draft.proposals if not one.taken]
    assert any("bến gốm cổ" in phrase for phrase in shown)
    assert event.match == ("{lũ gốm}",)
    assert "# match, left out: " in yaml_of(draft)


# ---------------------------------------------------------------- words that go together


def test_companions_are_what_chance_does_not_explain() -> None:
    fields = [(Text(f"Lũ gốm cuốn lò nung Kalimera lần {number}"), Text("")) for number in range(5)]
    found = [one.term for one in companions(fields, background(), without=["lũ gốm"])]
    assert any("kalimera" in term for term in found)
    assert not any("gốm" in term.split() for term in found)


def test_adhesion_is_how_often_words_stand_side_by_side() -> None:
    counted = background()
    assert counted.adhesion("hoa", "ban") == 1.0
    assert counted.adhesion("chợ", "ban") == 0.0
    assert counted.adhesion("không", "có") == 0.0
