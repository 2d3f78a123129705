"""`survey ballots …`: what a server does with a closed box, and the holders' verbs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.decryption_minutes import (
    DecryptionMinutes,
    decryption_minutes,
    signed_head,
)
from survey_app.ballot.decryption_verbs import export_ballots, take_decrypted
from survey_app.ballot.finish_decryption import Finished, finish_decryption
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.cli.acting import note_verb
from survey_app.cli.ballot_papers import (
    opened_together,
    print_batch,
    print_result,
    refuse_full,
    refuse_uncompared,
    write_public,
)
from survey_app.cli.holder import run
from survey_app.cli.keys import say_destroyed
from survey_app.cli.told import destroy, text_in, write_new
from survey_app.database import NO_LOG, borrowed_engine, borrowed_main_engine, writing
from survey_app.domain.ground.refusals import NoBallotDatabase, SecretsMissing
from survey_app.settings import Settings

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
SURVEY = click.argument("survey_id", metavar="SURVEY", type=int)
KEYS = click.option(
    "--key",
    "key_files",
    type=EXISTING,
    multiple=True,
    required=True,
    help="A holder's private key file; once for each holder.",
)
PASSPHRASE_FILE = click.option(
    "--passphrase-file",
    "passphrase_files",
    type=EXISTING,
    multiple=True,
    help="Read a passphrase from this file instead of asking; once for each key.",
)
AGREE = click.option(
    "--auditors-agree",
    is_flag=True,
    help="The auditors compared every challenge ballot, and they agree.",
)
TO = click.option("--to", "folder", type=FOLDER, help="For the papers to publish.")


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server's verbs work."""

    session: Session
    ballots: Engine
    secrets_folder: Path


@click.group()
def ballots() -> None:
    """Export, decrypt, count and verify a secret ballot."""


def holders_verb(name: str, *before: str, told: str) -> click.Command:
    """Return a verb that hands its words on to `survey-keys`, behind those before."""

    @click.command(
        name,
        help=told,
        add_help_option=False,
        context_settings={"ignore_unknown_options": True},
    )
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def handed_on(words: tuple[str, ...]) -> None:
        run([*before, *words])

    return handed_on


keys = holders_verb("keys", told="Make, show and destroy the key of a key holder.")
for name, verb, does in (
    ("decrypt", "decrypt", "Decrypt an exported box with both keys."),
    ("open", "decrypt", "The same, as it was called before 0.2."),
    ("verify", "verify", "Recount a result and check who signed it."),
    ("commit", "commit", "Bind an auditor to a slip, before the survey opens."),
):
    ballots.add_command(holders_verb(name, verb, told=does))


@ballots.command("export")
@SURVEY
@click.argument("file", type=NEW)
def export(survey_id: int, file: Path) -> None:
    """Write the closed box of SURVEY into FILE, for the key holders."""
    with _server("ballot-export", survey_id) as at:
        exported = export_ballots(
            at.session, at.ballots, survey_id, secrets_folder=at.secrets_folder
        )
    write_new(file, exported.to_text())
    click.echo(f"{file}: {len(exported.envelopes)} ballots, for the key holders only.")
    click.echo(f"Compare with the wall: manifest {exported.manifest.fingerprint}")


@ballots.command("take")
@SURVEY
@click.argument("decrypted_file", metavar="OPENED", type=EXISTING)
@AGREE
def take(survey_id: int, decrypted_file: Path, *, auditors_agree: bool) -> None:
    """Take what `decrypt` wrote into the databases of this server, and finish."""
    opened = Decrypted.from_text(text_in(decrypted_file))
    if not auditors_agree:
        refuse_uncompared(len(opened.head.challenges))
    with _server("ballot-take", survey_id) as at:
        finished = take_decrypted(
            at.session, at.ballots, survey_id, opened,
            secrets_folder=at.secrets_folder, auditors_agree=True,
        )  # fmt: skip
        _print_finished(at, survey_id, finished)


