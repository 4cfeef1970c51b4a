"""The pages of one newspaper on loopback, robots.txt among them."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from aiohttp import web

PARAGRAPHS = [
    f"Đoạn thứ {number} kể rằng cây cầu Vàm Xanh đã thông xe sáng nay, người dân hai bờ sông rất vui mừng."
    for number in range(8)
]
PAGE = (
    "<html><head><title>Cầu Vàm Xanh thông xe</title></head><body><nav>Trang chủ</nav><article><h1>Cầu Vàm Xanh</h1>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    + "</article></body></html>"
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Newspaper:
    """A site on loopback: pages by path, and a log of what was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, Handler] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.base = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        self.agents.add(request.headers.get("User-Agent", ""))
        handler = self.pages.get(request.path)
        return await handler(request) if handler else web.Response(status=404)

    def put(self, path: str, text: str = PAGE, *, status: int = 200, kind: str = "text/html", **headers: str) -> None:
        async def give(_: web.Request) -> web.StreamResponse:
            return web.Response(text=text, status=status, content_type=kind, headers=headers)

        self.pages[path] = give

    def move(self, path: str, target: str) -> None:
        self.put(path, "", status=302, Location=target)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self.answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
