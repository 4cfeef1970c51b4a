"""Channels outside Telegram: whether the server of each lets itself be reached. Sends nothing, and names no address."""

import asyncio
from collections.abc import Collection

from monitor.app.checkup.checks import Check, CheckState
from monitor.types import Channel

REACHED_WITHIN = 5.0  # seconds
MENDED = "is its address right, and may this machine connect there? config/channels.yaml, or the variable that it names"


async def examine(channels: Collection[Channel]) -> list[Check]:
    """One check for all of them; without channels none. How they are written, the reading of the file has judged."""
    if not channels:
        return []
    from monitor.notify.apprise import host_of

    places = await asyncio.to_thread(lambda: [host_of(channel.url) for channel in channels])
    troubles = await asyncio.gather(*(_trouble(*place) for place in places))
    failed = [f"{channel.id}: {why}" for channel, why in zip(channels, troubles, strict=True) if why]
    if failed:
        what = f"{len(failed)} of {len(channels)} cannot be reached; {'; '.join(failed)}"
        return [Check("channels", CheckState.PROBLEM, what, MENDED)]
    asked = sum(bool(host) for host, _ in places)
    return [Check("channels", CheckState.OK, f"{len(channels)}, and {asked} of {asked} servers can be reached")]


async def _trouble(host: str, port: int) -> str:
    if not host:
        return ""  # only its service knows where it sends
    try:
        async with asyncio.timeout(REACHED_WITHIN):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, ValueError) as error:  # also TimeoutError; its words may hold the host
        return type(error).__name__
    writer.close()
    return ""
