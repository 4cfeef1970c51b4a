"""The one session: who we are, how names are looked up, and who may know the library behind it."""

import asyncio
import re
import socket
import threading
from pathlib import Path

import pytest

import monitor
from monitor.net import session as module
from monitor.net.session import open_session


async def test_the_session_says_who_asks_and_is_closed_behind_the_block() -> None:
    async with open_session(allow_private=False, contact="https://bao.example/bot", version="1") as session:
        assert session.user_agent == "vn-news-monitor/1 (+https://bao.example/bot)"
        assert session.http.headers["User-Agent"] == session.user_agent
        assert not session.allow_private
    assert session.http.closed


async def test_names_are_looked_up_in_threads_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []

    def looked_up(host: str, port: int, **_: object) -> list[object]:
        threads.append(threading.current_thread().name)
        if host != "bao.example":
            raise socket.gaierror(-2, "Name or service not known")
        four = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", port))
        six = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:4860:4860::8888", port, 0, 0))
        return [six, four]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    resolver = module._OwnThreads()
    found = await resolver.resolve("bao.example", 443, socket.AF_UNSPEC)
    assert [(place["host"], place["port"]) for place in found] == [("2001:4860:4860::8888", 443), ("8.8.8.8", 443)]
    with pytest.raises(OSError, match="not known"):
        await resolver.resolve("khong-co.example", 443)
    await resolver.close()
    assert all(name.startswith("name-lookup") for name in threads)


async def test_closing_waits_for_no_name_server_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    hangs, goes_on = threading.Event(), threading.Event()

    def hanging(*_: object, **__: object) -> list[object]:
        hangs.set()
        goes_on.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    resolver = module._OwnThreads()
    look_up = asyncio.create_task(resolver.resolve("bao.example"))
    await asyncio.to_thread(hangs.wait, 30)
    await resolver.close()
    assert not look_up.done()
    goes_on.set()
    assert await look_up == []


def test_only_the_net_and_the_servers_know_aiohttp() -> None:
    package = Path(monitor.__file__).parent
    uses = re.compile(r"^\s*(?:import|from) aiohttp\b", re.MULTILINE)
    rooms = {
        path.relative_to(package).parts[0] for path in package.rglob("*.py") if uses.search(path.read_text("utf-8"))
    }
    assert rooms == {"net", "web", "demo"}
