"""Which office a watchlist writes."""

import pytest

from monitor.matching import offices
from monitor.matching.offices import OfficeKey


@pytest.mark.parametrize(
    ("written", "office_key"),
    [
        ("Tổng thống Nga", OfficeKey("tổng thống", "nga")),
        ("tổng thống liên bang nga", OfficeKey("tổng thống", "nga")),
        ("Bộ trưởng Bộ Ngoại giao Hoa Kỳ", OfficeKey("ngoại trưởng", "mỹ")),
        ("Chủ tịch Trung Quốc", OfficeKey("chủ tịch nước", "trung quốc")),
        ("Chủ tịch EC", OfficeKey("chủ tịch ủy ban châu âu", "")),
        ("Thủ tướng Chính phủ", OfficeKey("thủ tướng", "")),
        ("Thủ tướng Việt Nam", OfficeKey("thủ tướng", "")),
        ("Giáo hoàng", OfficeKey("giáo hoàng", "")),
        ("Tổng thống Xứ Tưởng Tượng", None),
        ("ông chủ Nhà Trắng", None),
    ],
)
def test_an_office_of_a_watchlist_is_a_title_and_a_state(written: str, office_key: OfficeKey | None) -> None:
    assert offices.office_key(written) == office_key
