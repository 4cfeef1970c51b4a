"""Laws of the finder: what a reader means by what they type."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.bot.targets import Finder, all_targets, by_token, fold, token, watch_ids
from monitor.types import EVERYTHING, Leader, Target, Watch, WatchId, Watchlist
from tests.bot.house import WATCHLIST

names = st.text(st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạéếộợữ "), min_size=3, max_size=20).filter(
    lambda text: len(fold(text)) >= 3
)
watchlists = st.lists(names, min_size=1, max_size=8, unique_by=fold).map(
    lambda found: Watchlist(
        "v", tuple(Leader(WatchId(f"w{n}"), name, tags=(f"nhan-{n % 3}",)) for n, name in enumerate(found))
    )
)


@given(watchlists, st.data())
def test_every_watch_is_found_by_its_name_without_marks_and_in_capitals(
    watchlist: Watchlist, data: st.DataObject
) -> None:
    watch: Watch = data.draw(st.sampled_from(watchlist.watches))
    finder = Finder(watchlist)
    for typed in (watch.name, watch.name.upper(), fold(watch.name), f"  {watch.name} "):
        if fold(typed) not in ("tat ca", "all", "moi thu", "everything"):
            assert Target(watch.id) in finder.find(typed).hits


@given(watchlists, st.text(max_size=60))
def test_any_text_is_answered_and_hits_exist(watchlist: Watchlist, text: str) -> None:
    found = Finder(watchlist).find(text)
    assert set(found.hits) <= set(all_targets(watchlist))
    assert len(found.hits) == 1 if found.sure else len(found.hits) <= 8


@given(st.text(min_size=1, max_size=200))
def test_a_token_fits_and_leads_back(name: str) -> None:
    target = Target(name)
    assert len(token(target).encode()) <= 40
    assert by_token(token(target), [EVERYTHING, Target("#khác"), target]) in (target, EVERYTHING, Target("#khác"))
    assert by_token(token(target), [target]) == target


def test_everything_stands_for_every_enabled_watch_and_a_tag_for_its_own() -> None:
    assert len(watch_ids([EVERYTHING], WATCHLIST)) == 7
    assert watch_ids([Target("#nga"), Target("bao")], WATCHLIST) == ["putin", "lavrov", "bao"]


def test_ten_thousand_watches_are_searched_within_a_blink() -> None:
    watches = tuple(Leader(WatchId(f"w{n}"), f"Nguyễn Văn {n:05} Thử", aliases=(f"Anh {n}",)) for n in range(10_000))
    finder = Finder(Watchlist("many", watches))
    assert finder.find("nguyen van 04711 thu").hits == ("w4711",)
    assert len(finder.find("nguyen van").hits) == 8
    assert "w4711" in finder.find("nguyn van 04711 thu").hits
