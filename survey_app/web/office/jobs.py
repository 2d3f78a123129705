"""How far a job is: a page that shows it without script, and leads to what it made."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import (
    COUNT,
    DESIGN,
    EXPORT,
    INSPECT,
    SEE_RESULTS,
    SEE_TURNOUT,
    SIGNED_IN,
)
from survey_app.analytics.compared.compare import COMPARE
from survey_app.analytics.kept.checked_channels import CHECK_CHANNELS
from survey_app.analytics.kept.made_from import (
    ADJUSTMENTS,
    CYCLE_BOOK,
    PAPERS,
    RESULTS,
    SURVEY_DATA,
)
from survey_app.analytics.kept.raised_cases import RAISE
from survey_app.appraisal.sheet_rows import SCORE_SHEETS
from survey_app.ballot.finish_decryption import FINISH
from survey_app.database import reading, session, writer
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import NotAllowed, NotFound
from survey_app.jobs.jobs import Job, job_of
from survey_app.jobs.jobs import start_again as begin_again
from survey_app.jobs.run_job import ENDED
from survey_app.jobs.tables import DONE
from survey_app.refusing.said import WENT_WRONG, Words
from survey_app.refusing.table import SAID
from survey_app.survey.closing import CLOSE, KEEP_LISTS
from survey_app.web.office.access import allow, current_account
from survey_app.web.office.pages import pages
from survey_app.web.office.papers.papers import leads_to


@dataclass(frozen=True, slots=True)
class JobPage:
    """What is said of one kind of job, to whom, and where it leads."""

    title: str
    """What is being done, in a few words."""
    permissions: frozenset[str]
    """Who may any of these sees what it makes."""
    leads_to: Callable[[Job], str]
    """The address of what it makes."""


KINDS: dict[str, JobPage] = {
    CLOSE: JobPage(
        message("The survey is being closed"),
        frozenset({DESIGN, INSPECT}),
        lambda job: url_for("office.survey", survey_id=job.about),
    ),
    CHECK_CHANNELS: JobPage(
        message("The channels of the survey are being looked at"),
        frozenset({SEE_TURNOUT}),
        lambda job: url_for("office.trust", survey_id=job.about),
    ),
    KEEP_LISTS: JobPage(
        message("The lists of results and alerts are being made"),
        frozenset({SEE_RESULTS}),
        lambda job: url_for("office.results", survey_id=job.about),
    ),
    RAISE: JobPage(
        message("The alerts of the survey are being raised"),
        frozenset({SEE_RESULTS}),
        lambda job: url_for("office.alerts", survey_id=job.about),
    ),
    FINISH: JobPage(
        message("The decryption is being finished"),
        frozenset({COUNT, INSPECT}),
        lambda job: url_for("office.minute", survey_id=job.about),
    ),
    SCORE_SHEETS: JobPage(
        message("Score sheets are being worked out"),
        frozenset({SEE_RESULTS}),
        lambda job: url_for("office.cycle_sheets", cycle_id=job.about),
    ),
    ADJUSTMENTS: JobPage(
        message("The list of bonuses and deductions is being made"),
        frozenset({EXPORT}),
        lambda job: url_for("office.adjustments_list", cycle_id=job.about),
    ),
    CYCLE_BOOK: JobPage(
        message("The workbook of the cycle is being made"),
        frozenset({EXPORT}),
        leads_to,
    ),
    PAPERS: JobPage(
        message("The papers are being made"), frozenset({EXPORT}), leads_to
    ),
    SURVEY_DATA: JobPage(
        message("The tables of the results are being made"),
        frozenset({EXPORT}),
        lambda job: url_for("office.results_file", survey_id=job.about),
    ),
    COMPARE: JobPage(
        message("A settled cycle is being compared with another scheme"),
        frozenset({SEE_RESULTS}),
        lambda job: url_for(
            "office.scheme_effect", rule_id=int(job.detail), cycle_id=job.about
        ),
    ),
    RESULTS: JobPage(
        message("The workbook of the results is being made"),
        frozenset({EXPORT}),
        lambda job: url_for("office.results_file", survey_id=job.about),
    ),
}
"""Every kind of `survey_app/work.py`."""
OF_SURVEYS = frozenset(
    {CLOSE, CHECK_CHANNELS, KEEP_LISTS, RAISE, FINISH, SURVEY_DATA, RESULTS}
)
"""Kinds that are about a survey; the others are about a cycle."""
CUT_OFF: Words = (
    message("The work was cut off several times"),
    message(
        "Whatever is finished of it is kept. Start it again; if it ends like this once "
        "more, tell whoever runs this server that its memory may not be enough."
    ),
)
WORDS = {refusal.__name__: said for refusal, said in SAID.items()}


@pages.get("/jobs/<int:job_id>")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def job(job_id: int) -> ResponseReturnValue:
    """Show how far a job is; one that is done leads on to what it made."""
    job, page = _found(job_id)
    if job.state == DONE:
        return redirect(page.leads_to(job), 303)
    return render_template(
        "office/jobs/job.html",
        job=job,
        page=page,
        words=_why(job),
        back=page.leads_to(job),
    )


@pages.post("/jobs/<int:job_id>/again")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def start_job_again(job_id: int) -> ResponseReturnValue:
    """Let a job that failed begin once more."""
    _found(job_id)
    number = begin_again(writer(), job_id)
    return redirect(url_for(".job", job_id=number), 303)


def _found(number: int) -> tuple[Job, JobPage]:
    """Return a job and what is said of it. Raises NotFound, or NotAllowed."""
    with reading(session()) as reader:
        job = job_of(reader, number)
    page = KINDS.get(job.kind) if job else None
    if job is None or page is None:
        raise NotFound
    account = current_account()
    if account is None or not account.standing.may(*page.permissions):
        raise NotAllowed
    if not account.works_on(job.about if job.kind in OF_SURVEYS else None):
        raise NotFound
    return job, page


def _why(job: Job) -> tuple[str, str] | None:
    """Return what ended it and what to do; None: nothing has."""
    return words_of(job.failure) if job.failure else None


def words_of(failure: str) -> tuple[str, str]:
    """Return what ended something that nobody waited for, and what to do."""
    said = WORDS.get(failure)
    what, what_next = (
        said.office if said else CUT_OFF if failure == ENDED else WENT_WRONG
    )
    return _(what), _(what_next)
