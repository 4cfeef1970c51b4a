"""Chats that count newspapers: rung by the third that tells a story, deaf to some, fond of others, or of no updates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

import pytest

from monitor.pipeline.alerts import AT_ONCE
from monitor.pipeline.tell import Tell
from monitor.store.transaction import Store
from monitor.stories.grouping.review import Merge
from monitor.types import (
    AS_SHIPPED,
    Address,
    AlertKind,
    Chat,
    ChatKind,
    Placement,
    Preferences,
    Reason,
    ReasonCode,
    Role,
    StoryId,
    Target,
)
from tests.flow import READER, Flow
from tests.store_samples import draft, match

OTHER = Address(2002)


@dataclass
class Desk:
    """Articles come one by one; `told` are the kinds of rows that a chat has."""

    flow: Flow
    numbers: Iterator[int] = field(default_factory=count)

    def subscribe(self, address: Address, preferences: Preferences, *targets: str) -> None:
        with self.flow.store.writing() as tx:
            tx.save_chat(Chat(address, ChatKind.PRIVATE, joined_at=self.flow.clock(), preferences=preferences))
            for target in targets:
                tx.follow(address, Target(target), now=self.flow.clock())

    def comes(
        self, outlet: str, story: StoryId | None = None, watches: Sequence[str] = ("putin",), role: Role = Role.REPEAT
    ) -> StoryId:
        """An article of a newspaper, in a new story or in one that is there."""
        number, now = next(self.numbers), self.flow.clock()
        placement = Placement(story, Role.NEW if story is None else role, Reason(ReasonCode.SAME_CONTENT))
        with self.flow.store.writing() as tx:
            (item,) = tx.add_items([replace(draft(f"bai-{number}", seen_at=now), outlet=outlet)])
            found = [match(watch) for watch in watches]
            filed = tx.save_detection(item, found, placement, version="v1", now=now)
            Tell(tx, self.flow.active, now, AT_ONCE).item(item, found, placement.role, filed)
        return filed

    def told(self, story: StoryId, address: Address = READER) -> list[AlertKind]:
        with self.flow.store.reading() as tx:
            return [row.kind for row in tx.alerts_of_story(story) if row.address == address]

    async def shown(self) -> str:
        """What the reader sees in the last message."""
        await self.flow.send()
        return self.flow.phone.accepted[-1].html


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(Flow(store))


async def test_a_patient_chat_is_rung_when_the_third_newspaper_tells_the_story(desk: Desk) -> None:
    desk.subscribe(READER, Preferences(least_outlets=3), "putin")
    desk.subscribe(OTHER, AS_SHIPPED, "putin")
    story = desk.comes("Bến Sông")
    desk.comes("Sao Mai", story)
    desk.comes("Sao Mai", story)
    assert desk.told(story) == []
    assert desk.told(story, OTHER) == [AlertKind.ALERT]
    desk.comes("Hải Đăng", story, watches=())  # it need not name the watch itself
    assert desk.told(story) == [AlertKind.ALERT]
    desk.comes("Tia Nắng", story)
    assert desk.told(story) == [AlertKind.ALERT]
    assert "+3" in await desk.shown()


async def test_a_patient_chat_hears_only_of_what_it_follows(desk: Desk) -> None:
    desk.subscribe(READER, Preferences(least_outlets=2), "netanyahu")
    story = desk.comes("Bến Sông")
    desk.comes("Sao Mai", story)
    assert desk.told(story) == []
    desk.comes("Hải Đăng", story, watches=("netanyahu",))
    assert desk.told(story) == [AlertKind.ALERT]


async def test_others_are_rung_by_no_article_that_does_not_name_their_watch(desk: Desk) -> None:
    desk.subscribe(READER, Preferences(least_outlets=5), "putin")
    story = desk.comes("Bến Sông")
    desk.subscribe(OTHER, AS_SHIPPED, "putin")  # follows it only now
    desk.comes("Sao Mai", story, watches=())
    assert desk.told(story, OTHER) == []


async def test_newspapers_of_one_batch_count_together(desk: Desk) -> None:
    desk.subscribe(READER, Preferences(least_outlets=2), "*")
    flow = desk.flow
    await flow.start()
    title = "Tổng thống Nga Vladimir Putin điện đàm với Thủ tướng Israel Benjamin Netanyahu"
    for feed in ("ben-song", "sao-mai"):
        flow.fetcher.publish(feed, "1", title, "Hai nhà lãnh đạo trao đổi về viện trợ nhân đạo cho vùng biên.")
    await flow.on()
    assert len(flow.phone.new) == 1


async def test_two_stories_that_turn_out_to_be_one_have_their_newspapers_together(desk: Desk) -> None:
    desk.subscribe(READER, Preferences(least_outlets=2), "putin")
    desk.subscribe(OTHER, AS_SHIPPED, "dong-dat")
    one, other = desk.comes("Bến Sông"), desk.comes("Sao Mai")
    with desk.flow.store.writing() as tx:
        merge = Merge(one, other, Reason(ReasonCode.SAME_CONTENT))
        Tell(tx, desk.flow.active, desk.flow.clock(), AT_ONCE).revision(merge)
    assert desk.told(one) == [AlertKind.ALERT]
    assert desk.told(one, OTHER) == []


async def test_a_muted_newspaper_rings_nobody_and_counts_for_nothing(desk: Desk) -> None:
    desk.subscribe(READER, Preferences(muted_outlets=("Bến Sông",)), "putin")
    desk.subscribe(OTHER, Preferences(muted_outlets=("Bến Sông",), least_outlets=2), "putin")
    story = desk.comes("Bến Sông")
    assert desk.told(story) == []
    desk.comes("Sao Mai", story)
    assert (desk.told(story), desk.told(story, OTHER)) == ([AlertKind.ALERT], [])
    shown = await desk.shown()
    assert "Sao Mai" in shown
    assert "Bến Sông" not in shown
    desk.comes("Hải Đăng", story)
    assert desk.told(story, OTHER) == [AlertKind.ALERT]


async def test_a_newspaper_that_is_muted_later_is_shown_only_where_no_other_tells_it(desk: Desk) -> None:
    desk.subscribe(READER, AS_SHIPPED, "putin")
    desk.comes("Bến Sông")
    desk.subscribe(READER, Preferences(muted_outlets=("Bến Sông",)))
    assert "Bến Sông" in await desk.shown()


async def test_the_article_of_a_preferred_newspaper_is_the_one_that_is_shown(desk: Desk) -> None:
    desk.subscribe(READER, Preferences(preferred_outlets=("Hải Đăng",)), "putin")
    story = desk.comes("Bến Sông")
    desk.comes("Sao Mai", story)
    desk.comes("Hải Đăng", story)
    shown = await desk.shown()
    assert "bai-2.html" in shown
    assert "Hải Đăng · " in shown


async def test_where_no_updates_are_wanted_a_development_is_a_silent_edit(desk: Desk) -> None:
    desk.subscribe(READER, Preferences(updates=False), "putin")
    desk.subscribe(OTHER, AS_SHIPPED, "putin")
    story = desk.comes("Bến Sông")
    await desk.flow.send()
    await desk.flow.send()
    desk.flow.clock.turn(timedelta(hours=1))
    desk.comes("Sao Mai", story, role=Role.UPDATE)
    assert desk.told(story) == [AlertKind.ALERT, AlertKind.EDIT]
    assert desk.told(story, OTHER) == [AlertKind.ALERT, AlertKind.UPDATE]
