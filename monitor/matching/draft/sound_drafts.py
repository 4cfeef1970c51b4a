"""A draft that `monitor check` has nothing to say of: what it would warn of becomes a comment.

Asks the very rules of lint.py, with all that is watched already beside the draft.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, TypeVar

from monitor.matching.draft.drafts import Draft, FieldProposal
from monitor.matching.lint import Finding, review
from monitor.types import Leader, Watch, Watchlist

_MOST_ROUNDS: Final = 20  # each leaves out a value or more


def sound(draft: Draft, watchlist: Watchlist, *, today: date) -> Draft:
    """The draft without what does not go together with the watchlist or with itself, and why it was left out."""
    for _ in range(_MOST_ROUNDS):
        beside = replace(watchlist, watches=(*watchlist.watches, draft.watch))
        findings = [one for one in review(beside, today=today) if one.watch_id == draft.watch.id]
        less = _without(draft, findings)
        if less == draft:
            return draft
        draft = less
    return draft


def _without(draft: Draft, findings: list[Finding]) -> Draft:
    gone: dict[str, set[int]] = {}
    notes = list(draft.notes)
    proposals = list(draft.proposals)
    for one in findings:
        if one.index is None or one.key not in ("aliases", "offices", "match", "not", "ignore"):
            note = f"monitor check says: {one.message}"
            notes += [note] if note not in notes else []
            continue
        gone.setdefault(one.key, set()).add(one.index)
        values = _values(draft, one.key)
        proposals = _left_out(proposals, one.key, values[one.index], one.message)
    return replace(draft, watch=_less(draft.watch, gone), proposals=tuple(proposals), notes=tuple(notes))


_T = TypeVar("_T")


def _less(watch: Watch, gone: Mapping[str, set[int]]) -> Watch:
    """The watch without the values at these places of its keys."""

    def kept(key: str, values: Sequence[_T]) -> tuple[_T, ...]:
        return tuple(value for at, value in enumerate(values) if at not in gone.get(key, ()))

    if isinstance(watch, Leader):
        offices = kept("offices", watch.offices)
        common = watch.common and bool(offices or watch.near)  # alone it can never match
        return replace(watch, aliases=kept("aliases", watch.aliases), offices=offices, common=common)
    return replace(
        watch,
        match=kept("match", watch.match),
        exclude=kept("not", watch.exclude),
        ignore=kept("ignore", watch.ignore),
    )


def _values(draft: Draft, key: str) -> list[str]:
    watch = draft.watch
    if isinstance(watch, Leader):
        return [office.title for office in watch.offices] if key == "offices" else list(watch.aliases)
    return list({"match": watch.match, "not": watch.exclude, "ignore": watch.ignore}[key])


def _left_out(proposals: list[FieldProposal], field: str, value: str, why: str) -> list[FieldProposal]:
    return [
        replace(one, taken=False, why=f"{why}; {one.why}") if one.field == field and one.value == value else one
        for one in proposals
    ]
