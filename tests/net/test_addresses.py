"""What belongs to the open internet, and what lies behind our own door."""

import pytest

from monitor.net.addresses import host_of, is_internal, is_public


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("2002:808:808::", True),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", False),  # Teredo by a public server to 10.0.0.1
        ("2001:0:a00:1:8000:63bf:f7f7:f7f7", True),  # and by 10.0.0.1 to 8.8.8.8, which is where it goes
        ("bao.example", False),
    ],
)
def test_what_belongs_to_the_open_internet(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("host", "internal"),
    [("localhost", True), ("kho.localhost", True), ("10.0.0.1", True), ("8.8.8.8", False), ("bao.example", False)],
)
def test_a_literal_address_is_judged_before_anything_is_looked_up(host: str, internal: bool) -> None:
    assert is_internal(host) is internal


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Bao.Example:8443/rss", "bao.example"),
        ("http://[::1]/", "::1"),
        ("ftp://bao.example/rss", ""),
        ("javascript:alert(1)", ""),
        ("http://[nửa", ""),
        ("http:///rss", ""),
        ("", ""),
    ],
)
def test_only_an_http_address_has_a_host(url: str, host: str) -> None:
    assert host_of(url) == host
