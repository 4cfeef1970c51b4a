"""How much CPU a draft takes over 65,000 articles, beside reading all of their lines with json.loads alone.

The articles are made up; the name stands in one of a hundred, its last name in one of fifty more. `FILE NAME…` as
arguments measures over a file of items instead.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.cli.draft import line_corpus
from monitor.config.settings import read_settings
from monitor.matching.draft.event_draft import draft_event
from monitor.matching.draft.leader_draft import draft_leader
from monitor.text.words import bars

ARTICLES = 65_000
NAME, EVENT = "Amara Dovelin", "khởi tố cán bộ"
WORST = 15.0  # times json.loads: the draft of a name took 9.0 when this was written
SYLLABLES = bars(
    """
    chợ | quê | mở | cửa | đón | khách | trong | mưa | lớn | người | dân | trồng | rau | nuôi | ong | bên | sông
    | đê | làng | gốm | thợ | rèn | giá | thóc | tăng | giảm | nhẹ | so | với | tháng | trước | trường | học |
    xây | thêm | phòng | cầu | mới | nối | hai | bờ | tàu | thuyền | về | bến | hội | xuân | khai | mạc
    """
)


def articles(path: Path) -> None:
    """Write items as feeds give them: a title of 12 syllables, a lead of 40."""
    chance = random.Random(7)
    with path.open("w", encoding="utf-8") as out:
        for number in range(ARTICLES):
            title, lead = (" ".join(chance.choices(SYLLABLES, k=count)).capitalize() for count in (12, 40))
            if number % 100 == 0:
                title = f"Tổng thống Chile {NAME} thăm chợ quê lần {number}"
            elif number % 50 == 0:
                title = f"Bà {NAME.split()[-1]} nói về mùa màng lần {number}"
            elif number % 75 == 0:
                title = f"Khởi tố chủ tịch xã lấn bờ sông lần {number}"
            day = f"2026-0{1 + number % 6}-{1 + number % 28:02}T08:00:00+07:00"
            row = {"id": str(number), "outlet": "Bến Sông", "title": title, "summary": lead, "published": day}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def spent(does: Callable[[], object]) -> float:
    """Seconds of CPU, the better of two."""
    best = float("inf")
    for _ in range(2):
        before = time.process_time()
        does()
        best = min(best, time.process_time() - before)
    return best


def measure(path: Path, names: Sequence[str], event: str) -> list[tuple[str, float]]:
    """The ratio of each draft to reading every line."""
    settings, _ = read_settings({})

    def read() -> None:
        with path.open("rb") as lines:
            for line in lines:
                json.loads(line)

    def draft(name: str, *, is_event: bool) -> None:
        with line_corpus(str(path), ZoneInfo(settings.timezone), None) as corpus:
            if is_event:
                draft_event(name, corpus, taken=())
            else:
                draft_leader(name, corpus, taken=())

    base = spent(read)
    found = [(name, spent(lambda name=name: draft(name, is_event=False)) / base) for name in names]
    return [*found, (f"--event {event}", spent(lambda: draft(event, is_event=True)) / base)]


def main() -> int:
    """Print a line a draft; exit code 1 when the draft of a made-up name takes more than WORST."""
    if len(sys.argv) > 2:
        rows = measure(Path(sys.argv[1]), sys.argv[2:], EVENT)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "articles.jsonl"
            articles(path)
            rows = measure(path, [NAME], EVENT)
    print("| draft | times json.loads of every line |\n|---|---|")
    for what, ratio in rows:
        print(f"| {what} | {ratio:.1f} |")
    return 1 if len(sys.argv) < 3 and rows[0][1] > WORST else 0


if __name__ == "__main__":
    sys.exit(main())
