"""What a kept file was made from: once that is otherwise, the file is made anew."""

import hashlib
from importlib.metadata import version

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.accounts.record import newest_about
from survey_app.alerts.tables import AlertCase
from survey_app.appraisal.adjustments import GivenAdjustment
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.named_ratings import NamedRatingEntry
from survey_app.appraisal.scope import Scope
from survey_app.appraisal.sheet_rows import SCORE_SHEETS
from survey_app.jobs.jobs import latest_job
from survey_app.survey.settling.correction import CONFIRMED, Correction
from survey_app.survey.tables import PublicationPlan, Survey

RESULTS = "results-workbook"
"""The kind of the job, and of the file it makes; its detail: see `detail_of`."""
ADJUSTMENTS = "adjustments-workbook"
"""The same of the list of a cycle's bonuses and deductions."""
CYCLE_BOOK = "cycle-workbook"
"""The same of the workbook of a whole cycle."""
SURVEY_DATA = "survey-data"
"""The same of a survey's results as tables."""
PAPERS = "papers"
"""The same of a cycle's papers; the detail is "which:language"."""


def cycle_rests_on(session: Session, cycle: Cycle) -> str | None:
    """Return the digest of what is told of a cycle on its sheets and in its alerts.

    A job works sheets out whenever anything they rest on has changed, so its number
    tells one state of them all from any later one. None while it does: they may be
    others when it is done.
    """
    sheets = latest_job(session, SCORE_SHEETS, about=cycle.id)
    if sheets is not None and sheets.is_unfinished:
        return None
    digest = hashlib.sha256(version("survey-app").encode())
    own = cycle.name, cycle.scheme_fingerprint, cycle.settled_on, sheets and sheets.id
    surveys = (
        select(
            Survey.id, Survey.title, Survey.opens_on, Survey.closes_on, Survey.state,
            PublicationPlan.fingerprint, PublicationPlan.settled_seal,
            PublicationPlan.evaluated,
        )
        .outerjoin(PublicationPlan, PublicationPlan.survey_id == Survey.id)
        .where(Survey.cycle_id == cycle.id)
        .order_by(Survey.id)
    )  # fmt: skip
    cases = select(func.count(), func.sum(AlertCase.version)).where(
        AlertCase.cycle_id == cycle.id
    )
    for row in (own, *session.execute(surveys), *session.execute(cases)):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def detail_of(language: str, scope: Scope) -> str:
    """Return in which language a file is, and of which part of the place.

    Whoever may see that part and no more asks for a file of his own.
    """
    return f"{language} {scope.written()}".strip()


def read_detail(detail: str) -> tuple[str, Scope]:
    """Return the language and the part of the place."""
    language, _, units = detail.partition(" ")
    return language, Scope.read(units)


def adjustments_rest_on(session: Session, cycle: Cycle) -> str | None:
    """Return the digest of what a cycle's list of bonuses and deductions says now.

    Nobody reads the list for it: what was entered is never written anew, and its state
    only goes on, so the numbers in each state tell one list from any later one. Names
    and posts are those of the score sheets, which a job works out whenever they have
    changed. None while it does: the list may be another one when it is done.
    """
    told = select(GivenAdjustment.state, func.count(), func.max(GivenAdjustment.id))
    states = told.where(GivenAdjustment.cycle_id == cycle.id).group_by(
        GivenAdjustment.state
    )
    sheets = latest_job(session, SCORE_SHEETS, about=cycle.id)
    if sheets is not None and sheets.is_unfinished:
        return None
    digest = hashlib.sha256(version("survey-app").encode())
    own = cycle.name, cycle.settled_on, sheets and sheets.id
    for row in (own, *session.execute(states.order_by(GivenAdjustment.state))):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def results_rest_on(session: Session, survey: Survey) -> str:
    """Return the digest of all that is told in the results of a survey that is over.

    Whatever changes it also changes what a workbook would say: the program itself, the
    settled plan with its counts, names after a correction, ratings signed later. The
    last two are only ever added to, so how many there are says which; nobody reads a
    row for each subject to offer a file.
    """
    digest = hashlib.sha256(version("survey-app").encode())
    plan = select(
        PublicationPlan.fingerprint, PublicationPlan.settled_seal,
        PublicationPlan.evaluated,
    ).where(PublicationPlan.survey_id == survey.id)  # fmt: skip
    own = survey.title, survey.cycle.name, survey.opens_on, survey.closes_on
    entry = NamedRatingEntry
    signed = select(
        func.count(), func.count(entry.confirmed_by), func.count(entry.withdrawn_by)
    ).where(entry.cycle_id == survey.cycle_id)
    corrected = select(func.count()).where(
        Correction.cycle_id == survey.cycle_id, Correction.state == CONFIRMED
    )
    act = newest_about(session, f"survey:{survey.id}")  # it is printed
    for told in (
        act, own, survey.state, survey.cycle.scheme_fingerprint,
        *session.execute(plan), *session.execute(signed), *session.execute(corrected),
    ):  # fmt: skip
        digest.update(repr(told).encode())
    return digest.hexdigest()
