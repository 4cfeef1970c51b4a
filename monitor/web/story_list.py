"""/: stories of watched targets, the newest first."""

from monitor.store.transaction import Transaction
from monitor.web.event_stream import events_address
from monitor.web.page import Answer, Visit, WebPage


async def stories(visit: Visit) -> Answer:
    """The newest of them."""
    seen = await visit.site.store.read(Transaction.last_event)  # before the list: what comes meanwhile is told again
    return WebPage("stories.html", {"stories": []}, {"events": events_address(visit, seen)})
