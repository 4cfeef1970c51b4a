"""Who is told what of an item: the decisions alone, without a store."""

from datetime import timedelta

import pytest

from monitor.pipeline.alerts import EDIT_DELAY, UPDATE_SPACING, UPDATES_PER_STORY, Audience, alerts_for_item
from monitor.pipeline.dedupe_keys import first_key
from monitor.pipeline.following import follows, targets_of
from monitor.pipeline.judge import is_prominent
from monitor.types import (
    Address,
    Alert,
    AlertKind,
    AlertState,
    DedupeKey,
    Event,
    Evidence,
    Item,
    ItemId,
    Leader,
    Match,
    NewAlert,
    Priority,
    Role,
    Rule,
    StoryId,
    Target,
    WatchId,
)
from tests.flow import MORNING

AN, BINH = Address(1), Address(2)
PUTIN = Leader(WatchId("putin"), "Vladimir Putin", tags=("nga",))
QUAKE = Event(WatchId("dong-dat"), "Động đất", priority=Priority.HIGH)
STORY = StoryId("7")
ITEM = Item(ItemId("3"), "Bến Sông", "Ông Putin đến Bắc Kinh")
ROUNDUP = Item(ItemId("3"), "Bến Sông", "Bản tin tối: Ông Putin đến Bắc Kinh")


def row(address: Address, kind: AlertKind, state: AlertState, *, age: timedelta = timedelta(hours=1)) -> Alert:
    at = MORNING - age
    return Alert(1, address, kind, DedupeKey("key"), state, 1, at, at, story_id=STORY)


def drafts(
    *watches: Leader | Event,
    followers: dict[Address, set[Target]],
    known: tuple[Alert, ...] = (),
    role: Role = Role.REPEAT,
    muted: frozenset[Address] = frozenset(),
    heard: dict[Address, set[WatchId]] | None = None,
) -> list[NewAlert]:
    audience = Audience(followers, known, muted, heard or {})
    return alerts_for_item(ITEM if heard is None else ROUNDUP, watches, role, STORY, audience, now=MORNING)


def test_a_follower_who_knows_nothing_of_the_story_gets_a_first_message() -> None:
    (draft,) = drafts(PUTIN, followers={AN: {Target("putin")}})
    assert (draft.kind, draft.dedupe_key, draft.watch_ids) == (AlertKind.ALERT, "story:7", (PUTIN.id,))


def test_every_item_of_a_story_asks_for_the_same_first_message_so_that_it_cannot_double() -> None:
    first = drafts(PUTIN, followers={AN: {Target("putin")}}, role=Role.NEW)
    later = drafts(QUAKE, followers={AN: {Target("*")}}, role=Role.UPDATE)
    assert first[0].dedupe_key == later[0].dedupe_key


def test_who_was_told_gains_the_outlet_by_a_silent_edit_a_little_later() -> None:
    known = (row(AN, AlertKind.ALERT, AlertState.SENT),)
    (draft,) = drafts(PUTIN, followers={AN: {Target("putin")}}, known=known)
    assert (draft.kind, draft.not_before) == (AlertKind.EDIT, MORNING + EDIT_DELAY)


def test_an_item_that_names_no_watch_still_adds_its_outlet_where_the_story_was_told() -> None:
    known = (row(AN, AlertKind.ALERT, AlertState.SENT),)
    assert [draft.kind for draft in drafts(followers={}, known=known)] == [AlertKind.EDIT]


def test_a_message_that_is_on_its_way_is_edited_and_one_that_waits_is_left_to_render_itself() -> None:
    followers = {AN: {Target("putin")}}
    sending = drafts(PUTIN, followers=followers, known=(row(AN, AlertKind.ALERT, AlertState.SENDING),))
    pending = drafts(PUTIN, followers=followers, known=(row(AN, AlertKind.ALERT, AlertState.PENDING),))
    assert [draft.kind for draft in sending] == [AlertKind.EDIT]
    assert pending == []


