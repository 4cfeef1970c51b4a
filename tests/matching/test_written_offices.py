"""Offices that somebody writes into a watchlist: how they are spelt in the news, and whom they mean there."""

from datetime import UTC, date, datetime

import pytest

from monitor.matching.matcher import Matcher, compile_watchlist
from monitor.matching.offices import OfficeKey
from monitor.matching.written_offices import MOST_SPELLINGS, Scope, read_office
from monitor.types import Leader, Office, WatchId
from tests.newsroom import DAY, item, watchlist


@pytest.mark.parametrize(
    ("written", "title", "state", "scope"),
    [
        ("Bộ trưởng Y tế", "bộ trưởng y tế", "", Scope.NATIONAL),
        ("Bộ trưởng Bộ Y tế Việt Nam", "bộ trưởng y tế", "", Scope.NATIONAL),
        ("bộ trưởng y tế Hoa Kỳ", "bộ trưởng y tế", "mỹ", Scope.NATIONAL),
        ("Bộ trưởng GD&ĐT", "bộ trưởng giáo dục và đào tạo", "", Scope.NATIONAL),
        ("Thống đốc NHNN", "thống đốc ngân hàng nhà nước", "", Scope.OURS),
        ("Trưởng Ban Tổ chức Trung ương", "trưởng ban tổ chức trung ương", "", Scope.OURS),
        ("Chủ tịch UBND thành phố Huế", "chủ tịch huế", "", Scope.ALONE),
        ("Bí thư Tỉnh ủy Lào Cai", "bí thư lào cai", "", Scope.ALONE),
        ("CEO Acme", "tổng giám đốc acme", "", Scope.ALONE),
        ("Chủ tịch HĐQT Tập đoàn Sao Xanh", "chủ tịch sao xanh", "", Scope.ALONE),
        ("HLV tuyển Lào", "huấn luyện viên đội tuyển quốc gia", "lào", Scope.ALONE),
        ("Chủ tịch Fed", "chủ tịch cục dự trữ liên bang mỹ", "", Scope.ALONE),
        ("Đại sứ Lào tại Việt Nam", "đại sứ lào tại việt nam", "", Scope.ALONE),
        ("Hoa hậu Biển 2024", "hoa hậu biển 2024", "", Scope.ALONE),
        ("ông chủ Nhà Trắng", "ông chủ nhà trắng", "", Scope.ALONE),
        ("Tổng thống Nga", "tổng thống", "nga", Scope.KNOWN),
    ],
)
def test_any_office_is_a_title_and_a_state(written: str, title: str, state: str, scope: Scope) -> None:
    office = read_office(written)
    assert (office.office_key, office.scope) == (OfficeKey(title, state), scope)


def test_two_ways_to_write_an_office_are_one() -> None:
    def key(written: str) -> OfficeKey:
        return read_office(written).office_key

    assert key("Bí thư Thành ủy TP.HCM") == key("Bí thư Thành phố Hồ Chí Minh") == key("Bí thư TP HCM")
    assert key("Chủ tịch Ủy ban nhân dân tỉnh An Giang") == key("Chủ tịch UBND An Giang") == key("Chủ tịch An Giang")
    assert key("Huấn luyện viên trưởng đội tuyển Lào") == key("HLV tuyển Lào")
    assert key("Chánh án Tòa án nhân dân Tối cao") == key("Chánh án TAND tối cao")
    assert key("Cục trưởng Cục CSGT") == key("Cục trưởng Cảnh sát giao thông")
    assert key("Chủ tịch HĐND TP.HCM") != key("Chủ tịch UBND TP.HCM")
    assert key("Chủ tịch CLB An Giang") != key("Chủ tịch An Giang")
    assert key("Bí thư An Giang") != key("Bí thư Kiên Giang")


@pytest.mark.parametrize(
    "written", ["HLV tuyển Việt Nam", "Chủ tịch Ủy ban MTTQ TP.HCM", "Đại sứ Anh tại Đức", "x", "-", "a b"]
)
def test_no_office_has_too_many_spellings(written: str) -> None:
    assert 0 < len(read_office(written).spellings) <= MOST_SPELLINGS


# ---------------------------------------------------------------- in the news


def holder(watch: str, name: str, office: str, since: date | None = date(2025, 1, 1), **more: object) -> Leader:
    return Leader(WatchId(watch), name, offices=(Office(office, since),), **more)  # type: ignore[arg-type]


LIST = compile_watchlist(
    watchlist(
        holder("y-te", "Phạm Thị Sương", "Bộ trưởng Y tế"),
        holder("hue", "Lê Văn Gốm", "Chủ tịch UBND TP Huế"),
        holder("bi-thu", "Trần Văn Sành", "Bí thư Thành ủy TP.HCM"),
        holder("ngan-hang", "Võ Thị Sứ", "Thống đốc Ngân hàng Nhà nước", common=True),
        holder("fed", "Jonas Brickman", "Chủ tịch Fed"),
        holder("acme", "Greta Plumm", "CEO Acme", exclude=("Acme Foods",)),
        holder("new-york", "Otto Brandl", "Thị trưởng New York", date(2026, 7, 1)),
        holder("hlv", "Mika Tanner", "HLV tuyển Việt Nam"),
        holder("quan-khu", "Đỗ Văn Nung", "Tư lệnh Quân khu 7"),
        holder("cong-an", "Bùi Văn Men", "Giám đốc Công an Hà Nội"),
        holder("phap", "Sébastien Tournel", "Thủ tướng Pháp", date(2026, 6, 1)),
    )
)


