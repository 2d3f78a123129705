"""Turnout of a survey that has ended: nothing that would betray a small group.

While answers come in, everybody of the office may watch the counters. Afterwards they
stand beside results, and a difference of two numbers must not give away a few people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey_app.analytics.turnouts import Turnout
from survey_app.domain.disclosure.residual import FLOOR, Group, flat, publishable


@dataclass(frozen=True, slots=True)
class EndedTurnout:
    """What may be shown; None: withheld, though not because it is small itself."""

    turnout: Turnout
    subjects: Sequence[int]
    groups: Sequence[str]

    @property
    def total(self) -> int | None:
        """All answers, where what the shown parts leave over is 0 or no small group."""
        parts = tuple(self._of_subject(subject) for subject in self.subjects)
        whole = Group("survey", parts=parts)
        return whole.n if "survey" in publishable(whole) else None

    def of_group(self, rater_group: str) -> int | None:
        """Return the answers of one rater group where every part of it is shown.

        Only then does the sum say nothing that its parts do not say already.
        """
        counted = self.turnout.by_subject()
        cells = [counted[subject, rater_group] for subject in self.subjects]
        return None if any(map(is_small, cells)) else sum(cells)

    def _of_subject(self, subject: int) -> Group:
        """Return the subject's answers, as the results page groups them."""
        counted = self.turnout.by_subject()
        sizes = {f"{subject} {key}": counted[subject, key] for key in self.groups}
        return flat(sizes, str(subject))


def ended_turnout(
    turnout: Turnout, subjects: Iterable[int], groups: Iterable[str]
) -> EndedTurnout:
    """Return what may be shown of this turnout; subjects by id, groups by key."""
    return EndedTurnout(turnout, tuple(subjects), tuple(groups))


def is_small(count: int) -> bool:
    """Return whether somebody answered, but fewer than the floor."""
    return 0 < count < FLOOR
