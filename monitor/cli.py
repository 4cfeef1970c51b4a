"""The commands: what is typed is read here and handed to app.py or to one use case.

Imports nothing heavy before it is known what is wanted, so that `monitor --help` answers at once.
Exit codes: 0 done, 1 done but something needs attention, 2 wrong use or configuration, 130 interrupted.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from monitor import __version__
from monitor.errors import ConfigError, MonitorError
from monitor.exits import DONE, INTERRUPTED, WRONG


def parser() -> argparse.ArgumentParser:
    """The command line as contract 1 draws it."""
    root = argparse.ArgumentParser(
        prog="monitor", description="Watches the feeds of Vietnamese newspapers and tells Telegram once."
    )
    root.add_argument("--version", action="version", version=f"monitor {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="the service: polls, matches, groups and delivers until it is stopped")
    run.add_argument("--once", action="store_true", help="poll everything due, deliver, and end (cron, tests)")

    demo = commands.add_parser("demo", help="a newsroom on loopback and the real pipeline, in this terminal")
    demo.add_argument("--keep", action="store_true", help="go on until interrupted")

    check = commands.add_parser(
        "check", help="validate settings, feeds and watchlists: FILE:LINE:COLUMN: what is wrong"
    )
    check.add_argument("--json", action="store_true", help="one JSON object a problem")

    for name, text in (
        ("parse", "feed bytes -> items (JSON lines); a file, a URL or - for standard input"),
        ("match", "items -> matches (JSON lines)"),
        ("stories", "items -> the story of each (JSON lines), decided with what came before only"),
        ("summarise", "items or stories -> summaries (JSON lines)"),
    ):
        lines = commands.add_parser(name, help=text)
        lines.add_argument("source", nargs="?", default="-", metavar="FILE", help="default: standard input")
        if name == "parse":
            lines.add_argument("--feed", default="", help="id of a configured feed: its outlet and time zone count")
            lines.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
        if name == "match":
            lines.add_argument("--explain", action="store_true", help="for a person: marked texts, near misses")
        if name == "summarise":
            lines.add_argument("--watch", metavar="ID", help="prefer sentences that name this watch")
            lines.add_argument("--sentences", type=_positive, default=3, metavar="N", help="at most (default 3)")
            lines.add_argument("--chars", type=_positive, metavar="N", help="at most, cut at sentence ends")

    feeds = commands.add_parser("feeds", help="every feed and how it does")
    feeds.add_argument("--json", action="store_true", help="one JSON object a feed")
    feeds.add_argument("--opml", action="store_true", help="the configured feeds as OPML")
    status = commands.add_parser("status", help="what works and what needs a person (then the exit code is 1)")
    status.add_argument("--json", action="store_true", help="one JSON object")

    schema = commands.add_parser("schema", help="write the JSON Schemas of feeds.yaml and watchlists for editors")
    schema.add_argument("folder", nargs="?", default="config/schema")
    return root


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its code."""
    arguments = parser().parse_args(argv)
    try:
        code = dispatch(arguments)
        sys.stdout.flush()
    except ConfigError as wrong:
        print(wrong, file=sys.stderr)
        code = WRONG
    except MonitorError as wrong:
        print(f"monitor {arguments.command}: {wrong}", file=sys.stderr)
        code = WRONG
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:  # `monitor match … | head` is no failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = DONE
    sys.exit(code)


def dispatch(arguments: argparse.Namespace) -> int:
    """Import the command's module and run it; gives the exit code."""
    match arguments.command:
        case "run":
            from monitor.commands import service

            return service.run(once=arguments.once)
        case "demo":
            from monitor.commands import demo

            return demo.run(keep=arguments.keep)
        case "check" | "schema":
            from monitor.commands import files

            if arguments.command == "schema":
                return files.schema(arguments.folder)
            return files.check(as_json=arguments.json)
        case "parse" | "match" | "stories" | "summarise":
            from monitor.commands import streams

            return streams.run(arguments)
        case "feeds" | "status":
            from monitor.commands import tables

            if arguments.command == "status":
                return tables.status(as_json=arguments.json)
            return tables.opml() if arguments.opml else tables.feeds(as_json=arguments.json)
        case _:
            raise AssertionError(arguments.command)


if __name__ == "__main__":
    main()
