"""monitor/stories/summary/extract.py: a story is said in its own sentences, and none leans on what is not said."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.summaries import run as bench
from monitor.stories.summary.extract import summarise
from monitor.stories.summary.salience import grams_of
from monitor.types import Evidence, Item, ItemId, Match, Rule, WatchId
from tests.outside import DATA, judged_outside

needs_data = judged_outside("tests/test_quality.py::test_summaries_say_what_a_person_says")

TITLE = "Cầu Vàm Xanh thông xe sau ba năm xây dựng"
LEAD = "Cầu Vàm Xanh dài 1,2 km bắc qua sông Trà Lý được thông xe sáng nay sau ba năm xây dựng."
BODY = """Sáng 10/3, chính quyền địa phương tổ chức lễ thông xe cầu Vàm Xanh nối hai bờ sông Trà Lý.
Tuy nhiên, đường dẫn phía nam còn chờ mặt bằng nên cầu chỉ mở cho xe con.
Cây cầu giúp rút ngắn quãng đường từ huyện đảo vào trung tâm tỉnh khoảng 30 km, theo Sở Giao thông.
“Đây là ngày vui của người dân hai bờ sông Trà Lý”, ông Lê Mẫu, Chủ tịch xã, nói tại lễ thông xe cầu Vàm Xanh.
“Chúng tôi đã chờ rất lâu ngày hôm nay.”
Ông cho biết xã sẽ trồng thêm cây xanh dọc đường dẫn.
Ảnh: tác giả cung cấp
Xem thêm: Thêm ba cây cầu sắp khởi công ở miền Tây
Bà Trần Thử bán nước bên bến phà cũ nhiều năm nay và sẽ chuyển nghề."""


def article(name: str = "a", *, title: str = TITLE, lead: str = LEAD, body: str = BODY) -> Item:
    return Item(ItemId(name), f"Báo {name}", title, lead, body)


def texts(items: list[Item], **wishes: object) -> list[str]:
    return [sentence.text for sentence in summarise(items, **wishes)]  # type: ignore[arg-type]


def test_every_sentence_is_the_very_slice_of_its_field() -> None:
    items = [article(), article("b", title="Thông xe cầu Vàm Xanh", lead="", body=BODY[::1])]
    said = {item.id: {"title": item.title, "summary": item.lead, "body": item.body} for item in items}
    summary = summarise(items, sentences=5)
    assert len(summary) == 4
    assert all(said[one.doc][one.field][one.start : one.end] == one.text for one in summary)


def test_an_alert_opens_with_the_lead_and_goes_on_with_the_body() -> None:
    summary = summarise([article()], sentences=3)
    assert summary[0].text == LEAD
    assert summary[0].field == "summary"
    assert {one.field for one in summary[1:]} == {"body"}


def test_two_outlets_that_say_the_same_are_said_once() -> None:
    other = article(
        "b",
        title="Thông xe cầu Vàm Xanh",
        lead="Sáng nay, cầu Vàm Xanh bắc qua sông Trà Lý, dài 1,2 km, được thông xe sau ba năm thi công.",
        body="Vé qua phà cũ từng là 20.000 đồng một lượt, nay người dân qua sông không mất tiền.",
    )
    assert texts([article(body=""), other], sentences=3) == [LEAD, other.body]


def test_a_longer_sentence_that_holds_another_in_its_words_is_not_said_beside_it() -> None:
    short = "Theo xã Vàm Xanh, các hộ cần dời lồng bè trước mùa lũ và giữ lối cho tàu cứu hộ."
    longer = (
        "Trong cuộc họp sáng thứ hai, chủ tịch xã nói với ngư dân rằng các hộ cần dời lồng bè trước mùa lũ và giữ lối"
        " cho tàu cứu hộ, đồng thời bàn giá cá tra, giá tôm và tiền thuê bến mới."
    )
    assert texts([article(title="Dời lồng bè", lead=short, body=longer)], sentences=3) == [short]


def test_background_of_a_state_that_is_not_the_matter_is_left_out() -> None:
    lead = "Thủ tướng Nhật Bản điện đàm với Thủ tướng Ấn Độ về một tuyến đường sắt chung sáng thứ hai."
    goes_on = "Trong cuộc điện đàm, Thủ tướng Nhật Bản đề nghị hai nước lập một tổ công tác về tuyến đường sắt."
    aside = "Brazil đã bán cho nước này hơn hai mươi đầu tàu và cử thợ sang dạy nghề từ năm ngoái."
    summary = texts([article(title="Nhật Bản điện đàm với Ấn Độ", lead=lead, body=f"{aside}\n{goes_on}")], sentences=3)
    assert summary == [lead, goes_on]


def test_a_short_aside_does_not_fill_the_room_behind_what_matters() -> None:
    aside = "Trời sáng nay nhiều mây, gió nhẹ."
    assert aside not in texts([article(body=f"{BODY}\n{aside}")], sentences=5)
    assert aside in texts([article(body=aside)], sentences=5)


def test_the_stamp_of_the_outlet_is_not_part_of_the_summary() -> None:
    stamped = article(lead=f"(Dân trí) - {LEAD}")
    first = summarise([stamped], sentences=1)[0]
    assert first.text == LEAD
    assert stamped.lead[first.start : first.end] == LEAD


def test_a_headline_glued_to_the_lead_is_left_out() -> None:
    glued = article(lead=f"{LEAD} Ba cây cầu khác sắp khởi công ở miền Tây trong năm nay", body="")
    assert texts([glued]) == [LEAD]


def test_captions_pointers_and_quotations_without_a_speaker_are_left_out() -> None:
    everything = texts([article()], sentences=20, opening="best")
    assert not any(text.startswith(("Ảnh:", "Xem thêm", "“Chúng tôi")) for text in everything)
    assert any("ông Lê Mẫu, Chủ tịch xã, nói" in text for text in everything)


def test_a_leaning_sentence_comes_only_behind_the_one_it_leans_on() -> None:
    summary = summarise([article()], sentences=20, opening="best")
    starts = [one.text for one in summary]
    leaning = next(text for text in starts if text.startswith("Tuy nhiên"))
    assert starts[starts.index(leaning) - 1].startswith("Sáng 10/3")


def test_a_leaning_sentence_of_the_article_that_opens_stays_behind_the_one_it_leans_on() -> None:
    other = article("b", lead="", body="Chợ Vàm Xanh họp lại từ sáng mai bên đường dẫn lên cầu mới.")
    for items in ([article(), other], [other, article()]):
        said = texts(items, sentences=20)
        at = next(n for n, text in enumerate(said) if text.startswith("Tuy nhiên"))
        assert said[at - 1].startswith("Sáng 10/3")


def test_a_leaning_sentence_is_not_chosen_alone_however_much_it_says() -> None:
    body = f"Sáng nay trời nắng đẹp trên khắp miền hạ lưu.\nTuy nhiên, {LEAD[0].lower()}{LEAD[1:]}"
    assert texts([article(lead="", body=body)], sentences=1) == ["Sáng nay trời nắng đẹp trên khắp miền hạ lưu."]


def test_an_interview_does_not_speak_for_itself() -> None:
    talk = article(lead="", body=f"{LEAD}\n- Tôi đã chờ cây cầu Vàm Xanh này thông xe suốt ba năm xây dựng.\n{BODY}")
    assert not any("Tôi đã chờ" in text for text in texts([talk], sentences=20))
    told = article(lead="", body=f"{LEAD}\nÔng Lê Mẫu nói: “Tôi đã chờ cầu Vàm Xanh ba năm.” khi dự lễ thông xe.")
    assert any("Tôi đã chờ" in text for text in texts([told], sentences=20))


def test_what_only_announces_a_list_or_has_a_caption_in_it_is_left_out() -> None:
    odd = f"""{LEAD}
