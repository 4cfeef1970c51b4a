"""The environment and .env: where things are and how the service runs.

Reads no YAML. No message ever holds the token or the database address, which may hold a password.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, unquote, urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from monitor.config.durations import parse_duration
from monitor.config.fields import Flag, one_of, shown, web_address, wrong, zone_is_known
from monitor.config.plain_files import UnreadableFile, read_plain_file, shown_name
from monitor.errors import ConfigError, Problem

PREFIX = "MONITOR_"
MOST_SENDS = 30  # Telegram takes about so many a second of a bot
MOST_ENV_BYTES = 2**16  # of .env: the example with every setting has 2 kB
SHORTEST_SECRET = 4  # a shorter one would blacken half the log, and can be guessed
MOST_SECRET_BYTES = 2**12  # a token has 46
TOKEN_FILE = "MONITOR_TELEGRAM_TOKEN_FILE"  # noqa: S105 - its name
PASSWORD_FILE = "MONITOR_DATABASE_PASSWORD_FILE"  # noqa: S105 - its name
URL_PREFIX = f"{PREFIX}CHANNEL_"  # of the variables that channels.yaml may name for addresses (url_env)
ENVIRONMENT = "environment"  # the file that problems of variables name


_Written = dict[str, tuple[str, tuple[str, int, int]]]  # values as written, each with its file, line and column


def _read_duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    try:
        return parse_duration(str(value))
    except ValueError as error:
        raise wrong(str(error)) from None


def _read_optional_duration(value: object) -> timedelta | None:
    return None if value in (None, "off") else _read_duration(value)


def _read_chats(value: object) -> tuple[int, ...]:
    words = re.split(r"[,\s]+", value.strip(", \t")) if isinstance(value, str) else value
    if not isinstance(words, list | tuple):
        raise wrong("chat ids are needed here, parted by commas or blanks")
    for word in words:
        if not re.fullmatch(r"-?\d{1,15}", str(word)):
            raise wrong(f"{shown(word)} is not a chat id: write whole numbers like 123456789 or -1001234567890")
    return tuple(dict.fromkeys(int(word) for word in words))


def _read_port(value: object) -> int | None:
    if value in (None, "off"):
        return None
    if not re.fullmatch(r"\d{1,5}", str(value)) or int(str(value)) > 65_535:
        raise wrong(f"{shown(value)} is not a port: write 1 to 65535, 0 for a free one, or off")
    return int(str(value))


def _read_days(value: object) -> int:
    if not re.fullmatch(r"[1-9]\d{0,4}", str(value)):
        raise wrong(f"{shown(value)} is not a number of days: write a whole number from 1, like 90")
    return int(str(value))


def _read_sends(value: object) -> int:
    if not re.fullmatch(r"[1-9]\d?", str(value)) or int(str(value)) > MOST_SENDS:
        raise wrong(f"{shown(value)} messages at once are not possible: write a whole number from 1 to {MOST_SENDS}")
    return int(str(value))


def _read_database(value: object) -> str:
    url = str(value).strip()
    if not re.match(r"sqlite:///.|postgresql(\+psycopg)?://.", url):
        raise wrong("not the address of a database: write sqlite:///data/monitor.db or postgresql://user@host/name")
    return url


def _read_token(value: object) -> object:
    if isinstance(value, str) and re.search(r"[\s/\x00-\x1f]", value):
        raise wrong("holds blanks or slashes: write the token exactly as BotFather gave it")
    return value


def _read_proxy(value: object) -> object:
    try:
        parts = urlsplit(str(value).strip())
        is_whole = parts.scheme in ("http", "https", "socks5", "socks5h") and parts.hostname and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or re.search(r"\s", str(value).strip()):  # never shown: it may hold a password
        raise wrong("not the address of a proxy: write http://…, https://… or socks5://[USER:PASSWORD@]HOST:PORT")
    return str(value).strip()


def _read_key(value: object) -> object:
    if isinstance(value, str) and re.search(r"[\s\x00-\x1f]|[^\x00-\x7f]", value):  # it becomes a part of a header
        raise wrong("holds blanks or signs that no key has: write it exactly as the endpoint's owner gave it")
    return value


def _read_address(value: object) -> str:
    try:
        return web_address(str(value)).rstrip("/")
    except ValueError as error:
        raise wrong(str(error)) from None


def _read_zone(value: object) -> str:
    if not zone_is_known(str(value)):
        raise wrong(f"{shown(value)} is not a known time zone: write one like Asia/Ho_Chi_Minh or UTC")
    return str(value)


def _read_contact(value: object) -> str:
    text = str(value).strip()
    if re.search(r"[\x00-\x1f\x7f]|[^\x00-\x7f]", text):  # it becomes a part of a header
        raise wrong("a web address or a mail address in plain ASCII is needed here")
    return text


class Settings(BaseSettings):
    """All settings, frozen. Building one reads nothing: `read_settings` looks into the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", validate_default=False
    )

    config_dir: Path = Field(default=Path("config"), description="feeds.yaml and watchlists/*.yaml")
    database_url: Annotated[str, BeforeValidator(_read_database)] = Field(
        default="sqlite:///data/monitor.db", repr=False, description="or postgresql://user@host/name"
    )
    database_password_file: Path | None = Field(
        default=None, description="a file that holds the password of PostgreSQL (a secret mount)"
    )
    telegram_token: Annotated[SecretStr | None, BeforeValidator(_read_token)] = Field(
        default=None, description="from BotFather; unset: alerts go to the terminal"
    )
    telegram_api_url: Annotated[str, BeforeValidator(_read_address)] = Field(
        default="https://api.telegram.org", description="base of the Bot API"
    )
    telegram_token_file: Path | None = Field(default=None, description="a file that holds the token (a secret mount)")
    telegram_proxy: Annotated[SecretStr | None, BeforeValidator(_read_proxy)] = Field(
        default=None, description="http, https or socks5 proxy for Telegram alone"
    )
    admin_chats: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_read_chats)] = Field(
        default=(), description="chat ids that may administer and that hear of trouble, parted by commas"
    )
    access: Annotated[Literal["open", "invite", "closed"], BeforeValidator(one_of("open", "invite", "closed"))] = Field(
        default="open", description="open, invite or closed: who may subscribe"
    )
    timezone: Annotated[str, BeforeValidator(_read_zone)] = Field(
        default="Asia/Ho_Chi_Minh", description="zone of feeds that name none, and of digests"
    )
    log_format: Annotated[Literal["console", "json"], BeforeValidator(one_of("console", "json"))] = Field(
        default="console", description="console or json"
    )
    http_allow_private: Flag = Field(
        default=False, description="true: feeds on loopback and private addresses are fetched"
    )
    http_port: Annotated[int | None, BeforeValidator(_read_port)] = Field(
        default=9464, description="the web page, health and metrics; 0 takes a free port, off has none"
    )
    http_host: str = Field(default="127.0.0.1", description="where the web page, health and metrics listen")
    web_access: Annotated[Literal["login", "open"], BeforeValidator(one_of("login", "open"))] = Field(
        default="login", description="login: every page wants a login; open: reading needs none, changing always does"
    )
    web_url: Annotated[str, BeforeValidator(_read_address)] = Field(
        default="", description="the address by which others reach that port: links in messages begin with it"
    )
    contact: Annotated[str, BeforeValidator(_read_contact)] = Field(
        default="", description="web or mail address that the User-Agent names, so that a newspaper can reach you"
    )
    retention_days: Annotated[int, BeforeValidator(_read_days)] = Field(
        default=90, description="items that feeds have not listed for so long are deleted"
    )
    catch_up_after: Annotated[timedelta | None, BeforeValidator(_read_optional_duration)] = Field(
        default=timedelta(hours=6), description="alerts that waited longer become one digest; off: never"
    )
    sends_at_once: Annotated[int, BeforeValidator(_read_sends)] = Field(
        default=4, description="messages on the wire at once, 1 to 30; a crash repeats as many at most"
    )
    summary_url: Annotated[str, BeforeValidator(_read_address)] = Field(
        default="", description="base of an OpenAI-compatible endpoint that retells stories; unset: nobody does"
    )
    summary_model: str = Field(default="", description="which of its models; some servers have only one")
    summary_key: Annotated[SecretStr | None, BeforeValidator(_read_key)] = Field(default=None, description="its key")
    summary_timeout: Annotated[timedelta, BeforeValidator(_read_duration)] = Field(
        default=timedelta(seconds=30), description="how long it may take"
    )
    channel_urls: dict[str, SecretStr] = Field(
        default_factory=dict, description="addresses of channels, by the variables of their own that hold them"
    )
    host_spacing: Annotated[timedelta, BeforeValidator(_read_duration)] = Field(
        default=timedelta(seconds=2), description="rest between two requests to one host"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what it is given: a test or a demo must not inherit a stray variable."""
        return (init_settings,)


_HOST = re.compile(r"(?P<user>postgresql(?:\+psycopg)?://[^:/?#@]+)(?::(?P<password>[^/?#]*))?@")
_PASSWORD = re.compile(r"://[^:/?#]*:(.*)@|[?&](?:ssl)?password=([^&]*)")


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Everything that no line may ever show; also as it looks inside an address."""
    secrets = [each.get_secret_value() for each in (settings.telegram_token, settings.summary_key) if each]
    proxy = settings.telegram_proxy.get_secret_value() if settings.telegram_proxy else ""
    urls = [url.get_secret_value() for url in settings.channel_urls.values()]
    secrets += urls
    for address in (proxy, settings.database_url, *urls):
        for found in _PASSWORD.finditer(address):
            secrets += [password := found[1] or found[2], unquote(password)]
    return tuple(dict.fromkeys(secret for secret in secrets if len(secret) >= SHORTEST_SECRET))


def channel_urls_of(settings: Settings) -> dict[str, str]:
    """What the variables hold that channels.yaml may name."""
    return {name: url.get_secret_value() for name, url in settings.channel_urls.items()}


def variables() -> tuple[str, ...]:
    """The names of all environment variables that are read."""
    return tuple(PREFIX + name.upper() for name in Settings.model_fields if name != "channel_urls")


def read_settings(
    environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")
) -> tuple[Settings, tuple[Problem, ...]]:
    """Settings from the environment (default: the process's), which wins over `env_file`, and warnings.

    Raises ConfigError with every wrong value.
    """
    environ = os.environ if environ is None else environ
    given, problems = _read_env_file(env_file) if env_file is not None else ({}, [])
    given |= {name: (value, (ENVIRONMENT, 0, 0)) for name, value in environ.items()}
    given = {name: written for name, written in given.items() if name.startswith(PREFIX)}
    values = _values_of(given)
    problems += _take_token_from_file(values, given)
    problems += _take_password_from_file(values, given)
    channel_urls = {
        name: SecretStr(value) for name, (value, _) in given.items() if name.startswith(URL_PREFIX) and value
    }
    try:
        settings = Settings(**values, channel_urls=channel_urls)
    except ValidationError as error:
        raise ConfigError((*problems, *_wrong_values(error, given))) from None
    if problems:
        raise ConfigError(tuple(problems))
    known = {*variables(), *(name for name in given if name.startswith(URL_PREFIX))}
    return settings, tuple(_unknown(name, place) for name, (_, place) in given.items() if name not in known)


def _wrong_values(error: ValidationError, given: _Written) -> Iterator[Problem]:
    for each in error.errors(include_url=False, include_input=False):
        name = PREFIX + str(each["loc"][0]).upper()
        yield Problem(*given[name][1], f"{name}: {each['msg']}")


def _values_of(given: _Written) -> dict[str, Any]:
    """The settings' raw values by field, as pydantic-settings reads them from these variables."""
    source = EnvSettingsSource(Settings)
    source.env_vars = {name.lower(): value for name, (value, _) in given.items() if value and name in variables()}
    return source()


def _take_token_from_file(values: dict[str, Any], given: _Written) -> Iterator[Problem]:
    """Put what the file of MONITOR_TELEGRAM_TOKEN_FILE holds among the values; what is wrong with it."""
    file = values.get("telegram_token_file")
    if file is None:
        return
    place = given[TOKEN_FILE][1]
    if "telegram_token" in values:
        yield Problem(*place, f"{TOKEN_FILE}: MONITOR_TELEGRAM_TOKEN is set, too: unset one of the two")
        return
    try:
        values["telegram_token"] = _read_token(_secret_in(Path(file), "token"))
    except UnreadableFile as unreadable:
        yield Problem(*place, f"{TOKEN_FILE}: {shown_name(Path(file))} {unreadable}")
    except (UnicodeDecodeError, PydanticCustomError):
        name = shown_name(Path(file))
        yield Problem(*place, f"{TOKEN_FILE}: {name} holds more than a token: write it exactly as BotFather gave it")


def _take_password_from_file(values: dict[str, Any], given: _Written) -> Iterator[Problem]:
    """Put what the file of MONITOR_DATABASE_PASSWORD_FILE holds into the database's address; what is wrong with it."""
    file = values.get("database_password_file")
    if file is None:
        return
    place = given[PASSWORD_FILE][1]
    found = _HOST.match(str(values.get("database_url", "")).strip())
    if found is None or found["password"] is not None:
        wanted = "it goes with MONITOR_DATABASE_URL=postgresql://user@host/name, without a password"
        yield Problem(*place, f"{PASSWORD_FILE}: {wanted}")
        return
    try:
        password = quote(_secret_in(Path(file), "password"), safe="")
        values["database_url"] = f"{found['user']}:{password}@{found.string[found.end() :]}"
    except UnreadableFile as unreadable:
        yield Problem(*place, f"{PASSWORD_FILE}: {shown_name(Path(file))} {unreadable}")
    except UnicodeDecodeError:
        yield Problem(*place, f"{PASSWORD_FILE}: {shown_name(Path(file))} is not UTF-8: write the password alone")


def _secret_in(file: Path, what: str) -> str:
    """The one line of a file. Raises UnreadableFile, and UnicodeDecodeError."""
    secret = read_plain_file(file, most=MOST_SECRET_BYTES).decode("utf-8-sig").strip()
    if not secret:
        raise UnreadableFile(f"is empty: put the {what} into it")
    return secret


def _unknown(name: str, place: tuple[str, int, int]) -> Problem:
    close = get_close_matches(name, variables(), n=1, cutoff=0.7)
    return Problem(*place, f"{name} is not a setting" + (f": did you mean {close[0]}?" if close else ""))


_LINE = re.compile(r"""\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*?)\s*""")
_QUOTED = re.compile(r"""(?P<quote>["'])(?P<value>.*?)(?P=quote)\s*(?:#.*)?""")


def _read_env_file(path: Path) -> tuple[_Written, list[Problem]]:
    """NAME=value lines, as python-dotenv and Docker read them; nothing is expanded. An absent file is an empty one."""
    name = shown_name(path)
    if not os.path.lexists(path) or path.is_dir():
        return {}, []
    try:
        lines = read_plain_file(path, most=MOST_ENV_BYTES).decode("utf-8-sig").splitlines()
    except UnreadableFile as wrong:
        return {}, [] if wrong.is_gone else [Problem(name, 0, 0, str(wrong))]
    except UnicodeDecodeError:
        return {}, [Problem(name, 0, 0, "is not UTF-8: save it with the encoding UTF-8")]
    return _read_env_lines(name, lines)


def _read_env_lines(file: str, lines: Iterable[str]) -> tuple[_Written, list[Problem]]:
    values: _Written = {}
    problems = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        value = found and _env_value(found["value"])
        if found is None or value is None:
            # the line itself is never quoted: it may hold the token
            problems.append(Problem(file, number, 1, "cannot be read: write NAME=value, or # before a comment"))
        else:
            values[found["name"]] = (value, (file, number, found.start("name") + 1))
    return values, problems


def _env_value(written: str) -> str | None:
    """Without quotes and comment; None when a quote is not closed or text follows it."""
    if written[:1] in ("'", '"'):
        return quoted["value"] if (quoted := _QUOTED.fullmatch(written)) else None
    return re.split(r"\s+#", written, maxsplit=1)[0]
