"""Reads the demo's script: which invented newspaper prints what, when, and what the pipeline should make of it.

Knows nothing of HTTP or RSS (press.py writes the bytes, newsroom.py serves them) and never asks what time it is.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from importlib.resources import files
from typing import Any

TOLD_FASTER = 120  # seconds of news in a second of the timetable
VIETNAM = timezone(timedelta(hours=7))
DEADLINE = timedelta(days=12)  # how far ahead the stories' "from the …" lies

# By the hour at which each part of the day begins, as newspapers divide it.
_PARTS = ((0, "rạng sáng"), (5, "sáng"), (11, "trưa"), (13, "chiều"), (18, "tối"))


class Part(StrEnum):
    """What an article is in the script, and so what the pipeline should do with it."""

    NEW = "new"
    REPEAT = "repeat"
    UPDATE = "update"
    RETITLED = "retitled"
    SILENT = "silent"
    BASELINE = "baseline"


class OutageKind(StrEnum):
    """How a feed is broken: a web page with status 200 in its place, or 503."""

    CHALLENGE = "challenge"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented newspaper and the ways of its feed; the words are explained in script.toml."""

    id: str
    name: str
    section: str
    path: str
    titles: str
    leads: str
    dates: str
    links: str
    validator: str
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Outage:
    """A feed is broken from `since` (included) to `until` (excluded), in seconds of its round."""

    outlet: str
    since: float
    until: float
    kind: OutageKind


@dataclass(frozen=True, slots=True)
class Piece:
    """An article as one round of the script prints it.

    `at` is in seconds since the opening; `serial` and `published` are those of the first version when `retitles` says
    that this is a later one.
    """

    id: str
    outlet: Outlet
    at: float
    part: Part
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    serial: int
    published: datetime
    why_en: str
    why_vi: str
    story: str = ""
    watches: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    retitles: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """The whole of it. `length` is that of a round, in seconds."""

    length: float
    outlets: tuple[Outlet, ...]
    outages: tuple[Outage, ...]
    _calls: Sequence[Mapping[str, str]]
    _drafts: tuple[Mapping[str, Any], ...]

    def baseline(self, start: datetime) -> tuple[Piece, ...]:
        """What was on line before the opening."""
        return self._pieces(0, start, 1.0, before=True)

    def round(self, number: int, start: datetime, pace: float) -> tuple[Piece, ...]:
        """What the round `number` (from 0) prints, when the opening was at `start` and a second lasts 1/`pace` s.

        Once all calls have been told, what would ring or develop a story only repeats it.
        """
        return self._pieces(number, start, pace, before=False)

    def outage(self, outlet: str, at: float) -> OutageKind | None:
        """What is wrong with a feed at this moment, if anything."""
        at %= self.length
        for outage in self.outages:
            if outage.outlet == outlet and outage.since <= at < outage.until:
                return outage.kind
        return None

    def _pieces(self, number: int, start: datetime, pace: float, *, before: bool) -> tuple[Piece, ...]:
        row = number % len(self._calls)
        begins = {draft["id"]: float(draft["at"]) for draft in self._drafts}
        ordinals = {draft["id"]: place for place, draft in enumerate(self._drafts, start=1)}
        pieces = []
        for draft in self._drafts:
            if (begins[draft["id"]] < 0) is not before or row + 1 not in draft.get("rounds", (row + 1,)):
                continue
            original = draft.get("retitles", draft["id"])
            # a round plays the news of an hour and a half, which ends as the round begins: stories need time to move
            news = (begins[original] - self.length) * TOLD_FASTER if begins[original] >= 0 else begins[original]
            published = start + timedelta(seconds=number * self.length / pace + news)
            pieces.append(self._piece(draft, number, published, ordinals[original] + number * 1_000))
        return tuple(pieces)

    def _piece(self, draft: Mapping[str, Any], number: int, published: datetime, serial: int) -> Piece:
        """A draft as the round `number` prints it."""
        row = number % len(self._calls)
        told = number >= len(self._calls)  # in a round like this one, a few minutes ago
        part = Part(draft["role"])
        words: dict[str, Any] = {"call": self._calls[row]} | _words_of(published)
        return Piece(
            id=draft["id"],
            outlet=next(outlet for outlet in self.outlets if outlet.id == draft["outlet"]),
            at=float(draft["at"]) + number * self.length,
            part=Part.REPEAT if told and part in (Part.NEW, Part.UPDATE) else part,
            title=draft["title"].format_map(words),
            lead=draft["lead"].format_map(words),
            paragraphs=tuple(draft["body"].strip().format_map(words).split("\n\n")),
            serial=serial,
            published=published,
            why_en=draft["why_en"],
            why_vi=draft["why_vi"],
            # another row's call is another story
            story=f"{draft['story']}-{row + 1}" if "story" in draft else "",
            watches=tuple(watch.format_map(words) for watch in draft.get("watches", ())),
            never=tuple(draft.get("never", ())),
            retitles=draft.get("retitles", ""),
        )


def read_script() -> Script:
    """The script that ships with the program."""
    raw = tomllib.loads((files("monitor.demo") / "script.toml").read_text(encoding="utf-8"))
    return Script(
        length=float(raw["length"]),
        outlets=tuple(Outlet(**outlet) for outlet in raw["outlets"]),
        outages=tuple(
            Outage(
                outlet=outage["outlet"],
                since=float(outage["since"]),
                until=float(outage["until"]),
                kind=OutageKind(outage["kind"]),
            )
            for outage in raw["outages"]
        ),
        _calls=tuple(raw["calls"]),
        _drafts=tuple(raw["pieces"]),
    )


def _words_of(moment: datetime) -> dict[str, str]:
    local = moment.astimezone(VIETNAM)
    later = local + DEADLINE
    part = next(name for hour, name in reversed(_PARTS) if local.hour >= hour)
    return {
        "day": f"{local.day}/{local.month}",
        "later": f"{later.day}/{later.month}",
        "part": part,
        "part_cap": part.capitalize(),
    }
