"""How one gets in: the page behind a one-time link, and what to do where there is none."""

from monitor.web.page import Answer, Visit, WebPage


async def login(visit: Visit) -> Answer:
    """What to do to get in."""
    return WebPage("login.html", {}, keeps=False)
