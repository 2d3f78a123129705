"""What the terminal says of a file: faults, warnings, or that it is in order."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import click

from survey_app.cli.language import translate
from survey_app.domain.ground.fault_words import fault_in_words
from survey_app.domain.ground.file_faults import Fault, FileRefused
from survey_app.domain.ground.marked import message


def told(text: str, **gaps: object) -> str:
    """Return the text in the language of the terminal, its gaps filled."""
    return translate()(text) % gaps


def refused(text: str, **gaps: object) -> click.ClickException:
    """Return what ends a verb with one line, in the language of the terminal."""
    return click.ClickException(told(text, **gaps))


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


THERE_ALREADY = message(
    "%(file)s is there already; name another place or move it away."
)


def text_in(file: Path) -> str:
    """Return the file's text, or end with one line that says what to do."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise refused(
            message("%(file)s: this is no text in UTF-8."), file=file.name
        ) from None
    except OSError as error:
        raise click.ClickException(f"{file.name}: {error.strerror}") from None


def refuse_existing(*files: Path) -> None:
    """End with one line if one of the files is there already."""
    for file in files:
        if file.exists():
            raise refused(
                THERE_ALREADY,
                file=file,
            )


def write_new(file: Path, text: str) -> None:
    """Write a file that only its owner reads and that was not there before."""
    refuse_existing(file)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as made:
            made.write(text)
            made.flush()
            os.fsync(made.fileno())
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None


def destroy(file: Path) -> None:
    """Overwrite and remove a file; what the disk copied elsewhere stays there."""
    try:
        with file.open("r+b") as kept:
            kept.write(secrets.token_bytes(file.stat().st_size))
            kept.flush()
            os.fsync(kept.fileno())
        file.unlink()
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
