"""A short soak: each holder of a role is killed while the news flows, and one process at random."""

import random
from pathlib import Path

import pytest

from tests.cluster.soak import play

pytestmark = pytest.mark.slow


async def test_kills_of_receiver_grouper_and_lookout_lose_nothing(shared: str, tmp_path: Path) -> None:
    played = await play(
        shared,
        tmp_path,
        processes=3,
        items=150,
        kills=4,
        people=40,
        hosts=4,
        a_second=15,
        seed=random.randrange(2**32),
    )
    print(played)
    assert not played.wrong, str(played)
    assert set(played.killed) == {"bot", "group", "lookout", "any"}
