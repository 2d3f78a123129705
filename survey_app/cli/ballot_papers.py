"""What the verbs of a ballot box print and leave in a folder."""

from collections.abc import Iterable
from pathlib import Path

import click

from survey_app.ballot.opening_minutes import OpeningMinutes
from survey_app.ballot.paper.challenge import ReadableChallenge
from survey_app.ballot.paper.fragments import recount_lines
from survey_app.ballot.paper.head import CountedBatch, Head, SignedHead
from survey_app.ballot.paper.opened import Opened
from survey_app.cli.told import refuse_existing, write_new

PUBLIC = ("head.json", "fragments.jsonl", "trackers.txt")
COMPLETE = "opened.json"


def refuse_full(folder: Path) -> None:
    """End with one line if papers of an opening lie in the folder already."""
    refuse_existing(*(folder / name for name in (*PUBLIC, COMPLETE)))


def write_public(
    folder: Path, signed: SignedHead, opened: Opened, trackers: tuple[bytes, ...]
) -> None:
    """Write head, recount file and trackers: what everybody may have."""
    lines = recount_lines(opened.fragments, signed.head.tally)
    for name, text in zip(
        PUBLIC,
        (signed.to_json(), "\n".join(lines), "\n".join(one.hex() for one in trackers)),
        strict=True,
    ):
        write_new(folder / name, text + "\n")


def write_complete(folder: Path, opened: Opened) -> None:
    """Write the file for the server, which holds every answer and comment."""
    write_new(folder / COMPLETE, opened.to_text())


def print_result(head: Head) -> None:
    """Print what an opening found: counts, and what was spoiled."""
    click.echo(f"{head.title}: head {head.fingerprint}")
    click.echo(f"Compare with the wall: manifest {head.manifest}")
    for batch in head.batches:
        click.echo(_line(batch))
    click.echo(f"{head.fragments} fragments, {head.comments} comments.")


def print_challenges(challenges: Iterable[ReadableChallenge]) -> None:
    """Print the challenge ballots in words, for comparing with the auditors' notes."""
    for challenge in challenges:
        click.echo(
            f"Challenge ballot {challenge.tracker}; compare it with the auditor's note:"
        )
        if not challenge.opens:
            click.echo("  DOES NOT OPEN. Stop: the survey is void.")
        for name, answers in challenge.about:
            click.echo(f"  {name}")
            for question, choice in answers:
                click.echo(f"    {question.zh}: {choice.zh}")


def print_minutes(minutes: OpeningMinutes) -> None:
    """Print the minute that both holders sign."""
    click.echo(f"MINUTE OF THE OPENING: {minutes.title} (survey {minutes.survey_id})")
    if minutes.is_void:
        click.echo("VOID: auditors found a difference. Nothing else was opened.")
    click.echo(f"Manifest  {minutes.manifest}\nClosing   {minutes.closing}")
    click.echo(f"Head      {minutes.head or '-'}")
    click.echo(f"Root in   {minutes.root_in}\nRoot out  {minutes.root_out or '-'}")
    for batch, groups in minutes.batches:
        click.echo(_line(batch, groups))
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


def _line(batch: CountedBatch, groups: Iterable[str] = ()) -> str:
    """Return the reconciliation of one batch, from which these groups drew."""
    drawn_by = " + ".join(groups) or batch.rater_group
    verdict = "VOID, not opened" if batch.void else f"{batch.valid} counted"
    return (
        f"Unit {batch.unit}, {drawn_by} ({batch.batch_id[:8]}): "
        f"{batch.issued} issued = {batch.used} used + {batch.voided} voided + "
        f"{batch.challenged} challenged + {batch.outstanding} outstanding; "
        f"{batch.signed} signed, {batch.spoiled} spoiled: {verdict}"
    )
