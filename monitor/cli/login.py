"""login: a one-time link to the web page on stdout, for whoever runs this installation; the service may work on."""

import asyncio
from datetime import UTC, datetime

from monitor.cli.exit_codes import DONE
from monitor.cli.feeds_status import missing_file
from monitor.cli.screen import tell
from monitor.cli.streams import SourceError, chat_typed, configured
from monitor.config import Settings
from monitor.config.page_address import page_address
from monitor.pipeline.logins import is_shut_out, link_to, make_login, new_token
from monitor.store.transaction import Transaction, open_store
from monitor.types import TERMINAL, Address

WHO = "monitor login"  # as the log of changes names whoever came by such a link


def run(chat: str | None) -> int:
    """Print a link that lets one browser in as this chat; without one, as an administrator. Raises SourceError."""
    settings = configured()
    address = TERMINAL if chat is None else chat_typed(chat)
    page = _page(settings)
    if missing := missing_file(settings.database_url):
        raise SourceError(f"there is no database {missing} yet: start the service first (`monitor run`)")
    token = asyncio.run(_made(settings, address))
    tell("this link lets one browser in, once, within ten minutes:")
    print(link_to(page, token))
    return DONE


def _page(settings: Settings) -> str:
    if settings.http_port is None:
        raise SourceError("MONITOR_HTTP_PORT is off, so there is no page: give it a port, and start the service anew")
    if not (page := page_address(settings)):
        raise SourceError("MONITOR_HTTP_PORT=0 takes a free port, which is not known here: set MONITOR_WEB_URL")
    return page


async def _made(settings: Settings, address: Address) -> str:
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
        await store.write(make)
    return token
