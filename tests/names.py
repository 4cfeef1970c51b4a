"""A name server of the tests' own."""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult


class Names(AbstractResolver):
    """Knows the addresses it is given; a name's answers are given in turn, the last of them for ever."""

    def __init__(self, *answers: dict[str, list[str]]) -> None:
        self._answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        known = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if host not in known:
            raise OSError(f"no such name: {host}")
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in known[host]
        ]

    async def close(self) -> None:
        pass
