"""The judge of two simulated days, on samples made by hand."""

from datetime import timedelta

from tests.faults.two_days import WARM, Sample, verdict


def samples(*later: Sample) -> list[Sample]:
    return [Sample(timedelta(0), 50, 5, 0, 0, 0), Sample(WARM, 100, 12, 1_000, 0, 0), *later]


def at(hours: int, memory: int = 100, files: int = 12, items: int = 1_000) -> Sample:
    return Sample(WARM + timedelta(hours=hours), memory, files, items, 0, 0)


def test_what_stays_where_it_was_has_not_grown() -> None:
    assert verdict(samples(at(6), at(12, memory=109), at(48, items=1_400))) == []


def test_each_thing_that_grew_is_named() -> None:
    grown = verdict(samples(at(6, memory=111), at(12, files=13), at(48, items=1_600)))
    assert [each.split(" grew")[0] for each in grown] == ["memory", "open files", "stored items"]


def test_what_grew_while_warming_up_is_no_growth() -> None:
    assert verdict([Sample(timedelta(hours=1), 500, 99, 9_000, 0, 0), *samples(at(6))[1:]]) == []
