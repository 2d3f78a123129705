"""Export a closed box for its key holders, and take what they decrypted."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.closed_box import (
    closed_counts,
    closing_in,
    content_of,
    names_of,
    posted_trackers,
    questions_of,
    server_key,
)
from survey_app.ballot.finish_decryption import (
    Finished,
    ask_to_finish,
    finish_decryption,
)
from survey_app.ballot.paper.challenge import (
    ReadableChallenge,
    mark_of,
    readable_challenges,
)
from survey_app.ballot.paper.closing import closing_of
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.paper.export import Export
from survey_app.ballot.paper.head import Challenge
from survey_app.ballot.paper.manifest import Manifest, read_posted
from survey_app.ballot.record_decryption import record_decryption
from survey_app.ballot.sealing.decrypting import (
    Progress,
    decrypt_box,
    decrypt_challenges,
)
from survey_app.ballot.sealing.export_checks import check_export, keys_in_order
from survey_app.ballot.sealing.keys import HolderKey
from survey_app.ballot.sealing.secrets_folder import proofs_in
from survey_app.ballot.sealing.signatures import sign
from survey_app.ballot.tables import CLOSED, BallotBox
from survey_app.domain.ground.refusals import (
    BoxNotReady,
    ChallengeNotDecrypted,
    ChallengesNotCompared,
    ExportRefused,
)


def export_ballots(
    session: Session, ballots: Engine, survey_id: int, *, secrets_folder: Path
) -> Export:
    """Return the export of this survey's box; nothing is written anywhere.

    The envelopes of void batches stay in the database and shut, until they are deleted.
    Raises BoxNotReady unless the box is closed and not yet opened, SecretsMissing,
    NotFound, and ExportRefused where rows, counts, comments or trackers are not those
    that were signed at the closing, or where a ballot was set aside that no auditor
    challenged: somebody changed the database.
    """
    questionnaire_json = questions_of(session, survey_id)
    names = names_of(session, survey_id)
    with Session(ballots) as boxes:
        box = boxes.get(BallotBox, survey_id)
        if box is None or box.state != CLOSED:
            raise BoxNotReady
        manifest_json, signature = read_posted(box.manifest)
        manifest, closed = Manifest.from_json(manifest_json), closing_in(box)
        counts = closed_counts(boxes, manifest)
        content = content_of(boxes, counts)
        trackers = posted_trackers(boxes, survey_id)
    key = server_key(secrets_folder, manifest)
    again = closing_of(manifest, counts, content, closed.closing.taken_out)
    if again != closed.closing or content.trackers != trackers:
        raise ExportRefused("the box was changed after it closed")
    unsigned = Export(
        manifest_json=manifest_json,
        manifest_signature=signature,
        questionnaire_json=questionnaire_json,
        names=names,
        posted_closing=closed,
        envelopes=content.envelopes,
        comments=content.comments,
        challenged=content.challenged,
        proofs=proofs_in(secrets_folder, survey_id),
    )
    export = replace(unsigned, signature=sign(key, unsigned.signed_message).hex())
    check_export(export)
    return export


@dataclass(frozen=True, slots=True)
class ShownChallenges:
    """The challenge ballots, opened alone for the auditors."""

    ballots: tuple[ReadableChallenge, ...]
    mark: str
    """What `decrypt_here` is told as `compared`: only this reply holds it."""


@dataclass(frozen=True, slots=True)
class ReadyBox:
    """A closed box and both keys to it: nothing is left but to decrypt it."""

    export: Export
    keys: tuple[HolderKey, ...] = field(repr=False)

    def decrypted(self, progress: Progress | None = None) -> Decrypted:
        """Return what was in it; raises what `decrypt_box` raises."""
        return decrypt_box(self.export, self.keys, progress)


def ready_box(
    session: Session,
    ballots: Engine,
    survey_id: int,
    keys: Iterable[HolderKey],
    *,
    secrets_folder: Path,
    compared: str = "",
) -> ReadyBox:
    """Return the closed box, once all that is known of it beforehand was checked.

    Where there are challenge ballots, `challenges_here` comes first, and `compared` is
    the mark it returned: nobody says that the auditors agree before they were shown
    anything. Raises ChallengesNotCompared for an empty or another mark,
    ChallengeNotDecrypted, KeyRefused where a key is missing or not the survey's, and
    what `export_ballots` raises; nothing was written then.
    """
    export = export_ballots(session, ballots, survey_id, secrets_folder=secrets_folder)
    held = tuple(keys_in_order(export.manifest, keys))
    if export.challenged:
        _refuse_unseen(export, decrypt_challenges(export, held), compared)
    return ReadyBox(export, held)


def decrypt_here(  # noqa: PLR0913 -- a verb over two databases and a folder
    session: Session,
    ballots: Engine,
    survey_id: int,
    keys: Iterable[HolderKey],
    *,
    secrets_folder: Path,
    compared: str = "",
    progress: Progress | None = None,
) -> Finished:
    """Export, open, take and finish without a file in between.

    `progress` is told how many envelopes were opened, which takes nearly all the time.
    Raises what `ready_box`, `decrypt_box` and `take_decrypted` raise; nothing was
    written then.
    """
    place = {"secrets_folder": secrets_folder}
    ready = ready_box(session, ballots, survey_id, keys, **place, compared=compared)
    opened = ready.decrypted(progress)
    return take_decrypted(
        session, ballots, survey_id, opened, **place, auditors_agree=True
    )


def challenges_here(
    session: Session,
    ballots: Engine,
    survey_id: int,
    keys: Iterable[HolderKey],
    *,
    secrets_folder: Path,
) -> ShownChallenges:
    """Return the challenge ballots in words; nothing is written, all else stays shut.

    Raises what `export_ballots` and `decrypt_challenges` raise.
    """
    export = export_ballots(session, ballots, survey_id, secrets_folder=secrets_folder)
    opened = decrypt_challenges(export, keys)
    return ShownChallenges(
        readable_challenges(opened, export.questionnaire, export.names),
        _mark(export, opened),
    )


def take_decrypted(
    session: Session,
    ballots: Engine,
    survey_id: int,
    opened: Decrypted,
    *,
    secrets_folder: Path,
    auditors_agree: bool = False,
) -> Finished:
    """Take the result of an opening and finish it.

    `auditors_agree` says that auditors compared every challenge ballot and found it
    opened as it was cast; ChallengesNotCompared where there are some and nobody said
    so. Raises what `record_decryption` and `finish_decryption` raise. Once the result
    is recorded, `finish_decryption` alone goes on after any interruption.
    """
    _refuse_uncompared(opened, auditors_agree=auditors_agree)
    record_decryption(
        session, ballots, survey_id, opened, secrets_folder=secrets_folder
    )
    return finish_decryption(session, ballots, survey_id, secrets_folder=secrets_folder)


def record_and_leave(  # noqa: PLR0913 -- a verb over two databases and a folder
    session: Session,
    ballots: Engine,
    survey_id: int,
    opened: Decrypted,
    *,
    secrets_folder: Path,
    account: str,
    auditors_agree: bool = False,
) -> int:
    """Take the result of an opening; return the job that finishes it.

    What lies in the ballot database in between is what a power cut could always leave
    there: loose answers beside envelopes that no key on this server opens. Raises what
    `take_decrypted` raises before it finishes.
    """
    _refuse_uncompared(opened, auditors_agree=auditors_agree)
    record_decryption(
        session, ballots, survey_id, opened, secrets_folder=secrets_folder
    )
    return ask_to_finish(session, ballots, survey_id, account=account)


def _refuse_uncompared(opened: Decrypted, *, auditors_agree: bool) -> None:
    if opened.head.challenges and not auditors_agree:
        raise ChallengesNotCompared


def _refuse_unseen(export: Export, opened: Sequence[Challenge], mark: str) -> None:
    """Raise unless these all open, and were shown before: the mark tells."""
    if not all(challenge.opens for challenge in opened):
        raise ChallengeNotDecrypted
    if not hmac.compare_digest(_mark(export, opened).encode(), mark.encode()):
        raise ChallengesNotCompared


def _mark(export: Export, opened: Sequence[Challenge]) -> str:
    return mark_of(export.posted_closing.closing.fingerprint, opened)
