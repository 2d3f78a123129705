"""Turnout of a survey that has ended, as its publication plan tells it.

While answers come in, everybody of the office may watch the counters. Afterwards they
stand beside results, and a difference of two numbers must not give away a few people.
"""

from dataclasses import dataclass

from survey_app.domain.disclosure.plan import EvaluatedPlan


@dataclass(frozen=True, slots=True)
class EndedTurnout:
    """What may be shown; None: withheld, though not because it is small itself."""

    plan: EvaluatedPlan | None
    """None until somebody closes the survey: then no number is shown at all."""

    @property
    def is_settled(self) -> bool:
        """Whether the survey was closed, so that its numbers are fixed."""
        return self.plan is not None

    @property
    def floor(self) -> int:
        """The fewest people whose number is shown; 0 where no number is."""
        return self.plan.floors.office if self.plan else 0

    @property
    def total(self) -> int | None:
        """All answers, where what the shown parts leave over is 0 or no small group."""
        return self.plan.total if self.plan else None

    def of_group(self, rater_group: str) -> int | None:
        """Return the answers of one rater group where every part of it is shown."""
        return self.plan.of_group(rater_group) if self.plan else None

    def of_cell(self, subject_id: int, rater_group: str) -> int | None:
        """Return one rater group's answers about one subject, where that is shown.

        Not of groups that count as one because each of them is small.
        """
        if self.plan is None:
            return None
        plan = self.plan.of_subject(subject_id)
        if rater_group in {*plan.joined, *plan.joined.values()}:
            return None
        return plan.sizes.get(rater_group, 0)

    def is_small(self, subject_id: int, rater_group: str) -> bool:
        """Return whether somebody answered, but too few to be shown as a number."""
        if self.plan is None:
            return False
        plan = self.plan.of_subject(subject_id)
        return rater_group in {*plan.small, *plan.joined, *plan.joined.values()}
