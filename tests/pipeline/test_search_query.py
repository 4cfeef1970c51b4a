"""What is typed to search with is understood, or it is said what is wrong."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.pipeline.search_query import (
    MOST_TYPED,
    QueryFault,
    QueryMistake,
    SearchNames,
    nearest_names,
    read_query,
)
from monitor.store.search import Search
from monitor.types import WatchId
from tests.store_samples import DAY, NOW

NAMES = SearchNames(
    {WatchId("putin"): "Vladimir Putin", WatchId("bao-bien-dong"): "Bão trên Biển Đông"}, ("Tuổi Trẻ", "VOV")
)


def read(typed: str) -> Search:
    found = read_query(typed, NAMES, now=NOW)
    assert isinstance(found, Search)
    return found


def terms(typed: str) -> list[tuple[str, bool]]:
    return [(" ".join(word.written for word in term.words), term.quoted) for term in read(typed).terms]


def mistake(typed: str) -> QueryMistake:
    found = read_query(typed, NAMES, now=NOW)
    assert isinstance(found, QueryMistake)
    return found


def test_words_behind_each_other_are_one_term_and_quotes_another() -> None:
    assert terms("Giá  vàng") == [("giá vàng", False)]
    assert terms('giá "bão số 3" vàng') == [("giá", False), ("bão số 3", True), ("vàng", False)]
    assert terms("“bão số 3” «sóng thần»") == [("bão số 3", True), ("sóng thần", True)], "as telephones write quotes"
    assert terms("V.Putin, Jong-un!") == [("v putin jong un", False)]


def test_filters_stand_anywhere() -> None:
    found = read('since:7d giá OUTLET:"Tuổi Trẻ" vàng @Putin')
    assert [term.words[0].written for term in found.terms] == ["giá"]
    assert len(found.terms[0].words) == 2
    assert (found.since, found.outlet, found.watch_ids) == (NOW - 7 * DAY, "Tuổi Trẻ", ("putin",))
    assert read("giá outlet:VOV").outlet == "VOV"
    assert read('giá outlet: "Tuổi Trẻ"').outlet == "Tuổi Trẻ"
    assert read("@putin").terms == ()
    assert read("since:1d12h").since == NOW - timedelta(hours=36)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("", QueryMistake(QueryFault.NOTHING)),
        ("?! …", QueryMistake(QueryFault.NOTHING)),
        ('""', QueryMistake(QueryFault.NOTHING)),
        ('giá "vàng tăng', QueryMistake(QueryFault.UNCLOSED, "vàng tăng")),
        ("giá since:", QueryMistake(QueryFault.NO_VALUE, "since:")),
        ('giá outlet:""', QueryMistake(QueryFault.NO_VALUE, "outlet:")),
        ("giá since:hôm-qua", QueryMistake(QueryFault.SINCE, "hôm-qua")),
        ("giá since:-7d", QueryMistake(QueryFault.SINCE, "-7d")),
        ("giá since:0d", QueryMistake(QueryFault.SINCE, "0d")),
        ("giá since:99999w", QueryMistake(QueryFault.SINCE, "99999w")),
        ("@puttin", QueryMistake(QueryFault.WATCH, "puttin", ("putin",))),
        ("@bão", QueryMistake(QueryFault.WATCH, "bão", ("bao-bien-dong",))),
        ("@", QueryMistake(QueryFault.NOTHING)),
        ("a" * (MOST_TYPED + 1), QueryMistake(QueryFault.TOO_LONG, "200")),
        ("a " * 60, QueryMistake(QueryFault.TOO_LONG, "30")),
    ],
)
def test_what_is_wrong_is_named(typed: str, wrong: QueryMistake) -> None:
    assert mistake(typed) == wrong


def test_an_outlet_that_is_not_known_gets_the_nearest_names() -> None:
    assert nearest_names("tuoi tre", NAMES.outlets) == ("Tuổi Trẻ",)
    assert nearest_names("Tuổi Tẻ", NAMES.outlets) == ("Tuổi Trẻ",)
    assert nearest_names("Bến Sông", NAMES.outlets) == ()


@given(
    st.text(max_size=300) | st.lists(st.sampled_from(['"', "@", "since:", "outlet:", "a", " ", "7d", "”"])).map("".join)
)
def test_whatever_is_typed_is_a_search_or_a_mistake(typed: str) -> None:
    assert isinstance(read_query(typed, NAMES, now=NOW), Search | QueryMistake)
