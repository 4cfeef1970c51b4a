"""A body cut to what its last one did not list reads as the whole does without the known, or it is not cut."""

import tarfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.feeds.decode import decoded, no_feed, readable
from monitor.feeds.feedparsed import feedparsed
from monitor.feeds.known_items import KNOWN_ITEM_CHARS, cut, key_hash, packed, unpacked
from monitor.feeds.parse import Listing, read_listing
from monitor.types import Entry, Failed
from tests.outside import DATA, judged_outside

SAMPLES = sorted(path for path in (Path(__file__).parent / "samples").iterdir() if path.suffix == ".xml")
SEEN = datetime(2026, 8, 14, 12, 0, tzinfo=UTC)
HOME = "https://bantinthu.example/rss/home.rss"


def listed(body: bytes | str, known_items: str = "", *, seen_at: datetime = SEEN) -> Listing:
    data = body.encode() if isinstance(body, str) else body
    return read_listing(data, feed=None, url=HOME, seen_at=seen_at, known_items=known_items)


def titles(listing: Listing) -> list[str]:
    assert not isinstance(listing.entries, Failed), listing.entries
    return [entry.title for entry in listing.entries]


def rss(*items: str, root: str = 'rss version="2.0"', head: str = "<title>Thử</title>", tail: str = "") -> str:
    return f'<?xml version="1.0"?><{root}><channel>{head}{"".join(items)}{tail}</channel></rss>'


def item(number: int, more: str = "") -> str:
    return f"<item><title>Tin {number}</title><link>https://bao.example/{number}.html</link>{more}</item>"


