"""The one table from statuses, Retry-After and exceptions to failures."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import MonitorError, PrivateAddressError
from monitor.net.responses import (
    MAX_RETRY_AFTER,
    media_type_and_charset,
    refusal,
    retry_after,
    too_large,
    trouble,
    unwanted,
)
from monitor.types import FailureKind

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
OURS = "Sat, 28 Nov 2026 12:00:00 GMT"
HOUR = timedelta(hours=1)


@given(st.integers(201, 999))
def test_every_status_is_a_failure_of_one_kind_in_one_line(status: int) -> None:
    failed = refusal(status, {}, NOW)
    assert f"HTTP {status}" in failed.why
    assert "\n" not in failed.why
    assert failed.retry_after is None


KINDS = {
    FailureKind.EMPTY: [204],
    FailureKind.NOT_FOUND: [404],
    FailureKind.GONE: [410],
    FailureKind.RATE_LIMITED: [429],
    FailureKind.FORBIDDEN: [401, 402, 403, 405, 406, 407, 428, 451],
    FailureKind.REDIRECT: [*range(300, 304), *range(305, 400)],
}


@pytest.mark.parametrize("status", range(201, 600))
def test_every_status_has_the_kind_of_the_table_and_is_a_servers_trouble_where_that_names_none(status: int) -> None:
    kind = next((kind for kind, statuses in KINDS.items() if status in statuses), FailureKind.HTTP)
    failed = refusal(status, {}, NOW)
    assert failed.kind is kind
    is_told = status == 304 or kind is not FailureKind.HTTP
    assert failed.why.startswith(f"HTTP {status}: ") if is_told else failed.why == f"HTTP {status}"


def test_what_was_too_large_or_of_another_type_is_said_in_words() -> None:
    assert too_large(8 * 2**20).why == "the body is larger than 8 MiB when unpacked"
    assert unwanted("image/png").why == "the server sent image/png instead of text"
    assert unwanted("").why == "the server sent something without a type instead of text"


def test_the_systems_own_words_are_one_line_of_bounded_length_and_never_none() -> None:
    assert trouble(OSError("no\n route"), "bao.example").why == "connection to bao.example lost: no route"
    assert trouble(OSError("x" * 999), "bao.example").why == "connection to bao.example lost: " + "x" * 200
    assert trouble(OSError(), "bao.example").why == "connection to bao.example lost: OSError"


@pytest.mark.parametrize(
    ("value", "date", "wait"),
    [
        ("120", "", timedelta(minutes=2)),
        (" 120 ", "", timedelta(minutes=2)),
        ("0", "", timedelta()),
        ("999999999999", "", MAX_RETRY_AFTER),
        ("000000086", "", timedelta(seconds=86)),
        ("Sat, 28 Nov 2026 13:00:00 GMT", OURS, HOUR),
        ("Sat, 28 Nov 2026 20:00:00 +0700", OURS, HOUR),
        ("Saturday, 28-Nov-26 13:00:00 GMT", OURS, HOUR),  # RFC 850, which RFC 9110 still has us read
        ("Sat Nov 28 13:00:00 2026", OURS, HOUR),  # asctime
        ("Sat, 28 Nov 2026 13:00:00 GMT", "", HOUR),  # no Date: by our clock
        ("Sat, 28 Nov 2026 13:00:00 GMT", "yesterday", HOUR),
        ("Sat, 28 Nov 2026 13:00:00 GMT", "Sat, 28 Nov 2026 12:50:00 GMT", timedelta(minutes=10)),  # a clock ahead
        ("Sat, 28 Nov 2026 11:00:00 GMT", OURS, timedelta()),
        ("Sat, 28 Nov 2037 13:00:00 GMT", OURS, MAX_RETRY_AFTER),
        ("Sat, 28 Nov 99999999999 13:00:00 GMT", OURS, None),
        ("soon", OURS, None),
        ("-5", OURS, None),
        ("1.5", OURS, None),
        ("١٢٠", OURS, None),  # digits of another script
        ("", OURS, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_by_the_servers_own_clock(
    value: str, date: str, wait: timedelta | None
) -> None:
    headers = {"Retry-After": value} | ({"Date": date} if date else {})
    assert retry_after(headers, NOW) == wait
    assert refusal(429, headers, NOW).retry_after == wait


@given(st.text(), st.text())
def test_no_retry_after_is_below_nothing_or_above_the_most(value: str, date: str) -> None:
    wait = retry_after({"Retry-After": value, "Date": date}, NOW, longest=HOUR)
    assert wait is None or timedelta() <= wait <= HOUR


def test_only_what_may_pass_is_waited_for() -> None:
    wish = {"Retry-After": "60"}
    waited = {status for status in range(201, 600) if refusal(status, wish, NOW).retry_after is not None}
    assert {403, 429, 500, 503} <= waited
    assert waited.isdisjoint({204, 301, 404, 410})


def test_503_is_a_wish_only_when_it_says_until_when() -> None:
    assert refusal(503, {"Retry-After": "60"}, NOW).kind is FailureKind.RATE_LIMITED
    assert refusal(503, {"Retry-After": "soon"}, NOW).kind is FailureKind.HTTP


KEY: Any = SimpleNamespace(
    host="bao.example", port=443, ssl=True, is_ssl=True, real_url="secret"
)  # all that aiohttp's words need
REFUSED = ConnectionRefusedError(111, "Connect call failed")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError(), FailureKind.TIMEOUT),
        (aiohttp.SocketTimeoutError("slow"), FailureKind.TIMEOUT),
        (aiohttp.ConnectionTimeoutError("slow"), FailureKind.TIMEOUT),
        (aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(-2, "Name not known")), FailureKind.DNS),
        (aiohttp.ClientConnectorCertificateError(KEY, ssl.SSLCertVerificationError("expired")), FailureKind.TLS),
        (aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError("handshake")), FailureKind.TLS),
        (ssl.SSLError("bad record"), FailureKind.TLS),
        (ssl.SSLCertVerificationError("expired"), FailureKind.TLS),
        (aiohttp.ClientConnectorError(KEY, PrivateAddressError()), FailureKind.PRIVATE_ADDRESS),
        (PrivateAddressError(), FailureKind.PRIVATE_ADDRESS),
        (aiohttp.ClientConnectorError(KEY, REFUSED), FailureKind.CONNECT),
        (aiohttp.ClientConnectorError(KEY, OSError("Multiple exceptions: x, y")), FailureKind.CONNECT),  # no errno
        (aiohttp.ServerDisconnectedError("secret"), FailureKind.CONNECT),
        (aiohttp.ClientConnectionResetError("closing transport"), FailureKind.CONNECT),
        (ConnectionResetError(104, "reset by peer"), FailureKind.CONNECT),
        (aiohttp.ClientPayloadError("secret"), FailureKind.HTTP),
        (aiohttp.ClientResponseError(KEY, (), message="secret"), FailureKind.HTTP),
        (aiohttp.InvalidURL("http://secret"), FailureKind.MALFORMED),
        (aiohttp.NonHttpUrlClientError("secret"), FailureKind.MALFORMED),
        (UnicodeError("label too long: secret"), FailureKind.MALFORMED),
        (aiohttp.ClientError("secret"), FailureKind.HTTP),
    ],
)
def test_an_exception_says_its_kind_and_the_host_and_nothing_of_the_servers(
    error: Exception, kind: FailureKind
) -> None:
    failed = trouble(error, "bao.example")
    assert failed.kind is kind
    assert "bao.example" in failed.why
    assert "\n" not in failed.why
    assert "secret" not in failed.why


def test_the_refusal_of_a_private_address_is_one_of_ours() -> None:
    assert isinstance(PrivateAddressError(), MonitorError)
    assert str(PrivateAddressError()) == str(PrivateAddressError())


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("text/html", ("text/html", "")),
        ("Text/HTML; Charset=UTF-8", ("text/html", "utf-8")),
        ("text/html;charset='windows-1258'; x=y", ("text/html", "windows-1258")),
        ('text/html; x=y; charset="utf-8"', ("text/html", "utf-8")),
        ("text/html; mycharset=latin1", ("text/html", "")),
        ("; charset=", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_content_type_is_read(header: str, read: tuple[str, str]) -> None:
    assert media_type_and_charset(header) == read
