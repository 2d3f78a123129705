"""Results of a survey that is over, read from the counters."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from survey_app.analytics.survey_results import SubjectResults, SurveyResults
from survey_app.analytics.tallies import tallies_of
from survey_app.analytics.tally_results import TallyResults
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.refusals import NotFound, ResultsSealed
from survey_app.domain.scheme import Post, Scheme
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
    can still come, and NotFound for a subject the survey is not about.
    """
    if not survey.is_over(today):
        raise ResultsSealed
    component = scheme.component(survey.component_key)
    questionnaire = Questionnaire.from_json(survey.questionnaire)
    subjects = _subjects(session, survey, subject_id)
    tallies = tallies_of(session, survey.id, subject_id=subject_id)
    return SurveyResults(
        survey_id=survey.id,
        title=survey.title,
        cycle_id=survey.cycle_id,
        cycle=survey.cycle.name,
        opens_on=survey.opens_on,
        closes_on=survey.closes_on,
        scheme=scheme,
        component=component,
        questionnaire=questionnaire,
        subjects=tuple(
            _about(
                subject,
                TallyResults(
                    scheme, component, questionnaire, tallies.get(subject.id, {})
                ),
            )
            for subject in subjects
        ),
    )


def _about(subject: Subject, told: TallyResults) -> SubjectResults:
    """Return the results about one subject."""
    post = _post(subject)
    node, blocked = told.score(post)
    return SubjectResults(
        subject_id=subject.id,
        name=subject.name,
        unit=subject.unit.name,
        title=subject.cadre.title if subject.cadre else "",
        groups=told.groups(node, post),
        together=told.together,
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


def _post(subject: Subject) -> Post:
    """Return the post whose weights apply; a leading body has the principal's."""
    return Post(subject.cadre.post) if subject.cadre else Post.PRINCIPAL
