"""A reader's word that an alert is wrong: kept with the evidence that led to it, and told to the admins once a story.

From a button in the chat or on the page. Changes no watch, and silences nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime

from monitor.i18n import Translator
from monitor.pipeline.admin_notices import tell_admins
from monitor.pipeline.dedupe_keys import notice_key
from monitor.store.transaction import Transaction
from monitor.types import Address, Match, StoryId, StoryView, WatchId, own_number


def complain(
    tx: Transaction,
    address: Address,
    story_id: StoryId,
    told_of: Collection[WatchId],
    user_id: int,
    *,
    admins: Collection[int],
    now: datetime,
) -> tuple[int, bool]:
    """Keep a complaint of a chat that was told of the watches `told_of`; the first about a story is told to the admins.

    How many persons of this chat say so, and whether this one had not yet; 0 where the story is not known.
    """
    view = tx.story(story_id)
    if view is None:
        return 0, False
    about = concerned(told_of, view)
    if tx.add_feedback(address, story_id, evidence_of(view, about), now=now):
        tell_admins(
            tx,
            admins,
            lambda words: _complaint(words, view, about),
            dedupe_key=notice_key("feedback", story_id),
            now=now,
        )
    return tx.add_voice(address, story_id, user_id)


def concerned(told_of: Collection[WatchId], view: StoryView) -> Collection[WatchId]:
    """Why a chat heard of a story; where no row says so (the oldest ones), all of its watches that all may see."""
    found = (match.watch_id for each in view.matches.values() for match in each)
    return told_of or tuple(dict.fromkeys(each for each in found if own_number(each) is None))


def matches_of(view: StoryView, about: Collection[WatchId]) -> list[Match]:
    """What was found of these watches in a story."""
    return [match for each in view.matches.values() for match in each if match.watch_id in about]


def reason_of(match: Match) -> str:
    """Who was found by which words, in one line."""
    return f"{match.name}: “{match.evidence[0].text if match.evidence else match.by}”"


def evidence_of(view: StoryView, about: Collection[WatchId]) -> list[Mapping[str, object]]:
    """The matches that led to an alert, as they are stored with a complaint: the item, the rule, the very words."""
    titles = {item.id: item for item in view.items}
    return [
        {
            "item": item_id,
            "title": titles[item_id].title,
            "outlet": titles[item_id].outlet,
            "url": titles[item_id].url,
            "watch": match.watch_id,
            "name": match.name,
            "rule": str(match.rule),
            "by": match.by,
            "score": match.score,
            "evidence": [asdict(each) for each in match.evidence],
        }
        for item_id, matches in view.matches.items()
        for match in matches
        if match.watch_id in about and item_id in titles
    ]


def _complaint(words: Translator, view: StoryView, about: Collection[WatchId]) -> str:
    reasons = "\n".join(dict.fromkeys(reason_of(match) for match in matches_of(view, about)))
    return words.gettext("👎 A reader says this alert is wrong: {title}", title=view.story.title) + f"\n{reasons}"
