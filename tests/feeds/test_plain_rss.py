"""RSS in its plainest form reads as feedparser reads it, to the letter, or is left to feedparser."""

import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.feeds.decode import decoded, readable
from monitor.feeds.feedparsed import Feedparsed, feedparsed
from monitor.feeds.known_items import cut
from monitor.feeds.plain_rss import plain_rss
from tests.feeds.test_known_items import NAMESPACES, PLAIN, bodies, with_plain_neighbours
from tests.outside import DATA, judged_outside

SAMPLES = sorted(path for path in (Path(__file__).parent / "samples").iterdir() if path.suffix == ".xml")
ROOT = f'{NAMESPACES} xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
LINK = "<link>https://bao.example/1.html</link>"


def rss(*fields: str, head: str = "<title>Thử</title>", root: str = ROOT) -> bytes:
    return f"<{root}><channel>{head}<item>{''.join(fields)}</item></channel></rss>".encode()


def read_plainly(body: bytes) -> Feedparsed | None:
    """What the body gives by itself, if it may be cut; whatever that is, feedparser must give the same."""
    ready = readable(decoded(body))
    data = ready.text.encode("utf-8", "replace")
    if not ready.whole or cut(data) is None:
        return None
    plain = plain_rss(data)
    if plain is not None:
        assert plain.is_plain
        assert replace(plain, is_plain=False) == feedparsed(data)
    return plain


# ---------------------------------------------------------------- the law

LETTERS = "aàộ\xc3\xa9\xa0\u2028 \t\n\r&;<>'\"/:?=%#.-_1\U0001f600"
TEXTS = st.one_of(
    st.text(alphabet=LETTERS, max_size=12).map(
        lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    ),
    st.text(alphabet=LETTERS, max_size=12).map(lambda text: f"<![CDATA[{text.replace(']]>', '')}]]>"),
    st.sampled_from(
        (
            *(
                "",
                " ",
                "https://bao.example/a?b=1&amp;c;=2&amp;amp;d=3",
                "http:///bao.example",
                " https://bao.example/1 ",
            ),
            *("HÃ  Ná»\x99i", "caf\xc3\xa9", "gi\xe1", "l\x92anh", "&#x92;", "&amp;eacute;", "tag:bao,2026:1"),
            *("&lt;p>Nắng &lt;b>to&lt;/b>", "a<![CDATA[b]]>c", "<?x y?>a", "<!-- x -->a", "a@bao.example (An)"),
        )
    ),
)
ATTRIBUTES = {
    "guid": ("", ' isPermaLink="false"', ' isPermaLink="true"', ' ISPERMALINK="True"'),
    "enclosure": (
        ' url="https://anh.example/1.JPG" type="IMAGE/Jpeg"',
        ' href="a" url="" uri="b"',
        ' rel="Self" uri="a"',
    ),
    "media:content": (' url="https://anh.example/1.jpg" medium="image"', ' URL="https://anh.example/1.jpg"', ""),
    "media:thumbnail": (' url="https://anh.example/1.jpg"', ' width="1"'),
    "category": ("", ' domain="x"'),
}
ODD_ATTRIBUTES = (' type="text/html"', ' x="y"', ' dc:x="1"', ' xml:lang="vi"', ' base="https://khac.example/"')
FIELDS = st.sampled_from(
    (
        *("title", "link", "guid", "pubDate", "description", "content:encoded", "author", "comments"),
        *("enclosure", "media:content", "media:thumbnail", "category", "slash:comments"),
    )
)
ODD_FIELDS = st.sampled_from(
    (
        "dc:creator",
        "dc:creator",
        "pubdate",
        "dc:date",
        "media:title",
        "source",
        "image",
        "LINK",
        "summary",
        "title",
        "guid",
        "title",
        "category",
    )
)


