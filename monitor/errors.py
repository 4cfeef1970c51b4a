"""Every exception the program raises on purpose; expected failures of feeds and sends are values, see types.py.

MonitorError
├── ConfigError          settings, feeds or watchlists are wrong: every problem with file, line and column
├── QueryError           one query is wrong: at which column, and what was expected there
├── StoreError           the database cannot be opened, migrated or written
│   ├── WrongSchema      its schema is none on which this program works
│   │   └── NewerSchema  it was written by a newer version of this program
│   └── RoleLost         another worker does by now what this one believed to be its own
├── PictureError         a picture cannot be drawn
├── SenderBroken         Telegram refuses the bot itself (token, lasting conflict): the service must stop loudly
└── PrivateAddressError  a connection was about to open to an internal address; net/ makes a value of it
"""

from dataclasses import dataclass


class MonitorError(Exception):
    """The root: whoever catches it catches all that this program raises on purpose."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in one file, pointing at the place; `line` and `column` count from 1, 0 where there is no place."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class ConfigError(MonitorError):
    """All mistakes of all files of one reading, so that an editor mends them in one go."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class QueryError(MonitorError):
    """A query that does not parse; `column` counts characters of the query from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


class StoreError(MonitorError):
    """The database cannot be opened, migrated or written; the message says what to do."""


class WrongSchema(StoreError):
    """The schema changed under a running program, or is none on which it works."""


class NewerSchema(WrongSchema):
    """The database, or a backup, was written by a newer version of this program: nothing in it is touched."""


class RoleLost(StoreError):
    """A role changed hands while its former holder was writing: nothing of that is kept."""


class PictureError(MonitorError):
    """A picture cannot be drawn: its SVG is wrong, or the process that renders it does not answer."""


class SenderBroken(MonitorError):
    """Telegram refuses the bot as a whole (invalid token, another poller for minutes): nothing can be sent."""


class PrivateAddressError(MonitorError, OSError):
    """A connection that was about to open to a loopback, private or otherwise internal address.

    An OSError too, for a socket that cannot be opened is one: only then is the host's next address tried. The words are
    always the same, because several errors of one host are told as one only when they read alike (aiohappyeyeballs).
    """

    def __init__(self) -> None:
        super().__init__("the address is private")
