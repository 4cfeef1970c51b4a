"""Whose turn it is: the one question of the outbox that every claim asks.

Changes no row; the claim itself is outbox_rows.py's.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from monitor.store.column_types import UtcDateTime
from monitor.store.one_of import by_no_index, one_that
from monitor.store.tables import alerts, chats, holds, is_open
from monitor.types import OUTSIDE_BELOW, ChatState

FRESH = timedelta(minutes=10)  # an alert that waits longer is part of a backlog, and lets newer ones of others pass

IN_TELEGRAM = {"lowest": OUTSIDE_BELOW, "highest": 2**63 - 1}  # numbers of its chats
IN_CHANNELS = {"lowest": -(2**63), "highest": OUTSIDE_BELOW - 1}

IS_EDIT = alerts.c.kind == literal_column("'edit'")
IS_NEWS = alerts.c.kind.in_([literal_column("'alert'"), literal_column("'update'")])
IS_PENDING = alerts.c.state == literal_column("'pending'")
_is_high = alerts.c.priority == literal_column("'high'")


def is_asked(table: FromClause) -> ColumnElement[bool]:
    """Rows that are no news: an answer, for which somebody waits, and a word to an administrator."""
    return table.c.kind.in_([literal_column("'answer'"), literal_column("'notice'")])


OfTable = Callable[[FromClause], ColumnElement[bool]]  # of which chats


def waits_for_digest(now: ColumnElement[datetime] | datetime) -> ColumnElement[bool]:
    """Of a row joined with its chat: news that is gathered at this moment; what is urgent does not wait."""
    return and_(chats.c.gather_from.is_not(None), chats.c.gather_from <= now, IS_NEWS, ~_is_high)


def _heads(now: BindParameter[datetime], mine: OfTable) -> Subquery:
    """The row of each topic whose turn it is, sent or not; in a chat that gathers its news all else goes on without."""
    firsts = (
        select(
            alerts.c.chat_id,
            alerts.c.thread_id,
            func.min(case((_is_high, alerts.c.id))).label("urgent"),
            func.min(case((is_asked(alerts), alerts.c.id))).label("asked"),
            func.min(case((~IS_NEWS, alerts.c.id))).label("no_news"),
            func.min(alerts.c.id).label("any"),
        )
        .where(is_open(alerts), ~IS_EDIT, mine(alerts))
        .group_by(alerts.c.chat_id, alerts.c.thread_id)
        .subquery("firsts")
    )
    gathers = and_(
        chats.c.chat_id == firsts.c.chat_id, chats.c.thread_id == firsts.c.thread_id, chats.c.gather_from <= now
    )
    calm = case((chats.c.chat_id.is_not(None), firsts.c.no_news), else_=firsts.c.any)
    return (
        select(
            func.coalesce(firsts.c.asked, firsts.c.urgent, calm).label("id"),
            case((firsts.c.urgent.is_not(None), 1), else_=0).label("urgent"),
        )
        .select_from(firsts.outerjoin(chats, gathers))
        .offset(0)  # a fence: SQLite would begin with all that was ever written, and look each row up in here
        .subquery("heads")
    )


def _turns(mine: OfTable, *, looks_up: bool = False) -> Subquery:
    """The rows that may be sent, with `place` 1 for the one of each chat whose turn it is; of `mine` alone.

    Grouped by address first, and each of those rows looked up by its number. PostgreSQL's statistics are of a calmer
    time whenever much waits, and of what it takes for few rows it makes a loop in a loop (33 s a claim with 3,000
    waiting behind 50,000 sent, against 0.1 s): `looks_up` leaves it no other choice. SQLite does so anyway.
    """
    now = bindparam("now", type_=UtcDateTime())
    heads = _heads(now, mine)
    head: FromClause = alerts.alias("head")
    found = heads.outerjoin(head, head.c.id == heads.c.id)
    if looks_up:
        head = select(alerts).where(alerts.c.id == heads.c.id).offset(0).lateral("head")  # a fence, like that of heads
        found = heads.join(head, true())
    news = (
        select(*_asked_of(head), heads.c.urgent, literal_column("0").label("rank")).select_from(found).subquery("news")
    )
    edits = (
        select(*_asked_of(alerts), literal_column("0").label("urgent"), literal_column("1").label("rank"))
        .where(is_open(alerts), IS_EDIT, mine(alerts))
        .subquery("edits")
    )
    other = alerts.alias("other")
    same_story = select(other.c.id).where(
        is_open(other),
        other.c.chat_id == edits.c.chat_id,
        other.c.thread_id == edits.c.thread_id,
        other.c.story_id == edits.c.story_id,
        other.c.id < edits.c.id,
    )
    both = union_all(
        _due(news, now).where(is_pending_by_number(news)),
        _due(edits, now).where(edits.c.state == literal_column("'pending'"), ~is_any(same_story)),
    ).subquery("due")
    in_chat = (both.c.rank, both.c.urgent.desc(), both.c.id)
    place = func.row_number().over(partition_by=both.c.chat_id, order_by=in_chat)
    # not asked of news above: PostgreSQL would count the question for each row, and read all alerts instead
    is_free = or_(both.c.rank == literal_column("1"), both.c.chat_id.not_in(_busy(mine)))
    return select(both, place.label("place")).where(is_free).subquery("turns")


# What waits is little now and a hundred thousand rows a minute later, and what PostgreSQL knows of it is of yesterday:
# a row is looked up by its number or its chat, and nothing here may become a loop over all that waits.


def _asked_of(rows: FromClause) -> tuple[ColumnElement[Any], ...]:
    """What is asked of a row that waits."""
    columns = rows.c
    return (
        columns.id,
        columns.chat_id,
        columns.thread_id,
        columns.story_id,
        columns.kind,
        columns.state,
        columns.priority,
        columns.created_at,
        columns.next_try_at,
    )


def is_pending_by_number(rows: FromClause) -> ColumnElement[bool]:
    """Pending, in words that lead to no partial index: a row that is known by its number is looked up by that."""
    return rows.c.state.concat(literal_column("''")) == literal_column("'pending'")


def is_any(rows: Select[Any]) -> ColumnElement[bool]:
    """Whether there is such a row; asked for each by itself, and no join."""
    return rows.offset(0).exists()


def _busy(mine: OfTable) -> Select[Any]:
    """Chats to which something is on its way."""
    table = alerts.alias("on_its_way")
    sends = and_(table.c.state == literal_column("'sending'"), table.c.kind != literal_column("'edit'"))
    return select(table.c.chat_id).where(sends, mine(table))


def _due(rows: Subquery, now: BindParameter[datetime]) -> Select[Any]:
    """Those of `rows` that are due, in chats that may be written to now."""
    heard = or_(
        chats.c.state.is_(None),  # an admin chat need not have subscribed
        chats.c.state == ChatState.ACTIVE.value,
        # one that gathers first gets what it missed, and is active then
        and_(
            chats.c.state == ChatState.PAUSED.value,
            or_(is_asked(rows), and_(chats.c.paused_until <= now, chats.c.gather_until.is_(None))),
        ),
        and_(chats.c.state == ChatState.BLOCKED.value, rows.c.kind == literal_column("'answer'")),  # it wrote again
    )
    in_chats = and_(chats.c.chat_id == rows.c.chat_id, chats.c.thread_id == rows.c.thread_id)
    return (
        select(
            rows.c.id,
            rows.c.chat_id,
            rows.c.rank,
            rows.c.urgent,
            rows.c.priority,
            rows.c.created_at,
            rows.c.next_try_at,
            holds.c.until.label("rested_at"),
        )
        .select_from(rows.outerjoin(chats, in_chats).outerjoin(holds, holds.c.chat_id == rows.c.chat_id))
        .where(
            rows.c.next_try_at <= now,
            # SQLite would walk through all that such chats were ever told
            by_no_index(rows.c.chat_id).between(
                bindparam("lowest", type_=BigInteger()), bindparam("highest", type_=BigInteger())
            ),
            heard,
            or_(holds.c.until.is_(None), holds.c.until <= now),
        )
    )


def _bulk(now: BindParameter[datetime]) -> Subquery:
    """What was told to very many, in chats for which nothing else waits: news first, then edits, each oldest first.

    Each of the two ends at its limit, so that a hundred thousand rows cost no more than those that are taken. Of a chat
    several topics may come: whoever claims takes the first.
    """
    news, edits = (_mass(alerts.c.in_bulk & kind, rank) for rank, kind in enumerate((~IS_EDIT, IS_EDIT)))
    gathers = and_(chats.c.gather_from.is_not(None), chats.c.gather_from <= now)
    other = alerts.alias("other")
    is_news = other.c.kind != literal_column("'edit'")
    is_earlier = or_(  # "high" stands before "normal"
        other.c.priority < news.c.priority, and_(other.c.priority == news.c.priority, other.c.id < news.c.id)
    )
    is_ahead = and_(
        is_news, or_(other.c.state == literal_column("'sending'"), and_(_in_topic(other, news), is_earlier))
    )
    due_news = _due(news, now).where(
        ~_has_ahead(news, other, is_ahead), or_(~gathers, news.c.priority == literal_column("'high'"))
    )
    is_ahead = and_(_in_topic(other, edits), other.c.story_id == edits.c.story_id, other.c.id < edits.c.id)
    due_edits = _due(edits, now).where(~_has_ahead(edits, other, is_ahead))
    at_most = bindparam("at_most", type_=Integer())
    return union_all(
        select(due_news.order_by(news.c.priority, news.c.id).limit(at_most).subquery("due_news")),
        select(due_edits.order_by(edits.c.id).limit(at_most).subquery("due_edits")),
    ).subquery("turns")


def _mass(kind: ColumnElement[bool], rank: int) -> Subquery:
    urgent: ColumnElement[int] = literal_column("0").label("urgent")
    rows = select(*_asked_of(alerts), urgent, literal_column(str(rank)).label("rank"))
    return rows.where(is_open(alerts), kind, alerts.c.state == literal_column("'pending'")).subquery(f"mass_{rank}")


def _in_topic(other: FromClause, mine: FromClause) -> ColumnElement[bool]:
    return other.c.thread_id == mine.c.thread_id


def _has_ahead(mine: FromClause, other: FromClause, is_ahead: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether something of its own waits for the chat of `mine`, or what goes before it."""
    in_chat = (is_open(other), other.c.chat_id == mine.c.chat_id)
    return is_any(select(other.c.id).where(*in_chat, or_(~other.c.in_bulk, is_ahead)))


