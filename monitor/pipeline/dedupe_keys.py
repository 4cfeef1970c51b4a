"""Dedupe keys, made here and nowhere else: in one chat a key stands for one alert, for ever.

Decides nothing; who is told what is alerts.py.
"""

import hashlib

from monitor.types import Alert, AlertKind, DedupeKey, ItemId, Message, StoryId

_CORRECTION = "fix"  # of an edit that corrects a reply, not the first message


def first_key(story: StoryId) -> DedupeKey:
    """Of the first message about a story."""
    return DedupeKey(f"story:{story}")


def update_key(story: StoryId, item: ItemId | None) -> DedupeKey:
    """Of the reply with the development that an item tells."""
    return DedupeKey(f"update:{story}:{item}")


def edit_key(story: StoryId) -> DedupeKey:
    """Of the edits of a first message: one row that is woken again and again."""
    return DedupeKey(f"edit:{story}")


def correction_key(story: StoryId, item: ItemId | None) -> DedupeKey:
    """Of the edits of a reply."""
    return DedupeKey(f"{_CORRECTION}:{story}:{item}")


def digest_key(first: int) -> DedupeKey:
    """Of a digest, named after the first alert that it takes in: each is taken in once."""
    return DedupeKey(f"digest:{first}")


def picture_key(first: int) -> DedupeKey:
    """Of the picture on top of a digest."""
    return DedupeKey(f"picture:{first}")


def notice_key(*parts: object) -> DedupeKey:
    """Of a word to administrators; what it is about comes first, and how often it may be told follows from the rest."""
    return DedupeKey(":".join(str(part) for part in parts))


def answer_key(message: Message, asked: object) -> DedupeKey:
    """Of an answer to what was `asked`; of changes of a message only the last counts, so that they share one."""
    if message.edits is not None:
        return DedupeKey(f"answer-{'edit' if message.html else 'buttons'}:{message.edits}")
    return DedupeKey(f"answer:{asked}:{hashlib.sha256(message.html.encode()).hexdigest()[:8]}")


def corrects_reply(alert: Alert) -> bool:
    """Whether a row edits a reply, and not the first message of its story."""
    return alert.dedupe_key.startswith(f"{_CORRECTION}:")


def moved_key(row: Alert, story: StoryId) -> DedupeKey:
    """The key of a row that is put under another story."""
    if corrects_reply(row):
        return correction_key(story, row.item_id)
    match row.kind:
        case AlertKind.UPDATE:
            return update_key(story, row.item_id)
        case AlertKind.EDIT:
            return edit_key(story)
        case _:
            return first_key(story)
