"""`survey backup`, `survey restore`: a copy of the office while it runs, and back."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DBAPIError

from survey_app.accounts.tables import RecordHead
from survey_app.audit.integrity import findings
from survey_app.cli.acting import note_verb
from survey_app.cli.check import finding_line
from survey_app.cli.told import Stopped, refused, say, told
from survey_app.database import (
    NO_LOG,
    borrowed_engine,
    borrowed_main_engine,
)
from survey_app.domain.ground.marked import message
from survey_app.migrate import BALLOTS as BALLOT_HISTORY
from survey_app.migrate import MAIN as MAIN_HISTORY
from survey_app.migrate import alembic_config
from survey_app.moving.backup import (
    BALLOTS,
    MAIN,
    back_up,
    backup_in,
    note_copied,
    require_copy_of_ballots,
    require_free,
    revision_of,
)
from survey_app.moving.backup import restore as restore_copy
from survey_app.moving.claim import is_sqlite_file
from survey_app.moving.refused import OfficeStays
from survey_app.settings import Settings

HISTORIES = {MAIN: MAIN_HISTORY, BALLOTS: BALLOT_HISTORY}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--ballots", is_flag=True, help="Secret ballots too, where they may be.")
def backup(folder: Path, *, ballots: bool) -> None:
    """Copy the office into the new FOLDER, while it runs.

    Each database is copied as it is at one moment. The ballot database is taken along
    only when asked for, at most once a day while ballots lie in a box. Never in it: the
    folder of secrets, SURVEY_SECRET_KEY, files of your own rules.
    """
    settings = Settings.from_environment(os.environ)
    day = datetime.now(ZoneInfo(settings.zone)).date()
    with _refusing(), _engines(settings) as engines:
        chosen, is_full = {MAIN: engines[MAIN]}, False
        if ballots and BALLOTS in engines:
            chosen = engines
            is_full = require_copy_of_ballots(
                engines[BALLOTS], settings.secrets_folder, day
            )
        back_up(chosen, folder, day)
        _note_backup(engines[MAIN])
        if is_full:
            note_copied(settings.secrets_folder, day)
    say(message("The backup is in %(folder)s."), folder=folder)
    if is_full:
        say(
            message(
                "There are ballots in it that nobody has decrypted. Destroy this backup"
                " when the box has been decrypted, and after thirty days at the latest."
            )
        )
    elif BALLOTS not in chosen and BALLOTS in engines:
        say(message("Secret ballots are not in it; --ballots takes them along."))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def restore(folder: Path) -> None:
    """Make the databases of the settings from the backup in FOLDER, and check them.

    Nothing is ever restored over a database that is there. The server must be stopped,
    and SURVEY_SECRET_KEY be the one of before.
    """
    settings = Settings.from_environment(os.environ)
    with _refusing(), _engines(settings, everything=True) as engines:
        found = backup_in(folder)
        for name, copy in found.copies.items():
            if name not in engines:
                raise refused(message("Name a database for the ballots."))
            require_free(copy, engines[name])
        for name, copy in found.copies.items():
            restore_copy(copy, folder, engines[name])
    say(
        message("Restored as of %(day)s. What was answered later is not in it."),
        day=found.day,
    )
    _look_through(settings, restored=f"{found.day}")


def _note_backup(engine: Engine) -> None:
    """Keep that there is a copy, unless somebody writes for long: it waits for none."""
    try:
        _note(engine, "backup")
    except DBAPIError:
        say(message("The database was busy: this backup is not in the record of acts."))


def _note(engine: Engine, verb: str, **told: str) -> None:
    """Keep this in the record, unless the tables are from before it."""
    if inspect(engine).has_table(RecordHead.__tablename__):
        note_verb(engine, verb, **told)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except OfficeStays as why:
        raise Stopped(told(why.text, **why.gaps)) from why
    except DBAPIError as fault:
        raise Stopped(type(fault.orig).__name__) from fault
    except OSError as fault:
        raise Stopped(str(fault.strerror)) from fault


@contextmanager
def _engines(
    settings: Settings, *, everything: bool = False
) -> Iterator[dict[str, Engine]]:
    """Give the databases there are; with `everything`, those that could be."""
    at = settings.ballots_at
    there = bool(settings.ballot_database_url) or is_sqlite_file(at)
    with ExitStack() as stack:
        engines = {MAIN: stack.enter_context(borrowed_main_engine(settings))}
        if at and (there or everything):
            boxes = borrowed_engine(at, journal=NO_LOG)
            engines[BALLOTS] = stack.enter_context(boxes)
        yield engines


def _look_through(settings: Settings, *, restored: str) -> None:
    """Say whether what was restored fits together; end with status 1 where not."""
    with _engines(settings) as engines:
        for name, engine in engines.items():
            script = ScriptDirectory.from_config(alembic_config(HISTORIES[name]))
            if revision_of(engine) != script.get_current_head():
                raise refused(
                    message(
                        "It comes from another version: run `survey migrate`, then "
                        "`survey check`."
                    )
                )
        found = list(findings(engines[MAIN], engines.get(BALLOTS)))
        _note(engines[MAIN], "restore", reason=restored)
    for one in found:
        click.echo(finding_line(one))
    if found:
        raise SystemExit(1)
    say(message("Everything fits together."))
