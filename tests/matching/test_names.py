"""Is this name the person? The words around decide, and what the watch itself says."""

import pytest

from monitor.matching.names import Judgement, Surroundings, judge
from monitor.matching.own_words import NOBODYS, OwnWords
from monitor.matching.text import Text
from monitor.types import Leader, Office, WatchId


def watch(name: str, *offices: str, **more: object) -> OwnWords:
    return OwnWords(Leader(WatchId("x"), name, offices=tuple(map(Office, offices)), **more))  # type: ignore[arg-type]


MERZ = watch("Friedrich Merz", "Thủ tướng Đức")
COMMON = watch("Trần Hồng Hà", "Phó Thủ tướng", common=True)


def judgement(sentence: str, own: OwnWords = NOBODYS, *, titles: str = "", states: str = "") -> Judgement:
    start = sentence.index("«")
    end = sentence.index("»") - 1
    text = Text(sentence.replace("«", "").replace("»", ""))
    ends = [text.low.index(word.lower()) + len(word) for word in (titles, states) if word]
    around = Surroundings(
        title_ends={ends[0]} if titles else set(),
        state_ends={ends[-1]} if states else set(),
        state_starts=set(),
        name_starts=set(),
        shouting=text.plain.isupper(),
    )
    return judge(text, start, end, around, own)


def judged(sentence: str, own: OwnWords = NOBODYS, *, titles: str = "", states: str = "") -> str:
    """What is said against the name in «…»."""
    refused = judgement(sentence, own, titles=titles, states=states).refused
    return str(refused) if refused else ""


@pytest.mark.parametrize(
    "sentence",
    [
        "«Merz» mở lời",
        "Ông «Merz» mở lời",
        "Sau đó «Merz» mở lời",
        "chính quyền «Merz» mở lời",
        "Chiều nay, «Merz», người Đức, mở lời",
        "Ông «Tô Lâm» thăm trường",
        "Đồng chí «Tô Lâm» Chủ trì cuộc họp",
        "ÔNG «MERZ» MỞ LỜI",
        "Cuộc gặp Macron-«Merz» dời ngày",
        "NATO «Merz» mở lời",
        "Lý do «Mỹ Tâm» mở quán",
        "Chiều hẹn ông xã «Trấn Thành» ở quán",
    ],
)
def test_a_name_stands_for_the_person(sentence: str) -> None:
    assert judged(sentence) == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "Bà Charlotte «Merz» mở lời",
        "«Merz» Tower mở cửa",
        "«Merz» Jr mở lời",
        "Hafez al-«Assad» thời trẻ",
        "đường «Tô Lâm» bị ngập",
        "xã «Tô Lâm» bị ngập",
        "khách sạn «Merz» mở cửa",
        "Nguyễn «Tô Lâm» thi đỗ",
        "«Tô Lâm» Hà, người làng bên",
        "CHARLOTTE «MERZ» MỞ LỜI",
        "«Bộ trưởng Sơn» Hà mở lời",
    ],
)
def test_a_name_is_somebody_or_something_else(sentence: str) -> None:
    assert judged(sentence) != ""


def test_a_title_right_before_a_name_outweighs_the_words_before_the_title() -> None:
    assert judged("HLV Thủ tướng «Merz» trong một vở kịch", MERZ, titles="Thủ tướng") == ""
    assert judged("Thủ tướng Đức «Merz» mở lời", MERZ, states="Đức") == ""


def test_a_short_form_is_no_part_of_a_fuller_name() -> None:
    assert judged("«Ông Kim» Sang Sik gọi quân") == "“Sang” after it: a longer name"
    assert judged("«Ông Kim» tới Hà Nội") == ""


# ---------------------------------------------------------------- trades and addresses


def test_a_trade_before_a_full_name_is_the_persons_own() -> None:
    assert judged("Tiền đạo «Lionel Messi» ghi bàn", watch("Lionel Messi")) == ""
    assert judged("Bác sĩ «Tô Lâm» thăm làng", watch("Tô Lâm", "Tổng Bí thư")) == ""
    assert judged("Bị cáo «Trương Mỹ Lan», giám đốc, hầu tòa", watch("Trương Mỹ Lan")) == ""


def test_a_trade_before_a_common_name_is_a_namesakes() -> None:
    assert judged("Học sinh «Trần Hồng Hà» thi đỗ", COMMON) == "“học sinh” before it: somebody else"
    assert judged("Ông «Trần Hồng Hà», chủ quán phở, mở lời", COMMON) == "“chủ quán” after it: somebody else"
    assert judged("Ông «Trần Hồng Hà», học sinh vây quanh, mở lời", COMMON) == ""


