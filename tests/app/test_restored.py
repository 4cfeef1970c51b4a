"""A service that starts on a restored database goes on where the backup stood, and repeats nothing."""

import asyncio
import sys

import pytest

from tests.app.test_run import CALL, LEAD, QUAKE, QUAKE_LEAD, READER, Running, running

pytestmark = pytest.mark.slow


async def monitor(run: Running, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "monitor", *arguments,
        env=run.environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_nothing_that_was_told_is_told_again(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> None:
    tmp_path = tmp_path_factory.mktemp("restored")
    kept = str(tmp_path / "kept.backup")
    async with running(tmp_path, MONITOR_DATABASE_URL=database_url) as run:
        run.api.push_message(READER, "/start")
        run.api.push_message(READER, "/follow putin")
        await run.alert(READER, "Vladimir Putin")
        run.stand.publish(CALL, LEAD)
        await run.alert(READER, "🔔")
        await run.stand.polled(2)
        code, said = await monitor(run, "backup", kept)
        assert code == 0, said
        code, said = await monitor(run, "restore", kept)
        assert code == 2
        assert "another monitor works on this database" in said
        assert await run.end() == 0
        code, said = await monitor(run, "restore", kept)
        assert code == 0, said
        told = len(run.api.texts(READER))
        with run.log.open("ab") as out:
            run.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "monitor", "run", env=run.environment, stdout=out, stderr=out
            )
        await run.stand.polled(2)
        run.stand.publish(QUAKE, QUAKE_LEAD)  # nobody follows it
        run.stand.publish("Ông Putin thăm nhà máy đóng tàu ở Murmansk", "Tổng thống Nga xem hai con tàu phá băng mới.")
        await run.alert(READER, "Murmansk")
        assert len(run.api.texts(READER)) == told + 1
        assert await run.end() == 0
