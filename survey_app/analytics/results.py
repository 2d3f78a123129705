"""Results of a survey: the counters, as far as its stored plan lets them be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from survey_app.analytics.reconciled import (
    Turnouts,
    reconciled,
    turnouts_of_ballots,
)
from survey_app.analytics.scores import post_of
from survey_app.analytics.stored_plans import settled_plan
from survey_app.analytics.survey_results import (
    GroupScore,
    SubjectResults,
    SurveyResults,
)
from survey_app.analytics.tallies import tallies_of
from survey_app.analytics.tally_results import TallyResults
from survey_app.domain.disclosure.plan import EvaluatedPlan, SubjectPlan
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.refusals import NotFound
from survey_app.domain.scheme import RaterGroup, Scheme
from survey_app.domain.scoring.merged_groups import with_merged_groups
from survey_app.domain.tally import Tally
from survey_app.models.subject import Subject
from survey_app.models.survey import Survey, SurveySubject
from survey_app.models.unit import Unit


def results_of(
    session: Session,
    survey: Survey,
    *,
    scheme: Scheme,
    today: date,
    subject_id: int | None = None,
) -> SurveyResults:
    """Return the results about every subject, or about one.

    The same few statements however many answered. Raises ResultsSealed while answers
    can still come, ResultsNotSettled before the counts are final, and NotFound for a
    subject the survey is not about.
    """
    plan = settled_plan(session, survey, today=today)
    counted = _Counted(
        scheme=scheme,
        survey=survey,
        questionnaire=Questionnaire.from_json(survey.questionnaire),
        plan=plan,
        tallies=tallies_of(session, survey.id, subject_id=subject_id),
        turnouts=turnouts_of_ballots(session, [survey.id] if survey.is_secret else []),
    )
    subjects = _subjects(session, survey, subject_id)
    floor = plan.floors.office
    slips = reconciled(session, survey.id) if survey.is_secret else ()
    return SurveyResults(
        survey_id=survey.id,
        title=survey.title,
        cycle_id=survey.cycle_id,
        cycle=survey.cycle.name,
        opens_on=survey.opens_on,
        closes_on=survey.closes_on,
        scheme=scheme,
        component=scheme.component(survey.component_key),
        questionnaire=counted.questionnaire,
        subjects=tuple(_about(subject, counted) for subject in subjects),
        floor=floor,
        reconciled=slips,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted in one survey, and what of it may be shown."""

    scheme: Scheme
    survey: Survey
    questionnaire: Questionnaire
    plan: EvaluatedPlan
    tallies: dict[int, Tally]
    turnouts: Turnouts

    def about(self, subject: Subject) -> TallyResults:
        """Return what was counted about one subject, in the groups it was counted."""
        plan = self.plan.of_subject(subject.id)
        key = self.survey.component_key
        return TallyResults(
            with_merged_groups(self.scheme, key, plan.merged),
            key,
            self.questionnaire,
            self.tallies.get(subject.id, {}),
            plan,
            self.turnouts.get((self.survey.id, subject.unit_id), {}),
        )

    def every_group(
        self, counted: tuple[GroupScore, ...], plan: SubjectPlan
    ) -> tuple[GroupScore, ...]:
        """Return the scheme's groups, those that were counted in another one too."""
        rules = self.scheme.component(self.survey.component_key).survey
        known = {group.key: group for group in counted}
        return tuple(
            known.get(group.key) or _counted_elsewhere(group, known, plan)
            for group in (rules.rater_groups if rules else ())
        )


def _counted_elsewhere(
    group: RaterGroup, known: dict[str, GroupScore], plan: SubjectPlan
) -> GroupScore:
    """Return a group that has no numbers of its own, and where they went."""
    target = known.get(plan.merged.get(group.key, ""))
    return GroupScore(
        key=group.key,
        label=group.label,
        n=None,
        score=None,
        weight=Fraction(0),
        counted_in=target.label if target else None,
    )


def _about(subject: Subject, counted: _Counted) -> SubjectResults:
    """Return the results about one subject."""
    told, post = counted.about(subject), post_of(subject)
    node, blocked = told.score(post)
    return SubjectResults(
        subject_id=subject.id,
        name=subject.name,
        unit=subject.unit.name,
        title=subject.cadre.title if subject.cadre else "",
        groups=counted.every_group(told.groups(node, post), told.plan),
        together=told.plan.together,
        score=node.value,
        blocked=blocked,
        assumed=node.assumed,
        questions=told.questions(node),
    )


def _subjects(
    session: Session, survey: Survey, subject_id: int | None
) -> Sequence[Subject]:
    """Return the subjects in the score sheets' order, or one; raises NotFound."""
    ours = (
        select(Subject)
        .join(SurveySubject, SurveySubject.subject_id == Subject.id)
        .where(SurveySubject.survey_id == survey.id)
        .join(Subject.unit)
        .options(contains_eager(Subject.unit), joinedload(Subject.cadre))
        .order_by(Unit.code, Subject.kind.desc(), Subject.id)
    )
    if subject_id is not None:
        ours = ours.where(Subject.id == subject_id)
    found = session.scalars(ours).all()
    if subject_id is not None and not found:
        raise NotFound
    return found
