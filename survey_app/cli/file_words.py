"""What the terminal says of a file: faults, warnings, or that it is in order."""

from collections.abc import Iterable

import click

from survey_app.cli.language import translate
from survey_app.cli.told import told
from survey_app.domain.ground.fault_words import fault_in_words
from survey_app.domain.ground.file_faults import Fault, FileRefused
from survey_app.domain.ground.marked import message


def say_faults(file: FileRefused) -> None:
    """Print every fault of a refused file on a line of its own."""
    for fault in file.faults:
        click.echo(f"{file.file}: {fault_in_words(fault, translate())}", err=True)


def say_warnings(file: str, warnings: Iterable[Fault]) -> None:
    """Print what looks wrong in a file that can be used."""
    mark = told(message("warning"))
    for fault in warnings:
        said = fault_in_words(fault, translate())
        click.echo(f"{file}: {mark}: {said}", err=True)


def say_in_order(file: str, fingerprint: str) -> None:
    """Print that the file can be used."""
    said = told(
        message("%(file)s: in order. Fingerprint %(fingerprint)s"),
        file=file,
        fingerprint=fingerprint,
    )
    click.echo(said)