def atom(*entries: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Thử</title>{"".join(entries)}</feed>'


def atom_entry(number: int, more: str = "") -> str:
    named = f'<id>tag:bao.example,2026:{number}</id><title>Tin {number}</title><link href="/{number}"/>'
    return f"<entry>{named}{more}</entry>"


# ---------------------------------------------------------------- the law


def assert_cut_reads_as_whole(body: bytes, choice: Sequence[bool]) -> None:
    """Whatever part of a body is known: its cut reading is the whole one without that part, or the whole one."""
    whole = listed(body)
    ours = unpacked(whole.known_items)
    part = {item_hash: ours[item_hash] for item_hash, chosen in zip(ours, choice, strict=False) if chosen}
    got = listed(body, packed(part))
    if isinstance(whole.entries, Failed) or not got.known:
        assert got == whole
        return
    assert got.known == len(part)
    known = packed(part)
    assert got.entries == tuple(entry for entry in whole.entries if not _is_among(entry, known))
    assert got.known_items == whole.known_items


def _is_among(entry: Entry, known: str) -> bool:
    """Whether the entry is that of a known item, asked of the keys alone."""
    return key_hash(entry) in unpacked(known).values()


def assert_items_stand_for_themselves(body: bytes, choice: Sequence[bool]) -> bool:
    """Whatever items are cut out of a body that may be cut, feedparser reads the others alike. Whether it may be."""
    text = decoded(body)
    if no_feed(text) or text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        return False
    ready = readable(text)
    base = HOME if "xml:base" in ready.text else ""
    data = ready.text.encode("utf-8", "replace")
    parts = cut(data) if ready.whole else None
    whole = feedparsed(data, base) if parts is not None else None
    if parts is None or whole is None or not whole.is_clean or len(whole.entries) != len(parts.spans):
        return False
    left = {item_hash for item_hash, chosen in zip(parts.hashes, choice, strict=False) if chosen}
    alone = feedparsed(parts.without(left), base)
    assert alone is not None
    assert alone.is_clean
    both = zip(whole.entries, parts.hashes, strict=True)
    assert alone.entries == [entry for entry, item_hash in both if item_hash not in left]
    return True


CHOICES = st.lists(st.booleans(), min_size=12, max_size=12)
WORDS = st.text(alphabet="aàđ <>&'\"]-!?/=;:\n", max_size=20)
NASTY = st.sampled_from(
    (
        *("<![CDATA[</item><item>]]>", "<!-- </item> -->", "<!-- <item> --><![CDATA[ ]] > ]]>", "<?php </item> ?>"),
        *("<![CDATA[<!-- ]]>", "<![CDATA[a]]]]><![CDATA[>b]]>", "&#60;/item>", "&lt;item&gt;", "&nbsp;", "&amp;amp;"),
        *("<b>đậm</b>", "<title>trong</title>", "<item/>", '<a xml:base="https://khac.example/"/>', "xml:base"),
        *("<![CDATA[", "-->", "]]>", "<!--"),
    )
)
FIELDS = st.sampled_from(
    (
        *("title", "description", "content:encoded", "guid", "author", "dc:creator", "category", "comments", "source"),
        *("media:title", "image", "textInput", "summary", "content", "pubDate", "enclosure", "name", "url", "width"),
    )
)
VERBATIM = WORDS.map(lambda words: f"<![CDATA[{words.replace(']]', '')}]]>")
FIELD = st.builds("<{0}>{1}</{0}>".format, FIELDS, st.one_of(NASTY, VERBATIM))
MORE = st.lists(st.one_of(FIELD, NASTY), max_size=4).map("".join)
NAMESPACES = (
    'rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Feeds of up to eight items with whatever may stand in and between them, some of them damaged."""
    extras = draw(st.lists(st.one_of(st.just(""), MORE), min_size=1, max_size=8))
    between = draw(st.sampled_from(("", "\n", "<!-- <item> -->", "<ttl>5</ttl>", "tự do")))
    if draw(st.booleans()):
        body = rss(*(item(number, more) + between for number, more in enumerate(extras)), root=NAMESPACES)
    else:
        body = atom(*(atom_entry(number, more.replace(":", "")) + between for number, more in enumerate(extras)))
    data = body.encode()
    for where, splinter, gap in draw(
        st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3), st.integers(0, 9)), max_size=2)
    ):
        at = int(where * len(data))
        data = data[:at] + splinter + data[at + gap :]
    return data


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies(), CHOICES)
def test_any_feed_cut_to_any_part_of_it_reads_as_the_whole_does(body: bytes, choice: list[bool]) -> None:
    assert_cut_reads_as_whole(body, choice)
    assert_items_stand_for_themselves(body, choice)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    CHOICES,
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 30)), max_size=3),
)
def test_a_sample_whole_or_damaged_reads_cut_as_it_does_whole(
    sample: Path, choice: list[bool], wounds: list[tuple[float, bytes, int]]
) -> None:
    body = sample.read_bytes()
    for where, splinter, gap in wounds:
        at = int(where * len(body))
        body = body[:at] + splinter + body[at + gap :]
    assert_cut_reads_as_whole(body, choice)
    assert_items_stand_for_themselves(body, choice)


PLAIN = {
    "rss": "<item><title>Tin &lt;b&gt;thứ&lt;/b&gt;</title><link>/tin</link><guid>tin</guid><author>An</author>"
    "<description>&lt;p&gt;Nắng</description><pubDate>Fri, 14 Aug 2026 08:00:00 +0700</pubDate></item>",
    "feed": '<entry><title>Tin</title><link href="/tin"/><id>tag:tin</id><summary type="html">&lt;p&gt;N</summary>'
    "<content>c</content><author><name>An</name></author><updated>2026-08-14T01:02:03Z</updated></entry>",
}


def with_plain_neighbours(data: bytes, root: str) -> bytes:
    """The body's first item three times, with plain items before, between and behind: whatever leaks is felt there."""
    parts = cut(data)
    assert parts is not None
    start, end = parts.spans[0]
    plain, odd = PLAIN[root].encode(), data[start:end]
    return data[:start] + plain + odd + plain + odd + odd + plain + data[end:]


