"""`survey ballots verify`: recount a result and check who signed it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from survey_app.cli.kept_files import text_in
from survey_app.cli.keys import EXISTING, signed_head_in
from survey_app.domain.ballots.head import SignedHead
from survey_app.domain.ballots.manifest import Manifest, read_posted
from survey_app.domain.ballots.tracker import tracker_prefix
from survey_app.sealing.export_checks import holders_of, is_manifest_signed
from survey_app.sealing.head_checks import (
    is_result_of,
    is_signed_by_both,
    is_signed_by_server,
    signed_by,
)
from survey_app.static import recount

Check = tuple[str, bool]
"""What was checked, and whether it agrees."""


@click.command("verify")
@click.argument("head_file", metavar="HEAD", type=EXISTING)
@click.argument("fragments_file", metavar="FILE", type=EXISTING)
@click.option("--tracker", default="", help="The tracker on your receipt.")
@click.option("--trackers", "trackers_file", type=EXISTING, help="trackers.txt")
@click.option("--manifest", "manifest_file", type=EXISTING, help="The posted manifest.")
def verify(
    head_file: Path,
    fragments_file: Path,
    tracker: str,
    trackers_file: Path | None,
    manifest_file: Path | None,
) -> None:
    """Recount FILE and compare it with HEAD; check signatures; find a tracker."""
    if tracker and trackers_file is None:
        raise click.ClickException("to look for --tracker, name the list: --trackers")
    if tracker and tracker_prefix(tracker) is None:
        raise click.ClickException("this is no tracker: 20 letters and digits")
    signed = signed_head_in(head_file)
    made = [*_recounted(signed, fragments_file, trackers_file, tracker)]
    made += _signatures(signed)
    if manifest_file:
        made += _opening(signed, manifest_file)
    for what, agrees in made:
        click.echo(f"{'agrees        ' if agrees else 'DOES NOT AGREE'}  {what}")
    for name, key in holders_of(signed.head):
        click.echo(f"Compare with the wall: key of {name}, {key.fingerprint}")
    click.echo(f"Compare with the wall: manifest {signed.head.manifest}")
    if not all(agrees for _, agrees in made):
        raise SystemExit(1)


def _recounted(
    signed: SignedHead, fragments: Path, trackers: Path | None, code: str
) -> Iterator[Check]:
    """Yield the checks of the stand-alone script, so that both always agree."""
    head: dict[str, Any] = json.loads(signed.head.to_json())
    try:
        lines = [json.loads(line) for line in _lines(fragments)]
        made = list(recount.checks(head, lines))
        if trackers:
            made += recount.tracker_checks(head, _lines(trackers), code)
    except (ValueError, LookupError, TypeError, AttributeError):
        raise click.ClickException(
            f"{fragments.name}: this is no recount file, or the list no trackers"
        ) from None
    yield from ((what, agrees) for _, what, agrees in made)


def _signatures(signed: SignedHead) -> Iterator[Check]:
    for name, agrees in signed_by(signed).items():
        yield f"signature of {name}", agrees
    yield "signed by two key holders", is_signed_by_both(signed)
    if signed.server:
        yield "signature of the server", is_signed_by_server(signed)


def _opening(signed: SignedHead, file: Path) -> Iterator[Check]:
    """Yield whether this is the result of the box that the manifest opened."""
    try:
        text, signature = read_posted(text_in(file))
        manifest = Manifest.from_json(text)
    except ValueError as error:
        raise click.ClickException(f"{file.name}: {error}") from None
    yield "signature of the opening manifest", is_manifest_signed(text, signature)
    yield "result of the box of this manifest", is_result_of(signed, manifest)


def _lines(file: Path) -> list[str]:
    return [line for line in text_in(file).split("\n") if line.strip()]
