"""Servers that channels send to, on loopback: one of mail, one of HTTP. They take, refuse, cut off or hang."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass
class MailSink:
    """Speaks SMTP as far as smtplib asks. `answers` replaces its answer to a command, such as {"RCPT": "550 no"}.

    An empty answer closes the line; "hang" keeps it open without an answer. "TAKEN" is the answer to the whole text.
    """

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._say(writer, "HELLO", "220 sink ready")
            while line := await reader.readline():
                verb = line.decode().split(" ")[0].strip().upper()
                self.asked.append(verb)
                if verb == "DATA":
                    await self._say(writer, "DATA", "354 go on")
                    text = await reader.readuntil(b"\r\n.\r\n")
                    mail = message_from_bytes(text[:-3], policy=policy.default)
                    if self.answers.get("TAKEN", "250").startswith(("250", "hang")) or not self.answers["TAKEN"]:
                        self.taken.append(mail)
                    await self._say(writer, "TAKEN", "250 taken")
                elif verb == "QUIT":
                    await self._say(writer, "QUIT", "221 bye")
                    return
                else:
                    await self._say(writer, verb, "250 well")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _say(self, writer: asyncio.StreamWriter, verb: str, usual: str) -> None:
        answer = self.answers.get(verb, usual)
        if answer == "hang":
            await self.released.wait()
        if not answer or answer == "hang":
            raise ConnectionError
        writer.write(f"{answer}\r\n".encode())
        await writer.drain()


@dataclass
class WebSink:
    """Takes POSTs, each answered with `status`; 0 closes the line, and "hang" waits until it is released."""

    port: int = 0
    status: int | str = 200
    taken: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.paths.append(head.split(" ")[1])
            self.taken.append(json.loads(body))
            self.arrived.set()
            if self.status == "hang":
                await self.released.wait()
            elif self.status:
                writer.write(f"HTTP/1.1 {self.status} X\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}".encode())
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def mail_sink(**answers: str) -> AsyncIterator[MailSink]:
    """A mail server."""
    sink = MailSink(answers=answers)
    async with _served(sink.talk) as port:
        sink.port = port
        try:
            yield sink
        finally:
            sink.released.set()


@asynccontextmanager
async def web_sink(status: int | str = 200) -> AsyncIterator[WebSink]:
    """A server of HTTP."""
    sink = WebSink(status=status)
    async with _served(sink.talk) as port:
        sink.port = port
        try:
            yield sink
        finally:
            sink.released.set()


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]


@asynccontextmanager
async def _served(talk: Talk) -> AsyncIterator[int]:
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
