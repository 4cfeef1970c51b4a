"""Markup dropped, with the way back: every slice of the text knows its slice of the HTML."""

import html
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.plain import plain_text
from monitor.text.html_spans import Flattened

PIECES = ["Ông", "Putin", " ", "<b>", "</b>", "<br/>", "<a href='x>y'>", "</a>", '<img src="1">', "&nbsp;", "&amp;amp;"]
PIECES += [
    "<",
    ">",
    "&",
    "&#272;",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<Mai>",
    "<p",
    "\n",
    ".",
    "“",
    "🔥",
    "&acE;",
]
markups = st.lists(st.sampled_from(PIECES), max_size=15).map("".join)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("không thẻ nào", "không thẻ nào"),
        ("<a href='x'><img src='y'></a></br>Ông <b>Pu</b>tin", "Ông Putin"),
        ("Một câu.<br>Câu hai.<p>Câu ba.</p>", "Một câu. Câu hai. Câu ba."),
        ("R&amp;D &quot;x&quot; đ&atilde; &amp;quot;y&amp;quot;", 'R&D "x" đã "y"'),
        ("lãi suất < 5 % và > 3 %", "lãi suất < 5 % và > 3 %"),
        ("phim <Mai> hay <i>lắm</i>", "phim <Mai> hay lắm"),
        ("(<a href='x'>VOV</a>), “<a href='y'>x</a>”", "(VOV), “x”"),
        ("trước<!-- Putin -->sau", "trước sau"),
        ("trước <script>Putin</script>sau <style>b{}", "trước sau "),
        ('<b>x</b> bị cắt <a href="ht', "x bị cắt "),
        ("<img src='data:" + "A" * 5000 + "'>x", "x"),
        ("R&para=1 AT&T", "R&para=1 AT&T"),
        ("<p></p>", ""),
        ("", ""),
    ],
)
def test_a_reader_sees_the_text_without_the_markup(source: str, text: str) -> None:
    assert Flattened.of(source).text == text


@given(markups)
def test_each_character_comes_from_where_it_says(source: str) -> None:
    flat = Flattened.of(source)
    before = 0
    for index, character in enumerate(flat.text):
        start, end = flat.span(index, index + 1)
        assert before <= start < end <= len(source)
        given = source[start:end]
        assert given == character or character in html.unescape(html.unescape(given)) or given[0] in "<"
        before = end if len(given) == 1 else before


@given(markups, st.integers(0, 40), st.integers(0, 40))
def test_a_slice_spans_from_its_first_to_its_last_character(source: str, one: int, other: int) -> None:
    flat = Flattened.of(source)
    start, end = sorted((min(one, len(flat.text)), min(other, len(flat.text))))
    if start < end:
        assert flat.span(start, end) == (flat.span(start, start + 1)[0], flat.span(end - 1, end)[1])
    else:
        place, same = flat.span(start, start)
        assert place == same
        assert 0 <= place <= len(source)


@given(st.text(alphabet=st.characters(exclude_characters="<&")))
def test_text_without_markup_is_itself(source: str) -> None:
    flat = Flattened.of(source)
    assert flat.text == source
    assert flat.span(0, len(source)) == (0, len(source))


@pytest.mark.parametrize(
    "source",
    [
        "<a href='https://x.example/1'><img src='https://x.example/1.jpg'/></a></br>Một câu&nbsp;có dấu. Câu thứ hai.",
        "<p><strong>Bến Mẫu</strong> - Một câu &ldquo;trích&rdquo;.</p>\n<p>Câu <em>hai</em>, dài hơn.</p>",
        "<div>Chỉ một <span class='x'>đoạn</span><br/>và một dòng.</div>",
    ],
)
def test_feeds_and_given_items_read_markup_alike(source: str) -> None:
    assert " ".join(Flattened.of(source).text.split()) == plain_text(source)


@pytest.mark.parametrize(
    "piece", ["<!--", "<a", "<a ", '<a "', "<a b='", "<script>", "&amp", "<a x='1' ", "</", "&#1;", "<p>"]
)
def test_hostile_markup_costs_no_more_than_its_length(piece: str) -> None:
    started = time.process_time()
    Flattened.of(piece * (1_000_000 // len(piece)))
    assert time.process_time() - started < 3, "seconds for a megabyte"
