"""Politeness: one guest a host at a time, with a rest between two visits."""

import asyncio
import ssl
from datetime import timedelta

import pytest

from monitor.net.politeness import HostGate
from monitor.net.tls import tls_for


async def test_one_host_is_asked_one_at_a_time() -> None:
    gate = HostGate(timedelta(0))
    inside, most = 0, 0

    async def visit() -> None:
        nonlocal inside, most
        async with gate.turn("Bao-Mau.example"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(visit() for _ in range(20)))
    assert (inside, most) == (0, 1)


async def test_two_hosts_do_not_wait_for_each_other() -> None:
    gate = HostGate(timedelta(hours=1))
    async with asyncio.timeout(5), gate.turn("a.example"), gate.turn("b.example"):
        pass


async def test_a_host_rests_from_the_end_of_a_visit_to_the_start_of_the_next() -> None:
    gate, clock = HostGate(timedelta(milliseconds=120)), asyncio.get_running_loop().time
    async with gate.turn("a.example"):
        ended = clock()
    async with gate.turn("A.EXAMPLE"):
        assert clock() - ended >= 0.119


async def test_a_visit_that_fails_frees_the_host() -> None:
    gate = HostGate(timedelta(0))
    with pytest.raises(RuntimeError):
        async with gate.turn("a.example"):
            raise RuntimeError
    async with asyncio.timeout(5), gate.turn("a.example"):
        pass


async def test_hosts_are_forgotten_when_they_have_rested_and_there_are_very_many() -> None:
    idle, resting = HostGate(timedelta(0)), HostGate(timedelta(hours=1))
    for number in range(1_001):
        for gate in (idle, resting):
            async with gate.turn(f"bao-{number}.example"):
                pass
        if number == 999:
            assert len(idle._hosts) == 1_000, "a thousand are worth remembering"
    async with idle.turn("bao-0.example"):  # time goes by, and those that rested till now are free
        pass
    assert len(idle._hosts) <= 2
    assert len(resting._hosts) == 1_001, "who rests may not be asked, however many there are"


async def test_who_gives_up_waiting_takes_no_turn_away() -> None:
    gate = HostGate(timedelta(0))
    async with gate.turn("a.example"):
        waiting = asyncio.create_task(gate.turn("a.example").__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(5), gate.turn("a.example"):
        pass


async def test_hosts_that_rest_are_forgotten_and_those_in_use_are_not() -> None:
    gate = HostGate(timedelta(0))
    async with gate.turn("busy.example"):
        for number in range(2_500):
            async with gate.turn(f"host-{number}.example"):
                pass
        assert len(gate._hosts) <= 1_001
        assert "busy.example" in gate._hosts


def test_certificates_are_checked_for_every_host() -> None:
    assert tls_for("vnexpress.net") is True
    old = tls_for("baotintuc.vn")
    assert isinstance(old, ssl.SSLContext)
    assert (old.verify_mode, old.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert tls_for("www.baotintuc.vn") is old
