"""Opening a ballot: everything is posted before anybody answers, and then stays."""

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle
from survey_app.ballot.batches import void_batch
from survey_app.ballot.open_ballot import open_ballot
from survey_app.ballot.paper.keys_page import keys_page_print
from survey_app.ballot.paper.manifest import read_posted
from survey_app.ballot.paper.merkle import merkle_root
from survey_app.ballot.sealing.secrets_folder import read_secrets
from survey_app.ballot.sealing.signatures import MANIFEST, is_signed, public_of
from survey_app.ballot.set_up import remove_key_holder, set_commitments
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.ground.refusals import AlreadyOpened, UnsafeServer, WrongMode
from survey_app.domain.scheme.frozen_scheme import scheme_to_json
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.settings import Settings
from survey_app.survey.tables import DRAFT, OPEN, PublicationPlan, Survey
from tests.support.drafts import draft
from tests.support.holder_keys import DEPARTMENT, INSPECTION, public_keys
from tests.support.power_cut import power_cut
from tests.support.secret_ballots import MAY_1, SECRET, Office, beside, drafted
from tests.support.small_scheme import SMALL_SCHEME, changed

COMMITMENT = "c" * 64


@pytest.fixture
def office(db: Session, ballots: Engine, settings: Settings) -> Office:
    """A draft with both keys, beside another one that is open."""
    beside(db, ballots, settings).opened(staff=9, residents=10)
    return drafted(db, ballots, settings)


def test_the_manifest_says_what_nobody_can_change_any_more(office: Office) -> None:
    set_commitments(
        office.db, office.ballots, office.survey_id, commitments=[COMMITMENT]
    )
    body = office.issued(unit=1, residents=30)["residents"]
    slips = office.issued(staff=2, residents=8)["residents"]

    manifest = office.open()

    posted = {batch.batch_id: batch for batch in manifest.batches}
    assert posted.keys() == {slips.batch_id, body.batch_id}
    batch = posted[slips.batch_id]
    assert (batch.unit, batch.rater_group) == (office.units[0], "residents")
    assert (batch.eligible, batch.issued) == (10, 12)
    digests = [office.digest(code) for code in slips.codes]
    assert batch.tickets_root == merkle_root(digests).hex()
    assert manifest.merged == {office.units[0]: {"staff": "residents"}}
    assert manifest.groups == ("staff", "residents")
    first, second = office.subject_ids
    assert manifest.subjects == {office.units[0]: (first,), office.units[1]: (second,)}
    assert [name for name, _ in manifest.key_holders] == [DEPARTMENT, INSPECTION]
    assert [key for _, key in manifest.key_holders] == [
        key.to_json() for key in public_keys()
    ]
    assert manifest.commitments == (COMMITMENT,)
    assert manifest.keys_page == keys_page_print()
    assert (manifest.opens_on, manifest.closes_on) == (MAY_1, SECRET.closes_on)
    assert (manifest.small_groups, manifest.title) == ("merge", SECRET.title)


def test_the_manifest_carries_the_rules_that_froze_with_it(office: Office) -> None:
    office.opened(staff=8)

    manifest = office.manifest()

    survey = office.db.get_one(Survey, office.survey_id)
    assert survey.state == OPEN
    assert survey.cycle.frozen
    plan = office.db.get_one(PublicationPlan, office.survey_id)
    assert manifest.plan_fingerprint == plan.fingerprint
    frozen = FrozenPlan.from_json(plan.frozen)
    assert manifest.dissatisfied == frozen.dissatisfied != ()
    assert (manifest.floor, manifest.comment_floor, manifest.shroud) == (5, 10, 2)
    cycle = office.db.get_one(Cycle, survey.cycle_id)
    assert manifest.scheme_fingerprint == cycle.scheme_fingerprint
    assert manifest.questionnaire_fingerprint == survey.questionnaire_fingerprint


def test_the_manifest_is_kept_as_it_was_signed(office: Office) -> None:
    office.opened(staff=8)

    text, signature = read_posted(office.box().manifest)

    kept = read_secrets(office.folder, office.survey_id)
    public = public_of(kept.signing_key)
    assert office.manifest().signing_key == public.hex()
    message = MANIFEST + text.encode()
    assert is_signed(public, message, bytes.fromhex(signature))
    assert office.box().state == "open"


