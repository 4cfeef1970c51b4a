"""What ships beside the code: the image, the compose file, the Makefile, and the documents that name them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.config import Settings, read_settings

REPO = Path(__file__).parents[1]
DOCKERFILE = (REPO / "Dockerfile").read_text("utf-8")
MAKEFILE = (REPO / "Makefile").read_text("utf-8")


@pytest.fixture
def service() -> dict[str, Any]:
    compose = yaml.safe_load((REPO / "docker-compose.yml").read_text("utf-8"))
    alone = [name for name, each in compose["services"].items() if each.get("profiles", [""]) == [""]]
    assert alone == ["monitor"], "the bot alone: SQLite needs no second service"
    found = compose["services"]["monitor"]
    assert isinstance(found, dict)
    return found


def instructions(name: str) -> list[str]:
    joined = re.sub(r"\\\n", " ", DOCKERFILE)
    return [line.removeprefix(name).strip() for line in joined.splitlines() if line.startswith(f"{name} ")]


# ---------------------------------------------------------------- compose


def test_the_service_writes_to_its_volume_and_nowhere_else(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert [each for each in service["volumes"] if not each.endswith(":ro")] == ["data:/app/data"]
    assert [each.partition(":")[0] for each in service["tmpfs"]] == ["/tmp"]


def test_the_service_has_no_rights_it_does_not_need(service: dict[str, Any]) -> None:
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in service


def test_the_service_gets_time_to_stop_and_comes_back(service: dict[str, Any]) -> None:
    assert service["restart"] == "unless-stopped"
    assert service["stop_grace_period"] == "15s"


def test_the_service_starts_without_an_env_file(service: dict[str, Any]) -> None:
    assert service["env_file"] == [{"path": ".env", "required": False}]


# ---------------------------------------------------------------- Dockerfile


def test_every_file_that_the_image_copies_exists_and_passes_dockerignore() -> None:
    allowed = {
        line.removeprefix("!") for line in (REPO / ".dockerignore").read_text("utf-8").splitlines() if line[:1] == "!"
    }
    copied = {name for line in instructions("COPY") if "--from" not in line for name in line.split()[:-1]}
    assert copied == allowed
    assert [name for name in copied if not (REPO / name).exists()] == []


def test_dependencies_of_the_image_are_locked_with_hashes() -> None:
    installs = [part.strip() for line in instructions("RUN") for part in line.split("&&") if "pip install" in part]
    assert len(installs) == 3
    assert [each for each in installs if "--require-hashes" not in each and "--no-index" not in each] == []
    for lock in (path.name for path in REPO.glob("requirements*.lock")):
        text = (REPO / lock).read_text("utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"^\s*(-i|--(extra-)?index-url|--find-links|--trusted-host)", text, re.MULTILINE)


def test_the_image_runs_as_nobody_in_particular_with_its_own_data() -> None:
    assert instructions("USER") == ["10001:10001"]
    assert instructions("VOLUME") == ["/app/data"]
    assert instructions("ENTRYPOINT") == ['["monitor"]']
    settings = Settings()
    assert instructions("WORKDIR")[-1] == "/app"
    assert settings.database_url == "sqlite:///data/monitor.db"
    assert (settings.config_dir, instructions("COPY")[-1]) == (Path("config"), "config /app/config")


def test_the_health_check_asks_the_port_that_the_service_listens_on() -> None:
    port = re.search(r"MONITOR_HTTP_PORT=(\d+)", DOCKERFILE)
    assert port is not None
    assert int(port[1]) == read_settings({}, None)[0].http_port
    (check,) = instructions("HEALTHCHECK")
    assert "/healthz" in check
    assert "MONITOR_HTTP_PORT" in check


def test_every_python_line_of_the_dockerfile_is_python() -> None:
    code = re.search(r'"-c", "(.*)"\]', DOCKERFILE)
    assert code is not None
    compile(code[1], "HEALTHCHECK", "exec")
    assert {line.split()[0] for line in instructions("FROM")} == {"python:3.11-slim"}


# ---------------------------------------------------------------- the wheel


def test_the_fonts_of_the_pictures_are_in_the_wheel_with_their_licence() -> None:
    from hatchling.builders.wheel import WheelBuilder

    packed = {each.distribution_path for each in WheelBuilder(str(REPO)).recurse_included_files()}
    fonts = {"BeVietnamPro-Regular.ttf", "BeVietnamPro-SemiBold.ttf", "OFL.txt"}
    assert {f"monitor/charts/fonts/{name}" for name in fonts} <= packed
    assert "SIL Open Font License" in (REPO / "NOTICE").read_text("utf-8")


def test_whatever_lies_beside_the_code_is_in_the_wheel_and_in_the_archive_of_sources() -> None:
    from hatchling.builders.sdist import SdistBuilder
    from hatchling.builders.wheel import WheelBuilder

    lying = {
        path.relative_to(REPO).as_posix()
        for path in (REPO / "monitor").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    for builder in (WheelBuilder(str(REPO)), SdistBuilder(str(REPO))):
        packed = {each.relative_path for each in builder.recurse_included_files()}
        assert sorted(lying - packed) == [], builder.PLUGIN_NAME


# ---------------------------------------------------------------- Makefile


def test_every_target_is_declared_and_says_what_it_is_for() -> None:
    (declared,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    targets = re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE)
    told = re.findall(r"^([a-z]+):.*?## .", MAKEFILE, re.MULTILINE)
    assert sorted(declared.split()) == sorted(targets)
    assert set(targets) - set(told) == {"style"}, "a part of check and test"


def test_every_test_that_a_target_names_exists() -> None:
    named = re.findall(r"tests/[\w/]+\.py", MAKEFILE)
    assert len(named) >= 3
    assert [name for name in named if not (REPO / name).exists()] == []


def test_the_gate_runs_everything() -> None:
    assert (REPO / ".ci" / "run").read_text("utf-8").splitlines()[-2:] == ["make audit sbom", "make test"]


# ---------------------------------------------------------------- documents


@pytest.mark.parametrize("name", ["quickstart.md", "operations.md"])
def test_a_document_links_only_to_files_that_exist(name: str) -> None:
    path = REPO / "docs" / name
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8"))
    assert [each for each in targets if not (path.parent / each).exists() and each != "watchlists.md"] == []


def test_the_watchlist_of_the_quickstart_is_read_without_a_complaint(tmp_path: Path) -> None:
    from monitor.config import load_all

    text = (REPO / "docs" / "quickstart.md").read_text("utf-8")
    blocks = [
        re.sub(r"^    ", "", block, flags=re.MULTILINE)
        for block in re.findall(r"(?:^(?:    .*)?\n)+", text, re.MULTILINE)
    ]
    (watchlist,) = [block.strip("\n") for block in blocks if "leaders:" in block]
    (feeds,) = [block.strip("\n") for block in blocks if "outlet:" in block]
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "sample.yaml").write_text(watchlist, encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text(feeds, encoding="utf-8")
    config = load_all(tmp_path)
    assert [watch.id for watch in config.watchlist.watches] == ["putin", "ngung-ban-gaza"]
    assert [feed.id for feed in config.feeds] == ["bao-mau-the-gioi"]
    assert config.warnings == ()
