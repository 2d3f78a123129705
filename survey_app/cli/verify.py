"""`survey ballots verify`: recount a result, check who signed it, say what was not."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from survey_app.ballot.paper.closing import SignedClosing
from survey_app.ballot.paper.head import SignedHead
from survey_app.ballot.paper.manifest import Manifest, read_posted
from survey_app.ballot.paper.ticket import tracker_prefix
from survey_app.ballot.sealing.export_checks import (
    holders_of,
    is_hex_signed,
    is_manifest_signed,
    is_result_of,
    is_signed_by_both,
    is_signed_by_server,
    opens_closing,
    signed_by,
)
from survey_app.cli.keys import EXISTING, signed_head_in, unreadable
from survey_app.cli.told import refused, text_in
from survey_app.domain.ground.frozen_text import TextRefused
from survey_app.domain.ground.marked import message
from survey_app.static import recount

Check = tuple[str, bool | None]
"""What was checked, and whether it agrees; None: it was not checked, and why."""
MARKS = {True: "agrees", False: "DOES NOT AGREE", None: "not checked"}


@dataclass(frozen=True, slots=True)
class NamedPapers:
    """What was named to be checked; None and "" for what was not."""

    fragments: Path
    trackers: Path | None
    tracker: str
    manifest: Path | None
    closing: Path | None


@click.command("verify")
@click.argument("head_file", metavar="HEAD", type=EXISTING)
@click.argument("fragments", metavar="FILE", type=EXISTING)
@click.option("--tracker", default="", help="The tracker on your receipt.")
@click.option("--trackers", type=EXISTING, help="trackers.txt")
@click.option("--manifest", type=EXISTING, help="The posted manifest.")
@click.option("--closing", type=EXISTING, help="The posted closing.")
def verify(head_file: Path, **named: Any) -> None:
    """Recount FILE and compare it with HEAD; check signatures; find a tracker.

    What no file was named for is not checked, and said so. The exit status is 1 where
    anything does not agree.
    """
    papers = NamedPapers(**named)
    if papers.tracker and papers.trackers is None:
        raise refused(message("To look for --tracker, name the list: --trackers."))
    if papers.tracker and tracker_prefix(papers.tracker) is None:
        raise refused(message("This is no tracker: 20 letters and digits."))
    signed = signed_head_in(head_file)
    made = list(_checks(signed, papers))
    for what, agrees in made:
        click.echo(f"{MARKS[agrees]:<14}  {what}")
    for name, key in holders_of(signed.head):
        click.echo(f"Compare with the wall: key of {name}, {key.fingerprint}")
    click.echo(f"Compare with the wall: manifest {signed.head.manifest}")
    click.echo(f"Compare with the wall: closing {signed.head.closing}")
    click.echo(_verdict([agrees for _, agrees in made]))
    if False in (agrees for _, agrees in made):
        raise SystemExit(1)


def _verdict(found: list[bool | None]) -> str:
    """Return the last line; only where all was checked it speaks of all."""
    if False in found:
        return f"{found.count(False)} of these DO NOT AGREE. Do not trust this result."
    if None in found:
        return (
            f"What was checked agrees. {found.count(None)} were NOT CHECKED; "
            "each line says what is missing."
        )
    return "All of these agree."


def _checks(signed: SignedHead, papers: NamedPapers) -> Iterator[Check]:
    yield from _recounted(signed, papers)
    yield from _signatures(signed)
    manifest = _manifest_in(papers.manifest) if papers.manifest else None
    if manifest is None:
        yield "opening manifest: none was given, name it with --manifest", None
    else:
        text, signature = manifest
        opening = Manifest.from_json(text)
        yield "signature of the opening manifest", is_manifest_signed(text, signature)
        yield "result of the box of this manifest", is_result_of(signed, opening)
    if papers.closing is None:
        yield "closing of the box: none was given, name it with --closing", None
    else:
        yield from _closing(signed, papers.closing, manifest)


def _recounted(signed: SignedHead, papers: NamedPapers) -> Iterator[Check]:
    """Yield the checks of the stand-alone script, so that both always agree."""
    head: dict[str, Any] = json.loads(signed.head.to_json())
    try:
        lines = [json.loads(line) for line in _lines(papers.fragments)]
        made = list(recount.checks(head, lines))
        if papers.trackers:
            listed = _lines(papers.trackers)
            made += recount.tracker_checks(head, listed, papers.tracker)
    except (ValueError, LookupError, TypeError, AttributeError):
        raise refused(
            message("%(file)s: this is no recount file, or the list no trackers."),
            file=papers.fragments.name,
        ) from None
    yield from _in_english(made)
    if not recount.are_told(head, lines):
        yield "counts about persons: take head and FILE with the minute's key", None
    if papers.trackers is None:
        yield "list of trackers: none was given, name it with --trackers", None


def _signatures(signed: SignedHead) -> Iterator[Check]:
    for name, agrees in signed_by(signed).items():
        yield f"signature of {name}", agrees
    yield "signed by two key holders", is_signed_by_both(signed)
    if signed.server:
        yield "signature of the server", is_signed_by_server(signed)
    else:
        missing = "the server's signature is missing: it has not taken this result"
        yield missing, None


def _manifest_in(file: Path) -> tuple[str, str]:
    """Return text and signature of a posted manifest; ends with one line for others."""
    try:
        text, signature = read_posted(text_in(file))
        Manifest.from_json(text)
    except TextRefused as error:
        raise unreadable(file, error) from None
    return text, signature


def _closing(
    signed: SignedHead, file: Path, manifest: tuple[str, str] | None
) -> Iterator[Check]:
    """Yield whether the box was opened as it had been closed."""
    try:
        posted = SignedClosing.from_json(text_in(file))
    except TextRefused as error:
        raise unreadable(file, error) from None
    head, closing = signed.head, posted.closing
    is_signed = is_hex_signed(
        head.signing_key, closing.signed_message, posted.signature
    )
    yield "signature of the closing", is_signed
    plain = json.loads(head.to_json()), json.loads(closing.to_json())
    yield from _in_english(recount.closing_checks(*plain))
    if manifest is not None:
        opening = Manifest.from_json(manifest[0])
        yield (
            "closing of the box of this manifest",
            opens_closing(head, posted, opening),
        )


def _in_english(made: Iterable[recount.Check]) -> Iterator[Check]:
    yield from ((what, agrees) for _, what, agrees in made)


def _lines(file: Path) -> list[str]:
    return [line for line in text_in(file).split("\n") if line.strip()]
