"""The profile of several processes: what starts and waits for what, who reaches whom. It runs in test_scale_run.py."""

import json
import re
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
import yaml

from monitor.app.checkup.workers import BESIDE, CONNECTIONS_EACH
from monitor.config import read_settings
from tests.databases import GUARDED, Cluster
from tests.databases import PASSWORD as GUARDED_PASSWORD
from tests.deploy.compose_file import COMPOSE, REPO, SERVICES, TEXT, command, environment, started_by
from tests.deploy.set_up import PASSWORD, set_up

OURS = ("migrate", "worker")
POSTGRES = SERVICES["postgres"]
GRAFANA = REPO / "deploy" / "grafana"
POSTGRES_SETTINGS = [word.removeprefix("-c") for word in POSTGRES["command"] if word.startswith("-c")]


# ---------------------------------------------------------------- what starts


def test_without_a_profile_the_one_on_sqlite_starts_alone() -> None:
    assert started_by() == {"monitor"}
    assert "MONITOR_DATABASE_URL" not in environment("monitor")
    assert "depends_on" not in SERVICES["monitor"]
    assert "networks" not in SERVICES["monitor"]


def test_with_the_profile_the_one_on_sqlite_does_not_start() -> None:
    """It would send with the workers' token what they send."""
    assert started_by("scale") == {"worker", "migrate", "postgres", "prometheus", "grafana"}


@pytest.mark.parametrize("profiles", [(), ("scale",)])
def test_compose_itself_reads_it_so(profiles: tuple[str, ...]) -> None:
    words = [word for profile in profiles for word in ("--profile", profile)]
    assert set(_compose(*words, "config", "--services").split()) == started_by(*profiles)


def _compose(*words: str) -> str:
    """What Compose says, if it is here as a command of its own and not too old to read the file."""
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("Compose is not installed as docker-compose")
    run = partial(subprocess.run, cwd=REPO, capture_output=True, text=True, timeout=60, check=False)
    version = run([program, "version", "--short"]).stdout.split(".")
    if [int(part) for part in version[:2]] < [2, 24]:
        pytest.skip("Compose is older than 2.24")
    ended = run([program, *words])
    assert ended.returncode == 0, ended.stderr
    return str(ended.stdout)


def test_workers_need_postgresql_and_its_schema_and_nothing_else() -> None:
    assert SERVICES["worker"]["depends_on"] == {
        "postgres": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert not any("depends_on" in SERVICES[name] for name in ("postgres", "prometheus", "grafana"))


def test_the_commands_are_ours() -> None:
    assert command("worker") == command("monitor") == ["monitor", "run"]
    assert command("migrate") == ["monitor", "migrate"]
    assert SERVICES["migrate"]["restart"] == "no", "else it would never have ended"


def test_any_number_of_workers_can_start() -> None:
    """Nothing of a worker is there only once: no name, no port of the host, no volume that it writes to."""
    for once in ("container_name", "ports", "hostname"):
        assert once not in SERVICES["worker"]
    assert [volume for volume in SERVICES["worker"]["volumes"] if not volume.endswith(":ro")] == []


# ---------------------------------------------------------------- what each may do


@pytest.mark.parametrize("name", OURS)
def test_a_worker_is_as_shut_as_the_one_on_sqlite(name: str) -> None:
    own = {"profiles", "environment", "volumes", "networks", "depends_on", "healthcheck", "command", "restart"}
    alone = {key: value for key, value in SERVICES["monitor"].items() if key not in own}
    assert {key: value for key, value in SERVICES[name].items() if key not in own} == alone


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_has_more_rights_than_it_needs_or_can_take_the_machine(name: str) -> None:
    service = SERVICES[name]
    user, _, _ = service["user"].partition(":")
    assert int(user) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] == service["memswap_limit"]
    assert service["pids_limit"] <= 300
    assert service["logging"]["options"]["max-size"]
    for scratch in service.get("tmpfs", []):
        assert re.search(r":rw,noexec,nosuid,nodev,size=\d+m$", scratch)
    for door in ("privileged", "cap_add", "network_mode", "pid", "ipc", "userns_mode", "devices", "group_add"):
        assert door not in service


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_nothing_of_the_host_can_be_written_to(name: str) -> None:
    for volume in SERVICES[name]["volumes"]:
        source = volume.partition(":")[0]
        assert source in COMPOSE["volumes"] or volume.endswith(":ro")


def test_postgresql_is_reached_by_those_who_need_it_and_has_no_way_out() -> None:
    assert {name for name, service in SERVICES.items() if "rows" in service.get("networks", [])} == {
        "postgres",
        "migrate",
        "worker",
    }
    assert POSTGRES["networks"] == ["rows"]
    assert COMPOSE["networks"]["rows"] == {"internal": True}


def test_what_is_published_is_published_to_this_machine_alone() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"prometheus", "grafana"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_no_password_stands_in_the_file() -> None:
    assert not re.search(r"PASSWORD:", TEXT)
    assert COMPOSE["secrets"] == {"postgres_password": {"file": "./secrets/postgres_password"}}
    assert POSTGRES["user"] == SERVICES["worker"]["user"], "one owner of the password's file"
    assert POSTGRES["environment"]["POSTGRES_PASSWORD_FILE"] == environment("worker")["MONITOR_DATABASE_PASSWORD_FILE"]


