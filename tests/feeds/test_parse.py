"""Feeds as servers send them, whole and broken, and the entries that come out."""

import gzip
import io
import json
import random
import tarfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.decode import MAX_ENTRIES, decoded
from monitor.feeds.parse import MAX_FIELD_CHARS, entry_row, parse_feed, stated_ttl
from monitor.feeds.plain import clean, first_image, lead_text, plain_text
from monitor.types import Entry, Failed, FailureKind
from tests.outside import DATA, judged_outside

OWN = Path(__file__).parent / "samples"
SAMPLES = sorted(path for path in OWN.iterdir() if path.suffix in {".xml", ".json"})
SEEN = datetime(2026, 8, 14, tzinfo=UTC)
HOME = "https://bantinthu.example/rss/home.rss"
SOON = 20.0  # seconds; the worst of these takes 2 on a quiet core, and one that does not end takes minutes


CHOKING = "<rss><channel></width></channel></rss>"


def parsed(body: bytes | str, *, content_type: str = "", seen_at: datetime = SEEN) -> tuple[Entry, ...] | Failed:
    data = body.encode() if isinstance(body, str) else body
    return parse_feed(data, feed=None, url=HOME, content_type=content_type, seen_at=seen_at)


def entries_of(body: bytes | str, *, content_type: str = "", seen_at: datetime = SEEN) -> tuple[Entry, ...]:
    found = parsed(body, content_type=content_type, seen_at=seen_at)
    assert not isinstance(found, Failed), found
    return found


def failure_of(body: bytes | str) -> FailureKind:
    found = parsed(body)
    assert isinstance(found, Failed)
    assert found.why
    assert "\n" not in found.why
    return found.kind


