"""Files the terminal reads and writes: never over another one, for nobody else."""

import os
import secrets
from pathlib import Path

import click

from survey_app.cli.told import refused
from survey_app.marked import message

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
