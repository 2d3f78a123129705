"""`survey migrate`, `survey account …`: the databases of the settings, made ready."""

import os
from collections.abc import Callable

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.give_roles import give_roles
from survey_app.accounts.lost_phone import take_away
from survey_app.accounts.make_account import confirm_owner, make_account
from survey_app.accounts.permissions import KEEPER, ROLES, Grant, exclusions, limited
from survey_app.accounts.record import note
from survey_app.accounts.tables import Account
from survey_app.analytics.kept.closing import ask_for_lists
from survey_app.appraisal.scope import subject_called, unit_called
from survey_app.cli.acting import acting_engine
from survey_app.database import NO_LOG, borrowed_engine, borrowed_main_engine, writing
from survey_app.domain.ground.clean_text import clean_name
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


def _held(command: Callable[..., None]) -> Callable[..., None]:
    """Add what says which roles an account holds, and where."""
    for option in (
        click.option("--person", default="", help="Code of who the appraised is."),
        click.option("--unit", default="", help="Code of the unit it is limited to."),
        click.option("--role", multiple=True, type=click.Choice(list(ROLES))),
    ):
        command = option(command)
    return command


@account.command("make")
@click.argument("name")
@click.option("--real-name", default="", help="The person, as papers name them.")
@_held
def make_an_account(
    name: str, real_name: str, role: tuple[str, ...], unit: str, person: str
) -> None:
    """Make the account NAME and print its password, once."""
    settings = Settings.from_environment(os.environ)
    with (
        acting_engine("account-make", settings) as engine,
        Session(writing(engine)) as session,
    ):
        roles = _roles(session, role or (KEEPER,), unit, person)
        password = make_account(
            session,
            name,
            roles=roles,
            real_name=clean_name(real_name),
            excluded=exclusions(settings.excluded_roles),
        )
    click.echo(f"{name}  {password}")


@account.command("give")
@click.argument("name")
@_held
def give_an_account(name: str, role: tuple[str, ...], unit: str, person: str) -> None:
    """Let the account NAME hold these roles and no others."""
    settings = Settings.from_environment(os.environ)
    with borrowed_main_engine(settings) as engine, Session(writing(engine)) as session:
        roles = _roles(session, role, unit, person)
        found = _number_of(session, name)
        give_roles(session, found, roles, excluded=exclusions(settings.excluded_roles))
    click.echo(f"{name}: {', '.join(role) or 'no role'}")


def _roles(
    session: Session, role: tuple[str, ...], unit: str, person: str
) -> tuple[Grant, ...]:
    """Return the roles; raises ClickException for a code that nothing has."""
    unit_id = unit_called(session, unit) if unit else None
    subject_id = subject_called(session, person) if person else None
    if (unit and unit_id is None) or (person and subject_id is None):
        raise click.ClickException("Nothing has this code in the roster.")
    session.rollback()
    return limited(role, unit_id=unit_id, subject_id=subject_id)


def _number_of(session: Session, name: str) -> int:
    """Return the account's number; raises ClickException where there is none."""
    found = session.scalar(select(Account.id).where(Account.username == name))
    if found is None:
        raise click.ClickException("There is no account with this name.")
    session.rollback()
    return found


@account.command("confirm")
@click.argument("name")
def confirm_an_owner(name: str) -> None:
    """Confirm that NAME belongs to a person of their own, who chose the password."""
    with (
        acting_engine("account-confirm") as engine,
        Session(writing(engine)) as session,
    ):
        confirm_owner(session, _number_of(session, name))
    click.echo(f"{name}: confirmed")


@account.command("reset-code")
@click.argument("name")
def reset_a_second_factor(name: str) -> None:
    """Take the second factor of NAME away: its phone and its recovery codes are lost.

    Whoever types this has seen the owner, who sets up a new one at the next sign-in.
    """
    with (
        acting_engine("account-reset-code") as engine,
        Session(writing(engine)) as session,
    ):
        found = session.scalar(select(Account.id).where(Account.username == name))
        if found is None:
            raise click.ClickException("There is no account with this name.")
        session.rollback()
        note(session, "account-reset-code", about=f"account:{found}")
        take_away(session, found)
    click.echo(f"{name}: no second factor")
