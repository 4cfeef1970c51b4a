"""Markup dropped, with the way back: every slice of the text knows its slice of the HTML."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.html_spans import Flattened, FlatText

PIECES = ["Ông", "Putin", " ", "<b>", "</b>", "<br/>", "<a href='x>y'>", "</a>", '<img src="1">', "&nbsp;", "&amp;amp;"]
PIECES += ["<", ">", "&", "&#272;", "<!--", "-->", "<script>", "</script>", "<Mai>", "<p", "\n", ".", "“", "🔥"]
PIECES += ["e\u0302\u0301", "\u0323", "\u200b", "\u200d", "\u1100\u1161", "\u212b", "&amp;lt;b&amp;gt;", "&#769;", "  "]
PIECES += ["&acE;"]
markups = st.lists(st.sampled_from(PIECES), max_size=15).map("".join)

# whole tags and whole words: what a newspaper's markup is made of, so that a part of it reads as it did in the whole
WORDS = ["Ông", "Putin", "thăm", "Bến", "Mẫu", ".", ",", "“x”", "5%", "&amp;", "&#272;i", "&amp;quot;", "e\u0302\u0301"]
TAGS = ["<b>", "</b>", "<br/>", "<a href='x>y'>", "</a>", "<p class=z>", "</p>", "&nbsp;", " ", "  ", "\n", "<!--M-->"]
newspapers = st.lists(st.sampled_from([*WORDS, *TAGS]), max_size=20).map("".join)


def line(source: str) -> Flattened:
    return Flattened(source).read_line()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("không thẻ nào", "không thẻ nào"),
        ("<a href='x'><img src='y'></a></br>Ông <b>Pu</b>tin", "Ông Putin"),
        ("Một câu.<br>Câu hai.<p>Câu ba.</p>", "Một câu. Câu hai. Câu ba."),
        ("R&amp;D &quot;x&quot; đ&atilde; &amp;quot;y&amp;quot;", 'R&D "x" đã "y"'),
        ("lãi suất < 5 % và > 3 %", "lãi suất < 5 % và > 3 %"),
        ("phim <Mai> hay <i>lắm</i>", "phim <Mai> hay lắm"),
        ("trước<!-- Putin -->sau", "trước sau"),
        ("trước <script>Putin</script>sau <style>b{}", "trước sau"),
        ('<b>x</b> bị cắt <a href="ht', "x bị cắt"),
        ("<img src='data:" + "A" * 5000 + "'>x", "x"),
        ("R&para=1 AT&T", "R&para=1 AT&T"),
        ("&lt;b&gt;đậm&lt;/b&gt;", "đậm"),
        ("<p></p>", ""),
        ("", ""),
    ],
)
def test_a_reader_sees_the_text_without_the_markup(source: str, text: str) -> None:
    assert line(source).text == text


@given(markups)
def test_with_and_without_the_way_back_the_text_is_the_same(source: str) -> None:
    assert line(source).text == FlatText(source).read_line().text
    assert Flattened(source).read_lines().text == FlatText(source).read_lines().text
    assert Flattened(source).drop_related().read_line().text == FlatText(source).drop_related().read_line().text


@given(markups)
def test_each_character_comes_from_where_it_says(source: str) -> None:
    for flat in (line(source), Flattened(source).read_lines()):
        before = 0
        for index in range(len(flat.text)):
            start, end = flat.span(index, index + 1)
            assert before <= start < end <= len(source)
            before = start


@given(markups)
def test_a_letter_that_was_written_as_such_is_found_at_its_own_place(source: str) -> None:
    flat = line(source)
    for index, letter in enumerate(flat.text):
        start, end = flat.span(index, index + 1)
        if letter.isascii() and letter.isalpha() and "&" not in source[start:end]:
            assert source[start] == letter


@given(newspapers, st.integers(0, 60), st.integers(0, 60))
def test_what_a_slice_came_from_reads_as_the_slice(source: str, one: int, other: int) -> None:
    flat = line(source)
    start, end = sorted((min(one, len(flat.text)), min(other, len(flat.text))))
    begin, stop = flat.span(start, end)
    told = flat.text[start:end]
    # a slice that ends inside what one entity or one letter with its marks became takes the whole of it along
    cuts_none = (not start or flat.span(start - 1, start)[1] <= begin) and (
        end == len(flat.text) or flat.span(end, end + 1)[0] >= stop
    )
    again = line(source[begin:stop]).text
    assert told.strip() in again
    if start < end and cuts_none:
        assert again == told.strip()


@given(markups, st.integers(0, 40), st.integers(0, 40))
def test_a_slice_spans_from_its_first_to_its_last_character(source: str, one: int, other: int) -> None:
    flat = line(source)
    start, end = sorted((min(one, len(flat.text)), min(other, len(flat.text))))
    if start < end:
        assert flat.span(start, end) == (flat.span(start, start + 1)[0], flat.span(end - 1, end)[1])
    else:
        place, same = flat.span(start, start)
        assert place == same
        assert 0 <= place <= len(source)


def test_a_joiner_between_letters_goes_however_it_is_written() -> None:
    for source in ("a\u200db", "a\u200d\u200d b", "\u200d\u200da b", "e\u0302\u200d b", "e\u200d\u0302 b"):
        once = FlatText(source).tidy().text
        assert "\u200d" not in once
        assert Flattened(source).tidy().text == once
    assert FlatText("🔥\u200d🔥 \u200d").tidy().text == "🔥\u200d🔥 \u200d"


@given(markups)
def test_tidying_twice_changes_nothing(source: str) -> None:
    once = FlatText(source).tidy().text
    assert FlatText(once).tidy().text == once


@given(st.text(alphabet=st.characters(exclude_characters="<&")))
def test_text_without_markup_is_itself_where_lines_count(source: str) -> None:
    flat = Flattened(source).read_lines()
    assert flat.text == source
    assert flat.span(0, len(source)) == (0, len(source))


def test_where_lines_count_a_paragraph_is_one() -> None:
    flat = Flattened("<p>Ông <b>Pu</b>tin.</p><p>T&ocirc; L&acirc;m</p>\n\nDòng  ba").read_lines()
    assert flat.text.split("\n") == ["", "Ông Putin.", "", "Tô Lâm", "", "", "Dòng  ba"]


def test_headlines_of_other_articles_are_left_out_and_a_list_of_the_article_stays() -> None:
    source = "<p>Mưa lớn.</p><ul><li><a href='x'>Bão số 3</a></li></ul><p>Gió to.</p><ul><li>Áo mưa</li></ul>"
    flat = Flattened(source).drop_related().read_line()
    assert flat.text == "Mưa lớn. Gió to. Áo mưa"
    assert source[slice(*flat.span(0, len("Mưa lớn.")))] == "Mưa lớn."
    assert source[slice(*flat.span(flat.text.index("Gió"), len(flat.text)))].startswith("Gió to.</p>")


def test_evidence_in_decomposed_text_keeps_its_marks() -> None:
    source = "Ông e\u0302\u0301 <i>đ</i>i&nbsp;xa"
    flat = line(source)
    at = flat.text.index("ế")
    assert source[slice(*flat.span(at, at + 1))] == "e\u0302\u0301"
    assert source[slice(*flat.span(0, len(flat.text)))] == source


@pytest.mark.parametrize(
    "piece",
    [
        *("<!--", "<a", "<a ", '<a "', "<a b='", "<a x='1' ", "</", "<p>", "<p> .", "<script>", "<script", "<ul><li"),
        *("<li<ul", "&amp", "&#1;"),
    ],
)
def test_hostile_markup_costs_no_more_than_its_length(piece: str) -> None:
    source = piece * (1_000_000 // len(piece))
    started = time.process_time()
    Flattened(source).drop_related().read_line()
    Flattened(source[:500_000]).read_lines()
    assert time.process_time() - started < 3, "seconds for a megabyte"
