"""Workbooks, data and papers of a cycle: made by jobs beside the requests, and kept."""

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import TypeVar
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy.orm import Session, joinedload

from survey_app.analytics.file_words import translation
from survey_app.analytics.kept.alert_list import ListedAlert
from survey_app.analytics.kept.alerts import CROSSED
from survey_app.analytics.kept.files import Asked, keep_file
from survey_app.analytics.kept.made_from import (
    CYCLE_BOOK,
    PAPERS,
    SURVEY_DATA,
    cycle_rests_on,
    results_rest_on,
)
from survey_app.analytics.listed_subjects import subjects_in
from survey_app.analytics.papers.alert_papers import Office
from survey_app.analytics.papers.cycle_book import write_cycle_book
from survey_app.analytics.papers.cycle_columns import STATES
from survey_app.analytics.papers.cycle_facts import (
    alerts_of_cycle,
    facts_of,
    states_of_alerts,
)
from survey_app.analytics.papers.cycle_papers import (
    by_subject,
    sheet_paper,
    versions_in,
)
from survey_app.analytics.papers.cycle_sheets import listed_in, sheets_in_turn
from survey_app.analytics.papers.one_paper import EVERY_SHEET, one_paper
from survey_app.analytics.papers.pdf import pdf_of
from survey_app.analytics.papers.printed import document
from survey_app.analytics.papers.survey_data import write_survey_data
from survey_app.analytics.results import AT_ONCE, results_in_turn
from survey_app.appraisal.cycle import Cycle
from survey_app.domain.ground.in_parts import in_parts
from survey_app.domain.ground.refusals import NotFound
from survey_app.jobs.jobs import Job, Progress
from survey_app.jobs.run_job import Workplace
from survey_app.survey.tables import Survey

Thing = TypeVar("Thing")
TOGETHER = 50
"""Sheets that are laid out by one process and are one PDF."""


def make_cycle_book(place: Workplace, job: Job, progress: Progress) -> None:
    """Make the workbook of a cycle and keep it.

    Raises NotFound, and PlanChanged or CountersDiffer where what was settled is not
    what lies there.
    """
    file, words = BytesIO(), translation(job.detail)
    with Session(place.engine, expire_on_commit=False) as session:
        cycle = _cycle(session, job.about)
        if not cycle.appraises:
            raise NotFound
        # Before anything is read: what changes meanwhile makes it an old one.
        made_from = cycle_rests_on(session, cycle) or ""
        facts, every = facts_of(session, cycle), listed_in(session, cycle.id)
        sheets = sheets_in_turn(session, cycle, every)
        alerts = _with_states(session, cycle.id, words)
        told = _noted(session, sheets, progress, len(every))
        write_cycle_book(file, facts, told, alerts, (words, job.detail))
    _keep(place, Asked(CYCLE_BOOK, job.about, job.detail), made_from, file)


def make_survey_data(place: Workplace, job: Job, progress: Progress) -> None:
    """Make the tables of a survey's results and keep them.

    Raises NotFound, and what `results_in_turn` raises where there are no results.
    """
    file = BytesIO()
    with Session(place.engine, expire_on_commit=False) as session:
        survey = session.get(Survey, job.about, options=[joinedload(Survey.cycle)])
        if survey is None:
            raise NotFound
        made_from = results_rest_on(session, survey)
        head, told = results_in_turn(
            session, survey, scheme=survey.cycle.rules, today=survey.closes_on
        )
        subjects = _noted(session, told, progress, subjects_in(session, survey.id))
        words = translation(job.detail), job.detail
        write_survey_data(file, head, subjects, words)
    _keep(place, Asked(SURVEY_DATA, job.about, job.detail), made_from, file)


def make_papers(place: Workplace, job: Job, progress: Progress) -> None:
    """Make one paper of a cycle as PDF, or every sheet as PDFs in a ZIP file; keep it.

    Raises NotFound, PdfNotPossible, and what reading the sheets raises.
    """
    which, _, language = job.detail.rpartition(":")
    with Session(place.engine, expire_on_commit=False) as session:
        cycle = _cycle(session, job.about)
        made_from = cycle_rests_on(session, cycle) or ""
        office = Office.of(place.settings, language)
        if which == EVERY_SHEET:
            file = _every_sheet(session, cycle, office, progress)
        else:
            title, paper = one_paper(session, cycle, which, office)
            session.close()  # nothing of the database is held while it is laid out
            file = BytesIO(pdf_of(document(title, language, [paper])))
    _keep(place, Asked(PAPERS, job.about, job.detail), made_from, file)


def _every_sheet(
    session: Session, cycle: Cycle, office: Office, progress: Progress
) -> BytesIO:
    """Return a ZIP file of PDFs; each is laid out by a process that ends with it."""
    if not cycle.appraises:
        raise NotFound
    facts, every = facts_of(session, cycle), listed_in(session, cycle.id)
    alerts = by_subject(alerts_of_cycle(session, cycle.id, [CROSSED]))
    versions = versions_in(session, cycle.id)
    file, done = BytesIO(), 0
    with ZipFile(file, "w", ZIP_STORED) as packed:
        for some in in_parts(every, TOGETHER):
            papers = [
                sheet_paper(facts, one, alerts, versions.of(one), office.language)
                for one in sheets_in_turn(session, cycle, some)
            ]
            session.commit()
            name = f"{done + 1:04d}-{done + len(papers):04d}.pdf"
            day = facts.made_on
            at = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            packed.writestr(at, pdf_of(document(facts.name, office.language, papers)))
            done += len(papers)
            progress(done, len(every))
    return file


def _with_states(
    session: Session, cycle_id: int, words: Callable[[str], str]
) -> Iterator[tuple[ListedAlert, str]]:
    """Yield every alert, and in words where its review stands; "": nobody must."""
    states = states_of_alerts(session, cycle_id)
    for one in alerts_of_cycle(session, cycle_id):
        alert = one.told.alert
        place = one.survey_id, one.subject_id, alert.rule, alert.question, alert.group
        state = states.get(place)
        yield one, words(STATES[state]) if state else ""


def _cycle(session: Session, cycle_id: int) -> Cycle:
    cycle = session.get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound
    return cycle


def _keep(place: Workplace, asked: Asked, made_from: str, file: BytesIO) -> None:
    file.seek(0)
    keep_file(place.engine, asked, made_from=made_from, file=file)


def _noted(
    session: Session, things: Iterable[Thing], progress: Progress, total: int
) -> Iterator[Thing]:
    """Yield everything, note how far it is, and hold no picture of the database."""
    for number, one in enumerate(things, start=1):
        yield one
        progress(number, total)
        if number % AT_ONCE == 0:
            session.commit()
