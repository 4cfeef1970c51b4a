"""What reaches the HTTP port: too many, too slow, too large, and browsers that were lured there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.web import Health, Metrics, serve
from monitor.web.doorkeeper import Doorkeeper
from monitor.web.hosts import is_ours

WITHIN = 20.0  # seconds; a fraction of one, where nothing else runs
Peer = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def well() -> Health:
    return Health()


@asynccontextmanager
async def served(metrics: Metrics, *names: str) -> AsyncIterator[int]:
    async with serve(well, metrics, host="127.0.0.1", port=0, names=names) as port:
        yield port


@asynccontextmanager
async def peer(port: int, said: bytes = b"") -> AsyncIterator[Peer]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(said)
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def heard(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the other side closes."""
    async with asyncio.timeout(WITHIN):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


async def answer(port: int, *lines: str) -> str:
    request = "\r\n".join([*lines, "Connection: close", "", ""])
    async with peer(port, request.encode("latin-1")) as (reader, _):
        return (await heard(reader)).decode()


def counted(metrics: Metrics, why: str) -> bool:
    return f'monitor_http_refused_total{{why="{why}"}} 1.0' in metrics.exposition().decode()


# ---------------------------------------------------------------- too many, too slow


async def test_a_connection_too_many_is_closed_at_once_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.server.MOST_CONNECTIONS", 2)
    metrics = Metrics("1")
    async with served(metrics) as port:
        async with peer(port, b"GET "), peer(port, b"GET "):
            async with peer(port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") as (reader, _):
                assert await heard(reader) == b""
            assert counted(metrics, "full")
        async with asyncio.timeout(WITHIN):  # the places of who left are free
            while "200 OK" not in await answer(port, "GET /healthz HTTP/1.1", "Host: localhost"):
                pass


@pytest.mark.parametrize(
    ("peer", "let_in"),
    [(("10.0.3.7", 5), 90), (("2001:db8::7", 5, 0, 0), 90), ("", 90), (("127.0.0.1", 5), 100), (("::1", 5, 0, 0), 100)],
)
def test_strangers_leave_places_for_the_machines_own_check(peer: object, let_in: int) -> None:
    keeper = Doorkeeper(asyncio.Protocol, lambda: None, most=100, kept_free=10, to_take_answer=1.0)
    keeper.inside = let_in - 1
    assert not keeper.is_full(peer)
    keeper.inside = let_in
    assert keeper.is_full(peer)


async def test_a_head_that_trickles_in_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.server.TO_SAY_HEAD", 0.3)
    async with served(Metrics("1")) as port, peer(port, b"GET /healthz HTTP/1.1\r\n") as (reader, writer):

        async def trickle() -> None:
            while True:
                writer.write(b"X-Slow: 1\r\n")
                await asyncio.sleep(0.02)

        trickling = asyncio.create_task(trickle())
        assert await heard(reader) == b""
        trickling.cancel()


async def test_a_connection_that_asks_nothing_more_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.server.TO_SAY_HEAD", 0.1)
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    async with served(Metrics("1")) as port, peer(port, request) as (reader, _):
        assert (await heard(reader)).startswith(b"HTTP/1.1 200 OK")


async def test_who_does_not_read_the_answer_is_cut() -> None:
    lost = asyncio.Event()

    class Talker(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            transport.write(b"x" * 50_000_000)

        def connection_lost(self, exc: Exception | None) -> None:
            lost.set()

    keeper = Doorkeeper(Talker, lambda: None, most=5, kept_free=0, to_take_answer=0.1)
    server = await asyncio.get_running_loop().create_server(keeper, "127.0.0.1", 0)
    async with server, peer(server.sockets[0].getsockname()[1]) as (reader, _):
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.wait_for(lost.wait(), WITHIN)
    assert keeper.inside == 0


async def test_who_does_not_take_the_rest_of_a_closed_connection_is_cut() -> None:
    lost = asyncio.Event()

    class Closer(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            transport.set_write_buffer_limits(high=100_000_000)
            transport.write(b"x" * 50_000_000)
            transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            lost.set()

    keeper = Doorkeeper(Closer, lambda: None, most=5, kept_free=0, to_take_answer=0.1)
    server = await asyncio.get_running_loop().create_server(keeper, "127.0.0.1", 0)
    async with server, peer(server.sockets[0].getsockname()[1]) as (reader, _):
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.wait_for(lost.wait(), WITHIN)
    assert keeper.inside == 0


async def test_a_body_that_nobody_asked_for_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.server.TO_LINGER", 0.1)
    async with served(Metrics("1")) as port:
        said = await answer(port, "GET /healthz HTTP/1.1", "Host: localhost", "Content-Length: 1000000000")
    assert said.startswith("HTTP/1.1 200 OK")


@pytest.mark.parametrize("line", ["X-Large: " + "x" * 100_000, "no header at all"])
async def test_what_is_no_request_is_refused_and_fills_no_log(line: str, caplog: pytest.LogCaptureFixture) -> None:
    async with served(Metrics("1")) as port:
        said = await answer(port, "GET /healthz HTTP/1.1", "Host: localhost", line)
    assert " 400 " in said
    assert caplog.records == []


# ---------------------------------------------------------------- under which name


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/nowhere"])
async def test_every_answer_tells_a_browser_to_trust_nothing_in_it(path: str) -> None:
    async with served(Metrics("1")) as port:
        said = await answer(port, f"GET {path} HTTP/1.1", "Host: localhost")
    for header in (
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
        "Content-Security-Policy: default-src 'none'",
    ):
        assert header in said
    assert "aiohttp" not in said


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/nowhere"])
async def test_a_name_of_a_stranger_that_leads_here_gets_no_answer(path: str) -> None:
    metrics = Metrics("1")
    async with served(metrics) as port:
        said = await answer(port, f"GET {path} HTTP/1.1", f"Host: evil.example:{port}")
    assert said.startswith("HTTP/1.1 421")
    assert "no-store" in said
    assert counted(metrics, "host")


@pytest.mark.parametrize(
    "lines",
    [
        ("GET /healthz HTTP/1.1", "Host: 127.0.0.1:9464"),  # the container's own check
        ("GET /healthz HTTP/1.1", "Host: [::1]:9464"),
        ("GET /healthz HTTP/1.1", "Host: 10.0.3.7:9464"),  # of a pod, by its address
        ("GET /healthz HTTP/1.1", "Host: LOCALHOST"),
        ("GET /healthz HTTP/1.1", "Host: monitor:9464"),  # Prometheus in the same Compose network
        ("GET /healthz HTTP/1.1", "Host: tin.toasoan.example"),  # MONITOR_WEB_URL
        ("GET /healthz HTTP/1.0",),
    ],
)
async def test_whoever_has_a_right_to_ask_is_answered(lines: tuple[str, ...]) -> None:
    async with served(Metrics("1"), "Tin.ToaSoan.example") as port:
        assert " 200 OK" in await answer(port, *lines)


@given(st.from_regex(r"[a-z0-9-]+(\.[a-z0-9-]*[a-z][a-z0-9-]*){1,3}\.?(:\d{1,5})?", fullmatch=True))
def test_no_name_with_a_dot_is_ours_unless_it_was_said_to_be(name: str) -> None:
    host = name.partition(":")[0].removesuffix(".")
    assert is_ours(name, ()) is host.endswith(".localhost")
    assert is_ours(name, {host})


@given(st.text(max_size=64))
def test_any_host_header_is_decided(header: str) -> None:
    assert is_ours(header, ()) in (True, False)
