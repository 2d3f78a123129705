"""The auditors' proofs of one survey, beside its secrets and outside every database.

Whoever can write to the database cannot write here, and so cannot have a ballot opened
in public by changing a row.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path

from survey_app.domain.ballots.challenge_proof import ChallengeProof
from survey_app.sealing.secrets_folder import challenges_of


def keep_proof(folder: Path, survey_id: int, proof: ChallengeProof) -> None:
    """Add the proof, durably; kept twice it counts once."""
    file = challenges_of(folder, survey_id)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as kept:
        kept.write(json.dumps(asdict(proof)) + "\n")
        kept.flush()
        os.fsync(kept.fileno())


def proofs_in(folder: Path, survey_id: int) -> tuple[ChallengeProof, ...]:
    """Return the proofs of this survey, sorted; a line cut short is left out.

    A power cut may have cut it; then its ticket was not set aside either.
    """
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
