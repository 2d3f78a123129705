"""`survey disclose …`: what the platform tells, tried against what it must not tell."""

import json
import os
from contextlib import ExitStack

import click
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.audit.disclosure_audit import disclosure_audit
from survey_app.audit.report import Report
from survey_app.database import NO_LOG, borrowed_engine, borrowed_main_engine
from survey_app.domain.ground.refusals import NotFound
from survey_app.settings import Settings
from survey_app.survey.tables import Survey


@click.group()
def disclose() -> None:
    """Look for what could give few people away."""


@disclose.command("audit")
@click.argument("survey_id", metavar="[SURVEY]", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def audit(survey_id: int | None, *, as_json: bool) -> None:
    """Audit every survey whose counts are final, or the one with this number.

    Loads every page and file as every role, in a temporary copy of the databases, and
    once more with other answers of every hidden group: any difference is a leak. Ends
    with status 1 where something leaks or could not be audited.
    """
    settings = Settings.from_environment(os.environ)
    report = _audited(settings, survey_id)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(report.lines()))
    if not report.is_clean:
        raise SystemExit(1)


def _audited(settings: Settings, survey_id: int | None) -> Report:
    """Return the report; raises NotFound where there is no such survey."""
    with ExitStack() as stack:
        engine = stack.enter_context(borrowed_main_engine(settings))
        with Session(engine) as session:
            if survey_id is not None and session.get(Survey, survey_id) is None:
                raise NotFound
        ballots = (
            stack.enter_context(borrowed_engine(settings.ballots_at, journal=NO_LOG))
            if settings.ballots_at
            else None
        )
        return disclosure_audit(
            settings, create_app, ballots=ballots, survey_id=survey_id
        )
