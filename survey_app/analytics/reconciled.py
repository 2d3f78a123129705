"""The slips of a secret ballot after its opening: whether they add up, and how many.

Read from the counts that the opening left in the main database, added up over the
batches that were counted together. Every number is told: the public papers name it for
every batch (decision 12), and so does the minute.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.appraisal.rated import RatedUnit
from survey_app.ballot.main_tables import BallotCount
from survey_app.domain.counting.batch_counts import BatchCounts, together
from survey_app.domain.counting.merged_groups import Merged, counted_together
from survey_app.domain.counting.tally import Turnouts, added_turnouts


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled(BatchCounts):
    """The slips of one unit's rater group."""

    unit: str
    rater_groups: tuple[str, ...]
    """The groups whose ballots were counted together, in the scheme's order."""


def reconciled(
    session: Session,
    survey_id: int,
    *,
    groups: Sequence[str],
    merged: Merged,
    units: Mapping[int, RatedUnit],
) -> tuple[Reconciled, ...]:
    """Return the slips of these units by code and rater group; empty for open surveys.

    `groups` are the rater groups in the scheme's order, `merged` says for each unit
    which of them were counted in another.
    """
    kept = select(BallotCount).where(
        BallotCount.survey_id == survey_id, BallotCount.unit_id.in_(units)
    )
    place = {group: number for number, group in enumerate(groups)}
    alike: defaultdict[tuple[str, int, bool, str], list[BallotCount]]
    alike = defaultdict(list)
    for count in session.scalars(kept):
        number = place.get(count.rater_group, len(place))
        unit = units[count.unit_id]
        alike[unit.code, number, count.void, unit.shown].append(count)
    return tuple(
        Reconciled(
            unit=name,
            rater_groups=counted_together(
                batches[0].rater_group, groups, merged.get(batches[0].unit_id, {})
            ),
            **asdict(together([batch.counts for batch in batches])),
        )
        for (_, _, _, name), batches in sorted(alike.items(), key=lambda one: one[0])
    )


TurnoutsOfUnits = Mapping[tuple[int, int], Turnouts]
"""(survey, unit) → rater group → what is known about its ballots."""


def turnouts_of_ballots(
    session: Session,
    survey_ids: Iterable[int],
    *,
    unit_ids: Collection[int] | None = None,
) -> TurnoutsOfUnits:
    """Return the turnout of secret ballots, for shares and alerts; of some units only.

    Exact, whatever the floor: who shows it asks the plan first. Void batches give none.
    One statement, none where no survey is named.
    """
    secret = list(survey_ids)
    if not secret:
        return {}
    kept = select(BallotCount).where(
        BallotCount.survey_id.in_(secret), BallotCount.void.is_(False)
    )
    if unit_ids is not None:
        kept = kept.where(BallotCount.unit_id.in_(unit_ids))
    found: defaultdict[tuple[int, int], list[Turnouts]] = defaultdict(list)
    for batch in session.scalars(kept):
        own = {batch.rater_group: batch.counts.turnout}
        found[batch.survey_id, batch.unit_id].append(own)
    return {place: added_turnouts(several, {}) for place, several in found.items()}
