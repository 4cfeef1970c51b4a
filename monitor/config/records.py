"""From pydantic's errors to problems that point into the file, with what to write instead.

Knows the shape of errors, not the meaning of keys; which keys a mapping may have comes from its model.
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from monitor.config.fields import shown
from monitor.config.yaml_reader import Node, YamlFile, plain
from monitor.errors import Problem
from monitor.i18n import say, translatable

Loc = Sequence[int | str]


class Record(BaseModel):
    """A mapping of a config file: frozen, and no key but its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


AnyRecord = TypeVar("AnyRecord", bound=Record)


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys of a mapping as its file writes them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def read_record(file: YamlFile, model: type[AnyRecord]) -> tuple[AnyRecord | None, list[Problem]]:
    """Check a whole file against its model: the record, or every mistake in it."""
    if not isinstance(file.root.value, dict):
        expected = " or ".join(f"`{key}:`" for key in keys_of(model) if key != "defaults")
        return None, [file.problem(file.root.start, f"the file must begin with {expected}")]
    written = plain(file.root)
    try:
        return model.model_validate(written), []
    except ValidationError as error:
        mistakes = [dict(each) for each in error.errors(include_url=False, include_input=False)]
        return None, [_problem(file, model, each) for each in mistakes if not _is_consequence(file, each)]
    finally:
        _crumble(written)


def _crumble(written: object) -> None:
    """Free the lists of a file entry by entry: 10,000 freed in one go hold up every thread."""
    for entries in written.values() if isinstance(written, dict) else ():
        while isinstance(entries, list) and entries:
            entries.pop()


def find(root: Node, loc: Loc) -> Node | None:
    """The node at `loc`, None when the file does not hold it."""
    node = root
    for step in loc:
        match node.value, step:
            case dict() as entries, str() if step in entries:
                node = entries[step]
            case list() as items, int() if step < len(items):
                node = items[step]
            case str(), 0:  # one value where a list of one may stand
                pass
            case _:
                return None
    return node


def suggestion(wrong_key: str, known: Sequence[str]) -> str:
    """`: did you mean …?` for a slip of the pen, else what there is to choose from."""
    if close := get_close_matches(wrong_key.lower(), known, n=1, cutoff=0.6):
        return say(": did you mean `{key}`?", key=close[0])
    return say(": the keys here are {keys}", keys=", ".join(known))


# ---------------------------------------------------------------- one error


def _problem(file: YamlFile, model: type[BaseModel], error: dict[str, Any]) -> Problem:
    loc: tuple[int | str, ...] = error["loc"]
    parent, node = find(file.root, loc[:-1]) or file.root, find(file.root, loc)
    at = (node or parent).start
    match error["type"]:
        case "missing":
            if node is not None:  # the key stands there with nothing behind it
                return file.problem(node.key_start, say("`{key}` is empty: write a value", key=loc[-1]))
            return file.problem(at, say("`{key}` is missing{owner}", key=loc[-1], owner=_owner(loc, is_in=True)))
        case "extra_forbidden":
            place = node.key_start if node is not None else at
            known = keys_of(_model_at(model, loc[:-1]))
            return file.problem(
                place,
                say(
                    "{key} is not a key{owner}{hint}",
                    key=shown(loc[-1]),
                    owner=_owner(loc),
                    hint=suggestion(str(loc[-1]), known),
                ),
            )
        case "list_type" | "tuple_type":
            return file.problem(at, say("`{key}` needs a list: write [a, b], or one `- …` a line", key=loc[-1]))
        case "model_type" | "model_attributes_type" | "dict_type":
            key = _example_key(model, loc)
            if node and node.value:
                return file.problem(at, say("keys and values are needed here: write `{key}: …`", key=key))
            return file.problem(at, say("nothing is written here: write `{key}: …`", key=key))
        case "too_short":
            return file.problem(at, say("`{key}` is an empty list: write at least one", key=loc[-1]))
        case _:
            if loc[-1] == "[key]":  # the key of a mapping with free keys is wrong itself
                return file.problem(parent.key_start, _message(error))
            return file.problem(_index_in(file, node, error, at), _message(error))


def _message(error: dict[str, Any]) -> str:
    """What a check said, as it said it: pydantic's own copy has forgotten how it was put together."""
    said = error.get("ctx", {}).get("message")
    return said if isinstance(said, str) else str(error["msg"])


def _index_in(file: YamlFile, node: Node | None, error: dict[str, Any], at: int) -> int:
    """The character that is wrong inside a value, where the check says which, else `at`."""
    column = error.get("ctx", {}).get("column")
    return at if node is None or column is None else file.index_within(node, column)


def _is_consequence(file: YamlFile, error: dict[str, Any]) -> bool:
    """A list whose every value is wrong counts as too short, too: the values have been reported."""
    return error["type"] == "too_short" and bool((node := find(file.root, error["loc"])) and node.value)


_OWNERS = {
    "leaders": (translatable(" of this leader"), translatable(" in this leader")),
    "events": (translatable(" of this event"), translatable(" in this event")),
    "feeds": (translatable(" of this feed"), translatable(" in this feed")),
    "offices": (translatable(" of this office"), translatable(" in this office")),
    "channels": (translatable(" of this channel"), translatable(" in this channel")),
}


def _owner(loc: Loc, *, is_in: bool = False) -> str:
    """` of this leader`, from the last list on the way."""
    for step in reversed(loc[:-1]):
        if isinstance(step, str) and step in _OWNERS:
            return say(_OWNERS[step][is_in])
        if isinstance(step, str):
            return say(" in `{key}`", key=step) if is_in else say(" of `{key}`", key=step)
    return ""


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel]:
    """The record that `loc` leads to."""
    for step in loc:
        if isinstance(step, str):
            field = next(f for name, f in model.model_fields.items() if (f.alias or name) == step)
            model = next(_models_in(field.annotation))
    return model


def _example_key(model: type[BaseModel], loc: Loc) -> str:
    try:
        return keys_of(_model_at(model, loc))[0]
    except StopIteration:  # a mapping whose keys are free
        return "label"


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)


def doubled_ids(file: YamlFile, list_name: str) -> list[Problem]:
    """What is wrong where entries of the list `list_name` share an id: one problem at each later one."""
    entries = find(file.root, (list_name,))
    seen: dict[str, Node] = {}
    problems = []
    for entry in entries.value if entries is not None and isinstance(entries.value, list) else ():
        node = find(entry, ("id",))
        if node is None or not isinstance(node.value, str):
            continue
        if (first := seen.setdefault(node.value, node)) is not node:
            line, _ = file.place(first.start)
            where = say("line {line}", line=line)
            message = say("the id `{id}` is taken: first in {where}; choose another", id=node.value, where=where)
            problems.append(file.problem(node.start, message))
    return problems
