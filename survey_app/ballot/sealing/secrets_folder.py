"""The secrets of a survey: files outside every database and every backup of one.

Without its pepper no paper slip leads to its row any more, which is why the pepper is
never kept beside the rows and is destroyed once the box was opened.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from survey_app.ballot.paper.challenge import ChallengeProof
from survey_app.ballot.sealing.signatures import make_signing_key
from survey_app.domain.ground.broken_promises import BrokenPromise
from survey_app.domain.ground.frozen_text import SECRETS
from survey_app.domain.ground.plain import plain_of, value_of
from survey_app.domain.ground.refusals import SecretsMissing, UnsafeServer

SECRET_BYTES = 32
_OTHERS = 0o077
"""What group and others may do: nothing."""


@dataclass(frozen=True, slots=True)
class SurveySecrets:
    """What one survey needs until its box is opened, and nobody after that."""

    pepper: bytes = field(repr=False)
    """32 bytes that tickets are hashed with."""
    signing_key: bytes = field(repr=False)
    """Ed25519 private key (32 bytes) of manifest, receipts and export."""


def make_secrets(folder: Path, survey_id: int) -> SurveySecrets:
    """Return the secrets of this survey, made and on the disk.

    Made once: asked again, the same are returned, since printed slips depend on them.
    UnsafeServer where group or others can read the folder; SecretsMissing where the
    file is there and damaged.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_open(folder)
    made = SurveySecrets(secrets.token_bytes(SECRET_BYTES), make_signing_key())
    content = _text_of(made, survey_id)
    # A link never replaces what is there: of two at once, one is first.
    with written_aside(folder, survey_id, content) as aside, suppress(FileExistsError):
        os.link(aside, _file(folder, survey_id))
    flush(folder)
    return read_secrets(folder, survey_id)


def read_secrets(folder: Path, survey_id: int) -> SurveySecrets:
    """Return the secrets of this survey.

    SecretsMissing where there are none, or not whole; UnsafeServer where group or
    others can read them.
    """
    file = _file(folder, survey_id)
    try:
        _refuse_open(folder)
        _refuse_open(file)
        kept = SECRETS.newest_of(json.loads(file.read_text("utf-8")))
        if kept["survey"] != survey_id:
            raise SecretsMissing
        pepper, signing_key = (
            bytes.fromhex(kept["pepper"]), bytes.fromhex(kept["signing_key"]),
        )  # fmt: skip
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        raise SecretsMissing from None
    if not len(pepper) == len(signing_key) == SECRET_BYTES:
        raise SecretsMissing
    return SurveySecrets(pepper, signing_key)


def destroy_secrets(folder: Path, survey_id: int) -> None:
    """Overwrite and remove the secrets of this survey; nothing where there are none.

    A disk or file system that writes elsewhere instead of over can keep the old bytes:
    what is destroyed for certain is the file.
    """
    pattern = f".{_file(folder, survey_id).name}.*"
    named = (_file(folder, survey_id), challenges_of(folder, survey_id))
    for file in (*named, *folder.glob(pattern)):
        with suppress(FileNotFoundError):
            _overwrite(file)
            file.unlink()
    if folder.is_dir():
        flush(folder)


def challenges_of(folder: Path, survey_id: int) -> Path:
    """Return where the auditors' proofs lie; see `challenge_file`."""
    return folder / f"survey-{survey_id}.challenges"


def _file(folder: Path, survey_id: int) -> Path:
    return folder / f"survey-{survey_id}.secrets"


def _text_of(made: SurveySecrets, survey_id: int) -> bytes:
    content = {
        "format": SECRETS.format,
        "survey": survey_id,
        "pepper": made.pepper.hex(),
        "signing_key": made.signing_key.hex(),
    }
    return json.dumps(content).encode()


def _refuse_open(place: Path) -> None:
    if place.stat().st_mode & _OTHERS:
        raise UnsafeServer(BrokenPromise.SECRETS_FOLDER_OPEN)


@contextmanager
def written_aside(folder: Path, survey_id: int, content: bytes) -> Iterator[Path]:
    """Give a file of this content that is on the disk; its name is gone afterwards."""
    aside = folder / f".{_file(folder, survey_id).name}.{secrets.token_hex(8)}"
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield aside
    finally:
        aside.unlink(missing_ok=True)


def _overwrite(file: Path) -> None:
    with file.open("r+b") as kept:
        kept.write(secrets.token_bytes(file.stat().st_size))
        kept.flush()
        os.fsync(kept.fileno())


def flush(folder: Path) -> None:
    """Wait until the disk knows which files the folder has."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep_proof(folder: Path, survey_id: int, proof: ChallengeProof) -> None:
    """Add the proof, durably; kept twice it counts once.

    The file is replaced as a whole: whatever cuts the writing short, the proofs that
    were there stay, and no half a line stands before the next one.
    """
    with _alone(folder):
        proofs = sorted({*proofs_in(folder, survey_id), proof})
        lines = "".join(json.dumps(plain_of(one)) + "\n" for one in proofs)
        with written_aside(folder, survey_id, lines.encode()) as aside:
            aside.replace(challenges_of(folder, survey_id))
        flush(folder)


def proofs_in(folder: Path, survey_id: int) -> tuple[ChallengeProof, ...]:
    """Return the proofs of this survey, sorted; what is no proof is left out."""
    file = challenges_of(folder, survey_id)
    if not file.exists():
        return ()
    proofs = set()
    for line in file.read_text("utf-8").splitlines():
        try:
            proofs.add(value_of(ChallengeProof, json.loads(line)))
        except ValueError:
            continue
    return tuple(sorted(proofs))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time add a proof: each writes what it has read."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
