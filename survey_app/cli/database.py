"""`survey database …`: an office taken from one database to another."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import click
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.exc import DBAPIError

from survey_app.all_tables import metadata
from survey_app.audit.integrity import Finding, findings
from survey_app.ballot.server_promise import broken_promises
from survey_app.ballot.tables import metadata as ballot_metadata
from survey_app.cli.check import CHECKING, finding_line
from survey_app.cli.language import translate
from survey_app.cli.lazy import LazyGroup
from survey_app.cli.told import Stopped, refused, say, told
from survey_app.database import (
    NO_LOG,
    borrowed_engine,
    borrowed_main_engine,
    create_file,
)
from survey_app.distribution import NoDistribution, broken_on_nodes, distribute
from survey_app.domain.ground.broken_promises import BrokenPromise
from survey_app.domain.ground.marked import message
from survey_app.migrate import migrate, migrate_ballots
from survey_app.moving.claim import (
    claim,
    held,
    is_sqlite_file,
    is_there,
    release,
)
from survey_app.moving.copy_tables import copy_tables, differing
from survey_app.moving.refused import OfficeStays
from survey_app.settings import Settings

EVERY = 100_000
"""Rows after which a long table says how far it is."""


@dataclass(frozen=True, slots=True)
class Removal:
    """One of an office's two databases, and where it goes."""

    source: Engine
    target: Engine
    metadata: MetaData
    make: Callable[[Engine], None]


LAZY = {"check": ("survey_app.cli.check:check", CHECKING)}


class _Databases(LazyGroup):
    lazy = LAZY


@click.group(cls=_Databases)
def database() -> None:
    """Take an office to another database, spread it, or look through it."""


@database.command()
@click.option("--from", "source", required=True, help="Address of the main database.")
@click.option("--to", "target", required=True, help="An empty database for it.")
@click.option("--ballots-from", default="", help="By default beside a SQLite file.")
@click.option("--ballots-to", default="", help="An empty database for the ballots.")
def move(source: str, target: str, ballots_from: str, ballots_to: str) -> None:
    """Take an office from one database to another, SQLite to PostgreSQL or back.

    The server must be stopped, and SURVEY_SECRET_KEY be the one it runs with. Every
    table is copied, in batches; then counts and contents are compared table by table,
    and `survey check` looks through what is there. The source is not changed. Called
    again after an interruption, it goes on; it never writes into a database that holds
    another office. The folder of the ballots' secrets stays where it is.
    """
    settings = Settings.from_environment({**os.environ, "SURVEY_DATABASE_URL": source})
    settings = replace(settings, ballot_database_url=ballots_from)
    there = replace(settings, database_url=target, ballot_database_url=ballots_to)
    try:
        with _removals(settings, there) as removals, ExitStack() as shut:
            # Both are shut until both are copied: they are one office.
            sources = [shut.enter_context(held(one.source)) for one in removals]
            for source_held, removal in zip(sources, removals, strict=True):
                _move(source_held, removal)
        _say_what_fits(settings, there)
    except OfficeStays as why:
        raise Stopped(told(why.text, **why.gaps)) from why
    except DBAPIError as fault:
        raise Stopped(type(fault.orig).__name__) from fault
    _say_settings(settings, there)


@database.command("distribute")
@click.option("--shards", default=32, show_default=True, help="Pieces of each table.")
def distribute_tables(shards: int) -> None:
    """Spread what grows with the answers over the nodes of PostgreSQL with Citus.

    Only answers, receipts, comments, turnout and the gates of surveys are spread, side
    by side; everything else stays on the coordinator. Every node must be set so that it
    shows and logs no statement. Called again, it spreads what is not spread yet.
    """
    with borrowed_main_engine(Settings.from_environment(os.environ)) as engine:
        try:
            with engine.connect() as connection:
                for broken in broken_on_nodes(connection):
                    raise Stopped(" ".join(broken.say(translate())))
            for table in distribute(engine, shards):
                click.echo(table)
        except NoDistribution:
            raise refused(
                message("This database is not PostgreSQL with Citus; nothing was done.")
            ) from None
        except DBAPIError as fault:
            raise Stopped(type(fault.orig).__name__) from fault
    say(message("Set SURVEY_SLOTS to as many before the next survey opens."))


@contextmanager
def _removals(settings: Settings, there: Settings) -> Iterator[list[Removal]]:
    """Give what is to be moved; end with one line where something is missing."""
    with (
        borrowed_main_engine(settings) as source,
        borrowed_main_engine(there) as target,
    ):
        create_file(target)
        main = Removal(source, target, metadata, migrate)
        if not _has_ballots(settings):
            yield [main]
            return
        if not there.ballot_database_url:
            raise refused(message("Name a database for the ballots: --ballots-to."))
        with (
            borrowed_engine(settings.ballots_at, journal=NO_LOG) as boxes,
            borrowed_engine(there.ballots_at, journal=NO_LOG) as there_boxes,
        ):
            create_file(there_boxes)
            for broken in broken_promises(there_boxes, secrets_folder=None):
                if broken is not BrokenPromise.NO_SECRETS_FOLDER:
                    raise Stopped(" ".join(broken.say(translate())))
            yield [main, Removal(boxes, there_boxes, ballot_metadata, migrate_ballots)]


def _has_ballots(settings: Settings) -> bool:
    """Return whether there is a ballot database; of SQLite, whether there is a file."""
    at = settings.ballots_at
    return bool(settings.ballot_database_url) or is_sqlite_file(at)


def _move(source: Connection, removal: Removal) -> None:
    """Copy one database, unless it was copied before, and compare."""
    if is_there(source, removal.target, removal.metadata):
        say(message("Everything is there already."))
        return
    claim(source, removal.target, removal.metadata, removal.make)
    copy_tables(source, removal.target, removal.metadata, _say_progress)
    for name in differing(source, removal.target, removal.metadata):
        raise OfficeStays(
            message("%(table)s is not what it was. Move once more."), table=name
        )
    release(removal.target)


def _say_progress(table: str, done: int, whole: int) -> None:
    if done == whole or done % EVERY == 0:
        click.echo(f"{table}  {done}/{whole}")


def _say_what_fits(settings: Settings, there: Settings) -> None:
    """Look through what is there; end with status 1 where it does not fit together."""
    found = _findings(there)
    for one in found:
        click.echo(finding_line(one))
    if found and found != _findings(settings):
        raise refused(message("This was in order before. Do not use the new database."))


def _findings(settings: Settings) -> list[Finding]:
    with borrowed_main_engine(settings) as engine:
        if not _has_ballots(settings):
            return list(findings(engine, None))
        with borrowed_engine(settings.ballots_at, journal=NO_LOG) as ballots:
            return list(findings(engine, ballots))


def _say_settings(settings: Settings, there: Settings) -> None:
    """Print what to write into the settings, and what stays where it is."""
    say(message("Everything is there: the same rows, and they fit together. Set:"))
    click.echo(f"SURVEY_DATABASE_URL={there.database_url}")
    if _has_ballots(settings):
        click.echo(f"SURVEY_BALLOT_DATABASE_URL={there.ballots_at}")
        click.echo(f"SURVEY_BALLOT_SECRETS={settings.secrets_folder or ''}")
        say(
            message(
                "The folder of the ballots' secrets stays where it is, in no database."
                " With several machines all of them need the same folder."
            )
        )
    say(
        message(
            "Keep the old database as a backup, as carefully as before, and never start"
            " a server on it again."
        )
    )
