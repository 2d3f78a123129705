"""Request and void batches: how many of a unit and rater group may answer.

Only numbers come here; the names stay on the paper list that is signed. A batch that
was requested is issued by another account.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from survey_app.accounts.change_password import refuse_given
from survey_app.accounts.second_person import given_so_far
from survey_app.ballot.held_box import (
    REQUESTED,
    VOIDED,
    batches_of,
    held_draft,
    issuing_box,
    kept_box,
    note_merges,
    noted_merges,
    subjects_by_unit,
    survey_of_batch,
)
from survey_app.ballot.merge_offer import merge_offer
from survey_app.ballot.paper.manifest import MINIMUM_ELIGIBLE
from survey_app.ballot.tables import Batch
from survey_app.ballot.tickets import Ticket
from survey_app.domain.ground.refusals import BoxNotReady, GroupTooSmall, NotFound
from survey_app.survey.tables import MERGE, Survey


def void_batch(session: Session, ballots: Engine, batch_id: str) -> None:
    """Delete the tickets of the batch for good; a new one may then be requested.

    A batch that is void is void already. Raises NotFound, AlreadyOpened, BoxNotReady
    or WrongMode.
    """
    survey_id = survey_of_batch(ballots, batch_id)
    with held_draft(session, survey_id) as survey, kept_box(ballots) as box_session:
        issuing_box(box_session, survey)
        batch = box_session.get_one(Batch, batch_id, with_for_update=True)
        box_session.execute(delete(Ticket).where(Ticket.batch_id == batch_id))
        batch.state = VOIDED


@dataclass(frozen=True, slots=True)
class _AskedBy:
    """Who asked, and which passwords and confirmations had been given until then."""

    account: str
    passwords_given: int


def request_unit(
    session: Session,
    ballots: Engine,
    survey_id: int,
    *,
    unit_id: int,
    eligible: Mapping[str, int],
    account: str,
) -> dict[str, str]:
    """Return group → id of the new batch, for all groups of one unit in one go.

    Under the policy "merge" too small groups are merged along the scheme's order, and
    a batch carries the group it is counted in; what was merged is noted in the box. A
    group without people gets no batch. Raises GroupTooSmall where a group stays below
    8 people after that, or at once under "withhold"; PasswordStillGiven while another
    account gave the asking one its password; BoxNotReady while the unit has a
    batch; NotFound for an unknown survey or group, or a unit without a subject in the
    survey; AlreadyOpened, WrongMode.
    """
    with held_draft(session, survey_id) as survey:
        refuse_given(session, account)
        _refuse_strange(survey, unit_id, eligible)
        offer = merge_offer(session, survey_id, eligible=eligible)
        wanted = offer.merged if survey.small_groups == MERGE else offer.asked
        if not wanted or any(group.too_small for group in wanted):
            raise GroupTooSmall
        with kept_box(ballots) as box_session:
            box = issuing_box(box_session, survey)
            if _live(box_session, survey_id, unit_id):
                raise BoxNotReady
            note_merges(box, unit_id, {g: one.key for one in wanted for g in one.of})
            asked = _AskedBy(account, given_so_far(session))
            made = {
                group.key: _new_batch(
                    survey_id, unit_id, group.key, group.eligible, asked
                )
                for group in wanted
            }
            box_session.add_all(made.values())
            return {key: batch.id for key, batch in made.items()}


def request_again(
    session: Session, ballots: Engine, batch_id: str, *, eligible: int, account: str
) -> str:
    """Return the id of the batch that takes the place of a void one.

    It is of the same unit and group; `eligible` are the people of all groups merged in
    it. Raises GroupTooSmall below 8 people; PasswordStillGiven; BoxNotReady for a batch
    that is not void, or where its group has another by now or is counted in another
    group; NotFound, AlreadyOpened, WrongMode.
    """
    survey_id = survey_of_batch(ballots, batch_id)
    with held_draft(session, survey_id) as survey:
        refuse_given(session, account)
        if eligible < MINIMUM_ELIGIBLE:
            raise GroupTooSmall
        with kept_box(ballots) as box_session:
            box = issuing_box(box_session, survey)
            void = box_session.get_one(Batch, batch_id)
            unit_id, group = void.unit_id, void.rater_group
            _refuse_strange(survey, unit_id, (group,))
            merged_away = noted_merges(box).get(unit_id, {})
            if {group} & (_live(box_session, survey_id, unit_id) | merged_away.keys()):
                raise BoxNotReady
            asked = _AskedBy(account, given_so_far(session))
            batch = _new_batch(survey_id, unit_id, group, eligible, asked)
            box_session.add(batch)
            return batch.id


def _refuse_strange(survey: Survey, unit_id: int, groups: Collection[str]) -> None:
    """Raise NotFound for a unit nobody is rated in or a group nobody asks."""
    known = survey.group_labels.keys()
    if unit_id not in subjects_by_unit(survey) or set(groups) - known:
        raise NotFound


def _live(box_session: Session, survey_id: int, unit_id: int) -> set[str]:
    """Return the groups of the unit that have a batch."""
    batches = batches_of(box_session, survey_id)
    return {batch.rater_group for batch in batches if batch.unit_id == unit_id}


def _new_batch(
    survey_id: int, unit_id: int, group: str, eligible: int, asked: _AskedBy
) -> Batch:
    return Batch(
        id=secrets.token_hex(16),
        survey_id=survey_id,
        unit_id=unit_id,
        rater_group=group,
        eligible=eligible,
        state=REQUESTED,
        requested_by=asked.account,
        passwords_given=asked.passwords_given,
    )
