"""How a host's certificate is checked: always, with one more option for a few old servers. Opens no connection."""

import ssl
from functools import cache

# These refuse a handshake without renegotiation as of before RFC 5746; certificates are still checked.
LEGACY_TLS_HOSTS = frozenset(["baotintuc.vn"])


def tls_for(host: str) -> ssl.SSLContext | bool:
    """What aiohttp's `ssl=` takes for this host: True is its default context."""
    name = host.removeprefix("www.")
    return _legacy_context() if name in LEGACY_TLS_HOSTS else True


@cache
def _legacy_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.options |= 0x4  # OP_LEGACY_SERVER_CONNECT, named in ssl only from Python 3.12 on
    return context