@st.composite
def written(draw: st.DrawFn) -> str:
    """The fields of an item, most of them as newspapers write them, in any order."""
    found = draw(st.lists(FIELDS, max_size=8, unique=True))
    if draw(st.integers(0, 5)) == 5:
        found.append(draw(ODD_FIELDS))
    fields = []
    for name in draw(st.permutations(found)):
        some = ODD_ATTRIBUTES if draw(st.integers(0, 20)) == 20 else ATTRIBUTES.get(name, ("",))
        text = "" if name == "media:thumbnail" and draw(st.integers(0, 5)) < 5 else draw(TEXTS)
        fields.append(f"<{name}{draw(st.sampled_from(some))}>{text}</{name}>")
    return f"<item>{''.join(fields)}</item>"


HEADS = st.sampled_from(
    (
        *("", "<title>Thử</title><link>https://bao.example/</link><ttl>5</ttl>", "<width>x</width>"),
        *("<image><url>a</url><link>b</link></image>", "<x:title xmlns:x='urn:x'>x</x:title>"),
        *("<textInput><title>x</title><name>y</name></textInput>", "<description><title>x</title></description>"),
        *('<atom:link xmlns:atom="http://www.w3.org/2005/Atom" href="/" rel="self"/>', "<language>vi</language>"),
        *("<description><![CDATA[<title>]]></description>", "<source>x</source>", "<image/>", "<cloud domain='x'/>"),
        "<x:y xmlns:x='urn:x'><x:z/></x:y>",
    )
)
ROOTS = st.sampled_from(
    (
        *(ROOT, f'{ROOT} xml:base="https://khac.example/"', f'{ROOT} base="/x"', f'{ROOT} xmlns="urn:x"', NAMESPACES),
        ROOT.replace("purl.org/dc/elements/1.1", "purl.org/rss/1.0/modules/content"),
        ROOT.replace("http://purl.org/dc/elements/1.1/", "urn:x"),
        ROOT.replace("purl.org/rss/1.0/modules/slash", "purl.org/dc/elements/1.1"),
    )
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.just(ROOT), ROOTS), st.one_of(st.just(""), HEADS), st.lists(written(), min_size=1, max_size=3))
def test_what_is_read_plainly_is_what_feedparser_reads(root: str, head: str, items: list[str]) -> None:
    read_plainly(f"<{root}><channel>{head}{''.join(items)}</channel></rss>".encode())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies())
def test_whatever_stands_in_a_feed_it_reads_as_feedparser_does(body: bytes) -> None:
    read_plainly(body)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 30)), max_size=3),
)
def test_a_sample_whole_or_damaged_reads_as_feedparser_reads_it(
    sample: Path, wounds: list[tuple[float, bytes, int]]
) -> None:
    body = sample.read_bytes()
    for where, splinter, gap in wounds:
        at = int(where * len(body))
        body = body[:at] + splinter + body[at + gap :]
    read_plainly(body)


@pytest.mark.slow
@judged_outside("tests/feeds/test_plain_rss.py::test_a_sample_whole_or_damaged_reads_as_feedparser_reads_it")
@pytest.mark.filterwarnings("ignore")  # feedparser's own
def test_real_feeds_and_those_of_conformance_read_as_feedparser_reads_them() -> None:
    real = [path.read_bytes() for path in (DATA / "feeds").iterdir() if path.suffix == ".xml"]
    assert all(read_plainly(body) for body in real)
    with tarfile.open(DATA / "conformance.dev.tar.gz") as archive:
        files = (archive.extractfile(member) for member in archive if member.isfile())
        conformance = [file.read() for file in files if file is not None]
    judged = 0
    for body in conformance:
        judged += read_plainly(body) is not None
        data = readable(decoded(body)).text.encode("utf-8", "replace")
        if b"<rss" in data and cut(data) is not None:
            read_plainly(with_plain_neighbours(data, "rss"))
    assert judged > 200


# ---------------------------------------------------------------- what is plain, and what is not


