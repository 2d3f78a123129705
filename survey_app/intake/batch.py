"""One batch, slot by slot: receipts, answers and counters in one durable commit.

Everything of one slot is one transaction, so that on a distributed database it stays
on one node. With one slot, the default, a batch is exactly one transaction.
"""

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from survey_app.domain.printed_code import slot_of
from survey_app.domain.refusals import (
    Refusal,
    RehearsalOver,
    SurveyClosed,
    SurveyVoid,
)
from survey_app.domain.response import NewResponse
from survey_app.models.base import Base
from survey_app.models.count import ChoiceCount, TurnoutCount
from survey_app.models.response import Comment, Receipt, Response
from survey_app.models.survey import CLOSED, OPEN, REHEARSAL, VOID, Survey

Row = dict[str, object]


def write_batch(
    engine: Engine, responses: Sequence[NewResponse], *, today: date, slots: int
) -> dict[NewResponse, Refusal]:
    """Keep the answers whose survey is open; return answer → refusal for the others.

    Raises SQLAlchemy's DBAPIError where the database fails. Slots already written are
    then kept, and sending again finds their receipts.
    """
    refused: dict[NewResponse, Refusal] = {}

    def slot(response: NewResponse) -> int:
        return slot_of(response.receipt, slots)

    for number, together in groupby(sorted(responses, key=slot), key=slot):
        with engine.begin() as connection:
            refused |= _write_slot(connection, number, list(together), today)
    return refused


def _write_slot(
    connection: Connection, slot: int, responses: list[NewResponse], today: date
) -> dict[NewResponse, Refusal]:
    """Write one slot's answers inside the given transaction."""
    states = _states(connection, {r.survey_id for r in responses}, today)
    refused = {r: _refusal(r, states.get(r.survey_id)) for r in responses}
    wanted = {r.receipt: r for r in responses if refused[r] is None}
    fresh = _new_receipts(connection, slot, wanted)
    if fresh:
        connection.execute(insert(Response), _rows(slot, fresh, today))
        _raise(connection, ChoiceCount, _choice_rows(slot, fresh))
        _raise(connection, TurnoutCount, _turnout_rows(slot, fresh, today))
        comments = _comment_rows(slot, fresh)
        if comments:
            connection.execute(insert(Comment), comments)
    return {r: why for r, why in refused.items() if why is not None}


def _states(connection: Connection, asked: set[int], today: date) -> dict[int, str]:
    """Return the state of each survey; one that is not in its days is closed.

    The lock makes closing wait for this transaction: what was acknowledged is always
    inside the result. SQLite's one write lock does the same and ignores the clause.
    """
    wanted = select(Survey.id, Survey.state, Survey.opens_on, Survey.closes_on)
    rows = connection.execute(
        wanted.where(Survey.id.in_(asked)).with_for_update(read=True)
    )
    return {
        row.id: CLOSED
        if row.state == OPEN and not row.opens_on <= today <= row.closes_on
        else row.state
        for row in rows
    }


def _refusal(response: NewResponse, state: str | None) -> Refusal | None:
    """Return why the survey does not take this answer; None: it does."""
    if state == (REHEARSAL if response.rehearsed else OPEN):
        return None
    if state == VOID:
        return SurveyVoid()
    return RehearsalOver() if response.rehearsed else SurveyClosed()


def _new_receipts(
    connection: Connection, slot: int, wanted: dict[bytes, NewResponse]
) -> list[NewResponse]:
    """Claim the receipts and return the answers that were not counted before."""
    if not wanted:
        return []
    claim = _insert(connection, Receipt).on_conflict_do_nothing()
    rows = [
        {"slot": slot, "code": code, "survey_id": response.survey_id}
        for code, response in wanted.items()
    ]
    claimed = connection.scalars(claim.returning(Receipt.code), rows)
    return [wanted[code] for code in claimed]


def _rows(slot: int, fresh: Iterable[NewResponse], today: date) -> list[Row]:
    return [
        {
            "slot": slot,
            "id": secrets.token_bytes(16),
            "survey_id": r.survey_id,
            "channel_id": r.channel_id,
            "subject_id": r.subject_id,
            "answered_on": today,
            "answers": json.dumps(dict(r.picks), separators=(",", ":")),
        }
        for r in fresh
    ]


def _choice_rows(slot: int, fresh: Iterable[NewResponse]) -> list[Row]:
    counted = Counter(
        (r.survey_id, r.subject_id, r.rater_group, question, choice)
        for r in fresh
        for question, choice in r.picks
    )
    names = ("survey_id", "subject_id", "rater_group", "question_key", "choice_key")
    # Sorted, so that two writers lock the same counters in the same order.
    return [
        {"slot": slot, **dict(zip(names, key, strict=True)), "count": count}
        for key, count in sorted(counted.items())
    ]


def _turnout_rows(slot: int, fresh: Iterable[NewResponse], today: date) -> list[Row]:
    counted = Counter((r.survey_id, r.channel_id, r.subject_id) for r in fresh)
    names = ("survey_id", "channel_id", "subject_id")
    return [
        {
            "slot": slot,
            **dict(zip(names, key, strict=True)),
            "answered_on": today,
            "count": count,
        }
        for key, count in sorted(counted.items())
    ]


def _comment_rows(slot: int, fresh: Iterable[NewResponse]) -> list[Row]:
    return [
        {
            "slot": slot,
            "id": secrets.token_bytes(16),
            "survey_id": r.survey_id,
            "subject_id": r.subject_id,
            "text": r.comment,
        }
        for r in fresh
        if r.comment
    ]


def _insert(
    connection: Connection, table: type[Base]
) -> "postgresql.Insert | sqlite.Insert":
    """Return the dialect's INSERT, the one that knows ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _raise(
    connection: Connection, table: type[ChoiceCount | TurnoutCount], rows: list[Row]
) -> None:
    """Add the rows' counts to the counters, making those that do not exist yet."""
    first = _insert(connection, table)
    add: Insert = first.on_conflict_do_update(
        index_elements=list(table.__table__.primary_key),
        set_={"count": table.count + first.excluded["count"]},
    )
    connection.execute(add, rows)
