"""What keeps a ballot from opening is named, all of it, before anything freezes."""

import json

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle
from survey_app.ballot.batches import void_batch
from survey_app.ballot.main_tables import AuditCommitment
from survey_app.ballot.missing_to_open import missing_to_open_ballot
from survey_app.ballot.open_ballot import open_ballot
from survey_app.ballot.sealing.secrets_folder import destroy_secrets
from survey_app.ballot.set_up import remove_key_holder
from survey_app.domain.ground.missing import Lack, Missing
from survey_app.domain.ground.refusals import NotReadyToOpen, WrongMode
from survey_app.domain.ground.stated import assumed
from survey_app.domain.questionnaire.ballot_rules import BallotRule
from survey_app.settings import Settings
from survey_app.survey.parts import remove_subject
from survey_app.survey.tables import DRAFT, Survey
from tests.support.drafts import draft
from tests.support.respondents import scheme_with
from tests.support.secret_ballots import MAY_1, SECRET, Office, beside, drafted


@pytest.fixture
def office(db: Session, ballots: Engine, settings: Settings) -> Office:
    """A draft with both keys, beside another one that is open."""
    beside(db, ballots, settings).opened(staff=9, residents=10)
    return drafted(db, ballots, settings)


def missing(office: Office) -> set[Missing]:
    """Return what the verb and the question before it both say."""
    told = missing_to_open_ballot(
        office.db, office.ballots, office.survey_id,
        today=MAY_1, secrets_folder=office.folder,
    )  # fmt: skip
    with pytest.raises(NotReadyToOpen) as refusal:
        office.open()
    assert refusal.value.missing == told
    assert office.state() == DRAFT
    return set(told)


def test_everything_that_is_missing_is_named_at_once(
    db: Session, ballots: Engine, settings: Settings
) -> None:
    survey_id = draft(db, SECRET).survey_id
    db.execute(update(Survey).values(component_key="nothing"))
    db.commit()

    assert settings.secrets_folder is not None
    with pytest.raises(NotReadyToOpen) as refusal:
        open_ballot(
            db, ballots, survey_id,
            today=SECRET.closes_on.replace(day=16),
            secrets_folder=settings.secrets_folder,
        )  # fmt: skip

    assert refusal.value.missing == (
        Missing(Lack.SUBJECTS), Missing(Lack.DAYS), Missing(Lack.COMPONENT),
        Missing(Lack.KEY_HOLDERS), Missing(Lack.BATCHES),
    )  # fmt: skip


def test_units_without_slips_are_named(office: Office) -> None:
    office.issued(staff=8)
    assert missing(office) == {Missing(Lack.UNIT, office.units[1])}

    waiting = office.request(unit=1, staff=8)["staff"]
    assert missing(office) == {Missing(Lack.BATCH_WAITING, waiting)}

    void_batch(office.db, office.ballots, waiting)
    assert missing(office) == {Missing(Lack.UNIT, office.units[1])}


def test_rules_no_ballot_of_a_unit_could_obey_are_named_others_are_posted(
    office: Office,
) -> None:
    for unit in (0, 1):
        office.issued(unit=unit, staff=8, residents=8)
    rules = [BallotRule("at-least", ("bad",), assumed(n)) for n in (2, 1)]
    for rule in rules:
        office.db.execute(update(Cycle).values(scheme=scheme_with([rule])))
        office.db.commit()
        if rule == rules[0]:
            assert missing(office) == {Missing(Lack.BALLOT_RULES)}

    assert office.open().ballot_rules == (rules[1],)


def test_slips_nobody_can_fill_in_any_more_are_named(office: Office) -> None:
    office.issued(unit=1, staff=8)
    slips = office.issued(staff=8)["staff"]
    remove_subject(office.db, office.survey_id, subject_id=office.subject_ids[0])

    assert missing(office) == {Missing(Lack.BATCH_OUTGROWN, slips.batch_id)}


@pytest.mark.parametrize("column", ["envelope", "comment"])
def test_slips_of_another_length_are_named(office: Office, column: str) -> None:
    office.issued(unit=1, staff=8)
    slips = office.issued(staff=8)["staff"]
    office.meddle(
        f"UPDATE ticket SET {column} = :short WHERE digest = :digest",  # noqa: S608 -- written here
        {"short": b"short", "digest": office.digest(slips.codes[0])},
    )

    assert missing(office) == {Missing(Lack.BATCH_OUTGROWN, slips.batch_id)}


def test_tickets_that_were_slipped_in_before_the_opening_are_named(
    office: Office,
) -> None:
    """Hidden slips would be used with the names of people who did not come."""
    office.issued(unit=1, staff=8)
    slips = office.issued(staff=8)["staff"]
    office.meddle(
        "INSERT INTO ticket (digest, batch_id, state, envelope, comment, tag, page)"
        " SELECT envelope, batch_id, state, envelope, comment, tag, page FROM ticket"
        " WHERE digest = :like",
        {"like": office.digest(slips.codes[0])},
    )

    assert missing(office) == {Missing(Lack.BATCH_CHANGED, slips.batch_id)}


def test_another_questionnaire_lost_secrets_and_too_many_auditors_are_named(
    office: Office,
) -> None:
    office.issued(unit=1, staff=8)
    office.issued(staff=8)
    survey = office.db.get_one(Survey, office.survey_id)
    survey.questionnaire = json.dumps(json.loads(survey.questionnaire) | {"key": "x"})
    office.db.add_all(
        AuditCommitment(survey_id=office.survey_id, commitment=f"{n:064x}")
        for n in range(3)
    )
    office.db.commit()
    destroy_secrets(office.folder, office.survey_id)

    assert missing(office) == {
        Missing(Lack.QUESTIONNAIRE), Missing(Lack.SECRETS), Missing(Lack.COMMITMENTS),
    }  # fmt: skip


def test_secrets_that_others_read_are_told_with_the_broken_promises(
    office: Office,
) -> None:
    office.issued(unit=1, staff=8)
    office.issued(staff=8)
    office.folder.chmod(0o755)

    for folder, told in ((office.folder, ()), (None, (Missing(Lack.SECRETS),))):
        assert told == missing_to_open_ballot(
            office.db, office.ballots, office.survey_id,
            today=MAY_1, secrets_folder=folder,
        )  # fmt: skip


def test_a_key_taken_away_is_named(office: Office) -> None:
    remove_key_holder(office.db, office.ballots, office.survey_id, place=1)
    first = office.request(staff=8)["staff"]
    second = office.request(unit=1, staff=8)["staff"]

    assert missing(office) == {
        Missing(Lack.KEY_HOLDERS), Missing(Lack.BATCH_WAITING, first),
        Missing(Lack.BATCH_WAITING, second),
    }  # fmt: skip


def test_an_open_survey_lacks_nothing_a_ballot_needs(
    db: Session, ballots: Engine, settings: Settings
) -> None:
    survey_id = draft(db).survey_id

    with pytest.raises(WrongMode):
        missing_to_open_ballot(
            db, ballots, survey_id, today=MAY_1, secrets_folder=settings.secrets_folder
        )
