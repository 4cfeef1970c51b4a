"""Each broken monitor can still be made; `python -m tests.faults.mutations` shows that each is found."""

import ast

import pytest

from tests.faults.house import REPO
from tests.faults.mutations import MUTATIONS, Mutation, mutated


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.name)
def test_a_mutation_finds_its_place_and_is_python(mutation: Mutation) -> None:
    whole = (REPO / "monitor" / mutation.file).read_text("utf-8")
    with mutated(mutation) as folder:
        broken = (folder / "monitor" / mutation.file).read_text("utf-8")
    assert broken != whole
    ast.parse(broken)


def test_the_plans_of_the_mutations_end_in_time() -> None:
    assert all(fault.until <= each.size.seconds for each in MUTATIONS for fault in each.faults)


def test_a_place_that_is_gone_is_told() -> None:
    with pytest.raises(LookupError, match="0 times"):
        MUTATIONS[0].applied("nothing of the kind")
