"""parse, match, stories and summarise as a script meets them: lines in, lines out."""

import asyncio
import itertools
import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as holds
from hypothesis import strategies as st

from monitor.cli.items import GivenItem, match_row
from monitor.cli.streams import _Times
from monitor.matching.matcher import compile_watchlist
from monitor.types import Leader, WatchId, Watchlist
from tests.command_line import CommandLine, Ended
from tests.newsstand import Newsstand

CALL = "Tổng thống Nga Vladimir Putin điện đàm với Thủ tướng Israel Benjamin Netanyahu"
CALL_LEAD = "Ông Putin và ông Netanyahu trao đổi tối thứ hai về viện trợ nhân đạo cho người dân vùng biên."
QUAKE = "Động đất 6,1 độ làm rung chuyển miền đông quần đảo"
QUAKE_LEAD = "Trận động đất mạnh 6,1 độ xảy ra ngoài khơi sáng chủ nhật, chưa có báo cáo về thương vong."


def field_of(item: Mapping[str, Any], name: str) -> str:
    return str(item.get(name) or "")


def assert_evidence_stands_in(item: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    for match in row["matches"]:
        assert match["evidence"], match
        for one in match["evidence"]:
            assert field_of(item, one["field"])[one["start"] : one["end"]] == one["text"] != ""


def watches(row: Mapping[str, Any]) -> list[str]:
    return sorted(match["watch"] for match in row["matches"])


# ---------------------------------------------------------------- match


def test_every_item_gets_one_line_also_without_a_match(monitor: CommandLine) -> None:
    ended = monitor("match", given=[{"id": "a", "title": CALL}, {"id": "b", "title": "Giá rau ổn định"}])
    assert [(row["id"], watches(row)) for row in ended.rows] == [("a", ["netanyahu", "putin"]), ("b", [])]
    assert (ended.code, ended.err) == (0, "")


def test_a_match_says_by_which_rule_and_how_sure(monitor: CommandLine) -> None:
    [row] = monitor("match", given=[{"id": 1, "title": QUAKE}]).rows
    [match] = row["matches"]
    assert (match["watch"], match["kind"], match["name"], match["rule"]) == ("dong-dat", "event", "Động đất", "query")
    assert 0 < match["score"] <= 1
    assert match["evidence"] == [{"field": "title", "start": 0, "end": 8, "text": "Động đất"}]


ITEMS_AS_GIVEN = [
    {"id": 1, "title": "🔥🔥 Putin thăm Bắc Kinh", "summary": None},
    {"id": 2, "title": "Tin", "summary": '<a href="x"><img src="y"></a></br>Ông <b>Pu</b>tin &amp; ông Netanyahu'},
    {"id": 3, "title": "Tin", "summary": "Vladimir&nbsp;Putin n&oacute;i; &#272;ộng đất; &amp;quot;Putin&amp;quot;"},
    {"id": 4, "title": unicodedata.normalize("NFD", "Động đất ở vùng biển"), "summary": ""},
    {"id": 5, "title": "Tin", "summary": "", "body": "Dòng một.\n\nÔng Putin nói.\r\nĐộng đất <không phải thẻ>"},
    {"id": 6, "title": "Pu​tin và NETANYAHU", "summary": "<script>var Putin</script> không ai"},
    {
        "id": 7,
        "title": "Tin",
        "summary": unicodedata.normalize("NFD", "<p>Trận</p><p>động đất</p> &mdash; <i>Putin</i>"),
    },
    {"id": 8, "title": "Putin < Netanyahu & động đất > x", "summary": "a < b, Putin <b"},
    {"id": 9, "title": "Putin", "summary": "<!-- Netanyahu --> Putin <a href='ht"},
]


@pytest.mark.parametrize("item", ITEMS_AS_GIVEN, ids=lambda item: str(item["id"]))
def test_evidence_is_the_very_slice_of_the_field_as_given(monitor: CommandLine, item: dict[str, Any]) -> None:
    [row] = monitor("match", given=[item]).rows
    assert row["matches"], "each of these names somebody"
    assert_evidence_stands_in(item, row)


def test_words_of_a_comment_or_a_script_are_nobody_s(monitor: CommandLine) -> None:
    rows = monitor("match", given=ITEMS_AS_GIVEN).rows
    found = {row["id"]: [one["field"] for match in row["matches"] for one in match["evidence"]] for row in rows}
    assert "summary" not in found[6]
    assert [match["watch"] for match in rows[8]["matches"]] == ["putin"]


PIECES = [
    "Putin",
    "động đất",
    "<b>",
    "</b>",
    "<br/>",
    "&nbsp;",
    "&amp;",
    "<",
    ">",
    "&",
    " ",
    "Ông",
    "\u0301",
    "🔥",
    "<p",
]


@holds(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_the_markup_evidence_stands_where_it_says(summary: str) -> None:
    matcher = compile_watchlist(Watchlist("1", (Leader(WatchId("putin"), "Vladimir Putin", aliases=("Putin",)),)))
    item = {"title": "Tin", "summary": summary}
    given = GivenItem.of(item, 1, zone=ZoneInfo("UTC"))
    assert_evidence_stands_in(item, match_row(given, matcher.match(given.item)))


def test_ids_come_back_as_they_were_and_lines_without_one_are_numbered(monitor: CommandLine) -> None:
    ids = ["", '"id": 7, ', '"id": "7", ', '"id": null, ', '"id": 1.5, ']
    first, *others = [f'{{{each}"title": "x"}}\n' for each in ids]
    given = first + "\n" + "".join(others)
    rows = monitor("match", given=given).rows
    assert [row["id"] for row in rows] == [1, 7, "7", 5, 1.5]


def test_unknown_keys_are_carried_through_and_known_ones_are_not_repeated(monitor: CommandLine) -> None:
    given = {"id": 1, "title": "Tin", "outlet": "X", "url": "u", "guid": "g", "feed": "f", "nested": {"đ": [1, None]}}
    for command in ("match", "stories", "summarise"):
        [row] = monitor(command, given=[given]).rows
        assert (row["feed"], row["nested"]) == ("f", {"đ": [1, None]})
        assert not row.keys() & {"title", "outlet", "url", "guid"}


def test_the_office_stands_for_its_holder_at_the_item_s_date(monitor: CommandLine) -> None:
    title = "Tổng thống Nga thăm chính thức Bắc Kinh"
    given = [{"title": title, "published": "2012-05-08"}, {"title": title, "published": "2011-05-08T10:00:00Z"}]
    assert [watches(row) for row in monitor("match", given=given).rows] == [["putin"], []]


def test_a_time_without_a_zone_is_a_time_of_the_default_zone(monitor: CommandLine) -> None:
    title = "Tổng thống Nga thăm chính thức Bắc Kinh"
    given = [{"title": title, "published": "2012-05-06T23:30:00"}]
    assert watches(monitor("match", given=given).rows[0]) == []
    monitor.set(timezone="America/New_York")  # where it is already the 7th in Hanoi
    assert watches(monitor("match", given=given).rows[0]) == ["putin"]


def test_explain_is_for_a_person(monitor: CommandLine) -> None:
    ended = monitor("match", "--explain", given=[{"id": "bai-1", "title": f"{CALL}\x1b]0;x\x07"}])
    assert ended.code == 0
    assert "bai-1" in ended.out
    assert "⟦Vladimir Putin⟧" in ended.out
    assert "\x1b" not in ended.out, "a headline must not reach the terminal's controls"


# ---------------------------------------------------------------- lines that cannot be read


BAD_LINES = {
    "no JSON": b"{putin}",
    "a list": b"[1, 2]",
    "a text": b'"Putin"',
    "no UTF-8": b'{"title": "\xff\xfe"}',
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "no title": b'{"id": 1}',
    "a title that is a number": b'{"title": 5}',
    "a summary that is a list": b'{"title": "x", "summary": []}',
    "an id that is a list": b'{"id": [], "title": "x"}',
    "an id that is true": b'{"id": true, "title": "x"}',
    "a date in words": '{"title": "x", "published": "hôm qua"}'.encode(),
    "a date as number": b'{"title": "x", "published": 1700000000}',
    "a date before the calendar": b'{"title": "x", "published": "0001-01-01T00:00:00+14:00"}',
    "not a number": b'{"title": "x", "n": NaN}',
    "a number without bounds": b'{"title": "x", "n": 1e999}',
    "a number of 5,000 digits": b'{"title": "x", "n": ' + b"9" * 5000 + b"}",
    "a deep nest": b'{"title": "x", "n": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "half a line": b'{"title": "x", "summa',
}


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES.keys())
@pytest.mark.parametrize("command", ["match", "stories", "summarise"])
def test_a_line_that_cannot_be_read_is_named_and_skipped(monitor: CommandLine, command: str, line: bytes) -> None:
    good = json.dumps({"id": "sau", "title": CALL, "summary": CALL_LEAD}).encode()
    ended = monitor(command, given=b'{"id": "truoc", "title": "y"}\n' + line + b"\n" + good + b"\n")
    assert [row["id"] for row in ended.rows] == ["truoc", "sau"]
    assert ended.err.startswith("<stdin>:2: ")
    assert ended.err.count("\n") == 1
    assert ended.code == 1


def test_a_nest_just_shallow_enough_is_answered_or_reported_but_never_a_traceback(monitor: CommandLine) -> None:
    for depth in range(800, 1000, 7):
        nest = "[" * depth + "]" * depth
        ended = monitor("match", given=f'{{"id": 1, "title": "x", "n": {nest}}}')
        assert len(ended.rows) + ended.code == 1
        assert len(ended.out.splitlines()) + len(ended.err.splitlines()) == 1


def test_a_docs_that_is_no_list_of_items_is_named(monitor: CommandLine) -> None:
    ended = monitor(
        "summarise", given=[{"id": 1, "docs": "x"}, {"id": 2, "docs": [{"title": 5}]}, {"id": {}, "docs": []}]
    )
    assert ended.out == ""
    assert ended.code == 1
    assert [line.partition(":")[2][0] for line in ended.err.splitlines()] == ["1", "2", "3"]
    assert 'item 1 of "docs": "title" must be a text' in ended.err


def test_odd_characters_come_back_as_they_were(monitor: CommandLine) -> None:
    line = rb'{"id": "\ud800", "title": "Putin \udfff n\u00f3i", "x": "\u0000\u2028\ud83d\ude00"}'
    ended = monitor("match", given=b"\xef\xbb\xbf" + line + b"\r\n")
    [row] = ended.rows
    assert (row["id"], row["x"]) == ("\ud800", "\0\u2028😀")
    assert_evidence_stands_in({"title": "Putin \udfff nói"}, row)
    assert ended.code == 0
    for command in ("stories", "summarise"):
        assert monitor(command, given=line).rows[0]["id"] == "\ud800"


# ---------------------------------------------------------------- stories


def test_items_of_one_happening_have_the_id_of_its_first(monitor: CommandLine) -> None:
    given = [
        {"id": 11, "outlet": "A", "title": QUAKE, "summary": QUAKE_LEAD, "published": "2026-08-23T05:00:00+07:00"},
        {
            "id": "x",
            "outlet": "B",
            "title": "Giá cà phê",
            "summary": "Cà phê tăng.",
            "published": "2026-08-23T05:01:00Z",
        },
        {"id": "b", "outlet": "C", "title": QUAKE, "summary": QUAKE_LEAD, "published": "2026-08-23T05:10:00+07:00"},
    ]
    rows = monitor("stories", given=given).rows
    assert [(row["id"], row["story"], row["role"]) for row in rows] == [
        (11, 11, "new"),
        ("x", "x", "new"),
        ("b", 11, "repeat"),
    ]


def test_a_number_and_a_text_are_different_ids(monitor: CommandLine) -> None:
    given = [{"id": 7, "title": QUAKE}, {"id": "7", "title": "Giá cà phê hôm nay tăng"}, {"id": "8", "title": QUAKE}]
    assert [row["story"] for row in monitor("stories", given=given).rows] == [7, "7", 7]


def test_each_item_is_decided_with_what_came_before_only(monitor: CommandLine) -> None:
    items = [
        {"id": number, "title": f"{QUAKE} {number}", "summary": QUAKE_LEAD, "published": f"2026-08-23T0{number}:00:00Z"}
        for number in range(6)
    ]
    whole = monitor("stories", given=items).rows
    for length in range(1, 6):
        assert monitor("stories", given=items[:length]).rows == whole[:length]


def test_items_without_a_date_came_after_the_line_before(monitor: CommandLine) -> None:
    given = [
        {"id": 1, "title": QUAKE, "summary": QUAKE_LEAD, "published": "2019-03-01"},
        {"id": 2, "title": QUAKE, "summary": QUAKE_LEAD},
        {"id": 3, "title": QUAKE, "summary": QUAKE_LEAD, "published": "2019-03-01T08:00:00Z"},
    ]
    assert {row["story"] for row in monitor("stories", given=given).rows} == {1}


def test_one_item_dated_far_ahead_does_not_end_the_stories_of_today(monitor: CommandLine) -> None:
    today = [{"id": n, "title": QUAKE, "summary": QUAKE_LEAD, "published": f"2026-08-23T0{n}:00:00Z"} for n in range(8)]
    future = {"id": "f", "title": "Lịch nghỉ lễ", "published": "2099-01-01"}
    rows = monitor("stories", given=[*today[:7], future, today[7]]).rows
    assert [row["story"] for row in rows] == [0, 0, 0, 0, 0, 0, 0, "f", 0]


def test_one_article_under_two_headlines_is_a_repeat(monitor: CommandLine) -> None:
    url = "https://bao-mau.example/the-gioi/{}-post1234567.html"
    given = [
        {"id": 1, "title": "Hai bên gặp nhau", "url": url.format("hai-ben")},
        {"id": 2, "title": "Hoàn toàn khác chữ", "url": url.format("khac")},
    ]
    assert [(row["story"], row["role"]) for row in monitor("stories", given=given).rows] == [(1, "new"), (1, "repeat")]


def test_stories_need_no_configuration(monitor: CommandLine) -> None:
    monitor.set(config_dir=str(monitor.folder / "nirgends"))
    assert monitor("stories", given=[{"id": 1, "title": QUAKE}]).code == 0
    assert monitor("summarise", given=[{"id": 1, "title": QUAKE}]).code == 0


def test_the_times_of_a_stream_go_forward_only_when_several_items_have() -> None:
    times, start = _Times(), datetime(2026, 8, 1, tzinfo=UTC)
    reached = [times.note(start + timedelta(days=day)) for day in itertools.chain([9000, 9001], range(10))]
    assert times.last == start + timedelta(days=9)
    assert max(at for at in reached if at) < start + timedelta(days=10)


# ---------------------------------------------------------------- summarise


BODY = (
    "Sáng 12-8, tàu khảo sát rời cảng Bến Mẫu với 40 nhà khoa học trên tàu.\n"
    "Chuyến đi kéo dài ba tuần và sẽ đo độ mặn của nước ở mười hai điểm ngoài khơi.\n"
    "Ông Putin gửi lời chúc tới đoàn khảo sát trong một bức điện ngắn.\n"
    "Kết quả đo đạc sẽ được công bố vào tháng 10 cho các trường và ngư dân."
)


def assert_sentences_stand_in(docs: Mapping[Any, Mapping[str, Any]], row: Mapping[str, Any]) -> None:
    for sentence in row["sentences"]:
        text = field_of(docs[sentence["doc"]], sentence["field"])
        assert text[sentence["start"] : sentence["end"]] == sentence["text"] != ""


@pytest.mark.parametrize(
    "summary",
    [
        "Tàu khảo sát rời cảng Bến Mẫu sáng 12-8. Chuyến đi dài ba tuần ngoài khơi.",
        "<a href='x'><img src='y'/></a></br>Tàu khảo sát <b>rời cảng</b> Bến&nbsp;Mẫu s&aacute;ng 12-8. Về sau.",
        unicodedata.normalize("NFD", "<p>Tàu khảo sát rời cảng Bến Mẫu sáng 12-8.</p><p>Chuyến đi dài ba tuần.</p>"),
        "",
    ],
    ids=["plain", "html", "nfd", "empty"],
)
def test_every_sentence_is_the_very_slice_of_its_field(monitor: CommandLine, summary: str) -> None:
    item = {"id": "t", "title": "Tàu khảo sát rời cảng", "summary": summary, "body": BODY}
    [row] = monitor("summarise", given=[item]).rows
    assert row["id"] == "t"
    assert 1 <= len(row["sentences"]) <= 3
    assert row["summary"]
    assert "<" not in row["summary"]
    assert "&" not in row["summary"]
    assert_sentences_stand_in({"t": item}, row)


def test_a_story_s_sentences_name_their_document(monitor: CommandLine) -> None:
    docs: list[dict[str, Any]] = [
        {"id": 5, "title": "Tàu rời cảng", "summary": BODY[:70]},
        {"title": "Khảo sát", "body": BODY},
    ]
    [row] = monitor("summarise", given=[{"id": "c-1", "docs": docs, "more": 1}]).rows
    assert (row["id"], row["more"]) == ("c-1", 1)
    assert "docs" not in row
    assert_sentences_stand_in({5: docs[0], 2: docs[1]}, row)


def test_documents_may_share_an_id(monitor: CommandLine) -> None:
    docs = [
        {"id": 2, "title": "a", "body": BODY},
        {"title": "b", "body": "Một câu khác hẳn về mùa mưa năm nay ở cao nguyên."},
    ]
    ended = monitor("summarise", given=[{"id": 1, "docs": docs}])
    assert ended.code == 0
    assert ended.rows[0]["sentences"]


def test_a_summary_keeps_to_the_sentences_and_characters_asked_for(monitor: CommandLine) -> None:
    item = {"id": 1, "title": "Tàu khảo sát", "body": BODY}
    for number in (1, 2, 4):
        [row] = monitor("summarise", "--sentences", str(number), given=[item]).rows
        assert 1 <= len(row["sentences"]) <= number
    for chars in (40, 80, 150, 1000):
        [row] = monitor("summarise", "--sentences", "9", "--chars", str(chars), given=[item]).rows
        assert len(row["summary"]) <= chars
        assert row["summary"] == " ".join(each["text"].strip() for each in row["sentences"])


def test_a_summary_about_a_watch_names_it(monitor: CommandLine) -> None:
    item = {"id": 1, "title": "Tàu khảo sát", "body": BODY}
    [row] = monitor("summarise", "--sentences", "2", "--watch", "putin", given=[item]).rows
    assert "Putin" in row["summary"]


def test_a_watch_that_nobody_wrote_is_wrong_use(monitor: CommandLine) -> None:
    ended = monitor("summarise", "--watch", "putn", given=[{"title": "x"}])
    assert (ended.code, ended.out) == (2, "")
    assert "there is no watch 'putn'" in ended.err
    assert "did you mean putin?" in ended.err


def test_an_item_without_text_has_an_empty_summary(monitor: CommandLine) -> None:
    for given in ({"id": 1, "title": QUAKE}, {"id": 1, "docs": []}):
        assert monitor("summarise", given=[given]).rows == [{"id": 1, "summary": "", "sentences": []}]


# ---------------------------------------------------------------- parse

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>t</title>
<item><title>Ông Putin thăm &lt;b&gt;Bến Mẫu&lt;/b&gt;</title><link>https://ben-song.example/tham-4812345.html</link>
<guid>https://ben-song.example/tham-4812345.html</guid><pubDate>8/23/2026 5:20:00\u202fAM</pubDate>
<description><![CDATA[<a href="x"><img src="https://i.example/1.jpg"></a></br>Một câu.]]></description></item>
<item><title>Không ngày</title><guid isPermaLink="false">g-2</guid></item></channel></rss>"""


def parsed(ended: Ended) -> list[dict[str, Any]]:
    assert (ended.code, ended.err) == (0, "")
    return ended.rows


def test_a_feed_in_a_file_becomes_items(monitor: CommandLine) -> None:
    [first, second] = parsed(monitor("parse", monitor.write("feed.xml", RSS)))
    assert first["title"] == "Ông Putin thăm Bến Mẫu"
    assert first["summary"] == "Một câu."
    assert first["published"] == "2026-08-23T05:20:00+07:00"
    assert first["published_raw"] == "8/23/2026 5:20:00\u202fAM"
    assert (first["guid"], first["url"]) == ("https://ben-song.example/tham-4812345.html",) * 2
    assert first["image"] == "https://i.example/1.jpg"
    assert first["key"]
    assert second["published"] is None
    assert second["guid"] == "g-2"
    assert first["id"] != second["id"]
    assert not first.keys() & {"feed", "outlet"}


def test_standard_input_is_read_when_nothing_or_a_dash_is_named(monitor: CommandLine) -> None:
    assert parsed(monitor("parse", given=RSS)) == parsed(monitor("parse", "-", given=RSS))


def test_a_feed_without_a_zone_is_read_in_the_default_one(monitor: CommandLine) -> None:
    monitor.set(timezone="UTC")
    assert parsed(monitor("parse", given=RSS))[0]["published"] == "2026-08-23T05:20:00+00:00"


def test_a_configured_feed_gives_its_name(monitor: CommandLine) -> None:
    rows = parsed(monitor("parse", "--feed", "ben-song", given=RSS))
    assert {(row["feed"], row["outlet"]) for row in rows} == {("ben-song", "Bến Sông")}
    ended = monitor("parse", "--feed", "ben-sog", given=RSS)
    assert (ended.code, ended.out) == (2, "")
    assert "did you mean ben-song?" in ended.err


def test_a_file_is_parsed_whatever_the_configuration_says(monitor: CommandLine) -> None:
    monitor.write("config/feeds.yaml", "feeds: [")
    assert len(parsed(monitor("parse", given=RSS))) == 2


def test_parsed_items_can_be_matched_as_they_come(monitor: CommandLine) -> None:
    lines = monitor("parse", "--feed", "ben-song", given=RSS).out
    [first, _] = monitor("match", given=lines).rows
    assert watches(first) == ["putin"]
    assert first["feed"] == "ben-song"
    assert [row["role"] for row in monitor("stories", given=lines).rows] == ["new", "new"]


@pytest.mark.parametrize(
    "body", [b"", b"  \n", b"\x00\xff" * 500, b"<html><body>Robot?</body></html>", b"{}", b"x" * 5_000_000]
)
def test_what_is_no_feed_is_one_line_on_stderr(monitor: CommandLine, body: bytes) -> None:
    ended = monitor("parse", given=body)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("<stdin>: ")
    assert ended.err.count("\n") == 1


async def test_a_feed_at_a_url_is_fetched(monitor: CommandLine) -> None:
    async with Newsstand() as stand:
        stand.publish(CALL, CALL_LEAD)
        refused = await asyncio.to_thread(monitor, "parse", stand.feed_url)
        assert (refused.code, refused.out) == (1, "")
        assert "MONITOR_HTTP_ALLOW_PRIVATE" in refused.err
        monitor.set(http_allow_private="true")
        rows = parsed(await asyncio.to_thread(monitor, "parse", stand.feed_url))
        assert rows[0]["title"] == CALL
        assert "feed" not in rows[0]
        monitor.write("config/feeds.yaml", f"feeds: [{{id: quay, outlet: Quầy, url: '{stand.feed_url}'}}]")
        assert parsed(await asyncio.to_thread(monitor, "parse", stand.feed_url))[0]["feed"] == "quay"
        missing = await asyncio.to_thread(monitor, "parse", f"{stand.base}/nothing")
        assert (missing.code, missing.out) == (1, "")
        assert "404" in missing.err
