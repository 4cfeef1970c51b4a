"""login: a one-time link to the web page on stdout, for whoever runs this installation; the service may work on."""

import asyncio
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from monitor.cli.exit_codes import DONE
from monitor.cli.feeds_status import missing_file
from monitor.cli.screen import tell
from monitor.cli.streams import SourceError, chat_typed, configured
from monitor.config import Settings
from monitor.config.page_address import page_address
from monitor.pipeline.logins import is_shut_out, link_to, make_login, new_token
from monitor.store.transaction import Transaction, open_store
from monitor.store.worker_rows import WorkerSeen
from monitor.types import TERMINAL, Address

WHO = "monitor login"  # as the log of changes names whoever came by such a link
FOR_ITS_MACHINE = ("http://127.", "http://[::1]", "http://localhost")  # so begins a page that no other machine reaches


def run(chat: str | None) -> int:
    """Print a link that lets one browser in as this chat; without one, as an administrator. Raises SourceError."""
    settings = configured()
    address = TERMINAL if chat is None else chat_typed(chat)
    if settings.http_port is None:
        raise SourceError("MONITOR_HTTP_PORT is off, so there is no page: give it a port, and start the service anew")
    if missing := missing_file(settings.database_url):
        raise SourceError(f"there is no database {missing} yet: start the service first (`monitor run`)")
    page, token = asyncio.run(_made(settings, address))
    tell("this link lets one browser in, once, within ten minutes:")
    print(link_to(page, token))
    return DONE


def page_among(settings: Settings, workers: Sequence[WorkerSeen], *, here: str) -> str:
    """Where the page is, for whoever types on the machine `here`.

    Of several processes not each shows it, and of several on a machine one has the port that is set. Raises SourceError
    where nobody shows it, or where it cannot be reached from here.
    """
    alive = [each.worker for each in workers if each.is_alive]
    showing = [each for each in alive if "web" in each.parts and each.page]
    of_here = [each for each in showing if each.host == here]
    is_where_set = not showing or settings.http_port in {urlsplit(each.page).port for each in of_here}
    if alive and not any("web" in each.parts for each in alive):
        raise SourceError("no process shows the page: start one with `monitor run --only web`")
    if settings.web_url or is_where_set:
        if not (page := page_address(settings)):
            raise SourceError("MONITOR_HTTP_PORT=0 takes a free port, which is not known here: set MONITOR_WEB_URL")
        return page
    reached = of_here or [each for each in showing if not each.page.startswith(FOR_ITS_MACHINE)]
    if not reached:
        raise SourceError(f"the page is shown to {showing[0].host} alone: type this there, or set MONITOR_WEB_URL")
    return reached[0].page


async def _made(settings: Settings, address: Address) -> tuple[str, str]:
    admins, token = frozenset(settings.admin_chats), new_token()

    def make(tx: Transaction) -> None:
        if address != TERMINAL and address.chat_id not in admins:
            name = f"{address.chat_id}:{address.thread_id}" if address.thread_id else f"{address.chat_id}"
            if tx.chat(address) is None:
                raise SourceError(
                    f"--chat: {name} is no chat of this service: `monitor export --subscribers` lists them"
                )
            if is_shut_out(tx, address):
                raise SourceError(f"--chat: {name} is barred, and nobody gets in as it: /access in the bot lets it in")
        if make_login(tx, address, token, who=WHO, now=datetime.now(UTC)) is None:
            raise SourceError("too many links were made just now: use one of them, or wait ten minutes")

    async with await open_store(settings.database_url) as store:
        workers = await store.read(lambda tx: tx.workers() if tx.has_workers else [])
        page = page_among(settings, workers, here=platform.node())
        await store.write(make)
    return page, token
