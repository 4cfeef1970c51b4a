"""Own watches beside the files' ones: what one chat watches changes nothing of what others are told."""

import pytest

from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.matching.own_matcher import MOST_COMPILED, OwnMatcher, wrong_query
from monitor.types import Address, Event, Item, ItemId, Leader, Office, Watch, WatchId, Watchlist, WordSet

FILES = Watchlist(
    "v1",
    (Leader(WatchId("putin"), "Vladimir Putin", aliases=("Putin",)),),
    (WordSet("cầu phà", ('"cầu phao"', "phà")),),
)
PLAZA = Item(ItemId("1"), "Bến Sông", "Putin Plaza mở cửa, Putin gửi lời chúc")


def own(number: int) -> WatchId:
    return WatchId(f"own-{number}")


def found(matcher: OwnMatcher, title: str) -> set[str]:
    return {match.watch_id for match in matcher.match(Item(ItemId("1"), "Bến Sông", title))}


def test_a_longer_name_of_one_chat_takes_nothing_from_the_others() -> None:
    plaza = Leader(own(1), "Putin Plaza")
    short = Leader(own(2), "Vladimir Putin", aliases=("Putin",))
    mixed = ActiveWatchlist.of(Watchlist("v2", (*FILES.watches, plaza)))
    files = ActiveWatchlist.of(FILES)
    beside = files.beside({each.id: (Address(1), each) for each in (plaza, short)}, FILES)
    assert beside.matcher.match(PLAZA) == files.matcher.match(PLAZA)
    assert {match.watch_id for match in beside.own.match(PLAZA)} == {plaza.id, short.id}
    places = {match.watch_id: [each.start for each in match.evidence] for match in beside.own.match(PLAZA)}
    (of_files,) = files.matcher.match(PLAZA)
    assert places[short.id] == [each.start for each in of_files.evidence]
    (together, _) = sorted(mixed.matcher.match(PLAZA), key=lambda match: -len(match.watch_id))
    assert [each.start for each in together.evidence] != places[short.id], "in one watchlist it would"


@pytest.mark.parametrize(
    ("watch", "title", "matches"),
    [
        (Event(own(1), "Phà", match=("phà NEAR/5 bến",)), "Bến cũ mở tuyến phà", True),
        (Event(own(1), "Phà", match=("{cầu phà}",)), "Cầu phao Ninh Cường hỏng", True),
        (Event(own(1), "Phà", match=("@putin AND phà",)), "Ông Putin đi phà", True),
        (Event(own(1), "Phà", match=("@putin AND phà",)), "Ông lái đò đi phà", False),
        (Leader(own(1), "Aryna Sabalenka", aliases=("Sabalenka",)), "Sabalenka vào chung kết", True),
        (Leader(own(1), "Aryna Sabalenka", enabled=False), "Aryna Sabalenka vào chung kết", False),
        (Leader(own(1), "Aryna Sabalenka"), "Giá cà phê tăng", False),
        (Leader(own(1), "Narendra Modi", offices=(Office("Thủ tướng Ấn Độ"),)), "Thủ tướng Ấn Độ thăm Nga", True),
    ],
)
def test_names_offices_sets_and_leaders_of_the_files_are_found(watch: Watch, title: str, matches: bool) -> None:
    assert found(OwnMatcher([watch], FILES), title) == ({watch.id} if matches else set())


def test_of_very_many_leaders_each_is_still_found() -> None:
    many = [Leader(own(n), f"Alexander Borodin{n}") for n in range(MOST_COMPILED + 5)]
    matcher = OwnMatcher(many, FILES)
    for _ in range(2):
        for leader in many[:2] + many[-6:]:
            assert found(matcher, f"{leader.name} phát biểu") == {leader.id}
    for leader in many:
        assert found(matcher, f"{leader.name} phát biểu") == {leader.id}
    assert len(matcher._compiled) == MOST_COMPILED


def test_what_came_close_is_said_of_own_watches_alone() -> None:
    common = Leader(own(1), "Nguyễn Văn Thắng", common=True, near=("Bộ trưởng Tài chính",))
    event = Event(own(2), "Phà", match=("phà",), exclude=("lái",))
    item = Item(ItemId("1"), "Bến Sông", "Anh Nguyễn Văn Thắng lái phà")
    matcher = OwnMatcher([common, event], FILES)
    assert matcher.match(item) == ()
    assert {miss.watch_id for miss in matcher.near_misses(item)} == {common.id, event.id}


def test_a_set_that_went_away_is_said_of_the_watch_that_asks_for_it() -> None:
    event = Event(own(1), "Phà", match=("{cầu phà}",))
    assert wrong_query(event, FILES) is None
    wrong = wrong_query(event, Watchlist("v2", ()))
    assert wrong is not None
    assert wrong.column == 1
    assert wrong_query(Leader(own(2), "Putin"), FILES) is None
