"""`make audit`: is a vulnerability known of a package that is locked? pip-audit asks PyPI, then OSV for the rest.

Ends with 1 for a known vulnerability and with 0 for none. Where no database can be reached nothing is wrong with the
project, so that ends with 0 too, and with the clear word that nobody was asked: never taken for a clean bill.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).parents[1]
PIP_AUDIT = REPO / ".tools" / "bin" / "pip-audit"
DATABASES = ("pypi", "osv")
AT_MOST = 600  # seconds for one lock file and one database


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the databases said of the packages of one lock file."""

    judged: frozenset[str]
    vulnerable: Mapping[str, Sequence[str]]  # "name version" to the names of what is known
    silence: str = ""  # why a database said nothing


def main(locks: Sequence[str], program: Path = PIP_AUDIT) -> int:
    """Ask for each lock file, and say what was found."""
    vulnerable: dict[str, Sequence[str]] = {}
    for lock in locks:
        packages = locked(Path(lock).read_text("utf-8"))
        verdict = _asked_everywhere(program, lock, packages)
        vulnerable |= verdict.vulnerable
        missing = sorted(packages - verdict.judged)
        print(f"{lock}: {len(packages)} packages, {len(verdict.judged)} judged, {len(verdict.vulnerable)} vulnerable")
        if missing:
            why = f" ({verdict.silence})" if verdict.silence else ""
            named = "none of them" if len(missing) == len(packages) else f"not {', '.join(missing)}"
            print(f"{lock}: NOT AUDITED, no database could be asked{why}: {named}", file=sys.stderr)
    for package, names in sorted(vulnerable.items()):
        print(f"VULNERABLE {package}: {', '.join(names)}", file=sys.stderr)
    return 1 if vulnerable else 0


def locked(text: str) -> frozenset[str]:
    """The packages that a lock file pins."""
    return frozenset(
        line.partition("==")[0].lower() for line in text.splitlines() if line[:1].isalnum() and "==" in line
    )


def _asked_everywhere(program: Path, lock: str, packages: frozenset[str]) -> Verdict:
    judged: frozenset[str] = frozenset()
    vulnerable: dict[str, Sequence[str]] = {}
    silence = ""
    for database in DATABASES:
        if judged >= packages:
            break
        verdict = _asked(program, lock, database)
        judged |= verdict.judged & packages
        vulnerable |= verdict.vulnerable
        silence = verdict.silence or silence
    return Verdict(judged, vulnerable, silence)


def _asked(program: Path, lock: str, database: str) -> Verdict:
    command: list[str | Path] = [
        program,
        "--requirement",
        lock,
        "--disable-pip",
        "--require-hashes",
        "--vulnerability-service",
        database,
    ]
    command += ["--format", "json", "--progress-spinner", "off"]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=AT_MOST, check=False)
    except subprocess.TimeoutExpired:
        return Verdict(frozenset(), {}, f"{database} did not answer in {AT_MOST} s")
    try:
        rows = json.loads(ended.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):  # pip-audit ends with a traceback, and with 1, where it reaches nobody
        words = ended.stderr.strip().splitlines()
        return Verdict(frozenset(), {}, f"{database}: {words[-1][:200] if words else 'no answer'}")
    return read(rows)


def read(rows: Iterable[Mapping[str, object]]) -> Verdict:
    """What pip-audit's JSON says; a package that was skipped was not judged."""
    judged: set[str] = set()
    vulnerable: dict[str, Sequence[str]] = {}
    silence = ""
    for row in rows:
        name = str(row["name"]).lower()
        if "skip_reason" in row:
            silence = str(row["skip_reason"])[:200]
            continue
        judged.add(name)
        known = row.get("vulns")
        if isinstance(known, list) and known:
            vulnerable[f"{name} {row.get('version', '')}"] = [str(each["id"]) for each in known]
    return Verdict(frozenset(judged), vulnerable, silence)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
