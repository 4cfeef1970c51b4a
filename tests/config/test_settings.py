"""Settings from the environment and .env: what is read, and that no secret is ever shown."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url

from monitor.config import Settings, read_settings, secrets_of
from monitor.config.settings import variables
from monitor.errors import ConfigError, Problem

TOKEN = "4242:a-very-secret-token"


def wrong(**environ: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_settings(environ, None)
    return [str(problem) for problem in caught.value.problems]


def test_without_an_environment_all_is_as_documented() -> None:
    settings, warnings = read_settings({}, None)
    assert settings == Settings()
    assert warnings == ()
    assert settings.config_dir == Path("config")
    assert settings.database_url == "sqlite:///data/monitor.db"
    assert settings.telegram_token is None
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert (settings.telegram_token_file, settings.telegram_proxy) == (None, None)
    assert settings.admin_chats == ()
    assert settings.access == "open"
    assert settings.timezone == "Asia/Ho_Chi_Minh"
    assert settings.log_format == "console"
    assert settings.http_allow_private is False
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 9464)
    assert settings.retention_days == 90
    assert settings.catch_up_after == timedelta(hours=6)
    assert settings.host_spacing == timedelta(seconds=2)
    assert settings.sends_at_once == 4
    assert (settings.summary_url, settings.summary_model, settings.summary_key) == ("", "", None)


def test_every_variable_is_read() -> None:
    settings, warnings = read_settings(
        {
            "MONITOR_CONFIG_DIR": "/etc/monitor",
            "MONITOR_DATABASE_URL": "postgresql://news@localhost/news",
            "MONITOR_TELEGRAM_TOKEN": TOKEN,
            "MONITOR_TELEGRAM_API_URL": "http://127.0.0.1:8081/",
            "MONITOR_TELEGRAM_PROXY": "socks5://desk:hush@proxy.example:1080",
            "MONITOR_ADMIN_CHATS": "42, -1001234567890 42",
            "MONITOR_ACCESS": "invite",
            "MONITOR_TIMEZONE": "UTC",
            "MONITOR_LOG_FORMAT": "json",
            "MONITOR_HTTP_ALLOW_PRIVATE": "true",
            "MONITOR_HTTP_PORT": "off",
            "MONITOR_HTTP_HOST": "0.0.0.0",
            "MONITOR_WEB_ACCESS": "open",
            "MONITOR_WEB_URL": "https://tin.toasoan.example/",
            "MONITOR_CONTACT": "mailto:desk@newsroom.example",
            "MONITOR_RETENTION_DAYS": "7",
            "MONITOR_CATCH_UP_AFTER": "off",
            "MONITOR_HOST_SPACING": "100ms",
            "MONITOR_SENDS_AT_ONCE": "12",
            "MONITOR_SUMMARY_URL": "https://model.example/v1/",
            "MONITOR_SUMMARY_MODEL": "vi-1",
            "MONITOR_SUMMARY_KEY": "sk-bi-mat",
            "MONITOR_SUMMARY_TIMEOUT": "1m30s",
        },
        None,
    )
    assert warnings == ()
    assert "sk-bi-mat" not in repr(settings)
    assert "hush" not in repr(settings)
    assert settings.telegram_proxy is not None
    assert settings.telegram_proxy.get_secret_value() == "socks5://desk:hush@proxy.example:1080"
    assert settings.summary_key is not None
    assert settings.summary_key.get_secret_value() == "sk-bi-mat"
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert settings.model_dump(exclude={"telegram_token", "summary_key", "telegram_proxy", "channel_urls"}) == {
        "config_dir": Path("/etc/monitor"),
        "database_url": "postgresql://news@localhost/news",
        "database_password_file": None,
        "telegram_api_url": "http://127.0.0.1:8081",
        "telegram_token_file": None,
        "admin_chats": (42, -1001234567890),
        "access": "invite",
        "timezone": "UTC",
        "log_format": "json",
        "http_allow_private": True,
        "http_port": None,
        "http_host": "0.0.0.0",
        "web_access": "open",
        "web_url": "https://tin.toasoan.example",
        "contact": "mailto:desk@newsroom.example",
        "retention_days": 7,
        "catch_up_after": None,
        "host_spacing": timedelta(milliseconds=100),
        "sends_at_once": 12,
        "summary_url": "https://model.example/v1",
        "summary_model": "vi-1",
        "summary_timeout": timedelta(seconds=90),
    }


@pytest.mark.parametrize("given", ["0", "31", "-1", "many", "8.0"])
def test_so_many_messages_at_once_are_not_possible(given: str) -> None:
    (problem,) = wrong(MONITOR_SENDS_AT_ONCE=given)
    assert "a whole number from 1 to 30" in problem


def test_an_empty_variable_counts_as_unset() -> None:
    assert read_settings({"MONITOR_TELEGRAM_TOKEN": "", "MONITOR_ACCESS": ""}, None)[0] == Settings()


def test_all_wrong_values_come_at_once() -> None:
    assert wrong(
        MONITOR_ACCESS="opne",
        MONITOR_ADMIN_CHATS="42 @desk",
        MONITOR_CATCH_UP_AFTER="6",
        MONITOR_DATABASE_URL="mysql://localhost/news",
        MONITOR_HTTP_ALLOW_PRIVATE="perhaps",
        MONITOR_HTTP_PORT="70000",
        MONITOR_RETENTION_DAYS="0",
        MONITOR_TELEGRAM_API_URL="api.telegram.org",
        MONITOR_TIMEZONE="Hanoi",
    ) == [
        "environment:0:0: MONITOR_DATABASE_URL: not the address of a database: "
        "write sqlite:///data/monitor.db or postgresql://user@host/name",
        "environment:0:0: MONITOR_TELEGRAM_API_URL: `api.telegram.org` is not a web address: "
        "write one that begins with https:// or http://",
        "environment:0:0: MONITOR_ADMIN_CHATS: `@desk` is not a chat id: "
        "write whole numbers like 123456789 or -1001234567890",
        "environment:0:0: MONITOR_ACCESS: `opne` is not possible here: write open, invite or closed",
        "environment:0:0: MONITOR_TIMEZONE: `Hanoi` is not a known time zone: write one like Asia/Ho_Chi_Minh or UTC",
        "environment:0:0: MONITOR_HTTP_ALLOW_PRIVATE: `perhaps` is neither true nor false: write one of them",
        "environment:0:0: MONITOR_HTTP_PORT: `70000` is not a port: write 1 to 65535, 0 for a free one, or off",
        "environment:0:0: MONITOR_RETENTION_DAYS: `0` is not a number of days: write a whole number from 1, like 90",
        "environment:0:0: MONITOR_CATCH_UP_AFTER: '6' is not a duration: a unit is missing; "
        "write one like 90s, 5m, 48h or 7d",
    ]


def test_a_variable_that_is_no_setting_is_warned_of() -> None:
    _, warnings = read_settings({"MONITOR_TELEGRAM_TOKN": TOKEN, "MONITOR_XYZ": "1", "HOME": "/"}, None)
    assert warnings == (
        Problem("environment", 0, 0, "MONITOR_TELEGRAM_TOKN is not a setting: did you mean MONITOR_TELEGRAM_TOKEN?"),
        Problem("environment", 0, 0, "MONITOR_XYZ is not a setting"),
    )


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().access = "closed"


# ---------------------------------------------------------------- .env


def test_an_env_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(
        "# settings\n\nexport MONITOR_ACCESS=closed\nMONITOR_LOG_FORMAT=json   # for the collector\n"
        f"MONITOR_TELEGRAM_TOKEN='{TOKEN}'\nMONITOR_CONTACT=\"https://x.example/#us\" # who we are\nOTHER=1\n"
    )
    settings, warnings = read_settings({"MONITOR_ACCESS": "invite"}, path)
    assert warnings == ()
    assert settings.access == "invite"
    assert settings.log_format == "json"
    assert settings.contact == "https://x.example/#us"
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == TOKEN


def test_a_mistake_in_an_env_file_has_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text(
        f"MONITOR_ACCESS=none\n  MONITOR_TIMEZONE = Mars\nMONITOR_TELEGRAM_TOKEN {TOKEN}\nX='y' z\n"
    )
    with pytest.raises(ConfigError) as caught:
        read_settings({})
    assert sorted(map(str, caught.value.problems)) == [
        ".env:1:1: MONITOR_ACCESS: `none` is not possible here: write open, invite or closed",
        ".env:2:3: MONITOR_TIMEZONE: `Mars` is not a known time zone: write one like Asia/Ho_Chi_Minh or UTC",
        ".env:3:1: cannot be read: write NAME=value, or # before a comment",
        ".env:4:1: cannot be read: write NAME=value, or # before a comment",
    ]


def test_no_env_file_is_fine(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path / ".env") == (Settings(), ())


# ---------------------------------------------------------------- secrets


def test_the_token_is_never_shown(capsys: pytest.CaptureFixture[str]) -> None:
    settings, _ = read_settings({"MONITOR_TELEGRAM_TOKEN": TOKEN}, None)
    print(settings, repr(settings), settings.model_dump_json())
    print(*wrong(MONITOR_TELEGRAM_TOKEN=f"{TOKEN} x", MONITOR_TIMEZONE="x"))
    assert TOKEN not in capsys.readouterr().out


def test_the_password_of_the_database_is_never_shown() -> None:
    settings, _ = read_settings({"MONITOR_DATABASE_URL": "postgresql://news:hush@localhost/news"}, None)
    assert "hush" not in repr(settings)
    assert "hush" not in "".join(wrong(MONITOR_DATABASE_URL="mysql://news:hush@localhost/news"))


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_the_password_of_the_database_may_be_a_file_and_is_known_as_a_secret(tmp_path: Path, scheme: str) -> None:
    (tmp_path / "password").write_text("hush/hush@:%40 ?#\n")
    settings, warnings = read_settings(
        {
            "MONITOR_DATABASE_URL": f"{scheme}://news@localhost:5433/news?sslmode=require",
            "MONITOR_DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
        },
        None,
    )
    assert warnings == ()
    address = make_url(settings.database_url)
    assert (address.username, address.password) == ("news", "hush/hush@:%40 ?#")
    assert (address.host, address.port, address.database) == ("localhost", 5433, "news")
    assert address.query == {"sslmode": "require"}
    assert "hush/hush@:%40 ?#" in secrets_of(settings)
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:///monitor.db",
        "postgresql://news:other@localhost/news",
        "postgresql://news:@localhost/news",
        "postgresql://localhost/news",
        None,
    ],
)
def test_a_password_file_goes_with_an_address_of_postgresql_that_has_a_user_and_no_password(
    tmp_path: Path, address: str | None
) -> None:
    (tmp_path / "password").write_text("hush")
    given = {} if address is None else {"MONITOR_DATABASE_URL": address}
    assert wrong(**given, MONITOR_DATABASE_PASSWORD_FILE=str(tmp_path / "password")) == [
        "environment:0:0: MONITOR_DATABASE_PASSWORD_FILE: it goes with"
        " MONITOR_DATABASE_URL=postgresql://user@host/name, without a password"
    ]


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (None, "cannot be read: no such file or directory"),
        (b" \n", "is empty: put the password into it"),
        (b"\xff\xfehush", "is not UTF-8: write the password alone"),
    ],
)
def test_a_file_without_a_password_is_a_mistake_of_its_variable(tmp_path: Path, held: bytes | None, said: str) -> None:
    if held is not None:
        (tmp_path / "password").write_bytes(held)
    (problem,) = wrong(
        MONITOR_DATABASE_URL="postgresql://news@localhost/news",
        MONITOR_DATABASE_PASSWORD_FILE=str(tmp_path / "password"),
    )
    assert problem == f"environment:0:0: MONITOR_DATABASE_PASSWORD_FILE: {tmp_path}/password {said}"


def test_a_token_in_a_file_is_read_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xef\xbb\xbf" + TOKEN.encode() + b"\r\n")
    settings, warnings = read_settings({"MONITOR_TELEGRAM_TOKEN_FILE": str(tmp_path / "token")}, None)
    assert warnings == ()
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == TOKEN


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (None, "cannot be read: no such file or directory"),
        (b" \n", "is empty: put the token into it"),
        (b"4242:a-very-secret-token and more", "holds more than a token: write it exactly as BotFather gave it"),
        (b"\xff\xfe4242:a-very-secret-token", "holds more than a token"),
        (b"4242:a-very-secret-token" * 1_000, "is larger than 4 KiB"),
    ],
)
def test_a_file_without_a_token_is_a_mistake_of_its_variable(tmp_path: Path, held: bytes | None, said: str) -> None:
    if held is not None:
        (tmp_path / "token").write_bytes(held)
    (problem,) = wrong(MONITOR_TELEGRAM_TOKEN_FILE=str(tmp_path / "token"))
    assert problem.startswith(f"environment:0:0: MONITOR_TELEGRAM_TOKEN_FILE: {tmp_path}/token {said}")
    assert "very-secret" not in problem


def test_a_pipe_as_token_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "token")
    both = os.open(tmp_path / "token", os.O_RDWR)  # else a program that waits would wait for ever
    os.write(both, b"4242:a-very-secret-token\n")
    (problem,) = wrong(MONITOR_TELEGRAM_TOKEN_FILE=str(tmp_path / "token"))
    os.close(both)
    assert "is a pipe (FIFO)" in problem


def test_a_token_and_its_file_together_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    assert wrong(MONITOR_TELEGRAM_TOKEN=TOKEN, MONITOR_TELEGRAM_TOKEN_FILE=str(tmp_path / "token")) == [
        "environment:0:0: MONITOR_TELEGRAM_TOKEN_FILE: MONITOR_TELEGRAM_TOKEN is set, too: unset one of the two"
    ]


@pytest.mark.parametrize(
    "address", ["hush:hush@x", "ftp://a:hush@x:1", "socks5://", "http://a:hush@x:0", "http://a hush"]
)
def test_what_is_no_proxy_is_refused_and_not_shown(address: str) -> None:
    (problem,) = wrong(MONITOR_TELEGRAM_PROXY=address)
    assert "MONITOR_TELEGRAM_PROXY: not the address of a proxy: write http://" in problem
    assert "hush" not in problem


def test_every_secret_is_named_to_the_log_also_as_it_is_written_in_an_address() -> None:
    settings, _ = read_settings(
        {
            "MONITOR_TELEGRAM_TOKEN": TOKEN,
            "MONITOR_SUMMARY_KEY": "sk-bi-mat",
            "MONITOR_TELEGRAM_PROXY": "http://desk:h%40sh@proxy.example:1080",
            "MONITOR_DATABASE_URL": "postgresql://news:dung-lo@localhost/news?sslmode=require&sslpassword=cua-khoa",
        },
        None,
    )
    assert secrets_of(settings) == (TOKEN, "sk-bi-mat", "h%40sh", "h@sh", "dung-lo", "cua-khoa")
    assert secrets_of(Settings()) == ()


# ---------------------------------------------------------------- what is written about them

REPO = Path(__file__).parents[2]


def test_the_example_names_every_setting_with_its_default() -> None:
    lines = [line.removeprefix("# ") for line in (REPO / ".env.example").read_text("utf-8").splitlines()]
    written = dict(line.split("=", 1) for line in lines if line.startswith("MONITOR_"))
    assert sorted(written) == sorted(variables())
    settings, warnings = read_settings(written, None)
    assert settings == Settings()
    assert warnings == ()


def test_the_handbook_names_every_setting() -> None:
    handbook = (REPO / "docs" / "operations.md").read_text("utf-8")
    assert [name for name in variables() if f"`{name}`" not in handbook] == []
