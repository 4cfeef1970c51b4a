"""What the container may do, read from the files that say so; that the service needs no more: test_unprivileged.py."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.config import read_settings

REPO = Path(__file__).parents[2]
DOCKERFILE = (REPO / "Dockerfile").read_text("utf-8")
UNIT = (REPO / "deploy" / "systemd" / "vn-news-monitor.service").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((REPO / "docker-compose.yml").read_text("utf-8"))
SERVICE: dict[str, Any] = COMPOSE["services"]["monitor"]
MIB = 2**20


# ---------------------------------------------------------------- compose


def test_it_is_nobody_with_no_right_that_it_could_gain() -> None:
    assert SERVICE["user"] == "10001:10001"
    assert SERVICE["cap_drop"] == ["ALL"]
    assert SERVICE["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize(
    "open_door",
    ["privileged", "cap_add", "network_mode", "pid", "ipc", "userns_mode", "devices", "ports", "group_add", "uts"],
)
def test_no_door_to_the_host_is_open(open_door: str) -> None:
    assert open_door not in SERVICE


def test_nothing_of_the_host_is_mounted_but_config_and_secrets_and_these_read_only() -> None:
    of_the_host = [each for each in SERVICE["volumes"] if each.partition(":")[0] not in COMPOSE["volumes"]]
    assert of_the_host == ["./config:/app/config:ro", "./secrets:/run/secrets:ro"]


def test_it_writes_to_its_volume_and_a_bounded_scratch_and_runs_nothing_from_there() -> None:
    assert SERVICE["read_only"] is True
    (scratch,) = SERVICE["tmpfs"]
    where, _, options = scratch.partition(":")
    assert where == "/tmp"
    assert {"noexec", "nosuid", "nodev"} <= set(options.split(","))
    assert re.search(r"size=\d+m", options)


def test_what_it_can_take_from_the_host_is_bounded() -> None:
    assert SERVICE["mem_limit"] == SERVICE["memswap_limit"] == "1g", "no swap beside it"
    assert SERVICE["pids_limit"] == 128
    assert SERVICE["ulimits"] == {"nofile": 4096, "core": 0}
    assert SERVICE["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


def test_the_rule_on_memory_rings_before_the_container_is_ended() -> None:
    rules = (REPO / "deploy" / "prometheus" / "rules.yml").read_text("utf-8")
    threshold = re.search(r"process_resident_memory_bytes\S* > (\S+)", rules)
    assert threshold is not None
    assert float(threshold[1]) < 1024 * MIB - 128 * MIB  # the scratch counts as well


def test_the_token_may_come_as_a_file_and_stands_in_no_file_of_the_repository() -> None:
    assert "./secrets:/run/secrets:ro" in SERVICE["volumes"]
    environment = SERVICE["environment"]
    assert not any("TOKEN" in name for name in environment), "it would stand beside the one of .env"
    assert "/secrets/" in (REPO / ".gitignore").read_text("utf-8").splitlines()


def test_what_compose_sets_is_what_the_program_reads(tmp_path: Path) -> None:
    (tmp_path / "telegram_token").write_text("70001:" + "s" * 35)
    environment = {**SERVICE["environment"], "MONITOR_TELEGRAM_TOKEN_FILE": str(tmp_path / "telegram_token")}
    settings, warnings = read_settings(environment, None)
    assert warnings == ()
    assert settings.telegram_token is not None
    assert settings.http_port == 9464


# ---------------------------------------------------------------- the image


def stage() -> str:
    """The last stage, which ships, without its comments."""
    return re.sub(r"^#.*$", "", DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :], flags=re.MULTILINE)


def test_the_image_itself_is_nobody_also_without_compose() -> None:
    users = re.findall(r"^USER (.*)$", stage(), re.MULTILINE)
    assert users == ["10001:10001"]
    assert stage().index("USER 10001") < stage().index("ENTRYPOINT")
    assert "--uid 10001" in stage()


def test_the_program_belongs_to_root_and_the_data_alone_to_the_service() -> None:
    assert not re.search(r"--chown|chown |chmod ", stage())
    owned = re.findall(r"install --directory --owner monitor --group monitor (.*)$", stage(), re.MULTILINE)
    assert owned == ["/app/data"]
    assert "COPY --from=build /opt/monitor /opt/monitor" in stage()


def test_no_secret_is_baked_in_and_nothing_is_installed_where_it_ships() -> None:
    assert not re.search(r"TOKEN|SECRET|PASSWORD|_KEY", DOCKERFILE)
    assert not re.search(r"\bpip install|\bapt|curl|wget|^ADD |/opt/tools", stage())


def test_its_health_is_looked_at() -> None:
    (check,) = re.findall(r"^HEALTHCHECK (.*)$", stage(), re.MULTILINE | re.DOTALL)
    assert "--interval=60s" in check
    assert "/healthz" in check
    assert "healthcheck" not in SERVICE, "the image's own is in force"


# ---------------------------------------------------------------- systemd


def unit() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", UNIT, re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize(
    ("name", "value"),
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
        ("StateDirectory", "vn-news-monitor"),
        ("MemoryMax", "1G"),
        ("TasksMax", "128"),
        ("LimitNOFILE", "4096"),
    ],
)
def test_the_unit_shuts_what_the_container_shuts(name: str, value: str) -> None:
    assert unit()[name] == [value]


def test_the_unit_writes_where_the_database_is_and_nowhere_else() -> None:
    assert "ReadWritePaths" not in unit()
    assert "MONITOR_DATABASE_URL=sqlite:////var/lib/vn-news-monitor/monitor.db" in unit()["Environment"]


def test_the_token_of_the_unit_is_a_credential() -> None:
    (credential,) = unit()["LoadCredential"]
    assert credential.partition(":")[0] == "telegram_token"
    assert "MONITOR_TELEGRAM_TOKEN_FILE=%d/telegram_token" in unit()["Environment"]
    assert not re.search(r"^Environment=MONITOR_(TELEGRAM_TOKEN|SUMMARY_KEY)=", UNIT, re.MULTILINE)


def test_every_setting_that_the_unit_names_exists() -> None:
    from monitor.config.settings import variables

    assert set(re.findall(r"MONITOR_[A-Z_]*[A-Z]\b", UNIT)) - set(variables()) == set()
