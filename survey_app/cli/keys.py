"""`survey keys …`: what each key holder does, on a machine of his own."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from survey_app.ballot.paper.head import SignedHead
from survey_app.ballot.sealing.export_checks import (
    holders_of,
    is_signed_by_server,
    signed_by,
)
from survey_app.ballot.sealing.keys import HolderKey, make_key, public_part, unlock
from survey_app.cli.language import translate
from survey_app.cli.told import destroy, refuse_existing, refused, text_in, write_new
from survey_app.domain.ground.frozen_text import TextRefused
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import KeyRefused
from survey_app.refusing.table import in_terminal

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
PASSPHRASE_FILE = click.option(
    "--passphrase-file",
    "passphrase_files",
    type=EXISTING,
    multiple=True,
    help="Read a passphrase from this file instead of asking; once for each key.",
)


@click.group()
def keys() -> None:
    """Make and destroy the key of a key holder."""


@keys.command("make")
@click.argument("holder")
@click.option("--to", "folder", type=FOLDER, required=True, help="Such as a stick.")
@PASSPHRASE_FILE
def make_a_key(holder: str, folder: Path, passphrase_files: tuple[Path, ...]) -> None:
    """Make the key of HOLDER: a private file to guard and a public file to hand in."""
    if Path(holder).name != holder:
        raise refused(message("The name of the holder becomes a file's name."))
    private, public = folder / f"{holder}.key.json", folder / f"{holder}.public.json"
    refuse_existing(private, public)
    said = _from_files(passphrase_files)
    passphrase = next(said, None) or click.prompt(
        f"New passphrase of {holder}", hide_input=True, confirmation_prompt=True
    )
    made = make_key(holder, passphrase)
    write_new(private, made.private_text)
    write_new(public, made.public.to_json() + "\n")
    click.echo(f"{private}: guard it; without it and its passphrase no ballot opens.")
    click.echo(f"{public}: hand it in.")
    click.echo(f"Fingerprint for the wall: {made.public.fingerprint}")


@keys.command("destroy")
@click.argument("file", type=EXISTING)
@click.option("--head", "head_file", type=EXISTING, required=True)
def destroy_a_key(file: Path, head_file: Path) -> None:
    """Destroy the key in FILE after the box it was made for has been opened."""
    public = public_part(text_in(file))
    signed = signed_head_in(head_file)
    names = {key.fingerprint: name for name, key in holders_of(signed.head)}
    if public.fingerprint not in names:
        raise KeyRefused("the survey of this head was not sealed to this key")
    if not signed_by(signed)[names[public.fingerprint]]:
        raise KeyRefused("this key has not signed the result, so the box is unopened")
    if not is_signed_by_server(signed):
        click.confirm(
            "The server has not signed that it took this result. If its file is lost, "
            "the ballots are lost with this key. Destroy it?",
            abort=True,
        )
    destroy(file)
    click.echo(minute_of(public.holder, public.fingerprint, signed))


def minute_of(holder: str, fingerprint: str, signed: SignedHead) -> str:
    """Return the line for the minute that says that a key is gone."""
    return (
        f"Destroyed: the key of {holder}, fingerprint {fingerprint}, "
        f"after the opening of “{signed.head.title}”, head {signed.head.fingerprint}.  "
        "Date: ____________  Signature: ____________"
    )


def signed_head_in(file: Path) -> SignedHead:
    """Return the head in a file, or end with one line that says what to do."""
    try:
        return SignedHead.from_json(text_in(file))
    except TextRefused as error:
        raise unreadable(file, error) from None


def unreadable(file: Path, error: TextRefused) -> click.ClickException:
    """Return what ends a verb with the paper that cannot be read, and why."""
    return click.ClickException(f"{file.name}: {in_terminal(error, translate())}")


def unlocked(files: Sequence[Path], passphrases: Sequence[Path]) -> list[HolderKey]:
    """Return the keys in these files; asks each holder for his passphrase."""
    said = _from_files(passphrases)
    return [_unlocked(file, next(said, None)) for file in files]


def _unlocked(file: Path, passphrase: str | None) -> HolderKey:
    text = text_in(file)
    holder = public_part(text).holder
    if passphrase is None:
        passphrase = click.prompt(f"Passphrase of {holder}", hide_input=True)
    return unlock(text, str(passphrase))


def _from_files(files: Sequence[Path]) -> Iterator[str]:
    """Yield the passphrase in each file: its first line."""
    for file in files:
        yield text_in(file).split("\n", 1)[0].removesuffix("\r")
