"""The papers of a cycle: what there is, how far it is, to print and to take away.

A page of a paper prints by itself; as a file it is made beside the requests and kept.
"""

from dataclasses import dataclass

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import EXPORT, SEE_RESULTS
from survey_app.alerts.tables import AlertCase
from survey_app.analytics import office_lists
from survey_app.analytics.kept.files import Asked, FileAtHand, file_at_hand, parts_of
from survey_app.analytics.kept.made_from import CYCLE_BOOK, PAPERS, cycle_rests_on
from survey_app.analytics.kept.sheet_counts import sheet_counts
from survey_app.analytics.papers.alert_papers import Office
from survey_app.analytics.papers.one_paper import (
    DECISION,
    EVERY_SHEET,
    NOTICE,
    SHEET,
    SUMMARY,
    VERIFICATION,
    WORKBOOK,
    is_of_alert,
    is_paper,
    number_in,
    one_paper,
)
from survey_app.appraisal.cycle import Cycle
from survey_app.database import reading, session, writer
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import NotFound
from survey_app.jobs.jobs import Job, ask_for, latest_job
from survey_app.web.language import language
from survey_app.web.office.access import allow, scope, username
from survey_app.web.office.found import cycle_or_series, found_cycle, settings
from survey_app.web.office.pages import pages
from survey_app.web.office.workbook_file import XLSX, kept_workbook

PDF = "application/pdf"
KINDS = {WORKBOOK: (".xlsx", XLSX), EVERY_SHEET: (".zip", "application/zip")}
"""File → how its name ends and what it is; every other one is a PDF."""
TITLES = {
    WORKBOOK: message("Workbook of the cycle"),
    EVERY_SHEET: message("All score sheets as PDF"),
    SUMMARY: message("Summary for the leading group"),
    NOTICE: message("Public notice"),
}
"""What a cycle has as files; a single sheet or the papers of an alert are asked for
where they belong."""

NUMBERED = {
    SHEET: message("Score sheet"),
    VERIFICATION: message("Verification form"),
    DECISION: message("Decision letter"),
}


@dataclass(frozen=True, slots=True)
class PaperFile:
    """One file of a cycle, and how far it is."""

    name: str
    """How addresses call it."""
    title: str
    prints: bool
    """Whether it has a page that prints."""
    file: FileAtHand | None
    job: Job | None
    """The one that is making it; None: nobody is."""


@pages.get("/cycles/<int:cycle_id>/papers")
@allow(SEE_RESULTS)
def papers(cycle_id: int) -> str:
    """List what the cycle has as papers and files."""
    cycle = found_cycle(cycle_id)
    with reading(session()) as reader:
        made_from = cycle_rests_on(reader, cycle)
        files = [_file(reader, cycle, name, made_from) for name in TITLES]
        surveys = office_lists.settled_of_cycle(reader, cycle_id)
        counts = sheet_counts(reader, cycle_id)
    return render_template(
        "office/papers/papers.html",
        cycle=cycle,
        files=files,
        surveys=surveys,
        counts=counts,
        is_waiting=made_from is None,
    )


@pages.get("/cycles/<int:cycle_id>/papers/<paper>")
@allow(SEE_RESULTS, scoped=True)
def paper(cycle_id: int, paper: str) -> str:
    """Show one paper as it prints."""
    cycle = _cycle_of(cycle_id, paper)
    office = Office.of(settings(), language())
    with reading(session()) as reader:
        _require_within(reader, paper)
        title, drawn = one_paper(reader, cycle, paper, office)
        file = _file(reader, cycle, paper, cycle_rests_on(reader, cycle))
    return render_template(
        "office/papers/paper.html", cycle=cycle, title=title, paper=drawn, file=file
    )


@pages.get("/cycles/<int:cycle_id>/papers/<paper>/file")
@allow(EXPORT, scoped=True)
def paper_file(cycle_id: int, paper: str) -> ResponseReturnValue:
    """Send the file where it is at hand, or lead to where it can be asked for."""
    cycle = _cycle_of(cycle_id, paper)
    with reading(session()) as reader:
        _require_within(reader, paper)
        found = _file(reader, cycle, paper, cycle_rests_on(reader, cycle))
    if found.file is None:
        return redirect(_page_of(cycle_id, paper), 303)
    engine: Engine = current_app.extensions["survey_engine"]
    ending, kind = KINDS.get(paper, (".pdf", PDF))
    name = f"{cycle.name} {found.title}{ending}"
    return kept_workbook(parts_of(engine, found.file), found.file.size, name, kind)


@pages.post("/cycles/<int:cycle_id>/papers/<paper>/file")
@allow(EXPORT, scoped=True)
def make_paper_file(cycle_id: int, paper: str) -> ResponseReturnValue:
    """Ask for the file, in the language of this page."""
    _cycle_of(cycle_id, paper)
    kind, detail = _asked(paper)
    with reading(session()) as reader:
        _require_within(reader, paper)
    job_id = ask_for(writer(), kind, about=cycle_id, detail=detail, account=username())
    writer().commit()
    return redirect(url_for(".job", job_id=job_id), 303)


def _cycle_of(cycle_id: int, paper: str) -> Cycle:
    """Return the cycle; a series has only the papers of its alerts."""
    return cycle_or_series(cycle_id) if is_of_alert(paper) else found_cycle(cycle_id)


def leads_to(job: Job) -> str:
    """Return the address of what a job about a cycle's papers makes."""
    return _page_of(job.about, job.detail.rpartition(":")[0] or WORKBOOK)


def _page_of(cycle_id: int, which: str) -> str:
    """Return the address of the page on which a file is asked for."""
    if which in TITLES:
        return url_for("office.papers", cycle_id=cycle_id, _anchor=which)
    return url_for("office.paper", cycle_id=cycle_id, paper=which)


def _require_within(reader: Session, which: str) -> None:
    """Raise NotFound where a paper is about more than whoever is here may see."""
    here = scope()
    if here.is_whole:
        return
    subject = number_in(which, SHEET)
    case = number_in(which, VERIFICATION) or number_in(which, DECISION)
    if subject is not None:
        here.require_subject(reader, subject)
    elif case is not None:
        here.require(reader, AlertCase.id, case, AlertCase.subject_id)
    else:
        raise NotFound


def _asked(which: str) -> tuple[str, str]:
    """Return kind and detail of a file; raises NotFound where there is none such."""
    if which == WORKBOOK:
        return CYCLE_BOOK, language()
    if which != EVERY_SHEET and not is_paper(which):
        raise NotFound
    return PAPERS, f"{which}:{language()}"


def _title(which: str) -> str:
    """Return what a paper is called; one about somebody bears its number."""
    if which in TITLES:
        return _(TITLES[which])
    return next(
        f"{_(title)} {number}"
        for kind, title in NUMBERED.items()
        if (number := number_in(which, kind)) is not None
    )


def _file(
    reader: Session, cycle: Cycle, which: str, made_from: str | None
) -> PaperFile:
    """Return how far a file is; one that says something else by now is none."""
    kind, detail = _asked(which)
    asked = Asked(kind, cycle.id, detail)
    file = file_at_hand(reader, asked, made_from=made_from) if made_from else None
    job = latest_job(reader, kind, about=cycle.id, detail=detail)
    return PaperFile(
        name=which,
        title=_title(which),
        prints=is_paper(which),
        file=file,
        job=job if job is not None and job.is_unfinished else None,
    )
