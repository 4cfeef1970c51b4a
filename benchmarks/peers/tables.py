"""What a run of the benchmark found, and the table that it is told in. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

STATES = ("new", "two", "304", "same", "idle")
TOLD = {
    "new": "every item new",
    "two": "two new items each",
    "304": "304",
    "same": "the same body, 200",
    "idle": "nothing due",
}
LEAST_SHARE = 0.02  # of CPU: what is less is left out of a profile


@dataclass(slots=True)
class Row:
    """What one program took in one state."""

    state: str
    program: str
    cpu: float  # seconds, user and system, with all descendants
    memory: float  # MB of 10**6 bytes
    wall: float
    stored: int
    expected: int
    answers: dict[str, int]
    code: int

    @property
    def is_right(self) -> bool:
        """Whether it did the work that it was measured for."""
        return self.code == 0 and self.stored == self.expected


@dataclass(slots=True)
class Idle:
    """The running service with nothing new to do."""

    feeds: int
    share: float  # of one core
    memory: float
    seconds: float
    answers: dict[str, int]


@dataclass(slots=True)
class Findings:
    """All that one run of the benchmark came to."""

    feeds: int
    items: int
    machine: str
    programs: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    service: Idle | None = None
    profiles: dict[str, dict[str, float]] = field(default_factory=dict)


def tables(findings: Findings) -> str:
    """All of it in Markdown: one table, who took part, the idle service, where ours spends it."""
    parts = [
        f"{findings.feeds} feeds of {findings.items} items, {findings.machine}",
        "\n".join(_table(findings)),
        "\n".join(f"- {name}: {how}" for name, how in findings.programs.items()),
    ]
    if any(row.state == "idle" for row in findings.rows):
        parts.append(
            f'"{TOLD["idle"]}" is measured of programs alone that have a schedule; the others ask whenever they run.'
        )
    if (idle := findings.service) is not None:
        parts.append(
            f"The service with {idle.feeds} feeds at its own pace, {idle.seconds:.0f} s of quiet: "
            f"{idle.share:.2%} of a core, {idle.memory:.0f} MB, {sum(idle.answers.values())} requests"
        )
    parts += [
        "\n".join(_profile(row, findings.profiles[row.state])) for row in findings.rows if _is_seen(row, findings)
    ]
    return "\n\n".join(parts)


def _table(findings: Findings) -> Iterator[str]:
    yield "| state | program | CPU s | × newsboat | × reader | peak MB | wall s | stored | feeds 200 / 304, pages |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
    for row in findings.rows:
        asked = row.answers
        answers = f"{asked.get('feed 200', 0)} / {asked.get('feed 304', 0)}, {asked.get('page 200', 0)}"
        stored = str(row.stored) if row.is_right else f"**{row.stored}, not {row.expected}; exit code {row.code}**"
        ratios = (_ratio(row, findings.rows, peer) for peer in ("newsboat", "reader"))
        cells = (f"{row.cpu:.2f}", *ratios, f"{row.memory:.0f}", f"{row.wall:.0f}", stored, answers)
        program = f"{row.program}, with py-spy" if _is_seen(row, findings) else row.program
        yield f"| {TOLD[row.state]} | {program} | {' | '.join(cells)} |"
    for name, why in findings.missing.items():
        yield f"| all | {name} | {why} |  |  |  |  |  |  |"


def _ratio(row: Row, rows: list[Row], peer: str) -> str:
    found = [other.cpu for other in rows if (other.state, other.program) == (row.state, peer)]
    return f"{row.cpu / found[0]:.2f}" if found else "–"


def _is_seen(row: Row, findings: Findings) -> bool:
    return row.program == "ours" and row.state in findings.profiles


def _profile(row: Row, shares: dict[str, float]) -> Iterator[str]:
    yield f"ours, {TOLD[row.state]}: shares of {row.cpu:.1f} s, by the innermost package\n"
    for name, share in shares.items():
        if share >= LEAST_SHARE:
            yield f"    {share:>6.1%} {share * row.cpu:>8.2f} s  {name}"
