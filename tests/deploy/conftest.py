"""/metrics of a service that runs, as Prometheus sees it."""

import asyncio
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.app.wiring import open_service
from monitor.config import Settings, load_all
from tests.newsstand import Newsstand
from tests.web.test_half_open import free_port

GIVEN_BY_PROMETHEUS = {"up": {"job", "instance"}, "ALERTS": {"job", "instance"}}
ADDED_BY_PROMETHEUS = {"job", "instance"}


@dataclass(frozen=True, slots=True)
class Scraped:
    """The names of metrics, and of those that have a number already the labels with their values."""

    names: frozenset[str]
    labels: dict[str, dict[str, set[str]]]


@pytest.fixture(scope="module")
def scraped(tmp_path_factory: pytest.TempPathFactory) -> Scraped:
    return asyncio.run(_scrape(tmp_path_factory.mktemp("scraped")))


async def _scrape(folder: Path) -> Scraped:
    port = free_port()
    async with Newsstand() as stand:
        stand.write_config(folder / "config")
        settings = Settings(
            config_dir=folder / "config",
            database_url=f"sqlite:///{folder}/monitor.db",
            http_allow_private=True,
            http_port=port,
        )
        config = load_all(settings.config_dir, timezone=settings.timezone)
        async with open_service(settings, config, stream=StringIO()) as service, asyncio.TaskGroup() as group:
            group.create_task(service.run())
            await stand.polled(2)
            async with aiohttp.ClientSession() as session:
                text = await _told(session, port)
            service.stop()
    return read(text)


async def _told(session: aiohttp.ClientSession, port: int) -> str:
    """What /metrics shows once the rows have been counted."""
    async with asyncio.timeout(60):
        while True:
            async with session.get(f"http://127.0.0.1:{port}/metrics") as answer:
                text = await answer.text()
            if "monitor_queue_length{" in text:
                return text
            async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:  # has them counted
                await answer.read()


def read(text: str) -> Scraped:
    names = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")}
    labels: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            names.add(sample.name)
            seen = labels.setdefault(sample.name, {label: set() for label in ADDED_BY_PROMETHEUS})
            for label, value in sample.labels.items():
                seen.setdefault(label, set()).add(value)
    return Scraped(frozenset(names | set(GIVEN_BY_PROMETHEUS)), labels)
