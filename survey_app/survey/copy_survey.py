"""Draft a survey like another one: same questions, subjects and, if wanted, channels.

Nothing that anybody answered, and no key, comes along.
"""

from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.cycle_refusals import CycleSettled
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.parts import free_codes
from survey_app.survey.tables import (
    DRAFT,
    Channel,
    ExpectedRaters,
    Survey,
    SurveySubject,
)


def copy_survey(  # noqa: PLR0913 -- of what, called how, when, and which channels
    session: Session,
    survey_id: int,
    *,
    title: str,
    opens_on: date,
    closes_on: date,
    key: bytes | None = None,
    follows: bool = False,
) -> int:
    """Return the number of the new draft.

    With `key`, which signs codes, an open survey's channels are made anew; where the
    new one `follows` the other, it takes over the printed codes when it opens. A survey
    of a settled cycle is copied into the newest other one that has such a component.
    Raises NotFound, or CycleSettled where there is none.
    """
    survey = _found(session, survey_id)
    made = Survey(
        cycle_id=_cycle_for(session, survey).id,
        component_key=survey.component_key,
        title=title,
        questionnaire=survey.questionnaire,
        questionnaire_fingerprint=survey.questionnaire_fingerprint,
        opens_on=opens_on,
        closes_on=closes_on,
        state=DRAFT,
        mode=survey.mode,
        small_groups=survey.small_groups,
        asks_proof=survey.asks_proof,
    )
    session.add(made)
    session.flush()
    _copy_people(session, survey_id, made.id)
    if key is not None and not survey.is_secret:
        _copy_channels(session, survey_id, made.id, key, follows=follows)
    session.commit()
    return made.id


def _found(session: Session, survey_id: int) -> Survey:
    """Return the survey; raises NotFound."""
    survey = session.get(Survey, survey_id)
    if survey is None:
        session.rollback()
        raise NotFound
    return survey


def _cycle_for(session: Session, survey: Survey) -> Cycle:
    """Return the cycle of the copy; raises CycleSettled."""
    if not survey.cycle.is_settled:
        return survey.cycle
    asked = Questionnaire.from_json(survey.questionnaire).key
    others = select(Cycle).where(Cycle.settled_on.is_(None), Cycle.appraises)
    for cycle in session.scalars(others.order_by(Cycle.id.desc())):
        try:
            rules = cycle.rules.component(survey.component_key).survey
        except KeyError:
            continue
        if rules is not None and rules.questionnaire == asked:
            return cycle
    session.rollback()
    raise CycleSettled


def _copy_people(session: Session, survey_id: int, made: int) -> None:
    asked = select(SurveySubject.subject_id).where(SurveySubject.survey_id == survey_id)
    people = [{"survey_id": made, "subject_id": one} for one in session.scalars(asked)]
    if people:
        session.execute(insert(SurveySubject), people)
    expected = select(ExpectedRaters).where(ExpectedRaters.survey_id == survey_id)
    session.add_all(
        ExpectedRaters(
            survey_id=made, rater_group=one.rater_group, people=one.people
        )
        for one in session.scalars(expected).all()
    )  # fmt: skip


def _copy_channels(
    session: Session, survey_id: int, made: int, key: bytes, *, follows: bool
) -> None:
    """Make the channels of whoever is asked about still, each with a new code."""
    there = select(SurveySubject.subject_id).where(SurveySubject.survey_id == made)
    asked = Channel.subject_id.is_(None) | Channel.subject_id.in_(there)
    channels = session.scalars(
        select(Channel)
        .where(Channel.survey_id == survey_id, asked)
        .where(Channel.without_proof_of.is_(None))
        .order_by(Channel.id)
    ).all()
    codes = free_codes(session, key, len(channels))
    session.add_all(
        Channel(
            survey_id=made,
            code=code,
            rater_group=channel.rater_group,
            place=channel.place,
            subject_id=channel.subject_id,
            # Slips of the earlier survey are not good for another one.
            takes_over=channel.id
            if follows and not ChannelKind(channel.kind).is_single_use
            else None,
            kind=channel.kind,
            open_reason=channel.open_reason,
            visitors=channel.visitors,
        )
        for channel, code in zip(channels, codes, strict=True)
    )
