"""Recount a result, check who signed it, and say what was not checked."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
from survey_app.cli.keys import signed_head_in, unreadable
from survey_app.cli.language import CHINESE, spoken
from survey_app.cli.told import refused, say, text_in, told
from survey_app.domain.ground.frozen_text import TextRefused
from survey_app.domain.ground.marked import message
from survey_app.static import recount

Check = tuple[str, bool | None]
"""What was checked, and whether it agrees; None: it was not checked, and why."""
MARKS = {
    True: message("agrees"),
    False: message("DOES NOT AGREE"),
    None: message("not checked"),
}


PERSONS = message("counts about persons: take head and FILE with the minute's key")


@dataclass(frozen=True, slots=True)
class NamedPapers:
    """What was named to be checked; None and "" for what was not."""

    fragments: Path
    trackers: Path | None
    tracker: str
    manifest: Path | None
    closing: Path | None


def verify(head_file: Path, papers: NamedPapers) -> bool:
    """Recount, compare with the head, check signatures, look for a tracker.

    What no file was named for is not checked, and said so. Returns whether nothing
    disagrees; raises Stopped for what is no such file or no tracker.
    """
    if papers.tracker and papers.trackers is None:
        raise refused(message("To look for --tracker, name the list: --trackers."))
    if papers.tracker and tracker_prefix(papers.tracker) is None:
        raise refused(message("This is no tracker: 20 letters and digits."))
    signed = signed_head_in(head_file)
    made = list(_checks(signed, papers))
    for what, agrees in made:
        say("%(mark)-14s  %(what)s", mark=told(MARKS[agrees]), what=what)
    for name, key in holders_of(signed.head):
        print_wall(message("key of %(name)s"), key.fingerprint, name=name)
    print_wall(message("manifest"), signed.head.manifest)
    print_wall(message("closing"), signed.head.closing)
    found = [agrees for _, agrees in made]
    _say_verdict(found)
    return False not in found


def print_wall(what: str, fingerprint: str, **gaps: object) -> None:
    """Print a fingerprint that also stands on the wall."""
    say(
        message("Compare with the wall: %(what)s %(print)s"),
        what=told(what, **gaps),
        print=fingerprint,
    )


def _say_verdict(found: list[bool | None]) -> None:
    """Print the last line; only where all was checked it speaks of all."""
    if False in found:
        wrong = message("%(number)s of these DO NOT AGREE. Do not trust this result.")
        say(wrong, number=found.count(False))
    elif None in found:
        say(
            message(
                "What was checked agrees. %(number)s were NOT CHECKED; each line says "
                "what is missing."
            ),
            number=found.count(None),
        )
    else:
        say(message("All of these agree."))


def _checks(signed: SignedHead, papers: NamedPapers) -> Iterator[Check]:
    yield from _recounted(signed, papers)
    yield from _signatures(signed)
    manifest = _manifest_in(papers.manifest) if papers.manifest else None
    if manifest is None:
        missing = message("opening manifest: none was given, name it with --manifest")
        yield told(missing), None
    else:
        text, signature = manifest
        opening = Manifest.from_json(text)
        signs = is_manifest_signed(text, signature)
        yield told(message("signature of the opening manifest")), signs
        of_box = is_result_of(signed, opening)
        yield told(message("result of the box of this manifest")), of_box
    if papers.closing is None:
        missing = message("closing of the box: none was given, name it with --closing")
        yield told(missing), None
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
    yield from _in_words(made)
    if not recount.are_told(head, lines):
        yield told(PERSONS), None
    if papers.trackers is None:
        missing = message("list of trackers: none was given, name it with --trackers")
        yield told(missing), None


def _signatures(signed: SignedHead) -> Iterator[Check]:
    for name, agrees in signed_by(signed).items():
        yield told(message("signature of %(name)s"), name=name), agrees
    yield told(message("signed by two key holders")), is_signed_by_both(signed)
    if signed.server:
        yield told(message("signature of the server")), is_signed_by_server(signed)
    else:
        missing = message(
            "the server's signature is missing: it has not taken this result"
        )
        yield told(missing), None


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
    yield told(message("signature of the closing")), is_signed
    plain = json.loads(head.to_json()), json.loads(closing.to_json())
    yield from _in_words(recount.closing_checks(*plain))
    if manifest is not None:
        opening = Manifest.from_json(manifest[0])
        of_box = opens_closing(head, posted, opening)
        yield told(message("closing of the box of this manifest")), of_box


def _in_words(made: Iterable[recount.Check]) -> Iterator[Check]:
    chinese = spoken() == CHINESE
    yield from ((zh if chinese else en, agrees) for zh, en, agrees in made)


def _lines(file: Path) -> list[str]:
    return [line for line in text_in(file).split("\n") if line.strip()]
