"""Processes that share a database and read other files than the one that looks out say so; nobody else does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import same_files
from monitor.app.process_roles import AllRoles
from monitor.app.same_files import READ_BY_LOOKOUT, TROUBLE, SameFiles, what_is_read
from monitor.app.worker import SharedClock, SharedRoles, new_worker
from monitor.config.loading import Config
from monitor.store.transaction import Store, Transaction, open_store
from monitor.types import Channel, Target, Watchlist
from tests.app.test_workers_pages import serving, until
from tests.newsstand import Newsstand

OTHER = "leaders:\n  - {id: nguoi-khac, name: Lục Phương Tuyền}\n"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(same_files, "APART_FOR", timedelta(0))
    monkeypatch.setattr(same_files, "LOOK_EVERY", timedelta(milliseconds=100))


def others_roles(store: Store) -> SharedRoles:
    """Of a worker that holds nothing."""
    return SharedRoles(store, new_worker("w2", ["web"]), clock=SharedClock())


@pytest.mark.usefixtures("at_once")
async def test_who_reads_other_files_than_the_look_out_says_so_until_they_are_the_same(shared: str) -> None:
    mine = ["1.0 old", "1.0 old"]
    async with await open_store(shared) as store:
        lookout = SameFiles(store, AllRoles(), reads=lambda: mine[0])
        other = SameFiles(store, others_roles(store), reads=lambda: mine[1])

        async def looked() -> Sequence[str]:
            await lookout.look()
            await other.look()
            return lookout.trouble(), other.trouble()

        assert await looked() == ("", "")
        mine[0] = "1.0 new"
        assert await looked() == ("", TROUBLE)
        mine[1] = "1.0 new"
        assert await looked() == ("", "")


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("said", ["", "2.0 abc"], ids=["before any look-out", "beside another release"])
async def test_who_can_compare_with_nobody_is_in_no_trouble(shared: str, said: str) -> None:
    async with await open_store(shared) as store:
        await store.write(Transaction.set_fact, READ_BY_LOOKOUT, said)
        other = SameFiles(store, others_roles(store), reads=lambda: "1.9 def")
        await other.look()
        assert other.trouble() == ""


async def test_a_change_that_is_on_its_way_to_all_machines_is_no_trouble(shared: str) -> None:
    async with await open_store(shared) as store:
        await SameFiles(store, AllRoles(), reads=lambda: "1.0 new").look()
        other = SameFiles(store, others_roles(store), reads=lambda: "1.0 old")
        await other.look()
        assert other.trouble() == ""


def test_what_is_read_is_another_with_another_channel_and_the_same_with_another_address_of_it() -> None:
    mail = Channel("mail", "mailto://one", (Target("*"),))
    bare = Config((), Watchlist("v1", ()))
    with_mail = replace(bare, channels=(mail,))
    assert what_is_read(with_mail) != what_is_read(bare)
    assert what_is_read(with_mail) == what_is_read(replace(bare, channels=(replace(mail, url="mailto://other"),)))


@pytest.mark.slow
@pytest.mark.usefixtures("at_once")
async def test_a_service_with_other_files_tells_it_with_its_beat(shared: str, tmp_path: Path) -> None:
    async with Newsstand() as stand, serving(tmp_path / "a", shared, stand, 0) as first:
        (watchlists := tmp_path / "b" / "config" / "watchlists").mkdir(parents=True)
        (watchlists / "khac.yaml").write_text(OTHER)
        async with serving(tmp_path / "b", shared, stand, 0):

            async def is_told() -> bool:
                seen = await first.store.read(Transaction.workers)
                return [each.worker.trouble for each in seen] == ["", TROUBLE]

            await until(is_told)
            report = (await first.status()).workers
            assert report is not None
            assert TROUBLE in [each.why for each in report.troubles]
