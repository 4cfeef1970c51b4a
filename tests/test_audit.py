"""`make audit` is red for a known vulnerability, and for nothing else; `make sbom` names what is locked."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.audit import locked, main, read

REPO = Path(__file__).parents[1]
CYCLONEDX = REPO / ".tools" / "bin" / "cyclonedx-py"

LOCK = "aiohttp==3.14.0 \\\n    --hash=sha256:aa\n    # via vn-news-monitor\nlark==1.2.0 \\\n    --hash=sha256:bb\n"
WELL: dict[str, object] = {
    "dependencies": [{"name": name, "version": "1", "vulns": []} for name in ("aiohttp", "lark")]
}
SKIPPED = {"dependencies": [{"name": name, "skip_reason": "not found"} for name in ("aiohttp", "lark")]}
BAD = {"dependencies": [{"name": "lark", "version": "1.2.0", "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]}]}


@pytest.fixture
def lock(tmp_path: Path) -> str:
    path = tmp_path / "some.lock"
    path.write_text(LOCK)
    return str(path)


def pip_audit(folder: Path, *, pypi: str, osv: str) -> Path:
    """A program in pip-audit's place that says one thing for each database."""
    path = folder / "pip-audit"
    path.write_text(f'#!/bin/sh\ncase "$*" in *pypi*) {pypi} ;; *) {osv} ;; esac\n')
    path.chmod(0o755)
    return path


def says(answer: object, code: int = 0) -> str:
    return f"echo '{json.dumps(answer)}'; exit {code}"


FAILS = "echo 'requests.exceptions.ConnectionError: no route to host' >&2; exit 1"


def test_nothing_known_is_green(tmp_path: Path, lock: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([lock], pip_audit(tmp_path, pypi=says(WELL), osv="exit 9")) == 0
    said = capsys.readouterr()
    assert "2 packages, 2 judged, 0 vulnerable" in said.out
    assert not said.err


def test_a_known_vulnerability_is_red_and_named(tmp_path: Path, lock: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([lock], pip_audit(tmp_path, pypi=says(BAD, 1), osv=FAILS)) == 1
    assert "VULNERABLE lark 1.2.0: PYSEC-1, PYSEC-2" in capsys.readouterr().err


@pytest.mark.parametrize("silent", [FAILS, says(SKIPPED), "exit 1", "echo '{}'"])
def test_no_network_is_not_red_and_never_taken_for_a_clean_bill(
    tmp_path: Path, lock: str, capsys: pytest.CaptureFixture[str], silent: str
) -> None:
    assert main([lock], pip_audit(tmp_path, pypi=silent, osv=FAILS)) == 0
    said = capsys.readouterr()
    assert "2 packages, 0 judged" in said.out
    assert "NOT AUDITED, no database could be asked" in said.err
    assert "none of them" in said.err


def test_the_second_database_is_asked_for_what_the_first_does_not_know(tmp_path: Path, lock: str) -> None:
    assert main([lock], pip_audit(tmp_path, pypi=says(SKIPPED), osv=says(BAD, 1))) == 1


def test_what_was_skipped_was_not_judged() -> None:
    verdict = read([{"name": "Lark", "version": "1", "vulns": []}, {"name": "x", "skip_reason": "gone"}])
    assert (verdict.judged, dict(verdict.vulnerable), verdict.silence) == (frozenset({"lark"}), {}, "gone")


def test_the_packages_of_a_lock_are_those_it_pins() -> None:
    assert locked(LOCK) == {"aiohttp", "lark"}
    assert len(locked((REPO / "requirements.lock").read_text("utf-8"))) > 40


@pytest.mark.slow
def test_the_bill_of_materials_names_each_locked_package_with_its_version_and_is_always_the_same(
    tmp_path: Path,
) -> None:
    if not CYCLONEDX.exists():
        if os.environ.get("CI"):
            pytest.fail("make tools")
        pytest.skip("needs .tools: make tools")
    texts = []
    for number in (1, 2):
        out = tmp_path / f"{number}.json"
        options: list[str | Path] = [
            "--pyproject",
            REPO / "pyproject.toml",
            "--output-reproducible",
            "--output-file",
            out,
        ]
        subprocess.run([CYCLONEDX, "requirements", *options, REPO / "requirements.lock"], check=True, cwd=tmp_path)
        texts.append(out.read_text("utf-8"))
    assert texts[0] == texts[1]
    bill = json.loads(texts[0])
    assert bill["bomFormat"] == "CycloneDX"
    pinned = {
        tuple(line.split(" ")[0].split("=="))
        for line in (REPO / "requirements.lock").read_text("utf-8").splitlines()
        if line[:1].isalnum()
    }
    assert {(each["name"], each["version"]) for each in bill["components"]} == pinned
    assert str(REPO) not in texts[0]
    assert "file:" not in texts[0]
