"""Rehearse an open survey: everything as it will be, and nothing of it ever counts.

A rehearsal is a state of the draft, not another survey: the codes are the ones that
will hang on the walls. It ends by becoming a draft again, and in the same transaction
everything anybody sent is wiped, so that no survey ever opens with such an answer.
"""

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.database import forget_order
from survey_app.domain.ground.missing import Lack, Missing
from survey_app.domain.ground.refusals import NotReadyToOpen, NotRehearsed, WrongMode
from survey_app.survey.counters import ChoiceCount, TurnoutCount
from survey_app.survey.draft import draft, locked_survey
from survey_app.survey.lifecycle import missing_to_open
from survey_app.survey.paper_stacks import wipe_stacks
from survey_app.survey.parts import free_codes
from survey_app.survey.phone_calls import wipe_calls
from survey_app.survey.responses import Comment, Receipt, Response
from survey_app.survey.slots import require_safe_nodes, slots_at_opening
from survey_app.survey.tables import DRAFT, REHEARSAL, Channel, Survey

LEFT_BEHIND = (Response, Comment, ChoiceCount, TurnoutCount, Receipt)
"""Every table in which an answer leaves something."""


def missing_to_rehearse(survey: Survey, *, today: date) -> tuple[Missing, ...]:
    """Return all that keeps a rehearsal from beginning; its days are of no matter."""
    missing = missing_to_open(survey, today=today)
    return tuple(one for one in missing if one.lack is not Lack.DAYS)


def begin_rehearsal(session: Session, survey_id: int, *, today: date) -> None:
    """Let the draft's codes lead to its page, marked as a rehearsal, on any day.

    Raises NotReadyToOpen with everything that is missing, AlreadyOpened, NotFound,
    WrongMode for a secret ballot, whose tickets answer once, or UnsafeServer as opening
    does: what is typed in a rehearsal is somebody's too.
    """
    require_safe_nodes(session)
    survey = draft(session, survey_id)
    missing = missing_to_rehearse(survey, today=today)
    if survey.is_secret or missing:
        refused = WrongMode() if survey.is_secret else NotReadyToOpen(*missing)
        session.rollback()
        raise refused
    survey.state, survey.slots = REHEARSAL, slots_at_opening(session)
    session.commit()


def wipe_rehearsal(session: Session, survey_id: int) -> None:
    """Wipe every answer of the rehearsal, which goes on; NotRehearsed, NotFound."""
    _wipe(session, _rehearsed(session, survey_id))
    session.commit()
    forget_order(session)


def end_rehearsal(
    session: Session, survey_id: int, *, new_codes: bool, key: bytes
) -> None:
    """Wipe every answer and let the survey be a draft; it can then open in earnest.

    `new_codes`: every channel gets another code, signed by `key`, so that posters of
    the rehearsal lead nowhere; otherwise those that were printed stay good. Raises
    NotRehearsed or NotFound.
    """
    survey = _rehearsed(session, survey_id)
    _wipe(session, survey)
    if new_codes:
        ours = select(Channel).where(Channel.survey_id == survey_id)
        channels = session.scalars(ours).all()
        codes = free_codes(session, key, len(channels))
        for channel, code in zip(channels, codes, strict=True):
            channel.code = code
    survey.state = DRAFT
    session.commit()
    forget_order(session)


def _rehearsed(session: Session, survey_id: int) -> Survey:
    """Return the survey; answers on their way are waited for, and wiped with all."""
    survey = locked_survey(session, survey_id)
    if survey.state != REHEARSAL:
        session.rollback()
        raise NotRehearsed
    return survey


def _wipe(session: Session, survey: Survey) -> None:
    for table in LEFT_BEHIND:
        session.execute(delete(table).where(table.survey_id == survey.id))
    wipe_stacks(session, survey.id)
    wipe_calls(session, survey.id)
