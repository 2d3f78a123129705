"""One tally beside what its publication plan lets be shown of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Tally
from survey_app.domain.scheme.scheme import RaterGroup, SurveyRules


@dataclass(frozen=True, slots=True)
class ShownTally:
    """A tally and what of it may be shown; the plan alone decides."""

    rules: SurveyRules
    full: Tally
    plan: SubjectPlan

    @property
    def floor(self) -> int:
        """The fewest people of a rater group that is shown."""
        return self.plan.floors.office

    @property
    def shown(self) -> frozenset[str]:
        """Keys of the rater groups, and POOLED where all together may be shown."""
        return self.plan.shown

    @property
    def together(self) -> bool:
        """Whether the numbers of all rater groups together may be shown."""
        return self.plan.together is not None

    @property
    def small(self) -> tuple[RaterGroup, ...]:
        """The groups somebody answered in whose answers may not be shown."""
        small = set(self.plan.small)
        return tuple(group for group in self.rules.asked if group.key in small)

    @property
    def told(self) -> Tally:
        """The tally without the groups that stay hidden: what scores may rest on."""
        return self.plan.told(self.full)

    def may_show(self, groups: Iterable[str]) -> bool:
        """Return whether numbers about these groups thrown together may be shown.

        They may where they are a sum of shown numbers, or are about everybody.
        """
        asked, small = set(groups), {group.key for group in self.small}
        everybody = asked == {group.key for group in self.rules.asked}
        return not asked & small or (everybody and self.together)
