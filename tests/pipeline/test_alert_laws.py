"""What must hold of who is told, whatever a chat's rows say: nobody is rung twice, and no two rows share a key."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

from hypothesis import example, given
from hypothesis import strategies as st

from monitor.pipeline.alerts import (
    GATHER,
    UPDATE_SPACING,
    UPDATES_PER_STORY,
    Audience,
    Corrections,
    Timing,
    after_merge,
    after_split,
    alerts_for_item,
    corrections_for_item,
    edits_of_story,
    may_update,
)
from monitor.pipeline.dedupe_keys import correction_key, edit_key, first_key, update_key
from monitor.types import (
    Address,
    Alert,
    AlertKind,
    AlertState,
    Event,
    Item,
    ItemId,
    Leader,
    NewAlert,
    Priority,
    Role,
    StoryId,
    Target,
    WatchId,
)
from tests.flow import MORNING

CHATS = [Address(1), Address(2), Address(2, 5)]
INTO, GONE, NEW = StoryId("7"), StoryId("8"), StoryId("9")
WATCHES = (
    Leader(WatchId("putin"), "Vladimir Putin", tags=("nga",)),
    Event(WatchId("dong-dat"), "Động đất", priority=Priority.HIGH),
)
DELAY = timedelta(seconds=15)
STATES = st.sampled_from(AlertState)
AGES = st.integers(0, 90).map(lambda minutes: timedelta(minutes=minutes))
addresses = st.sets(st.sampled_from(CHATS))


@st.composite
def rows_of(draw: st.DrawFn, story: StoryId, items: Sequence[str], ids: "count[int]") -> list[Alert]:
    """The rows that chats have of a story, as the outbox may hold them: their keys are unique."""
    rows: list[Alert] = []

    def add(address: Address, kind: AlertKind, key: Callable[..., object], *about: object) -> None:
        state = draw(STATES)
        at = MORNING - draw(AGES)
        row = Alert(
            next(ids),
            address,
            kind,
            key(*about),  # type: ignore[arg-type]  # each maker takes its own
            state,
            1,
            at,
            at,
            story_id=story,
            item_id=about[1] if len(about) > 1 else draw(st.sampled_from([ItemId(each) for each in items])),  # type: ignore[arg-type]
            watch_ids=draw(st.sampled_from([(), (WatchId("putin"),), (WatchId("putin"), WatchId("dong-dat"))])),
            message_id=draw(st.none() | st.just(12)) if state in (AlertState.SENT, AlertState.SENDING) else None,
            digest_id=draw(st.none() | st.just(3)) if state is AlertState.SKIPPED else None,
        )
        rows.append(row)

    for address in CHATS:
        if draw(st.booleans()):
            add(address, AlertKind.ALERT, first_key, story)
            if draw(st.booleans()):
                add(address, AlertKind.EDIT, edit_key, story)
            for item in draw(st.sets(st.sampled_from(items))):
                add(address, AlertKind.UPDATE, update_key, story, ItemId(item))
                if draw(st.booleans()):
                    add(address, AlertKind.EDIT, correction_key, story, ItemId(item))
    return draw(st.permutations(rows))


def afterwards(rows: Sequence[Alert], corrected: Corrections) -> list[Alert]:
    """The rows as they stand when the corrections are written."""
    changes = {each.alert_id: each for each in corrected.refiled}
    assert len(changes) == len(corrected.refiled), "a row is changed once"
    assert changes.keys() <= {row.id for row in rows}
    return [
        replace(
            row,
            story_id=changes[row.id].story_id,
            dedupe_key=changes[row.id].dedupe_key,
            state=changes[row.id].state or row.state,
        )
        if row.id in changes
        else row
        for row in rows
    ]


def keys(rows: Collection[Alert | NewAlert]) -> Counter[tuple[Address, str]]:
    return Counter((row.address, row.dedupe_key) for row in rows)


# ---------------------------------------------------------------- an item

followers = st.dictionaries(
    st.sampled_from(CHATS), st.sets(st.sampled_from([Target("*"), Target("putin"), Target("#nga"), Target("khac")]))
)
heard = st.dictionaries(st.sampled_from(CHATS), st.sets(st.sampled_from([WatchId("putin"), WatchId("dong-dat")])))
items = st.builds(
    Item,
    st.just(ItemId("3")),
    st.just("Bến Sông"),
    st.sampled_from(["Ông Putin đến Bắc Kinh", "Bản tin tối: Ông Putin đến Bắc Kinh"]),
    published_at=st.none() | AGES.map(lambda age: MORNING - age),
)
watches = st.sampled_from([(), WATCHES[:1], WATCHES[1:], WATCHES])
known = rows_of(INTO, ["1", "2"], count(1))


@given(
    items, watches, st.sampled_from(Role), followers, known, addresses, heard, st.none() | st.just(timedelta(hours=1))
)
def test_each_chat_gets_one_thing_at_most_of_an_item_and_only_what_may_reach_it(
    item: Item,
    matched: tuple[Leader | Event, ...],
    role: Role,
    following: dict[Address, set[Target]],
    rows: list[Alert],
    muted: set[Address],
    told: dict[Address, set[WatchId]],
    late: timedelta | None,
) -> None:
    audience = Audience(following, rows, muted, told)
    timing = Timing(DELAY, late)
    drafts = alerts_for_item(item, matched, role, INTO, audience, now=MORNING, timing=timing)
    firsts = {row.address: row for row in rows if row.kind is AlertKind.ALERT}
    assert max(Counter(draft.address for draft in drafts).values(), default=1) == 1
    waits = late is not None and item.published_at is not None and MORNING - item.published_at > late
    for draft in drafts:
        assert draft.address not in muted
        assert draft.address in following or draft.address in firsts
        assert (draft.story_id, draft.item_id) == (INTO, ItemId("3"))
        assert (draft.priority is Priority.HIGH) == (WatchId("dong-dat") in draft.watch_ids)
        first = firsts.get(draft.address)
        match draft.kind:
            case AlertKind.ALERT:
                assert first is None or first.state is AlertState.UNCERTAIN, "what may not be there is tried once more"
                assert draft.watch_ids
                assert draft.dedupe_key == first_key(INTO)
                assert draft.not_before == (MORNING + GATHER if waits else None)
            case AlertKind.UPDATE:
                assert first is not None
                assert role is Role.UPDATE
                assert draft.watch_ids
                assert may_update(draft.address, rows, MORNING)
                assert draft.dedupe_key == update_key(INTO, ItemId("3"))
                assert draft.not_before == (MORNING + GATHER if waits else None)
            case _:
                assert first is not None
                assert first.state in (AlertState.SENT, AlertState.SENDING)
                assert draft.dedupe_key == edit_key(INTO)
                assert draft.not_before == MORNING + DELAY


@given(watches, followers, known, addresses)
def test_whoever_follows_and_was_not_told_is_told(
    matched: tuple[Leader | Event, ...], following: dict[Address, set[Target]], rows: list[Alert], muted: set[Address]
) -> None:
    item = Item(ItemId("3"), "Bến Sông", "Ông Putin đến Bắc Kinh")
    audience = Audience(following, rows, muted)
    drafts = alerts_for_item(item, matched, Role.REPEAT, INTO, audience, now=MORNING)
    told = {row.address for row in rows if row.kind is AlertKind.ALERT and row.state is not AlertState.UNCERTAIN}
    wanted = {
        address
        for address, targets in following.items()
        if address not in told | muted
        and any({"*", watch.id, *(f"#{tag}" for tag in watch.tags)} & targets for watch in matched)
    }
    assert {draft.address for draft in drafts if draft.kind is AlertKind.ALERT} == wanted


@given(st.lists(AGES, max_size=9))
@example([UPDATE_SPACING])
def test_developments_ring_seldom_and_not_for_ever(ages: list[timedelta]) -> None:
    rows = [
        Alert(
            n, CHATS[0], AlertKind.UPDATE, update_key(INTO, ItemId(str(n))), AlertState.SENT, 1, MORNING - age, MORNING
        )
        for n, age in enumerate(ages)
    ]
    may = len(ages) < UPDATES_PER_STORY and min(ages, default=UPDATE_SPACING) >= UPDATE_SPACING
    assert may_update(CHATS[0], rows, MORNING) is may
    assert may_update(CHATS[1], rows, MORNING) is True, "another chat's rows do not count"


@given(known, addresses)
def test_a_changed_article_edits_what_stands_on_a_phone_and_rings_nowhere(
    rows: list[Alert], muted: set[Address]
) -> None:
    item = Item(ItemId("1"), "Bến Sông", "Tin")
    drafts = corrections_for_item(item, INTO, known=rows, muted=muted, now=MORNING, edit_delay=DELAY)
    reached = [row for row in rows if row.state in (AlertState.SENT, AlertState.SENDING) and row.address not in muted]
    expected = Counter(
        (row.address, edit_key(INTO) if row.kind is AlertKind.ALERT else correction_key(INTO, item.id))
        for row in reached
        if row.kind is AlertKind.ALERT or (row.kind is AlertKind.UPDATE and row.item_id == item.id)
    )
    assert keys(drafts) == expected
    assert all((draft.kind, draft.not_before) == (AlertKind.EDIT, MORNING + DELAY) for draft in drafts)


@given(known, addresses)
def test_a_story_that_shows_more_is_edited_at_once_where_it_was_sent(rows: list[Alert], muted: set[Address]) -> None:
    drafts = edits_of_story(INTO, rows, muted=muted)
    sent = [row for row in rows if row.kind is AlertKind.ALERT and row.state is AlertState.SENT]
    assert [draft.address for draft in drafts] == [row.address for row in sent if row.address not in muted]
    assert all((draft.kind, draft.not_before) == (AlertKind.EDIT, None) for draft in drafts)


# ---------------------------------------------------------------- stories that merge or split


@st.composite
def two_stories(draw: st.DrawFn) -> tuple[list[Alert], list[Alert]]:
    ids = count(1)
    one, other = draw(st.sampled_from([(INTO, GONE), (GONE, INTO)]))  # whose rows are older
    rows = {one: draw(rows_of(one, ["1", "2"] if one == INTO else ["3", "4"], ids))}
    rows[other] = draw(rows_of(other, ["1", "2"] if other == INTO else ["3", "4"], ids))
    return rows[INTO], rows[GONE]


@given(two_stories(), addresses)
def test_after_a_merge_each_chat_has_one_message_that_goes_on(
    both: tuple[list[Alert], list[Alert]], muted: set[Address]
) -> None:
    mine, theirs = both
    corrected = after_merge(INTO, GONE, mine, theirs, muted=muted, now=MORNING, edit_delay=DELAY)
    after = afterwards([*mine, *theirs], corrected)
    assert max(keys(after).values(), default=1) == 1
    before = {row.id: row for row in (*mine, *theirs)}
    for address in CHATS:
        firsts = [row for row in before.values() if row.address == address and row.kind is AlertKind.ALERT]
        under = [
            row for row in after if row.address == address and row.kind is AlertKind.ALERT and row.story_id == INTO
        ]
        assert len(under) == min(1, len(firsts))
        if under:
            assert _standing(before[under[0].id]) == min(map(_standing, firsts)), "what stands on the phone goes on"
    replies = [row for row in after if row.kind is AlertKind.UPDATE or row.dedupe_key.startswith("fix:")]
    assert all(row.story_id == INTO for row in replies)
    for row in after:
        if row.state is not before[row.id].state:
            assert before[row.id].state is AlertState.PENDING
            assert row.state is AlertState.SKIPPED, "nothing that was told is untold"


def _standing(row: Alert) -> tuple[bool, bool, bool, int]:
    """What stands on the phone before what was told in another way, that before what waits; then the earlier."""
    there = row.state is AlertState.SENDING or (row.state is AlertState.SENT and row.message_id is not None)
    told = there or row.state in (AlertState.SENT, AlertState.UNCERTAIN) or row.digest_id is not None
    waits = row.state is AlertState.PENDING
    return not there, not told, not (waits or told), row.id


@given(two_stories(), addresses)
def test_a_merge_is_shown_by_edits_of_what_stands_there_to_whoever_wants_them(
    both: tuple[list[Alert], list[Alert]], muted: set[Address]
) -> None:
    mine, theirs = both
    corrected = after_merge(INTO, GONE, mine, theirs, muted=muted, now=MORNING, edit_delay=DELAY)
    after = {
        (row.address, row.story_id): row
        for row in afterwards([*mine, *theirs], corrected)
        if row.kind is AlertKind.ALERT
    }
    assert max(keys(corrected.edits).values(), default=1) == 1
    for edit in corrected.edits:
        assert edit.address not in muted
        assert (edit.kind, edit.not_before) == (AlertKind.EDIT, MORNING + DELAY)
        row = after[edit.address, edit.story_id]
        assert row.state is AlertState.SENDING or (row.state is AlertState.SENT and row.message_id is not None)
    assert {(edit.address, edit.story_id) for edit in corrected.edits if edit.story_id == INTO} == {
        place
        for place, row in after.items()
        if place[1] == INTO and _standing(row)[0] is False and place[0] not in muted
    }, "what goes on shows the other story's outlets"
    assert not corrected.told
    assert not corrected.free


@given(two_stories())
def test_developments_of_both_stories_count_together(both: tuple[list[Alert], list[Alert]]) -> None:
    mine, theirs = both
    after = afterwards([*mine, *theirs], after_merge(INTO, GONE, mine, theirs, muted=(), now=MORNING, edit_delay=DELAY))
    states = {row.id: row.state for row in after}
    for row in theirs:
        if row.kind is AlertKind.UPDATE and row.state is AlertState.PENDING:
            there = [each for each in mine if each.address == row.address and each.kind is AlertKind.UPDATE]
            if not may_update(row.address, there, row.created_at):
                assert states[row.id] is AlertState.SKIPPED, "too soon after one that is told"


@given(two_stories())
def test_the_message_that_goes_on_speaks_for_the_watches_of_both(both: tuple[list[Alert], list[Alert]]) -> None:
    mine, theirs = both
    corrected = after_merge(INTO, GONE, mine, theirs, muted=(), now=MORNING, edit_delay=DELAY)
    changes = {each.alert_id: each for each in corrected.refiled}
    for address in CHATS:
        firsts = [row for row in (*mine, *theirs) if row.address == address and row.kind is AlertKind.ALERT]
        if len(firsts) == 2:
            kept = min(firsts, key=_standing)
            assert set(changes[kept.id].watch_ids or ()) == {watch for row in firsts for watch in row.watch_ids}


@given(rows_of(INTO, ["1", "2", "3", "4"], count(1)), st.sets(st.sampled_from(["1", "2", "3", "4"])), addresses)
def test_a_split_rings_for_nothing_that_was_told(rows: list[Alert], moved: set[str], muted: set[Address]) -> None:
    items_of_new = {ItemId(each) for each in moved}
    corrected = after_split(INTO, NEW, items_of_new, rows, muted=muted, now=MORNING, edit_delay=DELAY)
    after = afterwards(rows, corrected)
    told = [alert for alert, _ in corrected.told]
    assert max((keys(after) + keys(told)).values(), default=1) == 1
    for address in CHATS:
        first = next((row for row in rows if row.address == address and row.kind is AlertKind.ALERT), None)
        marks = [(alert, state) for alert, state in corrected.told if alert.address == address]
        if first is None or first.state is AlertState.PENDING:
            assert not marks
            assert (address in corrected.free) == (first is not None)
            continue
        ((mark, state),) = marks
        stays, other = (NEW, INTO) if first.item_id in items_of_new else (INTO, NEW)
        assert {row.story_id for row in after if row.id == first.id} == {stays}
        assert (mark.kind, mark.story_id, mark.dedupe_key) == (AlertKind.ALERT, other, first_key(other))
        was_told = first.state in (AlertState.SENT, AlertState.SENDING, AlertState.UNCERTAIN) or first.digest_id
        assert state is (AlertState.SENT if was_told else AlertState.SKIPPED)
    for row in after:
        if row.kind is AlertKind.UPDATE or row.dedupe_key.startswith("fix:"):
            assert row.story_id == (NEW if row.item_id in items_of_new else INTO)
    for edit in corrected.edits:
        assert edit.address not in muted
        assert (edit.kind, edit.not_before) == (AlertKind.EDIT, MORNING + DELAY)
