"""A copy of the office's masters in memory, to try on it what would change them.

Nothing that an answer left behind is copied, nor anything about accounts; nor plans,
which no import reads and which are as long as a place has groups.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Table, create_engine, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from survey_app.models.account import Account, GivenPassword, SignIn, SignInTries
from survey_app.models.all_tables import metadata
from survey_app.models.count import ChoiceCount, TurnoutCount
from survey_app.models.publication import CommentReview, PublicationPlan
from survey_app.models.response import Comment, Receipt, Response
from survey_app.models.secret_ballot import AuditCommitment, BallotCount, KeyHolder

NOT_COPIED = {
    one.__tablename__
    for one in (
        Account, AuditCommitment, BallotCount, ChoiceCount, Comment, CommentReview,
        GivenPassword, KeyHolder, PublicationPlan, Receipt, Response, SignIn,
        SignInTries, TurnoutCount,
    )
}  # fmt: skip
ROWS_AT_ONCE = 5_000


@contextmanager
def masters_in_memory(session: Session) -> Iterator[Session]:
    """Give a session over a copy that is gone after the block; `session` only reads."""
    engine = create_engine("sqlite://", poolclass=StaticPool, hide_parameters=True)
    copied = [one for one in metadata.sorted_tables if one.name not in NOT_COPIED]
    try:
        metadata.create_all(engine, tables=copied)
        with Session(engine) as copy:
            for table in copied:
                _copy_rows(session, copy, table)
            yield copy
    finally:
        engine.dispose()


def _copy_rows(session: Session, copy: Session, table: Table) -> None:
    rows = session.execute(select(table)).mappings()
    for some in rows.partitions(ROWS_AT_ONCE):
        copy.execute(insert(table), [dict(row) for row in some])
