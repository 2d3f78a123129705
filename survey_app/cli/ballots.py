"""`survey ballots …`: from the closed box to its result, and how anybody checks it."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.finish_opening import Finished, finish_opening
from survey_app.ballot.opening_minutes import opening_minutes, signed_head
from survey_app.ballot.opening_verbs import export_ballots, take_opened
from survey_app.ballot.paper.challenge import commitment_of, readable_challenges
from survey_app.ballot.paper.export import Export
from survey_app.ballot.paper.opened import Opened
from survey_app.ballot.paper.ticket import ticket_code_of
from survey_app.ballot.sealing.keys import HolderKey
from survey_app.ballot.sealing.opening import open_box, open_challenges
from survey_app.cli.ballot_papers import (
    print_challenges,
    print_minutes,
    print_result,
    refuse_full,
    write_complete,
    write_public,
)
from survey_app.cli.keys import (
    EXISTING,
    FOLDER,
    NEW,
    PASSPHRASE_FILE,
    minute_of,
    unlocked,
)
from survey_app.cli.told import destroy, refused, text_in, write_new
from survey_app.cli.verify import verify
from survey_app.database import NO_LOG, borrowed_engine, borrowed_main_engine, writing
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import (
    ChallengeNotOpened,
    NoBallotDatabase,
    SecretsMissing,
)
from survey_app.settings import Settings

SURVEY = click.argument("survey_id", metavar="SURVEY", type=int)
KEYS = click.option(
    "--key",
    "key_files",
    type=EXISTING,
    multiple=True,
    required=True,
    help="A holder's private key file; once for each holder.",
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
    """Export, open, count and verify a secret ballot."""


ballots.add_command(verify)


@ballots.command("export")
@SURVEY
@click.argument("file", type=NEW)
def export(survey_id: int, file: Path) -> None:
    """Write the closed box of SURVEY into FILE, for the key holders."""
    with _server() as at:
        exported = export_ballots(
            at.session, at.ballots, survey_id, secrets_folder=at.secrets_folder
        )
    write_new(file, exported.to_text())
    click.echo(f"{file}: {len(exported.envelopes)} ballots, for the key holders only.")
    click.echo(f"Compare with the wall: manifest {exported.manifest.fingerprint}")


@ballots.command("open")
@click.argument("export_file", metavar="EXPORT", type=EXISTING)
@KEYS
@PASSPHRASE_FILE
@click.option("--to", "folder", type=FOLDER, required=True)
def open_export(
    export_file: Path,
    key_files: tuple[Path, ...],
    passphrase_files: tuple[Path, ...],
    folder: Path,
) -> None:
    """Open EXPORT with both keys, on a machine without network or database.

    Challenge ballots are opened and shown first; nothing else is opened before somebody
    says that the auditors agree.
    """
    refuse_full(folder)
    exported = Export.from_text(text_in(export_file))
    keys = unlocked(key_files, passphrase_files)
    _refuse_uncompared(exported, keys)
    opened = open_box(exported, keys)
    write_complete(folder, opened)
    write_public(folder, opened.signed, opened, exported.content.trackers)
    print_result(opened.head)
    click.echo("opened.json goes to the server and nowhere else; then destroy it.")


@ballots.command("take")
@SURVEY
@click.argument("opened_file", metavar="OPENED", type=EXISTING)
@AGREE
def take(survey_id: int, opened_file: Path, *, auditors_agree: bool) -> None:
    """Take what `open` wrote into the databases of this server, and finish."""
    opened = Opened.from_text(text_in(opened_file))
    agreed = auditors_agree or _agreed(len(opened.head.challenges))
    with _server() as at:
        finished = take_opened(
            at.session, at.ballots, survey_id, opened,
            secrets_folder=at.secrets_folder, auditors_agree=agreed,
        )  # fmt: skip
        _print_finished(at, survey_id, finished)


@ballots.command("open-here")
@SURVEY
@KEYS
@PASSPHRASE_FILE
@TO
def open_on_server(
    survey_id: int,
    key_files: tuple[Path, ...],
    passphrase_files: tuple[Path, ...],
    folder: Path | None,
) -> None:
    """Open the box of SURVEY on this server, both holders in one sitting.

    Challenge ballots are opened and shown first; nothing else is opened before somebody
    says that the auditors agree. The key files are destroyed once the result is safe.
    """
    if folder:
        refuse_full(folder)
    with _server() as at:
        exported = export_ballots(
            at.session, at.ballots, survey_id, secrets_folder=at.secrets_folder
        )
        keys = unlocked(key_files, passphrase_files)
        _refuse_uncompared(exported, keys)
        opened = open_box(exported, keys)
        print_result(opened.head)
        finished = take_opened(
            at.session, at.ballots, survey_id, opened,
            secrets_folder=at.secrets_folder, auditors_agree=True,
        )  # fmt: skip
        signed = signed_head(at.ballots, survey_id)
        if folder:
            write_public(folder, signed, opened, exported.content.trackers)
        _print_finished(at, survey_id, finished)
    for file, key in zip(key_files, keys, strict=True):
        destroy(file)
        click.echo(minute_of(key.public.holder, key.public.fingerprint, signed))


@ballots.command("resume")
@SURVEY
def resume(survey_id: int) -> None:
    """Finish an opening of SURVEY that was interrupted, and print its minute."""
    with _server() as at:
        finished = finish_opening(
            at.session, at.ballots, survey_id, secrets_folder=at.secrets_folder
        )
        _print_finished(at, survey_id, finished)


@ballots.command("commit")
@click.argument("code", required=False)
def commit(code: str | None) -> None:
    """Bind an auditor to the slip with this CODE, before the survey opens.

    Without CODE it is asked for, and leaves no trace in the terminal's history.
    """
    typed = code or click.prompt("Code on the slip", hide_input=True)
    meant = ticket_code_of(typed)
    if meant is None:
        raise refused(message("This is no code of a slip; type it again."))
    nonce = secrets.token_hex(16)
    click.echo(f"Keep with the slip, nonce: {nonce}")
    click.echo(f"Hand in, commitment: {commitment_of(meant, nonce)}")


def _refuse_uncompared(exported: Export, keys: list[HolderKey]) -> None:
    """Print the challenge ballots and nothing else; return once the auditors agree.

    Whatever was said before: nobody agrees to what was not shown yet. Ends where they
    do not agree; raises ChallengeNotOpened without asking where one does not open.
    """
    opened = open_challenges(exported, keys)
    print_challenges(
        readable_challenges(opened, exported.questionnaire, exported.names)
    )
    if not all(challenge.opens for challenge in opened):
        raise ChallengeNotOpened
    _agreed(len(opened))


def _agreed(challenges: int) -> bool:
    """Return once somebody says that the auditors agree; ends for any other answer."""
    return challenges == 0 or click.confirm(
        f"Did the auditors compare all {challenges} challenge ballots with their "
        "notes, and do they agree? One difference: stop, the survey is void",
        abort=True,
    )


def _print_finished(at: Server, survey_id: int, finished: Finished) -> None:
    print_minutes(opening_minutes(at.ballots, survey_id))
    if finished.not_rewritten:
        tables = ", ".join(finished.not_rewritten)
        click.echo(
            f"NOT REWRITTEN: {tables}. What was deleted may still lie in the files of "
            "the ballot database; let its owner run VACUUM FULL on them.",
            err=True,
        )


@contextmanager
def _server() -> Iterator[Server]:
    """Give the databases of the settings; NoBallotDatabase or SecretsMissing."""
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
