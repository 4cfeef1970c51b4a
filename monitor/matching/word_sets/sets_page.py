"""The page docs/sets.md, made from the sets themselves: `make sets`.

Lays out only; the words are those of the files beside it.
"""

import sys
from collections.abc import Iterator
from typing import Final

from monitor.matching.word_sets import THEMES, read_sets
from monitor.types import WordSet

_HEAD: Final = """\
# Tập từ / Named sets

*Trang này do `make sets` viết ra từ `monitor/matching/word_sets/`; đừng sửa ở đây. This page is made by `make sets`
from `monitor/matching/word_sets/`; do not edit it.*

**Tiếng Việt.** Trong truy vấn của một sự kiện, `{khởi tố}` đứng thay cho mọi cách nói ghi ở dòng của nó dưới đây, kể
cả trong `NEAR`, `sentence:` hay trước một phép so sánh như `{người chết} >= 5`. Một mình thì không cần nháy (`not:
[{diễn tập}]`); dài hơn thì YAML đòi nháy đơn quanh cả truy vấn: `'{khởi tố} AND "Hà Nội"'`. Chữ hoa hay thường, "hoà"
hay "hòa" đều được. Cột *không tính* là những lối nói mà từ nằm trong đó không được kể, như "cháy vé" với `{cháy}`.
Thiếu cách nói nào thì viết một tập của bạn, với tên khác, dưới `sets:` trong một tệp ở `config/watchlists/`: `sets:
{bị bắt tại tòa: ['{khởi tố}', bắt tại tòa]}`.

**English.** Write `{khởi tố}` in a query of an event for all the ways below in which newspapers say it. A query that
begins with `{…}` and goes on stands in single quotes in YAML; alone it needs none. Neither capitals nor the placing
of tone marks matter. The column *không tính* (does not count) holds figures of speech: a word inside one of them is
not meant, like "cháy vé" for `{cháy}`. For more ways write a set of your own, with another name, under `sets:` in a
file of `config/watchlists/`.
"""


def sets_page() -> str:
    """The whole page as Markdown: an index by theme, then every set with its words."""
    parts = (line for theme, text in THEMES.items() for line in _part(theme, text))
    return "\n".join([_HEAD, *_index(), *parts])


def _index() -> Iterator[str]:
    yield "## Mục lục / Index\n"
    for theme, text in THEMES.items():
        listed = " · ".join(f"`{{{one.name}}}` {one.meaning}" for one in read_sets(text))
        yield f"**{theme}.** {listed}\n"


def _part(theme: str, text: str) -> Iterator[str]:
    yield f"## {theme}\n"
    yield "| tập từ | nghĩa | cách nói | không tính |"
    yield "|---|---|---|---|"
    for word_set in read_sets(text):
        yield _row(word_set)
    yield ""


def _row(word_set: WordSet) -> str:
    return f"| `{{{word_set.name}}}` | {word_set.meaning} | {_listed(word_set.members)} | {_listed(word_set.ignore)} |"


def _listed(members: tuple[str, ...]) -> str:
    """Members as they are written; a query among them stands in code, for its marks are Markdown's too."""
    return ", ".join(f"`{member}`" if _is_query(member) else member for member in members)


def _is_query(member: str) -> bool:
    return not all(letter.isalnum() or letter in " -" for letter in member) or "NEAR/" in member


if __name__ == "__main__":  # make sets
    sys.stdout.write(sets_page())
