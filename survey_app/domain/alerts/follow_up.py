"""Whether a follow-up survey found something else: two shares, compared honestly.

Only like is compared with like: the same questions, rater groups and denominator, and
numbers that may be shown in both. Where everybody was counted, the shares are what they
are and no test is needed; elsewhere Fisher's exact test asks how often chance alone
would part two groups of equal opinion so far. It proposes; people decide.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from survey_app.domain.alerts.alert import Count
from survey_app.domain.alerts.exact_tests import drawn_tail
from survey_app.domain.alerts.review import ClosedAs
from survey_app.domain.scheme.scheme import Denominator, Design


class Trend(StrEnum):
    """What the comparison says."""

    BETTER = "better"
    WORSE = "worse"
    NO_EVIDENCE = "no-evidence"
    """No evidence of change, which is not evidence that nothing changed."""
    INCOMPARABLE = "incomparable"


class Why(StrEnum):
    """Why two surveys cannot be compared."""

    OTHER_QUESTIONS = "other-questions"
    OTHER_RULE = "other-rule"
    """The rule counts other choices, or the scheme has none of this name."""
    OTHER_DENOMINATOR = "other-denominator"
    OTHER_GROUPS = "other-groups"
    """Other rater groups were asked, or chosen in another way, or merged."""
    NOT_SHOWN = "not-shown"
    """The publication plan of one of the surveys withholds its numbers."""
    NOT_ASKED = "not-asked"
    """The follow-up says nothing about this subject, or nobody answered."""


class Method(StrEnum):
    """How the two shares were compared."""

    FULL_COUNT = "full-count"
    """All were counted both times: no sampling error, the shares are compared."""
    FISHER = "fisher"
    """Fisher's exact test, one-sided each way at one in `inverse_alpha`."""


class Caution(StrEnum):
    """What the test cannot rule out."""

    OPEN = "open"
    """Who answers an open code is nobody's choice: others may have come."""
    SILENT = "silent"
    """Not all members of the roster answered."""


@dataclass(frozen=True, slots=True)
class MeasuredShare:
    """One survey's numbers on the question of an alert."""

    questions: str
    """Fingerprint of the questionnaire."""
    choices: tuple[str, ...]
    """What the rule counts."""
    denominator: Denominator
    groups: tuple[tuple[str, Design], ...]
    """Whose answers are counted, and how those people were chosen."""
    count: Count | None
    """More of its part is worse; None where the plan withholds it."""
    is_full: bool = False
    """Whether everybody of whom the share is taken was counted."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two surveys say together."""

    found: Trend
    why: Why | None = None
    """Only where they cannot be compared."""
    tested: Method | None = None
    caution: Caution | None = None
    before: Count | None = None
    after: Count | None = None
    still_crosses: bool | None = None
    """Whether the share crosses the rule's threshold in the follow-up too."""
    inverse_alpha: int = 0

    @property
    def share_before(self) -> Fraction | None:
        """The exact share of those who objected; None where nothing is compared."""
        return _share(self.before)

    @property
    def share_after(self) -> Fraction | None:
        """The same in the follow-up."""
        return _share(self.after)


def _share(count: Count | None) -> Fraction | None:
    return Fraction(count.part, count.whole) if count and count.whole else None


def compared(
    before: MeasuredShare, after: MeasuredShare | None, *, inverse_alpha: int
) -> Comparison:
    """Return what became of the share, or why nobody can say.

    Whole numbers only. `inverse_alpha` is the rule's: 40 means 2.5 % on either side.
    """
    if after is None:
        return Comparison(Trend.INCOMPARABLE, Why.NOT_ASKED)
    why = _unlike(before, after)
    first, then = before.count, after.count
    if why is not None or first is None or then is None:
        return Comparison(Trend.INCOMPARABLE, why or Why.NOT_SHOWN)
    if not (first.whole and then.whole):
        return Comparison(Trend.INCOMPARABLE, Why.NOT_ASKED)
    is_full = before.is_full and after.is_full
    return Comparison(
        _as_counted(first, then) if is_full else _tested(first, then, inverse_alpha),
        tested=Method.FULL_COUNT if is_full else Method.FISHER,
        caution=None if is_full else _caution(after),
        before=first,
        after=then,
        still_crosses=then.crosses(then.whole),
        inverse_alpha=inverse_alpha,
    )


def proposed_outcome(told: Comparison) -> ClosedAs | None:
    """Return as what the alert could be closed; None where only people can say.

    It is improved where the share fell and crosses no more; fallen and still over the
    threshold is neither. Who rose, or did not fall and is still over, is proposed for
    the scheme's next measure.
    """
    if told.found is Trend.BETTER:
        return None if told.still_crosses else ClosedAs.IMPROVED
    if told.found is Trend.WORSE:
        return ClosedAs.ESCALATED
    if told.found is Trend.NO_EVIDENCE:
        return ClosedAs.ESCALATED if told.still_crosses else ClosedAs.NO_EVIDENCE
    return None


def _unlike(before: MeasuredShare, after: MeasuredShare) -> Why | None:
    """Return the first thing in which the two differ that must be the same."""
    if before.questions != after.questions:
        return Why.OTHER_QUESTIONS
    if set(before.choices) != set(after.choices):
        return Why.OTHER_RULE
    if before.denominator is not after.denominator:
        return Why.OTHER_DENOMINATOR
    if set(before.groups) != set(after.groups):
        return Why.OTHER_GROUPS
    if before.count is None or after.count is None:
        return Why.NOT_SHOWN
    return None


def _as_counted(first: Count, then: Count) -> Trend:
    """Return which of two full counts has the larger share that objects."""
    left, right = first.part * then.whole, then.part * first.whole
    if left == right:
        return Trend.NO_EVIDENCE
    return Trend.BETTER if left > right else Trend.WORSE


def _tested(first: Count, then: Count, inverse_alpha: int) -> Trend:
    """Return what Fisher's exact test finds, on either side."""
    objecting, everybody = first.part + then.part, first.whole + then.whole
    for one, found in ((first, Trend.BETTER), (then, Trend.WORSE)):
        if drawn_tail(one.part, one.whole, objecting, everybody, inverse_alpha):
            return found
    return Trend.NO_EVIDENCE


def _caution(after: MeasuredShare) -> Caution | None:
    """Return what stands beside the test; the weakest group decides."""
    designs = {design for _, design in after.groups}
    if Design.OPEN in designs:
        return Caution.OPEN
    return Caution.SILENT if Design.ROSTER in designs else None
