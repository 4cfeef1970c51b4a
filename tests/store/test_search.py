"""Stored news is found by its words, alike on both databases, and the index follows whatever becomes of the items."""

import asyncio
from datetime import datetime
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from monitor.store.index_rows import INDEX_VERSION
from monitor.store.search import Nearness, Search, term_of
from monitor.store.search_words import MOST_LETTERS, keys_of
from monitor.store.tables import items, saved_items
from monitor.store.transaction import Store, open_store
from monitor.types import ItemId, Placement, Role, WatchId
from tests.command_line import CommandLine
from tests.store_samples import DAY, MINUTE, NOW, draft, match, save_items

QUAKE = draft("dat", title="Động đất mạnh ở Mexico", lead="Chưa có thiệt hại.", published_at=NOW - 5 * MINUTE)
LAND = draft("nha", title="Huy động vốn mua đất", lead="Giá tăng ở Mexico.", published_at=NOW - 4 * MINUTE)
MOBILE = draft("di-dong", title="Giá dông đạt mức mới", lead="Người dùng chờ.", published_at=NOW - 3 * MINUTE)


async def stored(store: Store, *drafts: object, index: bool = True) -> list[ItemId]:
    """Items in the store, and in its index."""
    added = await save_items(store, *drafts)  # type: ignore[arg-type]
    if index:
        filled(store)
    return [item.id for item in added]


def filled(store: Store) -> None:
    """See that the index lacks nothing."""
    with store.writing() as tx:
        tx.begin_index()
        while tx.index_items(limit=50):
            pass
        assert tx.unindexed_count() == 0


def found(store: Store, *typed: str, limit: int = 20, **limits: object) -> list[tuple[str, str]]:
    """Keys and kinds of what is found; words in quotation marks must stand side by side."""
    terms = tuple(term_of(words.strip('"'), quoted=words.startswith('"')) for words in typed)
    with store.reading() as tx:
        hits = islice(tx.search(Search(terms, **limits)), limit)  # type: ignore[arg-type]
        return [(hit.item.key, hit.nearness.value) for hit in hits]


