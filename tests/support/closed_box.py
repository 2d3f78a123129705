"""A box as it closed: ballots of three groups, a comment and a challenge ballot."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.decryption_verbs import (
    challenges_here,
    decrypt_here,
    export_ballots,
)
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.paper.export import Export
from survey_app.ballot.record_decryption import record_decryption
from survey_app.ballot.sealing.envelope import seal
from survey_app.ballot.sealing.keys import HolderKey
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.holder_keys import holder_keys, public_keys
from tests.support.secret_county import secret_county

SAID = {
    "leaders": {"good": 3, "bad": 1},
    "staff": {"good": 5, "bad": 4},
    "residents": {"good": 12, "bad": 9, "dont_know": 1},
}


def closed_box(engine: Engine, ballots: Engine, folder: Path) -> StandingBox:
    """Cast in one unit, one ballot with a comment and one challenged, and close."""
    box = standing_box(secret_county(engine), ballots, folder)
    unit = box.county.units[0]
    for group, said in SAID.items():
        box.cast_many(unit, group, **said)
    box.cast(box.batch(unit, "staff"), "good", comment="第一条意见")
    box.challenge(box.cast(box.batch(unit, "residents"), "bad", comment="不算"))
    box.close()
    return box


def box_with_broken_challenge(
    engine: Engine, ballots: Engine, folder: Path, cast: str
) -> StandingBox:
    """A closed box whose only challenge ballot holds "no envelope" or "no ballot"."""
    box = standing_box(secret_county(engine), ballots, folder)
    batch = box.batch(box.county.units[0], "staff")
    box.cast_many(batch.unit, "staff", good=4, bad=3)
    sealed = seal(b"no ballot", public_keys(), aad=box.form(batch).aad)
    envelopes = {"no envelope": secrets.token_bytes(len(sealed)), "no ballot": sealed}
    box.challenge(box.cast(batch, envelope=envelopes[cast]))
    box.close()
    return box


def decrypt_compared(
    box: StandingBox, main: Session, keys: Sequence[HolderKey]
) -> None:
    """Open the box on the server after its challenge ballots were looked at."""
    place = {"secrets_folder": box.folder}
    shown = challenges_here(main, box.ballots, box.survey_id, keys, **place)
    decrypt_here(
        main, box.ballots, box.survey_id, keys,
        secrets_folder=box.folder, compared=shown.mark,
    )  # fmt: skip


def exported(box: StandingBox, main: Session) -> Export:
    """Return the export of the box."""
    return export_ballots(main, box.ballots, box.survey_id, secrets_folder=box.folder)


def take(box: StandingBox, main: Session, opened: Decrypted) -> None:
    """Record the result of its opening."""
    place = {"secrets_folder": box.folder}
    record_decryption(main, box.ballots, box.survey_id, opened, **place)


def take_out(box: StandingBox, main: Session) -> None:
    """Open a closed box without a challenge ballot in it."""
    keys = holder_keys()
    decrypt_here(main, box.ballots, box.survey_id, keys, secrets_folder=box.folder)


def closed_and_opened(box: StandingBox, main: Session) -> None:
    """Close the box and open it."""
    box.close()
    take_out(box, main)