@pytest.mark.slow
@judged_outside("tests/feeds/test_known_items.py::test_a_sample_whole_or_damaged_reads_cut_as_it_does_whole")
@pytest.mark.filterwarnings("ignore")  # feedparser's own
def test_real_feeds_and_those_of_conformance_read_cut_as_they_do_whole() -> None:
    found = {path.name: path.read_bytes() for path in (DATA / "feeds").iterdir() if path.suffix == ".xml"}
    for body in found.values():
        for choice in ([True, False] * 500, [False, True, True] * 400, [False] + [True] * 2_000, [True] * 2_000):
            assert_cut_reads_as_whole(body, choice)
    with tarfile.open(DATA / "conformance.dev.tar.gz") as archive:
        files = (archive.extractfile(member) for member in archive if member.isfile())
        found |= {f"conformance {number}": file.read() for number, file in enumerate(files) if file is not None}
    judged = 0
    for body in found.values():
        judged += assert_items_stand_for_themselves(body, [True, False] * 1_000)
        ready = readable(decoded(body))
        if ready.root in PLAIN and cut(ready.text.encode("utf-8", "replace")) is not None:
            crowd = with_plain_neighbours(ready.text.encode("utf-8", "replace"), ready.root)
            for number in range(1, 2**3):
                assert_items_stand_for_themselves(crowd, [bool(number & 1 << bit) for bit in (0, 1, 1, 1, 1, 2)])
    assert judged > 500


# ---------------------------------------------------------------- what is cut


def test_only_what_is_new_is_read_and_what_went_is_forgotten() -> None:
    first = listed(rss(item(3), item(2), item(1)))
    assert (titles(first), first.known) == (["Tin 3", "Tin 2", "Tin 1"], 0)
    second = listed(rss(item(4), item(3), item(2)), first.known_items)
    assert (titles(second), second.known) == (["Tin 4"], 2)
    assert second.known_items == listed(rss(item(4), item(3), item(2))).known_items
    assert len(second.known_items) == 3 * KNOWN_ITEM_CHARS
    third = listed(rss(item(4), item(3), item(2), item(1)), second.known_items)
    assert titles(third) == ["Tin 1"]


def test_nothing_new_is_a_listing_without_entries() -> None:
    first = listed(rss(item(2), item(1)))
    assert listed(rss(item(1), item(2)), first.known_items).entries == ()


def test_an_item_in_other_words_is_read() -> None:
    first = listed(rss(item(2), item(1)))
    again = listed(rss(item(2, "<description>Sửa lại</description>"), item(1)), first.known_items)
    assert (titles(again), again.known) == (["Tin 2"], 1)


def test_an_atom_feed_with_its_base_and_its_authors_is_cut() -> None:
    person = "<author><name>An</name><uri>https://an.example/</uri></author>"
    head = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://bao.example/muc/">'
    old, new = atom_entry(1, person), atom_entry(2, person + '<link rel="alternate" href="hai.html"/>')
    first = listed(f"{head}{old}</feed>")
    second = listed(f"{head}{new}{old}</feed>", first.known_items)
    assert second.known == 1
    assert not isinstance(second.entries, Failed)
    assert second.entries == listed(f"{head}{new}</feed>").entries
    assert [entry.url for entry in second.entries] == ["https://bao.example/muc/hai.html"]


def test_a_feed_that_only_mending_makes_well_formed_is_cut() -> None:
    odd = item(1, "<description>Bánh &nbsp; mì & cà phê</description>")
    first = listed(rss(odd))
    second = listed(rss(item(2, "<description>Phở & bún</description>"), odd), first.known_items)
    assert (titles(second), second.known) == (["Tin 2"], 1)


@pytest.mark.parametrize("hidden", ["<!-- <item></item> -->", "<![CDATA[</item><item>]]>", "<?x </item> ?>"])
def test_what_looks_like_an_item_in_a_comment_or_cdata_is_none(hidden: str) -> None:
    first = listed(rss(item(1, f"<description>{hidden}</description>"), "<!-- <item> -->", item(2)))
    assert len(unpacked(first.known_items)) == 2


# ---------------------------------------------------------------- in doubt the whole

