"""The articles of a story by time, as the page of the story shows them: role, reason, changes, evidence.

Pure: whoever calls has read the rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from monitor.i18n import Translator, translatable
from monitor.notify.reason_words import reason_in_words
from monitor.notify.why import rule_in_words
from monitor.stories.changes.differences import since
from monitor.types import Evidence, Item, Role, StoryView, Watch, WatchId
from monitor.web.story_card import surest
from monitor.web.word_changes import word_changes

AROUND = 90  # characters on each side of the evidence in a full text
_ROLES = {
    Role.NEW: translatable("Opening"),
    Role.UPDATE: translatable("Development"),
    Role.REPEAT: translatable("Told again"),
}
_FIELDS = {"title": translatable("title"), "summary": translatable("lead"), "body": translatable("text")}


def articles_of(view: StoryView, watches: Mapping[WatchId, Watch], words: Translator) -> list[dict[str, Any]]:
    """Each article, the oldest first."""
    return [_article(view, item, watches, words) for item in view.items]


def _article(view: StoryView, item: Item, watches: Mapping[WatchId, Watch], words: Translator) -> dict[str, Any]:
    role, reason = view.roles.get(item.id), view.reasons.get(item.id)
    versions = view.versions.get(item.id, ())
    return {
        "id": item.id,
        "at": item.at,
        "outlet": item.outlet,
        "title": item.title,
        "url": item.url,
        "role": None if role is None else role.value,
        "role_text": "" if role is None else words.gettext(_ROLES[role]),
        "reason": None if reason is None else {"code": reason.code.value, "values": list(reason.values)},
        "reason_text": "" if reason is None else reason_in_words(reason, words),
        "watches": [match.watch_id for match in view.matches.get(item.id, ()) if match.watch_id in watches],
        "earlier": [{"until": each.replaced_at, "title": each.title, "lead": each.lead} for each in versions],
        "changed_at": item.edited_at if versions else None,
        "differences": [{"was": each.was, "now": each.now} for each in since(item, versions)] if versions else [],
        "title_changes": _changes(versions[0].title, item.title) if versions else [],
        "lead_changes": _changes(versions[0].lead, item.lead) if versions else [],
        "gone_at": item.gone_at,
    }


def _changes(before: str, after: str) -> list[dict[str, str]]:
    """What was taken out and put in since the first wording; empty where it reads as before."""
    changes = word_changes(before, after)
    if all(kind == "same" for kind, _ in changes):
        return []
    return [{"kind": kind, "text": text} for kind, text in changes]


def evidence_of_watches(
    view: StoryView, watches: Mapping[WatchId, Watch], words: Translator
) -> dict[WatchId, dict[str, Any]]:
    """Of each watch how it was found: by which rule, how surely, and the words around, of its surest article."""
    return {
        watch_id: {
            "rule_text": rule_in_words(match, words),
            "note": match.note,
            "outlet": item.outlet,
            "url": item.url,
            "excerpts": [
                {"field": words.gettext(_FIELDS[field]), "text": text, "marks": marks}
                for field, text, marks in _excerpts(item, match.evidence)
            ],
        }
        for watch_id, (item, match) in surest(view, watches).items()
    }


def _excerpts(item: Item, evidence: Sequence[Evidence]) -> list[tuple[str, str, list[tuple[int, int]]]]:
    """Title and lead in which words were found, with their spans; else what stands around the first in the full text.

    A field that reads otherwise by now is left out.
    """
    found: list[tuple[str, str, list[tuple[int, int]]]] = []
    for field, text in (("title", item.title), ("summary", item.lead), ("body", item.body)):
        mine = [each for each in evidence if each.field == field and text[each.start : each.end] == each.text]
        if not mine or (field == "body" and found):
            continue
        begin, end = 0, len(text)
        if field == "body":
            begin = _word_start(text, max(0, mine[0].start - AROUND))
            end = _word_end(text, min(len(text), mine[0].end + AROUND))
        head, tail = "… " if begin else "", " …" if end < len(text) else ""
        shift = len(head) - begin
        spans = [(each.start + shift, each.end + shift) for each in mine if begin <= each.start and each.end <= end]
        found.append((field, f"{head}{text[begin:end]}{tail}", spans))
    return found


def _word_start(text: str, at: int) -> int:
    """The place or the beginning of the next word behind it, where a word would be cut."""
    return at if at == 0 or text[at - 1].isspace() else text.find(" ", at) + 1 or at


def _word_end(text: str, at: int) -> int:
    """The same backwards."""
    return at if at == len(text) or text[at].isspace() else max(text.rfind(" ", 0, at), 0) or at
