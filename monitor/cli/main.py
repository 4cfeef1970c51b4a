"""The commands: what is typed is read here and handed to the module under commands/ that does it.

Imports nothing heavy before it is known what is wanted, so that `monitor --help` answers at once.
Exit codes: 0 done, 1 done but something needs attention, 2 wrong use or configuration, 130 interrupted.
"""

import argparse
import gc
import os
import re
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import NoReturn

from monitor import __version__
from monitor.cli.exit_codes import DONE, INTERRUPTED, WRONG
from monitor.cli.jsonl import speak_utf8
from monitor.errors import ConfigError, MonitorError

EPILOG = """\
Settings come from the environment or .env (MONITOR_CONFIG_DIR, MONITOR_DATABASE_URL, MONITOR_TELEGRAM_TOKEN, …).
JSON lines go to standard output and only they; everything else goes to standard error.
Exit codes: 0 done, 1 done but something needs attention, 2 wrong use or wrong configuration, 130 interrupted.
"""


def parser() -> argparse.ArgumentParser:
    """The command line as contract 1 draws it."""
    root = argparse.ArgumentParser(
        prog="monitor",
        description="Watches the feeds of Vietnamese newspapers and tells Telegram once.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # a script that says --sent would break with the next option
    )
    root.add_argument("--version", action="version", version=f"monitor {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str, *, json: str = "") -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False)
        if json:
            made.add_argument("--json", action="store_true", help=json)
        return made

    run = command("run", "the service: polls, matches, groups and delivers until it is stopped")
    run.add_argument("--once", action="store_true", help="poll everything due, deliver, and end (cron, tests)")

    demo = command("demo", "a newsroom on loopback and the real pipeline, in this terminal")
    demo.add_argument("--keep", action="store_true", help="go on until interrupted")

    command(
        "check", "validate settings, feeds and watchlists: FILE:LINE:COLUMN: what is wrong", json="a line a problem"
    )

    parse = command("parse", "feed bytes -> items (JSON lines)")
    _source(parse, "FILE|URL|-")
    parse.add_argument("--feed", default="", metavar="ID", help="of a configured feed: its outlet and zone count")

    match = command("match", "items -> matches (JSON lines), one line an item")
    _source(match)
    match.add_argument("--explain", action="store_true", help="for a person: marked texts, near misses")
    match.add_argument("--quotes", action="store_true", help='add "quotes": who of the watched leaders says what')
    match.add_argument("--lang", choices=("vi", "en"), default="en", help="language of --explain (default en)")

    _source(command("stories", "items -> the story of each (JSON lines), decided with what came before only"))

    summarise = command("summarise", "items or stories -> summaries (JSON lines)")
    _source(summarise)
    summarise.add_argument("--watch", metavar="ID", help="prefer sentences that name this watch")
    summarise.add_argument("--sentences", type=_positive, default=3, metavar="N", help="at most (default 3)")
    summarise.add_argument("--chars", type=_positive, metavar="N", help="at most, cut at sentence ends")

    feeds = command("feeds", "every feed and how it does", json="a line a feed")
    feeds.add_argument("--opml", action="store_true", help="the configured feeds as OPML")
    status = command("status", "what works and what needs a person (then the exit code is 1)", json="one object")
    for option, text in (("again", "try it again"), ("drop", "let it go")):
        status.add_argument(
            f"--{option}",
            action="append",
            default=[],
            metavar="NAME",
            help=f"what needs a person, as status names it (item:12, alert:7, all): {text}",
        )

    backtest = command("backtest", "what would have alerted, over stored or given items", json="a line an alert")
    backtest.add_argument("source", nargs="?", metavar="FILE|-", help="items (JSON lines); default: the stored ones")
    backtest.add_argument("--watch", metavar="ID", help="this watch alone")
    backtest.add_argument("--since", metavar="SPAN", help="7d, 12h: the last so much of the items (stored: 7d)")
    backtest.add_argument("--against", metavar="DIR", help="a changed config folder: + rings only by it, - no longer")

    suggest = command(
        "suggest", "what nobody watches yet: rising names, spellings, new holders", json="a line a proposal"
    )
    suggest.add_argument("source", nargs="?", metavar="FILE|-", help="items (JSON lines); default: the stored ones")
    suggest.add_argument("--since", type=_span, default="7d", metavar="SPAN", help="the recent days (default 7d)")
    suggest.add_argument("--limit", type=_positive, default=10, metavar="N", help="proposals of a kind (default 10)")

    export = command("export", "subscribers, subscriptions and state (JSON lines)")
    export.add_argument("--subscribers", action="store_true", help="without news: chats, what they follow, invitations")
    _source(command("import", "read what export wrote; what is there already stays. Needs the service stopped"))

    schema = command("schema", "write the JSON Schemas of feeds.yaml and watchlists, for editors")
    schema.add_argument("folder", nargs="?", default="config/schema", metavar="FOLDER")
    return root


def _span(text: str) -> timedelta:
    from monitor.config.durations import parse_duration

    try:
        return parse_duration(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None


def _source(command: argparse.ArgumentParser, metavar: str = "FILE|-") -> None:
    command.add_argument("source", nargs="?", default="-", metavar=metavar, help="default: standard input")


def _positive(text: str) -> int:
    if not (re.fullmatch(r"\d{1,9}", text, re.ASCII) and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its code; what was wrong is said in a line on stderr."""
    speak_utf8()
    command = "monitor"
    try:
        arguments = parser().parse_args(argv)
        command = f"monitor {arguments.command}"
        if arguments.command not in ("run", "demo"):
            # what reads and ends makes next to no cycles: the search for them was a seventh of its start
            gc.set_threshold(100_000, 20, 20)
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
    """Import the command's module and run it; gives the exit code."""
    match arguments.command:
        case "run":
            from monitor.cli import run

            return run.run(once=arguments.once)
        case "demo":
            from monitor.cli import demo

            return demo.run(keep=arguments.keep)
        case "check":
            from monitor.cli import files

            return files.check(as_json=arguments.json)
        case "schema":
            from monitor.cli import files

            return files.schema(arguments.folder)
        case "parse":
            from monitor.cli import streams

            return streams.parse(arguments.source, feed_id=arguments.feed)
        case "match":
            from monitor.cli import streams

            return streams.match(
                arguments.source, explain=arguments.explain, lang=arguments.lang, quotes=arguments.quotes
            )
        case "stories":
            from monitor.cli import streams

            return streams.stories(arguments.source)
        case "summarise":
            from monitor.cli import streams

            return streams.summarise(
                arguments.source, watch=arguments.watch, sentences=arguments.sentences, chars=arguments.chars
            )
        case "feeds":
            from monitor.cli import feeds_status

            return feeds_status.opml() if arguments.opml else feeds_status.feeds(as_json=arguments.json)
        case "status":
            from monitor.cli import feeds_status

            return feeds_status.status(as_json=arguments.json, again=arguments.again, drop=arguments.drop)
        case "backtest":
            from monitor.cli import backtest

            return backtest.run(
                arguments.source,
                watch=arguments.watch,
                since=arguments.since,
                against=arguments.against,
                as_json=arguments.json,
            )
        case "suggest":
            from monitor.cli import suggest

            return suggest.run(
                source=arguments.source, since=arguments.since, limit=arguments.limit, as_json=arguments.json
            )
        case "export":
            from monitor.cli import export_import

            return export_import.export(subscribers_only=arguments.subscribers)
        case "import":
            from monitor.cli import export_import

            return export_import.import_(arguments.source)
        case _:
            raise AssertionError(arguments.command)


if __name__ == "__main__":
    main()
