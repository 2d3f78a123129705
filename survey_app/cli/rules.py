"""`survey scheme`, `survey questionnaire`, `survey score`: rules tried before use."""

import json
import os
from contextlib import suppress
from pathlib import Path

import click

from survey_app.cli.file_words import say_in_order, say_warnings
from survey_app.cli.translations_of import translations_of
from survey_app.domain.ground.file_faults import (
    SchemeRefused,
    ScoreInputRefused,
)
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.ground.wording import say
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Post, Scheme
from survey_app.domain.scheme.scheme_checks import fit_faults
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scheme.scheme_warnings import scheme_warnings
from survey_app.domain.trial.score_json import read_score_input, score_output
from survey_app.shipped_files import (
    OWN,
    RuleFiles,
    checked_questionnaire,
    checked_scheme,
    questionnaires_in,
    text_of,
)


@click.group()
def scheme() -> None:
    """Check a scheme file."""


FILE = click.argument("file", type=click.Path(path_type=Path))


@scheme.command("check")
@FILE
def check_scheme(file: Path) -> None:
    """Read FILE as a scheme; name every fault at once.

    It is held against its questionnaires: those that come with the platform, those in
    SURVEY_RULES, and those that lie beside it or in a folder "questionnaires" next to
    its own.
    """
    read = checked_scheme(file)
    known = _questionnaires_near(file)
    faults = fit_faults(read, known)
    if faults:
        raise SchemeRefused(file.name, faults)
    say_warnings(file.name, scheme_warnings(read, known))
    say_in_order(file.name, read.fingerprint)


def _questionnaires_near(file: Path) -> dict[str, Questionnaire]:
    """Return the questionnaires a scheme file can mean, the nearest first."""
    folder = file.resolve().parent
    found = dict(_known().questionnaires.usable)
    for place in (folder.parent / "questionnaires", folder):
        found |= questionnaires_in(place)
    return found


def _known() -> RuleFiles:
    """Return the files that come with the platform and those of SURVEY_RULES."""
    return RuleFiles.of(os.environ.get(OWN, ""))


@click.group()
def questionnaire() -> None:
    """Check a questionnaire file."""


@questionnaire.command("check")
@FILE
def check_questionnaire(file: Path) -> None:
    """Read FILE as a questionnaire; name every fault at once."""
    read = checked_questionnaire(file)
    say_in_order(file.name, read.fingerprint)


@click.command()
@click.argument("scheme_file", metavar="SCHEME", type=click.Path(path_type=Path))
@click.argument("input_file", metavar="INPUT.json", type=click.Path(path_type=Path))
@click.option("--post", type=click.Choice(["principal", "deputy"]), default="principal")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh")
def score(scheme_file: Path, input_file: Path, post: str, lang: str) -> None:
    """Try SCHEME on the counts in INPUT.json and print the score sheet as JSON.

    SCHEME is a file, or the key of a scheme that is there.
    """
    rules, questionnaires = _scheme(scheme_file), _known().questionnaires.usable
    evidence = read_score_input(
        text_of(input_file, ScoreInputRefused),
        file=input_file.name,
        scheme=rules,
        sheets_ask=questionnaires,
    )
    translate = translations_of(lang)
    output = score_output(
        rules,
        evidence,
        post=Post(post),
        questionnaires=questionnaires,
        say=lambda remark: say(remark, translate, lang),
        language=lang,
    )
    click.echo(json.dumps(output, ensure_ascii=False, indent=2))


def _scheme(named: Path) -> Scheme:
    """Return the scheme of this file, or the one with this key."""
    if not named.exists():
        with suppress(NotFound):
            return _known().scheme(str(named))
    return read_scheme(text_of(named, SchemeRefused), file=named.name)