def test_an_item_as_newspapers_write_it_is_plain() -> None:
    body = rss(
        "<title><![CDATA[Mưa &amp; nắng]]></title>",
        LINK,
        '<guid isPermaLink="false">tin-1</guid>',
        "<description><![CDATA[<p>Nắng</p>]]></description>",
        "<content:encoded>&lt;p&gt;Bài</content:encoded>",
        "<pubDate>Fri, 14 Aug 2026 08:00:00 +0700</pubDate>",
        "<dc:creator>An</dc:creator>",
        '<category domain="x">Xã hội</category><category/>',
        '<enclosure url="https://anh.example/1.jpg" type="image/jpeg" length="1"/>',
        '<media:content url="https://anh.example/2.jpg" medium="image"/>',
        '<media:thumbnail url="https://anh.example/3.jpg"/>',
        "<comments>https://bao.example/1.html#y-kien</comments>",
    )
    plain = read_plainly(body)
    assert plain is not None
    (entry,) = plain.entries
    assert (entry.title, entry.guid, entry.lead) == ("Mưa &amp; nắng", "tin-1", "<p>Nắng</p>")
    assert entry.images == tuple(f"https://anh.example/{number}.jpg" for number in (2, 1, 3))
    assert entry.markups == ("<p>Nắng</p>", "<p>Bài")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://bao.example/?a=1&amp;b=2", "https://bao.example/?a=1&b=2"),
        ("https://bao.example/?a=1&amp;amp;b=2", "https://bao.example/?a=1&b=2"),
        ("https://bao.example/?a=1&amp;copy;=2", "https://bao.example/?a=1&copy=2"),
        ("<![CDATA[ https://bao.example/?a&lt;b;c ]]>", "https://bao.example/?a&ltb;c"),
        ("", ""),
    ],
)
def test_the_parameters_of_an_address_are_mended_as_feedparser_does(written: str, read: str) -> None:
    plain = read_plainly(rss(f"<link>{written}</link>", "<enclosure url='https://bao.example/2.mp3'/>"))
    assert plain is not None
    assert plain.entries[0].url == read


@pytest.mark.parametrize("title", ["Hà Nội", "café", "Hàn", "naïve"])
def test_letters_that_were_encoded_twice_are_mended_as_feedparser_does(title: str) -> None:
    twice = title.encode().decode("iso-8859-1")
    plain = read_plainly(rss(LINK, f"<title>{twice}</title>", f"<description>{title}</description>"))
    assert plain is not None
    assert (plain.entries[0].title, plain.entries[0].lead) == (title, title)


def test_a_guid_stands_for_a_link_that_is_missing() -> None:
    plain = read_plainly(rss("<title>Tin</title><guid>https://bao.example/1.html</guid>"))
    assert plain is not None
    assert plain.entries[0].url == "https://bao.example/1.html"


NOT_PLAIN = {
    "Atom": f'<feed xmlns="http://www.w3.org/2005/Atom">{PLAIN["feed"]}</feed>'.encode(),
    "a field of which nothing is known here": rss(LINK, "<dc:date>2026-08-14</dc:date>"),
    "a field twice": rss(LINK, "<title>Một</title><title>Hai</title>"),
    "two authors": rss(LINK, "<author>An</author><dc:creator>Bình</dc:creator>"),
    "an attribute": rss(LINK, '<title type="html">Một</title>'),
    "an attribute of the item": rss(LINK).replace(b"<item>", b'<item lastmod="2026">'),
    "a link with too many slashes": rss("<link>https:///bao.example</link>"),
    "letters of windows-1252": rss(LINK, "<title>l\x92anh</title>"),
    "a base": rss(LINK, root=f'{ROOT} base="https://khac.example/"'),
    "markup in the channel": rss(LINK, head="<description><b>x</b></description>"),
    "a prefix that means something else": rss(LINK, root=ROOT.replace("rss/1.0/modules/slash", "dc/elements/1.1")),
    "a thumbnail in words": rss(LINK, "<media:thumbnail>https://anh.example/1.jpg</media:thumbnail>"),
}


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_anything_else_is_left_to_feedparser(name: str) -> None:
    assert cut(readable(decoded(NOT_PLAIN[name])).text.encode()) is not None
    assert read_plainly(NOT_PLAIN[name]) is None
