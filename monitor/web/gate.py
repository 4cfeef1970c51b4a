"""Around every page: who may see it, how it is sent, and what no browser may do with it.

One request -> one visit -> one answer as HTML or JSON, compressed, with its ETag. What a page says is the page's own.
"""

import asyncio
import gzip
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from monitor.i18n import translatable
from monitor.web.assets import FOR_EVER, assets
from monitor.web.event_stream import add_events
from monitor.web.page import Answer, GoTo, NotAllowed, NotHere, NotLoggedIn, PageError, Raw, Visit, WebPage, WrongInput
from monitor.web.rendering import html_of, json_of
from monitor.web.routes import FORMS, PAGES, FormPath, PagePath, ShownTo
from monitor.web.site import Site
from monitor.web.viewer import COOKIE, SESSION_LASTS, is_form_token, viewer_of

if TYPE_CHECKING:
    from aiohttp import web

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
TOKEN_FIELD = "token"  # of every form  # noqa: S105 - its name
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A page tells no other where somebody came from. With "no-referrer" a browser says "Origin: null" of our own forms, too
# (Fetch, "append a request Origin header"): their session's token proves them. The login's form has no session yet.
REFERRER, REFERRER_OF_LOGIN = "no-referrer", "same-origin"
LOGINS = ("/login", "/app")
THEME = "monitor_theme"  # the cookie of app.js: Telegram is dark or light by itself
PACK_FROM = 500  # bytes; a shorter answer fits into a packet anyway
_Handle = Callable[["web.Request"], Awaitable["web.StreamResponse"]]


def add_pages(app: "web.Application", site: Site) -> None:
    """Every page, its JSON twin, every form, and the static files."""
    app.router.add_get("/static/{name}", _static)
    app.router.add_get("/favicon.ico", _static)
    for page in PAGES:
        if page.twin:  # before the page itself: its last part would take ".json" for its own
            app.router.add_get("/index.json" if page.path == "/" else f"{page.path}.json", _shown(site, page, JSON))
        app.router.add_get(page.path, _shown(site, page, HTML))
    for form in FORMS:
        app.router.add_post(form.path, _taken(site, form))
    add_events(app, site, lambda request: _visit(site, request))
    app.router.add_get("/{nothing:.*}", _nothing(site))


def _shown(site: Site, page: PagePath, kind: str) -> _Handle:
    async def show(request: "web.Request") -> "web.StreamResponse":
        visit = await _visit(site, request)
        return await _answered(request, visit, kind, lambda: _allowed(page.shown_to, visit, page.show))

    return show


def _taken(site: Site, form: FormPath) -> _Handle:
    async def take(request: "web.Request") -> "web.StreamResponse":
        visit = await _visit(site, request)
        kind = JSON if "application/json" in request.headers.get("Accept", "") else HTML

        async def answer() -> Answer:
            _from_here(request, visit, has_token=form.shown_to is not ShownTo.ANYBODY)
            if form.shown_to is not ShownTo.ANYBODY and not visit.viewer.is_known:
                raise NotAllowed(visit.words.gettext("You are not logged in any more. Nothing was changed."))
            sent = await _form(request, visit, form.most_bytes)
            if form.shown_to is not ShownTo.ANYBODY and not is_form_token(sent.pop(TOKEN_FIELD, ""), visit.viewer):
                why = translatable(
                    "This form is from another session. Nothing was changed: load the page again and repeat it."
                )
                raise NotAllowed(visit.words.gettext(why))
            return await _allowed(form.shown_to, _with_form(visit, sent), form.take)

        return await _answered(request, visit, kind, answer)

    return take


def _nothing(site: Site) -> _Handle:
    async def refuse(request: "web.Request") -> "web.StreamResponse":
        visit = await _visit(site, request)

        async def answer() -> Answer:
            raise NotHere(visit.words.gettext("There is no such page."))

        return await _answered(request, visit, JSON if request.path.endswith(".json") else HTML, answer)

    return refuse


# ---------------------------------------------------------------- what comes in


async def _visit(site: Site, request: "web.Request") -> Visit:
    headers = request.headers
    theme = request.cookies.get(THEME, "")
    viewer = await viewer_of(site, request.cookies.get(COOKIE, ""), headers.get("Accept-Language", ""))
    return Visit(
        site,
        viewer,
        site.clock(),
        request.path,
        dict(request.match_info),
        dict(request.query),
        peer=request.remote or "",
        browser=headers.get("User-Agent", ""),
        headers={name.casefold(): value for name, value in headers.items()},
        theme=theme if theme in ("light", "dark") else "",
    )


def _with_form(visit: Visit, sent: Mapping[str, str]) -> Visit:
    return replace(visit, form=sent)


def _from_here(request: "web.Request", visit: Visit, *, has_token: bool) -> None:
    """A form of another site's page is refused, whatever it knows; of a form that `has_token` no origin is needed."""
    origin = request.headers.get("Origin")
    if origin == "null" and has_token:
        origin = None
    own = {request.host, urlsplit(visit.site.url()).netloc}
    if visit.is_from_elsewhere or (origin is not None and urlsplit(origin).netloc not in own):
        raise NotAllowed(visit.words.gettext("This form was sent from another site."))


