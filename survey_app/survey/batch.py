"""One batch, slot by slot: receipts, answers and counters in one durable commit.

Everything of one slot is one transaction, so that on a distributed database it stays
on one node. With one slot, the default, a batch is exactly one transaction.
"""

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import Enum
from itertools import groupby

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from survey_app.domain.ground.printed_code import slot_of
from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.survey.counters import ChoiceCount, TurnoutCount
from survey_app.survey.responses import Comment, Receipt, Response
from survey_app.survey.tables import CLOSED, OPEN, REHEARSAL, VOID, Survey
from survey_app.table_base import Base

Row = dict[str, object]


class Fate(Enum):
    """What became of one answer."""

    KEPT = "kept"
    REPEATED = "repeated"
    """Its form was counted before; what it says now was not compared and not kept."""
    CLOSED = "closed"
    """Its survey takes no answers today."""
    VOID = "void"
    """Its survey was declared void."""
    TRIAL = "trial"
    """It was sent in a rehearsal that has ended."""


def write_batch(
    engine: Engine, responses: Sequence[NewResponse], *, today: date, slots: int
) -> list[Fate]:
    """Keep the answers whose survey is open; return what became of each, in order.

    Of several with one receipt the first is kept and the others are repeats. Raises
    SQLAlchemy's DBAPIError where the database fails. Slots already written are then
    kept, and sending again finds their receipts.
    """
    fates: dict[int, Fate] = {}

    def slot(place: int) -> int:
        return slot_of(responses[place].receipt, slots)

    for number, places in groupby(sorted(range(len(responses)), key=slot), key=slot):
        together = list(places)
        with engine.begin() as connection:
            written = [responses[place] for place in together]
            found = _write_slot(connection, number, written, today)
        fates |= zip(together, found, strict=True)
    return [fates[place] for place in range(len(responses))]


def _write_slot(
    connection: Connection, slot: int, responses: list[NewResponse], today: date
) -> list[Fate]:
    """Write one slot's answers inside the given transaction; return their fates."""
    states = _states(connection, {r.survey_id for r in responses}, today)
    refused = [_refusal(r, states.get(r.survey_id)) for r in responses]
    wanted: dict[bytes, NewResponse] = {}
    for response, why in zip(responses, refused, strict=True):
        if why is None:
            wanted.setdefault(response.receipt, response)
    fresh = _new_receipts(connection, slot, wanted)
    if fresh:
        connection.execute(insert(Response), _rows(slot, fresh, today))
        _raise(connection, ChoiceCount, _choice_rows(slot, fresh))
        _raise(connection, TurnoutCount, _turnout_rows(slot, fresh, today))
        comments = _comment_rows(slot, fresh)
        if comments:
            connection.execute(insert(Comment), comments)
    return list(_fates(responses, refused, {response.receipt for response in fresh}))


def _fates(
    responses: Iterable[NewResponse],
    refused: Iterable[Fate | None],
    claimed: set[bytes],
) -> Iterator[Fate]:
    """Yield what became of each: whoever is first with a claimed receipt was kept."""
    for response, why in zip(responses, refused, strict=True):
        if why is not None:
            yield why
        elif response.receipt in claimed:
            claimed.remove(response.receipt)
            yield Fate.KEPT
        else:
            yield Fate.REPEATED


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


def _refusal(response: NewResponse, state: str | None) -> Fate | None:
    """Return why the survey does not take this answer; None: it does."""
    if state == (REHEARSAL if response.rehearsed else OPEN):
        return None
    if state == VOID:
        return Fate.VOID
    return Fate.TRIAL if response.rehearsed else Fate.CLOSED


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
