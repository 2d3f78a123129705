"""The same verbs from a terminal: `survey …`."""

import json
import os
from pathlib import Path

import click

from survey_app.cli.language import LANGUAGE, translate
from survey_app.cli.lazy import LazyGroup
from survey_app.cli.told import say_faults, say_in_order, say_warnings, told
from survey_app.cli.translations_of import translations_of
from survey_app.cli.trial.score_json import read_score_input, score_output
from survey_app.domain.ground.file_faults import (
    FileRefused,
    QuestionnaireRefused,
    SchemeRefused,
    ScoreInputRefused,
)
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import Refusal
from survey_app.domain.ground.wording import say
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.scheme import Post, Scheme
from survey_app.domain.scheme.scheme_checks import fit_faults
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scheme.scheme_warnings import scheme_warnings
from survey_app.refusing.table import in_terminal
from survey_app.settings import SettingsError
from survey_app.shipped_files import (
    SCHEMES,
    keys_in,
    refuse_other_name,
    shipped_questionnaires,
    shipped_scheme,
    text_of,
)

LAZY = {
    "account": ("survey_app.cli.tables:account", "Make accounts of the office."),
    "ballots": (
        "survey_app.cli.ballots:ballots",
        "Export, open, count and verify a secret ballot.",
    ),
    "check": (
        "survey_app.cli.check:check",
        "Look through both databases and name everything that does not fit together.",
    ),
    "demo": (
        "survey_app.cli.serving:demo",
        "Build the demo county, or reuse the one that is there.",
    ),
    "disclose": (
        "survey_app.cli.disclose:disclose",
        "Look for what could give few people away.",
    ),
    "keys": ("survey_app.cli.keys:keys", "Make and destroy the key of a key holder."),
    "migrate": (
        "survey_app.cli.tables:migrate",
        "Bring the databases of the settings to the newest tables.",
    ),
    "recount": (
        "survey_app.cli.check:recount",
        "Make the counters of the open SURVEY anew from its answers.",
    ),
    "serve": (
        "survey_app.cli.serving:serve",
        "Serve with the settings of the environment until Ctrl-C.",
    ),
}
"""Where the verbs live that need a database, a server or cryptography."""


class Verbs(LazyGroup):
    """A group whose refusals and missing settings end in one line each, not a trace."""

    lazy = LAZY

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; say what is wrong and leave with status 1 where it refuses."""
        try:
            return super().invoke(ctx)
        except FileRefused as refused:
            say_faults(refused)
        except Refusal as refused:
            click.echo(in_terminal(refused, translate()), err=True)
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
    faults = fit_faults(read, known)
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


def _scheme(named: Path) -> Scheme:
    """Return the scheme of this file, or the shipped one with this key."""
    if not named.exists() and str(named) in keys_in(SCHEMES):
        return shipped_scheme(str(named))
    return read_scheme(text_of(named, SchemeRefused), file=named.name)
