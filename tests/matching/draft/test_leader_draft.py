"""A leader drafted from a name: what the items call somebody, since when, and who else is called so."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.matching.draft.corpus import AnyOf, ItemCorpus, sieve
from monitor.matching.draft.draft_yaml import yaml_of
from monitor.matching.draft.drafts import Draft
from monitor.matching.draft.leader_draft import draft_leader
from monitor.matching.draft.slugs import free_id, scalar
from monitor.matching.draft.sound_drafts import sound
from monitor.types import Item, ItemId, Leader, Office, WatchId, Watchlist
from tests.newsroom import PUTIN

START = datetime(2026, 3, 1, 3, tzinfo=UTC)
QUIET = [f"Giá rau ở chợ quê ngày thứ {number} ổn định" for number in range(60)]


def news(*titles: str | tuple[int, str], leads: str = "") -> ItemCorpus:
    """A quiet press, and the titles told: each on the next day, or on the day given with it."""
    told = [(number, title) if isinstance(title, str) else title for number, title in enumerate(titles)]
    lines = [*((number % 28, title) for number, title in enumerate(QUIET)), *told]
    return ItemCorpus(
        Item(ItemId(str(number)), "Bến Sông", title, leads, published_at=START + timedelta(days=day))
        for number, (day, title) in enumerate(lines)
    )


def drafted(name: str, corpus: ItemCorpus, *others: Leader) -> tuple[Leader, Draft]:
    watchlist = Watchlist("", others)
    draft = draft_leader(name, corpus, taken={str(one.id) for one in others})
    draft = sound(draft, watchlist, today=date(2026, 12, 1))
    assert isinstance(draft.watch, Leader)
    return draft.watch, draft


def why(draft: Draft, field: str, value: str) -> str:
    return next(one.why for one in draft.proposals if (one.field, one.value) == (field, value))


# ---------------------------------------------------------------- forms of a name


def test_a_last_name_that_nobody_else_bears_is_an_alias() -> None:
    told = ["Bà Amara Dovelin thăm xưởng gốm", "Dovelin nói về mùa màng", "Amara Dovelin và bà Dovelin ở chợ"]
    leader, draft = drafted("Amara Dovelin", news(*told))
    assert (leader.id, leader.name, leader.aliases) == ("amara-dovelin", "Amara Dovelin", ("Dovelin",))
    assert "alone in 2 items" in why(draft, "aliases", "Dovelin")


def test_a_last_name_that_others_bear_is_left_out_or_needs_support() -> None:
    ours = [f"Bà Amara Dovelin thăm xưởng gốm Kalimera lần {number}" for number in range(4)]
    others = [f"Tay vợt Marko Dovelin thắng trận thứ {number}" for number in range(4)]
    alone = [f"Dovelin vào vòng {number}" for number in range(4)]
    leader, draft = drafted("Amara Dovelin", news(*ours, *others, *alone))
    assert leader.aliases == ()
    assert "Marko Dovelin (4)" in why(draft, "aliases", "Dovelin")


def test_a_transliteration_and_another_order_are_aliases() -> None:
    told = ["Haruko Tanemori đi chợ", "Tanemori Haruko đi chợ", "Ông Pu-tin thăm nhà máy", "Ông Putin thăm chợ"]
    assert drafted("Haruko Tanemori", news(*told))[0].aliases == ("Tanemori Haruko",)
    told = ["Vladimir Putin thăm chợ", "Vladimir Putin: ông Pu-tin thăm nhà máy"]
    assert drafted("Vladimir Putin", news(*told))[0].aliases == ("Putin",)


def test_marks_of_a_foreign_name_are_another_spelling() -> None:
    leader, _ = drafted("Sébastien Dovelin", news("Sebastien Dovelin đi chợ", "Ông Sébastien Dovelin đi bơi"))
    assert leader.aliases == ("Sebastien Dovelin",)


@pytest.mark.parametrize("typed", ["Đào Bến Lan", "dao ben lan", "Dao Ben Lan", "Đào Bến Lam"])
def test_a_name_is_found_without_its_marks_and_with_a_slip_and_that_is_said(typed: str) -> None:
    leader, draft = drafted(typed, news("Bà Đào Bến Lan đi chợ", "Bà Đào Bến Lan trồng rau"))
    assert leader.name == "Đào Bến Lan"
    assert any("Đào Bến Lan" in note for note in draft.notes) == (typed != "Đào Bến Lan")


def test_a_syllable_behind_a_form_of_address_is_a_short_form() -> None:
    told = [f"Ông Phạm Bến Vượng mở xưởng {number}; ông Vượng trồng rau" for number in range(3)]
    told += ["Ông Vượng nuôi ong", "Người ta hỏi ông Vượng", "Chợ quê đón ông Vượng", "Hôm qua ông Vượng về"]
    leader, _ = drafted("Phạm Bến Vượng", news(*told))
    assert "ông Vượng" in (*leader.short, *leader.aliases)


def test_two_syllables_of_a_name_count_with_their_marks_alone() -> None:
    told = ["Bà Lê Bến Thùy Tiên đi chợ", "Thùy Tiên đi chợ", "Hà Thủy Tiên đi bơi", "Lê Bến Thùy Tiên: Thùy Tiên hát"]
    _, draft = drafted("Lê Bến Thùy Tiên", news(*told))
    assert "others" not in why(draft, "short", "Thùy Tiên")


# ---------------------------------------------------------------- offices


def test_an_office_before_or_behind_the_name_is_proposed_with_its_days() -> None:
    told = [
        "Bộ trưởng Y tế Đào Bến Lan thăm trạm xá",
        "Bộ trưởng Y tế Đào Bến Lan dự họp",
        "Bà Đào Bến Lan, Bộ trưởng Bộ Y tế, đi chợ",
    ]
    leader, draft = drafted("Đào Bến Lan", news(*told))
    assert {office.title for office in leader.offices} >= {"Bộ trưởng Y tế"} or leader.offices == ()
    assert "in 2 items; 2026-03-01 to 2026-03-02" in why(draft, "offices", "Bộ trưởng Y tế")


HANDOVER = [
    *((day, f"Thủ tướng Pháp Jean Velkar thăm chợ quê lần {day}") for day in range(8)),
    (9, "Ông Amara Dovelin được chọn"),
    *((day, f"Thủ tướng Pháp Amara Dovelin thăm chợ quê lần {day}") for day in range(11, 18)),
]


def test_an_office_that_somebody_else_had_before_begins_with_the_first_day_of_the_name() -> None:
    leader, draft = drafted("Amara Dovelin", news(*HANDOVER))
    assert leader.offices == (Office("Thủ tướng Pháp", date(2026, 3, 10)),)
    assert "first day seen" in why(draft, "offices", "Thủ tướng Pháp")


def test_an_office_of_which_no_other_holder_is_known_has_no_first_day() -> None:
    told = [(day, f"Thủ tướng Pháp Amara Dovelin thăm chợ quê lần {day}") for day in range(18)]
    assert drafted("Amara Dovelin", news(*told))[0].offices == (Office("Thủ tướng Pháp"),)


def test_an_office_that_went_to_somebody_else_is_a_comment_since_nobody_watched_holds_it() -> None:
    leader, draft = drafted("Jean Velkar", news(*HANDOVER))
    assert leader.offices == ()
    assert "has no holder since 2026-03-12" in why(draft, "offices", "Thủ tướng Pháp")


def test_an_office_that_many_hold_at_once_is_left_out() -> None:
    told = [
        *((day, f"Bí thư Thành ủy Trần Văn Bờ dự họp lần {day}") for day in range(0, 18, 3)),
        *((day, f"Bí thư Thành ủy Lê Văn Bến dự họp lần {day}") for day in range(1, 18, 3)),
    ]
    assert drafted("Trần Văn Bờ", news(*told))[0].offices == ()


def test_a_former_office_is_no_office() -> None:
    told = [f"Cựu Thủ tướng Pháp Amara Dovelin trồng rau {number}" for number in range(3)]
    assert "Thủ tướng Pháp" not in {office.title for office in drafted("Amara Dovelin", news(*told))[0].offices}


# ---------------------------------------------------------------- namesakes


def test_a_name_that_others_bear_is_common_with_words_that_tell_them_apart() -> None:
    told = [f"Thống đốc Ngân hàng Nhà nước Lê Bến Hồng họp lần {number}" for number in range(5)]
    told += ["Bị cáo Lê Bến Hồng hầu tòa", "Phó Chủ tịch UBND xã Lê Bến Hồng đi chợ", "Bà Lê Bến Hồng Nhung mất xe."]
    leader, draft = drafted("Lê Bến Hồng", news(*told))
    assert leader.common
    assert "Ngân hàng Nhà nước" in leader.near
    assert "Lê Bến Hồng Nhung" in leader.exclude
    assert "2 of 7 items are of others" in why(draft, "common", "true")


# ---------------------------------------------------------------- what is printed


def test_nothing_found_is_said_and_the_draft_has_the_name_alone() -> None:
    leader, draft = drafted("Amara Dovelin", news())
    assert not draft.found
    assert leader == Leader(WatchId("amara-dovelin"), "Amara Dovelin")
    assert yaml_of(draft).startswith("# no item names 'Amara Dovelin'")


def test_an_alias_that_is_somebody_elses_name_already_is_a_comment() -> None:
    told = ["Bà Amara Putin thăm xưởng gốm", "Putin nói về mùa màng", "Amara Putin và bà Putin ở chợ"]
    leader, draft = drafted("Amara Putin", news(*told), PUTIN)
    assert leader.aliases == ()
    assert "also a name of putin" in why(draft, "aliases", "Putin")


def test_the_evidence_stands_beside_each_line() -> None:
    written = yaml_of(drafted("Amara Dovelin", news("Bà Amara Dovelin: Dovelin đi chợ # 7"))[1])
    assert written.splitlines()[:3] == ["leaders:", "  - id: amara-dovelin", "    name: Amara Dovelin"]
    assert "    #   60: Bà Amara Dovelin: Dovelin đi chợ # 7" in written.splitlines()


def test_ids_are_free_and_values_are_texts() -> None:
    assert free_id("Đào Bến Lan", {"dao-ben-lan", "dao-ben-lan-2"}) == "dao-ben-lan-3"
    assert free_id("！", ()) == "de-xuat"
    assert [scalar(each) for each in ("Đào Lan", "no", "a: b", "HLV Kim", "4 m")] == [
        "Đào Lan",
        '"no"',
        '"a: b"',
        "HLV Kim",
        '"4 m"',
    ]


# ---------------------------------------------------------------- the sieve


@pytest.mark.parametrize(
    ("form", "passes", "stops"),
    [
        ("Đào Bến Lan", ["bà dao ben lan", "ĐÀO BẾN LAN", "Đào Bến-Lan", "Đa\u0300o Bê\u0301n Lan"], ["Đào Bến Lang"]),
        ("Putin", ["V.Pu-tin", "PUTIN", "ông Putin."], ["Putina", "Rasputin"]),
        ("TP.HCM", ["TP.HCM", "TP HCM"], ["TPHCM1"]),
        ("hòa bình", ["hoà bình", "HÒA BÌNH"], ["hòa"]),
    ],
)
def test_the_sieve_lets_every_spelling_through(form: str, passes: Iterable[str], stops: Iterable[str]) -> None:
    wanted = sieve([form])
    assert [each for each in passes if not wanted.search(each)] == []
    assert [each for each in stops if wanted.search(each)] == []


def test_a_sieve_for_nothing_finds_nothing() -> None:
    assert not sieve([]).search("a")
    assert not sieve(["…"]).search("…")


def test_a_sieve_of_words_wants_their_marks_in_any_case_and_spelling() -> None:
    wanted = AnyOf(["khởi tố", "Bắt giam"])
    assert all(map(wanted.search, ("Khởi tố vụ án", "BẮT GIAM hai người", "kho\u031b\u0309i t\u00f4\u0301")))
    assert not any(map(wanted.search, ("khoi to", "bắt đầu", "")))
    assert not AnyOf([]).search("khởi tố")
