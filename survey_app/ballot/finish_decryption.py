"""Finish a decryption from wherever it stopped: count, scrub, destroy; or void."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey_app import turn
from survey_app.accounts.second_person import given_so_far, refuse_one_person
from survey_app.ballot.closed_box import closing_in
from survey_app.ballot.count_decrypted import count_decrypted, count_void
from survey_app.ballot.held_box import kept_box, locked_box, locked_secret
from survey_app.ballot.sealing.secrets_folder import destroy_secrets
from survey_app.ballot.tables import (
    CLOSED,
    COUNTED,
    DONE,
    SCRUBBED,
    VOID,
    BallotBox,
    Batch,
    OpenedComment,
)
from survey_app.ballot.tickets import SpentTicket, Ticket
from survey_app.database import OUT_OF_REACH, writing
from survey_app.domain.ground.refusals import (
    AnotherPersonNeeded,
    BoxNotReady,
    NoBallotDatabase,
    SecretsMissing,
)
from survey_app.jobs.jobs import Job, Progress, ask_for, untold
from survey_app.jobs.run_job import Workplace
from survey_app.survey.tables import PublicationPlan


def void_survey(
    session: Session, ballots: Engine, survey_id: int, *, account: str
) -> None:
    """State that the auditors found a difference: nothing is ever opened or counted.

    First the box is void, then its batches are void in the main database; where it
    stopped between the two, calling it again goes on. The envelopes stay sealed, for
    whoever looks into it, until `finish_void` is ordered by another account than
    `account`, whose name is kept from the first call. Raises BoxNotReady unless the
    box is closed and holds challenge ballots; NotFound or WrongMode.
    """
    locked_secret(session, survey_id)
    session.rollback()
    with kept_box(ballots) as boxes:
        box = locked_box(boxes, survey_id)
        if box.state not in (CLOSED, VOID) or not closing_in(box).closing.challenged:
            raise BoxNotReady
        if box.state == CLOSED:
            box.state, box.voided_by = VOID, account
    count_void(session, ballots, survey_id)


def is_settled(session: Session, survey_id: int) -> bool:
    """Return whether the main database says already what became of the batches."""
    plan = session.get(PublicationPlan, survey_id)
    return plan is not None and plan.evaluated is not None


EMPTIED = ("ticket", "opened_comment")


def scrub_box(ballots: Engine, survey_id: int) -> None:
    """Delete envelopes and waiting comments of a counted or void box; `spent` stays.

    In one transaction; a box further on is left as it is. Raises BoxNotReady where
    there is none.
    """
    with kept_box(ballots) as boxes:
        box = locked_box(boxes, survey_id)
        if box.state not in (COUNTED, VOID):
            return
        ours = select(Batch.id).where(Batch.survey_id == survey_id)
        columns = (Ticket.digest, Ticket.batch_id, Ticket.state)
        spent = select(*columns).where(Ticket.batch_id.in_(ours))
        names = [column.key for column in columns]
        boxes.execute(
            insert(SpentTicket).from_select(names, spent.order_by(Ticket.digest))
        )
        boxes.execute(delete(Ticket).where(Ticket.batch_id.in_(ours)))
        boxes.execute(delete(OpenedComment).where(OpenedComment.survey_id == survey_id))
        box.state = SCRUBBED


def overwrite_free_space(ballots: Engine) -> tuple[str, ...]:
    """Write the database anew without what was deleted; return what was not rewritten.

    Best effort: somebody may be reading, or the role may not own the tables.
    """
    if ballots.dialect.name == "sqlite":
        return _vacuum_file(ballots)
    return tuple(_vacuum_tables(ballots))


def _vacuum_file(ballots: Engine) -> tuple[str, ...]:
    # SQLAlchemy would begin a transaction, in which SQLite does not vacuum.
    connection = ballots.raw_connection()
    try:
        # It writes the whole file; the turn is left when the connection goes back.
        own: Any = connection.dbapi_connection
        with turn.taken(own, own.patience):
            connection.cursor().execute("VACUUM").close()
    except (sqlite3.OperationalError, OperationalError):
        return EMPTIED
    finally:
        connection.close()
    return ()


def _vacuum_tables(ballots: Engine) -> Iterator[str]:
    """Yield the tables that PostgreSQL did not write into a new file.

    Where the role may not, it only warns; so the name of the file is compared.
    """
    alone = ballots.execution_options(isolation_level="AUTOCOMMIT")
    for table in EMPTIED:
        name = select(func.pg_relation_filenode(table))
        try:
            with alone.connect() as connection:
                before = connection.scalar(name)
                connection.exec_driver_sql(f"VACUUM FULL {table}")
                if connection.scalar(name) == before:
                    yield table
        except OUT_OF_REACH:
            yield table


@dataclass(frozen=True, slots=True)
class Finished:
    """How an opening ended."""

    not_rewritten: tuple[str, ...] = ()
    """Tables of the ballot database whose free space may still hold deleted rows; an
    owner of the database has to vacuum them in full."""


FINISH = "finish-decryption"
"""The job that finishes a decryption, without any passphrase."""


def ask_to_finish(
    session: Session, ballots: Engine, survey_id: int, *, account: str
) -> int:
    """Return the job that finishes this decryption; commits.

    Raises BoxNotReady before the box is counted.
    """
    _state(ballots, survey_id)
    number = ask_for(session, FINISH, about=survey_id, account=account)
    session.commit()
    return number


def finish(place: Workplace, job: Job, progress: Progress) -> None:
    """Finish the decryption that the job is about, from wherever it stopped.

    Raises what `finish_decryption` raises, NoBallotDatabase, SecretsMissing.
    """
    if place.ballots is None:
        raise NoBallotDatabase
    folder = place.settings.secrets_folder
    if folder is None:
        raise SecretsMissing
    with Session(writing(place.engine)) as session:
        finish_decryption(
            session, place.ballots, job.about, secrets_folder=folder, progress=progress
        )


def finish_decryption(
    session: Session,
    ballots: Engine,
    survey_id: int,
    *,
    secrets_folder: Path,
    progress: Progress = untold,
) -> Finished:
    """Count the opened box, scrub it and destroy its secrets; then it is done.

    Each step is one transaction in one database and can be repeated: whatever state a
    power cut leaves, calling this again ends in the same. What must be safe comes
    first, what destroys comes last. Raises BoxNotReady before the box is counted,
    NotFound or WrongMode.
    """
    not_rewritten: tuple[str, ...] = ()
    if _state(ballots, survey_id) == COUNTED:
        count_decrypted(session, ballots, survey_id, progress)
        scrub_box(ballots, survey_id)
    if _state(ballots, survey_id) == SCRUBBED:
        not_rewritten = overwrite_free_space(ballots)
        destroy_secrets(secrets_folder, survey_id)
        _done(ballots, survey_id, not_rewritten)
    return Finished(not_rewritten)


def finish_void(
    session: Session,
    ballots: Engine,
    survey_id: int,
    *,
    account: str,
    secrets_folder: Path,
) -> Finished:
    """Delete the envelopes of a void box and destroy its secrets.

    Nobody does this by the way: until it is ordered the envelopes stay, sealed, for
    whoever looks into what happened. It can be repeated like `finish_decryption`.
    Raises BoxNotReady for a box that is not void, AnotherPersonNeeded where `account`
    is the one that voided it, what `refuse_one_person` raises where it could be the
    same person, NotFound or WrongMode.
    """
    with Session(ballots) as boxes:
        box = boxes.get(BallotBox, survey_id)
        if box is None or not box.is_void:
            raise BoxNotReady
        state, voided_by = box.state, box.voided_by
        closed = bool(box.closing)
    if account == voided_by:
        raise AnotherPersonNeeded
    if voided_by:  # a box of before there was a name has none
        # A voiding cannot be asked for anew, so confirmations of today count.
        now = given_so_far(session)
        refuse_one_person(session, first=voided_by, second=account, since=now)
        session.rollback()
    if state == VOID:
        if (
            closed
        ):  # where it never closed, the survey itself is void and counts nowhere
            count_void(session, ballots, survey_id)
        scrub_box(ballots, survey_id)
    return finish_decryption(session, ballots, survey_id, secrets_folder=secrets_folder)


def _state(ballots: Engine, survey_id: int) -> str:
    """Return how far the box is; raises BoxNotReady before it was counted."""
    with Session(ballots) as boxes:
        box = boxes.get(BallotBox, survey_id)
    if box is None or box.state not in (COUNTED, SCRUBBED, DONE):
        raise BoxNotReady
    return box.state


def _done(ballots: Engine, survey_id: int, not_rewritten: tuple[str, ...]) -> None:
    with kept_box(ballots) as boxes:
        box = locked_box(boxes, survey_id)
        box.state, box.not_rewritten = DONE, " ".join(not_rewritten)