def _in_order(turn: Subquery) -> Select[Any]:
    is_stale = turn.c.created_at < bindparam("fresh_since", type_=UtcDateTime())
    return (
        select(turn.c.id, turn.c.chat_id)
        .where(turn.c.place == 1)
        .order_by(
            turn.c.rank,  # news before outlets
            turn.c.urgent.desc(),
            is_stale,
            # fair between chats: who got a message last goes last, and who never got one first
            turn.c.rested_at.asc().nulls_first(),
            turn.c.next_try_at,
            turn.c.id,
        )
        .limit(bindparam("at_most", type_=Integer()))
    )


def _of_few(table: FromClause) -> ColumnElement[bool]:
    few = alerts.alias("few")
    return one_that(table.c.chat_id, select(few.c.chat_id).where(is_open(few), ~few.c.in_bulk))


def _of_chat(table: FromClause) -> ColumnElement[bool]:
    return table.c.chat_id == bindparam("of_chat", type_=BigInteger())


_in_bulk = _bulk(bindparam("now", type_=UtcDateTime()))
# Drawn once: they cost more to draw than to run. Each gives the number of a row and its chat.
# In a chat that waits for something of its own all goes in its order, so that what very many are told delays nothing
DUE = _in_order(_turns(_of_few))
DUE_ON_POSTGRESQL = _in_order(_turns(_of_few, looks_up=True))
DUE_IN_CHAT = _in_order(_turns(_of_chat))
DUE_IN_BULK = select(_in_bulk.c.id, _in_bulk.c.chat_id).order_by(_in_bulk.c.rank, _in_bulk.c.priority, _in_bulk.c.id)
