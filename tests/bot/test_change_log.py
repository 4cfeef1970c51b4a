"""/changes: who changed what is kept with their name, and read page by page."""

from monitor.types import ChangeAction, NewChange
from tests.bot.house import CHIEF, EDITOR, GROUP, MEMBER, MORNING, OTHER, House


async def test_what_administrators_do_is_kept_with_who_did_it(house: House) -> None:
    async with house.serving("invite", admins=[EDITOR, GROUP]):
        await house.ask("/lang en", EDITOR)
        assert (await house.ask("/changes", EDITOR)).text == "Nobody has changed anything yet."
        invited = await house.ask("/invite", EDITOR)
        name = invited.text.rpartition("/invite drop ")[2].split()[0].rstrip(".")
        await house.ask(f"/invite drop {name}", EDITOR)
        await house.ask(f"/invite drop {name}", EDITOR)  # done already: no change
        await house.ask(f"/access bar {OTHER}", GROUP, user=CHIEF)
        await house.ask(f"/access allow {OTHER}", EDITOR)
        await house.ask("/reload", EDITOR)
        await house.ask("/reload", GROUP, user=MEMBER)  # may not
        rows = [line.split(" ", 2)[2] for line in (await house.ask("/nhatky", EDITOR)).text.splitlines()]
        with house.store.reading() as tx:
            made = tx.changes_made(limit=9)
    editor, chief = made[0].who, next(row.who for row in made if row.user_id == CHIEF)
    assert editor != chief
    assert "" not in (editor, chief)
    assert rows == [
        f"{editor}: files read again",
        f"{editor}: chat {OTHER} let in",
        f"{chief}: chat {OTHER} barred",
        f"{editor}: invitation {name} taken back",
        f"{editor}: invitation {name} made",
    ]


async def test_the_log_is_paged_and_its_pages_are_for_administrators_alone(house: House) -> None:
    with house.store.writing() as tx:
        for n in range(20):
            tx.add_change(NewChange(ChangeAction.EDIT, f"muc-{n}", "Bàn <đêm>", before="a", after="a\nb"), now=MORNING)
    async with house.serving(admins=[EDITOR, GROUP]):
        await house.ask("/lang en", GROUP, user=CHIEF)
        shown = await house.ask("/changes", GROUP, user=CHIEF)
        assert shown.text.splitlines()[0] == "08:00 23/08 Bàn <đêm>: watch muc-19 changed (+1 −0)"
        assert await house.press(shown, "▶", user=MEMBER)
        assert house.again(shown).text == shown.text
        for _ in range(2):
            await house.press(house.again(shown), "▶", user=CHIEF)
        last = house.again(shown)
        assert last.text.splitlines()[-1].endswith("muc-0 changed (+1 −0)")
        assert "▶" not in last.labels()