Sở Giao thông cho biết lễ thông xe cầu Vàm Xanh sáng nay gồm ba phần như sau:
Cầu Vàm Xanh nhìn từ trên cao (Ảnh: tác giả) Cầu Vàm Xanh được thông xe sáng nay sau ba năm.
>> Cầu Vàm Xanh chờ ngày thông xe sau ba năm xây dựng."""
    assert texts([article(lead="", body=odd)], sentences=9) == [LEAD]


def test_half_a_quotation_is_not_chosen() -> None:
    wish = "Bà con mong có thêm trường học, trạm xá, chợ sớm và đường nhựa cho trẻ nhỏ đi lại mùa mưa lũ hằng năm"
    body = f"“{wish}. {wish.replace('Bà con', 'Xóm')}. {wish.replace('Bà con', 'Làng')}. Ai cũng chờ cầu phao mới.”"
    assert texts([article(body=body)], sentences=9) == [LEAD]


def test_an_article_without_a_lead_is_summed_up_no_longer_than_it_is_worth() -> None:
    aside = "Giá rau ở chợ tỉnh bên không đổi so với tuần trước, nhiều tiểu thương cho hay."
    assert texts([article(lead="", body=f"{LEAD}\n{aside}")], sentences=2) == [LEAD]


def test_a_headline_glued_in_front_of_the_lead_is_left_out() -> None:
    glued = article(lead=f"Cầu Vàm Xanh thông xe sáng nay{LEAD.replace('Cầu', 'Cầu', 1)}", body="")
    first = summarise([glued])[0]
    assert first.text == LEAD
    assert glued.lead[first.start : first.end] == LEAD


def test_nothing_is_said_twice_when_two_outlets_print_one_agency_text() -> None:
    summary = texts([article(), article("b")], sentences=6)
    assert len(summary) == len(set(summary))


def test_a_summary_about_a_watch_prefers_sentences_that_name_it() -> None:
    match = Match(WatchId("tran-thu"), "leader", "Trần Thử", Rule.NAME, 0.9, (Evidence("body", 0, 1, "Trần Thử"),))
    assert any("Trần Thử" in text for text in texts([article()], sentences=2, about=[match]))
    assert not any("Trần Thử" in text for text in texts([article()], sentences=2))


def test_a_limit_of_characters_cuts_only_at_sentence_ends() -> None:
    short = texts([article()], sentences=5, chars=200)
    assert len(" ".join(short)) <= 200
    assert all(text.endswith((".", "”")) for text in short)
    assert texts([article()], chars=10) == []


def test_an_item_of_a_title_alone_has_no_summary() -> None:
    assert texts([article(lead="", body="")]) == []
    assert texts([]) == []


@given(st.text(alphabet='aBcĐ .?“”"\n<>,-', max_size=200), st.integers(0, 5), st.none() | st.integers(0, 80))
def test_whatever_the_text_spans_are_right_and_limits_hold(text: str, sentences: int, chars: int | None) -> None:
    item = Item(ItemId("a"), "Báo", "aB cĐ", text[:60], text)
    summary = summarise([item], sentences=sentences, chars=chars)
    fields = {"summary": item.lead, "body": item.body}
    assert len(summary) <= sentences
    assert all(fields[one.field][one.start : one.end] == one.text for one in summary)
    assert chars is None or len(" ".join(one.text for one in summary)) <= chars


@pytest.mark.slow
@needs_data
def test_summaries_of_articles_beat_their_first_sentences() -> None:
    rows = [json.loads(line) for line in gzip.decompress((DATA / "vietnews.dev.jsonl.gz").read_bytes()).splitlines()]
    ours, lead = bench.articles(rows[:400], bench.ours), bench.articles(rows[:400], bench.lead)
    assert ours.rouge1 >= lead.rouge1 + 3
    assert ours.rouge2 >= lead.rouge2 + 2.5


@pytest.mark.slow
@needs_data
def test_summaries_of_stories_beat_the_first_document() -> None:
    rows = [json.loads(line) for line in gzip.decompress((DATA / "clusters.dev.jsonl.gz").read_bytes()).splitlines()]
    ours, lead = bench.stories(rows[:60], bench.ours), bench.stories(rows[:60], bench.lead)
    assert ours.rouge1 >= lead.rouge1 + 3


def test_what_a_sentence_says_is_summed_up_in_one_order_in_every_process() -> None:
    syllables = ["bão", "đổ", "bộ", "và", "bão", "tan"]
    assert list(grams_of(syllables, 1)) == [("bão",), ("đổ",), ("bộ",), ("và",), ("tan",)]
    assert list(grams_of(syllables, 2))[:2] == [("bão", "đổ"), ("đổ", "bộ")]
