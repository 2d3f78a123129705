"""`survey migrate`, `survey account …`: the databases of the settings, made ready."""

import os

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import confirm_owner, make_account
from survey_app.accounts.tables import MANAGER, ROLES, Account
from survey_app.analytics.kept.closing import ask_for_lists
from survey_app.database import NO_LOG, borrowed_engine, borrowed_main_engine, writing
from survey_app.migrate import migrate as apply_migrations
from survey_app.migrate import migrate_ballots
from survey_app.settings import Settings
from survey_app.survey.publication import settle_plans


@click.command()
def migrate() -> None:
    """Bring the databases of the settings to the newest tables."""
    settings = Settings.from_environment(os.environ)
    with borrowed_main_engine(settings) as engine:
        apply_migrations(engine)
        with Session(writing(engine)) as session:
            settle_plans(session)
            ask_for_lists(session)
    if settings.ballots_at:
        with borrowed_engine(settings.ballots_at, journal=NO_LOG) as box_engine:
            migrate_ballots(box_engine)
    click.echo("The tables are up to date.")


@click.group()
def account() -> None:
    """Make accounts of the office."""


@account.command("make")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default=MANAGER, show_default=True)
def make_an_account(name: str, role: str) -> None:
    """Make the account NAME and print its password, once."""
    with (
        borrowed_main_engine(Settings.from_environment(os.environ)) as engine,
        Session(writing(engine)) as session,
    ):
        password = make_account(session, name, role=role)
    click.echo(f"{name}  {password}")


@account.command("confirm")
@click.argument("name")
def confirm_an_owner(name: str) -> None:
    """Confirm that NAME belongs to a person of their own, who chose the password."""
    with (
        borrowed_main_engine(Settings.from_environment(os.environ)) as engine,
        Session(writing(engine)) as session,
    ):
        found = session.scalar(select(Account.id).where(Account.username == name))
        if found is None:
            raise click.ClickException("There is no account with this name.")
        session.rollback()
        confirm_owner(session, found)
    click.echo(f"{name}: confirmed")
