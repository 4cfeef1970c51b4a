"""Opens the one HTTP session of the program: who we say we are, how names are looked up, where no socket may go.

Asks nothing itself, and knows neither feeds nor pages.
"""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any, cast

import aiohttp
from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver

from monitor.net.addresses import is_public

CONNECT_TIMEOUT = timedelta(seconds=10)
READ_TIMEOUT = timedelta(seconds=20)  # between two pieces of a body
WHOLE_TIMEOUT = timedelta(seconds=60)  # of a poll with its redirects: a feed that drips a byte a second ends here
LOOKUPS_AT_ONCE = 32

_PRIVATE = "the address is private"


class PrivateAddressError(OSError):
    """A connection that was about to open to a loopback, private or otherwise internal address."""


class _OwnThreads(aiohttp.ThreadedResolver):
    """Looks names up in threads of its own: a hanging name server must not take those that parse and send."""

    def __init__(self) -> None:
        super().__init__()
        self._lookups = ThreadPoolExecutor(LOOKUPS_AT_ONCE, "name-lookup")
        self._loop = cast(asyncio.AbstractEventLoop, self)  # all that the parent asks of its loop is the two below

    def getaddrinfo(self, host: str, port: int, **more: Any) -> "asyncio.Future[Any]":
        """What the loop would do in its default threads."""
        ask = partial(socket.getaddrinfo, host, port, **more)
        return asyncio.get_running_loop().run_in_executor(self._lookups, ask)

    def getnameinfo(self, address: Any, flags: int = 0) -> "asyncio.Future[Any]":
        """Likewise."""
        return asyncio.get_running_loop().run_in_executor(self._lookups, socket.getnameinfo, address, flags)

    async def close(self) -> None:
        """Wait for no look-up that hangs."""
        self._lookups.shutdown(wait=False, cancel_futures=True)
        await super().close()


def open_session(
    *,
    allow_private: bool,
    contact: str,
    version: str = "",
    connect: timedelta = CONNECT_TIMEOUT,
    read: timedelta = READ_TIMEOUT,
    whole: timedelta = WHOLE_TIMEOUT,
    resolver: AbstractResolver | None = None,
) -> aiohttp.ClientSession:
    """The one session of the program; the caller closes it. Keeps no cookies and no connections.

    `contact` is an address where a newspaper that wonders can read who we are; it stands in the User-Agent.
    Unless `allow_private`, no socket is ever opened to an internal address: that is checked on the very address that
    is connected to, so neither a name that resolves inwards nor a redirect gets by. force_close, because idle
    keep-alive connections of 1,000 https hosts take 348 MB, and 73 MB without (docs/decisions.md).
    """
    connector = aiohttp.TCPConnector(
        force_close=True,
        limit=100,
        ttl_dns_cache=300,
        resolver=resolver or _OwnThreads(),
        socket_factory=_any_socket if allow_private else _public_socket,
    )
    agent = f"vn-news-monitor/{version or 'dev'}" + (f" (+{contact})" if contact else "")
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": agent},
        timeout=aiohttp.ClientTimeout(
            total=whole.total_seconds(), sock_connect=connect.total_seconds(), sock_read=read.total_seconds()
        ),
        trust_env=False,
    )


def _any_socket(address: AddrInfoType) -> socket.socket:
    family, kind, protocol, _, _ = address
    return socket.socket(family, kind, protocol)


def _public_socket(address: AddrInfoType) -> socket.socket:
    if not is_public(str(address[4][0])):
        raise PrivateAddressError(_PRIVATE)  # one wording for all, or aiohappyeyeballs melts several into an OSError
    return _any_socket(address)
