"""`survey check`, `survey tally recount`: whether the databases still fit together."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.record import note as record
from survey_app.analytics.kept.sheets import keep_sheets
from survey_app.appraisal.cycle import Cycle
from survey_app.audit.integrity import Finding, findings, is_damaged
from survey_app.cli.acting import acts
from survey_app.cli.file_words import say_faults
from survey_app.cli.told import refuse_existing, write_new
from survey_app.database import NO_LOG, borrowed_engine, borrowed_main_engine, writing
from survey_app.settings import Settings
from survey_app.shipped_files import RuleFiles
from survey_app.survey.recount import recount_answers

WHAT = {
    "main-file": "the file of the main database is damaged; restore a backup",
    "ballot-file": "the file of the ballot database is damaged; restore a backup",
    "page": "a part of a database is damaged; restore a backup",
    "no-plan": "it has no publication plan; run `survey migrate`",
    "plan": "its plan, questionnaire or scheme is not what was sealed; nothing of it "
    "is shown; restore a backup of before",
    "promised-plan": "its plan is not the one its signed manifest names; nothing of it "
    "may be shown; restore a backup of before",
    "counters": "its counters differ from its answers, or an answer is not as it was "
    "written; restore a backup",
    "turnout": "its turnout differs from its answers; restore a backup, or, while it "
    "is open, `survey recount`",
    "receipts": "there are more or fewer receipts than answers; restore a backup",
    "sheets": "a kept score sheet is not what it is worked out to be; settle who wrote "
    "into the database, then `survey sheets`",
    "manifest": "the posted manifest was changed; compare it with the wall",
    "head": "the signed result was changed; compare it with the posted papers",
    "record": "the record of acts is not as it was written; `survey record verify` "
    "says where; settle who wrote into the database",
    "guards": "triggers are missing that keep the record and the acts of alerts from "
    "being changed; settle who took them away, then restore a backup",
}
CHECKING = "Look through both databases and name everything that does not fit together."


@click.command()
def check() -> None:
    """Look through both databases and name everything that does not fit together.

    Files of the county's own rules that cannot be used are named too. Reads every
    answer, so it takes a while; it changes nothing and may run beside the server. Ends
    with status 1 where something was found.
    """
    settings = Settings.from_environment(os.environ)
    broken = say_broken_rules(settings)
    with _databases(settings) as (engine, ballots):
        found = list(findings(engine, ballots))
    for one in found:
        click.echo(finding_line(one))
    if found or broken:
        raise SystemExit(1)
    click.echo("Everything fits together.")


@click.group()
def tally() -> None:
    """Compare counters with answers."""


@click.command()
@click.argument("survey_id", metavar="SURVEY", type=int)
@click.option("--by", required=True, help="Who does it.")
@click.option("--second", required=True, help="Who else saw it.")
@click.option("--reason", required=True, help="Why the answers are believed.")
@click.option("--note", type=click.Path(path_type=Path), required=True)
def recount(survey_id: int, by: str, second: str, reason: str, note: Path) -> None:
    """Make the turnout of the open SURVEY anew from its answers.

    What it said before, what it says now, who did it and why is written into
    the file NOTE, which belongs to the survey's papers.
    """
    if by.strip() == second.strip():
        raise click.ClickException("this takes two people; name the second one")
    refuse_existing(note)
    with (
        _databases(Settings.from_environment(os.environ)) as (engine, _),
        Session(writing(acts(engine, "recount"))) as session,
    ):
        changed = recount_answers(session, survey_id)
        told = {"survey": survey_id, "by": by, "second": second, "reason": reason}
        said = json.dumps({"by": by, "second": second}, ensure_ascii=False)
        record(
            session, "recount", about=f"survey:{survey_id}", after=said, reason=reason
        )
        told_all = told | {"changed": [list(one) for one in changed]}
        write_new(note, json.dumps(told_all, ensure_ascii=False, indent=1) + "\n")
        session.commit()
    click.echo(f"{len(changed)} counters changed; what they said before is in {note}.")


tally.add_command(recount)


@click.command()
def sheets() -> None:
    """Work out every score sheet anew, and keep it.

    The server does this by itself whenever something changed. It is for afterwards:
    where `survey check` has named a sheet, and somebody has settled how that could be.
    May run beside the server, and may be cut off and repeated.
    """
    with (
        _databases(Settings.from_environment(os.environ)) as (engine, _),
        Session(writing(engine)) as session,
    ):
        named = {one.id: one.name for one in session.scalars(select(Cycle))}
        for cycle_id, name in sorted(named.items()):
            count = keep_sheets(session, cycle_id, stale_only=False)
            click.echo(f"{name}: {count}")


def say_broken_rules(settings: Settings) -> bool:
    """Print every fault of the questionnaires and schemes; return whether any has one.

    Nobody is refused for them: the other files are usable and the office stays open.
    """
    broken = RuleFiles.of(settings.rules).broken
    for refused in broken:
        say_faults(refused)
    return bool(broken)


def refuse_damaged(settings: Settings) -> None:
    """End with one line where a database is damaged; a quick look that always ends."""
    with _databases(settings) as engines:
        for engine, name in zip(engines, ("main", "ballot"), strict=True):
            if engine is not None and is_damaged(engine):
                raise click.ClickException(
                    f"the file of the {name} database is damaged; run `survey check` "
                    "and restore a backup"
                )


@contextmanager
def _databases(settings: Settings) -> Iterator[tuple[Engine, Engine | None]]:
    """Give the main database and, where there is one, that of the ballots."""
    with borrowed_main_engine(settings) as engine:
        if not settings.ballots_at:
            yield engine, None
            return
        with borrowed_engine(settings.ballots_at, journal=NO_LOG) as ballots:
            yield engine, ballots


def finding_line(found: Finding) -> str:
    """Return what was found in one sentence."""
    about = f"Survey {found.survey_id}: " if found.survey_id else ""
    told = f" ({found.told})" if found.told else ""
    return f"{about}{WHAT[found.kind]}{told}."
