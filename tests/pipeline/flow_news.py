"""The news of the flow tests, and a newsroom in which a reader follows somebody."""

from datetime import timedelta

import pytest

from monitor.store.transaction import Store
from tests.flow import READER, Flow

CALL = "Tổng thống Nga Vladimir Putin điện đàm với Thủ tướng Israel Benjamin Netanyahu"
LEAD = "Ông Putin và ông Netanyahu trao đổi qua điện thoại tối thứ hai về viện trợ nhân đạo cho người dân vùng biên."
QUAKE = "Động đất 6,1 độ làm rung chuyển miền đông Indonesia"
QUAKE_LEAD = "Trận động đất mạnh 6,1 độ xảy ra ngoài khơi tỉnh Maluku sáng chủ nhật, chưa có báo cáo về thương vong."


@pytest.fixture
def flow(store: Store) -> Flow:
    return Flow(store)


async def started(flow: Flow, *targets: str) -> Flow:
    await flow.subscribe(READER, *(targets or ("putin",)))
    await flow.start()
    return flow


async def waiting_alert(flow: Flow) -> None:
    """An alert in the outbox that has not been sent yet."""
    await started(flow, "putin", "dong-dat")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    flow.clock.turn(timedelta(minutes=10))
    await flow.poll_due()
    await flow.look()
