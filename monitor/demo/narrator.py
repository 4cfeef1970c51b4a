"""Says in the terminal what the pipeline just did with the newsroom's articles and why: one dim line a event.

Shows no alerts (the terminal's sender does) and decides nothing: it is told, writes, and counts for the closing tables.
English, with the titles as printed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, TextIO

from monitor.demo.newsroom import Expectation
from monitor.demo.script import Part

if TYPE_CHECKING:
    from rich.console import Console

TITLE_CHARS = 76


@dataclass(slots=True)
class Tally:
    """What a narrator was told so far. `fates` holds the last word on each article, by outlet and title."""

    published: int = 0
    alerts: int = 0
    developments: int = 0
    folded: int = 0
    failures: int = 0
    recoveries: int = 0
    fates: dict[tuple[str, str], Part] = field(default_factory=dict)
    unsent: dict[str, list[str]] = field(default_factory=dict)  # why -> titles


@dataclass(frozen=True, slots=True)
class Surprise:
    """An article of which the pipeline made something else than the script says; `became` None: it never came."""

    expected: Expectation
    became: Part | None


def surprises(
    expectations: Iterable[Expectation], fates: Mapping[tuple[str, str], Part], *, until: float = inf
) -> tuple[Surprise, ...]:
    """Where the pipeline made something else of an article than the script says.

    What was there before and known articles under new headlines may pass without a word. Articles printed after `until`
    (seconds since the opening) are left out, and of one printed again in a later round only the last counts.
    """
    last = {(one.outlet, one.title): one for one in expectations if one.at <= until}
    found = []
    for key, one in last.items():
        became = fates.get(key)
        if became is one.part or (became is None and one.part in (Part.BASELINE, Part.RETITLED)):
            continue
        found.append(Surprise(one, became))
    return tuple(found)


class Narrator:
    """Writes to `stream`; `elapsed` gives the seconds that stand before each line (left out when None)."""

    def __init__(self, stream: TextIO, *, elapsed: Callable[[], float] | None = None) -> None:
        self._stream = stream
        self._elapsed = elapsed
        self._console: Console | None = None
        self.tally = Tally()

    # ------------------------------------------------------------ feeds

    def opened(self, outlets: Sequence[str]) -> None:
        """The newsroom is up and the first round of polls begins."""
        self._line("cyan", "newsroom", f"{len(outlets)} invented newspapers on loopback: {', '.join(outlets)}")

    def page(self, link: str) -> None:
        """The web page is served; this link lets one browser in."""
        self._line("cyan", "web page", f"{link} (open it and press the button; --keep goes on)")

    def baseline(self, outlet: str, count: int) -> None:
        """A feed was read for the first time: its articles are known now and not told."""
        self._line("cyan", "first look", f"{outlet}: {count} articles were there before, none is told")

    def polled(self, outlet: str, new: int) -> None:
        """A feed brought new articles; polls that brought none are passed over."""
        self.tally.published += new
        if new:
            self._line("blue", "polled", f"{outlet}: {new} new")

    def failed(self, outlet: str, why: str) -> None:
        """A feed could not be read."""
        self.tally.failures += 1
        self._line("red", "feed down", f"{outlet}: {why}; trying again, the others go on")

    def recovered(self, outlet: str) -> None:
        """It can be read again."""
        self.tally.recoveries += 1
        self._line("green", "feed back", f"{outlet}: reads again, and what it printed meanwhile is not lost")

    # ------------------------------------------------------------ articles

    def alerted(self, outlet: str, title: str, names: Sequence[str]) -> None:
        """An article opened a story that rings."""
        self.tally.alerts += 1
        self._fate(outlet, title, Part.NEW)
        self._line("green", "alert", f"{outlet}: {_short(title)}", f"because of {', '.join(names)}")

    def grouped(self, outlet: str, title: str, story: str, reason: str) -> None:
        """An article joined a story that was told already: the message gains an outlet."""
        self.tally.folded += 1
        self._fate(outlet, title, Part.REPEAT)
        self._line("yellow", "same story", f"{outlet}: {_short(title)}", _joined(f"joins “{_short(story)}”", reason))

    def developed(self, outlet: str, title: str, story: str, reason: str) -> None:
        """An article moved a story that was told already: a reply to its message."""
        self.tally.developments += 1
        self._fate(outlet, title, Part.UPDATE)
        self._line(
            "green", "develops", f"{outlet}: {_short(title)}", _joined(f"goes on from “{_short(story)}”", reason)
        )

    def silent(self, outlet: str, title: str, why: str) -> None:
        """An article rings for nobody; `why`: no match, or which near miss was not taken."""
        self._fate(outlet, title, Part.SILENT)
        self._unsent(why, title)
        self._line("bright_black", "not sent", f"{outlet}: {_short(title)}", why)

    def retitled(self, outlet: str, title: str, before: str = "") -> None:
        """A known article came back under a new headline and URL."""
        self._fate(outlet, title, Part.RETITLED)
        self._unsent("a known article under a new headline and URL", title)
        was = f"was “{_short(before)}”" if before else ""
        self._line(
            "magenta", "new title", f"{outlet}: {_short(title)}", _joined("same article id, not told again", was)
        )

    # ------------------------------------------------------------ the end

    def summary(self, expectations: Sequence[Expectation] = (), *, until: float = inf) -> tuple[Surprise, ...]:
        """The closing tables: counts, what was not sent and why, where the script was not met (gives the latter)."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        tally, console = self.tally, self._out()
        counts = Table(box=box.SIMPLE_HEAD, title="What happened", title_justify="left", show_header=False)
        counts.add_column(justify="right", style="bold")
        counts.add_column()
        for count, what in (
            (tally.published, "articles published"),
            (tally.alerts, "alerts"),
            (tally.folded, "articles of other outlets folded into an alert"),
            (tally.developments, "developments told as replies"),
            (sum(map(len, tally.unsent.values())), "articles not sent"),
            (tally.failures, f"failed polls, {tally.recoveries} recovered feeds"),
        ):
            counts.add_row(str(count), what)
        console.print()
        console.print(counts)

        if tally.unsent:
            unsent = Table(box=box.SIMPLE_HEAD, title="Not sent, and why", title_justify="left")
            unsent.add_column("why", ratio=2)
            unsent.add_column("articles", ratio=3)
            for why, titles in sorted(tally.unsent.items(), key=lambda row: -len(row[1])):
                # as Text, because a title's brackets are no markup
                unsent.add_row(Text(why), Text("\n".join(map(_short, titles))))
            console.print(unsent)

        found = surprises(expectations, tally.fates, until=until)
        asked = len({(one.outlet, one.title) for one in expectations if one.at <= until})
        if asked:
            met = f"{asked - len(found)} of {asked} articles ended as the script says."
            console.print(Text(met, "yellow" if found else "green"))
        for difference in found:
            one, became = difference.expected, difference.became
            self._line(
                "red",
                "differs",
                f"{one.outlet}: {_short(one.title)}",
                f"should be {one.part} ({one.why_en}), became {became or 'nothing'}",
            )
        return found

    def _unsent(self, why: str, title: str) -> None:
        self.tally.unsent.setdefault(why, []).append(title)

    def _fate(self, outlet: str, title: str, fate: Part) -> None:
        self.tally.fates[outlet, title] = fate

    def _line(self, colour: str, what: str, text: str, aside: str = "") -> None:
        from rich.text import Text

        parts: list[tuple[str, str]] = []
        if self._elapsed:
            parts.append((f"{self._elapsed():6.1f}s ", "dim"))
        parts.append((f"{what:<11}", f"{colour} dim"))
        parts.append((text, "dim"))
        if aside:
            parts.append((f" · {aside}", "dim italic"))
        self._out().print(Text.assemble(*parts), soft_wrap=True)

    def _out(self) -> "Console":
        if self._console is None:
            from rich.console import Console

            self._console = Console(file=self._stream, highlight=False)
        return self._console


def _short(title: str) -> str:
    return title if len(title) <= TITLE_CHARS else title[: TITLE_CHARS - 1].rstrip() + "…"


def _joined(*parts: str) -> str:
    return ": ".join(part for part in parts if part)
