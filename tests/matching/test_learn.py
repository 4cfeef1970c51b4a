"""learn: from marks to the fewest changes that a watch needs, each with what speaks for it. Our own sentences."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.matching.learn.learner import Lesson, cross_checked, difference, learn
from monitor.matching.learn.marks import Agreement, Mark
from monitor.matching.learn.phrases import keys_of
from monitor.matching.learn.query_edits import query_text
from monitor.matching.learn.support import Belief, Side, expected, is_sure
from monitor.matching.learn.trials import Beside
from monitor.matching.query import parse_query
from monitor.types import Event, Item, ItemId, Leader, Office, Watch, WatchId, WordSet

DAY = datetime(2025, 11, 3, 3, tzinfo=UTC)


def items(*titles: str) -> list[Item]:
    return [Item(ItemId(str(number)), "Bến Sông", title, published_at=DAY) for number, title in enumerate(titles)]


def marks(right: Sequence[str] = (), wrong: Sequence[str] = ()) -> list[Mark]:
    return [Mark(item, True) for item in items(*right)] + [Mark(item, False) for item in items(*wrong)]


def event(*match: str) -> Event:
    return Event(WatchId("chay"), "Cháy", match=match)


def said(lesson: Lesson) -> list[tuple[str, str, str]]:
    return [(one.change.field, one.change.action, one.change.value) for one in lesson.changes]


# ---------------------------------------------------------------- events

FIRES = ("Cháy lớn ở xưởng mộc Lộc Hòa", "Kho vải bốc cháy giữa trưa", "Cháy chợ Đình lúc nửa đêm")
QUIET = [f"Giá rau ở chợ quê ngày thứ {number} vẫn ổn định" for number in range(40)]


def test_what_the_wrong_ones_share_and_no_right_one_has_goes_into_not() -> None:
    right = ("Hội chợ nông sản mở cửa ở Bến Sông", "Khách đông ở hội chợ hoa", "Hội chợ sách kéo dài ba ngày")
    wrong = ("Hội chợ việc làm ở trường nghề", "Sinh viên đến hội chợ việc làm", "Hội chợ tìm việc làm cuối năm")
    lesson = learn(event('"hội chợ"'), marks(right, wrong), items(*QUIET))
    assert said(lesson) in ([("not", "add", '"việc làm"')], [("not", "add", 'title:"việc làm"')])
    assert (lesson.before.precision, lesson.after.precision, lesson.after.recall) == (0.5, 1.0, 1.0)
    assert lesson.changes[0].why == "'việc làm': 3 of 3 wrong ones are left out by it, none of the right ones"


def test_a_word_that_the_missed_ones_share_becomes_an_alternative() -> None:
    missed = ("Bơi chải sôi động trên sông", "Lễ bơi chải ở phố Hàng Lụa", "Đội nữ thắng giải bơi chải")
    told = "Đua ghe đầu xuân"
    lesson = learn(event('"đua ghe" OR "đua thuyền"'), marks((*missed, told)), items(*QUIET))
    assert lesson.watch == event('"đua ghe" OR "đua thuyền" OR "bơi chải"')
    assert lesson.after == Agreement(told_right=4, told_wrong=0, missed=0, left=0)


def test_a_named_set_is_written_where_it_says_as_much_as_words() -> None:
    drills = ("Diễn tập chữa cháy ở xưởng may", "Tình huống giả định cháy kho hàng", "Diễn tập cháy rừng tràm")
    lesson = learn(event("cháy"), marks(FIRES, drills), items(*QUIET))
    assert said(lesson) == [("not", "add", "title:{diễn tập}")]
    missed = ("Hỏa hoạn thiêu rụi ba gian bếp", "Đám cháy ở bãi xe cũ")
    lesson = learn(event('"bốc cháy" OR "vụ cháy"'), marks((*missed, FIRES[1])), items(*QUIET))
    assert lesson.watch == event('"bốc cháy" OR "vụ cháy" OR {cháy}')
    missed = ("Nghệ nhân Lê Thoa tạ thế ở tuổi 90", "Thầy giáo làng trút hơi thở cuối cùng")
    lesson = learn(event('"qua đời" OR "từ trần"'), marks((*missed, "Cụ Mười qua đời")), items(*QUIET))
    assert lesson.watch == event('"qua đời" OR "từ trần" OR {qua đời}')


def test_the_sets_of_the_watchlist_count_too() -> None:
    own = Beside(sets=(WordSet("chợ phiên", ('"chợ phiên"', '"chợ lùi"', '"chợ tình"')),))
    missed = ("Chợ lùi họp ngày Tỵ", "Đêm chợ tình trên núi", "Chợ phiên Bến Sông")
    lesson = learn(event('"chợ phiên"'), marks(missed), items(*QUIET), own)
    assert lesson.watch == event('"chợ phiên" OR {chợ phiên}')


def test_sets_are_written_beside_all_words_that_they_hold_at_once() -> None:
    told = "Ca sĩ Lê Thoa qua đời"
    missed = ("Nghệ nhân cải lương Mười Lúa tạ thế", "Diễn viên Hà Sen trút hơi thở cuối cùng")
    query = '("qua đời" OR "từ trần") NEAR/8 ("ca sĩ" OR "nhạc sĩ")'
    lesson = learn(event(query), marks((told, *missed)), items(*QUIET))
    assert lesson.watch == event('("qua đời" OR "từ trần" OR {qua đời}) NEAR/8 ("ca sĩ" OR "nhạc sĩ" OR {nghệ sĩ})')


def test_sets_that_bring_far_more_than_was_told_are_not_written() -> None:
    told, missed = FIRES[1], "Xe khách cháy rụi ở chân đèo"
    flood = items(*[f"Xe tải cháy rụi lúc rạng sáng, lần {number}" for number in range(60)])
    watch = event('"bốc cháy" NEAR/6 (kho OR xưởng)')
    assert learn(watch, marks((told, missed)), flood).watch == watch


AT_HOME = replace(event("cháy"), name="Cháy nhà ở Việt Nam")


def test_one_wrong_mark_abroad_rules_out_every_other_country_for_an_event_at_home() -> None:
    wrong = ["Cháy nhà máy giấy ở Thái Lan"]
    assert said(learn(AT_HOME, marks(FIRES, wrong), items(*QUIET))) == [("not", "add", "title:{nước ngoài}")]
    assert "{nước ngoài}" not in str(said(learn(event("cháy"), marks(FIRES, wrong), items(*QUIET))))


def test_sets_written_for_an_event_at_home_come_with_what_rules_out_other_countries() -> None:
    watch = replace(AT_HOME, match=('"bốc cháy" NEAR/6 (nhà OR xưởng)',))
    right = ("Xưởng mộc Lộc Hòa bốc cháy", "Hỏa hoạn ở kho vải", "Lửa thiêu rụi quán ăn", "Cháy chợ Đình")
    lesson = learn(watch, marks(right), items(*QUIET)).watch
    assert lesson == replace(
        watch,
        match=('("bốc cháy" OR {cháy}) NEAR/6 (nhà OR xưởng OR {nhà xưởng})',),
        exclude=("title:{nước ngoài}",),
    )


def test_a_word_that_the_event_asks_for_is_never_ruled_out() -> None:
    wrong = ("Cháy chung cư trong phim mới", "Chung cư cháy trên sân khấu", "Cháy chung cư ở trường quay")
    lesson = learn(event('cháy OR "chung cư"'), marks(FIRES, wrong), items(*QUIET))
    assert all("chung cư" not in value for field, _, value in said(lesson) if field == "not")


def test_a_part_that_misses_a_word_beside_the_other_part_gets_it() -> None:
    query = '"hàng giả" NEAR/4 ("thu giữ" OR "tịch thu")'
    missed = ("Triệt phá kho hàng giả ở Bình An", "Công an triệt phá đường dây hàng giả", "Hàng giả bị thu giữ ở chợ")
    lesson = learn(event(query), marks(missed), items(*QUIET, "Hội thảo bàn về hàng giả", "Nói chuyện hàng giả"))
    assert lesson.watch == event('"hàng giả" NEAR/4 ("thu giữ" OR "tịch thu" OR "triệt phá")')
    assert lesson.gained == ()


def test_a_word_behind_which_a_thousand_others_stand_is_not_taken() -> None:
    missed = ("Người dân kể lại phút lửa bùng lên", "Người dân trắng tay vì lửa", FIRES[1])
    background = items(*[f"Người dân nói chuyện lửa trại đêm thứ {number}" for number in range(60)])
    lesson = learn(event('"bốc cháy"'), marks(missed), background)
    assert len(lesson.gained) <= 2


def test_a_single_mark_is_no_ground_for_a_word_that_nobody_knew() -> None:
    lesson = learn(event("cháy"), marks(FIRES, ["Hoa gạo đỏ rực như cháy hết mình bên sông"]), items(*QUIET))
    assert all(field != "not" for field, _, _ in said(lesson))


def test_a_foreign_state_in_a_wrong_one_is_ground_enough() -> None:
    wrong = ("Cháy nhà máy giấy ở Thái Lan", "Cháy tàu cá ngoài khơi Thái Lan")
    lesson = learn(event("cháy"), marks(FIRES, wrong), items(*QUIET))
    assert lesson.after.precision == 1.0
    assert "Thái Lan" in said(lesson)[0][2]


def test_a_change_that_takes_most_of_what_was_told_is_refused() -> None:
    wrong = ("Cháy xưởng mộc vì chập điện ban đêm", "Chập điện làm cháy kho giấy")
    told = items(*[f"Cháy nhà dân vì chập điện, lần {number}" for number in range(30)])
    lesson = learn(event("cháy"), marks(FIRES * 3, wrong), told)
    assert lesson.lost == ()


def test_a_watch_that_agrees_is_left_as_it_is() -> None:
    lesson = learn(event("cháy"), marks(FIRES, QUIET[:3]), items(*QUIET))
    assert (lesson.watch, lesson.changes) == (event("cháy"), ())


def test_a_watch_that_is_switched_off_can_be_taught() -> None:
    off = Event(WatchId("chay"), "Cháy", match=("cháy",), enabled=False)
    drills = ("Diễn tập chữa cháy ở xưởng may", "Công an xã diễn tập xử lý cháy", "Diễn tập cháy rừng tràm")
    lesson = learn(off, marks(FIRES, drills), items(*QUIET))
    assert (lesson.before.precision, lesson.after.precision) == (0.5, 1.0)
    assert not lesson.watch.enabled


def test_what_was_never_asked_for_stays_out_of_the_way_of_polarity_and_tags() -> None:
    watch = Event(WatchId("chay"), "Cháy", match=("cháy",), tags=("nong",), polarity=(("dập", ("dập tắt",)),))
    drills = ("Diễn tập chữa cháy ở xưởng may", "Công an xã diễn tập xử lý cháy", "Diễn tập cháy rừng tràm")
    learnt = learn(watch, marks(FIRES, drills), items(*QUIET)).watch
    assert isinstance(learnt, Event)
    assert (learnt.tags, learnt.polarity) == (watch.tags, watch.polarity)


# ---------------------------------------------------------------- leaders

LAM = Leader(WatchId("lam"), "Trần Hạ Lam", offices=(Office("Bộ trưởng Bộ Thủy sản", date(2024, 1, 1)),))


def test_an_office_that_the_missed_ones_write_otherwise_is_added_with_the_days_of_its_twin() -> None:
    head = replace(LAM, offices=(Office("Chủ nhiệm Ủy ban Nghề cá", date(2024, 1, 1)),))
    missed = ("Chủ nhiệm Nghề cá thăm làng chài", "Ngư dân hỏi Chủ nhiệm Nghề cá về hạn ngạch")
    lesson = learn(head, marks((*missed, "Trần Hạ Lam họp với các tỉnh")), items(*QUIET))
    assert said(lesson) == [("offices", "add", "{title: Chủ nhiệm Nghề cá, since: 2024-01-01}")]


def test_a_form_of_the_name_that_the_missed_ones_use_is_added() -> None:
    who = Leader(WatchId("orban"), "Viktor Orlovan")
    missed = ("Ông Orlovan từ chối trả lời", "Phe của Orlovan thắng phiếu", "Viktor Orlovan nhậm chức")
    lesson = learn(who, marks(missed), items(*QUIET))
    assert said(lesson) == [("aliases", "add", "Orlovan")]
    assert lesson.after.recall == 1.0


def test_whoever_the_words_around_the_office_mean_instead_is_ruled_out_by_them() -> None:
    right = ("Bộ trưởng Bộ Thủy sản dự lễ ra khơi", "Trần Hạ Lam họp báo")
    wrong = ("Vợ Bộ trưởng Bộ Thủy sản mở quán", "Quán của vợ Bộ trưởng Bộ Thủy sản")
    lesson = learn(LAM, marks(right, wrong), items(*QUIET))
    assert said(lesson) == [("not", "add", "Vợ Bộ trưởng Bộ Thủy sản")]
    assert lesson.after.precision == 1.0


def test_the_deputy_and_the_minister_of_another_state_need_no_lesson() -> None:
    right = ("Bộ trưởng Bộ Thủy sản dự lễ ra khơi", "Trần Hạ Lam họp báo")
    wrong = ("Thứ trưởng tiếp Bộ trưởng Bộ Thủy sản Nga", "Bộ trưởng Bộ Thủy sản Nga đến Cần Thơ")
    lesson = learn(LAM, marks(right, wrong), items(*QUIET))
    assert (lesson.changes, lesson.before.precision, lesson.before.recall) == ((), 1.0, 1.0)


def test_a_name_that_others_bear_becomes_common_with_a_word_of_the_right_ones() -> None:
    right = [f"Trần Hạ Lam bàn chuyện thủy sản ở cảng {number}" for number in ("Một", "Hai", "Ba")]
    wrong = [f"Trần Hạ Lam {what}" for what in ("mở tiệm bánh", "đoạt giải hội họa", "thi hát ở phường")]
    lesson = learn(Leader(WatchId("lam"), "Trần Hạ Lam"), marks(right, wrong), items(*QUIET))
    assert isinstance(lesson.watch, Leader)
    assert lesson.watch.common
    assert (lesson.after.precision, lesson.after.recall) == (1.0, 1.0)


def test_marks_of_some_days_do_not_end_an_office_by_chance() -> None:
    wrong = ["Bộ trưởng Bộ Thủy sản ghé bến sông"]
    lesson = learn(LAM, marks(("Bộ trưởng Bộ Thủy sản họp", "Trần Hạ Lam họp báo"), wrong), items(*QUIET))
    assert isinstance(lesson.watch, Leader)
    assert lesson.watch.offices == LAM.offices


# ---------------------------------------------------------------- what it costs, and on what it rests


def test_the_difference_names_what_comes_and_what_goes() -> None:
    gained, lost = difference(event("cháy"), event('"hỏa hoạn"'), items("Cháy chợ Đình", "Hỏa hoạn ở bến xe", *QUIET))
    assert [item.title for item in (*gained, *lost)] == ["Hỏa hoạn ở bến xe", "Cháy chợ Đình"]


def test_each_fifth_is_judged_by_what_the_others_teach() -> None:
    drills = [f"Diễn tập chữa cháy ở xưởng số {number}" for number in range(5)]
    fires = [f"Cháy lớn ở kho số {number}" for number in range(5)]
    assert cross_checked(event("cháy"), marks(fires, drills), items(*QUIET)).precision == 1.0


def test_the_more_unmarked_items_a_change_touches_the_more_marks_it_takes() -> None:
    few, many = (expected(Side(right=2, wrong=0, items=count), 0.35, 20) for count in (0, 100))
    assert few > 0.5 > many


def test_more_than_half_goes_only_where_the_marks_say_that_so_much_is_wrong() -> None:
    loss, nothing = Side(right=4, wrong=0, items=15), Side(0, 0, 0)
    assert not is_sure(nothing, loss, Belief(0.3, 0.9, wrong=0.3), told=20)
    assert is_sure(nothing, loss, Belief(0.3, 0.9, wrong=0.8), told=20)


def test_precision_and_recall_of_nothing_are_whole() -> None:
    nothing = Agreement.of([], set())
    assert (nothing.precision, nothing.recall) == (1.0, 1.0)


def test_phrases_end_at_commas_and_with_words_that_say_something() -> None:
    keys = keys_of(Item(ItemId("1"), "", "Hỏa hoạn ở chợ, ba người bị thương"))
    assert {"hỏa hoạn", "chợ", "thương"} <= keys
    assert not keys & {"ở chợ", "chợ ba", "chợ, ba", "thương bị", "hỏa hoạn ở"}


@pytest.mark.parametrize(
    "query",
    [
        '("ngừng bắn" OR "đình chiến") NEAR/25 (Gaza OR Hamas)',
        'title:("cháy nhà" OR cháy AND NOT rừng)',
        'a1 NEAR/3 b1 NEAR/4 "c d"',
        '="Hòa Bình" AND ~bao AND @putin AND @**',
        '{khởi tố} NEAR/5 ("cán bộ" OR {quan chức}) AND title:{cháy}',
        'sentence:(nổ NEAR/2 xe) OR NOT "AND" AND bom',
    ],
)
def test_a_query_written_out_again_means_the_same(query: str) -> None:
    root = parse_query(query).root
    assert parse_query(query_text(root)).root == root


def test_a_lesson_may_be_about_any_watch() -> None:
    watches: list[Watch] = [event("cháy"), LAM]
    assert [learn(each, []).watch for each in watches] == watches
