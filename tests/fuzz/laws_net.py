"""Laws of headers and addresses."""

import ipaddress
from datetime import UTC, datetime, timedelta

from monitor.net.addresses import host_of, is_internal, is_public
from monitor.net.responses import MAX_RETRY_AFTER, media_type_and_charset, refusal, retry_after
from tests.fuzz.reading import texts_of

NOW = datetime(2026, 8, 14, tzinfo=UTC)


def response_law(data: bytes) -> None:
    """Lines: Retry-After, Date, Content-Type; what is left says the status by its length."""
    wish, date, content_type, rest = texts_of(data, 4)
    headers = {"Retry-After": wish, "Date": date}
    wait = retry_after(headers, NOW)
    assert wait is None or timedelta() <= wait <= MAX_RETRY_AFTER
    failed = refusal(100 + len(rest) % 500, headers, NOW)
    assert failed.why
    assert failed.retry_after in (None, wait)
    media_type, charset = media_type_and_charset(content_type)
    assert media_type == media_type.strip()
    assert charset == charset.strip()


def host_law(data: bytes) -> None:
    """The whole is an address, and also an IP address."""
    (text,) = texts_of(data, 1)
    host = host_of(text)
    for each in (host, text):
        assert not (is_public(each) and is_internal(each))
    try:
        ip = ipaddress.IPv4Address(text)
    except ValueError:
        return
    open_to_all = is_public(text)
    assert is_internal(text) is not open_to_all
    number = int(ip)
    mapped = (
        ipaddress.IPv6Address(0xFFFF << 32 | number),  # ::ffff:0:0/96
        ipaddress.IPv6Address(0x0064FF9B << 96 | number),  # 64:ff9b::/96
        ipaddress.IPv6Address(0x2002 << 112 | number << 80),  # 2002::/16
    )
    for other in mapped:
        assert is_public(str(other)) is open_to_all, other
