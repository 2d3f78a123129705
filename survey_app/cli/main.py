"""The same verbs from a terminal: `survey …`."""

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.cli.ballots import ballots
from survey_app.cli.disclose import disclose
from survey_app.cli.keys import keys
from survey_app.cli.refused import sentence
from survey_app.database import NO_LOG, borrowed_engine, writing
from survey_app.demo.greeting import DemoProgress, greeting
from survey_app.demo.stand import FOLDER, invite, settle
from survey_app.domain.files.questionnaire_file import read_questionnaire
from survey_app.domain.files.scheme_file import read_scheme
from survey_app.domain.files.scheme_fit import misfits
from survey_app.domain.refusals import FileRefused, Refusal, SchemeRefused
from survey_app.domain.scheme import Post, Scheme
from survey_app.domain.scoring.components import every_component
from survey_app.domain.scoring.score_json import read_score_input, score_output
from survey_app.migrate import migrate as apply_migrations
from survey_app.migrate import migrate_ballots
from survey_app.models.account import MANAGER, ROLES, Account
from survey_app.server import serve as become_server
from survey_app.services.confirm_owner import confirm_owner
from survey_app.services.make_account import make_account
from survey_app.services.settle_plans import settle_plans
from survey_app.settings import Settings, SettingsError
from survey_app.shipped_files import (
    SCHEMES,
    keys_in,
    shipped_questionnaires,
    shipped_scheme,
)
from survey_app.translations_of import translations_of
from survey_app.wording import say


class Verbs(click.Group):
    """A group whose refusals and missing settings end in one line each, not a trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; say what is wrong and leave with status 1 where it refuses."""
        try:
            return super().invoke(ctx)
        except FileRefused as refused:
            for fault in refused.faults:
                click.echo(f"{refused.file}: {fault}", err=True)
        except Refusal as refused:
            click.echo(sentence(refused), err=True)
        except SettingsError as error:
            click.echo(f"{error}. See config/example.env.", err=True)
        raise SystemExit(1)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Citizens and subordinates judge those who govern them, safely."""
    os.umask(0o077)  # what a verb writes is for its user alone


main.add_command(ballots)
main.add_command(disclose)
main.add_command(keys)


@main.command()
def migrate() -> None:
    """Bring the databases of the settings to the newest tables."""
    settings = _settings()
    with borrowed_engine(settings.database_url) as engine:
        apply_migrations(engine)
        with Session(writing(engine)) as session:
            settle_plans(session)
    if settings.ballots_at:
        with borrowed_engine(settings.ballots_at, journal=NO_LOG) as box_engine:
            migrate_ballots(box_engine)
    click.echo("The tables are up to date.")


@main.group()
def scheme() -> None:
    """Check a scheme file."""


FILE = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@scheme.command("check")
@FILE
def check_scheme(file: Path) -> None:
    """Read FILE as a scheme; name every fault at once."""
    read = read_scheme(_text(file), file=file.name)
    _compare(read, file.name)
    click.echo(f"{file.name}: in order. Fingerprint {read.fingerprint}")


def _compare(read: Scheme, file: str) -> None:
    """Refuse what does not fit the questionnaires that come with the platform."""
    known = shipped_questionnaires()
    inside = every_component(read.components)
    needed = {each.survey.questionnaire for each in inside if each.survey}
    strange = sorted(needed - known.keys())
    if strange:
        click.echo(f"{file}: not compared with its questionnaire {', '.join(strange)}")
    elif faults := misfits(read, known):
        raise SchemeRefused(file, faults)


@main.group()
def questionnaire() -> None:
    """Check a questionnaire file."""


@questionnaire.command("check")
@FILE
def check_questionnaire(file: Path) -> None:
    """Read FILE as a questionnaire; name every fault at once."""
    read = read_questionnaire(_text(file), file=file.name)
    click.echo(f"{file.name}: in order. Fingerprint {read.fingerprint}")


@main.command()
@click.argument("scheme_file", metavar="SCHEME", type=click.Path(path_type=Path))
@click.argument("input_file", metavar="INPUT.json", type=click.Path(path_type=Path))
@click.option("--post", type=click.Choice(["principal", "deputy"]), default="principal")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh")
def score(scheme_file: Path, input_file: Path, post: str, lang: str) -> None:
    """Try SCHEME on the counts in INPUT.json and print the score sheet as JSON.

    SCHEME is a file, or the key of a scheme in config/schemes.
    """
    rules = _scheme(scheme_file)
    evidence = read_score_input(_text(input_file), file=input_file.name, scheme=rules)
    translate = translations_of(lang)
    output = score_output(
        rules,
        evidence,
        post=Post(post),
        questionnaires=shipped_questionnaires(),
        say=lambda remark: say(remark, translate, lang),
        language=lang,
    )
    click.echo(json.dumps(output, ensure_ascii=False, indent=2))


@main.group()
def account() -> None:
    """Make accounts of the office."""


@account.command("make")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default=MANAGER, show_default=True)
def make_an_account(name: str, role: str) -> None:
    """Make the account NAME and print its password, once."""
    with (
        borrowed_engine(_settings().database_url) as engine,
        Session(writing(engine)) as session,
    ):
        password = make_account(session, name, role=role)
    click.echo(f"{name}  {password}")


@account.command("confirm")
@click.argument("name")
def confirm_an_owner(name: str) -> None:
    """Confirm that NAME belongs to a person of their own, who chose the password."""
    with (
        borrowed_engine(_settings().database_url) as engine,
        Session(writing(engine)) as session,
    ):
        found = session.scalar(select(Account.id).where(Account.username == name))
        if found is None:
            raise click.ClickException("There is no account with this name.")
        session.rollback()
        confirm_owner(session, found)
    click.echo(f"{name}: confirmed")


@main.command()
def serve() -> None:
    """Serve with the settings of the environment until Ctrl-C."""
    become_server(_settings(), _bind())


@main.command()
@click.option("--serve", is_flag=True, help="Serve it until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print the addresses as JSON.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=FOLDER, help="Where it stands."
)
def demo(*, serve: bool, as_json: bool, folder: Path) -> None:
    """Build the demo county, or reuse the one that is there."""
    with DemoProgress() as progress:
        today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
        settings = settle(folder, os.environ, today=today, progress=progress.sent)
    invitation = invite(settings, folder)
    if as_json:
        click.echo(json.dumps(asdict(invitation)))
    else:
        click.echo(greeting(invitation))
    if serve:
        become_server(settings, _bind())


def _settings() -> Settings:
    return Settings.from_environment(os.environ)


def _bind() -> str:
    return os.environ.get("SURVEY_BIND", "127.0.0.1:8000")


def _scheme(named: Path) -> Scheme:
    """Return the scheme of this file, or the shipped one with this key."""
    if not named.exists() and str(named) in keys_in(SCHEMES):
        return shipped_scheme(str(named))
    return read_scheme(_text(named), file=named.name)


def _text(file: Path) -> str:
    """Return the file's text, or end with one line that says what to do."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file.name}: save it in UTF-8") from None
    except OSError as error:
        raise click.ClickException(f"{file.name}: {error.strerror}") from None
