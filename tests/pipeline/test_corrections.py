"""What becomes of the rows of the outbox when two stories turn out to be one, or one two."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.pipeline.alerts import UPDATE_SPACING, after_merge, after_split, may_update
from monitor.types import Alert, AlertKind, AlertState, DedupeKey, ItemId, Refiled, StoryId, WatchId
from tests.flow import READER

NOW = datetime(2026, 8, 23, 1, 0, tzinfo=UTC)
INTO, GONE = StoryId("1"), StoryId("2")


def row(
    number: int,
    story: StoryId,
    state: AlertState = AlertState.SENT,
    *,
    kind: AlertKind = AlertKind.ALERT,
    item: str = "",
    key: str = "",
    at: datetime = NOW,
    digest: int | None = None,
) -> Alert:
    what = {AlertKind.ALERT: "story", AlertKind.UPDATE: "update", AlertKind.EDIT: "edit"}[kind]
    key = key or f"{what}:{story}" + (f":{item}" if kind is AlertKind.UPDATE else "")
    return Alert(
        number,
        READER,
        kind,
        DedupeKey(key),
        state,
        1,
        at,
        at,
        story,
        ItemId(item or str(number)),
        (WatchId(f"w{number}"),),
        message_id=number if state is AlertState.SENT else None,
        digest_id=digest,
    )


def merged(of_into: list[Alert], of_gone: list[Alert]) -> tuple[dict[int, Refiled], list[str]]:
    came = after_merge(
        INTO,
        GONE,
        of_into,
        of_gone,
        muted=(),
        now=NOW,
        edit_delay=timedelta(seconds=15),
    )
    return {each.alert_id: each for each in came.refiled}, sorted(edit.dedupe_key for edit in came.edits)


def test_the_earlier_message_goes_on_whichever_story_it_was_about() -> None:
    changes, edits = merged([row(9, INTO), row(10, INTO, kind=AlertKind.EDIT)], [row(4, GONE)])
    assert (changes[4].story_id, changes[4].dedupe_key) == (INTO, "story:1")
    assert (changes[9].story_id, changes[9].dedupe_key) == (GONE, "story:2")
    assert (changes[10].story_id, changes[10].dedupe_key) == (GONE, "edit:2")
    assert changes[4].watch_ids == ("w4", "w9")
    assert edits == ["edit:1", "edit:2"]


@pytest.mark.parametrize(
    ("state", "digest"),
    [(AlertState.PENDING, None), (AlertState.UNCERTAIN, None), (AlertState.SKIPPED, None), (AlertState.SKIPPED, 7)],
)
def test_a_message_that_is_there_goes_on_before_one_that_may_not_be(state: AlertState, digest: int | None) -> None:
    changes, edits = merged([row(1, INTO, state, digest=digest)], [row(4, GONE)])
    assert changes[4].dedupe_key == "story:1"
    assert changes[1].story_id == GONE
    assert edits == ["edit:1"]


def test_what_a_digest_has_told_does_not_ring() -> None:
    changes, edits = merged([row(4, INTO, AlertState.PENDING)], [row(1, GONE, AlertState.SKIPPED, digest=7)])
    assert changes[1].dedupe_key == "story:1"
    assert changes[4].state is AlertState.SKIPPED
    assert edits == []


def test_developments_of_both_stories_count_together() -> None:
    recent = row(5, GONE, kind=AlertKind.UPDATE, item="5")
    changes, _ = merged([row(1, INTO)], [row(2, GONE), recent])
    assert (changes[5].story_id, changes[5].dedupe_key) == (INTO, "update:1:5")
    assert not may_update(READER, [row(1, INTO), recent], NOW + timedelta(minutes=5))


@pytest.mark.parametrize("apart", [timedelta(minutes=5), UPDATE_SPACING])
def test_a_development_that_waits_falls_away_when_its_like_has_just_rung(apart: timedelta) -> None:
    there = row(3, INTO, kind=AlertKind.UPDATE, item="3")
    waiting = row(5, GONE, AlertState.PENDING, kind=AlertKind.UPDATE, item="5", at=NOW + apart)
    changes, edits = merged([row(1, INTO), there], [row(2, GONE), waiting])
    assert (changes[5].state is AlertState.SKIPPED) == (apart < UPDATE_SPACING)
    assert "edit:1" in edits


def test_the_edit_that_corrects_a_development_goes_with_it() -> None:
    fix = row(6, GONE, kind=AlertKind.EDIT, item="5", key="fix:2:5")
    changes, _ = merged([row(1, INTO)], [row(2, GONE), row(5, GONE, kind=AlertKind.UPDATE, item="5"), fix])
    assert (changes[6].story_id, changes[6].dedupe_key) == (INTO, "fix:1:5")


def test_a_split_leaves_developments_with_the_article_that_told_them() -> None:
    came = after_split(
        INTO,
        GONE,
        {ItemId("5")},
        [row(1, INTO), row(5, INTO, kind=AlertKind.UPDATE, item="5"), row(6, INTO, kind=AlertKind.UPDATE, item="6")],
        muted=(),
        now=NOW,
        edit_delay=timedelta(0),
    )
    assert [(each.alert_id, each.dedupe_key) for each in came.refiled] == [(5, "update:2:5")]
    assert [(draft.dedupe_key, state) for draft, state in came.told] == [("story:2", AlertState.SENT)]
    assert [edit.dedupe_key for edit in came.edits] == ["edit:1"]


def test_who_was_refused_one_story_is_not_told_the_part_of_it_either() -> None:
    came = after_split(
        INTO, GONE, {ItemId("5")}, [row(1, INTO, AlertState.REFUSED)], muted=(), now=NOW, edit_delay=timedelta(0)
    )
    assert [state for _, state in came.told] == [AlertState.SKIPPED]
    assert came.edits == ()