@ballots.command("decrypt-here")
@SURVEY
@KEYS
@PASSPHRASE_FILE
@TO
def decrypt_on_server(
    survey_id: int,
    key_files: tuple[Path, ...],
    passphrase_files: tuple[Path, ...],
    folder: Path | None,
) -> None:
    """Decrypt the box of SURVEY on this server, both holders in one sitting.

    Challenge ballots are decrypted and shown first; nothing else is before somebody
    says that the auditors agree. The key files are destroyed once the result is safe.
    """
    if folder:
        refuse_full(folder)
    with _server("ballot-decrypt", survey_id) as at:
        exported = export_ballots(
            at.session, at.ballots, survey_id, secrets_folder=at.secrets_folder
        )
        opened, held = opened_together(exported, key_files, passphrase_files)
        print_result(opened.head)
        finished = take_decrypted(
            at.session, at.ballots, survey_id, opened,
            secrets_folder=at.secrets_folder, auditors_agree=True,
        )  # fmt: skip
        signed = signed_head(at.ballots, survey_id)
        if folder:
            write_public(folder, signed, opened, exported.content.trackers)
        _print_finished(at, survey_id, finished)
    for file, key in zip(key_files, held, strict=True):
        destroy(file)
        say_destroyed(key.public, signed)


@ballots.command("resume")
@SURVEY
def resume(survey_id: int) -> None:
    """Finish a decryption of SURVEY that was interrupted, and print its minute."""
    with _server("ballot-resume", survey_id) as at:
        finished = finish_decryption(
            at.session, at.ballots, survey_id, secrets_folder=at.secrets_folder
        )
        _print_finished(at, survey_id, finished)


def _print_finished(at: Server, survey_id: int, finished: Finished) -> None:
    _print_minutes(decryption_minutes(at.ballots, survey_id))
    if finished.not_rewritten:
        tables = ", ".join(finished.not_rewritten)
        click.echo(
            f"NOT REWRITTEN: {tables}. What was deleted may still lie in the files of "
            "the ballot database; let its owner run VACUUM FULL on them.",
            err=True,
        )


def _print_minutes(minutes: DecryptionMinutes) -> None:
    """Print the minute that both holders sign."""
    click.echo(
        f"MINUTE OF THE DECRYPTION: {minutes.title} (survey {minutes.survey_id})"
    )
    if minutes.is_void:
        click.echo("VOID: auditors found a difference. Nothing else was opened.")
    click.echo(f"Manifest  {minutes.manifest}\nClosing   {minutes.closing}")
    click.echo(f"Head      {minutes.head or '-'}")
    click.echo(f"Root in   {minutes.root_in}\nRoot out  {minutes.root_out or '-'}")
    for batch, groups in minutes.batches:
        print_batch(batch, groups)
    click.echo(
        f"{minutes.fragments} fragments, {minutes.comments} comments, "
        f"{minutes.challenges} challenged ballots."
    )
    for done, what in (
        (minutes.envelopes_deleted, "Envelopes deleted from the ballot database"),
        (minutes.secrets_destroyed, "Pepper and signing key of the server destroyed"),
    ):
        click.echo(f"{what}: {'yes' if done else 'NOT YET'}")
    for name, fingerprint in minutes.key_holders:
        click.echo(f"Key of {name}, {fingerprint}: destroyed on ____  Signature ____")
    click.echo("Exports and backups of the open box: destroyed on ____  Signature ____")


@contextmanager
def _server(verb: str, survey_id: int) -> Iterator[Server]:
    """Give the databases of the settings, and keep in the record that it was done.

    Raises NoBallotDatabase or SecretsMissing.
    """
    settings = Settings.from_environment(os.environ)
    if not settings.ballots_at:
        raise NoBallotDatabase
    if settings.secrets_folder is None:
        raise SecretsMissing
    with (
        borrowed_main_engine(settings) as engine,
        borrowed_engine(settings.ballots_at, journal=NO_LOG) as ballot_engine,
        Session(writing(engine)) as session,
    ):
        yield Server(session, ballot_engine, settings.secrets_folder)
        session.rollback()
        note_verb(engine, verb, about=f"survey:{survey_id}")


HERE_BEFORE = copy(decrypt_on_server)
"""`open-here`, as ceremonies up to 0.1 have it written down."""
HERE_BEFORE.name, HERE_BEFORE.hidden = "open-here", True
ballots.add_command(HERE_BEFORE)
