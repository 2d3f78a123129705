"""How many answered each survey of a list, where that may be told.

While an open survey takes answers that is what was counted; once it is over, what its
publication plan shows of it as a whole. Of a secret ballot nobody knows before its box
is decrypted; afterwards the public papers name it for every batch (decision 12).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.analytics.turnouts import answers_of
from survey_app.ballot.main_tables import BallotCount
from survey_app.domain.ground.refusals import PlanChanged
from survey_app.survey.settled_plan import plan_heads
from survey_app.survey.tables import (
    CLOSED,
    OPEN,
    VOID,
    ExpectedRaters,
    Survey,
    SurveySubject,
)


@dataclass(frozen=True, slots=True)
class Answered:
    """How many answered, of how many that were expected to; None: not known."""

    answers: int
    expected: int | None = None

    @property
    def share(self) -> Fraction | None:
        """What part of the expected that is; repeats may make it more than all."""
        return Fraction(self.answers, self.expected) if self.expected else None


def answered(
    session: Session, surveys: Sequence[Survey], today: date
) -> Mapping[int, Answered]:
    """Return survey → how many answered, of those whose number is told; 4 statements.

    A survey whose plan was changed in the database has none here: its own pages say so.
    """
    running = [s for s in surveys if s.state == OPEN and not s.is_secret]
    taking = [one for one in running if not one.is_over(today)]
    over = [s.id for s in surveys if s.state == CLOSED and not s.is_secret]
    secret = [s.id for s in surveys if s.is_secret and s.state != VOID]
    told = {s.id: 0 for s in taking} | dict(answers_of(session, taking))
    told |= _settled(session, over)
    expected = _expected(session, list(told))
    found = {key: Answered(n, expected.get(key)) for key, n in told.items()}
    return found | _of_ballots(session, secret)


def _settled(session: Session, surveys: Sequence[int]) -> dict[int, int]:
    try:
        heads = plan_heads(session, surveys) if surveys else {}
    except PlanChanged:
        return {}
    return {key: head.total for key, head in heads.items() if head.total is not None}


def _expected(session: Session, surveys: Sequence[int]) -> dict[int, int]:
    """Return survey → how many were expected about all its subjects together."""
    if not surveys:
        return {}
    people = (
        select(
            ExpectedRaters.survey_id, func.sum(ExpectedRaters.people).label("people")
        )
        .where(ExpectedRaters.survey_id.in_(surveys))
        .group_by(ExpectedRaters.survey_id)
        .subquery()
    )
    asked = (
        select(people.c.survey_id, people.c.people * func.count())
        .join(SurveySubject, SurveySubject.survey_id == people.c.survey_id)
        .group_by(people.c.survey_id, people.c.people)
    )
    return {survey: int(n) for survey, n in session.execute(asked) if n}


def _of_ballots(session: Session, surveys: Sequence[int]) -> dict[int, Answered]:
    """Return ballot → slips used, of those issued; none of a batch that is void."""
    if not surveys:
        return {}
    counted = (
        select(
            BallotCount.survey_id,
            func.sum(BallotCount.used),
            func.sum(BallotCount.issued),
        )
        .where(BallotCount.survey_id.in_(surveys), BallotCount.void.is_(False))
        .group_by(BallotCount.survey_id)
    )
    return {
        survey: Answered(int(used), int(issued))
        for survey, used, issued in session.execute(counted)
    }
