"""Disk, rights of files, open-file limit, versions: what can be seen on this machine alone."""

import os
import platform
import resource
import shutil
import stat
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from monitor import __version__
from monitor.app.checkup.checks import Check, CheckState
from monitor.charts.font_metrics import FAMILY
from monitor.charts.rasterise import png_of
from monitor.config import Settings
from monitor.errors import PictureError, StoreError
from monitor.store.engine import parse

SCARCE, SHORT = 100 * 10**6, 10**9  # bytes free: a day of news is some MB, a backup as much as the database
FEW_FILES, ENOUGH_FILES = 256, 1_024  # 100 connections to feeds, 34 to Telegram, 20 to the database, and logs
PACKAGES = ("aiohttp", "alembic", "pydantic", "python-telegram-bot", "SQLAlchemy", "underthesea")


def examine(settings: Settings) -> list[Check]:
    """All checks of this group."""
    secrets = (settings.telegram_token_file, settings.database_password_file)
    files = [Path(".env"), *(file for file in secrets if file)]
    database = _database_file(settings)
    found = [_disk(database)] if database else []
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return [
        *found,
        _config_folder(settings.config_dir),
        _rights([*files, *([database] if database else [])]),
        judge_open_files(soft),
        _versions(),
        _fonts(),
    ]


def _database_file(settings: Settings) -> Path | None:
    try:
        url = parse(settings.database_url)
    except StoreError:  # rows.py says what is wrong with it
        return None
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def _disk(database: Path) -> Check:
    folder = database.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent  # made at the first start
    try:
        free = shutil.disk_usage(folder).free
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        do = f"let the service's user write to {folder}, or name another place in MONITOR_DATABASE_URL"
        return Check("disk", CheckState.PROBLEM, f"{folder} cannot be written to: {why}", do)
    return judge_disk(free, folder)


def judge_disk(free: int, folder: Path) -> Check:
    """Whether so many bytes are enough for the database's folder."""
    what = f"{free / 10**9:.1f} GB free in {folder}"
    if free >= SHORT:
        return Check("disk", CheckState.OK, what)
    do = "make room, or lower MONITOR_RETENTION_DAYS: a full disk stops everything"
    return Check("disk", CheckState.PROBLEM if free < SCARCE else CheckState.WARNING, what, do)


def _config_folder(folder: Path) -> Check:
    if not folder.is_dir():
        return Check("config folder", CheckState.PROBLEM, f"there is no folder {folder}", "set MONITOR_CONFIG_DIR")
    if not os.access(folder, os.R_OK | os.X_OK):
        return Check("config folder", CheckState.PROBLEM, f"{folder} cannot be read", f"chmod u+rx {folder}")
    writable = "can be written to" if os.access(folder, os.W_OK) else "is read-only, which is enough"
    return Check("config folder", CheckState.OK, f"{folder} {writable}")


def _fonts() -> Check:
    """Whether a picture can be drawn, with the fonts that ship: no machine's own are used."""
    letter = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9" font-size="9">Ế</text></svg>'
    try:
        png_of(letter)
    except (PictureError, ImportError, OSError) as error:
        return Check("fonts", CheckState.PROBLEM, f"no picture can be drawn: {error}", "install the program anew")
    return Check("fonts", CheckState.OK, f"a picture can be drawn, in {FAMILY}, which ships with the program")


def _rights(files: list[Path]) -> Check:
    """Whether what is secret or private is open to everybody on this machine."""
    open_ones = [path for path in files if path.exists() and path.stat().st_mode & stat.S_IROTH]
    unreadable = [path for path in files if path.exists() and not os.access(path, os.R_OK)]
    if unreadable:
        named = ", ".join(map(str, unreadable))
        return Check(
            "permissions", CheckState.PROBLEM, f"cannot be read: {named}", f"give this user the right: {named}"
        )
    if open_ones:
        named = " ".join(map(str, open_ones))
        return Check("permissions", CheckState.WARNING, f"everybody here can read {named}", f"chmod o-rwx {named}")
    return Check("permissions", CheckState.OK, "nothing secret is open to everybody")


def judge_open_files(limit: int) -> Check:
    """Whether so many open files are enough; -1 is without limit."""
    if limit == resource.RLIM_INFINITY or limit >= ENOUGH_FILES:
        return Check("open files", CheckState.OK, "no limit" if limit == resource.RLIM_INFINITY else f"at most {limit}")
    state = CheckState.PROBLEM if limit < FEW_FILES else CheckState.WARNING
    do = f"ulimit -n {ENOUGH_FILES}, or LimitNOFILE={ENOUGH_FILES} in systemd"
    return Check("open files", state, f"at most {limit}", do)


def _versions() -> Check:
    known, missing = [f"monitor {__version__}", f"Python {platform.python_version()}"], []
    for package in PACKAGES:
        try:
            known.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        return Check("versions", CheckState.PROBLEM, f"not installed: {', '.join(missing)}", "make setup")
    return Check("versions", CheckState.OK, ", ".join(known))
