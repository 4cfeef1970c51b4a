"""Two services on one PostgreSQL: each has a port and says how it stands; what is of all only one of them shows."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path

import aiohttp
import pytest

from monitor.app.checkup.workers import CONNECTIONS_EACH
from monitor.app.cluster import CONNECTIONS, URGENT
from monitor.app.service import Service
from monitor.app.web_place import FURTHER_PORTS
from monitor.app.wiring import open_service
from monitor.config import Settings, load_all
from monitor.errors import NewerSchema
from monitor.store.migrations import HEAD, VERSION_TABLE
from monitor.store.role_names import PARTS
from monitor.store.transaction import READERS, WRITERS, Transaction
from tests.databases import Cluster, _free_port
from tests.newsstand import Newsstand

WITHIN = 20.0  # seconds, for what takes two at most
ROLES = {"lookout", "group", "chores", "bot"}


@pytest.fixture
def own(postgresql: Cluster) -> Iterator[str]:
    """A PostgreSQL database whose schema may be changed."""
    url = postgresql.new_database("migrated")
    yield url
    postgresql.drop(url)


@asynccontextmanager
async def serving(
    tmp_path: Path, url: str, stand: Newsstand, port: int, parts: Sequence[str] = PARTS
) -> AsyncIterator[Service]:
    """The service with its page, as `monitor run` has it."""
    stand.write_config(tmp_path / "config")
    settings = Settings(
        config_dir=tmp_path / "config",
        database_url=url,
        http_allow_private=True,
        http_port=port,
        host_spacing=timedelta(0),
        web_access="open",
    )
    config = load_all(settings.config_dir, timezone=settings.timezone)
    async with (
        open_service(settings, config, stream=StringIO(), parts=parts) as service,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(service.run())
        try:
            async with asyncio.timeout(WITHIN):
                await service.page.opened.wait()
            yield service
        finally:
            service.stop()


async def ask(service: Service, path: str) -> tuple[int, str]:
    """What this very process answers."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(service.page.own_url + path) as response,
    ):
        return response.status, await response.text()


async def figures(service: Service) -> dict[str, float]:
    """Its metrics, by name and labels."""
    _, said = await ask(service, "/metrics")
    return {name: float(value) for name, value in re.findall(r"^(monitor_\S+) (\S+)$", said, re.MULTILINE)}


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it holds, asking now and then."""
    async with asyncio.timeout(WITHIN):
        while not await holds():  # noqa: ASYNC110 - rows and other processes say nothing
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_two_with_the_same_settings_have_a_port_each_and_count_the_whole_once(
    own: str, tmp_path: Path, postgresql: Cluster
) -> None:
    port = _free_port()
    async with (
        Newsstand() as stand,
        serving(tmp_path, own, stand, port) as first,
        serving(tmp_path, own, stand, port) as second,
    ):
        both = (first, second)

        async def hold_all_roles() -> bool:
            return {role for each in both for role in each.roles.held()} == ROLES | {"standby"}

        await until(hold_all_roles)
        assert first.page.own_url == f"http://127.0.0.1:{port}"
        assert port < int(second.page.own_url.rpartition(":")[2]) <= port + FURTHER_PORTS

        async def have_told_their_pages() -> bool:
            rows = await first.store.read(Transaction.workers)
            return [each.worker.page for each in rows] == [each.page.own_url for each in both]

        await until(have_told_their_pages)
        assert [(await ask(each, "/healthz"))[0] for each in both] == [200, 200]
        name = own.rsplit("/", 1)[1]
        [(used,)] = postgresql.ask(f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'")
        assert isinstance(used, int)
        assert used <= 2 * CONNECTIONS_EACH, "what doctor counts with"
        most = WRITERS + READERS + len(URGENT) + CONNECTIONS + 1  # one for the beat
        assert most < CONNECTIONS_EACH, "and a few for what looks something up beside it"
        seen = [await figures(each) for each in both]
    assert [each["monitor_workers"] for each in seen] == [2, 2]
    assert all(each["monitor_worker_beat_age_seconds"] < 5 for each in seen)
    for role in ROLES:
        held = [each[f'monitor_role_held{{role="{role}"}}'] for each in seen]
        assert sorted(held) == [0, 1]
        assert [f'monitor_role_fence{{role="{role}"}}' in each for each in seen] == [each == 1 for each in held]
    lookout = [each['monitor_role_held{role="lookout"}'] == 1 for each in seen]
    for name in ("monitor_feeds", "monitor_alerts_late_seconds", 'monitor_queue_length{queue="items"}'):
        assert [name in each for each in seen] == lookout, name
    assert all("monitor_rows_read_timestamp_seconds" in each for each in seen)


@pytest.mark.slow
async def test_one_that_does_a_part_is_judged_by_that_alone_and_has_no_page(own: str, tmp_path: Path) -> None:
    async with Newsstand() as stand, serving(tmp_path, own, stand, 0, parts=("deliver",)) as service:

        async def looks_out() -> bool:
            return "lookout" in service.roles.held()

        await until(looks_out)
        status, said = await ask(service, "/healthz")
        assert (status, (await ask(service, "/"))[0]) == (200, 404)
        assert set(json.loads(said)["last_ticks"]) == {"deliver", "channels"}
        assert service.page.open_url == "", "nobody here has the page that a link could lead to"
        async with serving(tmp_path, own, stand, 0, parts=("web",)) as beside:

            async def is_known() -> bool:
                await ask(service, "/healthz")  # asks the database when it has not for a while
                return service.page.open_url == beside.page.own_url

            await until(is_known)
        shown = await figures(service)
    assert {name for name in shown if name.startswith("monitor_role_held")} == {'monitor_role_held{role="lookout"}'}


@pytest.mark.slow
async def test_one_under_which_the_schema_moves_on_signs_off_and_ends(
    own: str, tmp_path: Path, postgresql: Cluster
) -> None:
    name = own.rsplit("/", 1)[1]

    async def moves_on() -> None:
        async with Newsstand() as stand, serving(tmp_path, own, stand, 0) as service:
            assert postgresql.ask("SELECT schema FROM workers", database=name) == [(HEAD,)]
            postgresql.run(f"UPDATE {VERSION_TABLE} SET version_num = '9999'", database=name)
            await asyncio.wait_for(service.stopped(), WITHIN)

    with pytest.raises(ExceptionGroup) as ended:
        await moves_on()
    assert ended.group_contains(NewerSchema, match="schema 9999")
    assert postgresql.ask("SELECT schema FROM workers", database=name) == []
