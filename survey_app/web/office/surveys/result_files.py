"""The workbook of a survey's results: asked for, made beside requests, taken away."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from survey_app.accounts.permissions import EXPORT
from survey_app.analytics.kept.files import Asked, FileAtHand, file_at_hand, parts_of
from survey_app.analytics.kept.made_from import (
    RESULTS,
    SURVEY_DATA,
    detail_of,
    results_rest_on,
)
from survey_app.database import reading, session, writer
from survey_app.domain.ground.refusals import NotFound
from survey_app.jobs.jobs import ask_for, latest_job
from survey_app.survey.settled_plan import settled_plan
from survey_app.survey.tables import Survey
from survey_app.web.clock import today
from survey_app.web.language import language
from survey_app.web.office.access import allow, scope, username
from survey_app.web.office.pages import pages
from survey_app.web.office.workbook_file import kept_workbook


@pages.get("/surveys/<int:survey_id>/results.xlsx")
@allow(EXPORT, scoped=True)
def results_workbook(survey_id: int) -> ResponseReturnValue:
    """Send the workbook where it is at hand, or lead to where it can be asked for."""
    survey, (file,) = _found(survey_id, RESULTS)
    if file is None:
        return redirect(url_for(".results_file", survey_id=survey_id), 303)
    engine: Engine = current_app.extensions["survey_engine"]
    return kept_workbook(parts_of(engine, file), file.size, f"{survey.title}.xlsx")


@pages.get("/surveys/<int:survey_id>/results-file")
@allow(EXPORT, scoped=True)
def results_file(survey_id: int) -> ResponseReturnValue:
    """Say whether the workbook is at hand, is being made, or has to be asked for."""
    survey, (file, data) = _found(survey_id, RESULTS, SURVEY_DATA)
    job = latest_job(session(), RESULTS, about=survey_id, detail=_detail())
    if file is None and job is not None and job.is_unfinished:
        return redirect(url_for(".job", job_id=job.id), 303)
    return render_template(
        "office/surveys/results_file.html", survey=survey, file=file, data=data
    )


@pages.post("/surveys/<int:survey_id>/results-file")
@allow(EXPORT, scoped=True)
def make_results_file(survey_id: int) -> ResponseReturnValue:
    """Ask for the workbook, in the language of this page."""
    return _make(survey_id, RESULTS)


@pages.get("/surveys/<int:survey_id>/results.zip")
@allow(EXPORT)
def results_data(survey_id: int) -> ResponseReturnValue:
    """Send the tables where they are at hand, or lead to where one asks for them."""
    survey, (file,) = _found(survey_id, SURVEY_DATA)
    if file is None:
        return redirect(url_for(".results_file", survey_id=survey_id), 303)
    engine: Engine = current_app.extensions["survey_engine"]
    parts, name = parts_of(engine, file), f"{survey.title}.zip"
    return kept_workbook(parts, file.size, name, "application/zip")


@pages.post("/surveys/<int:survey_id>/results-data")
@allow(EXPORT)
def make_results_data(survey_id: int) -> ResponseReturnValue:
    """Ask for the tables, in the language of this page."""
    return _make(survey_id, SURVEY_DATA)


def _make(survey_id: int, kind: str) -> ResponseReturnValue:
    _found(survey_id, kind)
    job_id = ask_for(
        writer(), kind, about=survey_id, detail=_detail(), account=username()
    )
    writer().commit()
    return redirect(url_for(".job", job_id=job_id), 303)


def _found(survey_id: int, *kinds: str) -> tuple[Survey, list[FileAtHand | None]]:
    """Return the survey and its file of each kind, if one says what results say now.

    Raises NotFound, and what keeps results from being shown.
    """
    with reading(session()) as reader:
        survey = reader.get(Survey, survey_id)
        if survey is None:
            raise NotFound
        settled_plan(reader, survey, today=today(), subject_ids=())
        made_from = results_rest_on(reader, survey) + scope().digest(reader)
        asked = [Asked(kind, survey_id, _detail()) for kind in kinds]
        return survey, [file_at_hand(reader, one, made_from=made_from) for one in asked]


def _detail() -> str:
    """Return in which language and for which part of the place a file is asked for."""
    return detail_of(language(), scope())
