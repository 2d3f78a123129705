"""A batch that does not add up when its box closes is void, and no other is."""

import pytest

from survey_app.ballot.issue_batch import IssuedSlips
from survey_app.domain.counting.batch_counts import WhyVoid
from tests.support.secret_ballots import Office


@pytest.fixture
def slips(office: Office) -> IssuedSlips:
    """Ten slips of an open ballot."""
    return office.opened(staff=8)["staff"]


def test_more_used_than_signed_for_voids_one_batch_only(
    office: Office, slips: IssuedSlips
) -> None:
    other = next(batch for batch in office.posted() if batch != slips.batch_id)
    office.use(slips.codes[:5])

    closed = office.close(slips, signed=4)

    assert closed[slips.batch_id].because is WhyVoid.MORE_USED_THAN_SIGNED
    assert closed[other].because is None
    assert office.batch(slips.batch_id).state == "void"
    assert office.trackers() == set()


def test_more_signed_than_eligible_voids_one_batch_only(
    office: Office, slips: IssuedSlips
) -> None:
    other = next(batch for batch in office.posted() if batch != slips.batch_id)
    office.use(slips.codes[:5])

    closed = office.close(slips, signed=9)

    assert closed[slips.batch_id].because is WhyVoid.MORE_SIGNED_THAN_ELIGIBLE
    assert closed[other].because is None
    assert office.trackers() == set()


MEDDLING = {
    "a ticket that was not posted": (
        "UPDATE ticket SET digest = :strange WHERE digest = :digest"
    ),
    "a ticket moved to another batch": (
        "UPDATE ticket SET batch_id = :other WHERE digest = :digest"
    ),
    "another number of tickets": (
        "UPDATE batch SET issued = 99 WHERE id = :batch AND :digest <> :strange"
    ),
    "another number of people": (
        "UPDATE batch SET eligible = 9 WHERE id = :batch AND :digest <> :strange"
    ),
    "voided behind the back": (
        "UPDATE batch SET state = 'void' WHERE id = :batch AND :digest <> :strange"
    ),
}


@pytest.mark.parametrize("meddled", MEDDLING)
def test_tickets_that_are_not_the_posted_ones_void_the_batch(
    office: Office, slips: IssuedSlips, meddled: str
) -> None:
    other = next(batch for batch in office.posted() if batch != slips.batch_id)
    office.use(slips.codes[:5])
    statement, values = MEDDLING[meddled], {
        "strange": b"s" * 32, "digest": office.digest(slips.codes[9]),
        "batch": slips.batch_id, "other": other,
    }  # fmt: skip
    office.meddle(statement, {k: v for k, v in values.items() if f":{k}" in statement})

    closed = office.close(slips)

    assert closed[slips.batch_id].because is WhyVoid.TICKETS_CHANGED
    assert office.trackers() == set()


def test_a_batch_that_was_never_posted_is_void(
    office: Office, slips: IssuedSlips
) -> None:
    office.meddle(
        "INSERT INTO batch (id, survey_id, unit_id, rater_group, eligible, issued,"
        " state, requested_by) VALUES ('new', :survey, 1, 'staff', 8, 9, 'issued', '')",
        {"survey": office.survey_id},
    )
    office.use(slips.codes[:1])
    office.meddle(
        "UPDATE ticket SET batch_id = 'new' WHERE digest = :digest",
        {"digest": office.digest(slips.codes[0])},
    )

    closed = office.close(slips)

    assert closed["new"].because is WhyVoid.MORE_USED_THAN_SIGNED
    assert office.trackers() == set()


def test_the_same_envelope_twice_does_not_keep_the_box_open(
    office: Office, slips: IssuedSlips
) -> None:
    (sealed,) = office.use(slips.codes[:1])
    office.use(slips.codes[1:2])
    office.meddle(
        "UPDATE ticket SET envelope = :sealed WHERE digest = :digest",
        {"sealed": sealed, "digest": office.digest(slips.codes[1])},
    )

    closed = office.close(slips)[slips.batch_id]

    assert (closed.used, closed.because) == (2, WhyVoid.BALLOTS_CHANGED)
    assert office.trackers() == set()
