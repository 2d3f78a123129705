"""Open a survey again that was closed too early, while nobody has seen a result.

What the closing made is forgotten; the next closing counts all answers, the old and the
new, once. A ballot box is never opened again: its closing is signed and posted.
"""

from collections.abc import Callable, Collection
from datetime import date

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey_app.database import forget_order
from survey_app.domain.ground.cycle_refusals import CycleSettled
from survey_app.domain.ground.mistake_refusals import ResultsSeen
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    NotExtended,
    NotFound,
    SurveyNotYetOpen,
    SurveyVoid,
    WrongMode,
)
from survey_app.survey.act_by_two import (
    ask_for_act,
    asked_act,
    granted_act,
    withdraw_act,
)
from survey_app.survey.counters import forget_counts
from survey_app.survey.draft import locked_survey
from survey_app.survey.looks import looks_since_closing
from survey_app.survey.settling.settle_cycle import mark_reached
from survey_app.survey.survey_acts import REOPENING, SurveyAct
from survey_app.survey.tables import (
    CLOSED,
    DRAFT,
    OPEN,
    REHEARSAL,
    VOID,
    PublicationPlan,
    SettledSubject,
    Survey,
)

Also = Callable[[Session, Survey], None]
"""Looks, forgets or refuses what lies above this wing; it does not commit."""


def nothing_else(_session: Session, _survey: Survey) -> None:
    """Return: nothing above this wing has to be asked or forgotten."""


def require_unseen(
    session: Session, survey: Survey, *, looks: Collection[str], also: Also
) -> None:
    """Return where a closed survey can be opened again.

    Raises WrongMode for a secret ballot, SurveyVoid, SurveyNotYetOpen, AlreadyOpened
    where it takes answers or is closing still, CycleSettled, what `also` raises, or
    ResultsSeen where somebody looked since it closed, or it closed before that was
    noted.
    """
    if survey.is_secret:
        raise WrongMode
    if survey.state in (DRAFT, REHEARSAL):
        raise SurveyNotYetOpen
    if survey.state != CLOSED:
        raise SurveyVoid if survey.state == VOID else AlreadyOpened
    if survey.cycle.is_settled:
        raise CycleSettled
    if survey.closed_after is None:
        raise ResultsSeen
    if looks_since_closing(session, survey, acts=looks):
        raise ResultsSeen
    also(session, survey)


def ask_reopening(  # noqa: PLR0913 -- who, why, when, until when, and what was seen
    session: Session,
    survey_id: int,
    *,
    closes_on: date,
    reason: str,
    account: str,
    today: date,
    looks: Collection[str] = (),
    also: Also = nothing_else,
) -> None:
    """Keep that `account` asks to open the survey again until a day, and why.

    Raises NotExtended for a day that has passed, VoidingAsked where somebody asked
    already, NotFound, and what `require_unseen` raises.
    """
    survey = locked_survey(session, survey_id)
    try:
        require_unseen(session, survey, looks=looks, also=also)
        if closes_on < today:
            raise NotExtended
        ask_for_act(
            session,
            SurveyAct(
                survey_id=survey_id, kind=REOPENING, reason=reason, asked_by=account,
                asked_on=today, before=survey.closes_on.isoformat(),
                after=closes_on.isoformat(),
            ),
        )  # fmt: skip
    except Exception:
        session.rollback()
        raise
    session.commit()


def grant_reopening(  # noqa: PLR0913 -- who, when, what was seen, what to forget
    session: Session,
    survey_id: int,
    *,
    account: str,
    today: date,
    looks: Collection[str] = (),
    also: Also = nothing_else,
    forget: Also = nothing_else,
) -> None:
    """Open the survey again that another account asked to be opened.

    What its closing made is forgotten in the same transaction; `forget` does so above
    this wing. Raises NotFound where nobody asked, what `refuse_one_person` raises,
    NotExtended where the day has passed meanwhile, and what `require_unseen` raises.
    """
    survey = locked_survey(session, survey_id)
    try:
        require_unseen(session, survey, looks=looks, also=also)
        act = granted_act(session, survey_id, REOPENING, account=account, today=today)
        if act.after_day < today:
            raise NotExtended
    except Exception:
        session.rollback()
        raise
    act.before = survey.closes_on.isoformat()
    survey.state, survey.closes_on, survey.closed_after = OPEN, act.after_day, None
    _forget_closing(session, survey_id)
    forget(session, survey)
    mark_reached(session, survey)
    session.commit()
    forget_order(session)


def withdraw_reopening(session: Session, survey_id: int) -> None:
    """Take back what was asked for and not granted; raises NotFound."""
    locked_survey(session, survey_id)
    withdraw_act(session, survey_id, REOPENING)


def asked_reopening(session: Session, survey_id: int) -> SurveyAct | None:
    """Return the reopening that waits for a second account, or None."""
    return asked_act(session, survey_id, REOPENING)


def _forget_closing(session: Session, survey_id: int) -> None:
    """Forget what was counted and what became of the plan; the plan itself stays."""
    plan = session.get(PublicationPlan, survey_id, populate_existing=True)
    if plan is None:
        raise NotFound
    plan.evaluated, plan.settled_seal = None, None
    session.execute(delete(SettledSubject).where(SettledSubject.survey_id == survey_id))
    forget_counts(session, survey_id)