def test_grafana_lets_look_and_nobody_in() -> None:
    given = environment("grafana")
    assert given["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
    assert given["GF_AUTH_DISABLE_LOGIN_FORM"] == given["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
    assert given["GF_AUTH_BASIC_ENABLED"] == "false"


@pytest.mark.parametrize("name", OURS)
def test_what_the_file_sets_is_what_the_program_reads(name: str, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hush/hush")
    given = {**environment(name), "MONITOR_DATABASE_PASSWORD_FILE": str(tmp_path / "password")}
    settings, warnings = read_settings(given, None)
    assert warnings == ()
    assert settings.database_url == "postgresql://monitor:hush%2Fhush@postgres/news"
    assert (settings.http_host, settings.http_port) == ("0.0.0.0", 9464)


def test_the_health_of_a_worker_is_asked_with_the_command_of_the_image() -> None:
    assert set(SERVICES["worker"]["healthcheck"]) == {"interval"}


# ---------------------------------------------------------------- PostgreSQL


def test_each_setting_of_postgresql_has_its_reason() -> None:
    block = TEXT[TEXT.index("      - postgres\n") : TEXT.index("      # synchronous_commit stays on")]
    groups = re.findall(r"((?:      # .*\n)+)((?:      - -c.*\n)+)", block)
    assert [line.strip(" -").removeprefix("c") for _, lines in groups for line in lines.splitlines()] == (
        POSTGRES_SETTINGS
    )


def test_postgresql_knows_its_settings(postgresql: Cluster) -> None:
    for setting in POSTGRES_SETTINGS:
        name, _, value = setting.partition("=")
        postgresql.run(
            f"ALTER SYSTEM SET {name} = '{value}'"
        )  # judged and written down; nobody reads it before a restart
        postgresql.run(f"ALTER SYSTEM RESET {name}")


def test_the_program_owns_its_database_and_the_superuser_has_no_password(postgresql: Cluster, tmp_path: Path) -> None:
    with set_up(postgresql, tmp_path / "password") as url:
        assert postgresql.ask(
            "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'monitor'"
        ) == [(False, False, False)]
        assert postgresql.ask("SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'") == [(None,)]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url.replace("monitor@", "monitor:other@"))
        with psycopg.connect(url.replace("monitor@", f"monitor:{quote(PASSWORD, safe='')}@")) as connection:
            connection.execute("CREATE TABLE a_table (n integer)")
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(postgresql.url("news", user=GUARDED, password=GUARDED_PASSWORD))


def test_postgresql_takes_the_connections_of_as_many_workers_as_it_says() -> None:
    (said,) = re.findall(rf"at most {CONNECTIONS_EACH}: (\w+) workers", TEXT)
    (most,) = [int(setting.split("=")[1]) for setting in POSTGRES_SETTINGS if setting.startswith("max_connections=")]
    assert said == "nine"
    assert most >= 9 * CONNECTIONS_EACH + BESIDE
    assert f"allows {CONNECTIONS_EACH} connections a worker" in (REPO / "docs" / "operations.md").read_text("utf-8")


def test_what_postgresql_keeps_in_memory_fits_its_limit() -> None:
    values = dict(setting.split("=") for setting in POSTGRES_SETTINGS)
    mib = {name: int(values[name].removesuffix("MB")) for name in ("shared_buffers", "effective_cache_size")}
    assert POSTGRES["mem_limit"] == "2g"
    assert mib == {"shared_buffers": 2048 // 4, "effective_cache_size": 2048 * 3 // 4}
    assert POSTGRES["pids_limit"] > int(values["max_connections"])


# ---------------------------------------------------------------- Prometheus and Grafana


def test_prometheus_finds_every_worker_by_the_name_of_the_service() -> None:
    assert "--config.file=/etc/prometheus/scale.yml" in SERVICES["prometheus"]["command"]
    config = yaml.safe_load((REPO / "deploy" / "prometheus" / "scale.yml").read_text("utf-8"))
    (job,) = config["scrape_configs"]
    assert job["job_name"] == "monitor"
    (found,) = job["dns_sd_configs"]
    assert found["names"] == ["worker"]
    assert (found["type"], str(found["port"])) == ("A", environment("worker")["MONITOR_HTTP_PORT"])
    assert set(SERVICES["prometheus"]["networks"]) & set(SERVICES["worker"]["networks"]) == {"numbers"}


def test_grafana_finds_prometheus_and_the_dashboard() -> None:
    mounted = {source: target for source, target, _ in (each.split(":") for each in SERVICES["grafana"]["volumes"])}
    assert mounted["./deploy/grafana/provisioning"] == "/etc/grafana/provisioning"
    (source,) = _provisioned("datasources/prometheus.yml")["datasources"]
    assert (source["type"], source["url"], source["isDefault"]) == ("prometheus", "http://prometheus:9090", True)
    (provider,) = _provisioned("dashboards/monitor.yml")["providers"]
    shown = mounted["./deploy/grafana/dashboard.json"]
    assert str(Path(shown).parent) == provider["options"]["path"]
    assert environment("grafana")["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] == shown
    dashboard = json.loads((GRAFANA / "dashboard.json").read_text("utf-8"))
    (chosen,) = [each for each in dashboard["templating"]["list"] if each["name"] == "datasource"]
    assert chosen["query"] == source["type"], "so that the one that is provisioned is chosen"


def _provisioned(name: str) -> dict[str, Any]:
    text = (GRAFANA / "provisioning" / name).read_text("utf-8")
    return dict(yaml.safe_load(text))
