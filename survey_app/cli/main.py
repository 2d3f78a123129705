"""The same verbs from a terminal: `survey …`."""

import os
from pathlib import Path

import click

from survey_app.cli.file_words import say_faults
from survey_app.cli.language import CHINESE, ENGLISH, SPOKEN, translate
from survey_app.cli.lazy import LazyGroup
from survey_app.cli.told import Stopped, told
from survey_app.domain.ground.file_faults import FileRefused
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import Refusal
from survey_app.settings import SettingsError

EXAMPLE = Path(__file__).parents[1] / "example.env"
LAZY = {
    "account": ("survey_app.cli.tables:account", "Make accounts of the office."),
    "backup": (
        "survey_app.cli.backup:backup",
        "Copy the office into the new FOLDER, while it runs.",
    ),
    "ballots": (
        "survey_app.cli.ballots:ballots",
        "Export, decrypt, count and verify a secret ballot.",
    ),
    "check": (
        "survey_app.cli.check:check",
        "Look through both databases and name everything that does not fit together.",
    ),
    "database": (
        "survey_app.cli.database:database",
        "Take an office to another database, spread it, or look through it.",
    ),
    "demo": (
        "survey_app.cli.serving:demo",
        "Build the demo county, or reuse the one that is there.",
    ),
    "disclose": (
        "survey_app.cli.disclose:disclose",
        "Look for what could give few people away.",
    ),
    "keys": (
        "survey_app.cli.ballots:keys",
        "Make, show and destroy the key of a key holder.",
    ),
    "migrate": (
        "survey_app.cli.tables:migrate",
        "Bring the databases of the settings to the newest tables.",
    ),
    "questionnaire": (
        "survey_app.cli.rules:questionnaire",
        "Check a questionnaire file.",
    ),
    "record": (
        "survey_app.cli.record:record",
        "Look through the record of all acts of the office.",
    ),
    "recount": (
        "survey_app.cli.check:recount",
        "Make the turnout of the open SURVEY anew from its answers.",
    ),
    "restore": (
        "survey_app.cli.backup:restore",
        "Make the databases of the settings from the backup in FOLDER, and check them.",
    ),
    "scheme": ("survey_app.cli.rules:scheme", "Check a scheme file."),
    "score": (
        "survey_app.cli.rules:score",
        "Try SCHEME on the counts in INPUT.json and print the score sheet as JSON.",
    ),
    "serve": (
        "survey_app.cli.serving:serve",
        "Serve with the settings of the environment until Ctrl-C.",
    ),
    "sheets": (
        "survey_app.cli.check:sheets",
        "Work out every score sheet anew, and keep it.",
    ),
    "tally": (
        "survey_app.cli.check:tally",
        "Compare counters with answers.",
    ),
    "work": (
        "survey_app.cli.serving:work",
        "Work jobs off, on a further machine beside `survey serve`.",
    ),
}
"""Where the verbs live; each is loaded when it is called."""


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
            # All words of all refusals: asking for help must not wait for them.
            from survey_app.refusing.table import in_terminal  # noqa: PLC0415

            click.echo(in_terminal(refused, translate()), err=True)
        except SettingsError as error:
            see = told(message("`survey settings` lists them all."))
            click.echo(f"{error}. {see}", err=True)
        except Stopped as stopped:
            click.echo(told(message("Error: %(what)s"), what=stopped), err=True)
        except click.ClickException as error:
            said = told(message("Error: %(what)s"), what=error.format_message())
            click.echo(said, err=True)
            raise SystemExit(error.exit_code) from None
        raise SystemExit(1)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--language",
    type=click.Choice([CHINESE, ENGLISH]),
    expose_value=False,
    is_eager=True,
    callback=lambda _context, _option, value: SPOKEN.set(value or ""),
    help="In which refusals are told; by default SURVEY_LANGUAGE, or the system's.",
)
def main() -> None:
    """Citizens and subordinates judge those who govern them, safely."""
    os.umask(0o077)  # what a verb writes is for its user alone


@main.command()
def settings() -> None:
    """Print every setting with its default, as a file to fill in."""
    click.echo(EXAMPLE.read_text("utf-8"), nl=False)
