"""One table from what came back to a failure: statuses, Retry-After and exceptions. Pure.

Knows what HTTP and aiohttp mean by them, and neither feeds nor pages: whoever asked decides what to do about it.
Each failure says why in one line, with the host and never with what the server said of it: that may be a key.
"""

import re
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from monitor.errors import PrivateAddressError
from monitor.types import Failed, FailureKind

MAX_RETRY_AFTER = timedelta(days=1)

_STATUSES: Mapping[int, tuple[FailureKind, str]] = {
    204: (FailureKind.EMPTY, "the server answered without a body"),
    304: (FailureKind.HTTP, "not modified, to a request that set no conditions"),
    404: (FailureKind.NOT_FOUND, "there is nothing at this address"),
    410: (FailureKind.GONE, "what was at this address is gone for good"),
    429: (FailureKind.RATE_LIMITED, "the server asks for fewer requests"),
    # 405 and 406 are how some firewalls refuse (Aliyun's, ModSecurity's): not gone, and not a server in trouble
    **dict.fromkeys((401, 402, 403, 405, 406, 407, 428, 451), (FailureKind.FORBIDDEN, "the server does not let us in")),
}
_REDIRECT = (FailureKind.REDIRECT, "a redirect that cannot be followed")  # any other 3xx
_OTHER = (FailureKind.HTTP, "")
_BUSY = 503  # with a time to come back it is a wish like 429, without one a server in trouble
_WAITED_FOR = frozenset(
    [FailureKind.RATE_LIMITED, FailureKind.FORBIDDEN, FailureKind.HTTP]
)  # others: nothing to wait for

_EXCEPTIONS: tuple[tuple[tuple[type[Exception], ...], FailureKind, str], ...] = (
    # the first that fits: many of these are kinds of each other
    ((PrivateAddressError,), FailureKind.PRIVATE_ADDRESS, "{host} leads to an internal address"),
    ((TimeoutError,), FailureKind.TIMEOUT, "{host} did not answer in full in time"),
    ((aiohttp.ClientConnectorDNSError,), FailureKind.DNS, "{host} has no address: {reason}"),
    (
        (aiohttp.ClientConnectorCertificateError, ssl.SSLCertVerificationError),
        FailureKind.TLS,
        "{host} has no valid certificate: {reason}",
    ),
    ((aiohttp.ClientSSLError, ssl.SSLError), FailureKind.TLS, "no TLS connection to {host}: {reason}"),
    ((aiohttp.ClientConnectorError,), FailureKind.CONNECT, "no connection to {host}: {reason}"),
    ((aiohttp.ClientPayloadError,), FailureKind.HTTP, "{host} broke off, or its compressed body is damaged"),
    ((aiohttp.ClientResponseError,), FailureKind.HTTP, "{host} does not speak HTTP"),
    ((aiohttp.ServerDisconnectedError,), FailureKind.CONNECT, "{host} hung up without an answer"),
    ((OSError, aiohttp.ClientConnectionError), FailureKind.CONNECT, "connection to {host} lost: {reason}"),
    # InvalidURL, and UnicodeError of a name that no name server can be asked for
    ((ValueError, aiohttp.NonHttpUrlClientError), FailureKind.MALFORMED, "{host} is no address that can be asked"),
)

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)


def refusal(status: int, headers: Mapping[str, str], now: datetime, *, longest: timedelta = MAX_RETRY_AFTER) -> Failed:
    """What a status other than 200 means, with the time that the server wants to be left alone for."""
    kind, why = _STATUSES.get(status) or (_REDIRECT if 300 <= status < 400 else _OTHER)
    wish = retry_after(headers, now, longest=longest)
    if status == _BUSY and wish is not None:
        kind, why = _STATUSES[429]
    return Failed(kind, f"HTTP {status}: {why}" if why else f"HTTP {status}", wish if kind in _WAITED_FOR else None)


def retry_after(headers: Mapping[str, str], now: datetime, *, longest: timedelta = MAX_RETRY_AFTER) -> timedelta | None:
    """Retry-After as a span between nothing and `longest`; None when it says nothing readable.

    It is seconds, or a date. A date is measured against the server's own clock (Date), and where it shows none,
    against ours: many a server's clock is wrong by minutes.
    """
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), longest)
    then = _moment(value)
    if then is None:
        return None
    return min(max(then - (_moment(headers.get("Date", "")) or now), timedelta()), longest)


def trouble(error: Exception, host: str) -> Failed:
    """What an exception of aiohttp or of a socket means."""
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, PrivateAddressError):
        error = error.os_error
    for types, kind, why in _EXCEPTIONS:
        if isinstance(error, types):
            return Failed(kind, why.format(host=host, reason=_reason(error)))
    return Failed(FailureKind.HTTP, f"no valid answer of {host} ({type(error).__name__})")


def too_large(limit: int) -> Failed:
    """A body that passed the `limit` in bytes."""
    return Failed(FailureKind.TOO_LARGE, f"the body is larger than {limit / 2**20:.3g} MiB when unpacked")


def unwanted(media_type: str) -> Failed:
    """A body of a type that was not asked for."""
    return Failed(FailureKind.MALFORMED, f"the server sent {media_type or 'something without a type'} instead of text")


def media_type_and_charset(content_type: str) -> tuple[str, str]:
    """The two things a Content-Type says, in small letters; empty what it does not say."""
    charset = _CHARSET.search(content_type)
    return content_type.partition(";")[0].strip().lower(), charset[1].lower() if charset else ""


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):  # OverflowError of a year that is no year
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _reason(error: Exception) -> str:
    """The operating system's own words, in one line."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        error = error.certificate_error
    elif isinstance(error, aiohttp.ClientConnectorError):
        error = error.os_error
    return " ".join(str(error).split())[:200] or type(error).__name__