def test_a_trade_before_the_last_name_of_somebody_in_office_is_a_namesakes() -> None:
    assert judged("tiền đạo «Merz» ghi bàn", MERZ) == "“tiền đạo” before it: somebody else"
    assert judged("tiền đạo «Messi» ghi bàn", watch("Lionel Messi", aliases=("Messi",))) == ""


@pytest.mark.parametrize(
    "more",
    [
        {"near": ("ca sĩ",)},
        {"near": ("làng nhạc", "nghệ sĩ")},  # another word for the trade
        {"aliases": ("ca sĩ Hồng Hà",)},
        {"short": ("nghệ sĩ Hà",)},
    ],
)
def test_a_trade_that_the_watch_names_is_no_namesakes(more: dict[str, object]) -> None:
    own = watch("Trần Hồng Hà", common=True, **more)
    assert judged("Ca sĩ «Trần Hồng Hà» mở lời", own) == ""
    assert judged("Tài xế «Trần Hồng Hà» mở lời", own) == "“tài xế” before it: somebody else"


def test_a_name_with_anh_in_it_is_not_of_the_trade_anh() -> None:
    own = watch("Nguyễn Tuấn Anh", common=True)
    assert judged("Anh «Nguyễn Tuấn Anh» trồng rau", own) == "“anh” before it: somebody else"


@pytest.mark.parametrize("sentence", ["«Tô Lâm» (SN 1990) mở quán", "«Tô Lâm», 35 tuổi, mở quán"])
def test_an_age_behind_a_name_is_not_of_somebody_in_office(sentence: str) -> None:
    assert judged(sentence, watch("Tô Lâm", "Tổng Bí thư")) == "an age or a home address after it: somebody else"
    assert judged(sentence, watch("Tô Lâm")) == ""


# ---------------------------------------------------------------- what the watch says of its person


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Sébastien Lecornu", "Sebastien «Lecornu» mở lời"),
        ("Sergey Lavrov", "ông Sergei «Lavrov» mở lời"),
        ("Sergey Lavrov", "ông Sergey Viktorovich «Lavrov» mở lời"),
        ("Volodymyr Zelensky", "ông Vladimir «Zelensky» mở lời"),
        ("Steven Witkoff", "ông Steve «Witkoff» mở lời"),
    ],
)
def test_the_own_first_name_in_other_letters_makes_the_name_full(name: str, sentence: str) -> None:
    found = judgement(sentence, watch(name))
    assert found.refused is None
    assert found.begins is not None
    assert sentence.replace("«", "")[found.begins :].startswith(("S", "V"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Brooklyn Beckham", "Victoria «Beckham» mở lời"),
        ("Daniel Ortega", "Danielle «Ortega» mở lời"),
        ("Mario Rossi", "Maria «Rossi» mở lời"),
        ("Wilson Smith", "Will «Smith» mở lời"),
    ],
)
def test_another_first_name_makes_it_somebody_elses(name: str, sentence: str) -> None:
    found = judgement(sentence, watch(name))
    assert found.refused is not None
    assert found.is_anothers


def test_words_that_an_own_office_begins_with_are_a_title_and_no_part_of_the_name() -> None:
    mamdani = watch("Zohran Mamdani", "Thị trưởng New York")
    assert judged("Tân Thị trưởng New York «Mamdani» mở lời", mamdani) == ""
    assert judgement("Thị trưởng «Mamdani» mở lời", mamdani).own_office == "thị trưởng"
    assert judgement("Phó Thị trưởng «Mamdani» mở lời", mamdani).own_office == ""
    minister = watch("Đào Hồng Lan", "Bộ trưởng Y tế")
    assert judgement("Bộ trưởng Bộ Y tế «Đào Hồng Lan» nói", minister).own_office == "bộ trưởng bộ y tế"


def test_a_lesser_or_former_title_is_not_the_one_of_the_form() -> None:
    vuong = watch("Phạm Nhật Vượng", aliases=("Chủ tịch Vingroup",))
    assert judged("phó «chủ tịch Vingroup» mở lời", vuong) == "“phó” beside it changes who is meant"
    assert judged("cựu «chủ tịch Vingroup» mở lời", vuong) == "“cựu” beside it changes who is meant"
    assert judged("trợ lý «thầy Kim» mở lời", watch("Kim Sang Sik", aliases=("thầy Kim",))) == ""
