"""What two accounts do about a survey that is out: one asks and says why, one grants.

Each act decides for itself when it may be asked for and what it changes.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.second_person import given_so_far, refuse_one_person
from survey_app.domain.ground.refusals import NotFound, VoidingAsked
from survey_app.survey.survey_acts import ASKED, DONE, WITHDRAWN, SurveyAct


def asked_act(
    session: Session,
    survey_id: int,
    kind: str,
    *,
    subject_id: int | None = None,
    channel_id: int | None = None,
) -> SurveyAct | None:
    """Return the act of this kind that waits for a second account, or None."""
    wanted = select(SurveyAct).where(
        SurveyAct.survey_id == survey_id,
        SurveyAct.kind == kind,
        SurveyAct.state == ASKED,
    )
    if subject_id is not None:
        wanted = wanted.where(SurveyAct.subject_id == subject_id)
    if channel_id is not None:
        wanted = wanted.where(SurveyAct.channel_id == channel_id)
    return session.scalar(wanted.order_by(SurveyAct.id).limit(1))


def ask_for_act(session: Session, act: SurveyAct) -> None:
    """Keep what is asked for; does not commit.

    Raises VoidingAsked where somebody asked for the same already.
    """
    same = {"subject_id": act.subject_id, "channel_id": act.channel_id}
    if asked_act(session, act.survey_id, act.kind, **same) is not None:
        raise VoidingAsked
    act.state, act.given_before = ASKED, given_so_far(session)
    session.add(act)


def granted_act(  # noqa: PLR0913 -- which act, about what, by whom, and when
    session: Session,
    survey_id: int,
    kind: str,
    *,
    account: str,
    today: date,
    subject_id: int | None = None,
    channel_id: int | None = None,
) -> SurveyAct:
    """Return the act that another account asked for, granted now; does not commit.

    Raises NotFound where nobody asked, and what `refuse_one_person` raises.
    """
    act = asked_act(
        session, survey_id, kind, subject_id=subject_id, channel_id=channel_id
    )
    if act is None:
        raise NotFound
    refuse_one_person(
        session, first=act.asked_by, second=account, since=act.given_before
    )
    act.state, act.granted_by, act.granted_on = DONE, account, today
    return act


def withdraw_act(
    session: Session,
    survey_id: int,
    kind: str,
    *,
    subject_id: int | None = None,
    channel_id: int | None = None,
) -> None:
    """Take back what was asked for and not granted; commits.

    Nothing asked is nothing to do.
    """
    act = asked_act(
        session, survey_id, kind, subject_id=subject_id, channel_id=channel_id
    )
    if act is not None:
        act.state = WITHDRAWN
    session.commit()
