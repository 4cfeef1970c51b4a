"""A whole article, matched with the shipped watchlists: about whom it is, and about what."""

from datetime import UTC, datetime
from pathlib import Path

from monitor.matching.matcher import compile_watchlist
from tests.newsroom import item
from tests.outside import DATA, judged_outside

SEED = DATA / "seed_article.txt"


@judged_outside(
    "tests/matching/test_whole_article.py::test_an_article_of_our_own_concerns_five_leaders_and_a_call", needs=SEED
)
def test_the_seed_article_concerns_six_leaders_and_a_call() -> None:
    from monitor.config import load_watchlist

    title, _, body = SEED.read_text(encoding="utf-8").partition("\n")
    matcher = compile_watchlist(load_watchlist(Path(__file__).parents[2] / "config"))
    matches = matcher.match(item(title, body=body, at=datetime(2023, 10, 16, 3, tzinfo=UTC)))
    assert {match.watch_id for match in matches} == {
        "putin",
        "netanyahu",
        "assad",
        "raisi",
        "sisi",
        "abbas",
        "dien-dam",
    }


OWN_ARTICLE = """\
Điện Kremlin: Tổng thống Nga gọi cho Thủ tướng Israel
Tối thứ hai, Tổng thống Nga Vladimir Putin điện đàm với Thủ tướng Israel Benjamin Netanyahu về việc đưa lương thực vào \
vùng bị phong tỏa, văn phòng báo chí Điện Kremlin cho biết.
Ông Putin kể lại các cuộc trao đổi trước đó với Tổng thống Syria Bashar al-Assad, Tổng thống Ai Cập Abdel Fattah \
al-Sisi và Tổng thống Palestine Mahmoud Abbas. Bốn bên muốn mở cửa khẩu cho đoàn xe cứu trợ ngay trong tuần.
Ở quảng trường bên sông, ông Lê Văn Mẫu, một người bán kem, nói trời năm nay lạnh sớm.
"""


def test_an_article_of_our_own_concerns_five_leaders_and_a_call() -> None:
    from monitor.config import load_watchlist

    title, _, body = OWN_ARTICLE.partition("\n")
    matcher = compile_watchlist(load_watchlist(Path(__file__).parents[2] / "config"))
    matches = matcher.match(item(title, body=body, at=datetime(2023, 10, 16, 3, tzinfo=UTC)))
    assert {match.watch_id for match in matches} == {"putin", "netanyahu", "assad", "sisi", "abbas", "dien-dam"}
