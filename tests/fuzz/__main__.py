"""`python -m tests.fuzz TARGET [--seconds N]`: bytes that break a law, looked for by coverage (atheris, libFuzzer).

What is found so far lies in .fuzz/TARGET and is gone on from. What breaks is written to corpus/TARGET, where it is a
test from then on: give it a name that says what it shows, mend the code, keep the file. `python -m tests.fuzz --list`
names the targets; a file after TARGET puts that one input through it, with a traceback.
"""

import argparse
import os
import sys
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["monitor"]):
    from tests.fuzz import reading
    from tests.fuzz.targets import CORPUS, TARGETS, hold

WORK = Path(__file__).parents[2] / ".fuzz"
LONGEST_INPUT = 4_096  # bytes; a law makes a long one of a short one (reading.py)
LONG = 4_000  # bytes of a repeated piece: less than the tests take, for many more inputs
SLOWEST = 30  # seconds for one input, on the wall's clock, before it counts as one that hangs


def main() -> None:
    """Read what was typed, and hand over to libFuzzer, which ends the process."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", nargs="?", choices=sorted(TARGETS), metavar="TARGET")
    parser.add_argument("file", nargs="?", type=Path, help="put this one input through the target, and end")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--list", action="store_true")
    asked = parser.parse_args()
    if asked.list or asked.target is None:
        print(*TARGETS, sep="\n")
        return
    warnings.simplefilter("ignore")  # libraries warn of what is wrong with their input; laws speak of what we do
    if asked.file is not None:
        hold(asked.target, asked.file.read_bytes())
        return
    _look_for(asked.target, asked.seconds)


def _look_for(target: str, seconds: int) -> None:
    reading.LONG = LONG
    found, kept = WORK / target, CORPUS / target
    for folder in (found, kept):
        folder.mkdir(parents=True, exist_ok=True)
    options = (
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST_INPUT}",
        f"-timeout={SLOWEST}",
        f"-artifact_prefix={kept}{os.sep}",
        "-print_final_stats=1",
        "-rss_limit_mb=4096",
    )
    atheris.Setup([sys.argv[0], *options, str(found), str(kept)], lambda data: hold(target, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
