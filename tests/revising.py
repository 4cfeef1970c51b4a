"""Newsrooms in which a certain item shows that two stories are one, or that one is two.

Only the decision is played, because it takes long news to provoke: what follows from it is the program's own.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from monitor.stories.grouping.review import Merge, Revision, Split
from monitor.types import (
    Address,
    AlertState,
    Item,
    Match,
    Placement,
    Reason,
    ReasonCode,
    Role,
    StoryId,
    StoryView,
)
from tests.flow import Flow

CALL = "Tổng thống Nga Putin điện đàm với Thủ tướng nước láng giềng"
CALL_LEAD = "Ông Putin trao đổi qua điện thoại tối thứ hai về viện trợ nhân đạo cho người dân vùng biên."
TALK = "Cuộc trao đổi về hành lang cứu trợ mở ra hy vọng cho hàng nghìn gia đình"
TALK_LEAD = "Văn phòng của ông Netanyahu cho hay phía bên kia đầu dây đã đồng ý; ông Putin chưa bình luận."
QUAKE = "Động đất 6,1 độ làm rung chuyển miền đông Indonesia"
QUAKE_LEAD = "Trận động đất mạnh 6,1 độ xảy ra ngoài khơi tỉnh Maluku sáng chủ nhật, chưa có báo cáo về thương vong."

OTHER = Address(2002)

Review = Callable[[Flow, Item, StoryId], Revision | None]


def story_of(flow: Flow, title: str) -> StoryId | None:
    """The story of the first item of that title, as the window knows it."""
    return next((each.story_id for each in flow.window._index.members.values() if each.title == title), None)


def merging(older: str, newer: str, *, from_outlet: str) -> Review:
    """An item of `from_outlet` shows that the stories of these two titles are one."""

    def review(flow: Flow, item: Item, story_id: StoryId) -> Revision | None:
        into, gone = story_of(flow, older), story_of(flow, newer)
        if item.outlet != from_outlet or into is None or gone is None or into == gone:
            return None
        return Merge(into, gone)

    return review


def splitting(title: str, *, from_outlet: str) -> Review:
    """An item of `from_outlet` shows that it and the items of that title are another story."""

    def review(flow: Flow, item: Item, story_id: StoryId) -> Revision | None:
        mine = [
            each for each in flow.window._index.members.values() if each.story_id == story_id and each.title == title
        ]
        others = [
            each for each in flow.window._index.members.values() if each.story_id == story_id and each.title != title
        ]
        if item.outlet != from_outlet or not mine or not others:
            return None
        return Split(story_id, (*(each.item_id for each in mine), item.id))

    return review


def mistaking(flow: Flow, title: str, *, taken_for: str) -> Flow:
    """`flow`, whose window takes an item of the one title for one of the other's story."""
    real = flow.window.decide

    def decide(item: Item, matches: Sequence[Match] = (), *, at: datetime) -> Placement:
        placement = real(item, matches, at=at)
        story_id = story_of(flow, taken_for)
        if item.title != title or story_id is None or story_of(flow, title) is not None:
            return placement
        return Placement(story_id, Role.REPEAT, Reason(ReasonCode.SAME_CONTENT), 0.9)

    flow.window.decide = decide  # type: ignore[method-assign]
    return flow


def scripted(flow: Flow, *reviews: Review) -> Flow:
    """`flow`, whose window reviews by these instead of by likeness."""

    def review(item: Item, story_id: StoryId, matches: Sequence[Match] = (), *, at: datetime) -> Revision | None:
        found = (each(flow, item, story_id) for each in reviews)
        return next((each for each in found if each is not None), None)

    flow.window.review = review  # type: ignore[method-assign]
    return flow


async def view_of(flow: Flow, story_id: StoryId | None) -> StoryView:
    assert story_id is not None
    with flow.store.reading() as tx:
        view = tx.story(story_id)
    assert view is not None
    return view


async def rows_of(flow: Flow, address: Address) -> list[tuple[str, AlertState]]:
    """The rows of a chat as the outbox holds them."""
    with flow.store.reading() as tx:
        rows = [tx.alert(number) for number in range(1, 60)]
    return [(row.dedupe_key, row.state) for row in rows if row is not None and row.address == address]
