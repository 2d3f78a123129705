"""Shares of people: every rate of a scheme, exact, with all its denominators."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from survey_app.domain.counting.ballots_handed_in import Ballots
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Counts
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.scheme import POOLED, Component, Denominator, Rate, Scheme


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many people picked certain choices; never points."""

    rate: str
    label: Bilingual
    question: str
    group: str
    """Rater-group key, or POOLED."""
    numerator: int
    denominator_kind: Denominator
    denominators: tuple[tuple[Denominator, int | None], ...]
    """Every denominator, so that the others can stand beside the one that counts."""
    source: Bilingual
    published: bool

    @property
    def denominator(self) -> int | None:
        """The number of ballots the share is taken of; None: not known."""
        return dict(self.denominators)[self.denominator_kind]

    @property
    def value(self) -> Fraction | None:
        """The exact share from 0 to 1, or None while it is taken of nobody."""
        return self.of(self.denominator_kind)

    def of(self, kind: Denominator) -> Fraction | None:
        """Return the share of this denominator instead, or None."""
        whole = dict(self.denominators)[kind]
        return Fraction(self.numerator, whole) if whole else None


def rates_of(scheme: Scheme, evidence: ScoreInput) -> tuple[Share, ...]:
    """Return every rate by question and rater group, and all groups pooled."""
    counted = {
        component: _counted(evidence, scheme.component(component))
        for component in dict.fromkeys(rate.component for rate in scheme.rates)
    }
    return tuple(
        _share(rate, one) for rate in scheme.rates for one in counted[rate.component]
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """What one group handed in on one question, as every rate of it needs it."""

    question: str
    group: str
    counts: Counts
    denominators: tuple[tuple[Denominator, int | None], ...]


def _counted(evidence: ScoreInput, component: Component) -> tuple[_Counted, ...]:
    """Return what was handed in, rating by rating and group by group."""
    others = component.survey.other_valued if component.survey else frozenset()
    return tuple(
        _Counted(question, group, ballots.counts, tuple(ballots.numbers.items()))
        for question in evidence.questions(component.key)
        if question not in others
        for group, ballots in ballots_by_group(evidence, component, question)
    )


def ballots_by_group(
    evidence: ScoreInput, component: Component, question: str
) -> Iterator[tuple[str, Ballots]]:
    """Yield the ballots of each rater group on a question, then all, if several."""
    rules = component.survey
    groups = tuple(group.key for group in rules.rater_groups) if rules else ()
    for group in groups:
        yield group, evidence.ballots(component.key, (group,), question)
    if len(groups) > 1:
        yield POOLED, evidence.ballots(component.key, groups, question)


def _share(rate: Rate, counted: _Counted) -> Share:
    """Return one share of these ballots."""
    return Share(
        rate=rate.key,
        label=rate.label,
        question=counted.question,
        group=counted.group,
        numerator=sum(counted.counts.get(choice, 0) for choice in rate.choices),
        denominator_kind=rate.denominator.value,
        denominators=counted.denominators,
        source=rate.denominator.source or rate.source,
        published=rate.denominator.published,
    )
