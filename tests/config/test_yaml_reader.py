"""Laws of the YAML reader: any bytes are read or end in problems with a place."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.yaml_reader import YamlFile, plain, read_yaml


@given(st.binary(max_size=300))
def test_any_bytes_end_in_data_or_in_problems_with_a_place(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    file, found = read_yaml(path)
    assert file is not None or found
    assert all(problem.file == path.as_posix() and problem.message for problem in found)


@given(st.text(alphabet="ab'\" đ\u0300\n:#\\-", min_size=1, max_size=30))
def test_every_visible_character_of_a_value_is_found_in_its_file(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "value.yaml"
    for written in (json.dumps(text), "'" + text.replace("'", "''") + "'"):
        path.write_text(f"key: {written}\n", encoding="utf-8")
        file, _ = read_yaml(path)
        if file is None:  # some texts need the other kind of quotes
            continue
        _assert_found(file)


def _assert_found(file: YamlFile) -> None:
    assert isinstance(file.root.value, dict)
    node = file.root.value["key"]
    value = node.value
    assert isinstance(value, str)
    assert plain(file.root) == {"key": value}
    composed = unicodedata.normalize("NFC", value)
    for column, char in enumerate(composed, 1):
        if char.isspace() or composed != value:
            continue
        at = file.index_within(node, column)
        assert file.text[at] in (char, "\\")
