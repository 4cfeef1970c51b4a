"""What the units of systemd allow, read from the files that say so: the one on SQLite, one of several on PostgreSQL."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.compose_file import REPO

FOLDER = REPO / "deploy" / "systemd"
ALONE, ONE_OF_SEVERAL = "vn-news-monitor.service", "monitor@.service"
BOTH = (ALONE, ONE_OF_SEVERAL)
PROGRAM = "/opt/vn-news-monitor/.venv/bin/monitor"


def text(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def unit(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", text(name), re.MULTILINE):
        found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("User", "monitor"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("MemoryDenyWriteExecute", "yes"),
        ("RestrictNamespaces", "yes"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("SystemCallArchitectures", "native"),
        ("UMask", "0077"),
        ("MemoryMax", "1G"),
        ("TasksMax", "128"),
        ("LimitNOFILE", "4096"),
    ],
)
def test_a_unit_shuts_what_the_container_shuts(name: str, key: str, value: str) -> None:
    assert unit(name)[key] == [value]


@pytest.mark.parametrize("name", BOTH)
def test_systemd_reads_a_unit_without_a_word(name: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    (tmp_path / name).write_text(text(name).replace(PROGRAM, "/bin/true"))  # it looks whether the program is there
    ended = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / name)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")


@pytest.mark.parametrize("name", BOTH)
def test_the_token_of_a_unit_is_a_credential(name: str) -> None:
    (credential,) = unit(name)["LoadCredential"]
    assert credential.partition(":")[0] == "telegram_token"
    assert "MONITOR_TELEGRAM_TOKEN_FILE=%d/telegram_token" in unit(name)["Environment"]
    assert not re.search(r"^Environment=MONITOR_(TELEGRAM_TOKEN|SUMMARY_KEY)=", text(name), re.MULTILINE)


@pytest.mark.parametrize("name", BOTH)
def test_every_setting_that_a_unit_names_exists(name: str) -> None:
    from monitor.config.settings import variables

    assert set(re.findall(r"MONITOR_[A-Z_]*[A-Z]\b", text(name))) - set(variables()) == set()


def test_the_one_on_sqlite_writes_where_its_database_is_and_nowhere_else() -> None:
    assert "ReadWritePaths" not in unit(ALONE)
    assert unit(ALONE)["StateDirectory"] == ["vn-news-monitor"]
    assert "MONITOR_DATABASE_URL=sqlite:////var/lib/vn-news-monitor/monitor.db" in unit(ALONE)["Environment"]


def test_one_of_several_writes_nowhere() -> None:
    assert not {"ReadWritePaths", "StateDirectory", "CacheDirectory", "LogsDirectory"} & set(unit(ONE_OF_SEVERAL))
    assert not [given for given in unit(ONE_OF_SEVERAL)["Environment"] if "DATABASE" in given], "it stands in .env"


def test_one_of_several_differs_from_the_one_on_sqlite_in_what_makes_it_one_of_several() -> None:
    own = {
        *("Description", "After", "Conflicts"),
        *("ExecStart", "Environment", "EnvironmentFile", "RestartSec", "StateDirectory", "StateDirectoryMode"),
    }
    alone, several = unit(ALONE), unit(ONE_OF_SEVERAL)
    assert {key: several.get(key) for key in several if key not in own} == {
        key: alone.get(key) for key in alone if key not in own
    }


def test_the_one_on_sqlite_is_stopped_before_one_of_several_starts() -> None:
    assert unit(ONE_OF_SEVERAL)["Conflicts"] == [ALONE]
    (after,) = unit(ONE_OF_SEVERAL)["After"]
    assert ALONE in after.split()


def test_an_instance_has_a_port_of_its_own_and_may_be_limited_by_a_file_of_its_own() -> None:
    """So that two on one machine do not take each other's port."""
    several = unit(ONE_OF_SEVERAL)
    assert several["ExecStart"] == [f"{PROGRAM} run $RUN_OPTIONS"]
    assert several["EnvironmentFile"] == ["-/etc/vn-news-monitor/%i.env"]
    assert {"MONITOR_HTTP_PORT=947%i", "RUN_OPTIONS="} <= set(several["Environment"])
