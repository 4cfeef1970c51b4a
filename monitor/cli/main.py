"""The commands, in one table: what is typed is read here and handed to the function beside it that does it.

Imports nothing heavy before it is known what is wanted, so that `monitor --help` answers at once.
Exit codes: 0 done, 1 done but something needs attention, 2 wrong use or configuration, 130 interrupted.
"""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NoReturn

from monitor import __version__
from monitor.cli.argument_types import parts, positive, span
from monitor.cli.exit_codes import DONE, INTERRUPTED, WRONG
from monitor.cli.jsonl import speak_utf8
from monitor.errors import ConfigError, MonitorError
from monitor.store.role_names import PARTS

EPILOG = """\
Settings come from the environment or .env (MONITOR_CONFIG_DIR, MONITOR_DATABASE_URL, MONITOR_TELEGRAM_TOKEN, …).
JSON lines go to standard output and only they; everything else goes to standard error.
Exit codes: 0 done, 1 done but something needs attention, 2 wrong use or wrong configuration, 130 interrupted.
"""


@dataclass(frozen=True, slots=True)
class Argument:
    """What one call of argparse's add_argument is given."""

    names: tuple[str, ...]
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table.

    `does` names a function under monitor/cli as "module:function"; it gets every argument by name and gives the exit
    code. `example` is a line that can be typed.
    """

    name: str
    help: str
    example: str
    does: str
    arguments: tuple[Argument, ...] = ()


def _argument(*names: str, **settings: Any) -> Argument:
    return Argument(names, settings)


def _source(metavar: str = "FILE|-") -> Argument:
    return _argument("source", nargs="?", default="-", metavar=metavar, help="default: standard input")


def _stored_or_given() -> Argument:
    return _argument("source", nargs="?", metavar="FILE|-", help="items (JSON lines); default: the stored ones")


def _json(what: str) -> Argument:
    return _argument("--json", dest="as_json", action="store_true", help=what)


def _needing_a_person(option: str, text: str) -> Argument:
    what = f"what needs a person, as status names it (item:12, alert:7, all): {text}"
    return _argument(option, action="append", default=[], metavar="NAME", help=what)


COMMANDS = (
    Command(
        "run",
        "the service: polls, matches, groups and delivers until it is stopped",
        "monitor run --once",
        "run:run",
        (
            _argument("--once", action="store_true", help="poll everything due, deliver, and end (cron, tests)"),
            _argument(
                "--only",
                dest="parts",
                type=parts,
                default=PARTS,
                metavar="PARTS",
                help=f"of {','.join(PARTS)}: what this process does, where several share one PostgreSQL",
            ),
        ),
    ),
    Command(
        "demo",
        "a newsroom on loopback and the real pipeline, in this terminal",
        "monitor demo --keep",
        "demo:run",
        (_argument("--keep", action="store_true", help="go on until interrupted"),),
    ),
    Command(
        "check",
        "validate settings, feeds and watchlists: FILE:LINE:COLUMN: what is wrong",
        "monitor check --json",
        "files:check",
        (
            _json("a line a problem"),
            _argument("--all", dest="every", action="store_true", help="what costs: also of the watches that ship"),
            _argument(
                "--no-history",
                dest="history",
                action="store_false",
                help="leave out what stored news shows of the watchlists (some seconds)",
            ),
        ),
    ),
    Command(
        "parse",
        "feed bytes -> items (JSON lines)",
        "monitor parse https://vnexpress.net/rss/the-gioi.rss",
        "streams:parse",
        (
            _source("FILE|URL|-"),
            _argument(
                "--feed",
                dest="feed_id",
                default="",
                metavar="ID",
                help="of a configured feed: its outlet and zone count",
            ),
        ),
    ),
    Command(
        "match",
        "items -> matches (JSON lines), one line an item",
        "monitor match items.jsonl --explain --lang vi",
        "streams:match",
        (
            _source(),
            _argument("--explain", action="store_true", help="for a person: marked texts, near misses"),
            _argument("--quotes", action="store_true", help='add "quotes": who of the watched leaders says what'),
            _argument("--lang", choices=("vi", "en"), default="en", help="language of --explain (default en)"),
        ),
    ),
    Command(
        "stories",
        "items -> the story of each (JSON lines), decided with what came before only",
        "monitor stories items.jsonl",
        "streams:stories",
        (_source(),),
    ),
    Command(
        "summarise",
        "items or stories -> summaries (JSON lines)",
        "monitor summarise items.jsonl --watch putin --sentences 2",
        "streams:summarise",
        (
            _source(),
            _argument("--watch", metavar="ID", help="prefer sentences that name this watch"),
            _argument("--sentences", type=positive, default=3, metavar="N", help="at most (default 3)"),
            _argument("--chars", type=positive, metavar="N", help="at most, cut at sentence ends"),
        ),
    ),
    Command(
        "feeds",
        "every feed and how it does",
        "monitor feeds --opml > feeds.opml",
        "feeds_status:feeds",
        (
            _json("a line a feed"),
            _argument("--opml", dest="as_opml", action="store_true", help="the configured feeds as OPML"),
        ),
    ),
    Command(
        "status",
        "what works and what needs a person (then the exit code is 1)",
        "monitor status --again item:12 --drop alert:7",
        "feeds_status:status",
        (
            _json("one object"),
            _needing_a_person("--again", "try it again"),
            _needing_a_person("--drop", "let it go"),
        ),
    ),
    Command(
        "backtest",
        "what would have alerted, over stored or given items; with --watch also what came close",
        "monitor backtest --watch putin --since 7d",
        "backtest:run",
        (
            _json("a line an alert"),
            _stored_or_given(),
            _argument("--watch", metavar="ID", help="this watch alone"),
            _argument("--since", metavar="SPAN", help="7d, 12h: the last so much of the items (stored: 7d)"),
            _argument("--against", metavar="DIR", help="a changed config folder: + rings only by it, - no longer"),
        ),
    ),
    Command(
        "search",
        "stored news by its words, the newest first, with and without marks",
        "monitor search 'giá vàng' --since 7d --limit 5",
        "search_command:run",
        (
            _argument("words", nargs="+", metavar="WORDS", help='words, "phrases", since:7d, outlet:VOV, @putin'),
            _argument("--since", type=span, metavar="SPAN", help="7d, 12h: published in the last so much"),
            _argument("--watch", metavar="ID", help="only what names this leader or event"),
            _argument("--outlet", metavar="NAME", help="only of this newspaper"),
            _argument("--limit", type=positive, default=20, metavar="N", help="at most so many (default 20)"),
            _json("a line an article"),
        ),
    ),
    Command(
        "missed",
        "why nobody was told of an article (JSON line); 1 when it never came in",
        "monitor missed https://vnexpress.net/tin-4700001.html --explain",
        "missed:run",
        (
            _argument("asked", metavar="URL|TEXT|-", help="its address, its title, or any sentence of it"),
            _argument("--chat", metavar="ID[:TOPIC]", help="why this chat was not told"),
            _argument("--explain", action="store_true", help="for a person: the reason, the marked text, near misses"),
            _argument("--lang", choices=("vi", "en"), default="en", help="language of the reasons (default en)"),
        ),
    ),
    Command(
        "chart",
        "a picture of stored news as a file: mentions a day, who is named with whom, a day, a week",
        "monitor chart trend putin --since 30d --out trend.png",
        "chart:run",
        (
            _argument("picture", choices=("trend", "who", "day", "week"), help="what is shown"),
            _argument("targets", nargs="*", metavar="TARGET", help="trend: one watch or two; who: one; by id or name"),
            _argument("--since", type=span, default="30d", metavar="SPAN", help="of trend and who (default 30d)"),
            _argument("--outlets", action="store_true", help="of a trend: which newspapers, in place of days"),
            _argument("--day", metavar="DATE", help="the last day shown: 2026-08-23 (default: up to now)"),
            _argument("--dark", action="store_true", help="on a dark ground"),
            _argument("--lang", choices=("vi", "en"), default="vi", help="language of its words (default vi)"),
            _argument("--out", required=True, metavar="FILE", help="what to write: FILE.png or FILE.svg"),
        ),
    ),
    Command(
        "suggest",
        "what nobody watches yet: rising names, spellings, new holders",
        "monitor suggest --since 3d --limit 5",
        "suggest:run",
        (
            _json("a line a proposal"),
            _stored_or_given(),
            _argument("--since", type=span, default="7d", metavar="SPAN", help="the recent days (default 7d)"),
            _argument("--limit", type=positive, default=10, metavar="N", help="proposals of a kind (default 10)"),
        ),
    ),
    Command(
        "learn",
        "what to change in a watch so that it agrees with marks",
        "monitor learn putin marks.jsonl items.jsonl --explain",
        "learn:run",
        (
            _argument("watch", metavar="ID", help="of a watch"),
            _argument("marks", nargs="?", metavar="MARKS", help='lines {"id", "right": true | false}; - for stdin'),
            _stored_or_given(),
            _argument("--stored", action="store_true", help="marks of the chats: what readers called wrong"),
            _argument("--since", type=span, default="30d", metavar="SPAN", help="of the stored items (default 30d)"),
            _argument("--cross", action="store_true", help="judge each fifth of the marks by what the others teach"),
            _argument("--explain", action="store_true", help="for a person, on stderr, also where it is no terminal"),
            _argument("--keep", action="store_true", help="keep the marks in config/marks, for check and backtest"),
            _argument("--write", dest="to_write", action="store_true", help="into the file, after a question"),
            _argument("--yes", action="store_true", help="write without the question"),
        ),
    ),
    Command(
        "draft",
        "a watch drafted from a name or from words: YAML, with what the items show as comments",
        "monitor draft 'Đào Hồng Lan' --since 30d > config/watchlists/dao-hong-lan.yaml",
        "draft:run",
        (
            _json('one object: {"yaml", "kind", "proposals": [{"field", "value", "support", "examples"}]}'),
            _argument("name", nargs="?", metavar="NAME", help="with or without marks, in any order"),
            _argument("--event", metavar="WORDS", help="what happens, in a few words, in the place of NAME"),
            _argument(
                "--like", metavar="FILE|-", help="items that are wanted (JSON lines); alone they say what to watch"
            ),
            _stored_or_given(),
            _argument("--llm", action="store_true", help="let the language model of MONITOR_SUMMARY_URL write it"),
            _argument("--since", type=span, metavar="SPAN", help="the last so much of the items (stored: 30d)"),
        ),
    ),
    Command(
        "login",
        "a one-time link to the web page, valid for ten minutes; also while the service runs",
        "monitor login",
        "login:run",
        (
            _argument(
                "--chat",
                metavar="ID[:TOPIC]",
                help="as this chat, with its rights (default: as an administrator)",
            ),
        ),
    ),
    Command(
        "export",
        "subscribers, subscriptions and state (JSON lines)",
        "monitor export --subscribers > subscribers.jsonl",
        "export_import:export",
        (
            _argument(
                "--subscribers",
                dest="subscribers_only",
                action="store_true",
                help="without news: chats, what they follow, invitations",
            ),
        ),
    ),
    Command(
        "import",
        "read what export wrote; what is there already stays. Needs the service stopped",
        "monitor import subscribers.jsonl",
        "export_import:import_",
        (_source(),),
    ),
    Command(
        "backup",
        "the whole database into one file; consistent, while the service runs",
        "monitor backup tonight.db",
        "backup_restore:backup",
        (
            _argument("file", metavar="FILE", help="what to write; readable by this user alone"),
            _argument("--force", action="store_true", help="replace FILE if it is there"),
        ),
    ),
    Command(
        "restore",
        "put a backup in the place of the database. Needs the service stopped",
        "monitor restore yesterday.db",
        "backup_restore:restore",
        (_argument("file", metavar="FILE", help="what backup wrote; the present database is kept aside"),),
    ),
    Command(
        "migrate",
        "bring the database to this version's schema and end; monitor run does it by itself, too",
        "monitor migrate",
        "migrate:run",
    ),
    Command(
        "doctor",
        "disk, database, clock, network, token, permissions: what is wrong and what to do",
        "monitor doctor --json",
        "doctor:run",
        (_json('one object: {"checks": [{"name", "state", "what", "do"}]}'),),
    ),
    Command(
        "schema",
        "write the JSON Schemas of feeds.yaml and watchlists, for editors",
        "monitor schema config/schema",
        "files:schema",
        (_argument("folder", nargs="?", default="config/schema", metavar="FOLDER"),),
    ),
)


def parser() -> argparse.ArgumentParser:
    """The command line, made of the table."""
    root = argparse.ArgumentParser(
        prog="monitor",
        description="Watches the feeds of Vietnamese newspapers and sends one Telegram message per story.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # a script that says --sent would break with the next option
    )
    root.add_argument("--version", action="version", version=f"monitor {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        made = commands.add_parser(
            command.name,
            help=command.help,
            description=f"{command.help[0].upper()}{command.help[1:]}.",
            epilog=f"example: {command.example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,  # an example stays on its line
            allow_abbrev=False,
        )
        for argument in command.arguments:
            made.add_argument(*argument.names, **argument.settings)
    return root


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its code; what was wrong is said in a line on stderr."""
    speak_utf8()
    command = "monitor"
    try:
        arguments = parser().parse_args(argv)
        command = f"monitor {arguments.command}"
        code = dispatch(arguments)
        sys.stdout.flush()
    except ConfigError as wrong:
        code = _end(str(wrong), WRONG)
    except MonitorError as wrong:
        code = _end(f"{command}: {wrong}", WRONG)
    except KeyboardInterrupt:
        code = _end("", INTERRUPTED)
    except SystemExit as end:  # argparse: 0 after --help, 2 after wrong use
        code = _end("", end.code if isinstance(end.code, int) else DONE)
    except BrokenPipeError:  # `monitor match … | head` is no failure
        _drop_stdout()
        code = DONE
    except OSError as wrong:  # the disk behind stdout is full, a file went away while it was read
        place = f" {wrong.filename}" if wrong.filename else ""
        code = _end(f"{command}:{place} {wrong.strerror or wrong}", WRONG)
    gc.freeze()  # or the interpreter's last search for garbage takes 0.1 s, of a heap that ends with the process
    sys.exit(code)


def _end(why: str, code: int) -> int:
    """Say why, after what was answered before; gives `code`."""
    try:
        sys.stdout.flush()
    except OSError:
        _drop_stdout()
    if why:
        print(why, file=sys.stderr)
    return code


def _drop_stdout() -> None:
    """What is still in the buffer has nowhere to go; the interpreter must not stumble over it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def dispatch(arguments: argparse.Namespace) -> int:
    """Import the module of the command that was typed and run its function; gives the exit code."""
    given = vars(arguments).copy()
    name = given.pop("command")
    module, function = next(command.does for command in COMMANDS if command.name == name).split(":")
    code: int = getattr(import_module(f"monitor.cli.{module}"), function)(**given)
    return code


if __name__ == "__main__":
    main()
