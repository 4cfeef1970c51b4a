"""The buttons of a story: keep an article, hear no more of it, say that it is wrong; by the rules of the bot.

Each leads back to the page.
"""

from monitor.pipeline.complaining import complain
from monitor.store.transaction import Transaction
from monitor.types import Address, StoryId, WatchId, own_number
from monitor.web.page import Answer, GoTo, NotHere, Visit
from monitor.web.saving import keep_or_drop, pressing_chat


async def keep_article(visit: Visit) -> Answer:
    """Keep an article of the story, or keep it no longer."""
    return _back(visit, f"#item-{await keep_or_drop(visit)}")


async def mute_story(visit: Visit) -> Answer:
    """Tell this chat no more of the story, or again (`mute` is "no")."""
    address, story_id = pressing_chat(visit), StoryId(visit.parts["story_id"])
    is_muting = visit.form.get("mute") != "no"

    def write(tx: Transaction) -> None:
        _check(tx, visit, story_id)
        if is_muting:
            tx.mute(address, story_id, now=visit.now)
        else:
            tx.unmute(address, story_id)

    await visit.site.store.write(write)
    return _back(visit)


async def report_story(visit: Visit) -> Answer:
    """Say that the alert about the story is wrong: kept with its evidence; the admins hear of each story once.

    Of a story that came by own watches of the chat alone it is a mark of theirs, and no editor's business.
    """
    address, story_id = pressing_chat(visit), StoryId(visit.parts["story_id"])
    session = visit.viewer.session
    user_id = (session.user_id if session else None) or 0

    def write(tx: Transaction) -> None:
        _check(tx, visit, story_id)
        told_of = _told_of(tx, visit, address, story_id)
        own = [number for each in told_of if (number := own_number(each)) is not None]
        if own and len(own) == len(told_of):
            _mark(tx, visit, story_id, own)
            return
        complain(tx, address, story_id, told_of, user_id, admins=visit.site.admin_chats, now=visit.now)

    await visit.site.store.write(write)
    return _back(visit)


def _told_of(tx: Transaction, visit: Visit, address: Address, story_id: StoryId) -> tuple[WatchId, ...]:
    """The watches that this chat was told of; where it was not told, those of the story that it may see."""
    rows = [row for row in tx.alerts_of_story(story_id, chats=[address.chat_id]) if row.address == address]
    told = dict.fromkeys(each for row in rows for each in row.watch_ids)
    if told:
        return tuple(told)
    view = tx.story(story_id)
    found = [match.watch_id for each in (view.matches.values() if view else ()) for match in each]
    return tuple(dict.fromkeys(each for each in found if visit.may_see(each)))


def _mark(tx: Transaction, visit: Visit, story_id: StoryId, own: list[int]) -> None:
    """Mark as wrong what own watches found in the story."""
    view = tx.story(story_id)
    for item in view.items if view else ():
        for match in view.matches.get(item.id, ()) if view else ():
            number = own_number(match.watch_id)
            if number in own and visit.may_see(match.watch_id):
                tx.mark_own(number, item.id, False, now=visit.now)


def _check(tx: Transaction, visit: Visit, story_id: StoryId) -> None:
    if tx.story(story_id) is None:
        raise NotHere(visit.words.gettext("I do not know this story any more."))


def _back(visit: Visit, place: str = "") -> GoTo:
    return GoTo(f"/stories/{visit.parts['story_id']}{place}")
