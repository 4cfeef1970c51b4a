"""What is judged on data outside of the repository has a sibling inside of it, and says which."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SIBLINGS = [
    (path.relative_to(TESTS).as_posix(), ast.unparse(node.args[0]))
    for path in sorted(TESTS.rglob("test_*.py"))
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "judged_outside"
]


def test_there_are_siblings() -> None:
    assert len(SIBLINGS) >= 14


@pytest.mark.parametrize(("file", "named"), SIBLINGS)
def test_a_sibling_exists_and_needs_no_data_itself(file: str, named: str) -> None:
    path, _, name = ast.literal_eval(named).partition("::")
    source = ast.parse((TESTS.parent / path).read_text("utf-8"))
    functions = {node.name: node for node in source.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name in functions, f"{file} names {path}::{name}"
    assert "judged_outside" not in "".join(map(ast.unparse, functions[name].decorator_list))


def test_nothing_else_looks_beside_the_repository() -> None:
    looking = {
        path.relative_to(TESTS).as_posix() for path in TESTS.rglob("*.py") if '/ "shared"' in path.read_text("utf-8")
    }
    assert looking == {"outside.py", "test_siblings.py"}
