"""Workbooks that grow with the place: made by a job and kept."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO

from sqlalchemy.orm import Session, joinedload

from survey_app.accounts.record import newest_about, printed
from survey_app.analytics.adjustments import every_adjustment
from survey_app.analytics.adjustments_workbook import adjustments_workbook
from survey_app.analytics.file_words import translation
from survey_app.analytics.kept.files import Asked, keep_file
from survey_app.analytics.kept.made_from import (
    ADJUSTMENTS,
    RESULTS,
    adjustments_rest_on,
    read_detail,
    results_rest_on,
)
from survey_app.analytics.listed_subjects import rated_within, subjects_in
from survey_app.analytics.results import AT_ONCE, results_in_turn
from survey_app.analytics.survey_results import SubjectResults
from survey_app.analytics.workbook.results_workbook import write_workbook
from survey_app.appraisal.cycle import Cycle
from survey_app.domain.ground.refusals import NotFound
from survey_app.jobs.jobs import Job, Progress
from survey_app.jobs.run_job import Workplace
from survey_app.survey.tables import Survey


def make_results(place: Workplace, job: Job, progress: Progress) -> None:
    """Make the workbook of a survey's results and keep it.

    Raises NotFound, and what `results_in_turn` raises where there are no results.
    """
    file = BytesIO()
    with Session(place.engine, expire_on_commit=False) as session:
        survey = session.get(Survey, job.about, options=[joinedload(Survey.cycle)])
        if survey is None:
            raise NotFound
        language, scope = read_detail(job.detail)
        made_from = results_rest_on(session, survey) + scope.digest(session)
        some = None if scope.is_whole else rated_within(session, survey.id, scope)
        head, told = results_in_turn(
            session, survey, scheme=survey.cycle.rules, today=survey.closes_on,
            some=some,
        )  # fmt: skip
        if not scope.is_whole:  # what is told of all together is not of this part
            head = replace(head, reconciled=())
        total = subjects_in(session, survey.id) if some is None else len(some)
        subjects = _in_pieces(session, told, progress, total)
        words = translation(language)
        record = printed(newest_about(session, f"survey:{survey.id}"))
        write_workbook(file, head, subjects, words, language, record=record)
    file.seek(0)
    asked = Asked(RESULTS, job.about, job.detail)
    keep_file(place.engine, asked, made_from=made_from, file=file)


def make_adjustments(place: Workplace, job: Job, _progress: Progress) -> None:
    """Make the workbook of a cycle's bonuses and deductions and keep it.

    Raises NotFound where there is no such cycle.
    """
    with Session(place.engine, expire_on_commit=False) as session:
        cycle = session.get(Cycle, job.about)
        if cycle is None:
            raise NotFound
        # Before the list is read: what changes meanwhile makes it an old one.
        language, scope = read_detail(job.detail)
        made_from = adjustments_rest_on(session, cycle) or ""
        made_from += scope.digest(session)
        lines = every_adjustment(session, cycle.id, scope)
    words, asked = translation(language), Asked(ADJUSTMENTS, job.about, job.detail)
    file = BytesIO(adjustments_workbook(cycle.name, lines, words, language))
    keep_file(place.engine, asked, made_from=made_from, file=file)


def _in_pieces(
    session: Session, told: Iterable[SubjectResults], progress: Progress, total: int
) -> Iterator[SubjectResults]:
    """Yield every subject, note how far it is, and hold no picture of the database.

    As long as one is held its log can only grow.
    """
    for number, subject in enumerate(told, start=1):
        yield subject
        progress(number, total)
        if number % AT_ONCE == 0:
            session.commit()
