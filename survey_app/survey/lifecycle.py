"""Open a survey: from then on its questions, subjects, channels and scheme stay.

Unit, post, name and title of its subjects stay too, whatever the roster says later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey_app.database import forget_order, reading
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    CountersDiffer,
    NotFound,
    NotReadyToOpen,
    PlanChanged,
    Refusal,
    SurveyClosed,
    SurveyNotYetOpen,
    SurveyVoid,
    WrongMode,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.frozen_scheme import scheme_from_json
from survey_app.domain.scheme.scheme import Component
from survey_app.survey.draft import draft, locked_survey, no_sheet_obeys
from survey_app.survey.kept_plan import keep_plan, plan_to_freeze
from survey_app.survey.publication import Evaluation, evaluation_of, keep_evaluation
from survey_app.survey.recount import require_counted
from survey_app.survey.settling.settle_cycle import freeze_facts, held_cycle
from survey_app.survey.tables import (
    CLOSED,
    CLOSING,
    DRAFT,
    OPEN,
    REHEARSAL,
    VOID,
    Survey,
)


def close_survey(session: Session, survey_id: int) -> None:
    """Close the survey for good; it cannot be opened again.

    Answers being kept are waited for, so that what was acknowledged is in the result.
    What may be shown is decided once. Where it stopped between the steps the survey is
    closing: it takes no answer and shows no result, and calling it again goes on.
    Raises NotFound, SurveyNotYetOpen for a draft or a rehearsal, SurveyClosed,
    SurveyVoid, or WrongMode for a secret ballot, which closes with its box.
    Raises CountersDiffer where the counters do not say what the answers say, and
    PlanChanged where the plan is not the one that was frozen: then the survey stays
    open and nothing is settled.
    """
    _stop_taking(session, survey_id)
    try:
        with reading(session) as reader:
            survey = reader.get_one(Survey, survey_id)
            require_counted(reader, survey)
            evaluation = evaluation_of(reader, survey)
    except (CountersDiffer, PlanChanged):
        _take_again(session, survey_id)
        raise
    _keep(session, survey_id, evaluation)
    forget_order(session)


def _stop_taking(session: Session, survey_id: int) -> None:
    """Let the survey be closing, and let go of it."""
    survey = locked_survey(session, survey_id)
    refused = _refusal(survey)
    if refused is not None:
        session.rollback()
        raise refused
    survey.state = CLOSING
    session.commit()


def _take_again(session: Session, survey_id: int) -> None:
    """Let a survey that cannot be settled be open as before."""
    survey = locked_survey(session, survey_id)
    if survey.state == CLOSING:
        survey.state = OPEN
    session.commit()


def _keep(session: Session, survey_id: int, evaluation: Evaluation | None) -> None:
    """Keep the results, unless somebody closed or voided the survey meanwhile."""
    survey = locked_survey(session, survey_id)
    if survey.state == CLOSING:
        keep_evaluation(session, survey_id, evaluation)
        survey.state = CLOSED
    session.commit()


def _refusal(survey: Survey) -> Refusal | None:
    """Return why this survey cannot be closed."""
    if survey.is_secret:
        return WrongMode()
    if survey.state in (OPEN, CLOSING):
        return None
    why = {DRAFT: SurveyNotYetOpen, REHEARSAL: SurveyNotYetOpen, VOID: SurveyVoid}
    return why.get(survey.state, SurveyClosed)()


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
    "questionnaire", "ballot-rules" (nobody could obey them), "subject:<id>" for a
    subject no channel leads to, and "rater-group:<key>" for a group without a channel.
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
    elif no_sheet_obeys(survey, asked, [(0,)]):
        yield "ballot-rules"
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
