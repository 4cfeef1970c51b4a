"""The JSON schemas of the config files: what is committed is what the code makes."""

import json
from pathlib import Path

from monitor.config import schemas, write_schemas

REPO = Path(__file__).parents[2]


def test_the_committed_schemas_are_what_the_code_makes(tmp_path: Path) -> None:
    for path in write_schemas(tmp_path):
        committed = REPO / "config" / "schema" / path.name
        assert committed.read_text("utf-8") == path.read_text("utf-8"), "run `make schema`"


def test_schemas_know_every_key_that_the_samples_use() -> None:
    made = schemas()
    assert all(each["$schema"] == "https://json-schema.org/draft/2020-12/schema" for each in made.values())
    assert "Defaults" in made["feeds.schema.json"]["$defs"]
    watch = made["watchlist.schema.json"]
    leader, event = watch["$defs"]["LeaderEntry"], watch["$defs"]["EventEntry"]
    assert {"id", "name", "aliases", "short", "offices", "common", "near", "not", "tags"} <= set(leader["properties"])
    assert {"id", "name", "match", "not", "priority", "enabled"} <= set(event["properties"])
    assert leader["properties"]["priority"]["enum"] == ["normal", "high"]
    assert event["required"] == ["id", "name", "match"]
    described = [each for part in watch["$defs"].values() for each in part["properties"].values()]
    assert all(each["description"] for each in described)
    assert "null" not in json.dumps(made)
