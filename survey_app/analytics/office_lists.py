"""What the office lists: cycles with their surveys, subjects to choose, accounts."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from survey_app.accounts.tables import CONFIRMATION, Account, GivenPassword
from survey_app.appraisal.cycle import Cycle
from survey_app.survey.tables import DRAFT, Survey, SurveyAct


def acts_of(session: Session, survey_id: int) -> Sequence[SurveyAct]:
    """Return the acts of a survey, the oldest first."""
    ours = select(SurveyAct).where(SurveyAct.survey_id == survey_id)
    return session.scalars(ours.order_by(SurveyAct.id)).all()


def cycles(session: Session) -> Sequence[Cycle]:
    """Return all cycles, the newest first."""
    return session.scalars(select(Cycle).order_by(Cycle.id.desc())).all()


def surveys(session: Session) -> Sequence[Survey]:
    """Return all surveys with their cycles, the newest cycle and survey first."""
    newest = select(Survey).order_by(Survey.cycle_id.desc(), Survey.id.desc())
    return session.scalars(newest.options(joinedload(Survey.cycle))).all()


def drafts_of_cycle(session: Session, cycle_id: int) -> Sequence[Survey]:
    """Return the drafts of one cycle, the oldest first."""
    own = select(Survey).where(Survey.cycle_id == cycle_id, Survey.state == DRAFT)
    return session.scalars(own.order_by(Survey.id)).all()


def survey_of(session: Session, survey_id: int) -> Survey | None:
    """Return the survey with its cycle; None without one.

    Its subjects and channels are lists of their own, read page by page.
    """
    return session.get(Survey, survey_id, options=[joinedload(Survey.cycle)])


def accounts(session: Session) -> Sequence[Account]:
    """Return all accounts by name."""
    return session.scalars(select(Account).order_by(Account.username)).all()


def confirmed_by(session: Session) -> dict[str, tuple[str, ...]]:
    """Return account → who confirmed its owner since a password was last given to it.

    "" stands for the terminal.
    """
    found: dict[str, dict[str, None]] = {}
    for row in session.scalars(select(GivenPassword).order_by(GivenPassword.id)):
        if row.kind == CONFIRMATION:
            found.setdefault(row.account, {})[row.set_by] = None
        else:
            found.pop(row.account, None)
    return {account: tuple(names) for account, names in found.items()}
