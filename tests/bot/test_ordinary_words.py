"""Words that name nobody offer nobody, and a name that was nearly typed is found: counted over lists of our own."""

from pathlib import Path

import pytest

from monitor.bot.targets import Finder, Found, fold
from monitor.config import load_watchlist
from monitor.types import Leader, Target

ORDINARY = [
    *("dừng", "dừng lại", "dừng tin này", "giá vàng", "giá vàng hôm nay", "ông trăm", "cảm ơn", "cảm ơn bạn", "hello"),
    *(
        "hello bạn",
        "xin chào",
        "chào buổi sáng",
        "chào ông",
        "ok",
        "vâng ạ",
        "được rồi",
        "không",
        "không cần nữa",
        "thôi",
    ),
    *("bao giờ có tin", "hôm nay ăn gì", "thời tiết hôm nay", "mấy giờ rồi", "trời mưa to quá", "kết quả bóng đá"),
    *(
        "tỷ giá đô la",
        "giá xăng",
        "chứng khoán",
        "lịch thi đấu",
        "thanh tra",
        "thanh tra bộ",
        "hòa bình",
        "trung thành",
    ),
    *(
        "biến động giá",
        "lãnh đạo",
        "pháp luật",
        "cam on ban",
        "chao ban",
        "khong hieu",
        "lam sao",
        "lam on",
        "dang cap",
    ),
    *(
        "thank you",
        "thanks",
        "stop",
        "start",
        "test",
        "help me",
        "good morning",
        "facebook",
        "google",
        "video",
        "email",
    ),
    *(
        "quang cáo nhiều quá",
        "tin tức",
        "tin moi",
        "thông tin",
        "hung thu",
        "minh muon hoi",
        "hà nội",
        "sài gòn",
        "ông bà",
    ),
]
_SLIPS = {  # what was typed, by who was meant
    "putin": "putn, puttin, putinn, ông putn, vladimir putn",
    "zelensky": "Zelenski, zelensk, zelinsky, zelenskiy, selensky",
    "to-lam": "to lam, Tô lam, tolam",
    "trump": "Trum, trumpp, donal trump, donald trum, tramp, trupm",
    "netanyahu": "natanyahu, netanyahoo, netaniahu, benjamin natanyahu",
    "tap-can-binh": "tap can bin, tập cận bìh, tapcanbinh, xi jin ping, xi jingping",
    "kim-jong-un": "kim jong in, kim jongun, kim chong un",
    "macron": "makron, macaron, emanuel macron",
    "biden": "bidan, joe bidden",
    "obama": "obma, obamma",
    "erdogan": "erdogann, erdogon",
    "lukashenko": "lukasenko",
    "lavrov": "lavrof, lavrop",
    "ali-khamenei": "khamenai, khameney",
    "pezeshkian": "pezeskian",
    "araghchi": "araqchy",
    "takaichi": "takachi",
    "starmer": "starmar",
    "merz": "mers",
    "guterres": "guteres",
    "rubio": "rubbio",
    "hegseth": "hegset",
    "maduro": "maduru",
    "prabowo": "prabowoo",
    "pham-minh-chinh": "pham min chinh",
    "luong-cuong": "lương cừơng",
    "le-minh-hung": "lê minh hùng",
    "tran-thanh-man": "tran than man",
    "phan-van-giang": "phan van gian",
    "luong-tam-quang": "luong tam quan",
}
MISSPELT = {typed: meant for meant, slips in _SLIPS.items() for typed in slips.split(", ")}


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(load_watchlist(Path(__file__).parents[2] / "config"))


def test_ordinary_words_offer_nobody(finder: Finder) -> None:
    offered = {said: finder.find(said).hits for said in ORDINARY}
    assert {said: hits for said, hits in offered.items() if hits} == {}


def test_misspelt_names_are_offered(finder: Finder) -> None:
    lost = {typed: finder.find(typed).hits for typed, meant in MISSPELT.items() if meant not in finder.find(typed).hits}
    assert lost == {}


def test_the_beginning_of_an_office_is_asked_back_and_never_taken_for_granted(finder: Finder) -> None:
    assert finder.find("Bộ trưởng Công an") == Found((Target("luong-tam-quang"),), True)
    assert finder.find("bộ trưởng") == Found((Target("luong-tam-quang"),), False)
    assert len(finder.find("tong thong").hits) == 8


def test_every_name_of_the_shipped_watchlists_is_found_without_marks_too(finder: Finder) -> None:
    lost = []
    for watch in load_watchlist(Path(__file__).parents[2] / "config").watches:
        for name in (watch.name, *(watch.aliases if isinstance(watch, Leader) else ())):
            lost += [
                typed for typed in (name, name.upper(), fold(name)) if Target(watch.id) not in finder.find(typed).hits
            ]
    assert lost == []
