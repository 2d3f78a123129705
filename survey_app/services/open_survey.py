"""Open a survey: from then on its questions, subjects, channels and scheme stay.

Unit, post, name and title of its subjects stay too, whatever the roster says later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey_app.database import reading
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.files.scheme_json import scheme_from_json
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.refusals import (
    AlreadyOpened,
    NotFound,
    NotReadyToOpen,
    WrongMode,
)
from survey_app.domain.scheme import Component
from survey_app.models.survey import DRAFT, OPEN, Survey
from survey_app.services.draft import draft
from survey_app.services.freeze_facts import freeze_facts
from survey_app.services.freeze_plan import keep_plan, plan_to_freeze
from survey_app.services.settle_cycle import held_cycle


def open_survey(session: Session, survey_id: int, *, today: date) -> None:
    """Open the survey and freeze it with its cycle's scheme and its publication plan.

    What that is, is worked out before the write lock is taken, and kept where the draft
    is still the same then.

    Raises NotReadyToOpen with everything that is missing, AlreadyOpened, NotFound, or
    WrongMode for a secret ballot, which opens with its box.
    """
    session.rollback()
    while True:
        ready = _ready(session, survey_id, today)
        survey = draft(session, survey_id)
        held_cycle(session, survey.cycle_id)
        if asked_by(survey) == ready.asks:
            break
        session.rollback()  # somebody changed it meanwhile: look once more
    survey.questionnaire = ready.questionnaire.to_json()
    survey.questionnaire_fingerprint = ready.questionnaire.fingerprint
    survey.cycle.frozen = True
    survey.state = OPEN
    freeze_facts(session, survey)
    keep_plan(session, survey_id, ready.plan)
    session.commit()


@dataclass(frozen=True, slots=True)
class _Ready:
    """What was worked out of a draft, and of which draft exactly."""

    asks: tuple[object, ...]
    questionnaire: Questionnaire
    plan: FrozenPlan


def _ready(session: Session, survey_id: int, today: date) -> _Ready:
    """Return all that opening freezes, worked out without the write lock."""
    with reading(session) as reader:
        survey = reader.get(Survey, survey_id)
        if survey is None:
            raise NotFound
        if survey.state != DRAFT:
            raise AlreadyOpened
        if survey.is_secret:
            raise WrongMode
        missing = missing_to_open(survey, today=today)
        if missing:
            raise NotReadyToOpen(*missing)
        questionnaire = Questionnaire.from_json(survey.questionnaire)
        return _Ready(asked_by(survey), questionnaire, plan_to_freeze(survey))


def asked_by(survey: Survey) -> tuple[object, ...]:
    """Return all of a draft that opening depends on: equal drafts open alike."""
    channels = ((c.id, c.rater_group, c.subject_id) for c in survey.channels)
    return (
        survey.mode,
        survey.component_key,
        survey.questionnaire,
        survey.opens_on,
        survey.closes_on,
        survey.small_groups,
        survey.cycle.scheme,
        survey.cycle.is_settled,
        tuple(subject.id for subject in survey.subjects),
        tuple(channels),
    )


def missing_to_open(survey: Survey, *, today: date) -> tuple[str, ...]:
    """Return all that keeps the survey from opening; empty: it may open.

    Words: "settled" (the cycle is), "subjects", "channels", "days", "component",
    "questionnaire", "subject:<id>" for a subject no channel leads to, and
    "rater-group:<key>" for a group without a channel.
    """
    return (*_missing_parts(survey, today), *_missing_fit(survey))


def _missing_parts(survey: Survey, today: date) -> Iterator[str]:
    """Yield what the survey itself lacks."""
    if survey.cycle.is_settled:
        yield "settled"
    if not survey.subjects:
        yield "subjects"
    if not survey.channels:
        yield "channels"
    if survey.closes_on < today:
        yield "days"
    named = {channel.subject_id for channel in survey.channels}
    if named and None not in named:
        yield from (f"subject:{s.id}" for s in survey.subjects if s.id not in named)


def _missing_fit(survey: Survey) -> Iterator[str]:
    """Yield where the survey does not fit the scheme of its cycle."""
    component = _component(survey)
    if component is None or component.survey is None:
        yield "component"
        return
    asked = Questionnaire.from_json(survey.questionnaire)
    if asked.key != component.survey.questionnaire:
        yield "questionnaire"
    led_to = {channel.rater_group for channel in survey.channels}
    for group in component.survey.asked:
        if group.key not in led_to:
            yield f"rater-group:{group.key}"


def _component(survey: Survey) -> Component | None:
    """Return the component the survey feeds, None where the scheme has none such."""
    try:
        return scheme_from_json(survey.cycle.scheme).component(survey.component_key)
    except KeyError:
        return None