TIN = item(1)
DOUBTS = {
    "an unclosed CDATA": rss(TIN, item(2, "<description><![CDATA[x</description>")),
    "an unclosed comment": rss(TIN, item(2, "<!-- x")),
    "a body cut in two": rss(TIN, item(2))[:-30],
    "an item within an item": rss(TIN, item(2, item(3))),
    "the end of a channel within an item": rss(TIN, item(2, "<channel>x</channel>")),
    "an item beside the channel": f"<rss><channel>{TIN}</channel>{item(2)}</rss>",
    "two channels": f"<rss><channel>{TIN}</channel><channel>{item(2)}</channel></rss>",
    "RSS 1.0": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    f"<channel><title>x</title></channel>{TIN}</rdf:RDF>",
    "declared entities": f'<!DOCTYPE rss [<!ENTITY ten "Mưa">]>{rss(TIN, "<item><title>&ten;</title></item>")}',
    "a base of its own": rss(TIN, item(2, '<comments xml:base="https://khac.example/">x</comments>')),
    "a prefix of its own": rss(TIN, item(2, '<dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2026</dc:date>')),
    "a prefix of the item": rss(TIN, item(2).replace("<item", '<item xmlns:x="urn:x"')),
    "markup that is not escaped": rss(TIN, item(2, "<description><p>Nắng <title>x</title></p></description>")),
    "something between the items": rss(TIN, "<ttl>5</ttl>", item(2)),
    "an item without content": rss(TIN, "<item/>"),
    "no items": rss(),
}


@pytest.mark.parametrize("doubt", DOUBTS)
def test_in_doubt_the_whole_is_read_and_nothing_is_known_of_it(doubt: str) -> None:
    body = DOUBTS[doubt]
    assert listed(body).known_items == ""
    known = listed(rss(TIN)).known_items
    assert listed(body, known) == listed(body)


def test_the_same_item_under_another_root_is_another() -> None:
    named = item(1, "<x:date>2026-08-14T01:00:00Z</x:date>")
    ours = rss(named, root='rss xmlns:x="http://purl.org/dc/elements/1.1/"')
    theirs = rss(named, root='rss xmlns:x="urn:khac"')
    assert listed(theirs, listed(ours).known_items).known == 0


def test_of_several_items_with_one_key_none_is_known() -> None:
    twins = rss(item(1), item(1, "<description>Bản khác</description>"), item(2))
    first = listed(twins)
    assert len(unpacked(first.known_items)) == 1
    assert listed(twins, first.known_items).known == 1


def test_a_new_item_with_the_key_of_a_known_one_has_the_whole_read() -> None:
    first = listed(rss(item(1), item(2)))
    body = rss(item(1, "<description>Bản khác</description>"), item(1), item(2))
    assert listed(body, first.known_items) == listed(body)


def test_an_item_whose_time_lies_ahead_is_read_until_it_has_come() -> None:
    body = rss(item(1, "<pubDate>Fri, 14 Aug 2026 20:00:00 +0700</pubDate>"), item(2))
    before = listed(body)
    assert titles(listed(body, before.known_items)) == ["Tin 1"]
    later = listed(body, before.known_items, seen_at=SEEN + timedelta(hours=2))
    assert listed(body, later.known_items, seen_at=SEEN + timedelta(hours=3)).entries == ()


def test_an_item_without_address_and_id_is_read_each_time() -> None:
    body = rss("<item><title>Không địa chỉ</title></item>", item(2))
    assert titles(listed(body, listed(body).known_items)) == ["Không địa chỉ"]


@pytest.mark.parametrize("text", ["x", "====", "đ" * 16, "A" * 15, "A" * 20, "A" * KNOWN_ITEM_CHARS * 2_001])
def test_what_is_no_list_of_known_items_knows_none(text: str) -> None:
    assert unpacked(text) == {}
    assert titles(listed(rss(TIN), text)) == ["Tin 1"]


@given(st.dictionaries(st.binary(min_size=8, max_size=8), st.binary(min_size=4, max_size=4), max_size=50))
def test_what_is_packed_is_unpacked_to_the_same(known: dict[bytes, bytes]) -> None:
    assert unpacked(packed(known)) == known
    assert len(packed(known)) == len(known) * KNOWN_ITEM_CHARS


def test_a_json_feed_is_read_whole() -> None:
    assert listed('{"items": [{"id": "1", "title": "Mưa"}]}').known_items == ""
