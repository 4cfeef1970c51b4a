"""`make mutants FILE=monitor/net/responses.py`: is there a test for each thing that a file does?

cosmic-ray changes one thing of a copy of the tree (`<` to `<=`, a number by one, a condition to its opposite), runs the
tests that mirror the file, and notes whether one failed. A mutant that survives is a line that no test needs: a test
is missing, or the line says the same either way (docs/mutation.md lists which is which). What was judged is kept in
.mutants/ until the file changes, so that a run can be broken off and gone on with.
"""

import argparse
import hashlib
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

REPO = Path(__file__).parents[1]
WORK = REPO / ".mutants"
COSMIC_RAY = REPO / ".tools" / "bin"
COPIED = ("monitor", "tests", "config", "pyproject.toml")
WHOLE_ROOMS = ("monitor/pipeline", "monitor/store", "monitor/notify", "monitor/net")

# Files without a test of their own name, and those whose neighbours test them as well.
TESTED_BY = {
    "monitor/notify/html.py": ("tests/notify/test_html.py", "tests/notify/test_render.py"),
    "monitor/notify/why.py": ("tests/notify/test_render.py",),
    "monitor/pipeline/alerts.py": ("tests/pipeline/test_alerts.py", "tests/pipeline/test_alert_laws.py"),
    "monitor/pipeline/dedupe_keys.py": ("tests/pipeline/test_dedupe_keys.py", "tests/pipeline/test_alerts.py"),
    "monitor/pipeline/judge.py": ("tests/pipeline/test_judge.py", "tests/pipeline/test_alerts.py"),
    "monitor/store/attempts.py": ("tests/store/test_attempts.py", "tests/store/test_outbox_rows.py"),
    "monitor/store/process_rows.py": ("tests/store/test_process_rows.py", "tests/app/test_clock_guard.py"),
}

# Of each kind of change the few that a person might make by mistake: all of them would be five times as many.
LEFT_OUT = (
    "core/ReplaceComparisonOperator_(?!Eq_NotEq|NotEq_Eq|Lt_LtE|Lt_GtE|LtE_Lt|LtE_Gt|Gt_GtE|Gt_LtE|GtE_Gt|GtE_Lt"
    "|Is_IsNot|IsNot_Is)",
    "core/ReplaceBinaryOperator_(?!Add_Sub|Sub_Add|Mul_Div|Div_Mul|FloorDiv_Mul|BitAnd_BitOr)",
    "core/RemoveDecorator",
)


def main() -> int:
    """Judge one file, or all of the rooms one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("file", nargs="*", help="files of monitor/; none: all of pipeline, store, notify and net")
    parser.add_argument("--again", action="store_true", help="try what survived once more, after a test was added")
    parser.add_argument("--report", action="store_true", help="only say what is known")
    parser.add_argument(
        "--databases", choices=("sqlite", "all"), default="sqlite", help="all: also on PostgreSQL, slower"
    )
    asked = parser.parse_args()
    if not (COSMIC_RAY / "cosmic-ray").exists():
        print("cosmic-ray is not installed: make tools", file=sys.stderr)
        return 2
    rooms = (path for room in WHOLE_ROOMS for path in sorted((REPO / room).glob("*.py")) if path.name != "__init__.py")
    for path in map(Path, asked.file) if asked.file else (path.relative_to(REPO) for path in rooms):
        session = _session(path)
        if not asked.report:
            _judge(path, session, again=asked.again, databases=asked.databases)
        if session.exists():
            _say(path, session)
    return 0


def tests_of(path: Path) -> list[str]:
    """The tests that mirror a file of monitor/; those of its room when none bears its name."""
    mirrored = Path("tests", *path.parts[1:-1], f"test_{path.name}").as_posix()
    named = [each for each in TESTED_BY.get(path.as_posix(), (mirrored,)) if (REPO / each).exists()]
    return named or [Path("tests", *path.parts[1:-1]).as_posix()]


def _session(path: Path) -> Path:
    """Where the verdicts on this text of the file are kept."""
    content_hash = hashlib.sha256((REPO / path).read_bytes()).hexdigest()[:12]
    return WORK / path.as_posix().replace("/", ".") / f"{content_hash}.sqlite"


def _judge(path: Path, session: Path, *, again: bool, databases: str) -> None:
    tree = session.parent / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    for name in COPIED:
        source = REPO / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree / name)
    pytest = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", *tests_of(path)]
    if databases == "sqlite":
        pytest += ["-k", "not postgresql"]
    started = time.monotonic()
    subprocess.run(pytest, cwd=tree, env=_environment(), check=True, stdout=subprocess.DEVNULL)
    limit = 10 + 5 * (time.monotonic() - started)  # a mutant may wait for ever, and a busy machine is slow
    settings = session.with_suffix(".toml")
    settings.write_text(
        f'[cosmic-ray]\nmodule-path = "{path.as_posix()}"\ntimeout = {limit:.0f}\nexcluded-modules = []\n'
        f"test-command = {_quoted(shlex.join(pytest))}\n"
        '[cosmic-ray.distributor]\nname = "local"\n'
        f"[cosmic-ray.filters.operators-filter]\nexclude-operators = [{', '.join(map(_quoted, LEFT_OUT))}]\n"
    )
    if not session.exists():
        _run(tree, "cosmic-ray", "init", settings, session)
        _run(tree, "cr-filter-operators", session, settings)
    if again:
        with sqlite3.connect(session) as rows:
            rows.execute("DELETE FROM work_results WHERE test_outcome = 'SURVIVED'")
    _run(tree, "cosmic-ray", "exec", settings, session)


def _run(tree: Path, program: str, *arguments: str | Path) -> None:
    subprocess.run([COSMIC_RAY / program, *arguments], cwd=tree, env=_environment(), check=True)


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_PROFILE": "mutants",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(WORK / "hypothesis"),
    }


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _say(path: Path, session: Path) -> None:
    """How many there are, how many were killed, and each survivor as a difference."""
    with sqlite3.connect(session) as rows:
        counted = dict(
            rows.execute(
                "SELECT coalesce(test_outcome, worker_outcome), count(*) FROM work_results"
                " WHERE worker_outcome != 'SKIPPED' GROUP BY 1"
            ).fetchall()
        )
        waiting = rows.execute(
            "SELECT count(*) FROM work_items WHERE job_id NOT IN (SELECT job_id FROM work_results)"
        ).fetchone()[0]
        survivors = rows.execute(
            "SELECT operator_name, start_pos_row, diff FROM work_results JOIN mutation_specs USING (job_id)"
            " WHERE test_outcome = 'SURVIVED' ORDER BY start_pos_row"
        ).fetchall()
    for operator, line, diff in survivors:
        changed = [each for each in str(diff).splitlines() if each[:1] in "+-" and each[:3] not in ("+++", "---")]
        print(f"{path}:{line}: {str(operator).removeprefix('core/')}", *changed, sep="\n    ")
    counted.pop("INCOMPETENT", None)  # changes that could not be made
    judged = sum(counted.values())
    print(f"{path}: {judged} mutants, {counted.get('KILLED', 0)} killed, {len(survivors)} survived, {waiting} to come")


if __name__ == "__main__":
    raise SystemExit(main())
