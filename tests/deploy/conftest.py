"""/metrics of services that run, as Prometheus sees them: the one on SQLite, and a worker on PostgreSQL."""

import asyncio
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.app.wiring import open_service
from monitor.config import Settings, load_all
from tests.databases import Cluster
from tests.newsstand import Newsstand
from tests.web.test_half_open import free_port

GIVEN_BY_PROMETHEUS = {"up": {"job", "instance"}, "ALERTS": {"job", "instance"}}
ADDED_BY_PROMETHEUS = {"job", "instance"}


@dataclass(frozen=True, slots=True)
class Scraped:
    """The names of metrics, and of those that have a number already the labels with their values."""

    names: frozenset[str]
    labels: dict[str, dict[str, set[str]]]


@pytest.fixture(scope="session")
def scraped(tmp_path_factory: pytest.TempPathFactory, postgresql: Cluster) -> Scraped:
    folder = tmp_path_factory.mktemp("scraped")
    url = postgresql.borrow()
    alone = asyncio.run(_scrape(folder / "alone", f"sqlite:///{folder}/monitor.db", "monitor_queue_length{"))
    several = asyncio.run(_scrape(folder / "several", url, "monitor_queue_length{", "monitor_workers "))
    postgresql.give_back(url)
    return read(alone + several)


async def _scrape(folder: Path, url: str, *last: str) -> str:
    """What a service says once it also shows `last`."""
    port = free_port()
    async with Newsstand() as stand:
        stand.write_config(folder / "config")
        settings = Settings(
            config_dir=folder / "config",
            database_url=url,
            http_allow_private=True,
            http_port=port,
        )
        config = load_all(settings.config_dir, timezone=settings.timezone)
        async with open_service(settings, config, stream=StringIO()) as service, asyncio.TaskGroup() as group:
            group.create_task(service.run())
            await stand.polled(2)
            async with aiohttp.ClientSession() as session:
                text = await _told(session, port, last)
            service.stop()
    return text


async def _told(session: aiohttp.ClientSession, port: int, last: tuple[str, ...]) -> str:
    """What /metrics shows once the rows have been counted."""
    async with asyncio.timeout(60):
        while True:
            async with session.get(f"http://127.0.0.1:{port}/metrics") as answer:
                text = await answer.text()
            if all(each in text for each in last):
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
