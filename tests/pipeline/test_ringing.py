"""Whether a new story rings, replies to what its topic began with, or is a line in a message that is there."""

from dataclasses import replace
from datetime import timedelta

from monitor.pipeline.alerts import EDIT_DELAY, Audience, alerts_for_item
from monitor.pipeline.dedupe_keys import edit_key, first_key
from monitor.pipeline.ringing import Lately
from monitor.stories.grouping.topics import NO_TOPIC, Topic
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
    Rate,
    Role,
    StoryId,
    Target,
    Watch,
    WatchId,
)
from tests.flow import MORNING

AN = Address(1)
STORM = Event(WatchId("bao"), "Bão", rate=Rate(2, timedelta(hours=6)))
FREE = replace(STORM, rate=None)
PUTIN = Leader(WatchId("putin"), "Vladimir Putin")
ITEM = Item(ItemId("30"), "Bến Sông", "Bão vào bờ")
NEW = StoryId("9")


def told(story: str, hours: float = 1, *, state: AlertState = AlertState.SENT, watch: Watch = STORM) -> Alert:
    at, story_id = MORNING - timedelta(hours=hours), StoryId(story)
    return Alert(
        int(story),
        AN,
        AlertKind.ALERT,
        first_key(story_id),
        state,
        1,
        at,
        at,
        story_id=story_id,
        watch_ids=(watch.id,),
        message_id=70 + int(story) if state is AlertState.SENT else None,
    )


def decided(
    *watches: Watch, rows: tuple[Alert, ...] = (), topic: Topic = NO_TOPIC, role: Role = Role.NEW
) -> list[NewAlert]:
    audience = Audience({AN: [Target("*")]}, lately=Lately(topic, {AN: rows}))
    return alerts_for_item(ITEM, watches, role, NEW, audience, now=MORNING)


def kinds(alerts: list[NewAlert]) -> list[str]:
    return ["line" if each.is_line else "reply" if each.under else each.kind.value for each in alerts]


def test_within_its_rate_a_watch_rings() -> None:
    assert kinds(decided(STORM, rows=(told("1"),))) == ["alert"]


def test_beyond_its_rate_a_story_is_a_line_in_the_last_message_of_the_watch_and_an_edit_shows_it() -> None:
    line, edit = decided(STORM, rows=(told("1"), told("2")))
    assert (line.is_line, line.under, line.dedupe_key) == (True, first_key(StoryId("2")), first_key(NEW))
    assert (edit.kind, edit.dedupe_key) == (AlertKind.EDIT, edit_key(StoryId("2")))
    assert (edit.story_id, edit.not_before) == ("2", MORNING + EDIT_DELAY)


def test_a_message_that_still_waits_shows_the_line_when_it_is_sent() -> None:
    assert kinds(decided(STORM, rows=(told("1"), told("2", state=AlertState.PENDING)))) == ["line"]


def test_what_rang_before_the_span_counts_no_more() -> None:
    assert kinds(decided(STORM, rows=(told("1", 7), told("2")))) == ["alert"]


def test_what_stands_on_no_phone_has_not_rung_and_can_hold_no_line() -> None:
    lost = tuple(told(story, state=AlertState.REFUSED) for story in ("1", "2"))
    assert kinds(decided(STORM, rows=lost)) == ["alert"]


def test_a_story_rings_while_any_of_its_watches_may() -> None:
    assert kinds(decided(STORM, PUTIN, rows=(told("1"), told("2")))) == ["alert"]


def test_what_is_urgent_rings_beyond_its_rate() -> None:
    assert kinds(decided(replace(STORM, priority=Priority.HIGH), rows=(told("1"), told("2")))) == ["alert"]


def test_a_story_that_moves_its_topic_on_replies_to_the_message_that_began_it() -> None:
    topic = Topic(frozenset({StoryId("1"), StoryId("2")}), moves_on=True)
    (reply,) = decided(FREE, rows=(told("1"), told("2")), topic=topic)
    assert (reply.kind, reply.under, reply.is_line) == (AlertKind.ALERT, first_key(StoryId("1")), False)


def test_a_story_that_tells_nothing_new_of_its_topic_is_a_line_there() -> None:
    alerts = decided(FREE, rows=(told("1"), told("2")), topic=Topic(frozenset({StoryId("1")})))
    assert kinds(alerts) == ["line", "edit"]
    assert alerts[0].under == first_key(StoryId("1"))


def test_a_topic_moves_on_for_whoever_follows_a_leader_that_it_has_not_named() -> None:
    assert kinds(decided(FREE, PUTIN, rows=(told("1"),), topic=Topic(frozenset({StoryId("1")})))) == ["reply"]


def test_developments_of_a_topic_keep_the_rate_too() -> None:
    topic = Topic(frozenset({StoryId("1"), StoryId("2")}), moves_on=True)
    assert kinds(decided(STORM, rows=(told("1"), told("2")), topic=topic)) == ["line", "edit"]


def test_a_topic_that_this_chat_was_not_told_of_rings() -> None:
    assert kinds(decided(FREE, rows=(told("3"),), topic=Topic(frozenset({StoryId("1")})))) == ["alert"]
