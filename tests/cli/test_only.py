"""`monitor run --only`: which part of the work one of several processes does."""

import pytest

from tests.command_line import CommandLine


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ("nix", "`nix` is no part of the work; write some of poll,detect,deliver,bot,web"),
        ("poll,", "`` is no part of the work"),
        ("poll", "on SQLite one process does all"),
    ],
)
def test_wrong_parts_and_parts_on_sqlite_are_refused_with_what_to_write(
    monitor: CommandLine, parts: str, said: str
) -> None:
    ended = monitor("run", "--only", parts)
    assert ended.code == 2
    assert said in ended.err
    assert not ended.out
