"""Telegram by way of a proxy of its own: which one is asked, with which password, and that it is shown nowhere."""

import asyncio
import base64
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from monitor.notify.telegram import TelegramSender, build_bot, close_bot
from monitor.types import Address, Message, Sent, Unreached
from tests.bot_api import BotApi

READER = 42
HELLO = Message(Address(READER), "Xin chào")
SECRET = "7000001:loopback-TOKEN_for-tests"
PASSWORD = "mat-khau-proxy"

Streams = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def clock() -> datetime:
    return datetime(2026, 8, 20, 8, 0, tzinfo=UTC)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(token=SECRET) as server:
        server.add_chat(READER)
        yield server


@asynccontextmanager
async def proxy(speak: Streams) -> AsyncIterator[int]:
    """A server on loopback; its port."""
    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, begun: bytes = b"") -> None:
    """Both ways, until one side ends."""
    there, back = await asyncio.open_connection("127.0.0.1", port)
    back.write(begun)

    async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while piece := await source.read(65_536):
            target.write(piece)
            await target.drain()

    ways = [asyncio.create_task(copy(reader, back)), asyncio.create_task(copy(there, writer))]
    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    for way in ways:
        way.cancel()
    back.close()
    writer.close()


async def test_a_socks5_proxy_is_asked_with_its_password(api: BotApi) -> None:
    seen: list[bytes] = []

    async def socks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """RFC 1928 and 1929, as far as a client of ours goes."""
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x02")
        _, length = await reader.readexactly(2)
        seen.append(await reader.readexactly(length))
        seen.append(await reader.readexactly((await reader.readexactly(1))[0]))
        writer.write(b"\x01\x00")
        _, _, _, kind = await reader.readexactly(4)
        await reader.readexactly(4 if kind == 1 else (await reader.readexactly(1))[0])
        port = int.from_bytes(await reader.readexactly(2))
        writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        await pass_on(reader, writer, port)

    async with (
        proxy(socks) as port,
        build_bot(SECRET, api.url, proxy=f"socks5://desk:{PASSWORD}@127.0.0.1:{port}") as bot,
    ):
        assert await TelegramSender(bot, clock=clock).send(HELLO) == Sent(1)
    assert api.texts(READER) == ["Xin chào"]
    assert seen[:2] == [b"desk", PASSWORD.encode()]


async def test_an_http_proxy_is_asked_with_its_password(api: BotApi) -> None:
    seen: list[str] = []

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        seen.extend(head.decode().splitlines())
        await pass_on(reader, writer, int(api.url.rsplit(":", 1)[1]), head.replace(api.url.encode(), b"", 1))

    async with (
        proxy(forward) as port,
        build_bot(SECRET, api.url, proxy=f"http://desk:{PASSWORD}@127.0.0.1:{port}") as bot,
    ):
        assert await TelegramSender(bot, clock=clock).send(HELLO) == Sent(1)
    basic = base64.b64encode(f"desk:{PASSWORD}".encode()).decode()
    assert f"proxy-authorization: basic {basic}".lower() in [line.lower() for line in seen]


@pytest.mark.parametrize("scheme", ["socks5", "http"])
async def test_a_proxy_that_is_away_or_says_no_is_no_loss_and_shows_no_password(
    api: BotApi, scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)  # httpcore shows it in its DEBUG lines, which no log of ours lets through

    async def say_no(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with proxy(say_no) as port:
        address = f"{scheme}://desk:{PASSWORD}@127.0.0.1:{port}"
        bot = build_bot(SECRET, api.url, proxy=address)
        refused = await TelegramSender(bot, clock=clock).send(HELLO) if scheme == "http" else None
        assert not isinstance(refused, Sent)
    away = await TelegramSender(bot, clock=clock).send(HELLO)  # nobody listens there any more
    assert isinstance(away, Unreached)
    assert PASSWORD not in f"{refused} {away} {bot!r} {caplog.text}"
    await close_bot(bot)
