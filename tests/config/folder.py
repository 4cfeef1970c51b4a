"""A config folder as an editor writes it, and what is wrong with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import load_all
from monitor.errors import ConfigError

FEEDS = """\
defaults: {interval: 5m, min_interval: 1m, max_interval: 1h, max_alert_age: 48h, timezone: Asia/Ho_Chi_Minh}
feeds:
  - id: bao-mau-the-gioi            # unique
    outlet: Báo Mẫu
    url: https://bao-mau.example/rss/the-gioi.rss
    section: Thế giới
"""
WATCHLIST = """\
leaders:
  - id: putin
    name: Vladimir Putin
    aliases: [Putin, Pu-tin]
    offices:
      - {title: Tổng thống Nga, since: 2012-05-07}
    tags: [nga]
  - id: nguyen-van-thang
    name: Nguyễn Văn Thắng
    common: true
    near: [Phó thủ tướng, Bộ trưởng Tài chính]
    not: [bị cáo Nguyễn Văn Thắng]
events:
  - id: ngung-ban-gaza
    name: Ngừng bắn ở Gaza
    match:
      - ("ngừng bắn" OR "đình chiến") NEAR/25 (Gaza OR Hamas)
    not: ['"ngừng bắn" NEAR/3 Ukraine']
    tags: [trung-dong]
    priority: high
"""
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a config folder and gives its path, relative as an editor would give it."""
    monkeypatch.chdir(tmp_path)

    def _write(feeds: str = FEEDS, **watchlists: str | bytes) -> Path:
        folder = Path("config")
        (folder / "watchlists").mkdir(parents=True, exist_ok=True)
        (folder / "feeds.yaml").write_text(feeds, encoding="utf-8")
        for name, text in (watchlists or {"watch": WATCHLIST}).items():
            path = folder / "watchlists" / f"{name}.yaml"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return _write


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_all(folder)
    return [str(problem) for problem in caught.value.problems]


def only(folder: Path) -> str:
    found = problems(folder)
    assert len(found) == 1, found
    return found[0]
