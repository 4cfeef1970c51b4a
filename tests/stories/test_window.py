"""monitor/stories/grouping/window.py: what tells one story is told once, and what only looks alike is told apart."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.stories import labelled
from monitor.stories.grouping import features
from monitor.stories.grouping.developments import State, development, said_in
from monitor.stories.grouping.features import read, words_of_reading
from monitor.stories.grouping.meaning import Direction, meaning_of
from monitor.stories.grouping.review import Merge
from monitor.stories.grouping.similarity import shipped_idf
from monitor.stories.grouping.window import SAME_TEXT_WINDOW, StoryWindow
from monitor.types import Evidence, Item, ItemId, Match, Placement, Reason, ReasonCode, Role, Rule, StoryId, WatchId
from tests.outside import judged_outside

NOON = datetime(2026, 3, 10, 5, tzinfo=UTC)


def item(
    name: str, title: str, lead: str = "", *, outlet: str = "", hours: float = 0, key: str = "", body: str = ""
) -> Item:
    at = NOON + timedelta(hours=hours)
    return Item(ItemId(name), outlet or f"Báo {name}", title, lead, body, key=key, published_at=at)


def told(
    window: StoryWindow, items: Sequence[Item], matches: dict[str, Sequence[Match]] | None = None
) -> dict[str, Placement]:
    placements = {}
    for one in items:
        found = (matches or {}).get(one.id, ())
        placement = window.decide(one, found, at=NOON)
        story = placement.story_id or StoryId(one.id)
        window.remember(one, story, found)
        placements[str(one.id)] = Placement(story, placement.role, placement.reason, placement.score)
    return placements


FERRY = [
    item(
        "a",
        "Phà Cát Sơn chìm ngoài khơi Hòn Khói, 12 người mất tích",
        "Chiếc phà Cát Sơn chở 60 hành khách gặp sóng lớn và chìm gần Hòn Khói sáng 10/3.",
    ),
    item(
        "b",
        "Chìm phà gần Hòn Khói: 12 người còn mất tích",
        "Cảnh sát biển tìm kiếm hành khách của phà Cát Sơn bị chìm do sóng lớn gần Hòn Khói.",
        hours=0.3,
    ),
]


def test_two_outlets_tell_one_story_and_the_reader_learns_by_which_words() -> None:
    placed = told(StoryWindow(), FERRY)
    assert placed["a"].role is Role.NEW
    assert placed["b"].story_id == "a"
    assert placed["b"].role is Role.REPEAT
    reason = placed["b"].reason
    assert reason is not None
    assert reason.code is ReasonCode.SHARED_WORDS
    assert "Hòn Khói" in " ".join(reason.values) or "Cát Sơn" in " ".join(reason.values)


def test_deciding_changes_nothing() -> None:
    window = StoryWindow()
    told(window, FERRY[:1])
    first = window.decide(FERRY[1], at=NOON)
    assert window.decide(FERRY[1], at=NOON) == first
    assert len(window) == 1


def test_the_same_article_under_a_new_title_is_a_repeat_even_weeks_later() -> None:
    window = StoryWindow()
    told(window, [item("a", "Cầu Vàm Xanh thông xe", key="bao-1")])
    window.forget(NOON + timedelta(days=5))
    placed = window.decide(item("b", "Miền Tây có thêm cây cầu lớn", key="bao-1", hours=200), at=NOON)
    assert (placed.story_id, placed.role) == ("a", Role.REPEAT)


def test_an_agency_copy_joins_with_its_credits_stripped() -> None:
    lead = "Bộ Công Thương nước này cho biết mạng lưới trạm sạc sẽ phủ kín các tuyến cao tốc vào cuối năm sau."
    placed = told(
        StoryWindow(),
        [
            item("a", "Trạm sạc phủ kín cao tốc vào năm sau", f"VOV.VN - {lead}"),
            item("b", "Thêm nghìn trạm sạc", f"(Dân trí) - {lead} (TTXVN)", hours=2),
        ],
    )
    assert placed["b"].story_id == "a"


def test_a_daily_column_of_the_next_day_is_a_new_story() -> None:
    title = "Tâm điểm thị trường lúa gạo hôm nay"
    placed = told(
        StoryWindow(),
        [
            item("a", title, "Giá lúa tăng 200 đồng mỗi kg ở vùng Đồng Tháp."),
            item("b", title, "Doanh nghiệp xuất khẩu ký đơn hàng với đối tác châu Phi.", hours=25),
        ],
    )
    assert placed["b"].story_id == "b"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            ("Nghị quyết số 31 về phát triển đội tàu biển", "Quốc hội ký ban hành Nghị quyết số 31 về đội tàu biển."),
            ("Nghị quyết số 32 về cải cách nhạc viện", "Quốc hội ký ban hành Nghị quyết số 32 về nhạc viện."),
        ),
        (
            ("Sạt lở ở Lào Cai vùi lấp hai nhà dân", "Mưa lớn đêm qua gây sạt lở tại Lào Cai, hai nhà bị vùi lấp."),
            ("Sạt lở ở Quảng Ngãi vùi lấp ba nhà dân", "Mưa lớn đêm qua gây sạt lở tại Quảng Ngãi, ba nhà bị vùi."),
        ),
        (
            ("Thủ tướng tiếp Đại sứ Chile Maria Soto", "Chiều 10/3, Thủ tướng tiếp Đại sứ Chile chào từ biệt."),
            ("Thủ tướng tiếp Đại sứ Ghana Kofi Adu", "Chiều 10/3, Thủ tướng tiếp Đại sứ Ghana trình thư."),
        ),
    ],
)
def test_look_alikes_of_one_template_stay_apart(one: tuple[str, str], other: tuple[str, str]) -> None:
    placed = told(StoryWindow(), [item("a", *one), item("b", *other, hours=1)])
    assert placed["b"].story_id == "b"


@pytest.mark.parametrize(
    "title",
    [
        "Tin tức thế giới 10/3",
        "Điểm tin: phà chìm ở Hòn Khói",
        "Thời sự quốc tế tối 10/3",
        "Bản tin tối 10-3: phà Cát Sơn chìm",
        "Chỉ đạo, điều hành của Chính phủ, Thủ tướng Chính phủ ngày 10/3",
    ],
)
def test_round_ups_neither_join_nor_glue(title: str) -> None:
    window = StoryWindow()
    placed = told(window, [FERRY[0], item("d", title, FERRY[0].lead, hours=0.2), FERRY[1]])
    assert placed["d"].story_id == "d"
    assert placed["b"].story_id == "a"


def test_a_higher_toll_is_told_once_as_a_development() -> None:
    placed = told(
        StoryWindow(),
        [
            item("a", "Phà Cát Sơn chìm ở Hòn Khói, 3 người chết", FERRY[0].lead),
            item("b", "Vụ chìm phà Cát Sơn ở Hòn Khói: 7 người chết", FERRY[1].lead, hours=3),
            item("c", "7 người chết trong vụ chìm phà Cát Sơn ở Hòn Khói", FERRY[1].lead + " Biển động.", hours=3.5),
        ],
    )
    assert placed["b"].role is Role.UPDATE
    assert placed["b"].reason == Reason(ReasonCode.TOLL_ROSE, ("dead", "3", "7"))
    assert placed["c"].role is Role.REPEAT


def test_what_comes_within_minutes_is_no_development() -> None:
    later = item("b", "Vụ chìm phà Cát Sơn ở Hòn Khói: 7 người chết", FERRY[1].lead, hours=0.2)
    first = item("a", "Phà Cát Sơn chìm ở Hòn Khói, 3 người chết", FERRY[0].lead)
    assert told(StoryWindow(), [first, later])["b"].role is Role.REPEAT


def test_a_denial_is_a_development() -> None:
    placed = told(
        StoryWindow(),
        [FERRY[0], item("b", "Chủ phà Cát Sơn bác bỏ tin chở quá tải ở Hòn Khói", FERRY[0].lead, hours=4)],
    )
    assert (placed["b"].role, placed["b"].reason) == (Role.UPDATE, Reason(ReasonCode.DENIED))


def test_a_newly_named_leader_who_speaks_is_a_development() -> None:
    title = "Tổng thống Tran Ali chia buồn vụ phà Cát Sơn chìm ngoài khơi Hòn Khói"
    match = Match(WatchId("tran-ali"), "leader", "Tran Ali", Rule.NAME, 0.9, (Evidence("title", 10, 18, title[10:18]),))
    placed = told(
        StoryWindow(),
        [FERRY[0], item("b", title, f"Sóng lớn ngoài Hòn Khói. {FERRY[0].lead}", hours=2)],
        {"b": [match]},
    )
    assert placed["b"].role is Role.UPDATE
    assert placed["b"].reason == Reason(ReasonCode.NEW_VOICE, ("Tran Ali",))


@pytest.mark.parametrize(
    ("earlier", "later", "new"),
    [
        ("Truy tìm chủ phà Cát Sơn", "Bắt tạm giam chủ phà Cát Sơn", Reason(ReasonCode.HAPPENED, ("arrested",))),
        ("Bắt chủ phà Cát Sơn", "Khởi tố chủ phà Cát Sơn", Reason(ReasonCode.DECIDED, ("charged",))),
        ("Bắt 3 người trên phà Cát Sơn", "Ba người trên phà Cát Sơn bị bắt", None),  # the same in other words
        ("Chủ phà Cát Sơn lĩnh 5 năm tù", "Tuyên án chủ phà Cát Sơn", None),
        ("Tìm chủ phà Cát Sơn", "Chủ phà Cát Sơn từng bị bắt giữ ở Hòn Khói", None),  # what was before
        ("Ông An làm giám đốc bến phà", "Sau khi từ chức, ông An trở lại bến phà", None),
        ("Hai bên họp về bến phà", "Hai bên không đạt thỏa thuận về bến phà", None),  # what is not so
        ("Ông An bị chỉ trích", "Bộ bác tin cách chức ông An", Reason(ReasonCode.DENIED)),
        ("Đội Bến Phà thua đậm", "Đội Bến Phà tiếc vì bàn thắng bị hủy", None),  # another sense
        ("Bão Sao Biển sẽ đổ bộ", "Dự báo bão Sao Biển đổ bộ vào đêm nay", None),  # what may come
        ("Kiểm tra phà chở thú rừng", "Tạm giữ xe chở thú rừng", None),
    ],
)
def test_only_what_has_just_come_is_a_development(earlier: str, later: str, new: Reason | None) -> None:
    before = State(NOON, said_in(earlier.casefold(), ""), frozenset())
    assert development(later.casefold(), NOON + timedelta(hours=3), (), [before]) == new


def test_what_slid_out_is_forgotten_and_finds_nothing() -> None:
    window = StoryWindow()
    told(window, FERRY)
    window.forget(NOON + SAME_TEXT_WINDOW)
    assert len(window) == 0
    assert window.decide(item("c", FERRY[0].title, hours=97), at=NOON).story_id is None


def test_an_item_that_comes_late_joins_the_story_of_its_own_time() -> None:
    placed = told(StoryWindow(), [FERRY[1], FERRY[0]])
    assert placed["a"].story_id == "b"


def test_an_item_without_any_time_is_refused_and_with_a_given_one_kept() -> None:
    window = StoryWindow()
    timeless = Item(ItemId("a"), "Báo a", "Cầu Vàm Xanh thông xe")
    assert window.decide(timeless, at=NOON).role is Role.NEW
    with pytest.raises(ValueError, match="no time"):
        window.remember(timeless, StoryId("a"))
    window.remember(timeless, StoryId("a"), at=NOON)
    assert len(window) == 1


def test_a_rebuilt_window_decides_as_the_one_that_lived() -> None:
    lived, rebuilt = StoryWindow(), StoryWindow()
    told(lived, FERRY[:1])
    rebuilt.remember(FERRY[0], StoryId("a"))
    assert lived.decide(FERRY[1], at=NOON) == rebuilt.decide(FERRY[1], at=NOON)


NEWS = [
    *FERRY,
    item("c", "Cầu Vàm Xanh thông xe sau ba năm thi công", "Cây cầu nối hai bờ Vàm Xanh mở cửa sáng nay.", hours=1),
    item("d", "Tin tức thế giới 10/3", "Phà chìm, cầu thông xe.", hours=1.2),
    item("e", "Giá cà phê tăng mạnh ở Đắk Lắk", "Giá cà phê ở Đắk Lắk lên 120.000 đồng mỗi kg.", hours=2, key="e-1"),
    item("f", "Không có lời dẫn", body="Phà Cát Sơn chìm gần Hòn Khói sáng 10/3. " * 9, hours=2.5),
]
LATER = [
    item("u", "Vụ chìm phà Cát Sơn ở Hòn Khói: tìm thấy 7 thi thể, 7 người chết", FERRY[1].lead, hours=5),
    item("v", "Thông xe cầu Vàm Xanh", "Người dân hai bờ sông Vàm Xanh đi qua cây cầu mới từ sáng nay.", hours=5),
    item("w", "Cà phê Đắk Lắk lên 120.000 đồng một kg", "Nông dân Đắk Lắk bán cà phê được 120.000 đồng.", hours=6),
    item("x", "Đội bóng Cát Sơn thắng trận ra quân", "Trận đấu ở sân Hòn Khói kết thúc với tỷ số 2-1.", hours=6),
]


@pytest.mark.parametrize("packed", [True, False])
def test_a_restart_decides_and_says_the_very_same_as_the_window_that_lived_on(packed: bool) -> None:
    lived, restarted = StoryWindow(), StoryWindow()
    stories = told(lived, NEWS)
    for one in NEWS:
        kept = lived.packed(one) if packed else ""
        assert stories[str(one.id)].story_id is not None
        bare = one if not packed else replace(one, body="")
        restarted.remember(bare, stories[str(one.id)].story_id or StoryId(""), packed=kept)
    decisions = [lived.decide(one, at=NOON) for one in LATER]
    assert [restarted.decide(one, at=NOON) for one in LATER] == decisions
    assert [placement.story_id for placement in decisions] == ["a", "c", "e", None]


@pytest.mark.parametrize("kept", ["", "không phải base64", "AAAA", "AAAAAAAAAAAAAAAA" * 9])
def test_what_another_release_or_a_broken_row_has_packed_is_read_anew(kept: str) -> None:
    window = StoryWindow()
    window.remember(FERRY[0], StoryId("a"), packed=kept)
    assert window.decide(FERRY[1], at=NOON).story_id == "a"


def test_reports_of_one_field_point_the_same_way_and_others_do_not() -> None:
    def meaning(text: str) -> bytes:
        return meaning_of(words_of_reading(read(Item(ItemId("m"), "", text)), shipped_idf().common).terms)

    sentence = meaning("Tòa tuyên phạt bị cáo lừa đảo tù chung thân")
    verdict = meaning("Bị cáo chiếm đoạt tài sản lĩnh án chung thân")
    match_ = meaning("Đội tuyển Việt Nam thắng trận mở màn vòng bảng")
    told = Direction(sentence)
    assert told.cosine(verdict) > 0.6 > 0.4 > told.cosine(match_)
    assert told.cosine(sentence) == pytest.approx(1, abs=0.02)
    assert told.cosine(meaning("")) == 0


@judged_outside("tests/test_quality.py::test_grouping_puts_together_what_a_reader_puts_together")
def test_a_labelled_morning_is_grouped_as_readers_group_it() -> None:
    morning = labelled.morning()
    stories = labelled.place(morning)
    result = labelled.score(morning, stories)
    assert result.pairwise >= 0.90
    assert result.bcubed >= 0.98


@pytest.mark.slow
@judged_outside("tests/stories/test_window.py::test_full_articles_of_our_own_are_grouped")
def test_full_articles_are_grouped() -> None:
    clusters = labelled.full_texts(body=True, lead=True)
    assert labelled.score(clusters, labelled.place(clusters)).bcubed >= 0.94


FULL = {  # two happenings, each as two outlets tell it at length
    "ferry-1": (
        "Phà Cát Sơn chìm ngoài khơi Hòn Khói, 12 người mất tích",
        "Chiếc phà Cát Sơn chở 60 hành khách gặp sóng lớn và chìm gần Hòn Khói sáng 10/3.",
        "Phà Cát Sơn rời bến Vũng Rô lúc 5h, chở 60 hành khách và 14 xe máy. Cách Hòn Khói chừng hai hải lý, "
        "sóng cao ba mét đánh bật cửa mũi, nước tràn vào khoang xe.\n"
        "Cảnh sát biển đưa được 48 hành khách lên bờ. 12 người mất tích phần lớn ở khoang dưới. Thuyền trưởng "
        "Lê Văn Mẫu nói máy bơm ngừng chạy sau mười phút.",
    ),
    "ferry-2": (
        "Chìm phà gần Hòn Khói: 12 người còn mất tích",
        "Cảnh sát biển tìm kiếm hành khách của phà Cát Sơn bị chìm do sóng lớn gần Hòn Khói.",
        "Đến trưa 10/3, cảnh sát biển đã cứu 48 trong 60 hành khách của phà Cát Sơn. Sáu tàu cá cùng tham gia "
        "tìm kiếm quanh Hòn Khói.\n"
        "Phà Cát Sơn chạy tuyến Vũng Rô từ năm 2019. Thuyền trưởng Lê Văn Mẫu kể sóng đánh bật cửa mũi và nước "
        "tràn vào khoang xe.",
    ),
    "bridge-1": (
        "Sập nhịp cầu Trà Bồng khi đang đổ bê tông, bốn công nhân bị thương",
        "Nhịp thứ ba của cầu Trà Bồng sập chiều 10/3 khi công nhân đang đổ bê tông mặt cầu.",
        "Khoảng 15h, giàn giáo dưới nhịp thứ ba của cầu Trà Bồng nghiêng rồi đổ, kéo theo 40 m3 bê tông. Bốn "
        "công nhân rơi xuống bãi cát và được đưa vào bệnh viện huyện.\n"
        "Cầu Trà Bồng khởi công tháng 6 năm ngoái, vốn 210 tỉ đồng. Nhà thầu Phú Đạt tạm dừng thi công.",
    ),
    "bridge-2": (
        "Cầu Trà Bồng sập nhịp thứ ba, nhà thầu Phú Đạt dừng thi công",
        "Bốn công nhân bị thương khi nhịp thứ ba cầu Trà Bồng sập lúc đổ bê tông chiều 10/3.",
        "Nhà thầu Phú Đạt dừng thi công cầu Trà Bồng sau khi giàn giáo của nhịp thứ ba đổ. Bốn công nhân bị "
        "thương đang ở bệnh viện huyện, không ai nguy kịch.\n"
        "Người dân kể nghe tiếng nổ lớn khoảng 15h rồi thấy bê tông trút xuống bãi cát.",
    ),
}


def test_full_articles_of_our_own_are_grouped() -> None:
    order = ("ferry-1", "bridge-1", "ferry-2", "bridge-2")
    items = [
        item(name, FULL[name][0], FULL[name][1], body=FULL[name][2], hours=number) for number, name in enumerate(order)
    ]
    stories = {name: placement.story_id for name, placement in told(StoryWindow(), items).items()}
    assert stories == {"ferry-1": "ferry-1", "ferry-2": "ferry-1", "bridge-1": "bridge-1", "bridge-2": "bridge-1"}


@judged_outside("tests/stories/test_window.py::test_an_agency_copy_joins_with_its_credits_stripped")
def test_syndicated_copies_are_told_once() -> None:
    copies = labelled.syndicated()
    assert labelled.score(copies, labelled.place(copies)).recall >= 0.99


def test_the_shipped_weights_speak_the_right_way_round() -> None:
    weights = json.loads(
        (Path(__file__).parents[2] / "monitor" / "stories" / "grouping" / "similarity.json").read_text("utf-8")
    )
    for kind in ("short", "long"):
        assert all(weight < 0 for name, weight in weights[kind].items() if "differ" in name or "missing" in name)


@pytest.mark.parametrize("body", ["", "Phà Cát Sơn chìm gần Hòn Khói sáng 10/3. "])
def test_an_item_is_read_and_measured_once_however_often_and_as_which_object_it_comes(
    monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    window = StoryWindow()
    told(window, NEWS)
    read_anew: list[ItemId] = []
    measured: list[datetime] = []
    plain, honest = features.read, StoryWindow.neighbours

    def noting(new: Item) -> features.ItemWords:
        read_anew.append(new.id)
        return plain(new)

    def counting(self: StoryWindow, new: Item, *, at: datetime) -> object:
        measured.append(at)
        return honest(self, new, at=at)

    monkeypatch.setattr("monitor.stories.grouping.window.read", noting)
    monkeypatch.setattr(StoryWindow, "neighbours", counting)
    new = replace(LATER[0], body=body)
    placement = window.decide(replace(new), at=NOON)
    window.packed(replace(new))
    assert placement.story_id is not None
    window.review(replace(new), placement.story_id, at=NOON)
    window.remember(replace(new), placement.story_id)
    assert read_anew == [new.id]
    assert len(measured) == 1


def test_a_review_is_measured_anew_when_the_window_has_learnt_something_meanwhile() -> None:
    taught, fresh = StoryWindow(), StoryWindow()
    told(taught, NEWS[:1])
    told(fresh, NEWS[:1])
    placement = taught.decide(LATER[0], at=NOON)
    for window in (taught, fresh):
        window.remember(NEWS[1], StoryId("another"))
    assert placement.story_id == "a"
    found = taught.review(LATER[0], StoryId("a"), at=NOON)
    assert found == fresh.review(LATER[0], StoryId("a"), at=NOON) == Merge(StoryId("a"), StoryId("another"))
