"""What may be shown of one tally: which rater groups, and whether all together.

Every question is judged by itself; a group is shown when every question allows it.
Hiding more never betrays anything, so the rule holds for each question still.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from survey_app.domain.alerts.alert import POOLED
from survey_app.domain.disclosure.residual import FLOOR, flat, publishable
from survey_app.domain.scheme import RaterGroup, SurveyRules
from survey_app.domain.tally import Tally


@dataclass(frozen=True, slots=True)
class ShownTally:
    """A tally and what of it may be shown."""

    rules: SurveyRules
    full: Tally
    floor: int
    shown: frozenset[str]
    """Keys of the rater groups, and POOLED where all together may be shown."""

    @property
    def together(self) -> bool:
        """Whether the numbers of all rater groups together may be shown."""
        return POOLED in self.shown

    @property
    def small(self) -> tuple[RaterGroup, ...]:
        """The groups somebody answered in whose answers may not be shown."""
        return tuple(
            group
            for group in self.rules.rater_groups
            if group.key not in self.shown and self.answers(group.key)
        )

    @property
    def hidden(self) -> tuple[RaterGroup, ...]:
        """The groups whose answers may not be shown, those without any included."""
        groups = self.rules.rater_groups
        return tuple(group for group in groups if group.key not in self.shown)

    @property
    def told(self) -> Tally:
        """The tally without the groups that stay hidden: what scores may rest on."""
        small = {group.key for group in self.small}
        return {key: group for key, group in self.full.items() if key not in small}

    def answers(self, group: str) -> int:
        """Return the most answers this group gave to any question."""
        questions = self.full.get(group, {}).values()
        return max((sum(counts.values()) for counts in questions), default=0)

    def may_show(self, groups: Iterable[str]) -> bool:
        """Return whether numbers about these groups thrown together may be shown.

        They may where they are a sum of shown numbers, or are about everybody.
        """
        asked, small = set(groups), {group.key for group in self.small}
        everybody = asked == {group.key for group in self.rules.rater_groups}
        return not asked & small or (everybody and self.together)


def shown_tally(rules: SurveyRules, tally: Tally, *, floor: int = FLOOR) -> ShownTally:
    """Return the tally with the decision what of it may be shown."""
    groups = dict.fromkeys((*(group.key for group in rules.rater_groups), *tally))
    questions = dict.fromkeys(key for group in tally.values() for key in group)
    judged = [
        publishable(
            flat(
                {
                    group: sum(tally.get(group, {}).get(question, {}).values())
                    for group in groups
                },
                POOLED,
            ),
            floor,
        )
        for question in questions
    ]
    shown = frozenset.intersection(*judged) if judged else frozenset()
    return ShownTally(rules, tally, floor, shown)