async def _form(request: "web.Request", visit: Visit, most: int) -> dict[str, str]:
    """The fields, each once. Raises WrongInput for what is none, or too much."""
    from aiohttp import web

    too_long = visit.words.gettext("That is too long: {n} kB are the most.", n=most // 1024)
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise WrongInput(visit.words.gettext("A form was expected."))
    if (request.content_length or 0) > most:
        raise WrongInput(too_long)
    try:
        fields = await request.clone(client_max_size=most).post()
    except web.HTTPRequestEntityTooLarge:
        raise WrongInput(too_long) from None
    return {name: value for name, value in fields.items() if isinstance(value, str)}


async def _allowed(shown_to: ShownTo, visit: Visit, handler: Callable[[Visit], Awaitable[Answer]]) -> Answer:
    viewer = visit.viewer
    if shown_to is ShownTo.ADMINISTRATORS and viewer.is_known and not viewer.is_admin:
        raise NotAllowed(visit.words.gettext("This page is for administrators."))
    may_see = shown_to is ShownTo.ANYBODY or (visit.may_read if shown_to is ShownTo.READERS else viewer.is_known)
    if not may_see:
        raise visit.log_in_first()
    return await handler(visit)


# ---------------------------------------------------------------- what goes out


async def _answered(
    request: "web.Request", visit: Visit, kind: str, handler: Callable[[], Awaitable[Answer]]
) -> "web.StreamResponse":
    try:
        answer = await handler()
    except NotLoggedIn as refused:
        if kind == HTML and request.method == "GET":
            return _sent_to(visit, GoTo(f"/login?next={quote(request.path_qs, safe='')}"))
        answer = _said(refused)
    except PageError as refused:
        answer = _said(refused)
    match answer:
        case GoTo():
            return _sent_to(visit, answer)
        case Raw():
            make, kind, changed_at = answer.body.encode, answer.content_type, answer.changed_at
            return await _sent(request, make, kind, answer.status, keeps=answer.keeps, changed_at=changed_at)
        case WebPage():
            keeps = answer.keeps and answer.status == 200
            if kind == JSON:
                zone, words = visit.site.zone, visit.words
                return await _sent(request, lambda: json_of(answer.data, zone, words), JSON, answer.status, keeps=keeps)
            return await _sent(request, lambda: html_of(answer, visit, _frame(visit)), HTML, answer.status, keeps=keeps)


def _frame(visit: Visit) -> dict[str, object]:
    """The links at the top: what this viewer may look at."""
    reached = {ShownTo.ANYBODY}
    if visit.may_read:
        reached.add(ShownTo.READERS)
    if visit.viewer.is_known:
        reached.add(ShownTo.CHATS)
    if visit.viewer.is_admin:
        reached.add(ShownTo.ADMINISTRATORS)
    return {"nav": [page for page in PAGES if page.nav and page.shown_to in reached]}


def _said(refused: PageError) -> WebPage:
    return WebPage("refused.html", {"error": refused.why}, status=refused.status, keeps=False)


async def _sent(
    request: "web.Request",
    make: Callable[[], bytes],
    kind: str,
    status: int,
    *,
    keeps: bool,
    changed_at: datetime | None = None,
) -> "web.Response":
    """Made and compressed in a thread: a long page is 20 ms of work."""
    from aiohttp import web

    may_pack = "gzip" in request.headers.get("Accept-Encoding", "")

    def made() -> tuple[bytes | None, str, bool]:
        """The body, None where the reader has it already; its tag; whether it is compressed."""
        body = make()
        tag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
        if keeps and _is_known(request, tag, changed_at):
            return None, tag, False
        is_packed = may_pack and len(body) >= PACK_FROM
        return (gzip.compress(body, 6, mtime=0) if is_packed else body), tag, is_packed

    body, tag, is_packed = await asyncio.to_thread(made)
    headers = {
        "Content-Type": kind,
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": REFERRER_OF_LOGIN if request.path in LOGINS else REFERRER,
        "Cache-Control": "private, no-cache" if keeps else "no-store",
        "Vary": "Cookie, Accept-Encoding, Accept-Language",
    }
    if keeps:
        headers["ETag"] = tag
        if changed_at is not None:
            headers["Last-Modified"] = format_datetime(changed_at.astimezone(UTC), usegmt=True)
    if body is None:
        return web.Response(status=304, headers=headers)
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=body, status=status, headers=headers)


def _is_known(request: "web.Request", tag: str, changed_at: datetime | None) -> bool:
    """Whether the reader has it already. Who names a tag is judged by that alone (RFC 9110, 13.1.3)."""
    known = request.headers.get("If-None-Match")
    if known is not None:
        return _has(known, tag)
    since = request.if_modified_since
    return changed_at is not None and since is not None and changed_at.replace(microsecond=0) <= since


def _has(known: str, tag: str) -> bool:
    """Whether a browser has this very state already (If-None-Match, compared weakly)."""
    return any(each.strip() in (tag, tag.removeprefix("W/"), "*") for each in known.split(","))


def _sent_to(visit: Visit, to: GoTo) -> "web.Response":
    from aiohttp import web

    response = web.Response(
        status=303, headers={"Location": to.path, "Cache-Control": "no-store", "Content-Security-Policy": POLICY}
    )
    if to.cookie == "":
        response.del_cookie(COOKIE, path="/", secure=visit.site.is_secure, httponly=True, samesite="Lax")
    elif to.cookie is not None:
        response.set_cookie(
            COOKIE,
            to.cookie,
            path="/",
            max_age=int(SESSION_LASTS.total_seconds()),
            secure=visit.site.is_secure,
            httponly=True,
            samesite="Lax",
        )
    return response


async def _static(request: "web.Request") -> "web.Response":
    from aiohttp import web

    asset = assets().get(request.match_info.get("name", "icon.svg"))
    if asset is None:
        raise web.HTTPNotFound(text="There is no such file.\n")
    is_packed = bool(asset.packed) and "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {"Content-Type": asset.content_type, "Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=asset.packed if is_packed else asset.body, headers=headers)
