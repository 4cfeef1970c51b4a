"""Named sets: {khởi tố} stands for any of its members, wherever a query names it."""

import re
import time

import pytest

from monitor.errors import QueryError
from monitor.matching.matcher import compile_watchlist
from monitor.matching.query import parse_query
from monitor.matching.sets import Sets, set_key
from monitor.matching.word_sets import read_sets, shipped_sets
from monitor.types import Event, WatchId, Watchlist, WordSet
from tests.newsroom import item

FIRE = WordSet("lửa", ("cháy", "bốc cháy", '"bà hỏa"'), ignore=("cháy vé", "bán cháy hàng"))
DEATH = WordSet("mất", ("tử vong", "thiệt mạng"))
BOTH = WordSet("tai họa", ("{lửa}", "{mất}", "bão NEAR/3 đổ bộ"))


def _found(query: str, title: str, ignore: tuple[str, ...] = ()) -> list[str]:
    watchlist = Watchlist("1", (Event(WatchId("e"), "E", match=(query,), ignore=ignore),), (FIRE, DEATH, BOTH))
    return [one.text for match in compile_watchlist(watchlist).match(item(title)) for one in match.evidence]


@pytest.mark.parametrize(
    ("query", "title", "found"),
    [
        ("{lửa}", "Bốc cháy ở chợ", ["Bốc cháy"]),
        ("{lửa}", "Mưa lớn ở chợ", []),
        ("{LỬA} AND chợ", "Cháy chợ", ["Cháy", "chợ"]),
        ("{lửa} NEAR/3 {mất}", "Cháy nhà, hai người tử vong", []),
        ("{lửa} NEAR/6 {mất}", "Cháy nhà, hai người tử vong", ["Cháy", "tử vong"]),
        ("sentence:({lửa} AND {mất})", "Cháy nhà. Hai người tử vong", []),
        ("{tai họa}", "Bão số 3 đổ bộ", ["Bão", "đổ bộ"]),
        ("{tai họa}", "Hai người thiệt mạng", ["thiệt mạng"]),
        ("chợ AND NOT {lửa}", "Cháy chợ", []),
        ("chợ AND NOT {lửa}", "Chợ đông", ["Chợ"]),
    ],
)
def test_a_set_stands_for_any_of_its_members(query: str, title: str, found: list[str]) -> None:
    assert _found(query, title) == found


@pytest.mark.parametrize(
    ("query", "title", "found"),
    [
        ("{lửa}", "Phim cháy vé", []),
        ("{lửa}", "Phim cháy vé, rạp cháy", ["cháy"]),
        ("{tai họa}", "Bán cháy hàng", []),
        ("{lửa} OR cháy", "Phim cháy vé", ["cháy"]),  # the word written beside the set is a word of its own
        ("chợ AND NOT {lửa}", "Chợ bán cháy hàng", ["Chợ"]),
        ("title:{lửa}", "Phim cháy vé", []),
    ],
)
def test_a_figure_of_speech_does_not_count_for_the_set_alone(query: str, title: str, found: list[str]) -> None:
    assert _found(query, title) == found


def test_what_an_event_ignores_does_not_bring_back_what_its_set_ignores() -> None:
    assert _found("{lửa}", "Bán cháy hàng", ignore=("bán cháy hàng",)) == []
    assert _found("sentence:{lửa}", "Rạp đông; cháy vé", ignore=("đông",)) == []


def test_what_hit_is_told_by_the_member_and_what_lacks_by_the_set() -> None:
    matcher = compile_watchlist(
        Watchlist("1", (Event(WatchId("e"), "E", match=("{lửa} NEAR/5 chợ",)),), (FIRE, DEATH, BOTH))
    )
    (match,) = matcher.match(item("Cháy chợ"))
    assert match.by == "cháy NEAR/5 chợ"
    (miss,) = matcher.explain(item("Chợ đông")).near_misses
    assert "{lửa}" in miss.why.text("en")


