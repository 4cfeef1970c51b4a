"""JSON Schemas of the three kinds of config files, so that editors complete and check while one types.

Made from the same models that `monitor check` uses; config/schema/ holds what this writes.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from monitor.config.channels_file import ChannelsRecord
from monitor.config.feeds_file import FeedsRecord
from monitor.config.watchlist_files import WatchlistRecord

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """The schemas by file name."""
    return {
        "channels.schema.json": _schema(ChannelsRecord, "config/channels.yaml"),
        "feeds.schema.json": _schema(FeedsRecord, "config/feeds.yaml"),
        "watchlist.schema.json": _schema(WatchlistRecord, "config/watchlists/*.yaml"),
    }


def write_schemas(folder: Path) -> list[Path]:
    """Write them, sorted and indented so that a difference reads well; gives the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in schemas().items():
        path = folder / name
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    made = model.model_json_schema(by_alias=True)
    tidy = _tidy(made)
    assert isinstance(tidy, dict)
    return {"$schema": _DIALECT, **tidy, "title": title}


def _tidy(part: Any) -> Any:
    """Without the titles and nulls that pydantic makes of Python names and None: an editor would show them."""
    if isinstance(part, list):
        return [_tidy(each) for each in part]
    if not isinstance(part, dict):
        return part
    part = _without_null(part)
    tidy: dict[str, Any] = {}
    for key, value in part.items():
        if key in ("properties", "$defs"):  # what stands in them are names, of which one may be "title"
            tidy[key] = {name: _tidy(each) for name, each in value.items()}
        elif not _is_made_up(key, value):
            tidy[key] = _tidy(value)
    return tidy


def _without_null(part: dict[str, Any]) -> dict[str, Any]:
    """A choice between a value and nothing as that value: nothing is written by leaving the key out."""
    options = [option for option in part.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) != 1:
        return part
    return {**{key: value for key, value in part.items() if key != "anyOf"}, **options[0]}


def _is_made_up(key: str, value: object) -> bool:
    return (key == "title" and isinstance(value, str)) or (key == "default" and value in (None, [], {}))
