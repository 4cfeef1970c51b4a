"""The command line inside this process: what is typed and piped in, and what comes out on both ends."""

import io
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.main import main
from tests.newsstand import WATCHLIST

FEEDS = """\
feeds:
  - {id: ben-song, outlet: Bến Sông, url: 'https://ben-song.example/rss', section: Thế giới}
  - {id: sao-mai, outlet: Sao Mai, url: 'https://sao-mai.example/rss'}
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output, which must be JSON lines and nothing else."""
        return [json.loads(line, parse_constant=_no_json) for line in self.out.splitlines()]


def _no_json(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def _written(stream: io.TextIOWrapper) -> str:
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A shell in `folder`, where config/ lies."""

    folder: Path
    patch: pytest.MonkeyPatch

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self.patch.setenv(f"MONITOR_{name.upper()}", value)

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return str(path)

    def __call__(self, *arguments: str, given: bytes | str | Sequence[object] = b"") -> Ended:
        """Run `monitor …` with bytes, text or rows on standard input."""
        if not isinstance(given, bytes | str):
            given = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in given)
        given = given if isinstance(given, bytes) else given.encode()
        # ASCII ends, as under LC_ALL=C: the program has to say that it speaks UTF-8
        source = io.TextIOWrapper(io.BufferedReader(io.BytesIO(given)), encoding="ascii")
        out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
        err = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
        with self.patch.context() as patch:
            patch.setattr("sys.stdin", source)
            patch.setattr("sys.stdout", out)
            patch.setattr("sys.stderr", err)
            with pytest.raises(SystemExit) as end:
                main(arguments)
        code = end.value.code
        assert isinstance(code, int)
        out.flush()
        return Ended(code, _written(out), _written(err))


@pytest.fixture
def monitor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line in an empty folder with two feeds and three watches."""
    for name in list(os.environ):
        if name.startswith("MONITOR_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    shell = CommandLine(tmp_path, monkeypatch)
    shell.write("config/feeds.yaml", FEEDS)
    shell.write("config/watchlists/all.yaml", WATCHLIST)
    return shell