def rss(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Thử</title>{"".join(items)}</channel></rss>'


def item(title: str = "Tin", link: str = "https://bao.example/tin-1", **more: str) -> str:
    fields = {"title": title, "link": link, **more}
    return f"<item>{''.join(f'<{name}>{value}</{name}>' for name, value in fields.items())}</item>"


# ---------------------------------------------------------------- own bytes and their twins


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_feed_gives_the_entries_of_its_twin(sample: Path) -> None:
    twin = sample.with_name(sample.name + ".expected.jsonl")
    rows = [entry_row(entry, id=str(number)) for number, entry in enumerate(entries_of(sample.read_bytes()), start=1)]
    assert rows == [json.loads(line) for line in twin.read_text(encoding="utf-8").splitlines()]


def test_a_row_names_feed_and_outlet_where_they_are_known() -> None:
    (entry,) = entries_of(rss(item()))
    row = entry_row(entry, id="1", feed="thu-home", outlet="Thử")
    assert (row["feed"], row["outlet"], row["published"]) == ("thu-home", "Thử", None)
    assert "image" not in row


# ---------------------------------------------------------------- times


def test_a_time_in_the_future_is_clamped_to_when_it_was_seen() -> None:
    (entry,) = entries_of(rss(item(pubDate="Sat, 15 Aug 2026 09:00:00 +0700")))
    assert entry.published_at == SEEN
    assert entry.published_raw == "Sat, 15 Aug 2026 09:00:00 +0700"


def test_an_unreadable_time_yields_to_another_one_of_the_item() -> None:
    body = rss(item(pubDate="sáng nay")).replace(
        "</item>", '<dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2026-08-13T08:00:00+07:00</dc:date></item>'
    )
    (entry,) = entries_of(body)
    assert entry.published_at == datetime(2026, 8, 13, 1, tzinfo=UTC)


def test_the_channel_says_how_long_it_stays_fresh() -> None:
    assert stated_ttl((OWN / "mixed_dates.xml").read_bytes()) == timedelta(minutes=15)
    assert stated_ttl(b"<rss><ttl>0</ttl></rss>") is None


# ---------------------------------------------------------------- text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Một</p><p>hai</p>", "Một hai"),
        ("<a href='x'><img src='y'></a>Mưa", "Mưa"),
        ("<b>Đ</b>ầu dòng", "Đầu dòng"),
        ("Lãi suất < 5% và > 3%", "Lãi suất < 5% và > 3%"),
        ("A &amp;amp; B", "A & B"),
        ("&amp;lt;p&amp;gt;Mưa&amp;lt;/p&amp;gt;", "Mưa"),
        ("R&para=1 M&A", "R&para=1 M&A"),
        ("Phim <Mai> đông khách", "Phim <Mai> đông khách"),
        ("<o:p>Nắng</o:p><custom-card x='1'>to</custom-card>", "Nắng to"),
        ("<script>var a = '<p>';</script>Nắng", "Nắng"),
        ("Nắng<!-- bỏ -->", "Nắng"),
        ('<img alt="a > b" src="x">Nắng', "Nắng"),
        ("<p>Nắng</p><a href='https://bao.exa", "Nắng"),
        ("Tô\u00a0La\u0302m\u200b\ufeff \u202f đi", "Tô Lâm đi"),
        ("&#0;&#55296;x", "\ufffd\ufffdx"),
        ("dòng một\r\n\tdòng hai", "dòng một dòng hai"),
    ],
)
def test_markup_becomes_what_a_person_reads(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode("utf-8")  # no half of a surrogate pair is left


@given(st.text(alphabet="<>/ab p=\"'&;#x!-[]", max_size=200))
def test_no_markup_makes_it_raise(text: str) -> None:
    assert lead_text(text) == clean(lead_text(text))


@pytest.mark.parametrize(
    "signature",
    [
        *("VOV.VN - ", "(Chinhphu.vn) - ", "(Chinh phu.vn) – ", "(Dân trí) - ", "VTV.vn -  ", "TPO - ", "SGGPO - "),
        *("NDO - ", "(NLĐO) - ", "(PLO)- ", "(TTXVN/Vietnam+) - ", "[Vietnam+] "),
    ],
)
def test_the_outlets_signature_does_not_open_the_lead(signature: str) -> None:
    assert lead_text(f"<p>{signature}Mưa lớn từ sáng.</p>") == "Mưa lớn từ sáng."


@pytest.mark.parametrize(
    "lead",
    [
        "Vinamilk - doanh nghiệp sữa - tăng giá.",
        "TP.HCM - Vũng Tàu thông xe.",
        "Hà Nội: mưa lớn.",
        "VTV phát sóng lúc 8h.",
    ],
)
def test_a_name_that_opens_a_sentence_stays(lead: str) -> None:
    assert lead_text(lead) == lead


def test_a_whole_article_in_the_feed_is_cut_at_a_sentence() -> None:
    lead = lead_text("<p>" + "Một câu vừa phải về thời tiết. " * 500 + "</p>")
    assert len(lead) <= 3_000
    assert lead.endswith("thời tiết.")


def test_the_first_picture_is_found_where_outlets_put_it() -> None:
    assert first_image('<a href="x"><img width="1" src="https://a.example/b.jpg?w=1&amp;h=2" /></a>Chữ') == (
        "https://a.example/b.jpg?w=1&h=2"
    )
    assert first_image('<img src="data:image/gif;base64,R0"><img src=https://a.example/c.png>') == (
        "https://a.example/c.png"
    )
    assert first_image("không có") == ""


# ---------------------------------------------------------------- characters


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_every_encoding_of_unicode_is_read(encoding: str) -> None:
    (entry,) = entries_of(rss(item("Mưa ở Đà Lạt")).encode(encoding))
    assert entry.title == "Mưa ở Đà Lạt"


def test_utf8_wins_over_a_server_that_says_otherwise() -> None:
    body = rss(item("Mưa ở Đà Lạt")).replace('"1.0"?', '"1.0" encoding="iso-8859-1"?')
    (entry,) = entries_of(body, content_type="text/xml; charset=windows-1252")
    assert entry.title == "Mưa ở Đà Lạt"


def test_one_broken_character_does_not_garble_the_rest() -> None:
    body = rss(item("Mưa ở Đà Lạt" + " và nắng" * 30)).encode() + "ạ".encode()[:2]
    assert entries_of(body)[0].title.startswith("Mưa ở Đà Lạt")


def test_a_declared_old_encoding_is_believed_when_it_is_not_utf8() -> None:
    body = '<?xml version="1.0" encoding="windows-1258"?><rss><item><title>Tàu Đông Á</title></item></rss>'
    assert entries_of(body.encode("windows-1258"))[0].title == "Tàu Đông Á"


@pytest.mark.parametrize("name", ["idna", "punycode", "undefined", "rot13", "hex", "unicode_escape", "utf-7"])
def test_an_encoding_that_is_none_of_a_feeds_costs_no_item(name: str) -> None:
    body = rss(item("Mưa")).replace('"1.0"?', f'"1.0" encoding="{name}"?').encode() + b"\xff\xfe" * 40
    for content_type in ("", f"text/xml; charset={name}"):
        assert [entry.url for entry in entries_of(body, content_type=content_type)] == ["https://bao.example/tin-1"]


def test_half_a_surrogate_pair_in_an_address_costs_no_item() -> None:
    body = '{"items": [{"url": "https://bao.example/\\ud800?a=\\udfff", "title": "Mưa"}, {"url": "https://bao.example/2"}]}'
    assert [entry.url for entry in entries_of(body)] == [
        "https://bao.example/%EF%BF%BD?a=\ufffd",
        "https://bao.example/2",
    ]


@given(st.binary(max_size=200), st.text(max_size=40))
def test_no_bytes_and_no_header_make_decoding_raise(body: bytes, content_type: str) -> None:
    assert isinstance(decoded(body, content_type), str)


# ---------------------------------------------------------------- what is no feed


def test_what_brings_no_entries_says_why() -> None:
    assert failure_of(b"") is FailureKind.EMPTY
    assert failure_of(b" \r\n ") is FailureKind.EMPTY
    assert failure_of(rss()) is FailureKind.EMPTY
    assert failure_of('{"version": "https://jsonfeed.org/version/1.1", "items": []}') is FailureKind.EMPTY
    assert failure_of("<!DOCTYPE html><html><body><p>Xin chào</p></body></html>") is FailureKind.NOT_A_FEED
    assert failure_of('<?xml version="1.0"?><opml><body/></opml>') is FailureKind.NOT_A_FEED
    assert failure_of('{"error": "không có"}') is FailureKind.NOT_A_FEED
    assert failure_of("xin chào") is FailureKind.NOT_A_FEED
    assert failure_of('{"version": ') is FailureKind.MALFORMED
    assert failure_of('<rss version="2.0"><channel><title>Thử</ti') is FailureKind.MALFORMED


def test_a_javascript_challenge_is_called_by_its_name() -> None:
    found = parsed('<html><body><script>document.cookie="D1N=00";window.location.reload(true);</script></body></html>')
    assert isinstance(found, Failed)
    assert found.kind is FailureKind.NOT_A_FEED
    assert "JavaScript" in found.why


def test_an_entry_without_title_or_link_is_kept_under_what_it_has() -> None:
    found = entries_of(
        rss(
            "<item><description>Chỉ có lời.</description></item>",
            "<item><link>https://bao.example/tin-2</link></item>",
            '<item><guid isPermaLink="false">n-3</guid></item>',
            "<item></item>",
        )
    )
    assert [entry.title for entry in found] == [
        "Chỉ có lời.",
        "https://bao.example/tin-2",
        "n-3",
        "(không có tiêu đề)",
    ]
    assert len({entry.key for entry in found}) == 4


def test_words_of_the_server_before_and_behind_the_feed_do_no_harm() -> None:
    body = "<br />\n<b>Warning</b>: something in line 3\n" + rss(item("Mưa &nbsp;lớn")) + "<script>track()</script>"
    assert [entry.title for entry in entries_of(body)] == ["Mưa lớn"]


def test_one_item_with_an_impossible_address_does_not_cost_the_others() -> None:
    found = entries_of(rss(item(link="http://[nửa"), item("Hai", "https://bao.example/tin-2")))
    assert [entry.title for entry in found] == ["Tin", "Hai"]


def test_an_element_that_chokes_feedparser_does_not_cost_the_items() -> None:
    body = CHOKING.replace("</channel>", item("Một") + item("Hai", "https://bao.example/tin-2") + "</channel>")
    with pytest.raises(TypeError):
        feedparser.parse(io.BytesIO(CHOKING.encode()))
    assert [entry.title for entry in entries_of(body)] == ["Một", "Hai"]


# ---------------------------------------------------------------- hostile bytes


@pytest.mark.parametrize("name", ["guid", "link", "pubDate", "author"])
def test_no_field_grows_with_its_body(name: str) -> None:
    long = "https://bao.example/" + "a" * 50_000
    (entry,) = entries_of(rss(f"<item><{name}>{long}</{name}></item>"))
    (pictured,) = entries_of(rss(item(description=f"&lt;img src='{long}'&gt;")))
    fields = (entry.title, entry.guid, entry.url, entry.published_raw, pictured.image)
    assert max(map(len, fields)) <= MAX_FIELD_CHARS


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    parsed(body)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 30)), min_size=1, max_size=6),
)
def test_no_damage_to_a_feed_makes_it_raise(sample: Path, wounds: list[tuple[float, bytes, int]]) -> None:
    body = sample.read_bytes()
    for where, splinter, gap in wounds:
        at = int(where * len(body))
        body = body[:at] + splinter + body[at + gap :]
    parsed(body)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SAMPLES), st.floats(0, 1))