@pytest.mark.parametrize(
    ("query", "column", "said"),
    [
        ("chợ AND {lưa}", 9, "{lưa} is no set: {lửa} is expected"),
        ("{zzz}", 1, "{zzz} is no set: a set of docs/sets.md or of `sets:` is expected"),
        ("{vòng}", 1, "cannot hold itself"),
        ("{quanh}", 1, "{quanh} → {vòng} → {quanh}"),
        ("{trống}", 1, "{trống} is empty"),
        ("a NEAR/3 {đôi}", 10, "{đôi} has a member with AND"),
        ("a NEAR/3 (b OR {ngoài})", 16, "{ngoài} has a member with AND"),
        ("{hỏng}", 1, "{hỏng}, `a OR`: the end is not expected"),
    ],
)
def test_a_set_that_cannot_be_used_is_told_with_its_place_and_what_to_write(query: str, column: int, said: str) -> None:
    sets = Sets(
        (
            FIRE,
            WordSet("vòng", ("a", "{quanh}")),
            WordSet("quanh", ("{vòng}",)),
            WordSet("trống", ()),
            WordSet("đôi", ("a AND b",)),
            WordSet("ngoài", ("{đôi}",)),
            WordSet("hỏng", ("a OR",)),
        )
    )
    with pytest.raises(QueryError) as caught:
        sets.parse(query)
    assert caught.value.column == column
    assert said in str(caught.value)


def test_sets_of_sets_cannot_grow_without_end() -> None:
    deep = [WordSet(f"s{n}", (f"{{s{n + 1}}}",)) for n in range(20)]
    with pytest.raises(QueryError, match="deep in sets"):
        Sets((*deep, WordSet("s20", ("a",)))).parse("{s0}")
    wide = [WordSet(f"s{n}", tuple(f"{{s{n + 1}}} AND w{n}x{m}" for m in range(40))) for n in range(6)]
    with pytest.raises(QueryError, match="more than 20,000 words"):
        Sets((*wide, WordSet("s6", ("a",)))).parse("{s0}")


# ---------------------------------------------------------------- what ships


def test_the_text_of_a_set_gives_its_members_and_what_it_ignores() -> None:
    text = """
lửa: có cháy
    cháy | "cháy" NEAR/3 rừng
    bà hỏa
    not: cháy vé | bán cháy hàng
        cháy túi

mất: có người chết
    tử vong
"""
    assert list(read_sets(text)) == [
        WordSet("lửa", ("cháy", '"cháy" NEAR/3 rừng', "bà hỏa"), ("cháy vé", "bán cháy hàng", "cháy túi"), "có cháy"),
        WordSet("mất", ("tử vong",), (), "có người chết"),
    ]


@pytest.mark.parametrize("word_set", shipped_sets(), ids=lambda one: one.name)
def test_every_shipped_set_parses_and_says_what_it_means(word_set: WordSet) -> None:
    Sets().parse(f"{{{word_set.name}}}")
    assert word_set.meaning
    assert (
        word_set.name.replace("Việt Nam", "") == word_set.name.replace("Việt Nam", "").lower()
    )  # a name keeps its capitals
    assert not re.search(r'[{}()"|:]', word_set.name)
    assert len({*word_set.members}) == len(word_set.members)


def test_no_two_shipped_sets_have_one_name() -> None:
    keys = [set_key(one.name) for one in shipped_sets()]
    assert sorted(set(keys)) == sorted(keys)


def test_a_query_names_its_sets_in_order() -> None:
    assert [one.name for one in parse_query("{b} AND NOT {a}").sets()] == ["b", "a"]


@pytest.mark.parametrize("piece", ["Phim cháy vé ở chợ. ", "Phim cháy vé ở chợ, chợ cháy. ", "cháy vé "])
@pytest.mark.parametrize("query", ["sentence:({lửa} AND chợ)", "{lửa} NEAR/3 {mất}", "{lửa}"])
def test_a_long_text_of_figures_of_speech_takes_linear_time(piece: str, query: str) -> None:
    watchlist = Watchlist("1", (Event(WatchId("e"), "E", match=(query, "rạp")),), (FIRE, DEATH, BOTH))
    matcher = compile_watchlist(watchlist)
    text = item("Rạp đông", piece * (300_000 // len(piece)))
    began = time.process_time()
    matcher.match(text)
    assert time.process_time() - began < 5
