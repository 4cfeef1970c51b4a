"""draft --llm: a sentence becomes a watch by way of a language model, and is judged as a person's watch is."""

import asyncio

import pytest

from tests.command_line import CommandLine
from tests.model_server import Model, said

WRITTEN = """\
```yaml
events:
  - id: chay-cho
    name: Cháy chợ có người chết
    match: ['{cháy} NEAR/8 chợ AND {người chết}', '{cháy} NEAR/8 "bến xe"']
    not: [{diễn tập}]
```
"""
NEWS = [
    {"id": "a", "title": "Hỏa hoạn thiêu rụi chợ Vàm Xanh, hai người tử vong"},
    {"id": "b", "title": "Chợ Vàm Xanh khai trương"},
]


async def drafted(monitor: CommandLine, answer: object, *more: str) -> tuple[int, str, str, list[object]]:
    async with Model() as model:
        model.answer = model.gives(answer)
        monitor.set(summary_url=model.url, http_allow_private="true")
        ended = await asyncio.to_thread(
            monitor, "draft", "--llm", "--event", "cháy chợ có người chết", "-", *more, given=NEWS
        )
        return ended.code, ended.out, ended.err, [asked for _, _, asked in model.asked]


async def test_what_the_model_writes_is_printed_with_what_each_query_finds(monitor: CommandLine) -> None:
    code, out, err, asked = await drafted(monitor, said(f"<think>hmm</think>{WRITTEN}"))
    assert (code, err) == (0, "")
    assert out.startswith(
        "# written by a language model from your sentence: read every line\nevents:\n  - id: chay-cho\n"
    )
    assert "'{cháy} NEAR/8 chợ AND {người chết}'\n        # finds 1 of 2 items" in out
    assert "not:\n      - '{diễn tập}'" in out
    (question,) = asked
    assert isinstance(question, dict)
    assert question["messages"][1]["content"] == "cháy chợ có người chết"
    assert "{khởi tố}" in question["messages"][0]["content"]  # the sets that it may name
    monitor.write("config/watchlists/drafted.yaml", out)
    checked = await asyncio.to_thread(monitor, "check")
    assert (checked.code, "drafted.yaml" in checked.out) == (0, False)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (said("Xin chào!"), "what the language model wrote is no watch: line 1"),
        (
            said("events:\n  - {id: a, name: A, match: ['{cháy}} NEAR']}"),
            "what the language model wrote is no watch: line 2",
        ),
        (said("events: []"), "0 watches stand in it, one is wanted"),
        ("no JSON", "the language model wrote nothing: the answer is not JSON"),
    ],
)
async def test_where_the_model_fails_the_draft_is_ours(monitor: CommandLine, answer: object, why: str) -> None:
    code, out, err, _ = await drafted(monitor, answer)
    assert why in err
    assert err.strip().endswith("; drafted without it")
    assert (code, "language model" in out) == (0, False)
    assert out.split("events:\n")[1].startswith("  - id: ")


def test_without_an_endpoint_it_is_wrong_use(monitor: CommandLine) -> None:
    ended = monitor("draft", "--llm", "--event", "cháy chợ", "-", given=NEWS)
    assert ended.code == 2
    assert "MONITOR_SUMMARY_URL, which is not set" in ended.err
