"""What is looked up for an editor: whom a leader learns beside, and how much of a trial is shown."""

from datetime import timedelta

from monitor.pipeline.file_jobs import MOST_KEPT, MOST_SIDE, MOST_WATCHES, TrialJob, company
from monitor.store.transaction import Store
from monitor.types import Event, Leader, WatchId, Watchlist
from tests.store_samples import NOW, draft, save_items

PUTIN = Leader(WatchId("putin"), "Vladimir Putin", aliases=("Putin",))
OTHER_PUTIN = Leader(WatchId("putin-2"), "Igor Putin")
TO_LAM = Leader(WatchId("to-lam"), "Tô Lâm")
STORM = Event(WatchId("bao"), "Bão", match=("bão",))


def test_a_leader_learns_beside_those_of_a_like_name_and_an_event_beside_all() -> None:
    files = Watchlist("", (PUTIN, OTHER_PUTIN, TO_LAM, STORM))
    assert company(PUTIN, files).leaders == (PUTIN, OTHER_PUTIN)
    assert company(STORM, files).leaders == (PUTIN, OTHER_PUTIN, TO_LAM)


async def test_all_items_are_counted_and_the_newest_few_are_shown(store: Store) -> None:
    drafts = [
        draft(f"k{n}", title=f"Bão số {n} vào bờ", lead="x" * 900, published_at=NOW - timedelta(hours=n))
        for n in range(30)
    ]
    await save_items(store, *drafts)
    here = Watchlist("", (STORM,))
    wider = Watchlist("", (Event(STORM.id, "Bão", match=("bão", "lũ")),))
    came = await store.read(TrialJob(Watchlist("", ()), here, NOW).said)
    assert came["watches"][0]["numbers"] == [0, 30, 30, 0]
    titles = [item["title"] for item in came["watches"][0]["gained"]]
    assert titles == [f"Bão số {n} vào bờ" for n in range(MOST_SIDE)]
    assert all(len(item["lead"]) <= 400 for item in came["watches"][0]["gained"])
    kept = await store.read(TrialJob(here, wider, NOW).said)
    assert (kept["watches"][0]["numbers"], len(kept["watches"][0]["kept"])) == ([30, 30, 0, 0], MOST_KEPT)


async def test_of_very_many_watches_the_first_are_shown_with_items_and_all_with_numbers(store: Store) -> None:
    await save_items(store, draft("k", title="Bão vào bờ", lead="", published_at=NOW))
    many = Watchlist("", tuple(Event(WatchId(f"b{n}"), f"Bão {n}", match=("bão",)) for n in range(MOST_WATCHES + 5)))
    said = await store.read(TrialJob(Watchlist("", ()), many, NOW).said)
    assert [each["numbers"] for each in said["watches"]] == [[0, 1, 1, 0]] * (MOST_WATCHES + 5)
    assert sum(bool(each["gained"]) for each in said["watches"]) == MOST_WATCHES


async def test_words_that_stand_in_the_full_text_alone_are_shown_with_what_is_around_them(store: Store) -> None:
    (item,) = await save_items(store, draft("k", title="Tin ngắn", lead="", published_at=NOW))
    body = "Mở đầu. " * 30 + "Ông Putin và Tổng thống Putin nói. " + "Kết. " * 40
    with store.writing() as tx:
        tx.save_fulltext(item.id, body, now=NOW)
    said = await store.read(TrialJob(Watchlist("", ()), Watchlist("", (PUTIN,)), NOW).said)
    before, words, behind = said["watches"][0]["gained"][0]["body"]
    assert words == "Putin"
    assert before.endswith("Ông ")
    assert len(before) == len(behind) == 80
