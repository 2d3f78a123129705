"""What the terminal says and asks, in its language and with nothing but Python."""

import getpass
import os
import secrets
import sys
from pathlib import Path

from survey_app.cli.language import translate
from survey_app.domain.ground.marked import message


class Stopped(Exception):  # noqa: N818 -- says what happened
    """A verb ends here, with one line that says why and what to do."""


def told(text: str, **gaps: object) -> str:
    """Return the text in the language of the terminal, its gaps filled."""
    return translate()(text) % gaps


def say(text: str, **gaps: object) -> None:
    """Print the text in the language of the terminal."""
    print(told(text, **gaps))  # noqa: T201 -- this is what prints


def refused(text: str, **gaps: object) -> Stopped:
    """Return what ends a verb with one line, in the language of the terminal."""
    return Stopped(told(text, **gaps))


def secret_asked(text: str, **gaps: object) -> str:
    """Return what somebody types unseen; raises Stopped where nobody does."""
    shown = told(text, **gaps) + ": "
    if sys.stdin.isatty():
        try:
            return getpass.getpass(shown)
        except EOFError:
            raise refused(message("Stopped; nothing more was done.")) from None
    print(shown)  # noqa: T201 -- what is piped in is not shown
    return _line()


def new_secret_asked(text: str, **gaps: object) -> str:
    """Return what somebody types twice alike, unseen."""
    while True:
        first = secret_asked(text, **gaps)
        if first == secret_asked(message("The same once more")):
            return first
        say(message("These two differ. Once more, from the beginning."))


def agreed(text: str, **gaps: object) -> None:
    """Return once somebody says yes; raises Stopped for any other answer."""
    print(told(text, **gaps), end=" [y/N]: ", flush=True)  # noqa: T201 -- a question
    if _line().strip().lower() not in {"y", "yes", "是"}:
        raise refused(message("Stopped; nothing more was done."))


def _line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise refused(message("Stopped; nothing more was done."))
    return line.removesuffix("\n").removesuffix("\r")


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
        raise Stopped(f"{file.name}: {error.strerror}") from None


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
        raise Stopped(f"{file}: {error.strerror}") from None


def destroy(file: Path) -> None:
    """Overwrite and remove a file; what the disk copied elsewhere stays there."""
    try:
        with file.open("r+b") as kept:
            kept.write(secrets.token_bytes(file.stat().st_size))
            kept.flush()
            os.fsync(kept.fileno())
        file.unlink()
    except OSError as error:
        raise Stopped(f"{file}: {error.strerror}") from None
