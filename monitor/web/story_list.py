"""/: stories of watched targets, the newest first."""

from monitor.web.page import Answer, Visit, WebPage


async def stories(visit: Visit) -> Answer:
    """The newest of them."""
    return WebPage("stories.html", {"stories": []})
