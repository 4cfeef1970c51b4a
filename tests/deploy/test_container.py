"""What the container may do, read from the files that say so; that the service needs no more: test_unprivileged.py."""

import re
from pathlib import Path

import pytest

from monitor.config import read_settings
from tests.deploy.compose_file import COMPOSE, DOCKERFILE, REPO, SERVICES, shipped

SERVICE = SERVICES["monitor"]
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


def test_the_image_itself_is_nobody_also_without_compose() -> None:
    users = re.findall(r"^USER (.*)$", shipped(), re.MULTILINE)
    assert users == ["10001:10001"]
    assert shipped().index("USER 10001") < shipped().index("ENTRYPOINT")
    assert "--uid 10001" in shipped()


def test_the_program_belongs_to_root_and_the_data_alone_to_the_service() -> None:
    assert not re.search(r"--chown|chown |chmod ", shipped())
    owned = re.findall(r"install --directory --owner monitor --group monitor (.*)$", shipped(), re.MULTILINE)
    assert owned == ["/app/data"]
    assert "COPY --from=build /opt/monitor /opt/monitor" in shipped()


def test_no_secret_is_baked_in_and_nothing_is_installed_where_it_ships() -> None:
    assert not re.search(r"TOKEN|SECRET|PASSWORD|_KEY", DOCKERFILE)
    assert not re.search(r"\bpip install|\bapt|curl|wget|^ADD |/opt/tools", shipped())


def test_its_health_is_looked_at() -> None:
    (check,) = re.findall(r"^HEALTHCHECK (.*)$", shipped(), re.MULTILINE | re.DOTALL)
    assert "--interval=60s" in check
    assert "/healthz" in check
    assert "healthcheck" not in SERVICE, "the image's own is in force"
