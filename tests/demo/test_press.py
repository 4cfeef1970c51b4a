"""How the demo's newspapers print."""

from monitor.demo.press import slug


def test_slugs_have_no_marks() -> None:
    assert slug("Đàm phán ngừng bắn: 60 ngày") == "dam-phan-ngung-ban-60-ngay"