def ids(title: str, lead: str = "", matcher: Matcher = LIST, at: datetime = DAY) -> set[str]:
    return {str(match.watch_id) for match in matcher.match(item(title, lead, at=at))}


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Bộ trưởng Bộ Y tế thăm trạm xá", "y-te"),
        ("bộ trưởng Bộ Y tế thăm trạm xá", "y-te"),
        ("Chủ tịch thành phố Huế ký lệnh cấm đò", "hue"),
        ("Chủ tịch Ủy ban nhân dân TP.Huế ký lệnh cấm đò", "hue"),
        ("Bí thư Thành ủy TPHCM trồng cây", "bi-thu"),
        ("Bí thư thành phố Hồ Chí Minh trồng cây", "bi-thu"),
        ("Thống đốc NHNN nói về tiền lẻ", "ngan-hang"),
        ("Thống đốc Võ Thị Sứ nói về tiền lẻ", "ngan-hang"),
        ("Chủ tịch Cục Dự trữ Liên bang Mỹ (Fed) ăn phở", "fed"),
        ("Chủ tịch Cục Dự trữ Liên bang (Fed) Mỹ ăn phở", "fed"),
        ("Chủ tịch Fed Brickman ăn phở", "fed"),
        ("Tổng giám đốc Acme mở quán", "acme"),
        ("Giám đốc điều hành của Acme mở quán", "acme"),
        ("HLV trưởng đội tuyển Việt Nam gọi 30 người", "hlv"),
        ("HLV ĐTQG Việt Nam gọi 30 người", "hlv"),
        ("Giám đốc Công an thành phố Hà Nội phát lệnh", "cong-an"),
        ("Ngày 9.6 Bộ trưởng Y tế thăm trạm xá", "y-te"),
        ("Cách chức Chủ tịch Fed", "fed"),
    ],
)
def test_the_spellings_of_newspapers_are_one_office(headline: str, expected: str) -> None:
    assert ids(headline) == {expected}


@pytest.mark.parametrize(
    "headline",
    [
        "Phó Chủ tịch UBND TP Huế ký lệnh cấm đò",
        "Cựu Bộ trưởng Y tế thăm trạm xá",
        "Nguyên trợ lý Bí thư Thành ủy TP.HCM ra sách",
        "Thôi giữ chức Bí thư Thành ủy TP.HCM",
        "Danh sách ứng viên Chủ tịch Fed ngắn lại",
        "Ứng cử viên cho chức Chủ tịch Fed",
        "Quyền Bộ trưởng Y tế thăm trạm xá",
        "Văn phòng Thị trưởng New York đóng cửa",
        "Bộ Tư lệnh Quân khu 7 tổ chức hội trại",
        "Chủ tịch Fed tiếp theo là ai",
    ],
)
def test_a_word_before_a_written_office_changes_who_is_meant(headline: str) -> None:
    assert ids(headline) == set()


@pytest.mark.parametrize(
    "headline",
    [
        "Bộ trưởng Y tế Nga thăm Hà Nội",
        "Bộ trưởng Y tế Liên bang Nga thăm Hà Nội",
        "Bộ trưởng Y tế và Dịch vụ Nhân sinh Mỹ cãi nhau với bác sĩ",
        "Bộ trưởng Y tế, Lao động và Phúc lợi Nhật Bản từ chức",
        "Bộ trưởng Y tế và Dân số họp báo",
        "Biểu tình ở Bangkok, Bộ trưởng Y tế bị vây",
        "CEO Acme Việt Nam mở quán",
        "HLV tuyển nữ Việt Nam gọi 30 người",
        "HLV tuyển Lào gọi 30 người",
        "Chủ tịch Fed Chicago nói về lãi suất",
        "Giám đốc Công an tỉnh Nghệ An phát lệnh",
        "Chủ tịch HĐND TP Huế ký nghị quyết",
        "CEO Acme Foods mở quán",
    ],
)
def test_the_office_of_another_state_town_or_firm_is_somebody_elses(headline: str) -> None:
    assert ids(headline) == set()


def test_a_name_behind_a_written_office_wins_over_the_calendar() -> None:
    assert ids("Bộ trưởng Y tế Phạm Thị Sương thăm trạm xá") == {"y-te"}
    assert ids("Bộ trưởng Y tế Ngô Văn Tráng thăm trạm xá") == set()
    assert ids("Chủ tịch Fed Arthur Burns trong hồi ký") == set()
    assert ids("Bộ trưởng Y tế ông Ngô Văn Tráng thăm trạm xá") == set()
    assert ids("Giám đốc Công an Hà Nội (CAHN) Trần Văn Tráng phát lệnh") == set()


