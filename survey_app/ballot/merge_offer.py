"""What becomes of rater groups that are too small, shown before anybody decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from survey_app.ballot.paper.manifest import MINIMUM_ELIGIBLE
from survey_app.domain.counting.merged_groups import merged_groups
from survey_app.domain.ground.refusals import NotFound, WrongMode
from survey_app.domain.scheme.scheme import RaterGroup
from survey_app.survey.tables import Survey


@dataclass(frozen=True, slots=True)
class OfferedGroup:
    """One rater group of a unit, as it would be counted."""

    key: str
    """Of the group whose ballots it is counted with, its own where it stays alone."""
    of: tuple[str, ...]
    """The groups that are counted together in it, in the scheme's order."""
    eligible: int
    """People."""
    principal: Fraction
    """The groups' weights together, for principal posts and for deputies."""
    deputy: Fraction
    too_small: bool


@dataclass(frozen=True, slots=True)
class MergeOffer:
    """What becomes of the rater groups of one unit."""

    asked: tuple[OfferedGroup, ...]
    """Every group with anybody in it, by itself."""
    merged: tuple[OfferedGroup, ...]
    """The same people after merging along the scheme's order."""

    @property
    def is_needed(self) -> bool:
        """Whether some group is too small by itself."""
        return any(group.too_small for group in self.asked)

    @property
    def is_enough(self) -> bool:
        """Whether after merging no group is too small, and there is one."""
        return bool(self.merged) and not any(g.too_small for g in self.merged)


def merge_offer(
    session: Session, survey_id: int, *, eligible: Mapping[str, int]
) -> MergeOffer:
    """Return what the rater groups of a unit would merge into; nothing is changed.

    `eligible` says how many people belong to each group of the survey's component.
    Raises NotFound, for an unknown group too, or WrongMode.
    """
    survey = session.get(Survey, survey_id)
    if survey is None:
        raise NotFound
    if not survey.is_secret:
        raise WrongMode
    groups = {group.key: group for group in survey.rater_groups}
    if eligible.keys() - groups.keys():
        raise NotFound
    alone = {key: key for key in groups if eligible.get(key, 0) > 0}
    merged = merged_groups(eligible, tuple(groups), at_least=MINIMUM_ELIGIBLE)
    return MergeOffer(
        _offered(alone, groups, eligible), _offered(merged, groups, eligible)
    )


def _offered(
    counted_in: Mapping[str, str],
    groups: Mapping[str, RaterGroup],
    eligible: Mapping[str, int],
) -> tuple[OfferedGroup, ...]:
    """Return the groups that remain, in the scheme's order."""
    return tuple(
        _together(
            key, [groups[g] for g in groups if counted_in.get(g) == key], eligible
        )
        for key in groups
        if key in counted_in.values()
    )


def _together(
    key: str, parts: Sequence[RaterGroup], eligible: Mapping[str, int]
) -> OfferedGroup:
    people = sum(eligible[part.key] for part in parts)
    return OfferedGroup(
        key=key,
        of=tuple(part.key for part in parts),
        eligible=people,
        principal=sum((p.weight.principal.value for p in parts), Fraction()),
        deputy=sum((p.weight.deputy.value for p in parts), Fraction()),
        too_small=people < MINIMUM_ELIGIBLE,
    )
