"""Opens the one HTTP session of the program: who we say we are, how names are looked up, where no socket may go.

Asks nothing itself (net/request.py does), and knows neither feeds nor pages.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import aiohttp
from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.errors import PrivateAddressError
from monitor.net.addresses import is_public

LOOKUPS_AT_ONCE = 32
CONNECTIONS_AT_ONCE = 100
PIECE = 64 * 1024  # bytes of a body at a time, packed and unpacked: 0.3 ms; four times as much lies in 100 connections
NAMES_KEPT = 300  # seconds: feeds are asked every few minutes, and outlets move their servers seldom

_NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


@dataclass(frozen=True, slots=True)
class HttpSession:
    """The session, with what holds for every request over it."""

    http: aiohttp.ClientSession
    user_agent: str
    allow_private: bool  # whether loopback and private addresses may be asked (demo and tests)


@asynccontextmanager
async def open_session(
    *, allow_private: bool, contact: str, version: str = "", resolver: AbstractResolver | None = None
) -> AsyncIterator[HttpSession]:
    """The session, closed behind the block. Keeps no cookies and no connections.

    `contact` is an address where a newspaper that wonders can read who we are; it stands in the User-Agent.
    Unless `allow_private`, no socket is ever opened to an internal address: that is checked on the very address that
    is connected to, so neither a name that resolves inwards nor a redirect gets by. force_close, because idle
    keep-alive connections of 1,000 https hosts take 348 MB, and 73 MB without (docs/decisions.md).
    """
    user_agent = f"vn-news-monitor/{version or 'dev'}" + (f" (+{contact})" if contact else "")
    connector = aiohttp.TCPConnector(
        force_close=True,
        limit=CONNECTIONS_AT_ONCE,
        ttl_dns_cache=NAMES_KEPT,
        resolver=resolver or _OwnThreads(),
        socket_factory=_any_socket if allow_private else _public_socket,
    )
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate, br"},
        trust_env=False,
        read_bufsize=PIECE,
    ) as http:
        yield HttpSession(http, user_agent, allow_private)


class _OwnThreads(AbstractResolver):
    """Looks names up in threads of its own: a hanging name server must not take those that parse and send."""

    def __init__(self) -> None:
        self._lookups = ThreadPoolExecutor(LOOKUPS_AT_ONCE, "name-lookup")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """All addresses of a name. Raises OSError when it has none."""
        ask = partial(
            socket.getaddrinfo, host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG
        )
        found = await asyncio.get_running_loop().run_in_executor(self._lookups, ask)
        return [
            ResolveResult(
                hostname=host, host=str(place[0]), port=int(place[1]), family=kind, proto=protocol, flags=_NUMERIC
            )
            for kind, _, protocol, _, place in found
        ]

    async def close(self) -> None:
        """Wait for no look-up that hangs."""
        self._lookups.shutdown(wait=False, cancel_futures=True)


def _any_socket(address: AddrInfoType) -> socket.socket:
    family, kind, protocol, _, _ = address
    return socket.socket(family, kind, protocol)


def _public_socket(address: AddrInfoType) -> socket.socket:
    if not is_public(str(address[4][0])):
        raise PrivateAddressError
    return _any_socket(address)
