"""Open a survey: from then on its questions, subjects, channels and scheme stay.

Unit, post, name and title of its subjects stay too, whatever the roster says later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from survey_app.appraisal.people import Subject
from survey_app.database import reading
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.missing import Lack, Missing, in_order
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    NotFound,
    NotReadyToOpen,
    WrongMode,
)
from survey_app.domain.questionnaire.ballot_rules import sheet_rules
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.ask_proof import add_unproven
from survey_app.survey.draft import draft
from survey_app.survey.kept_plan import keep_plan, plan_to_freeze
from survey_app.survey.rated import session_of
from survey_app.survey.settling.frozen_names import SettledNames
from survey_app.survey.settling.settle_cycle import (
    foreseen_names,
    freeze_facts,
    held_cycle,
)
from survey_app.survey.slots import require_safe_nodes, slots_at_opening
from survey_app.survey.tables import DRAFT, OPEN, Channel, Survey, SurveySubject
from survey_app.survey.take_over import require_earlier_over, take_over_codes


def open_survey(session: Session, survey_id: int, *, today: date) -> None:
    """Open the survey and freeze it with its cycle's scheme and its publication plan.

    What that is, is worked out before the write lock is taken, and kept where the draft
    is still the same then.

    Raises NotReadyToOpen with everything that is missing, AlreadyOpened, NotFound,
    WrongMode for a secret ballot, which opens with its box, EarlierStillOpen where one
    it follows takes answers still, or UnsafeServer where a node of a distributed
    database would write answers down.
    """
    session.rollback()
    require_safe_nodes(session)
    while True:
        ready = _ready(session, survey_id, today)
        survey = draft(session, survey_id)
        held_cycle(session, survey.cycle_id)
        if asked_by(session, survey) == ready.asks:
            break
        session.rollback()  # somebody changed it meanwhile: look once more
    survey.questionnaire = ready.questionnaire.to_json()
    survey.questionnaire_fingerprint = ready.questionnaire.fingerprint
    survey.cycle.frozen = True
    survey.state, survey.slots = OPEN, slots_at_opening(session)
    take_over_codes(session, survey_id)
    if survey.asks_proof:
        add_unproven(session, survey)
    freeze_facts(session, survey, ready.names)
    keep_plan(session, survey_id, ready.plan)
    session.commit()


@dataclass(frozen=True, slots=True)
class _Ready:
    """What was worked out of a draft, and of which draft exactly."""

    asks: tuple[object, ...]
    questionnaire: Questionnaire
    plan: FrozenPlan
    names: SettledNames


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
        require_earlier_over(reader, survey_id, today=today)
        questionnaire = Questionnaire.from_json(survey.questionnaire)
        return _Ready(
            asked_by(reader, survey),
            questionnaire,
            plan_to_freeze(survey),
            foreseen_names(reader, survey_id),
        )


def asked_by(session: Session, survey: Survey) -> tuple[object, ...]:
    """Return all of a draft that opening depends on: equal drafts open alike."""
    asked = select(SurveySubject.subject_id).filter_by(survey_id=survey.id)
    ways = select(Channel.id, Channel.rater_group, Channel.subject_id, Channel.kind)
    channels = session.execute(ways.filter_by(survey_id=survey.id).order_by(Channel.id))
    return (
        survey.mode,
        survey.component_key,
        survey.questionnaire,
        survey.opens_on,
        survey.closes_on,
        survey.small_groups,
        survey.cycle.scheme,
        survey.cycle.is_settled,
        tuple(sorted(session.scalars(asked))),
        tuple(map(tuple, channels)),
    )


def missing_to_open(survey: Survey, *, today: date) -> tuple[Missing, ...]:
    """Return all that keeps an open survey from opening; empty: it may open."""
    return in_order((*missing_of_draft(survey, today=today), *_missing_ways(survey)))


def missing_of_draft(survey: Survey, *, today: date) -> Iterator[Missing]:
    """Yield what a draft of either mode lacks, and where it does not fit its scheme."""
    if survey.cycle.is_settled:
        yield Missing(Lack.SETTLED)
    if not session_of(survey).scalar(exists(_subjects(survey)).select()):
        yield Missing(Lack.SUBJECTS)
    if survey.closes_on < today:
        yield Missing(Lack.DAYS)
    component = survey.component
    if component is None or component.survey is None:
        yield Missing(Lack.COMPONENT)
        return
    asked = Questionnaire.from_json(survey.questionnaire)
    if asked.key != component.survey.questionnaire:
        yield Missing(Lack.QUESTIONNAIRE)
    elif not _can_be_obeyed(survey, asked):
        yield Missing(Lack.BALLOT_RULES)


def _subjects(survey: Survey) -> Select[int]:
    """Return the statement about the numbers of the survey's subjects."""
    chosen = select(Subject.id).join(
        SurveySubject, SurveySubject.subject_id == Subject.id
    )
    return chosen.where(SurveySubject.survey_id == survey.id)


def _can_be_obeyed(survey: Survey, asked: Questionnaire) -> bool:
    """Return whether no ballot rule asks for more marks than some sheet has.

    A ballot is about all subjects of a unit, an open survey's form about one.
    """
    sizes = _subjects(survey).with_only_columns(func.count()).group_by(Subject.unit_id)
    sheets = set(session_of(survey).scalars(sizes)) if survey.is_secret else {1}
    keys = [question.key for question in asked.ratings]
    return all(
        rule.can_be_obeyed
        for people in sheets
        for rule in sheet_rules(survey.ballot_rules, range(people), keys)
    )


def _missing_ways(survey: Survey) -> Iterator[Missing]:
    """Yield the subjects no channel leads to, and the groups that none belongs to."""
    ours = Channel.survey_id == survey.id
    groups = select(Channel.rater_group).where(ours).distinct()
    led_to = set(session_of(survey).scalars(groups))
    if not led_to:
        yield Missing(Lack.CHANNELS)
    to_all = exists().where(ours, Channel.subject_id.is_(None))
    if led_to and not session_of(survey).scalar(select(to_all)):
        named = exists().where(ours, Channel.subject_id == Subject.id)
        lost = _subjects(survey).where(~named).order_by(Subject.id)
        for subject_id in session_of(survey).scalars(lost):
            yield Missing(Lack.WAY_TO_SUBJECT, subject_id)
    for group in survey.group_labels:
        if group not in led_to:
            yield Missing(Lack.WAY_OF_GROUP, group)
    unexplained = groups.where(
        Channel.open_reason == "",
        Channel.kind.in_([kind for kind in ChannelKind if kind.is_open]),
        Channel.rater_group.in_(survey.known_groups),
    )
    for group in sorted(session_of(survey).scalars(unexplained)):
        yield Missing(Lack.OPEN_CODE, group)
