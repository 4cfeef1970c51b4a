"""`python -m tests.faults --seed 7 --minutes 1`: play plans and print what became of every alert."""

import argparse
import asyncio
import random
from pathlib import Path

from tests.faults.bench import play, report
from tests.faults.plan import KINDS, Place, Size, plan, shown

LARGE = {"outlets": 200, "chats": 40, "a_second": 0.6, "poll_every": 5}


def main() -> None:
    """Exit code 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="which plan; drawn when not given")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--outlets", type=int, default=20)
    parser.add_argument("--chats", type=int, default=12)
    parser.add_argument("--a-second", type=float, default=1.0, help="articles, of all outlets together")
    parser.add_argument("--large", action="store_true", help="200 outlets, 300 subscribers")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    trouble = [*Place, *KINDS]
    parser.add_argument("--without", nargs="*", default=[], metavar="TROUBLE", choices=trouble)
    parser.add_argument("--only", nargs="*", default=[], metavar="TROUBLE", choices=trouble)
    parser.add_argument("--plan", action="store_true", help="print the plan and play nothing")
    parser.add_argument("--package", type=Path, default=None, help="the folder in which another monitor/ stands")
    parser.add_argument("--keep", type=Path, default=None, help="keep logs and databases in this folder")
    given = parser.parse_args()
    seed = random.randrange(2**32) if given.seed is None else given.seed
    size = {"outlets": given.outlets, "chats": given.chats, "a_second": given.a_second, "poll_every": 1} | (
        LARGE if given.large else {}
    )
    world = Size(seconds=given.minutes * 60, **size)
    guilty = False
    for database in ["sqlite", "postgresql"] if given.database == "both" else [given.database]:
        if given.plan:
            print(shown(plan(seed, world, database=database, without=given.without, only=given.only)))
            continue
        more = {} if given.package is None else {"package": given.package.resolve()}
        keep = None if given.keep is None else (given.keep / database).resolve()
        run = asyncio.run(play(seed, world, database, without=given.without, only=given.only, keep=keep, **more))
        print(report(run, database), flush=True)
        guilty = guilty or run.verdict.guilty
    raise SystemExit(int(guilty))


if __name__ == "__main__":
    main()
