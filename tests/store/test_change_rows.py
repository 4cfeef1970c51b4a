"""The log of who changed what, and proposals that wait for a yes, on both databases."""

from dataclasses import replace

from monitor.store.transaction import Store
from monitor.types import ChangeAction, LoggedChange, NewChange
from tests.store_samples import DAY, MINUTE, NOW

ASKED = NewChange(ChangeAction.PROPOSED, "putin", "Bàn đối ngoại", -100, 501, "- id: putin", "- id: putin # mới")
YES = NewChange(ChangeAction.EDIT, who="Bàn trực", chat_id=-100, user_id=502)


async def test_a_proposal_becomes_a_change_once_by_whoever_said_yes(store: Store) -> None:
    with store.writing() as tx:
        number = tx.add_change(ASKED, now=NOW)
        assert tx.changes_made(limit=5) == [], "nothing was done yet"
        assert tx.confirm_change(number, ChangeAction.EDIT, by=YES, now=NOW + MINUTE)
        assert not tx.confirm_change(number, ChangeAction.EDIT, by=YES, now=NOW + MINUTE), "a repeated press"
        assert not tx.drop_proposal(number, now=NOW)
    with store.reading() as tx:
        done = LoggedChange(
            number, NOW + MINUTE, ChangeAction.EDIT, "putin", "Bàn trực", -100, 502, ASKED.before, ASKED.after
        )
        assert tx.changes_made(limit=5) == [done]
        assert (tx.change(number), tx.last_edit(), tx.changes_count()) == (done, done, 1)


async def test_proposals_that_nobody_answers_are_forgotten(store: Store) -> None:
    with store.writing() as tx:
        old = tx.add_change(ASKED, now=NOW - 2 * DAY)
        new = tx.add_change(ASKED, now=NOW)
        edit = tx.add_change(replace(ASKED, action=ChangeAction.EDIT), now=NOW - 2 * DAY)
        assert tx.drop_proposals(before=NOW - DAY, now=NOW) == 1
        rows = [tx.change(number) for number in (old, new, edit)]
        assert [row.is_waiting for row in rows if row] == [False, True, False]
        assert [row.after != "" for row in rows if row] == [False, True, True]
        assert tx.drop_proposal(new, now=NOW)
        assert not tx.drop_proposal(new, now=NOW)
        assert not tx.confirm_change(new, ChangeAction.EDIT, by=YES, now=NOW)
        assert tx.add_change(ASKED, now=NOW) not in (old, new, edit), "an old button says yes to nothing else"


async def test_the_newest_edit_is_taken_back_first_and_each_once(store: Store) -> None:
    with store.writing() as tx:
        edits = (ChangeAction.EDIT, ChangeAction.FILE)
        first, second = (tx.add_change(replace(ASKED, action=action), now=NOW) for action in edits)
        tx.add_change(NewChange(ChangeAction.RELOAD), now=NOW)
        taken = []
        while (edit := tx.last_edit()) is not None:
            taken.append(edit.number)
            assert tx.mark_undone(edit.number, now=NOW)
            assert not tx.mark_undone(edit.number, now=NOW)
        assert taken == [second, first]
        assert [change.undone_at for change in tx.changes_made(limit=3)] == [None, NOW, NOW]


async def test_the_log_is_read_page_by_page_newest_first(store: Store) -> None:
    with store.writing() as tx:
        numbers = [tx.add_change(NewChange(ChangeAction.RELOAD), now=NOW + n // 2 * MINUTE) for n in range(7)]
        pages = [tx.changes_made(limit=3, skip=skip) for skip in (0, 3, 6)]
        assert [change.number for page in pages for change in page] == numbers[::-1]
        assert tx.changes_count() == 7


async def test_the_log_can_be_asked_for_some_kinds_alone(store: Store) -> None:
    with store.writing() as tx:
        for action in (ChangeAction.EDIT, ChangeAction.RELOAD, ChangeAction.FILE, ChangeAction.PROPOSED):
            tx.add_change(NewChange(action), now=NOW)
        kinds = (ChangeAction.EDIT, ChangeAction.FILE)
        assert [row.action for row in tx.changes_made(limit=9, actions=kinds)] == [ChangeAction.FILE, ChangeAction.EDIT]
