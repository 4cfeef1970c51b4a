"""Items as programs hand them in are read as the service reads a feed, and evidence still counts in them as given."""

import gzip
import json
import unicodedata
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.cli.items import GivenItem
from monitor.feeds.plain import lead_text, plain_text
from tests.command_line import CommandLine
from tests.outside import DATA, judged_outside

PICTURE = '<a href="https://bao.example/1"><img src="https://bao.example/1.jpg?w=1&amp;h=2" /></a>'
RELATED = '<div style="clear: both;"><ul><li><a href="https://bao.example/2">Ông Putin điện đàm</a></li><li><a href="x'
QUAKE = "Động đất 6,1 độ làm rung chuyển miền đông quần đảo"
QUAKE_LEAD = "Trận động đất mạnh 6,1 độ xảy ra ngoài khơi sáng chủ nhật, chưa có báo cáo về thương vong."
SAMPLES = [
    "",
    QUAKE_LEAD,
    f"{PICTURE}</br>{QUAKE_LEAD}",
    f"{PICTURE}<p>VOV.VN - {QUAKE_LEAD}</p>{RELATED}",
    unicodedata.normalize("NFD", f"<p>(Dân trí) - {QUAKE_LEAD}</p>\n<p>Về&nbsp;sau  …</p>"),
    "&lt;p&gt;VTV.vn - VTV.vn - đ&amp;atilde; t&amp;aacute;i\u200b di\u0323ch &lt;/p&gt;",
    "lãi suất < 5 %, R&D & phim <Mai>",
    "<p>" + "Một câu vừa phải về thời tiết. " * 500 + "</p>",
    "dài" * 2_000,
    "<script>Putin</script><!-- Putin --> TPO - Nắng <a href='ht",
]


def given_item(row: dict[str, Any]) -> GivenItem:
    return GivenItem.of({"title": "Tin", **row}, 1, zone=ZoneInfo("UTC"))


@pytest.mark.parametrize("summary", SAMPLES, ids=range(len(SAMPLES)))
def test_the_lead_is_what_the_service_reads(summary: str) -> None:
    assert given_item({"summary": summary}).item.lead == lead_text(summary)


@judged_outside("tests/cli/test_items.py::test_the_lead_is_what_the_service_reads")
def test_the_leads_of_real_feeds_are_what_the_service_reads() -> None:
    with gzip.open(DATA / "feed_items.dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    assert len(rows) > 8_000
    for row in rows:
        found = given_item({"title": row["title"], "summary": row["summary_html"]}).item
        assert (found.title, found.lead) == (plain_text(row["title"]), lead_text(row["summary_html"]))


@pytest.mark.parametrize("summary", SAMPLES, ids=range(len(SAMPLES)))
def test_every_word_of_a_lead_is_found_in_the_summary_as_given(summary: str) -> None:
    given = given_item({"summary": summary})
    at = 0
    for word in given.item.lead.rstrip("…").split():
        at = given.item.lead.index(word, at)
        start, end, text = given.slice("summary", at, at + len(word))
        assert text == summary[start:end]
        assert plain_text(text) == word
        at += len(word)


def test_title_and_body_are_read_without_markup_and_keep_their_places() -> None:
    row = {"title": "Ông <b>Pu</b>tin &amp; bạn", "body": "<p>T&ocirc; L&acirc;m</p>Ông\nPutin"}
    given = given_item(row)
    assert given.item.title == "Ông Putin & bạn"
    assert given.item.body.split("\n") == ["", "Tô Lâm", "Ông", "Putin"]
    assert given.slice("title", 4, 9)[2] == "Pu</b>tin"
    start = given.item.body.index("Tô")
    assert given.slice("body", start, start + 6)[2] == "T&ocirc; L&acirc;m"


MORNING = [
    {"id": 1, "title": QUAKE, "summary": f"{PICTURE}<p>{QUAKE_LEAD}</p>{RELATED}", "published": "2026-08-23T08:00:00Z"},
    {"id": 2, "title": "Giá rau ổn định", "summary": f"Chợ đông.{RELATED}", "published": "2026-08-23T09:00:00Z"},
]


def test_headlines_of_other_articles_match_nobody(monitor: CommandLine) -> None:
    first, second = monitor("match", given=MORNING).rows
    assert [match["watch"] for match in first["matches"]] == ["dong-dat"]
    assert second["matches"] == []
    for evidence in first["matches"][0]["evidence"]:
        field = str(MORNING[0][evidence["field"]])
        assert field[evidence["start"] : evidence["end"]] == evidence["text"]


def test_nobody_would_have_been_told_of_them(monitor: CommandLine) -> None:
    [alert] = monitor("backtest", "--json", "-", given=MORNING).rows
    assert alert["watches"] == ["dong-dat"]


def test_they_join_no_stories_and_are_no_summary(monitor: CommandLine) -> None:
    first, second = monitor("stories", given=MORNING).rows
    assert first["story"] != second["story"]
    for row in monitor("summarise", given=MORNING).rows:
        assert "Putin" not in row["summary"]


def test_a_sentence_of_a_summary_is_found_in_it_also_where_accents_are_letters_of_their_own(
    monitor: CommandLine,
) -> None:
    title, lead = (unicodedata.normalize("NFD", text) for text in (QUAKE, QUAKE_LEAD))
    marked = QUAKE_LEAD.replace("6,1", "<b>6,1</b>")
    plain, html = monitor(
        "summarise", given=[{"id": 1, "title": title, "summary": lead}, {"id": 2, "title": QUAKE, "summary": marked}]
    ).rows
    assert plain["summary"] == " ".join(sentence["text"] for sentence in plain["sentences"])
    assert plain["summary"] != unicodedata.normalize("NFC", plain["summary"])
    assert "mạnh 6,1 độ" in html["summary"]
