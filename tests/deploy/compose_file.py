"""docker-compose.yml and the Dockerfile as a test reads them: which services a profile starts, and what each would run.

Knows of Compose what our file uses; Compose itself judges the rest where it is installed.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

REPO = Path(__file__).parents[2]
DOCKERFILE = (REPO / "Dockerfile").read_text("utf-8")
TEXT = (REPO / "docker-compose.yml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def started_by(*profiles: str) -> set[str]:
    """What `docker compose --profile … up` starts; without a profile, the one whose name is empty is on."""
    active = set(profiles) or {""}
    return {
        name for name, service in SERVICES.items() if not service.get("profiles") or active & {*service["profiles"]}
    }


def shipped() -> str:
    """The last stage of the Dockerfile, which ships, without its comments."""
    return re.sub(r"^#.*$", "", DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :], flags=re.MULTILINE)


def command(service: str) -> list[str]:
    """What a service of our image runs: entry point and command, the file's own or else the image's."""
    return [*_instruction("ENTRYPOINT"), *SERVICES[service].get("command", _instruction("CMD"))]


def health_command() -> list[str]:
    """What asks a container of our image for its health."""
    (found,) = re.findall(r"^HEALTHCHECK .*\\\n\s*CMD (\[.*\])$", shipped(), re.MULTILINE)
    return [str(word) for word in json.loads(found)]


def environment(service: str) -> Mapping[str, str]:
    """The variables that the file gives a service; what stands in .env comes below them."""
    return {name: str(value) for name, value in SERVICES[service]["environment"].items()}


def _instruction(name: str) -> list[str]:
    (found,) = re.findall(rf"^{name} (\[.*\])$", shipped(), re.MULTILINE)
    return [str(word) for word in json.loads(found)]
