"""What the stages take at a time."""

from collections.abc import Sequence
from datetime import timedelta

from monitor.app.signals import Signals
from monitor.app.use_cases import MAY_RING, _waiting_items
from monitor.pipeline.detect import BATCH
from monitor.store.transaction import Store
from monitor.types import Item
from tests.flow import Flow
from tests.pipeline.flow_news import CALL, QUAKE, started


async def taken(flow: Flow) -> Sequence[Item]:
    """The batch that is looked at next."""
    signals = Signals([])
    signals.add_stage("detect")
    (batch,) = await _waiting_items(flow.detect, signals)(limit=BATCH)
    return batch


async def test_fresh_news_waits_behind_few_of_a_backlog(store: Store) -> None:
    flow = await started(Flow(store), "*")
    for number in range(2 * MAY_RING + 5):
        flow.fetcher.publish("ben-song", f"{number}", f"{CALL} {number}", at=flow.clock() - timedelta(hours=3))
    flow.clock.turn(timedelta(minutes=10))
    await flow.poll_due()
    first = await taken(flow)
    assert len(first) == MAY_RING
    flow.fetcher.publish("sao-mai", "1", QUAKE, at=flow.clock() + timedelta(minutes=9))
    flow.clock.turn(timedelta(minutes=10))
    await flow.poll_due()
    await flow.detect.detect(first)
    assert (await taken(flow))[0].title == QUAKE


async def test_what_came_silently_is_looked_at_in_large_batches(store: Store) -> None:
    flow = Flow(store)
    for number in range(MAY_RING + 5):
        flow.fetcher.publish("ben-song", f"{number}", f"{CALL} {number}")
    await flow.start()
    assert len(await taken(flow)) == MAY_RING + 5
