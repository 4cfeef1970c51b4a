"""The service inside this process, on a newspaper on loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from monitor.app.service import Service
from monitor.app.wiring import open_service
from monitor.config import Settings, load_all
from tests.newsstand import Newsstand


@asynccontextmanager
async def running(
    tmp_path: Path, url: str, stand: Newsstand, clock: Callable[[], datetime] | None = None, **more: Any
) -> AsyncIterator[Service]:
    """The service without a token, polling the stand about once a second."""
    stand.write_config(tmp_path / "config")
    settings = Settings(
        config_dir=tmp_path / "config", database_url=url, http_allow_private=True, host_spacing=timedelta(0), **more
    )
    config = load_all(settings.config_dir, timezone=settings.timezone)
    async with (
        open_service(settings, config, stream=StringIO(), interactive=False, clock=clock) as service,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(service.run())
        try:
            await stand.polled()
            yield service
        finally:
            service.stop()
