"""Small plans against the real service, on both databases: nothing lost, nothing late, no copy that is not allowed."""

import pytest

from tests.faults.bench import play, report
from tests.faults.plan import Size

SMALL = Size(seconds=45)
PLANS = ((62, "sqlite"), (167, "sqlite"), (129, "postgresql"), (138, "postgresql"))


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "database"), PLANS)
async def test_a_plan_breaks_no_promise(seed: int, database: str) -> None:
    run = await play(seed, SMALL, database)
    assert run.verdict.due > 20
    assert not run.verdict.guilty, f"{report(run, database)}\n{run.log[-3_000:]}"
