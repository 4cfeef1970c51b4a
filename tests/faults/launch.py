"""`monitor run` in a process whose clock can be moved and whose names can be changed from outside.

Nothing in monitor/ knows of it. The file FAULTS_HOUSE holds JSON: `shift` (seconds to add to the clock), `names`
(host -> address, "" for a name that nobody knows). Names of that file alone are looked up there.
"""

import json
import os
import socket
import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

HOUSE = Path(os.environ["FAULTS_HOUSE"])


class _House:
    """The file as it is now; read again when it has changed."""

    def __init__(self) -> None:
        self._stamp = 0
        self.shift = timedelta(0)
        self.names: dict[str, str] = {}

    def look(self) -> None:
        try:
            stamp = HOUSE.stat().st_mtime_ns
        except OSError:
            return
        if stamp != self._stamp:
            said = json.loads(HOUSE.read_text("utf-8"))
            self._stamp, self.shift, self.names = stamp, timedelta(seconds=said["shift"]), said["names"]


def _steer_names(house: _House) -> None:
    ask = socket.getaddrinfo

    def answer(host: Any, *more: Any, **named: Any) -> Any:
        house.look()
        if host not in house.names:
            return ask(host, *more, **named)
        if not house.names[host]:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return ask(house.names[host], *more, **named)

    socket.getaddrinfo = answer


def _steer_clock(house: _House) -> None:
    import apscheduler.schedulers.base
    import apscheduler.triggers.interval

    from monitor.app import clock_guard, ground, wiring

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Moved":
            house.look()
            # a plain datetime: arithmetic with this class would give this class, which no database driver knows
            return datetime.now(tz) + house.shift  # type: ignore[return-value]

    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval, clock_guard, ground, wiring):
        setattr(module, "datetime", Moved)  # noqa: B010 - which mypy would not let us assign


def main() -> None:
    """As the command `monitor` with the same words."""
    house = _House()
    _steer_names(house)
    _steer_clock(house)
    from monitor.cli.main import main as monitor

    monitor(sys.argv[1:])


if __name__ == "__main__":
    main()
