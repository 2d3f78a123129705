"""Take no more answers through one channel, or take them again; one account may.

Whoever sees a code being flooded, or learns that slips were lost, must act at once.
What was counted stays counted: setting that aside takes two, see `set_aside`.
"""

from datetime import date

from sqlalchemy.orm import Session

from survey_app.accounts.second_person import given_so_far
from survey_app.domain.ground.refusals import NotFound
from survey_app.survey.draft import locked_survey, require_open
from survey_app.survey.survey_acts import (
    CHANNEL_RESUME,
    CHANNEL_STOP,
    DONE,
    SurveyAct,
)
from survey_app.survey.tables import Channel


def stop_channel(
    session: Session,
    channel_id: int,
    *,
    stopped: bool,
    reason: str,
    account: str,
    today: date,
) -> None:
    """Let a channel take no more answers, or take them again; commits.

    Where it is so already nothing is done. Raises NotFound, or what `require_open`
    raises.
    """
    channel = session.get(Channel, channel_id)
    if channel is None:
        raise NotFound
    survey = locked_survey(session, channel.survey_id)
    try:
        require_open(survey)
    except Exception:
        session.rollback()
        raise
    session.refresh(channel)
    if channel.is_stopped != stopped:
        session.add(
            SurveyAct(
                survey_id=survey.id, channel_id=channel_id,
                kind=CHANNEL_STOP if stopped else CHANNEL_RESUME, state=DONE,
                reason=reason, asked_by=account, asked_on=today,
                given_before=given_so_far(session), before=called(channel), after="",
            )
        )  # fmt: skip
        channel.is_stopped = stopped
        survey.changes += 1  # whoever remembers the channel looks anew
    session.commit()


def called(channel: Channel) -> str:
    """Return what a channel is called in a list: its code, and its place."""
    return f"{channel.code} {channel.place}".rstrip()
