"""monitor/text/sentences.py: Vietnamese news prose is cut where a reader would cut it."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.sentences import clause_starts, is_whole, split_sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "Ông V.Pu-tin gặp ông B. Obama tại TP.HCM.",
        "Theo trang baomoi.example.vn, giá tăng 18.8 điểm.",
        "GS. Trần Thử và TS. Lê Mẫu dự hội nghị.",
        "Buôn làng bên núi Đ.Trăm đã có điện.",
        "Đội U.23 tập buổi đầu tiên ngày 29.7 tại sân số 2.",
        "“Chúng tôi sẽ đến. Chắc chắn như vậy.”, ông Mẫu nói.",
        "1. Phạm vi điều chỉnh của quy định.",
        "Mưa còn kéo dài... đến hết tuần.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(whole: str) -> None:
    assert cut(whole) == [whole]


def test_sentences_end_at_stops_questions_and_closed_quotations() -> None:
    text = "Cầu đã thông xe. Bao giờ thu phí? “Chưa có lịch.” Sở Giao thông trả lời như vậy."
    assert cut(text) == ["Cầu đã thông xe.", "Bao giờ thu phí?", "“Chưa có lịch.”", "Sở Giao thông trả lời như vậy."]


def test_a_shortened_name_ends_a_sentence_where_a_new_one_opens() -> None:
    assert cut("Cảnh sát đã tìm thấy anh C. Sau đó anh được đưa về nhà.") == [
        "Cảnh sát đã tìm thấy anh C.",
        "Sau đó anh được đưa về nhà.",
    ]


def test_a_glued_sentence_is_parted_and_a_glued_headline_is_seen_to_be_none() -> None:
    parts = cut("Lũ về nhanh và khó đoán.Người dân đã rời bãi sông. Hồ thủy điện mở thêm cửa xả")
    assert parts == ["Lũ về nhanh và khó đoán.", "Người dân đã rời bãi sông.", "Hồ thủy điện mở thêm cửa xả"]
    assert [is_whole(part) for part in parts] == [True, True, False]


def test_a_line_break_always_ends_a_sentence() -> None:
    assert cut("Ảnh: tác giả cung cấp\nCầu đã thông xe.") == ["Ảnh: tác giả cung cấp", "Cầu đã thông xe."]


# One text a line; "|" is where a sentence ends and stands for a blank, "¦" is an end without one.
TABLE = """
Ông V.Pu-tin gặp ông B. Obama tại TP.HCM.
Tổng thống Nga V.Pu-tin và Thủ tướng N.Mô-đi hội đàm.
Tp. Hồ Chí Minh mưa lớn chiều nay.
TP. Đà Nẵng mở thêm bến xe.
GS.TS. Trần Thử và PGS.TS Lê Mẫu dự hội nghị.
PGS. TS. Nguyễn Văn Thí chủ trì.
ThS.BS. Lê Mẫu khám cho người bệnh.
NSƯT. Lê Mẫu qua đời.
Giá vàng tăng lên 1.000 đồng.
Ước tính 3.500.000 người.|Con số còn tăng.
Chỉ số đạt 18.8 điểm.|Sau đó giảm.
Giá là 5,5 triệu đồng/m2.|Dân lo lắng.
Ngày 29.7 đội tập tại sân số 2.
Ngày 29.7.2026 đội tập tại sân.
Nghị định 15/2020/NĐ-CP có hiệu lực.|Mức phạt tăng.
Đội U.23 thắng 3-0.
Tàu SE.1 rời ga lúc 6h.|Khách đông.
Số ĐT 028.3930.1234 của tòa soạn.
Ông nói rõ (xem tr. 5).|Bà không nói thêm.
Trang baomoi.example.vn đưa tin.
Theo VnExpress.net, giá tăng.
Thư: toasoan@baomoi.example.vn.|Điện thoại: 0123.
Mua rau, thịt, cá, v.v. tại chợ.
Mua rau, thịt, v.v.|Người dân xếp hàng dài.
Mua rau, thịt, v.v...|Người dân xếp hàng dài.
Cháy nhà lúc 3h sáng...|Không ai bị thương.
Hôm nay trời đẹp…|Mai mưa.
Mưa còn kéo dài... đến hết tuần.
Hôm nay trời đẹp …mai mưa.
“Tôi đến… Tôi thấy… Tôi thắng”, ông Mẫu kể.
Công việc đã xong.¦Ông về nhà lúc tối.
Lễ bế mạc diễn ra tối 5/9.¦Ông Lê Mẫu phát biểu.
Vụ việc xảy ra năm 2024.¦Công an đang điều tra.
Giá đạt 20.000 đồng.¦Người mua ít.
Có 30%.¦Số còn lại ở nhà.
Bão số 5 vào biển Đông!¦Bão mạnh thêm.
Tổng thống Nga tới Bắc Kinh hôm nay¦Tổng thống Nga Vladimir Putin hôm nay tới Bắc Kinh.
Chủ tịch nước thăm Bắc Kinh¦Chủ tịch nước hôm nay tới Bắc Kinh.
Thủ tướng dự hội nghị sáng nay¦Sáng nay, Thủ tướng dự hội nghị về lũ.
Điện thoại iPhone và mạng YouTube của VnExpress bị chậm.
Hãng easyJet và MobiFone mở đường bay.
“Bao giờ xong?!”|Ông Mẫu hỏi như vậy.
“Bao giờ xong?!”, ông Mẫu hỏi.
“Sao lại thế?” là câu hỏi của nhiều người.
Sao lại thế?|Không ai biết.
Ai thắng? ai thua?
“Chúng tôi sẽ đến.”|Ông Mẫu nói vậy.
“Chúng tôi sẽ đến.”, ông Mẫu nói.
“Chúng tôi sẽ đến.” - ông Mẫu nói.
“Chúng tôi sẽ đến!” ông Mẫu nói.
“Chúng tôi sẽ đến. Chắc chắn như vậy.”, ông Mẫu nói.
Ông Mẫu nói: “Chúng tôi sẽ đến. Chắc chắn.”|Cuộc họp kết thúc lúc 5h.
Ông Mẫu nói: "Chúng tôi sẽ đến."|Cuộc họp kết thúc.
Ông nói “không”.|Cuộc họp kết thúc.
Họ hỏi: “Vì sao?”.|Không ai đáp.
Họ hô: “Cố lên!”.|Trận đấu bắt đầu.
Ông nói: “Được.” và rời đi.
Cuộc họp kết thúc (theo tin của tỉnh).|Hai bên ra tuyên bố.
1. Phạm vi điều chỉnh của quy định.
Có ba việc: 1. Sửa đường.
Điều 5. Hiệu lực thi hành.
Chương IV. Tổ chức thực hiện.
Ông J.D. Vance đến Hà Nội.
Ông George W. Bush đến Hà Nội.
Ông Donald J. Trump phát biểu.
Washington D.C. đón tuyết đầu mùa.
Mr. Smith đến thăm St. Petersburg.
P.Bến Nghé, Q.1, TP.HCM ngập.
Q. Bình Thạnh và H. Củ Chi ngập nặng.
Cảnh sát tìm thấy anh C.|Sau đó anh về nhà.
Hai bị can T. và H. đã bị bắt.
Chị N.T.H. cho biết đã nộp đơn.
Ông Trần T.H. (45 tuổi) bị bắt.
Bà L.T.M.H. (Q.3) nói vậy.|Con bà nghỉ học.
- Ông có lo không?|- Không, không lo.
• Mở rộng đường.|• Xây cầu mới.
Ở siêu thị, ngoài chợ...¦Người mua vẫn ít.
Giá tăng 5%.|20 hộ dân phải dời đi.
"""


@pytest.mark.parametrize("line", TABLE.strip().splitlines())
def test_prose_is_cut_where_a_reader_would_cut_it(line: str) -> None:
    assert cut(line.replace("|", " ").replace("¦", "")) == line.replace("¦", "|").split("|")


@given(st.text(alphabet='aBĐế .?!…“”"\n1,-', max_size=120))
def test_every_letter_stands_in_one_sentence_and_in_order(text: str) -> None:
    spans = split_sentences(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert "".join("".join(cut(text)).split()) == "".join(text.split())


def test_clauses_begin_where_sentences_do_and_behind_semicolons_and_bars() -> None:
    text = "Ông V. Putin đến TP. HCM; báo chí chờ ngoài. Mưa ở Mỹ. Gió to | Nắng lên"
    starts = clause_starts(text)
    assert [text[at:end].strip() for at, end in itertools.pairwise([*starts, len(text)])] == [
        "Ông V. Putin đến TP. HCM;",
        "báo chí chờ ngoài.",
        "Mưa ở Mỹ.",
        "Gió to |",
        "Nắng lên",
    ]


@given(st.text(alphabet="aB .;|?…“”\n1", max_size=60))
def test_every_sentence_begins_a_clause(text: str) -> None:
    starts = clause_starts(text)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert {start for start, _ in split_sentences(text)} <= set(starts)


@pytest.mark.parametrize(
    "piece", ["A. ", "J. K", "1. ", "“A. ", "“A.” ", "- . ", ": 1. A", "Điều 5. ", "; ", " | ", "aB "]
)
def test_no_text_takes_more_than_its_share_of_time(piece: str) -> None:
    started = time.process_time()
    clause_starts(piece * (300_000 // len(piece)))
    assert time.process_time() - started < 4, "seconds for a third of a megabyte"