def test_a_feed_cut_anywhere_gives_only_whole_items(sample: Path, where: float) -> None:
    if sample.suffix == ".json":
        return
    body = sample.read_bytes()
    cut = parsed(body[: int(where * len(body))])
    whole = {entry.url for entry in entries_of(body)}
    if not isinstance(cut, Failed) and len(cut) > 1:
        assert {entry.url for entry in cut} <= whole


@cache
def hostile() -> dict[str, bytes]:
    chance = random.Random(7)
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    long = "A" * 100_000
    return {
        "random bytes": chance.randbytes(2**20),
        "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]>{rss(item("&l9;"))}'.encode(),
        "quadratic entity": f'<!DOCTYPE x [\n<!ENTITY a "{long}">\n]>{rss(item("&a;" * 300_000))}'.encode(),
        "ten megabytes": rss(
            *(item(f"Tin {n}", f"https://bao.example/{n}", description="x" * 400) for n in range(20_000))
        ).encode(),
        "a million open tags": b"<rss><channel><item>" + b"<a>" * 1_000_000,
        "a million open items": b"<rss><channel>" + b"<item>" * 1_000_000,
        "a million ampersands": b"<rss><channel><item><title>" + b"&" * 1_000_000 + b"</title></item></channel></rss>",
        "a million attributes": b"<rss " + b" ".join(b'a%d=">"' % n for n in range(200_000)) + b"><channel/></rss>",
        "endless CDATA": b"<rss><channel><item><title>x</title>" + b"<![CDATA[" * 500_000,
        "endless prolog": b"<!DOCTYPE a [" * 300_000 + b"<rss/>",
        "a long author": b"<rss><channel><item><author>" + b"a" * 250_000 + b"</author></item></channel></rss>",
        "deep JSON": b'{"items":' + b"[" * 1_000_000,
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", hostile())
def test_hostile_bytes_end_soon(name: str) -> None:
    body = hostile()[name]
    begin = time.perf_counter()
    found = parsed(body)
    assert time.perf_counter() - begin < SOON
    assert isinstance(found, Failed) or len(found) <= MAX_ENTRIES
    if not isinstance(found, Failed):
        assert all(len(entry.title) <= 70_000 and len(entry.lead) <= 3_000 for entry in found)


def test_an_oversized_feed_gives_its_newest_items() -> None:
    found = entries_of(hostile()["ten megabytes"])
    assert found[0].title == "Tin 0"
    assert len(found) == MAX_ENTRIES


# ---------------------------------------------------------------- real data


@pytest.mark.slow
@judged_outside("tests/feeds/test_parse.py::test_a_feed_gives_the_entries_of_its_twin")
def test_items_of_seventeen_outlets_put_back_into_rss_read_as_published() -> None:
    polls: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    with gzip.open(DATA / "feed_items.dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            polls[row["outlet"], row["first_seen"]].append(row)
    right = count = 0
    for (_, seen), rows in polls.items():
        body = rss(*(item("x", f"<![CDATA[{row['link']}]]>", pubDate=row["published_raw"]) for row in rows))
        found = entries_of(body, seen_at=datetime.fromisoformat(seen))
        for entry, row in zip(found, rows, strict=True):
            count += 1
            right += entry.published_at == datetime.fromisoformat(row["published"])
    assert right >= 0.999 * count


@pytest.mark.slow
@judged_outside("tests/feeds/test_parse.py::test_an_element_that_chokes_feedparser_does_not_cost_the_items")
@pytest.mark.filterwarnings("ignore")  # feedparser's own
def test_items_come_out_wherever_feedparser_finds_some() -> None:
    bodies = {path.name: path.read_bytes() for path in (DATA / "feeds").iterdir() if path.suffix in {".xml", ".html"}}
    with tarfile.open(DATA / "conformance.dev.tar.gz") as archive:
        for member in archive:
            if member.isfile() and member.name.endswith((".xml", ".json")):
                stream = archive.extractfile(member)
                assert stream is not None
                bodies[member.name] = stream.read()
    poorer = []
    for name, body in bodies.items():
        found = parsed(body, seen_at=datetime(2026, 11, 22, tzinfo=UTC))
        if len(feedparser.parse(io.BytesIO(body)).entries) > (0 if isinstance(found, Failed) else len(found)):
            poorer.append(name)
    assert poorer == []
