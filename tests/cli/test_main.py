"""The real command in a process of its own: what is typed, how it streams, how it ends."""

import argparse
import inspect
import json
import os
import re
import resource
import selectors
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest

from monitor.cli.main import COMMANDS, Command, parser
from tests.command_line import CommandLine
from tests.test_docs import PROMISED

MONITOR = [sys.executable, "-m", "monitor.cli.main"]
REPO = Path(__file__).parents[2]
WITHIN = 20.0  # seconds until a test gives up waiting


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MONITOR_", "LC_", "PYTHON"))}
    return kept | {"PYTHONPATH": str(REPO)} | more


def ended(*arguments: str, given: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*MONITOR, *arguments], input=given, capture_output=True, env=environment(**more), timeout=60, check=False
    )


@contextmanager
def started(*arguments: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [*MONITOR, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,  # else a line that has come hides in a buffer of ours
        env=environment(**more),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def next_line(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        assert waiting.select(WITHIN), "no answer came"
    return process.stdout.readline()


def say(process: subprocess.Popen[bytes], what: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(what)
    process.stdin.flush()


# ---------------------------------------------------------------- what is typed


def test_help_answers_at_once_and_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "try:\n    import monitor.cli.main; monitor.cli.main.main(['--help'])\n"
        "finally:\n    print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment(), timeout=60, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    heavy = {"aiohttp", "pydantic", "sqlalchemy", "telegram", "underthesea", "trafilatura", "feedparser", "lark"}
    heavy |= {"apscheduler", "yaml", "structlog", "rich", "asyncio", "numpy", "babel", "alembic", "lxml"}
    assert (done.returncode, heavy & set(done.stderr.decode().split())) == (0, set())
    assert b"COMMAND" in done.stdout
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def test_every_command_that_is_promised_explains_itself(monitor: CommandLine) -> None:
    shown = monitor("--help").out
    for command in PROMISED:
        assert command in shown
        helped = monitor(command, "--help")
        assert (helped.code, helped.err) == (0, "")
        assert helped.out.startswith(f"usage: monitor {command}")


def test_the_version_is_the_package_s(monitor: CommandLine) -> None:
    from monitor import __version__

    assert monitor("--version").out == f"monitor {__version__}\n"


def parsed(command: Command, line: str) -> argparse.Namespace:
    """An example, as a shell takes it apart and the parser reads it."""
    words = shlex.split(line.partition(" > ")[0])
    assert words[:2] == ["monitor", command.name]
    return parser().parse_args(words[1:])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_example_of_a_command_stands_in_its_help_and_parses(monitor: CommandLine, command: Command) -> None:
    assert monitor(command.name, "--help").out.endswith(f"\nexample: {command.example}\n")
    assert parsed(command, command.example).command == command.name


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_what_is_typed_fits_the_function_that_does_it(command: Command) -> None:
    module, name = command.does.split(":")
    does = getattr(import_module(f"monitor.cli.{module}"), name)
    given = vars(parsed(command, command.example))
    del given["command"]
    taken = inspect.signature(does).bind(**given)
    assert taken.arguments.keys() == inspect.signature(does).parameters.keys(), "every option reaches it, by its name"


OFFLINE = [command for command in COMMANDS if command.name not in ("run", "demo", "parse")]


@pytest.mark.parametrize("command", OFFLINE, ids=lambda command: command.name)
def test_the_example_of_a_command_works(monitor: CommandLine, command: Command) -> None:
    monitor.write("items.jsonl", '{"title": "Vladimir Putin thăm nhà máy gốm", "published": "2026-11-20T08:00:00Z"}')
    monitor.write("marks.jsonl", '{"id": 1, "right": true}')
    assert monitor("import").code == 0, "it makes the database"
    monitor.write("subscribers.jsonl", monitor("export", "--subscribers").out)
    assert monitor("backup", "yesterday.db").code == 0
    words = shlex.split(re.sub(r" > \S+|--again \S+|--drop \S+", "", command.example))
    end = monitor(*words[1:])
    assert end.code in (0, 1), end.err


def test_the_package_is_the_command_too() -> None:
    for module in ("monitor", "monitor.cli.main"):
        end = subprocess.run(
            [sys.executable, "-m", module, "--version"], capture_output=True, env=environment(), timeout=60, check=False
        )
        assert (end.returncode, end.stderr) == (0, b"")
        assert end.stdout.startswith(b"monitor ")


@pytest.mark.parametrize(
    "typed",
    [
        (),
        ("publish",),
        ("match", "--nothing"),
        ("match", "a", "b"),
        ("summarise", "--sentences", "0"),
        ("summarise", "--sentences", "-3"),
        ("summarise", "--sentences", "zwei"),
        ("summarise", "--chars", "1.5"),
        ("summarise", "--watch"),
        ("summarise", "--sent", "2"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_told_on_stderr_with_code_2(monitor: CommandLine, typed: Sequence[str]) -> None:
    end = monitor(*typed)
    assert (end.code, end.out) == (2, "")
    assert end.err.startswith("usage: monitor")


# ---------------------------------------------------------------- what cannot be opened


@pytest.mark.parametrize("command", ["parse", "match", "stories", "summarise"])
@pytest.mark.parametrize(
    "source", ["nothing.jsonl", "config", "config/feeds.yaml/x", "a\0b", "x" * 5000, "/proc/self/mem"]
)
def test_a_source_that_cannot_be_read_is_one_line_with_code_2(monitor: CommandLine, command: str, source: str) -> None:
    end = monitor(command, source)
    assert (end.code, end.out) == (2, "")
    assert end.err.startswith(f"monitor {command}: ")
    assert end.err.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_wrong_use(monitor: CommandLine) -> None:
    Path(monitor.write("locked.jsonl", "{}")).chmod(0)
    assert "Permission denied" in monitor("match", "locked.jsonl").err


@pytest.mark.parametrize("command", ["match", "check", "feeds", "status", "run", "summarise --watch putin"])
def test_a_missing_configuration_is_told_with_code_2(monitor: CommandLine, command: str) -> None:
    monitor.set(config_dir="nirgends")
    end = monitor(*command.split())
    assert end.code == 2
    assert "nirgends" in end.err + (end.out if command == "check" else "")
    assert "Traceback" not in end.err


@pytest.mark.parametrize("command", ["parse", "match", "feeds", "status", "run"])
def test_a_wrong_setting_is_told_with_code_2(monitor: CommandLine, command: str) -> None:
    monitor.set(access="everybody", timezone="Mars/Base")
    end = monitor(command, given=b"")
    assert (end.code, end.out) == (2, "")
    assert "MONITOR_ACCESS" in end.err
    assert "MONITOR_TIMEZONE" in end.err


def test_a_wrong_query_is_told_with_its_place(monitor: CommandLine) -> None:
    monitor.write("config/watchlists/all.yaml", "events:\n  - {id: x, name: X, match: ['a AND']}\n")
    end = monitor("match", given=b'{"title": "x"}\n')
    assert (end.code, end.out) == (2, "")
    assert end.err.startswith("config/watchlists/all.yaml:2:")


# ---------------------------------------------------------------- streaming


@pytest.mark.parametrize("command", ["match", "stories", "summarise"])
def test_whoever_writes_one_line_and_waits_gets_its_answer(monitor: CommandLine, command: str) -> None:
    with started(command) as process:
        for number in range(3):
            say(process, json.dumps({"id": number, "title": "Putin nói"}).encode() + b"\n")
            assert json.loads(next_line(process))["id"] == number
        say(process, b'{"id": 3, "title": "Pu')  # half a line keeps nobody's answer
        say(process, b'tin"}\n')
        assert json.loads(next_line(process))["id"] == 3
        say(process, b'{"id": 4, "title": "x"}\n{"id": 5, "title": "y"}\n{"id": 6, ')
        assert [json.loads(next_line(process))["id"] for _ in range(2)] == [4, 5]
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(WITHIN) == 1, "the last line was half a line"


@pytest.mark.slow
def test_answers_are_utf_8_under_the_c_locale(monitor: CommandLine) -> None:
    given = '{"id": "Đ", "title": "Ông Putin nói"}\n'.encode()
    for more in ({"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"LANG": "C"}):
        end = ended("match", given=given, **more)
        assert (end.returncode, end.stderr) == (0, b"")
        assert json.loads(end.stdout)["id"] == "Đ"
        assert "Đ".encode() in end.stdout
    assert "Đ" in ended("match", "--explain", given=given, LC_ALL="C", PYTHONUTF8="0").stdout.decode()


@pytest.mark.slow
def test_memory_stays_while_items_pass(monitor: CommandLine) -> None:
    line = json.dumps({"title": "Giá rau ổn định", "body": "Không có gì mới. " * 3000}).encode() + b"\n"
    with started("match") as process:
        answers = 0

        def read() -> None:
            nonlocal answers
            assert process.stdout is not None
            for _ in process.stdout:
                answers += 1

        reader = threading.Thread(target=read)
        reader.start()
        say(process, line * 20)
        first = _resident(process.pid)
        for _ in range(20):
            say(process, line * 20)
        assert process.stdin is not None
        last = _resident(process.pid)
        process.stdin.close()
        reader.join(WITHIN)
        assert answers == 420
        assert last - first < 60 * 2**20, "20 MB went through"


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def test_a_line_of_10_mb_is_read(monitor: CommandLine) -> None:
    body = "Một câu không nói gì về ai. " * 400_000
    end = monitor("match", given=[{"id": 1, "title": "Putin", "body": body}, {"id": 2, "title": "Putin"}])
    assert [row["id"] for row in end.rows] == [1, 2]


# ---------------------------------------------------------------- how it ends


def test_ctrl_c_ends_with_130_and_keeps_what_was_answered(monitor: CommandLine) -> None:
    with started("match") as process:
        say(process, b'{"id": 1, "title": "Putin"}\n')
        assert json.loads(next_line(process))["id"] == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(WITHIN) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_a_reader_that_has_seen_enough_is_no_failure(monitor: CommandLine) -> None:
    with started("match") as process:
        say(process, b'{"id": 1, "title": "Putin"}\n')
        next_line(process)
        assert process.stdout is not None
        process.stdout.close()
        try:
            for _ in range(50):
                say(process, b'{"id": 1, "title": "Putin"}\n' * 100)
        except BrokenPipeError:
            pass  # it has ended, as it should
        assert process.wait(WITHIN) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_a_full_disk_is_one_line_with_code_2(monitor: CommandLine) -> None:
    with open("/dev/full", "wb") as full:
        end = subprocess.run(
            [*MONITOR, "match"],
            input=b'{"title": "Putin"}\n',
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(),
            timeout=60,
            check=False,
        )
    assert end.returncode == 2
    assert end.stderr == b"monitor match: No space left on device\n"


@pytest.mark.slow
def test_closed_ends_are_no_traceback(monitor: CommandLine) -> None:
    for redirection in ("<&-", ">&-", "2>&-"):
        end = subprocess.run(
            ["sh", "-c", f'"$0" -m monitor.cli.main match {redirection}', sys.executable],
            input=b'{"title": "Putin"}\n',
            capture_output=True,
            env=environment(),
            timeout=60,
            check=False,
        )
        assert b"Traceback" not in end.stderr
        assert end.returncode in (0, 2)


@pytest.mark.slow
def test_a_demo_that_nobody_watches_any_more_ends(monitor: CommandLine) -> None:
    with started("demo") as process:
        next_line(process)
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(WITHIN) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.slow
@pytest.mark.parametrize(
    "typed", [["feeds"], ["feeds", "--json"], ["feeds", "--opml"], ["status"], ["check"], ["--help"]]
)
def test_whatever_is_shown_may_be_cut_by_a_pipe(monitor: CommandLine, typed: list[str]) -> None:
    monitor.write("config/watchlists/more.yaml", "leaders:\n  - {id: p, name: Tô Lâm, aliases: [Tô Lâm]}\n")
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as cut:
        end = subprocess.run(
            [*MONITOR, *typed], stdout=cut, stderr=subprocess.PIPE, env=environment(), timeout=60, check=False
        )
    assert end.returncode == 0
    assert b"Error" not in end.stderr