@pytest.mark.parametrize("state", [AlertState.REFUSED, AlertState.SKIPPED])
def test_a_message_that_never_arrived_is_not_edited(state: AlertState) -> None:
    assert drafts(PUTIN, followers={AN: {Target("putin")}}, known=(row(AN, AlertKind.ALERT, state),)) == []


def test_a_message_that_may_not_have_arrived_is_tried_again_with_the_next_outlet_that_concerns_the_chat() -> None:
    known = (row(AN, AlertKind.ALERT, AlertState.UNCERTAIN),)
    (draft,) = drafts(PUTIN, followers={AN: {Target("putin")}}, known=known)
    assert (draft.kind, draft.dedupe_key) == (AlertKind.ALERT, first_key(STORY))
    assert drafts(PUTIN, followers={}, known=known) == []


def test_a_development_is_a_reply_for_followers_and_an_edit_for_others_who_were_told() -> None:
    known = (row(AN, AlertKind.ALERT, AlertState.SENT), row(BINH, AlertKind.ALERT, AlertState.SENT))
    made = drafts(PUTIN, followers={AN: {Target("putin")}}, known=known, role=Role.UPDATE)
    assert {draft.address: draft.kind for draft in made} == {AN: AlertKind.UPDATE, BINH: AlertKind.EDIT}


def test_a_storm_of_developments_becomes_one_edit() -> None:
    told = row(AN, AlertKind.ALERT, AlertState.SENT, age=timedelta(hours=9))
    recent = row(AN, AlertKind.UPDATE, AlertState.SENT, age=UPDATE_SPACING - timedelta(seconds=1))
    many = tuple(
        row(AN, AlertKind.UPDATE, AlertState.SENT, age=timedelta(hours=1 + n)) for n in range(UPDATES_PER_STORY)
    )
    for updates in ((recent,), many):
        made = drafts(PUTIN, followers={AN: {Target("*")}}, known=(told, *updates), role=Role.UPDATE)
        assert [draft.kind for draft in made] == [AlertKind.EDIT]


def test_a_chat_that_muted_the_story_hears_nothing() -> None:
    assert drafts(PUTIN, followers={AN: {Target("putin")}}, muted=frozenset({AN})) == []


def test_of_what_a_chat_has_heard_already_a_round_up_is_silent() -> None:
    followers = {AN: {Target("*")}, BINH: {Target("putin")}}
    told = drafts(PUTIN, QUAKE, followers=followers, heard={AN: {PUTIN.id}, BINH: {PUTIN.id}})
    assert [(draft.address, draft.watch_ids) for draft in told] == [(AN, (QUAKE.id,))]
    told = drafts(PUTIN, followers=followers, heard={})
    assert [draft.address for draft in told] == [AN, BINH], "who has heard nothing of him that day is told"


def test_an_alert_is_as_urgent_as_the_most_urgent_watch_its_chat_follows() -> None:
    made = drafts(PUTIN, QUAKE, followers={AN: {Target("putin")}, BINH: {Target("*")}})
    assert {draft.address: draft.priority for draft in made} == {AN: Priority.NORMAL, BINH: Priority.HIGH}


def test_a_watch_is_followed_by_id_by_tag_and_with_everything_and_by_nothing_else() -> None:
    assert set(targets_of([PUTIN])) == {"*", "putin", "#nga"}
    assert [follows(PUTIN, {Target(target)}) for target in ("putin", "#nga", "*", "nga", "#my")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def mention(*places: tuple[str, int]) -> Match:
    evidence = tuple(Evidence(field, start, start + 5, "Putin") for field, start in places)  # type: ignore[arg-type]
    return Match(WatchId("putin"), "leader", "Vladimir Putin", Rule.NAME, 0.9, evidence)


@pytest.mark.parametrize(
    ("places", "prominent"),
    [
        ([("title", 0)], True),
        ([("body", 10)], True),
        ([("body", 5_000)], False),
        ([("body", 5_000), ("body", 6_000)], True),
        ([("body", 5_000), ("summary", 0)], True),
    ],
)
def test_only_what_an_article_is_about_rings_from_its_body(places: list[tuple[str, int]], prominent: bool) -> None:
    assert is_prominent(mention(*places)) is prominent
