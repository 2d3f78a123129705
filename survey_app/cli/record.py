"""`survey record …`: whether the record of acts is whole."""

import os
from pathlib import Path

import click

from survey_app.accounts import verify_record
from survey_app.accounts.record_anchor import SYSLOG, anchors
from survey_app.accounts.verify_record import RecordFault, verify
from survey_app.cli.told import say, text_in, told
from survey_app.database import borrowed_main_engine
from survey_app.domain.ground.marked import message
from survey_app.settings import Settings

MOST = 20
"""Faults that are named; of more the number."""
SAID = {
    verify_record.CHANGED: message("entry %(number)s was changed"),
    verify_record.MISSING: message("entry %(number)s is missing"),
    verify_record.LOOSE: message(
        "entry %(number)s does not follow the one before it: one of them was put there"
    ),
    verify_record.HEAD: message(
        "the end, entry %(number)s, is not what this server sealed, or its key is "
        "another one"
    ),
    verify_record.CUT: message("what followed entry %(number)s, or it, is cut off"),
    verify_record.ANCHOR: message(
        "entry %(number)s is not what was told of it elsewhere: the record was written "
        "anew"
    ),
}


@click.group()
def record() -> None:
    """Look through the record of all acts of the office."""


@record.command("verify")
@click.option(
    "--anchor",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A file or log with hashes that were told elsewhere.",
)
@click.option(
    "--paper",
    "papers",
    multiple=True,
    metavar="NUMBER:HASH",
    help="Number and hash as they are printed on a paper.",
)
def verify_all(files: tuple[Path, ...], papers: tuple[str, ...]) -> None:
    """Say whether the record is whole, and where not; ends with status 1 then.

    Changes nothing and may run beside the server. That its end was not cut off is
    proved by what was told elsewhere only: the file of SURVEY_RECORD_ANCHOR is read by
    itself, others are named with --anchor, printed hashes with --paper.
    """
    settings = Settings.from_environment(os.environ)
    own = settings.record_anchor
    if own and not own.startswith(SYSLOG) and Path(own).is_file():
        files = (Path(own), *files)
    lines = [line for file in files for line in text_in(file).splitlines()]
    lines += [f"record {paper.replace(':', ' ')}" for paper in papers]
    elsewhere = anchors(lines)
    with borrowed_main_engine(settings) as engine:
        found = verify(engine, elsewhere)
    _say_faults(found.faults)
    say(
        message("Entries: %(number)s. Newest hash: %(hash)s"),
        number=found.number,
        hash=found.hash,
    )
    if found.faults:
        raise SystemExit(1)
    if elsewhere:
        say(
            message("The record is whole, up to entry %(number)s as told elsewhere."),
            number=max(elsewhere),
        )
    else:
        say(
            message(
                "The record is whole in itself. Nothing told elsewhere was compared: "
                "name a file with --anchor or a printed hash with --paper."
            )
        )


def _say_faults(faults: tuple[RecordFault, ...]) -> None:
    for fault in faults[:MOST]:
        click.echo(told(SAID[fault.kind], number=fault.number))
    if len(faults) > MOST:
        say(message("and %(number)s more"), number=len(faults) - MOST)
