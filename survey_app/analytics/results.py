"""Results of a survey: the counters, as far as its stored plan lets them be shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from sqlalchemy.orm import Session

from survey_app.analytics.named_ratings import Signed, counting_ratings
from survey_app.analytics.pictures.chance import variance_of
from survey_app.analytics.reconciled import (
    Reconciled,
    TurnoutsOfUnits,
    reconciled,
    turnouts_of_ballots,
)
from survey_app.analytics.survey_results import (
    GroupScore,
    ResultNumbers,
    SubjectResults,
    SurveyResults,
)
from survey_app.analytics.tally_results import TallyResults, all_objections
from survey_app.analytics.unscored import unscored, unscored_numbers
from survey_app.appraisal.rated import Rated
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Tally, added_turnouts, merged_tally
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import RaterGroup, Scheme
from survey_app.domain.scoring.group_score import Scales
from survey_app.survey.counters import tallies_of_surveys
from survey_app.survey.rated import in_order, rated_of, rated_some
from survey_app.survey.settled_plan import settled_plan
from survey_app.survey.tables import Survey
from survey_app.survey.take_out import taken_out_of

AT_ONCE = 100
"""Subjects whose counts are read together."""


def results_of(
    session: Session,
    survey: Survey,
    *,
    scheme: Scheme,
    today: date,
    subject_id: int | None = None,
) -> SurveyResults:
    """Return the results about every subject, or about one.

    The same few statements however many answered, and of one the cost of one. Raises
    ResultsSealed while answers can still come, ResultsNotSettled before the counts are
    final, and NotFound for a subject the survey is not about.
    """
    head, told = results_in_turn(
        session,
        survey,
        scheme=scheme,
        today=today,
        some=None if subject_id is None else [subject_id],
    )
    return replace(head, subjects=tuple(told))


def results_in_turn(
    session: Session,
    survey: Survey,
    *,
    scheme: Scheme,
    today: date,
    some: Sequence[int] | None = None,
) -> tuple[SurveyResults, Iterator[SubjectResults]]:
    """Return the results without any subject, and every subject's, one after another.

    `some` names all that are asked for. They are read and worked out as they are
    taken, `AT_ONCE` of them at a time. Raises what `results_of` raises.
    """
    plan = settled_plan(session, survey, today=today, subject_ids=some)
    every = asked_survey(session, survey, plan, scheme=scheme, some=some)
    if some and not every.subjects:
        raise NotFound
    return every.head(session), _in_turn(session, every)


def _in_turn(session: Session, every: "CountedSurvey") -> Iterator[SubjectResults]:
    """Yield the results about every subject, some of them read at a time."""
    for first in range(0, len(every.subjects), AT_ONCE):
        some = every.subjects[first : first + AT_ONCE]
        here = replace(every, subjects=some).counted(session)
        yield from (here.results(subject) for subject in some)


def asked_survey(
    session: Session,
    survey: Survey,
    plan: EvaluatedPlan,
    *,
    scheme: Scheme,
    some: Sequence[int] | None = None,
) -> "CountedSurvey":
    """Return what is known of the subjects of a settled survey, or of some by key.

    Without their counts: see `counted`.
    """
    subjects = (
        in_order(rated_of(session, survey.id))
        if some is None
        else rated_some(session, survey.id, some)
    )
    ids = [subject.id for subject in subjects]
    units = {subject.unit_id for subject in subjects}
    return CountedSurvey(
        scheme=scheme,
        survey=survey,
        questionnaire=Questionnaire.from_json(survey.questionnaire),
        plan=plan,
        plans={subject_id: plan.of_subject(subject_id) for subject_id in ids},
        subjects=tuple(subjects),
        tallies={},
        turnouts=turnouts_of_ballots(
            session, [survey.id] if survey.is_secret else [], unit_ids=units
        ),
        named=signed_in(session, survey, scheme, None if some is None else ids),
    )


@dataclass(frozen=True, slots=True)
class CountedSurvey:
    """What was counted in one survey about some subjects, and what may be shown."""

    scheme: Scheme
    survey: Survey
    questionnaire: Questionnaire
    plan: EvaluatedPlan
    plans: Mapping[int, SubjectPlan]
    subjects: tuple[Rated, ...]
    tallies: Mapping[int, Tally]
    turnouts: TurnoutsOfUnits
    named: Signed
    scales: Scales = field(default_factory=dict)
    """What the choices of its questions are worth, for all its subjects."""

    @property
    def rater_groups(self) -> tuple[RaterGroup, ...]:
        """The scheme's groups, in its order."""
        rules = self.scheme.component(self.survey.component_key).survey
        return rules.rater_groups if rules else ()

    def counted(self, session: Session) -> "CountedSurvey":
        """Return the same with the tallies of its subjects; raises CountersDiffer."""
        ids = [subject.id for subject in self.subjects]
        read = tallies_of_surveys(session, [self.survey.id], subject_ids=ids)
        return replace(self, tallies={subject: t for (_, subject), t in read.items()})

    def head(self, session: Session) -> SurveyResults:
        """Return what is said of the survey itself, without any result."""
        survey = self.survey
        return SurveyResults(
            survey_id=survey.id,
            title=survey.title,
            cycle_id=survey.cycle_id,
            cycle=survey.cycle.name,
            opens_on=survey.opens_on,
            closes_on=survey.closes_on,
            scheme=self.scheme,
            component=self.scheme.component(survey.component_key),
            questionnaire=self.questionnaire,
            subjects=(),
            floor=self.plan.floors.office,
            is_secret=survey.is_secret,
            scored=survey.cycle.appraises,
            taken_out=taken_out_of(session, [survey.id]) if survey.changes else (),
            reconciled=self._slips(session) if survey.is_secret else (),
        )

    def _slips(self, session: Session) -> tuple[Reconciled, ...]:
        """Return the slips of a secret ballot, in the groups they were counted."""
        return reconciled(
            session,
            self.survey.id,
            groups=[group.key for group in self.rater_groups],
            merged={s.unit_id: self.plans[s.id].merged for s in self.subjects},
            units={s.unit_id: s.unit for s in self.subjects},
        )

    def about(self, subject: Rated) -> TallyResults:
        """Return what was counted about one subject, in the groups it was counted."""
        plan = self.plans[subject.id]
        key = self.survey.component_key
        return TallyResults(
            with_merged_groups(self.scheme, key, plan.counted_in),
            key,
            self.questionnaire,
            merged_tally(self.tallies.get(subject.id, {}), plan.joined),
            plan,
            added_turnouts(
                [self.turnouts.get((self.survey.id, subject.unit_id), {})], plan.joined
            ),
            self.named.get((key, subject.id), {}),
            self.scales,
        )

    def numbers(self, subject: Rated) -> ResultNumbers:
        """Return what a list says of one subject."""
        told, post = self.about(subject), subject.post
        node, _ = told.score(post)
        objections = told.objections()
        share, people = all_objections(objections)
        numbers = ResultNumbers(
            groups=self._every_group(told.groups(node, post), told.plan),
            together=told.plan.together,
            score=node.value,
            assumed=node.assumed,
            dissatisfied=share,
            people=people or None,
            questions=objections,
            variance=None
            if told.plan.hides or told.rules.other_valued
            else variance_of(node, told.rules.points()),
            full_count=told.is_full_count,
        )
        return numbers if self.survey.cycle.appraises else unscored_numbers(numbers)

    def results(self, subject: Rated) -> SubjectResults:
        """Return the results about one subject."""
        told, post = self.about(subject), subject.post
        node, blocked = told.score(post)
        results = SubjectResults(
            subject_id=subject.id,
            name=subject.name,
            unit=subject.unit.shown,
            title=subject.title,
            groups=self._every_group(told.groups(node, post), told.plan),
            together=told.plan.together,
            score=node.value,
            blocked=blocked,
            assumed=node.assumed,
            questions=told.questions(node),
        )
        return results if self.survey.cycle.appraises else unscored(results)

    def _every_group(
        self, counted: tuple[GroupScore, ...], plan: SubjectPlan
    ) -> tuple[GroupScore, ...]:
        """Return the scheme's groups, those that were counted in another one too."""
        known = {group.key: group for group in counted}
        labels = {group.key: group.label for group in self.rater_groups}
        return tuple(
            known.get(group.key) or _counted_elsewhere(group, labels, plan)
            for group in self.rater_groups
        )


def _counted_elsewhere(
    group: RaterGroup, labels: Mapping[str, Bilingual], plan: SubjectPlan
) -> GroupScore:
    """Return a group that has no numbers of its own, and where they went."""
    return GroupScore(
        key=group.key,
        label=group.label,
        n=None,
        score=None,
        weight=Fraction(0),
        counted_in=labels.get(plan.counted_in.get(group.key, "")),
    )


def signed_in(
    session: Session, survey: Survey, scheme: Scheme, some: Sequence[int] | None
) -> Signed:
    """Return what was signed where the survey's groups do not all answer it."""
    rules = scheme.component(survey.component_key).survey
    if rules is None or rules.asked == rules.rater_groups:
        return {}
    return counting_ratings(session, survey.cycle_id, some)