@pytest.fixture(params=[0, 3, 500], ids="at once up to {}".format)
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many hits are read at once: beyond that items are looked through in steps."""
    monkeypatch.setattr("monitor.store.search.FEW", request.param)


async def test_words_that_stand_side_by_side_come_first_then_those_apart(store: Store) -> None:
    await stored(store, QUAKE, LAND, MOBILE)
    assert found(store, "động đất") == [("dat", "as_typed"), ("nha", "apart")]
    assert found(store, '"động đất"') == [("dat", "as_typed")]
    assert found(store, "mexico động đất") == [("nha", "apart"), ("dat", "apart")]


async def test_words_without_marks_find_those_with_marks(store: Store) -> None:
    await stored(store, QUAKE, LAND, MOBILE)
    assert found(store, "dong dat") == [("di-dong", "with_marks"), ("dat", "with_marks"), ("nha", "apart")]
    assert found(store, "đong dat") == [], "one mark, and all count"


async def test_without_marks_those_who_have_none_either_come_first(store: Store) -> None:
    await stored(store, draft("ngã", title="Ngã ở Nga", lead=""), draft("ngả", title="Ngả mũ", lead=""))
    assert found(store, "nga") == [("ngã", "as_typed"), ("ngả", "with_marks")]


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("V.Putin và Kim Jong-un", "putin"),
        ("V.Putin và Kim Jong-un", '"kim jong un"'),
        ("Đồng bào hoà giải", "hòa giải"),
        ("Quý III lạm phát", "quý iii"),
        ("Ðà Nẵng", "đà nẵng"),
        ("ĐÀ NẴNG MƯA LỚN", '"đà nẵng mưa"'),
        ("Gia\u0301 va\u0300ng tăng", "giá vàng"),
        ("Ｇ７ họp", "g7"),
        ("Lãi suất 4½ phần trăm", "41 2"),
        ("😀 TP.HCM", '"tp hcm"'),
        ("x" * 5_000, "x" * 5_000),
    ],
)
async def test_however_it_is_written(store: Store, title: str, typed: str) -> None:
    await stored(store, draft("a", title=title, lead=""))
    assert found(store, typed) == [("a", "as_typed")]


async def test_a_phrase_does_not_reach_from_the_title_into_the_summary(store: Store) -> None:
    await stored(store, draft("a", title="Họp tại Hà", lead="Nội các thông qua."))
    assert found(store, '"hà nội"') == []
    assert found(store, "hà nội") == [("a", "apart")]


async def test_three_words_in_quotes_must_stand_in_one_piece(store: Store) -> None:
    title = "Bão số hai tan, số ba mạnh lên, bão số"
    await stored(store, draft("a", title=title, lead=""), draft("b", title="Bão số ba mạnh lên", lead=""))
    assert found(store, '"bão số ba"') == [("b", "as_typed")]


@pytest.mark.usefixtures("few")
async def test_the_newest_published_comes_first_whenever_it_was_stored(store: Store) -> None:
    ages = [3, 900, 2, 50_000, 1, 7]
    drafts = [draft(f"{ago}", published_at=NOW - ago * MINUTE) for ago in ages]
    await stored(store, *drafts)
    assert [key for key, _ in found(store, "phà")] == ["1", "2", "3", "7", "900", "50000"]
    assert [key for key, _ in found(store, "phà", limit=2)] == ["1", "2"]
    assert [key for key, _ in found(store, "phà", since=NOW - DAY)] == ["1", "2", "3", "7", "900"]


@pytest.mark.usefixtures("few")
async def test_steps_backwards_through_many_items_keep_the_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.store.search.LOOKED_BACK", 3)
    drafts = [
        draft(f"{n:03}", seen_at=NOW + n * MINUTE, published_at=NOW + n * MINUTE - (DAY if n % 7 == 0 else 0 * DAY))
        for n in range(60)
    ]
    for each in drafts:
        await save_items(store, each)
    filled(store)

    def at(each: str) -> datetime:
        (mine,) = [one.entry.published_at for one in drafts if one.entry.key == each]
        assert mine is not None
        return mine

    got = [key for key, _ in found(store, "phà", limit=100)]
    assert got == sorted((each.entry.key for each in drafts), key=at, reverse=True)
    with store.reading() as tx:
        highest = tx.last_item_number()
    assert [key for key, _ in found(store, "phà", limit=3, up_to=highest - 2)] == ["057", "055", "054"]


@pytest.mark.usefixtures("few")
async def test_only_an_outlet_or_only_a_watch(store: Store) -> None:
    one, two = await stored(store, QUAKE, LAND)
    with store.writing() as tx:
        for item in [tx.item(one)]:
            assert item is not None
            tx.save_detection(item, [match("mexico")], Placement(None, Role.NEW), version="v1", now=NOW)
        assert tx.watches_of([int(one), int(two)]) == {int(one): ["mexico"], int(two): []}
    watch = WatchId("mexico")
    assert found(store, watch_ids=[watch]) == [("dat", "as_typed")]
    assert found(store, "mexico", watch_ids=[watch]) == [("dat", "as_typed")]
    assert found(store, "giá", watch_ids=[watch]) == []
    assert found(store, "mexico", outlet="bến sông") == [("dat", "as_typed"), ("nha", "as_typed")][::-1]
    assert found(store, outlet="ben song", limit=1) == [("nha", "as_typed")]
    assert found(store, "mexico", outlet="Bến") == []
    assert found(store, since=NOW - 4 * MINUTE) == [("nha", "as_typed")]


async def test_marks_are_places_of_the_title_and_the_summary(store: Store) -> None:
    await stored(store, draft("a", title="Vì sao động đất ở Mexico?", lead="Trận Động  đất thứ hai, DONG DAT."))
    with store.reading() as tx:
        (hit,) = tx.search(Search((term_of("động đất"), term_of("mexico"))))
        (bare,) = tx.search(Search((term_of("dong dat"),)))
    fields = {"title": hit.item.title, "summary": hit.item.lead}
    assert [(m.field, fields[m.field][m.start : m.end]) for m in hit.marks] == [
        *[("title", "động đất"), ("title", "Mexico"), ("summary", "Động  đất")]
    ]
    assert [(m.field, fields[m.field][m.start : m.end]) for m in bare.marks] == [("summary", "DONG DAT")]


# ---------------------------------------------------------------- the index follows the items


async def test_what_is_not_indexed_yet_is_counted_and_the_newest_comes_in_first(store: Store) -> None:
    await stored(store, draft("cu"), draft("moi"), index=False)
    with store.writing() as tx:
        assert tx.unindexed_count() == 2
        assert tx.index_items(limit=1) == 1
    assert [key for key, _ in found(store, "phà")] == ["moi"]
    filled(store)
    assert [key for key, _ in found(store, "phà")] == ["moi", "cu"]


async def test_a_reworded_item_is_found_by_its_new_words_alone(store: Store) -> None:
    (item,) = await stored(store, QUAKE)
    with store.writing() as tx:
        tx.reword(item, "Sóng thần ở Chile", "Cảnh báo.", now=NOW)
    filled(store)
    assert found(store, "động đất") == []
    assert found(store, "sóng thần") == [("dat", "as_typed")]


@pytest.mark.usefixtures("few")
async def test_the_full_text_is_searched_last(store: Store) -> None:
    one, _ = await stored(store, QUAKE, draft("b", title="Sóng thần", lead="", published_at=NOW - DAY))
    with store.writing() as tx:
        tx.save_fulltext(one, "Cảnh báo sóng thần đã được phát.", now=NOW)
        tx.save_fulltext(ItemId("999"), "không còn", now=NOW)
    filled(store)
    assert found(store, "song than") == [("b", "with_marks"), ("dat", "in_text")]
    assert found(store, '"báo sóng thần"') == [("dat", "in_text")]
    assert found(store, '"thần báo sóng"') == []


async def test_what_is_swept_leaves_the_index(store: Store) -> None:
    (item,) = await stored(store, QUAKE)
    with store.writing() as tx:
        tx.mark_matched([item], "v1")
        tx._connection.execute(items.update().values(matched_at=NOW))
        assert tx.sweep(before=NOW + DAY, limit=9) == 1
    assert found(store, "động đất") == []
    with store.writing() as tx:
        assert tx.unindexed_count() == 0
        if tx._on_postgresql:
            left = tx._connection.execute(text("SELECT count(*) FROM search_keys")).scalar_one()
        else:
            asked = {"key": '"1động·đất"'}
            left = len(
                tx._connection.execute(text("SELECT 1 FROM search_keys WHERE search_keys MATCH :key"), asked).all()
            )
    assert left == 0


async def test_an_index_of_other_words_is_built_anew(store: Store) -> None:
    await stored(store, QUAKE)
    with store.writing() as tx:
        tx.set_fact(INDEX_VERSION, "0")
        tx.begin_index()
        assert tx.unindexed_count() == 1
    filled(store)
    assert found(store, "động đất") == [("dat", "as_typed")]


def test_no_key_is_longer_than_a_database_takes() -> None:
    keys = keys_of("đ" * 9_000 + " " + "ế" * 9_000, "", "", "Báo " * 500).split()
    assert max(map(len, keys)) <= 2 * MOST_LETTERS + 2
    assert not any(set(" '\"\\") & set(key) for key in keys_of('O\'Neil \\ "x"', "", "", "'").split())


# ---------------------------------------------------------------- the law

WORDS = st.sampled_from(
    ["động", "đất", "dong", "dat", "Nga", "ngã", "Mexico", "hòa", "hoà", "4½", "x-y", "😀", "đ'a", "І"]
)
FREE = st.text(max_size=12)
TEXTS = st.lists(WORDS | FREE, max_size=6).map(" ".join)


@pytest.mark.usefixtures("few")
async def test_both_databases_find_the_same(postgresql: object, tmp_path: object) -> None:
    url = postgresql.borrow()  # type: ignore[attr-defined]
    async with (
        await open_store(url) as one,
        await open_store(f"sqlite:///{tmp_path}/a.db") as other,
    ):
        number = iter(range(10**9))

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4),
            st.lists(st.tuples(TEXTS, st.booleans()), max_size=3),
        )
        def same(texts: list[tuple[str, str]], typed: list[tuple[str, bool]]) -> None:
            listed = [
                draft(f"{next(number)}", title=title, lead=lead, published_at=NOW + MINUTE * next(number))
                for title, lead in texts
            ]
            terms = tuple(term for words, quoted in typed if (term := term_of(words, quoted=quoted)).words)
            answers = []
            for store in (one, other):
                with store.writing() as tx:
                    tx.add_items(listed)
                filled(store)
                with store.reading() as tx:
                    hits = islice(tx.search(Search(terms)), 50)
                    answers.append([(hit.item.key, hit.nearness, hit.marks) for hit in hits])
            assert answers[0] == answers[1]
            if not terms:
                assert len(answers[0]) >= len(texts)

        same()
    postgresql.give_back(url)  # type: ignore[attr-defined]


async def test_an_item_is_found_by_any_words_of_its_own_that_stand_together(store: Store) -> None:
    count = iter(range(10**9))

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(TEXTS, st.integers(0, 5), st.integers(1, 4))
    def finds(title: str, at: int, length: int) -> None:
        words = term_of(title).words[at : at + length]
        if not words:
            return
        key = f"{next(count)}"
        with store.writing() as tx:
            tx.add_items([draft(key, title=title, lead="", published_at=NOW + MINUTE * int(key))])
        filled(store)
        typed = title[words[0].start : words[-1].end]
        with store.reading() as tx:
            first = next(tx.search(Search((term_of(typed, quoted=True),))))
        assert first.nearness is Nearness.AS_TYPED
        assert first.item.key == key

    finds()


async def test_what_a_chat_has_saved_is_not_swept(store: Store) -> None:
    kept, gone = await stored(store, QUAKE, LAND)
    with store.writing() as tx:
        tx._change(tx._insert(saved_items).values(chat_id=1, thread_id=0, item_id=int(kept), at=NOW))
        tx._connection.execute(items.update().values(matched_at=NOW))
        assert tx.sweep(before=NOW + DAY, limit=9) == 1
        assert tx.item(kept) is not None
        assert tx.item(gone) is None
    assert found(store, "mexico") == [("dat", "as_typed")]


# ---------------------------------------------------------------- other ways in


async def test_what_is_imported_waits_for_the_index_once(monitor: CommandLine, database_url: str) -> None:
    async with await open_store(f"sqlite:///{monitor.folder}/old.db") as old:
        await stored(old, QUAKE, LAND)
    monitor.set(database_url=f"sqlite:///{monitor.folder}/old.db")
    lines = (await asyncio.to_thread(monitor, "export")).out
    assert "unindexed" not in lines
    monitor.set(database_url=database_url)
    for _ in range(2):
        assert (await asyncio.to_thread(monitor, "import", given=lines)).code == 0
    async with await open_store(database_url) as new:
        with new.reading() as tx:
            assert tx.unindexed_count() == 2
        filled(new)
        assert found(new, '"động đất"') == [("dat", "as_typed")]
    assert (await asyncio.to_thread(monitor, "import", given=lines)).code == 0
    async with await open_store(database_url) as again:
        with again.reading() as tx:
            assert tx.unindexed_count() == 0, "it was there already"


async def test_a_restored_database_is_searched_as_it_was_backed_up(monitor: CommandLine, database_url: str) -> None:
    monitor.set(database_url=database_url)
    async with await open_store(database_url) as store:
        await stored(store, QUAKE)
        await stored(store, LAND, index=False)
    assert (await asyncio.to_thread(monitor, "backup", "kept.backup")).code == 0
    async with await open_store(database_url) as store:
        filled(store)
        await stored(store, draft("moi", title="Động đất nữa"))
        assert len(found(store, '"động đất"')) == 2
    ended = await asyncio.to_thread(monitor, "restore", "kept.backup")
    assert ended.code == 0, ended.err
    async with await open_store(database_url) as store:
        with store.reading() as tx:
            assert tx.unindexed_count() == 1
        assert found(store, "mexico") == [("dat", "as_typed")]
        filled(store)
        assert found(store, "mexico") == [("nha", "as_typed"), ("dat", "as_typed")]
