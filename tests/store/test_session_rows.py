"""Links and sessions of the web page, on both databases."""

from datetime import timedelta

from monitor.store.session_rows import LoginLink
from monitor.store.transaction import Store
from monitor.types import Address
from tests.store_samples import AN, NOW

BINH = Address(202)
TEN_MINUTES, DAY = timedelta(minutes=10), timedelta(days=1)


def link(token_hash: str, address: Address = AN) -> LoginLink:
    return LoginLink(token_hash, address, NOW + TEN_MINUTES, 501, "An")


async def test_a_link_is_read_often_and_used_once(store: Store) -> None:
    with store.writing() as tx:
        tx.add_login_link(link("a"), now=NOW)
        assert tx.login_link("a", now=NOW) == tx.login_link("a", now=NOW) == link("a")
        assert tx.login_link("b", now=NOW) is None
        assert tx.use_login_link("a", now=NOW)
        assert not tx.use_login_link("a", now=NOW)
        assert tx.login_link("a", now=NOW) is None


async def test_a_link_ends_by_its_time(store: Store) -> None:
    with store.writing() as tx:
        tx.add_login_link(link("a"), now=NOW)
        assert tx.login_link("a", now=NOW + TEN_MINUTES) is None
        assert not tx.use_login_link("a", now=NOW + TEN_MINUTES)


async def test_a_session_lasts_until_its_end_and_longer_when_it_is_seen(store: Store) -> None:
    with store.writing() as tx:
        number = tx.add_session("s", link("a"), browser="Firefox", now=NOW, ends_at=NOW + DAY)
        found = tx.session("s", now=NOW)
        assert found is not None
        assert (found.number, found.address, found.who, found.browser, found.user_id) == (
            number,
            AN,
            "An",
            "Firefox",
            501,
        )
        assert tx.session("s", now=NOW + DAY) is None
        tx.see_session(number, now=NOW + TEN_MINUTES, ends_at=NOW + 2 * DAY)
        seen = tx.session("s", now=NOW + DAY)
        assert seen is not None
        assert seen.seen_at == NOW + TEN_MINUTES


async def test_a_chat_ends_its_own_sessions_and_no_others(store: Store) -> None:
    with store.writing() as tx:
        mine = tx.add_session("s1", link("a"), browser="", now=NOW, ends_at=NOW + DAY)
        here = tx.add_session("s2", link("a"), browser="", now=NOW, ends_at=NOW + DAY)
        theirs = tx.add_session("s3", link("b", BINH), browser="", now=NOW, ends_at=NOW + DAY)
        tx.add_login_link(link("open"), now=NOW)
        assert not tx.end_session(theirs, AN)
        assert tx.end_session(mine, AN)
        tx.add_session("s4", link("a"), browser="", now=NOW, ends_at=NOW + DAY)
        assert tx.end_sessions(AN, but=here) == 1
        assert [each.number for each in tx.sessions_of(AN, now=NOW)] == [here]
        assert tx.login_link("open", now=NOW) is None
        assert [each.number for each in tx.sessions_of(BINH, now=NOW)] == [theirs]


async def test_what_has_ended_is_swept(store: Store) -> None:
    with store.writing() as tx:
        tx.add_session("s1", link("a"), browser="", now=NOW, ends_at=NOW + TEN_MINUTES)
        tx.add_session("s2", link("a"), browser="", now=NOW, ends_at=NOW + DAY)
        assert tx.sweep_sessions(now=NOW + TEN_MINUTES) == 1
        assert tx.session("s2", now=NOW) is not None


async def test_sessions_follow_a_group_to_its_new_number(store: Store) -> None:
    with store.writing() as tx:
        tx.add_session("s", link("a", Address(-7)), browser="", now=NOW, ends_at=NOW + DAY)
        tx.move_chat(-7, -100_7)
        found = tx.session("s", now=NOW)
    assert found is not None
    assert found.address == Address(-100_7)
