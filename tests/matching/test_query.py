"""Queries: what they mean, and what a wrong one is told."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import QueryError
from monitor.matching.query import parse_query
from monitor.matching.query_errors import MAX_DEPTH
from monitor.matching.query_nodes import And, InSentence, InTitle, Near, Node, Not, Or, People, Person, SetName, Term


def T(text: str, *, exact: bool = False, fold: bool = False) -> Term:  # noqa: N802
    return Term(text, exact=exact, fold=fold)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Hormuz", T("Hormuz")),
        ('"ngừng bắn"', T("ngừng bắn")),
        ("“ngừng  bắn”", T("ngừng bắn")),
        ("ngừng bắn", T("ngừng bắn")),
        ("ngừng bắn Gaza", And((T("ngừng bắn"), T("Gaza")))),
        ("ngừng bắn 2026", T("ngừng bắn 2026")),
        ("a AND b OR c", Or((And((T("a"), T("b"))), T("c")))),
        ("a AND (b OR c)", And((T("a"), Or((T("b"), T("c")))))),
        ('"a" "b"', And((T("a"), T("b")))),
        ("a NOT b", And((T("a"), Not(T("b"))))),
        ("a AND NOT (b OR c)", And((T("a"), Not(Or((T("b"), T("c"))))))),
        ("NOT NOT a", T("a")),
        ("a NEAR/5 b", Near((T("a"), T("b")), (5,))),
        ("a NEAR/5 b NEAR/2 c", Near((T("a"), T("b"), T("c")), (5, 2))),
        ("(a OR b) NEAR/25 @putin", Near((Or((T("a"), T("b"))), Person("putin")), (25,))),
        ("title:Gaza", InTitle(T("Gaza"))),
        ("title:(a b OR c)", InTitle(Or((T("a b"), T("c"))))),
        ("sentence:(a AND @**)", InSentence(And((T("a"), People(2))))),
        ("@* AND @kim-jong-un", And((People(1), Person("kim-jong-un")))),
        ("~bao NOT ~gio", And((T("bao", fold=True), Not(T("gio", fold=True))))),
        ('=Mỹ OR ="bão *"', Or((T("Mỹ", exact=True), T("bão *", exact=True)))),
        ("android AND OReilly", And((T("android"), T("OReilly")))),
        ("COVID-19", T("COVID-19")),
        ("{khởi tố}", SetName("khởi tố")),
        ("{khởi  tố} Hà Nội", And((SetName("khởi tố"), T("Hà Nội")))),
        ("bão NEAR/5 ({cháy} OR @putin)", Near((T("bão"), Or((SetName("cháy"), Person("putin")))), (5,))),
        ('"{cháy}"', T("{cháy}")),
    ],
)
def test_a_query_means(text: str, tree: Node) -> None:
    assert parse_query(text).root == tree


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("", 1, "empty"),
        ("a AND", 6, "a word"),
        ("AND a", 1, "a word"),
        ("a OR OR b", 6, "a word"),
        ("(a", 1, '")" is expected'),
        ("a)", 2, '")" without "("'),
        ('a AND "b', 7, "never closed"),
        ("a NEAR/x b", 3, "NEAR/5"),
        ("a NEAR b", 3, "NEAR/5"),
        ("a NEAR/0 b", 3, "1 to 1000"),
        ("a NEAR/5", 9, "a word"),
        ("a NEAR/3 (b AND c)", 3, "not expected inside"),
        ("Khởi tố NEAR/3 a", 9, "quotes keep words with and without capitals together"),
        ("NOT a", 1, "NOT alone"),
        ("a OR NOT b", 1, "NOT alone"),
        ("Trump, Putin", 6, "OR"),
        ("a : b", 3, "AND, OR"),
        ("title:", 7, "a word"),
        ("@Putin", 1, "@id"),
        ("()", 2, "a word"),
        ("a {b", 3, '"}" is expected'),
        ("a {b {c}", 3, '"}" is expected'),
        ("a } b", 3, "written {name}"),
        ("a AND {}", 7, "the name of a set"),
        ('"..."', 1, "letters or digits"),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), MAX_DEPTH + 1, "deep"),
    ],
)
def test_a_wrong_query_is_told_where_and_what_was_expected(text: str, column: int, expected: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert (caught.value.column, expected in str(caught.value)) == (column, True), str(caught.value)


def test_a_query_names_its_terms_and_leaders_once() -> None:
    query = parse_query("(a OR b OR a) AND @putin AND NOT (c NEAR/3 @putin)")
    assert [term.text for term in query.terms()] == ["a", "b", "c"]
    assert query.people() == ("putin",)


@pytest.mark.parametrize(
    "text",
    [
        " OR ".join(f'"cụm số {number}"' for number in range(10_000)),
        "NOT " * 10_000 + "a",
        "a " * 10_000,
        '"a" NEAR/3 ' * 10_000 + '"b"',
    ],
)
def test_long_queries_parse_in_linear_time(text: str) -> None:
    began = time.process_time()
    parse_query(text)
    assert time.process_time() - began < 3


def test_a_reader_may_be_held_to_fewer_terms() -> None:
    with pytest.raises(QueryError, match="more than 3 words"):
        parse_query("a OR b OR c OR d", max_terms=3)


@given(st.text(alphabet='aBđ"()@~=<>{}:/35,% ANDORTE*', max_size=40))
def test_any_text_is_a_query_or_an_error_within_it(text: str) -> None:
    try:
        parse_query(text)
    except QueryError as wrong:
        error = wrong
    else:
        return
    assert 1 <= error.column <= len(text) + 1
    assert "expected" in str(error)
