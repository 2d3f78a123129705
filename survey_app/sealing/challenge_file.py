"""The auditors' proofs of one survey, beside its secrets and outside every database.

Whoever can write to the database cannot write here, and so cannot have a ballot opened
in public by changing a row.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from survey_app.domain.ballots.challenge_proof import ChallengeProof
from survey_app.sealing.secrets_folder import challenges_of, flush, written_aside


def keep_proof(folder: Path, survey_id: int, proof: ChallengeProof) -> None:
    """Add the proof, durably; kept twice it counts once.

    The file is replaced as a whole: whatever cuts the writing short, the proofs that
    were there stay, and no half a line stands before the next one.
    """
    with _alone(folder):
        proofs = sorted({*proofs_in(folder, survey_id), proof})
        lines = "".join(json.dumps(asdict(one)) + "\n" for one in proofs)
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
            proofs.add(ChallengeProof(**json.loads(line)))
        except (ValueError, TypeError):
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
