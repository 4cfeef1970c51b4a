"""Two addresses of one article have one key; two articles never share one."""

import gzip
import json
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.feeds.article_keys import article_key, normal_url
from tests.outside import DATA, judged_outside


def key(url: str, guid: str = "", title: str = "Tiêu đề", day: date | None = None, home: str = "") -> str:
    return article_key(url, guid, title, day, home=home)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTPS://Bao.VN:443/tin-1.html#binh-luan", "https://bao.vn/tin-1.html"),
        ("https://bao.vn", "https://bao.vn/"),
        ("https://bao.vn/tin?utm_source=rss&id=7&fbclid=x", "https://bao.vn/tin?id=7"),
        ("https://www.bbc.com/vietnamese/articles/c1w13p5zjnno?at_medium=RSS", None),
        ("https://bao.vn/a/../b/./c", "https://bao.vn/b/c"),
        ("https://bao.vn/một bài", "https://bao.vn/m%E1%BB%99t%20b%C3%A0i"),
        ("https://bao.vnhttps://xe.bao.vn/tin.html", "https://xe.bao.vn/tin.html"),
        ("  https://bao.vn/\n  tin.html ", "https://bao.vn/  tin.html".replace(" ", "%20")),
        ("tag:bao.vn,2026:1", "tag:bao.vn,2026:1"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_an_address_is_written_one_way(written: str, normal: str | None) -> None:
    assert normal_url(written) == (normal or written.partition("?")[0])


ANY = st.characters(codec=None, categories=None)  # halves of surrogate pairs among them


@given(st.text(ANY, max_size=200) | st.from_regex(r"https?://[a-zA-Z.:@\[\]]{1,20}[/?#&=%.\w ]{0,60}", fullmatch=True))
@example("https://bao.example/\ud800?a=\udfff")
@example("https://bao.example/?a=\u00a0#b")
def test_normalising_twice_changes_nothing(url: str) -> None:
    once = normal_url(url)
    assert normal_url(once) == once


@pytest.mark.parametrize("piece", ["/ạ", "a", "/../b", "/%E1", "%e1%ba", "?utm_x=1&", "\ud800"])
def test_an_endless_address_is_cut_once(piece: str) -> None:
    once = normal_url("https://bao.example/" + piece * 3_000)
    assert normal_url(once) == once
    assert len(once) <= 4_000


@given(st.text(ANY, max_size=100), st.text(ANY, max_size=100), st.text(ANY, max_size=60), st.none() | st.dates())
def test_every_article_has_a_key(url: str, guid: str, title: str, day: date | None) -> None:
    assert article_key(url, guid, title, day)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "https://vnexpress.net/song-dang-cao-5101520.html",
            "https://m.vnexpress.net/nuoc-song-rut-5101520-p2.html?utm_source=x",
        ),
        (
            "https://tuoitre.vn/cau-moi-20260813091500123.htm",
            "http://www.tuoitre.vn/cau-da-xong-20260813091500123.htm#a",
        ),
        ("https://xe.baoxaydung.vn/a-192260719134916166.htm", "https://baoxaydung.vn/b-192260719134916166.htm"),
        ("https://cand.com.vn/a-post818530.html", "https://cand.vn/b-post818530.html"),
        ("https://nhandan.vn/a-post976833.html", "https://nhandan.vn/b-post976833.html/amp"),
        (
            "https://www.bbc.com/vietnamese/articles/c1w13p5zjnno?at_medium=RSS&at_campaign=rss",
            "https://www.bbc.co.uk/vietnamese/articles/c1w13p5zjnno#0",
        ),
        ("https://vietnamnet.vn/a-2345678.html", "https://vietnamnet.vn/b-2345678.html"),
        ("https://laodong.vn/the-gioi/a-1234567.ldo", "https://laodong.vn/the-gioi/b-1234567.ldo"),
        ("https://vneconomy.vn/gia-vang.htm", "http://www.vneconomy.vn/gia-vang.htm?utm_medium=rss"),
        ("https://la-bao.vn/a-7654321.html", "https://la-bao.vn/b-7654321.html"),
    ],
)
def test_a_new_headline_or_another_section_keeps_the_key(one: str, other: str) -> None:
    assert key(one, title="Trước") == key(other, title="Sau")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://vnexpress.net/a-5101520.html", "https://vnexpress.net/a-5101521.html"),
        ("https://nhandan.vn/a-post976833.html", "https://cand.vn/a-post976833.html"),
        ("https://en.vietnamplus.vn/a-post321000.vnp", "https://www.vietnamplus.vn/a-post321000.vnp"),
        # a number that belongs to the headline: a day, a sum, or an outlet that has no ids at all
        ("https://la-bao.vn/gia-vang-ngay-20260813.html", "https://la-bao.vn/gia-xang-ngay-20260813.html"),
        ("https://la-bao.vn/luong-10000000.html", "https://la-bao.vn/phat-10000000.html"),
        ("https://vneconomy.vn/du-an-1234567.htm", "https://vneconomy.vn/quy-1234567.htm"),
        ("https://mot.blog.example/a-7654321.html", "https://hai.blog.example/a-7654321.html"),
    ],
)
def test_different_articles_have_different_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_a_key_is_outlet_and_article_id() -> None:
    assert key("https://vnexpress.net/song-dang-cao-5101520.html") == "vnexpress.net:5101520"
    assert key("https://dantri.com.vn/thoi-su/a-20260724214340240.htm") == "dantri.com.vn:20260724214340240"


def test_wordpress_keeps_its_number_when_the_address_changes() -> None:
    guid = "https://quanan.example/?p=12"
    assert key("https://quanan.example/mon-moi/", guid) == key("https://quanan.example/mon-ngon/", guid)


def test_without_an_address_the_guid_and_then_title_and_day_identify() -> None:
    home = "https://bao.example/rss"
    assert key("", "n-1", home=home) == key("", "n-1", title="Khác", home=home)
    assert key("", "n-1", home=home) != key("", "n-1", home="https://bao-khac.example/rss")
    day = date(2026, 8, 13)
    assert key("", title="Một  Tin", day=day, home=home) == key("", title="một tin", day=day, home=home)
    assert key("", title="Một tin", day=day, home=home) != key("", title="Một tin", day=date(2026, 8, 14), home=home)


def test_a_front_page_identifies_no_article() -> None:
    assert key("https://bao.example/", "n-1") != key("https://bao.example/", "n-2")


def test_an_endless_address_makes_a_key_that_fits_an_index() -> None:
    one, other = (key(f"https://bao.example/{'a' * 3_000}{end}") for end in "12")
    assert one != other
    assert len(one) <= 400


@judged_outside("tests/feeds/test_article_keys.py::test_a_new_headline_or_another_section_keeps_the_key")
def test_no_version_of_an_article_looks_like_another_one() -> None:
    with gzip.open(DATA / "article_versions.dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line)["versions"] for line in lines]
    keys = [{key(version["url"], version["url"], version["title"]) for version in versions} for versions in rows]
    assert [versions for versions, found in zip(rows, keys, strict=True) if len(found) != 1] == []


@judged_outside("tests/feeds/test_article_keys.py::test_different_articles_have_different_keys")
def test_distinct_articles_of_seventeen_outlets_never_share_a_key() -> None:
    with gzip.open(DATA / "feed_items.dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    addresses: dict[str, set[str]] = {}
    for row in rows:
        found = key(row["link"], row["guid"], row["title"])
        addresses.setdefault(found, set()).add(row["link"])
    assert [links for links in addresses.values() if len(links) > 1] == []
