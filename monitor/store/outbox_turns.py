"""Whose turn it is: the one question of the outbox that every claim asks.

Changes no row; the claim itself is outbox_rows.py's.
"""

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


def waits_for_digest(now: ColumnElement[datetime] | datetime) -> ColumnElement[bool]:
    """Of a row joined with its chat: news that is gathered at this moment; what is urgent does not wait."""
    return and_(chats.c.gather_from.is_not(None), chats.c.gather_from <= now, IS_NEWS, ~_is_high)


def _heads(now: BindParameter[datetime], mine: ColumnElement[bool]) -> Subquery:
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
        .where(is_open(alerts), ~IS_EDIT, mine)
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


def _turns(mine: ColumnElement[bool]) -> Subquery:
    """The rows that may be sent, with `place` 1 for the one of each chat whose turn it is; of `mine` alone.

    Grouped by address first, and each of those rows looked up by its number. PostgreSQL's statistics are of a calmer
    time whenever much waits, and of what it takes for few rows it makes a loop in a loop (33 s a claim with 3,000
    waiting behind 50,000 sent, against 0.1 s): an outer join leaves it no choice of what to begin with.
    """
    now = bindparam("now", type_=UtcDateTime())
    heads = _heads(now, mine)
    head = alerts.alias("head")
    news = (
        select(*_asked_of(head), heads.c.urgent, literal_column("0").label("rank"))
        .select_from(heads.outerjoin(head, head.c.id == heads.c.id))
        .subquery("news")
    )
    edits = (
        select(*_asked_of(alerts), literal_column("0").label("urgent"), literal_column("1").label("rank"))
        .where(is_open(alerts), IS_EDIT, mine)
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
    on_its_way = alerts.alias("on_its_way")
    busy = select(on_its_way.c.chat_id).where(
        on_its_way.c.state == literal_column("'sending'"), on_its_way.c.kind != literal_column("'edit'")
    )
    both = union_all(
        _due(news, now).where(news.c.chat_id.not_in(busy)),
        _due(edits, now).where(~same_story.exists()),
    ).subquery("due")
    in_chat = (both.c.rank, both.c.urgent.desc(), both.c.id)
    place = func.row_number().over(partition_by=both.c.chat_id, order_by=in_chat)
    return select(both, place.label("place")).subquery("turns")


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
        columns.created_at,
        columns.next_try_at,
    )


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
            rows.c.created_at,
            rows.c.next_try_at,
            holds.c.until.label("rested_at"),
        )
        .select_from(rows.outerjoin(chats, in_chats).outerjoin(holds, holds.c.chat_id == rows.c.chat_id))
        .where(
            func.coalesce(rows.c.state, "") == literal_column("'pending'"),  # or the outer join would be an inner one
            rows.c.next_try_at <= now,
            rows.c.chat_id.between(bindparam("lowest", type_=BigInteger()), bindparam("highest", type_=BigInteger())),
            heard,
            or_(holds.c.until.is_(None), holds.c.until <= now),
        )
    )


def _due_of(turn: Subquery) -> Select[Any]:
    """Number and chat of those whose turn it is, first first; locks nothing."""
    return (
        select(turn.c.id, turn.c.chat_id)
        .where(turn.c.place == 1)
        .order_by(
            turn.c.rank,  # news before outlets
            turn.c.urgent.desc(),
            turn.c.created_at < bindparam("fresh_since", type_=UtcDateTime()),
            # fair between chats: who got a message last goes last, and who never got one first
            turn.c.rested_at.asc().nulls_first(),
            turn.c.next_try_at,
            turn.c.id,
        )
        .limit(bindparam("at_most", type_=Integer()))
    )


# drawn once: they cost more to draw than to run
DUE = _due_of(_turns(true()))
DUE_IN_CHAT = _due_of(_turns(alerts.c.chat_id == bindparam("of_chat", type_=BigInteger())))
