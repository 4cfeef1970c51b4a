"""What belongs to the open internet, and what lies behind our own door."""

import pytest

from monitor.net.addresses import discreet, host_of, is_inner_name, is_internal, is_public, without_user


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
        # an address in an address: a gateway may connect to the inner one
        ("::ffff:8.8.8.8", True),
        ("::ffff:0:8.8.8.8", True),
        ("::ffff:0:10.0.0.1", False),
        ("::ffff:0:a9fe:a9fe", False),
        ("64:ff9b::8.8.8.8", True),
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b:1::8.8.8.8", False),  # nobody here knows where in it the gateway looks
        ("64:ff9b:1:a00:0:100::", False),
        ("2002:808:808::1", True),
        ("2002:a00:1::1", False),
        ("2001:0:808:808::f7f7:f7f7", True),  # Teredo: the server 8.8.8.8, and 8.8.8.8 inverted
        ("2001:0:808:808::f5ff:fffe", False),
        ("2001:0:a00:1::f7f7:f7f7", False),
        ("::10.0.0.1", False),
        ("::8.8.8.8", False),
        ("::1", False),
        ("::", False),
        # what nobody on the internet has
        ("fec0::1", False),
        ("ff0e::1", False),
        ("2001:db8::1", False),
        ("3fff::1", False),
        ("5f00::1", False),
        ("192.0.0.9", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("240.0.0.1", False),
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


@pytest.mark.parametrize(
    ("host", "inner"),
    [
        ("localhost", True),
        ("intranet", True),
        ("nas.local", True),
        ("Kho.Internal.", True),
        ("10.0.0.1", True),
        ("[::1]", True),
        ("[2606:4700::1111]", False),
        ("8.8.8.8", False),
        ("bao.example", False),
    ],
)
def test_a_name_tells_whether_a_host_is_of_the_inside(host: str, inner: bool) -> None:
    assert is_inner_name(host) is inner


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("HTTP 503: the server has trouble", "HTTP 503: the server has trouble"),
        ("redirect loop at https://an:mat@bao.example/rss", "redirect loop at https://bao.example/rss"),
        ("redirect loop at https://an@b:mat@bao.example/rss", "redirect loop at https://bao.example/rss"),
        ("not found: https://bao.example/rss?key=abc&x=1#y", "not found: https://bao.example/rss?…"),
        ("asked http://10.0.0.7:8080/rss and http://nas/rss", "asked http://…:8080/rss and http://…/rss"),
        ("Connect call failed ('192.168.1.4', 80)", "Connect call failed ('…', 80)"),
        ("Connect call failed ('8.8.8.8', 443)", "Connect call failed ('8.8.8.8', 443)"),
        ("Connect call failed ('fd00::17', 443, 0, 0)", "Connect call failed ('…', 443, 0, 0)"),
        ("no answer since 12:30:05, version 1.2.3", "no answer since 12:30:05, version 1.2.3"),
        ("proxy socks5://an:mat@proxy.example:1080 broke off", "proxy socks5://proxy.example:1080 broke off"),
    ],
)
def test_secrets_and_inner_hosts_are_left_out_of_what_everybody_may_read(said: str, shown: str) -> None:
    assert discreet(said) == shown


def test_an_address_is_shown_without_user_and_password() -> None:
    assert without_user("https://an:mat@10.0.0.7:8080/rss?loai=1") == "https://10.0.0.7:8080/rss?loai=1"
    assert without_user("https://bao.example/@an") == "https://bao.example/@an"
