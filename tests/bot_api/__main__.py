"""The loopback Bot API as a process of its own: `python -m tests.bot_api --port 8081 --log FILE`."""

import argparse
import asyncio
import contextlib
from pathlib import Path

from tests.bot_api.server import BotApi


async def _stand_alone(arguments: argparse.Namespace) -> None:
    async with BotApi(
        token=arguments.token,
        port=arguments.port,
        log=arguments.log,
        any_chat=not arguments.strict_chats,
        limits=arguments.limits,
    ) as api:
        print(api.url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted; the first line on stdout is the server's address."""
    parser = argparse.ArgumentParser(prog="python -m tests.bot_api", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, default=None, help="gets a JSON line for every accepted call")
    parser.add_argument("--token", default="7000001:loopback-TOKEN_for-tests")
    parser.add_argument("--limits", action="store_true", help="answer 429 beyond Telegram's limits")
    parser.add_argument("--strict-chats", action="store_true", help="400 for chats that were not added")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_stand_alone(parser.parse_args()))


if __name__ == "__main__":
    main()
