"""A worker that asks one host again and again, as a process of its own.

`python -m tests.net.guest DATABASE PORT REST SILENCE`: seconds between two requests, and after which it counts as dead.
"""

import asyncio
import os
import sys
from datetime import timedelta


async def guest(url: str, port: int, rest: timedelta) -> None:
    from monitor.errors import StoreError
    from monitor.net.politeness import HostGate
    from monitor.pipeline.host_turns import SharedHostTurns
    from monitor.store.transaction import Transaction, open_store
    from monitor.store.worker_rows import Worker

    worker = Worker(str(os.getpid()), "ben-song", os.getpid(), "1", "0010", ())
    async with await open_store(url, worker=worker.id) as store:

        async def beat() -> None:
            while True:
                try:
                    await store.write(Transaction.beat, worker)
                except StoreError as trouble:
                    print(trouble, file=sys.stderr)
                await asyncio.sleep(0.2)

        await store.write(Transaction.beat, worker)  # as a worker's start does: who has never beaten counts as dead
        beating = asyncio.create_task(beat())
        gate = HostGate(rest, shared=SharedHostTurns(store))
        while not beating.done():
            async with gate.turn("bao-mau.example"):
                await ask(port)


async def ask(port: int) -> None:
    """One request, which says who asks."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{os.getpid()}\n".encode())
    await reader.read()
    writer.close()


if __name__ == "__main__":
    from monitor.store import sole_names

    sole_names.DEAD_AFTER = timedelta(seconds=float(sys.argv[4]))  # before anybody reads it: a test waits for no twenty
    asyncio.run(guest(sys.argv[1], int(sys.argv[2]), timedelta(seconds=float(sys.argv[3]))))
