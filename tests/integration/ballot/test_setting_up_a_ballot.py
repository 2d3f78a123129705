"""Setting up a secret ballot: two bodies with two keys, and what auditors commit to."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.batches import request_unit, void_batch
from survey_app.ballot.main_tables import AuditCommitment, KeyHolder
from survey_app.ballot.merge_offer import merge_offer
from survey_app.ballot.set_up import (
    add_key_holder,
    draft_without_slips,
    remove_key_holder,
    set_commitments,
    set_small_groups,
)
from survey_app.domain.ground.file_faults import FileRefused
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    BoxNotReady,
    KeyOfAnotherSurvey,
    KeyRefused,
    NotFound,
    Refusal,
    SlipsAreOut,
    WrongMode,
)
from survey_app.settings import Settings
from survey_app.survey.closing import close_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.parts import (
    add_channel,
    add_channels,
    add_subjects,
    remove_subject,
)
from survey_app.survey.tables import Survey
from tests.support.drafts import KEY, draft
from tests.support.holder_keys import DEPARTMENT, INSPECTION, made, public_keys
from tests.support.secret_ballots import FIRST, MAY_1, Office, beside, drafted


@pytest.fixture
def office(db: Session, ballots: Engine, settings: Settings) -> Office:
    """A draft with both keys, beside another with batches of its own."""
    assert beside(db, ballots, settings).request(staff=2, residents=100)
    return drafted(db, ballots, settings)


def small_groups(office: Office, policy: str) -> None:
    set_small_groups(office.db, office.ballots, office.survey_id, policy=policy)


def test_an_open_survey_has_no_batches_and_no_keys(
    db: Session, ballots: Engine
) -> None:
    survey_id = draft(db).survey_id
    key = public_keys()[0].to_json()

    refused = (
        lambda: request_unit(
            db, ballots, survey_id, unit_id=1, eligible={"staff": 8}, account=FIRST
        ),
        lambda: add_key_holder(db, ballots, survey_id, place=1, public_key_text=key),
        lambda: set_commitments(db, ballots, survey_id, commitments=[]),
        lambda: set_small_groups(db, ballots, survey_id, policy="merge"),
        lambda: merge_offer(db, survey_id, eligible={}),
    )
    for verb in refused:
        with pytest.raises(WrongMode):
            verb()


def test_a_ballot_has_no_code_that_all_may_scan(office: Office) -> None:
    with pytest.raises(WrongMode):
        add_channel(office.db, office.survey_id, rater_group="staff", key=KEY)
    with pytest.raises(WrongMode):
        add_channels(office.db, office.survey_id, key=KEY)
    with pytest.raises(WrongMode):
        open_survey(office.db, office.survey_id, today=MAY_1)
    office.opened(staff=8)
    with pytest.raises(WrongMode):
        close_survey(office.db, office.survey_id)


def held(office: Office) -> list[tuple[int, str]]:
    holders = office.db.query(KeyHolder).filter_by(survey_id=office.survey_id)
    return [(h.place, h.name) for h in holders.order_by(KeyHolder.place)]


def put(office: Office, place: int, text: str) -> None:
    add_key_holder(
        office.db, office.ballots, office.survey_id, place=place, public_key_text=text
    )


BOTH_BY_ONE = made(INSPECTION).public.to_json().replace(INSPECTION, DEPARTMENT)


@pytest.mark.parametrize(
    ("place", "text", "why"),
    [
        (2, made(DEPARTMENT).public.to_json(), KeyRefused),
        (2, made(DEPARTMENT).public.to_json().replace(DEPARTMENT, "他局"), KeyRefused),
        (2, BOTH_BY_ONE, KeyRefused),
        (1, "no key at all", KeyRefused),
        (1, made(DEPARTMENT).private_text, KeyRefused),
        (3, made(DEPARTMENT).public.to_json(), NotFound),
    ],
)
def test_two_bodies_hold_two_keys(
    office: Office, place: int, text: str, why: type[Refusal]
) -> None:
    before = held(office)

    with pytest.raises(why):
        put(office, place, text)

    assert held(office) == before


@pytest.mark.parametrize("state", ["draft", "open", "closed"])
def test_a_key_opens_one_survey_only(
    db: Session, ballots: Engine, settings: Settings, state: str
) -> None:
    earlier = beside(db, ballots, settings)
    if state != "draft":
        slips = earlier.opened(staff=8)["staff"]
        if state == "closed":
            earlier.close(slips)
    office = drafted(db, ballots, settings)
    before = held(office)
    new, old = made(DEPARTMENT, 2).public, made(DEPARTMENT, 1).public

    for key in (
        old,
        replace(new, sealing=old.sealing),
        replace(new, signing=old.signing),
    ):
        with pytest.raises(KeyOfAnotherSurvey):
            put(office, 1, key.to_json())
    assert held(office) == before
    put(office, 1, new.to_json())


def test_who_is_rated_is_settled_once_slips_are_printed(office: Office) -> None:
    one, other = office.subject_ids
    held = partial(draft_without_slips, ballots=office.ballots)
    remove_subject(office.db, office.survey_id, subject_id=other, held=held)
    slips = office.issued(staff=8)["staff"]

    with pytest.raises(SlipsAreOut):
        add_subjects(office.db, office.survey_id, subject_ids=[other], held=held)
    with pytest.raises(SlipsAreOut):
        remove_subject(office.db, office.survey_id, subject_id=one, held=held)

    void_batch(office.db, office.ballots, slips.batch_id)
    assert (
        add_subjects(office.db, office.survey_id, subject_ids=[other], held=held) == 1
    )


def test_a_key_is_replaced_until_slips_are_printed(office: Office) -> None:
    other = made(DEPARTMENT).public.to_json()
    put(office, 1, other)
    slips = office.issued(staff=8)["staff"]

    with pytest.raises(SlipsAreOut):
        put(office, 1, other)
    with pytest.raises(SlipsAreOut):
        remove_key_holder(office.db, office.ballots, office.survey_id, place=1)

    void_batch(office.db, office.ballots, slips.batch_id)
    remove_key_holder(office.db, office.ballots, office.survey_id, place=1)
    assert len(held(office)) == 1


def test_the_policy_stays_once_batches_were_asked_for_under_it(office: Office) -> None:
    office.request(staff=2, residents=8)

    with pytest.raises(BoxNotReady):
        small_groups(office, "withhold")
    with pytest.raises(NotFound):
        small_groups(office, "forget")

    assert office.db.get_one(Survey, office.survey_id).small_groups == "merge"


def commit(office: Office, *commitments: str) -> int:
    return set_commitments(
        office.db, office.ballots, office.survey_id, commitments=commitments
    )


def test_auditors_bind_themselves_to_a_twentieth_and_at_least_two(
    office: Office,
) -> None:
    ids = [f"{number:064x}" for number in range(5)]
    assert commit(office, *ids[:2]) == 2
    with pytest.raises(FileRefused):
        commit(office, *ids[:3])

    office.request(staff=40, residents=21)

    assert commit(office, *ids[1:4], ids[1]) == 3
    kept = office.db.query(AuditCommitment.commitment).all()
    assert {row.commitment for row in kept} == set(ids[1:4])
    with pytest.raises(FileRefused):
        commit(office, *ids[:4])


def test_every_line_that_is_no_commitment_is_named(office: Office) -> None:
    with pytest.raises(FileRefused) as refusal:
        commit(office, "a" * 64, "A" * 64, "a" * 63, "a" * 64 + "\n")

    assert [fault.where for fault in refusal.value.faults] == [
        "line 2", "line 3", "line 4", "commitments",
    ]  # fmt: skip


def test_after_the_opening_keys_and_rules_stay(office: Office) -> None:
    office.opened(staff=8)
    key = public_keys()[0].to_json()

    for verb in (
        lambda: put(office, 1, key),
        lambda: commit(office, "a" * 64),
        lambda: small_groups(office, "merge"),
    ):
        with pytest.raises(AlreadyOpened):
            verb()
