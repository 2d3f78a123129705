"""Settle a cycle: from then on only a correction changes its score sheets."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.refusals import CycleNotReady, CycleSettled, NotFound
from survey_app.models.cycle import Cycle
from survey_app.models.survey import CLOSED, DRAFT, VOID, Survey
from survey_app.services.freeze_facts import freeze_cycle


def settle_cycle(session: Session, cycle_id: int, *, account: str, today: date) -> None:
    """Freeze given values, and unit and post of everybody on the score sheets.

    Counts are final already: what a sheet is made of cannot change any more. Drafts of
    the cycle stay drafts for good. Raises NotFound, CycleSettled where it is settled
    already, or CycleNotReady while a survey of it is open or waits for its opening box.
    """
    cycle = held_cycle(session, cycle_id)
    if cycle.is_settled:
        session.rollback()
        raise CycleSettled
    if surveys_open(session, cycle_id):
        session.rollback()
        raise CycleNotReady
    freeze_cycle(session, cycle_id)
    cycle.frozen = True
    cycle.settled_by, cycle.settled_on = account, today
    session.commit()


def held_cycle(session: Session, cycle_id: int) -> Cycle:
    """Return the cycle as it is now; nobody else settles it before the commit.

    Raises NotFound.
    """
    cycle = session.get(Cycle, cycle_id, with_for_update=True, populate_existing=True)
    if cycle is None:
        session.rollback()
        raise NotFound
    return cycle


def surveys_open(session: Session, cycle_id: int) -> list[Survey]:
    """Return the surveys of the cycle whose counts are not final yet."""
    unfinished = Survey.state.not_in((DRAFT, CLOSED, VOID))
    still_open = select(Survey).where(Survey.cycle_id == cycle_id, unfinished)
    return list(session.scalars(still_open.order_by(Survey.id)))
