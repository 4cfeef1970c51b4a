"""Something between a client and PostgreSQL that makes up the number of the server's process, as PgBouncer does."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

MADE_UP = 4_711


class Pooler:
    """`with Pooler(port of PostgreSQL) as pooler`; clients go to `pooler.url(url)`. Each keeps a session of its own."""

    def __init__(self, port: int) -> None:
        self._server = port
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in (self._listening, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join()

    def url(self, direct: str) -> str:
        """The same database by way of this."""
        through = direct.replace(f":{self._server}/", f":{self._listening.getsockname()[1]}/")
        assert through != direct
        return f"{through}?sslmode=disable&gssencmode=disable"

    def _start(self, do: Callable[..., None], *given: socket.socket) -> None:
        self._threads.append(threading.Thread(target=do, args=given, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        with suppress(OSError):  # it ends
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._server))
                self._open += [client, server]
                self._start(_pump, client, server)
                self._start(_answer, server, client)


def _answer(server: socket.socket, client: socket.socket) -> None:
    """Pass on what the server says until it is ready, with another number in BackendKeyData; then everything."""
    kind = b""
    with suppress(OSError, struct.error), server.makefile("rb") as said:
        while kind != b"Z":  # ReadyForQuery
            kind, length = struct.unpack("!ci", said.read(5))
            payload = said.read(length - 4)
            if kind == b"K":
                payload = struct.pack("!i", MADE_UP) + payload[4:]
            client.sendall(struct.pack("!ci", kind, length) + payload)
        _pump(server, client)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while got := source.recv(2**16):
            target.sendall(got)
        target.shutdown(socket.SHUT_WR)
