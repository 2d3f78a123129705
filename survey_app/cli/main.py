"""The same verbs from a terminal: `survey …`."""

import json
import os
from pathlib import Path

import click

from survey_app.cli.lazy import LazyGroup
from survey_app.cli.refused import sentence
from survey_app.domain.file_faults import FileRefused, SchemeRefused
from survey_app.domain.files.questionnaire_file import read_questionnaire
from survey_app.domain.files.scheme_file import read_scheme
from survey_app.domain.files.scheme_fit import misfits
from survey_app.domain.refusals import (
    Refusal,
)
from survey_app.domain.scheme import Post, Scheme
from survey_app.domain.scoring.components import every_component
from survey_app.domain.scoring.score_json import read_score_input, score_output
from survey_app.settings import SettingsError
from survey_app.shipped_files import (
    SCHEMES,
    keys_in,
    shipped_questionnaires,
    shipped_scheme,
)
from survey_app.translations_of import translations_of
from survey_app.wording import say

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
