"""Set aside what came through one channel, before anybody knows what it says.

Two people decide it while the survey takes answers or waits to be closed. Once it is
closed its numbers are known, and nobody chooses the answers that count by what they
say. Nothing is deleted: what was set aside stands beside the result, see `flags`.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.ground.refusals import NotFound, WrongMode
from survey_app.survey.act_by_two import ask_for_act, granted_act, withdraw_act
from survey_app.survey.draft import locked_survey, require_open
from survey_app.survey.stop_channel import called
from survey_app.survey.survey_acts import COUNT_AGAIN, DONE, SET_ASIDE, SurveyAct
from survey_app.survey.tables import Channel, Survey

KINDS = (SET_ASIDE, COUNT_AGAIN)


def channels_aside(session: Session, survey_id: int) -> frozenset[int]:
    """Return the channels whose answers do not count, by the last act about each."""
    acts = (
        select(SurveyAct.channel_id, SurveyAct.kind)
        .where(
            SurveyAct.survey_id == survey_id,
            SurveyAct.kind.in_(KINDS),
            SurveyAct.state == DONE,
        )
        .order_by(SurveyAct.granted_on, SurveyAct.id)
    )
    last: dict[int | None, str] = {}
    for channel, kind in session.execute(acts):
        last[channel] = kind
    return frozenset(
        one for one, kind in last.items() if kind == SET_ASIDE and one is not None
    )


def ask_to_set_aside(
    session: Session, channel_id: int, *, reason: str, account: str, today: date
) -> None:
    """Keep that `account` asks for this channel not to count, or to count again.

    Which of the two is meant follows from how it is now. Raises NotFound, WrongMode,
    VoidingAsked where somebody asked already, or what `require_open` raises.
    """
    channel, survey = _held(session, channel_id)
    try:
        ask_for_act(
            session,
            SurveyAct(
                survey_id=survey.id, channel_id=channel_id,
                kind=next_kind(session, channel), reason=reason,
                asked_by=account, asked_on=today, before=called(channel), after="",
            ),
        )  # fmt: skip
    except Exception:
        session.rollback()
        raise
    session.commit()


def grant_set_aside(
    session: Session, channel_id: int, *, account: str, today: date
) -> None:
    """Do what another account asked for; commits.

    Raises NotFound where nobody asked, and what `granted_act` raises.
    """
    channel, survey = _held(session, channel_id)
    try:
        granted_act(
            session, survey.id, next_kind(session, channel),
            account=account, today=today, channel_id=channel_id,
        )  # fmt: skip
    except Exception:
        session.rollback()
        raise
    session.commit()


def withdraw_set_aside(session: Session, channel_id: int) -> None:
    """Take back what was asked for and not granted; commits."""
    channel, survey = _held(session, channel_id)
    kind = next_kind(session, channel)
    withdraw_act(session, survey.id, kind, channel_id=channel_id)


def next_kind(session: Session, channel: Channel) -> str:
    """Return the act that can be asked for: what it is not now."""
    aside = channels_aside(session, channel.survey_id)
    return COUNT_AGAIN if channel.id in aside else SET_ASIDE


def _held(session: Session, channel_id: int) -> tuple[Channel, Survey]:
    """Return channel and survey, held fast while the decision is made."""
    channel = session.get(Channel, channel_id)
    if channel is None:
        raise NotFound
    survey = locked_survey(session, channel.survey_id)
    try:
        if survey.is_secret:
            raise WrongMode
        require_open(survey)
    except Exception:
        session.rollback()
        raise
    return channel, survey
