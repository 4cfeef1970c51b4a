"""Whether the service is well: a pure verdict over what each part last said.

Asks nothing itself; app/wiring.py gathers the facts and hands them in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Loop:
    """One ticking job: when it last ended well (None: not yet), how long it may be silent, and since when it runs.

    `began_at` None: since the service does.
    """

    last_tick: datetime | None
    patience: timedelta
    began_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """`reasons` make the service unwell; `warnings` need a person, but a restart would not help."""

    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    last_ticks: Mapping[str, datetime | None] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """No reason against it."""
        return not self.reasons


def judge(
    loops: Mapping[str, Loop],
    *,
    now: datetime,
    started_at: datetime,
    database_error: str = "",
    config_error: str = "",
) -> Health:
    """The verdict. Errors are one line each, empty when there is none.

    A wrong config file is only a warning: the last good one is in use, and a restart would end with exit code 2. A loop
    that has not ticked since it began is measured from then.
    """
    reasons = []
    if database_error:
        reasons.append(f"database: {database_error}")
    for name, loop in loops.items():
        silent = now - max(loop.last_tick or started_at, loop.began_at or started_at)
        if silent > loop.patience:
            reasons.append(f"{name}: silent for {silent.total_seconds():.0f} s")
    warnings = (f"config: {config_error}",) if config_error else ()
    return Health(tuple(reasons), warnings, {name: loop.last_tick for name, loop in loops.items()})
