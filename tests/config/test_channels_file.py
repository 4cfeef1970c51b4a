"""config/channels.yaml: what it says of places outside Telegram, and where it is wrong."""

from pathlib import Path

import pytest

from monitor.config import Config, Settings, channel_urls_of, load_all, read_settings, secrets_of
from monitor.errors import ConfigError
from monitor.types import Channel, Preferences, Target
from tests.config.folder import Write

SECRET = "mat-khau-rat-dai"
MAIL = f"mailto://doi-ngoai:{SECRET}@127.0.0.1:2525/?from=tin@bao-mau.example&to=ban@bao-mau.example"
WHOLE = f"""\
channels:
  - id: ban-doi-ngoai
    url: {MAIL}
    follow: [putin, "#trung-dong"]
    digest: ["18:00", 7:00]
    quiet: 22:00-06:30
    lang: en
    timezone: Europe/Moscow
    updates: false
    muted_outlets: [Báo Mẫu]
  - id: hoc-tro
    url_env: MONITOR_CHANNEL_HOC_TRO
    follow: ["*"]
  - {{id: de-danh, url: "json://127.0.0.1/de-danh", follow: [putin], enabled: false}}
"""


def read(folder: Path, text: str, **urls: str) -> Config:
    (folder / "channels.yaml").write_text(text, encoding="utf-8")
    return load_all(folder, channel_urls=urls)


def wrong(folder: Path, text: str, **urls: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text, **urls)
    return [str(problem) for problem in caught.value.problems]


def one(**keys: str) -> str:
    """A file with one channel, of these keys."""
    written = {"id": "mot", "url": '"json://127.0.0.1/mot"', "follow": "[putin]", **keys}
    first, *more = [f"{key}: {value}" for key, value in written.items() if value]
    return f"channels:\n  - {first}\n" + "".join(f"    {line}\n" for line in more)


def test_a_whole_file_gives_channels_with_their_preferences(write: Write) -> None:
    config = read(write(), WHOLE, MONITOR_CHANNEL_HOC_TRO="ntfys://127.0.0.1/tin")
    mail, pupil = config.channels
    assert mail == Channel(
        "ban-doi-ngoai",
        MAIL,
        (Target("putin"), Target("#trung-dong")),
        "en",
        Preferences(
            digest_hours=("07:00", "18:00"),
            quiet=("22:00", "06:30"),
            zone="Europe/Moscow",
            updates=False,
            muted_outlets=("Báo Mẫu",),
        ),
    )
    assert pupil == Channel("hoc-tro", "ntfys://127.0.0.1/tin", (Target("*"),))


def test_no_file_is_no_channel_and_a_caller_without_urls_does_not_read_one(write: Write) -> None:
    folder = write()
    assert load_all(folder, channel_urls={}).channels == ()
    (folder / "channels.yaml").write_text("channels: [{id: ~}]")
    assert load_all(folder).channels == ()


@pytest.mark.parametrize(
    ("keys", "place", "words"),
    [
        ({"url": "nowhere"}, "3:10", "not the address of a channel"),
        ({"url": '"nosuch://place"'}, "3:10", "Apprise cannot read this address"),
        ({"url": '"mailto://a:b@bao.example?to=c@d.example,e@f.example"'}, "3:10", "names 2 receivers"),
        ({"url": ""}, "2:9", "neither `url` nor `url_env` is written"),
        ({"url_env": "MONITOR_CHANNEL_MOT"}, "3:10", "both `url` and `url_env` are written"),
        ({"url": "", "url_env": "MONITOR_CHANNEL_MOT"}, "4:14", "MONITOR_CHANNEL_MOT is not set"),
        ({"url": "", "url_env": "HOME"}, "4:14", "begins with MONITOR_CHANNEL_"),
        ({"follow": "[putinn]"}, "4:14", "`putinn`: no watch has this id"),
        ({"follow": "[nga]"}, "4:14", "a tag begins with #"),
        ({"follow": '["#ngaa"]'}, "4:14", "`#ngaa`: no watch has this tag"),
        ({"follow": "[]"}, "4:13", "empty list"),
        ({"digest": "[7h]"}, "5:14", "`7h` is not a time of day"),
        ({"digest": '["24:00"]'}, "5:14", "is not a time of day"),
        ({"quiet": "22:00"}, "5:12", "is no span of the day"),
        ({"quiet": "22:00-22:00"}, "5:12", "must end at another time"),
        ({"lang": "fr"}, "5:11", "write vi or en"),
        ({"timezone": "Hanoi"}, "5:15", "not a known time zone"),
        ({"folow": "[putin]"}, "5:5", "did you mean `follow`?"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_to_write(
    write: Write, keys: dict[str, str], place: str, words: str
) -> None:
    (problem,) = wrong(write(), one(**keys))
    assert problem.startswith(f"config/channels.yaml:{place}: ")
    assert words in problem


def test_a_tag_without_quotes_is_a_comment_and_is_told_so(write: Write) -> None:
    (problem,) = wrong(write(), "channels:\n  - id: mot\n    url: json://127.0.0.1/\n    follow:\n      - #nga\n")
    assert 'a tag needs quotes, like "#trung-dong"' in problem


def test_an_id_that_is_taken_is_told(write: Write) -> None:
    (problem,) = wrong(write(), one() + one().removeprefix("channels:\n"))
    assert "5:9: the id `mot` is taken: first in line 2" in problem


def test_no_message_and_no_repr_shows_an_address(write: Write) -> None:
    folder = write()
    bad = [f"mailto://{SECRET}", f"nosuch://{SECRET}@x", f"{SECRET} blank", f"json://u:{SECRET}@", f"[{SECRET}]"]
    shown = [problem for url in bad for problem in wrong(folder, one(url=f'"{url}"'))]
    assert len(shown) == len(bad)
    config = read(folder, WHOLE, MONITOR_CHANNEL_HOC_TRO=f"ntfy://u:{SECRET}@127.0.0.1/tin")
    assert not [text for text in (*shown, repr(config)) if SECRET in text]


def test_variables_of_channels_are_settings_and_secrets() -> None:
    url = f"ntfy://u:{SECRET}@127.0.0.1/tin"
    settings, warnings = read_settings({"MONITOR_CHANNEL_HOC_TRO": url, "MONITOR_CHANNEL_TRONG": ""}, None)
    assert channel_urls_of(settings) == {"MONITOR_CHANNEL_HOC_TRO": url}
    assert {url, SECRET} <= set(secrets_of(settings))
    assert SECRET not in repr(settings)
    assert warnings == ()
    assert secrets_of(Settings()) == ()
