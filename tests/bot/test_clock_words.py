"""What people type where a time of day or a zone is asked for."""

import pytest

from monitor.bot.clock_words import quiet_in, times_in, zone_called


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("07:00 18:00", ("07:00", "18:00")),
        ("7h 18h", ("07:00", "18:00")),
        ("7h30, 18h", ("07:30", "18:00")),
        ("7 giờ 30 phút", ("07:30",)),
        ("7 gio va 18 gio 15", ("07:00", "18:15")),
        ("7 18", ("07:00", "18:00")),
        ("7g và 18g", ("07:00", "18:00")),
        ("6h sáng, 6h chiều", ("06:00", "18:00")),
        ("10 giờ tối", ("22:00",)),
        ("10h toi", ("22:00",)),
        ("12h trưa và 12h đêm", ("12:00", "00:00")),
        ("1h trưa", ("13:00",)),
        ("7am 6:30 pm", ("07:00", "18:30")),
        ("24h", ("00:00",)),
        ("0h", ("00:00",)),
        ("25:00", None),
        ("7:60", None),
        ("7h99", None),
        ("-7h", ("07:00",)),
        ("sáng mai", None),
        ("7h kém 5", None),
        ("bảy giờ", None),
        ("", None),
        ("1234", None),
        ("07:00:30", None),
    ],
)
def test_times_of_day(text: str, times: tuple[str, ...] | None) -> None:
    assert times_in(text) == times


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("22:00-06:30", ("22:00", "06:30")),
        ("22h-6h30", ("22:00", "06:30")),
        ("22:00 đến 6:30", ("22:00", "06:30")),
        ("từ 22h tới 6h30", ("22:00", "06:30")),
        ("22h toi 6h30", ("22:00", "06:30")),
        ("10 giờ tối đến 6 giờ sáng", ("22:00", "06:00")),
        ("22 - 6", ("22:00", "06:00")),
        ("22:00 – 06:30", ("22:00", "06:30")),
        ("22:00", None),
        ("22:00-22:00", None),
        ("22:00-06:30-07:00", None),
        ("đêm", None),
    ],
)
def test_quiet_hours(text: str, quiet: tuple[str, str] | None) -> None:
    assert quiet_in(text) == quiet


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"),
        ("europe/paris", "Europe/Paris"),
        ("Paris", "Europe/Paris"),
        ("Hà Nội", "Asia/Ho_Chi_Minh"),
        ("tokyo", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("Sao Hỏa", None),
        ("../../etc/passwd", None),
        ("", None),
    ],
)
def test_zones(text: str, zone: str | None) -> None:
    assert zone_called(text) == zone
