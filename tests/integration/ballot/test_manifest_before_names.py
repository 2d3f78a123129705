"""A manifest that an earlier program posted names no accounts, and stays good."""

import json

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.paper.manifest import Manifest, posted, read_posted
from survey_app.ballot.sealing import signatures
from survey_app.ballot.sealing.secrets_folder import read_secrets
from survey_app.settings import Settings
from tests.support.secret_ballots import Office, drafted


def without_names(office: Office) -> Manifest:
    """Return what the earlier program would have posted of this ballot."""
    text, _ = read_posted(office.box().manifest)
    plain = json.loads(text)
    for batch in plain["batches"]:
        del batch["requested_by"], batch["issued_by"]
    return Manifest.from_json(json.dumps(plain))


def test_it_is_read_and_written_as_it_was_signed(
    db: Session, ballots: Engine, settings: Settings
) -> None:
    office = drafted(db, ballots, settings)
    office.opened(staff=8)

    earlier = without_names(office)

    assert "requested_by" not in earlier.to_json()
    assert '"requested_by":"first"' in office.manifest().to_json()


def test_its_ballot_closes_without_voiding_a_batch(
    db: Session, ballots: Engine, settings: Settings
) -> None:
    office = drafted(db, ballots, settings)
    slips = office.opened(staff=8)["staff"]
    earlier = without_names(office)
    key = read_secrets(office.folder, office.survey_id).signing_key
    text = earlier.to_json()
    signed = signatures.sign(key, signatures.MANIFEST + text.encode()).hex()
    triggers = {"sqlite": "DROP TRIGGER signed_stays"}.get(
        ballots.dialect.name, "DROP TRIGGER signed_stays ON ballot_box"
    )
    office.meddle(triggers, {})
    office.meddle(
        "UPDATE ballot_box SET manifest = :paper", {"paper": posted(text, signed)}
    )

    closed = office.close(slips)

    assert [one.because for one in closed.values()] == [None, None]
