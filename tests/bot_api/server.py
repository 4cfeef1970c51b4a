"""The server: requests over HTTP, and the troubles and limits they run into."""

import asyncio
import contextlib
import json
import math
import re
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.bot_api.chats import Call, words_of
from tests.bot_api.control import CONTROLS
from tests.bot_api.limits import Limits
from tests.bot_api.methods import Methods
from tests.bot_api.reading import params_of
from tests.bot_api.telegram_html import Json
from tests.bot_api.troubles import KINDS, Refusal
from tests.bot_api.world import World

_PAGE = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


class BotApi(World):
    """The server. Chats are made with add_chat, or on first use with `any_chat`; limits are Telegram's own when on.

    `clock` (seconds, monotonic) drives only the limits. `log` gets a JSON line for every accepted call but getUpdates,
    flushed before the answer leaves, so that whoever is killed afterwards is still on record.
    """

    def __init__(
        self,
        *,
        token: str = "7000001:loopback-TOKEN_for-tests",
        port: int = 0,
        log: Path | None = None,
        any_chat: bool = False,
        limits: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.token = token
        self.url = ""
        self._port = port
        self._log = log
        self._clock = clock
        self._methods = Methods(self, any_chat=any_chat)
        self._limits = Limits(clock) if limits else None
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_route("*", "/{who}/bot{token}/{method}", self._serve)
        app.router.add_post("/control/{name}", self._control)
        self._runner = web.AppRunner(app, shutdown_timeout=0.5, access_log=None)  # its lines hold the token
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self.changed.set()
        assert self._runner is not None
        await self._runner.cleanup()

    def url_of(self, who: str) -> str:
        """An address of the same server under which calls are noted as of `who`."""
        return f"{self.url}/{who}"

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if any(t.kind == "drop_before" and t.chat_id is None and t.meets(method, {}) for t in self.troubles):
            # before even a byte of the body is taken, as a proxy that restarts does
            self.meet(method, {}, "drop_before")
            return _drop(request)
        params = await params_of(request)
        if self.meet(method, params, "drop_before"):
            return _drop(request)
        if delay := self.meet(method, params, "delay"):
            await self._pause(delay.seconds)
        if self.meet(method, params, "bad_gateway"):
            self._note(Call(self._clock(), method, params, "502"))
            return web.Response(status=502, text=_PAGE, content_type="text/html")
        try:
            self._refuse(request.match_info["token"], method, params)
            result = await self._methods.carry_out(method, params)
        except Refusal as refusal:
            if request.transport is None:  # whoever asked is gone, and its long poll with it
                return web.Response()
            self._note(Call(self._clock(), method, params, refusal.description, who=request.match_info.get("who", "")))
            answer: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            if refusal.parameters:
                answer["parameters"] = refusal.parameters
            return web.json_response(answer, status=refusal.code)
        message_id = result.get("message_id") if isinstance(result, dict) else None
        who = request.match_info.get("who", "")
        delay, dropped = self.meet(method, params, "delay_after"), self.meet(method, params, "drop_after")
        garbled = None if dropped else self.meet(method, params, "not_json")
        waits = math.inf if dropped or garbled else delay.seconds if delay else 0.0
        self._note(Call(self._clock(), method, params, message_id=message_id, who=who, answered_after=waits))
        if delay:
            await self._pause(delay.seconds)
        if dropped:
            return _drop(request)
        if garbled:
            return web.Response(text=_PAGE, content_type="text/html")
        if self.meet(method, params, "twice"):
            return _answer_twice(request, {"ok": True, "result": result})
        return web.json_response({"ok": True, "result": result})

    def _refuse(self, token: str, method: str, params: Json) -> None:
        """Raise the refusal that this request runs into, if any."""
        if not re.fullmatch(r"\d+:[\w-]+", token):
            raise Refusal(404, "Not Found")
        if token != self.token:
            raise Refusal(401, "Unauthorized")
        for kind, (code, description) in KINDS.items():
            if code in {0, 200, 502} or (trouble := self.meet(method, params, kind)) is None:
                continue
            parameters: Json = {}
            if kind == "flood":
                parameters = {"retry_after": math.ceil(trouble.seconds)}
            elif kind == "migrated":
                parameters = {"migrate_to_chat_id": trouble.moved_to}
            raise Refusal(code, description.format(seconds=math.ceil(trouble.seconds)), parameters)
        if self._limits and method in {"sendMessage", "sendPhoto", "editMessageText", "editMessageReplyMarkup"}:
            self._limits.count(self._methods.addressed(params))

    async def _pause(self, seconds: float) -> None:
        """The delay of a slow server; ends at once when the server stops."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stopping.wait()

    def _note(self, call: Call) -> None:
        self.calls.append(call)
        self.changed.set()
        if self._log is None or call.error or call.method == "getUpdates":
            return
        line: Json = {"at": time.time(), "method": call.method, "params": call.params, "message_id": call.message_id}
        if call.message_id is not None and "chat_id" in call.params:
            told = self.chats[int(call.params["chat_id"])].messages[call.message_id]
            line["text"] = words_of(told)
        with self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False, default=repr) + "\n")

    async def _control(self, request: web.Request) -> web.Response:
        control = CONTROLS.get(request.match_info["name"])
        if control is None:
            return web.json_response({"error": f"there are {sorted(CONTROLS)}"}, status=404)
        result = control(self, **(await request.json() if request.can_read_body else {}))
        return web.json_response(result, dumps=lambda each: json.dumps(each, ensure_ascii=False, default=repr))


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _answer_twice(request: web.Request, answer: Json) -> web.Response:
    """Two answers to one request, as a broken proxy gives them; the connection is closed behind them."""
    body = json.dumps(answer).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    if request.transport is not None:
        request.transport.write((head + body) * 2)
        request.transport.close()
    return web.Response()