def three_groups(office: Office) -> None:
    """Let the scheme of the draft know a third rater group."""
    third = changed(
        SMALL_SCHEME,
        (BEFORE_THIRD, THIRD + BEFORE_THIRD),
    )
    cycle = office.db.get_one(Survey, office.survey_id).cycle
    cycle.scheme = scheme_to_json(read_scheme(third, file="small.toml"))
    office.db.commit()


BEFORE_THIRD = '[[components]]\nkey = "direct"'
THIRD = """[[components.components.rater_groups]]
key = "guests"
label = { zh = "来宾", en = "Guests" }
weight = { published = "1" }

"""


def test_what_was_merged_into_a_batch_that_is_gone_is_not_posted(
    office: Office,
) -> None:
    three_groups(office)
    office.issued(unit=1, staff=8, residents=2, guests=7)
    slips = office.issued(staff=2, residents=8, guests=8)
    void_batch(office.db, office.ballots, slips["residents"].batch_id)

    assert office.open().merged == {office.units[1]: {"residents": "guests"}}


def test_the_database_itself_refuses_tickets_after_the_manifest(
    office: Office,
) -> None:
    batch = office.opened(staff=8)["staff"].batch_id
    values = {"digest": b"d" * 32, "batch": batch, "bytes": b"e"}

    with pytest.raises(DBAPIError, match="no ticket after the manifest"):
        office.meddle(
            "INSERT INTO ticket (digest, batch_id, state, envelope, comment)"
            " VALUES (:digest, :batch, 0, :bytes, :bytes)",
            values,
        )
    with pytest.raises(DBAPIError, match="no ticket is deleted"):
        office.meddle("DELETE FROM ticket WHERE batch_id = :batch", {"batch": batch})

    assert len(office.tickets(batch)) == 10


def test_a_ballot_opens_once(office: Office) -> None:
    office.opened(staff=8)
    before = office.box().manifest

    with pytest.raises(AlreadyOpened):
        office.open()

    assert office.box().manifest == before


def test_an_opening_cut_off_between_both_databases_goes_on(office: Office) -> None:
    office.issued(unit=1, staff=8)
    slips = office.issued(staff=8)["staff"]
    with power_cut(office.ballots, "UPDATE ballot_box"):
        office.open()

    assert (office.state(), office.box().state) == (OPEN, "issuing")
    for refused in (
        lambda: office.issue(slips.batch_id),
        lambda: office.request(staff=9),
        lambda: void_batch(office.db, office.ballots, slips.batch_id),
        lambda: remove_key_holder(office.db, office.ballots, office.survey_id, place=1),
    ):
        with pytest.raises(AlreadyOpened):
            refused()

    manifest = office.open(today=SECRET.closes_on.replace(day=30))
    assert manifest == office.manifest()
    assert office.box().state == "open"


def test_an_opening_cut_off_before_the_first_commit_changed_nothing(
    office: Office,
) -> None:
    office.issued(unit=1, staff=8)
    office.issued(staff=8)
    with power_cut(office.db.get_bind(), "UPDATE survey"):
        office.open()

    assert (office.state(), office.box().state) == (DRAFT, "issuing")
    plans = select(func.count()).select_from(PublicationPlan).where(
        PublicationPlan.survey_id == office.survey_id
    )  # fmt: skip
    assert office.db.scalar(plans) == 0


def test_a_server_that_breaks_the_promise_opens_nothing(office: Office) -> None:
    office.issued(unit=1, staff=8)
    office.issued(staff=8)
    office.folder.chmod(0o755)

    with pytest.raises(UnsafeServer) as refusal:
        office.open()

    assert refusal.value.reasons == ("secrets-folder-open",)
    assert office.state() == DRAFT


def test_an_open_survey_is_not_opened_as_a_ballot(
    db: Session, ballots: Engine, settings: Settings
) -> None:
    survey_id = draft(db).survey_id
    assert settings.secrets_folder is not None

    with pytest.raises(WrongMode):
        open_ballot(
            db, ballots, survey_id, today=MAY_1, secrets_folder=settings.secrets_folder
        )
