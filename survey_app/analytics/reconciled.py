"""The slips of a secret ballot after its opening: whether they add up, and how many.

Read from the counts that the opening left in the main database, added up over the
batches that were counted together. Every number is told: the public papers name it for
every batch (decision 12), and so does the minute.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.ballot.main_tables import BallotCount
from survey_app.domain.counting.tally import Turnout
from survey_app.survey.rated import rated_of


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The slips of one unit's rater group."""

    unit: str
    rater_groups: tuple[str, ...]
    """The groups whose ballots were counted together, in the scheme's order."""
    eligible: int
    issued: int
    voided: int
    challenged: int
    signed: int
    used: int
    outstanding: int
    """issued = used + voided + challenged + outstanding."""
    spoiled: int
    invalid: int
    """Ballots that break a rule. used = counted + spoiled + invalid."""
    is_void: bool
    """Whether it did not add up; then none of its ballots was opened."""


def reconciled(
    session: Session,
    survey_id: int,
    *,
    groups: Sequence[str],
    merged: Mapping[int, Mapping[str, str]],
) -> tuple[Reconciled, ...]:
    """Return the slips by unit code and rater group; empty for an open survey.

    `groups` are the rater groups in the scheme's order, `merged` says for each unit
    which of them were counted in another.
    """
    kept = select(BallotCount).where(BallotCount.survey_id == survey_id)
    units = {one.unit.id: one.unit for one in rated_of(session, survey_id)}
    place = {group: number for number, group in enumerate(groups)}
    together: defaultdict[tuple[str, int, bool, str], list[BallotCount]]
    together = defaultdict(list)
    for count in session.scalars(kept):
        number = place.get(count.rater_group, len(place))
        unit = units[count.unit_id]
        together[unit.code, number, count.void, unit.shown].append(count)
    return tuple(
        _added(name, _counted_as(batches[0], groups, merged), batches)
        for (_, _, _, name), batches in sorted(together.items(), key=lambda one: one[0])
    )


def _counted_as(
    batch: BallotCount, groups: Sequence[str], merged: Mapping[int, Mapping[str, str]]
) -> tuple[str, ...]:
    """Return the groups that were counted in the batch's group."""
    into = merged.get(batch.unit_id, {})
    own = tuple(key for key in groups if into.get(key, key) == batch.rater_group)
    return own or (batch.rater_group,)


def _added(
    unit: str, groups: tuple[str, ...], batches: list[BallotCount]
) -> Reconciled:
    """Return the batches that were counted together as one."""
    used = sum(batch.used for batch in batches)
    issued = sum(batch.issued for batch in batches)
    voided = sum(batch.voided for batch in batches)
    challenged = sum(batch.challenged for batch in batches)
    return Reconciled(
        unit=unit,
        rater_groups=groups,
        eligible=sum(batch.eligible for batch in batches),
        issued=issued,
        voided=voided,
        challenged=challenged,
        signed=sum(batch.signed for batch in batches),
        used=used,
        outstanding=issued - used - voided - challenged,
        spoiled=sum(batch.spoiled for batch in batches),
        invalid=sum(batch.invalid for batch in batches),
        is_void=batches[0].void,
    )


Turnouts = Mapping[tuple[int, int], Mapping[str, Turnout]]
"""(survey, unit) → rater group → what is known about its ballots."""


def turnouts_of_ballots(session: Session, survey_ids: Iterable[int]) -> Turnouts:
    """Return the turnout of secret ballots, for shares and alerts.

    Exact, whatever the floor: who shows it asks the plan first. Void batches give none.
    One statement, none where no survey is named.
    """
    secret = list(survey_ids)
    if not secret:
        return {}
    kept = select(BallotCount).where(
        BallotCount.survey_id.in_(secret), BallotCount.void.is_(False)
    )
    found: defaultdict[tuple[int, int], dict[str, Turnout]] = defaultdict(dict)
    for batch in session.scalars(kept):
        groups = found[batch.survey_id, batch.unit_id]
        groups[batch.rater_group] = _more(groups.get(batch.rater_group), batch)
    return dict(found)


def _more(before: Turnout | None, batch: BallotCount) -> Turnout:
    """Return the turnout with this batch added."""
    own = Turnout(
        issued=batch.issued,
        returned=batch.used,
        invalid=batch.spoiled + batch.invalid,
        present=batch.signed,
        membership=batch.eligible,
    )
    return own if before is None else added_turnouts(before, own)


def merged_turnouts(
    turnouts: Mapping[str, Turnout], merged: Mapping[str, str]
) -> Mapping[str, Turnout]:
    """Return the turnouts of the groups in which these groups are counted."""
    total: dict[str, Turnout] = {}
    for group, turnout in turnouts.items():
        key = merged.get(group, group)
        total[key] = added_turnouts(total[key], turnout) if key in total else turnout
    return total


def added_turnouts(one: Turnout, other: Turnout) -> Turnout:
    """Return both together; of a secret ballot every number is known."""
    return Turnout(
        issued=(one.issued or 0) + (other.issued or 0),
        returned=(one.returned or 0) + (other.returned or 0),
        invalid=(one.invalid or 0) + (other.invalid or 0),
        present=(one.present or 0) + (other.present or 0),
        membership=(one.membership or 0) + (other.membership or 0),
    )
