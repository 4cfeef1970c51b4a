"""Two watchlists over the same items: only what can differ is asked, and what each finds is told before and after."""

from monitor.matching.two_watchlists import ComparedWatch, WatchChange, compare, differing
from monitor.types import Event, Item, ItemId, Leader, Watch, WatchId, Watchlist, WordSet

PUTIN = Leader(WatchId("putin"), "Vladimir Putin", aliases=("Putin",))
TO_LAM = Leader(WatchId("to-lam"), "Tô Lâm")
STORM = Event(WatchId("bao"), "Bão", match=("bão",))
MEETS = Event(WatchId("gap"), "Gặp ông Putin", match=("gặp AND @putin",))
DAMAGE = Event(WatchId("ngap"), "Ngập", match=("{ngập nặng}",))
FLOODS = WordSet("ngập nặng", ("ngập sâu",))


def listed(*watches: Watch, sets: tuple[WordSet, ...] = ()) -> Watchlist:
    return Watchlist("", watches, sets)


def titled(*titles: str) -> list[Item]:
    return [Item(ItemId(str(place)), "Báo", title) for place, title in enumerate(titles)]


def asked(before: Watchlist, after: Watchlist) -> tuple[list[str], list[str]]:
    old, new = differing(before, after)
    return [watch.id for watch in old.watches], [watch.id for watch in new.watches]


def test_of_two_lists_that_say_the_same_nothing_is_asked() -> None:
    assert asked(listed(PUTIN, STORM), listed(STORM, PUTIN)) == ([], [])
    assert list(compare(listed(PUTIN), listed(PUTIN), titled("Putin"))) == []


def test_an_event_that_changed_is_asked_alone() -> None:
    changed = Event(STORM.id, "Bão", match=("bão", "áp thấp"))
    assert asked(listed(PUTIN, STORM, MEETS), listed(PUTIN, changed, MEETS)) == (["bao"], ["bao"])


def test_a_leader_that_changed_is_asked_beside_all_leaders_and_with_the_events_that_ask_for_one() -> None:
    changed = Leader(PUTIN.id, PUTIN.name, aliases=("ông chủ Điện Kremlin",))
    before, after = asked(listed(PUTIN, TO_LAM, STORM, MEETS), listed(changed, TO_LAM, STORM, MEETS))
    assert before == after == ["putin", "to-lam", "gap"]


def test_an_event_that_asks_for_a_leader_is_asked_with_the_leaders() -> None:
    assert asked(listed(PUTIN, STORM), listed(PUTIN, STORM, MEETS)) == (["putin"], ["putin", "gap"])


def test_a_set_that_changed_touches_the_events_that_name_it_also_through_another_set() -> None:
    outer = WordSet("thiệt hại", ("{Ngập nặng}", "sập nhà"))
    loss = Event(WatchId("thiet-hai"), "Thiệt hại", match=("{thiệt hại}",))
    more = WordSet("ngập nặng", ("ngập sâu", "ngập lụt"))
    before = listed(STORM, DAMAGE, loss, sets=(FLOODS, outer))
    after = listed(STORM, DAMAGE, loss, sets=(more, outer))
    assert asked(before, after) == (["ngap", "thiet-hai"], ["ngap", "thiet-hai"])
    found = list(compare(before, after, titled("Ngập lụt ở Huế", "Ngập sâu ở Huế")))
    assert [(one.watch.id, one.change, set(one.before), set(one.after)) for one in found] == [
        ("ngap", WatchChange.TOUCHED, {1}, {0, 1}),
        ("thiet-hai", WatchChange.TOUCHED, {1}, {0, 1}),
    ]


def test_what_came_went_and_changed_is_told_with_its_words() -> None:
    changed = Leader(PUTIN.id, PUTIN.name, aliases=("ông chủ Điện Kremlin",))
    lake = Event(WatchId("ho"), "Hồ", match=("hồ chứa",))
    items = titled("Ông Putin đi thăm", "Ông chủ Điện Kremlin nói", "Bão vào bờ", "Hồ chứa xả lũ")
    found = {str(one.watch.id): one for one in compare(listed(PUTIN, STORM), listed(changed, lake), items)}
    assert list(found) == ["putin", "ho", "bao"]
    assert seen(found["putin"], items) == (WatchChange.CHANGED, ["Putin"], ["Ông chủ Điện Kremlin"])
    assert seen(found["ho"], items) == (WatchChange.CAME, [], ["Hồ chứa"])
    assert seen(found["bao"], items) == (WatchChange.WENT, ["Bão"], [])


def seen(one: ComparedWatch, items: list[Item]) -> tuple[WatchChange, list[str], list[str]]:
    def words(finds: object) -> list[str]:
        assert isinstance(finds, dict)
        return [items[place].title[each.start : each.end] for place, every in finds.items() for each in every]

    return one.change, words(one.before), words(one.after)


def test_a_leader_who_reads_as_before_is_told_when_another_takes_what_they_found() -> None:
    short = Leader(WatchId("pham-minh"), "Phạm Minh", aliases=("Minh Chính",))
    full = Leader(WatchId("pham-minh-chinh"), "Phạm Minh Chính")
    items = titled("Phạm Minh Chính nói", "Minh Chính nói")
    assert [
        (one.watch.id, one.change, set(one.after)) for one in compare(listed(short), listed(short, full), items)
    ] == [
        ("pham-minh", WatchChange.TOUCHED, {1}),
        ("pham-minh-chinh", WatchChange.CAME, {0}),
    ]


def test_a_watch_that_is_switched_off_finds_nothing() -> None:
    off = Leader(PUTIN.id, PUTIN.name, aliases=("Putin",), enabled=False)
    (one,) = compare(listed(PUTIN), listed(off), titled("Ông Putin đi thăm"))
    assert (set(one.before), set(one.after)) == ({0}, set())
