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
from survey_app.domain.refusals import Refusal, SurveyClosed
from survey_app.domain.response import NewResponse
from survey_app.models.base import Base
from survey_app.models.count import ChoiceCount, TurnoutCount
from survey_app.models.response import Comment, Receipt, Response
from survey_app.models.survey import OPEN, Survey

Row = dict[str, object]


def write_batch(
    engine: Engine, responses: Sequence[NewResponse], *, today: date, slots: int
) -> dict[int, Refusal]:
    """Keep the answers whose survey is open; return survey → refusal for the others.

    Raises SQLAlchemy's DBAPIError where the database fails. Slots already written are
    then kept, and sending again finds their receipts.
    """
    refused: dict[int, Refusal] = {}

    def slot(response: NewResponse) -> int:
        return slot_of(response.receipt, slots)

    for number, together in groupby(sorted(responses, key=slot), key=slot):
        with engine.begin() as connection:
            refused |= _write_slot(connection, number, list(together), today)
    return refused


def _write_slot(
    connection: Connection, slot: int, responses: list[NewResponse], today: date
) -> dict[int, Refusal]:
    """Write one slot's answers inside the given transaction."""
    closed = _closed(connection, {r.survey_id for r in responses}, today)
    wanted = {r.receipt: r for r in responses if r.survey_id not in closed}
    fresh = _new_receipts(connection, slot, wanted)
    if fresh:
        connection.execute(insert(Response), _rows(slot, fresh, today))
        _raise(connection, ChoiceCount, _choice_rows(slot, fresh))
        _raise(connection, TurnoutCount, _turnout_rows(slot, fresh, today))
        comments = _comment_rows(slot, fresh)
        if comments:
            connection.execute(insert(Comment), comments)
    return {survey_id: SurveyClosed() for survey_id in closed}


def _closed(connection: Connection, asked: set[int], today: date) -> set[int]:
    """Return which of the surveys take no answer today.

    The lock makes closing wait for this transaction: what was acknowledged is always
    inside the result. SQLite's one write lock does the same and ignores the clause.
    """
    taking = select(Survey.id).where(
        Survey.id.in_(asked),
        Survey.state == OPEN,
        Survey.opens_on <= today,
        Survey.closes_on >= today,
    )
    return asked - set(connection.scalars(taking.with_for_update(read=True)))


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
