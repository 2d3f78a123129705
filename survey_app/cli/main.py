"""The same verbs from a terminal: `survey …`."""

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from survey_app.cli.ballots import ballots
from survey_app.cli.disclose import disclose
from survey_app.cli.keys import keys
from survey_app.cli.language import LANGUAGE, translate
from survey_app.cli.refused import sentence
from survey_app.cli.told import say_faults, say_in_order, say_warnings, told
from survey_app.database import NO_LOG, borrowed_engine, writing
from survey_app.demo.greeting import DemoProgress, greeting
from survey_app.demo.stand import FOLDER, invite, settle
from survey_app.domain.files.questionnaire_file import read_questionnaire
from survey_app.domain.files.scheme_file import read_scheme
from survey_app.domain.files.scheme_fit import misfits
from survey_app.domain.files.scheme_warnings import scheme_warnings
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.refusals import (
    FileRefused,
    QuestionnaireRefused,
    Refusal,
    SchemeRefused,
    ScoreInputRefused,
)
from survey_app.domain.scheme import Post, Scheme
from survey_app.domain.scoring.score_json import read_score_input, score_output
from survey_app.migrate import migrate as apply_migrations
from survey_app.migrate import migrate_ballots
from survey_app.models.account import MANAGER, ROLES
from survey_app.server import serve as become_server
from survey_app.services.make_account import make_account
from survey_app.services.settle_plans import settle_plans
from survey_app.settings import Settings, SettingsError
from survey_app.shipped_files import (
    SCHEMES,
    keys_in,
    refuse_other_name,
    shipped_questionnaires,
    shipped_scheme,
    text_of,
)
from survey_app.translations_of import translations_of
from survey_app.wording import message, say


class Verbs(click.Group):
    """A group whose refusals and missing settings end in one line each, not a trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; say what is wrong and leave with status 1 where it refuses."""
        try:
            return super().invoke(ctx)
        except FileRefused as refused:
            say_faults(refused)
        except Refusal as refused:
            click.echo(sentence(refused, translate()), err=True)
        except SettingsError as error:
            see = told(message("See %(file)s."), file="config/example.env")
            click.echo(f"{error}. {see}", err=True)
        except click.ClickException as error:
            said = told(message("Error: %(what)s"), what=error.format_message())
            click.echo(said, err=True)
            raise SystemExit(error.exit_code) from None
        raise SystemExit(1)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@LANGUAGE
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


FILE = click.argument("file", type=click.Path(path_type=Path))


@scheme.command("check")
@FILE
def check_scheme(file: Path) -> None:
    """Read FILE as a scheme; name every fault at once.

    It is held against its questionnaires, those in config/questionnaires and those that
    lie beside it or in a folder "questionnaires" next to its own.
    """
    read = read_scheme(text_of(file, SchemeRefused), file=file.name)
    refuse_other_name(file, read.key, SchemeRefused)
    known = _questionnaires_near(file)
    faults = misfits(read, known)
    if faults:
        raise SchemeRefused(file.name, faults)
    say_warnings(file.name, scheme_warnings(read, known))
    say_in_order(file.name, read.fingerprint)


def _questionnaires_near(file: Path) -> dict[str, Questionnaire]:
    """Return the questionnaires a scheme file can mean, the nearest first."""
    folder = file.resolve().parent
    near = (folder.parent / "questionnaires", folder)
    found = dict(shipped_questionnaires())
    for place in near:
        found |= shipped_questionnaires(folder=place)
    return found


@main.group()
def questionnaire() -> None:
    """Check a questionnaire file."""


@questionnaire.command("check")
@FILE
def check_questionnaire(file: Path) -> None:
    """Read FILE as a questionnaire; name every fault at once."""
    text = text_of(file, QuestionnaireRefused)
    read = read_questionnaire(text, file=file.name)
    refuse_other_name(file, read.key, QuestionnaireRefused)
    say_in_order(file.name, read.fingerprint)


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
    evidence = read_score_input(
        text_of(input_file, ScoreInputRefused), file=input_file.name, scheme=rules
    )
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
    return read_scheme(text_of(named, SchemeRefused), file=named.name)