def test_a_last_name_behind_the_holders_title_is_the_holder() -> None:
    assert ids("Thủ tướng Tournel lập nội các") == {"phap"}
    assert ids("Thủ tướng Sebastien Tournel lập nội các") == {"phap"}
    assert ids("Thủ tướng Pháp Sebastien Tournel lập nội các") == {"phap"}
    assert ids("Thủ tướng Đức Tournel lập nội các") == set()
    assert ids("Bộ trưởng Tournel lập nội các") == set()


def test_another_holder_named_in_the_item_takes_the_office_away() -> None:
    assert ids("Thủ tướng Pháp mất ghế", "Thủ tướng Bayrou thua phiếu.") == set()
    assert ids("Thủ tướng Pháp mất ghế", "Thủ tướng Pháp Bayrou thua phiếu.") == set()
    # long in office, or with another state named, a lone title may be another state's
    assert ids("Thủ tướng Pháp tiếp khách", "Thủ tướng Modi ở lại ba ngày.", at=datetime(2026, 9, 1, tzinfo=UTC)) == {
        "phap"
    }
    assert ids("Thủ tướng Pháp tiếp khách Ấn Độ", "Thủ tướng Modi ở lại ba ngày.") == {"phap"}


@pytest.mark.parametrize(
    "headline",
    [
        "Bộ trưởng Y tế khi đó ký giấy phép",
        "Bộ trưởng Y tế lúc bấy giờ ký giấy phép",
        "Năm 2019, Bộ trưởng Y tế ký giấy phép",
        "Giấy phép do Bộ trưởng Y tế ký ngày 3/2/2018 hết hạn",
        "Theo Quyết định số 12/QĐ-BYT ngày 3/2/2026 của Bộ trưởng Y tế, phí khám giữ nguyên",
        "Thực hiện Chỉ thị số 5 của Bộ trưởng Y tế",
    ],
)
def test_another_time_is_another_holder_and_a_formula_is_nobody(headline: str) -> None:
    assert ids(headline) == set()


def test_a_year_of_the_holders_own_time_changes_nothing() -> None:
    assert ids("Năm 2025, Bộ trưởng Y tế ký giấy phép") == {"y-te"}
    assert ids("Quyết định mới của Bộ trưởng Y tế") == {"y-te"}


def test_a_winner_is_meant_by_the_office_before_the_oath() -> None:
    assert ids("Tân Thị trưởng New York hứa xe buýt rẻ") == {"new-york"}
    assert ids("Thị trưởng New York đắc cử hứa xe buýt rẻ") == {"new-york"}
    assert ids("Thị trưởng New York hứa xe buýt rẻ") == set()
    assert ids("Tân Thị trưởng New York hứa xe buýt rẻ", at=datetime(2026, 2, 1, tzinfo=UTC)) == set()
    assert ids("Ai sẽ trở thành tân Thị trưởng New York?") == set()


def test_an_office_of_one_year_is_not_that_of_another() -> None:
    queen = compile_watchlist(watchlist(holder("hoa-hau", "Lò Thị Gạch", "Hoa hậu Biển", None)))
    assert ids("Hoa hậu Biển thăm làng", matcher=queen) == {"hoa-hau"}
    assert ids("Hoa hậu Biển 2010 thăm làng", matcher=queen) == set()


def test_a_ministry_with_a_longer_name_is_another() -> None:
    farms = compile_watchlist(watchlist(holder("nong", "Hồ Văn Cày", "Bộ trưởng NN&MT")))
    assert ids("Bộ trưởng Nông nghiệp và Môi trường ra đồng", matcher=farms) == {"nong"}
    assert ids("Bộ trưởng NN-MT ra đồng", matcher=farms) == {"nong"}
    assert ids("Bộ trưởng Nông nghiệp ra đồng", matcher=farms) == {"nong"}
    assert ids("Bộ trưởng Nông nghiệp và Phát triển nông thôn ra đồng", matcher=farms) == set()


def test_a_full_name_beside_a_written_office_is_its_holders() -> None:
    assert ids("Ông Ngô Văn Tráng, Chủ tịch UBND TP Huế, ký lệnh cấm đò") == set()
    assert ids("Ông Ngô Văn Tráng - Chủ tịch UBND TP Huế - ký lệnh cấm đò") == set()
    assert ids("Chủ tịch UBND TP Huế, ông Ngô Văn Tráng, ký lệnh cấm đò") == set()
    assert ids("Ông Lê Văn Gốm, Chủ tịch UBND TP Huế, ký lệnh cấm đò") == {"hue"}
    assert ids("Theo ông Tráng, Chủ tịch UBND TP Huế sẽ ký lệnh cấm đò") == {"hue"}
    assert ids("Bà Greta Plum, CEO Acme, mở quán") == {"acme"}


def test_a_staff_and_a_part_of_a_firm_are_not_its_head() -> None:
    assert ids("Ban Giám đốc Công an Hà Nội ra thông báo") == set()
    assert ids("CEO Acme châu Á - Thái Bình Dương mở quán") == set()
    assert ids("CEO Acme khu vực Đông Nam Á mở quán") == set()
    assert ids("CEO Acme chi nhánh phía Nam mở quán") == set()
