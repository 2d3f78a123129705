"""Requesting tickets: no group below eight, merged along a rule nobody chooses."""

from fractions import Fraction

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.batches import request_again, request_unit, void_batch
from survey_app.ballot.held_box import noted_merges
from survey_app.ballot.merge_offer import merge_offer
from survey_app.ballot.set_up import set_small_groups
from survey_app.domain.ground.refusals import BoxNotReady, GroupTooSmall, NotFound
from survey_app.settings import Settings
from survey_app.survey.draft import change_days
from tests.support.secret_ballots import FIRST, MAY_1, Office, beside, drafted


@pytest.fixture
def office(db: Session, ballots: Engine, settings: Settings) -> Office:
    """A draft with both keys, beside another with batches of its own."""
    assert beside(db, ballots, settings).request(staff=2, residents=10)
    return drafted(db, ballots, settings)


def small_groups(office: Office, policy: str) -> None:
    set_small_groups(office.db, office.ballots, office.survey_id, policy=policy)


def test_a_batch_holds_numbers_and_who_asked(office: Office) -> None:
    wanted = office.request(staff=8, residents=20)

    batch = office.batch(wanted["residents"])
    assert (batch.eligible, batch.issued, batch.requested_by) == (20, 0, FIRST)
    assert (batch.survey_id, batch.unit_id) == (office.survey_id, office.units[0])
    assert wanted.keys() == {"staff", "residents"}


def test_a_small_group_is_counted_in_its_neighbour_and_that_is_noted(
    office: Office,
) -> None:
    wanted = office.request(staff=1, residents=8)

    assert list(wanted) == ["residents"]
    assert office.batch(wanted["residents"]).eligible == 9
    assert noted_merges(office.box()) == {office.units[0]: {"staff": "residents"}}


def test_each_unit_merges_by_itself(office: Office) -> None:
    office.request(staff=20, residents=3)
    office.request(unit=1, staff=8, residents=8)

    assert noted_merges(office.box()) == {office.units[0]: {"residents": "staff"}}


def test_nobody_in_a_group_means_no_batch_for_it(office: Office) -> None:
    assert list(office.request(staff=0, residents=8)) == ["residents"]
    assert noted_merges(office.box()) == {}


@pytest.mark.parametrize(
    "eligible", [{"staff": 3, "residents": 4}, {"staff": 7}, {"staff": 1}, {}]
)
def test_too_few_people_even_together_are_refused(
    office: Office, eligible: dict[str, int]
) -> None:
    with pytest.raises(GroupTooSmall):
        office.request(**eligible)


def test_withholding_refuses_what_merging_would_mend(office: Office) -> None:
    small_groups(office, "withhold")

    with pytest.raises(GroupTooSmall):
        office.request(staff=7, residents=30)

    assert list(office.request(staff=8, residents=0)) == ["staff"]


def test_the_offer_shows_sizes_and_weights_before_and_after(office: Office) -> None:
    offer = merge_offer(
        office.db, office.survey_id, eligible={"staff": 3, "residents": 6}
    )

    assert [(g.key, g.eligible, g.too_small) for g in offer.asked] == [
        ("staff", 3, True), ("residents", 6, True),
    ]  # fmt: skip
    (together,) = offer.merged
    assert (together.key, together.of) == ("residents", ("staff", "residents"))
    assert (together.eligible, together.principal, together.deputy) == (
        9, Fraction(9), Fraction(9),
    )  # fmt: skip
    assert offer.is_needed
    assert offer.is_enough


def test_an_offer_that_does_not_help_says_so(office: Office) -> None:
    offer = merge_offer(office.db, office.survey_id, eligible={"staff": 7})

    assert offer.is_needed
    assert not offer.is_enough


def test_a_unit_is_asked_once_until_all_its_batches_are_void(office: Office) -> None:
    wanted = office.request(staff=2, residents=8)
    with pytest.raises(BoxNotReady):
        office.request(staff=8, residents=8)

    void_batch(office.db, office.ballots, wanted["residents"])

    assert len(office.request(staff=8, residents=8)) == 2
    assert noted_merges(office.box()) == {}


def again(office: Office, batch_id: str, eligible: int = 9) -> str:
    return request_again(
        office.db, office.ballots, batch_id, eligible=eligible, account=FIRST
    )


def test_a_lost_print_is_requested_again_and_stays_merged(office: Office) -> None:
    lost = office.issued(staff=1, residents=8)["residents"].batch_id
    void_batch(office.db, office.ballots, lost)

    anew = again(office, lost)

    assert anew != lost
    assert office.batch(anew).rater_group == "residents"
    assert noted_merges(office.box()) == {office.units[0]: {"staff": "residents"}}
    assert len(office.issue(anew).codes) == 11


def test_only_a_void_batch_without_successor_is_requested_again(
    office: Office,
) -> None:
    wanted = office.request(staff=8, residents=8)
    with pytest.raises(BoxNotReady):
        again(office, wanted["staff"])

    void_batch(office.db, office.ballots, wanted["staff"])
    with pytest.raises(GroupTooSmall):
        again(office, wanted["staff"], eligible=7)
    again(office, wanted["staff"])
    with pytest.raises(BoxNotReady):
        again(office, wanted["staff"])


def test_a_group_that_was_merged_since_does_not_come_back(office: Office) -> None:
    wanted = office.request(staff=8, residents=8)
    for batch in wanted.values():
        void_batch(office.db, office.ballots, batch)
    office.request(staff=2, residents=8)

    with pytest.raises(BoxNotReady):
        again(office, wanted["staff"])


def test_strange_units_and_groups_are_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        office.request(strangers=9)
    with pytest.raises(NotFound):
        request_unit(
            office.db, office.ballots, office.survey_id,
            unit_id=office.units[1] + 1, eligible={"staff": 9}, account=FIRST,
        )  # fmt: skip


def test_the_box_keeps_step_with_the_days_of_the_survey(office: Office) -> None:
    office.request(staff=8)
    change_days(
        office.db, office.survey_id, opens_on=MAY_1, closes_on=MAY_1.replace(day=3)
    )
    office.request(unit=1, staff=8)

    assert office.box().closes_on == MAY_1.replace(day=3)
