"""Scrub a counted box: envelopes and comments go, what was deleted is overwritten."""

import sqlite3
from collections.abc import Iterator

from sqlalchemy import Engine, delete, func, insert, select

from survey_app.database import OUT_OF_REACH
from survey_app.models.ballots.box import COUNTED, SCRUBBED, VOID, Batch
from survey_app.models.ballots.fragment import OpenedComment
from survey_app.models.ballots.ticket import SpentTicket, Ticket
from survey_app.services.ballots.kept_box import kept_box, locked_box

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
        connection.cursor().execute("VACUUM").close()
    except sqlite3.OperationalError:
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
