"""From the answers of one rater group, or of all pooled, to their score."""

from dataclasses import dataclass, replace
from fractions import Fraction

from survey_app.domain.bilingual import Bilingual
from survey_app.domain.questionnaire import WITHOUT_POINTS
from survey_app.domain.remark import Remark, remark
from survey_app.domain.scheme import (
    Component,
    Design,
    Post,
    SurveyRules,
)
from survey_app.domain.scoring.asked import Asked, listed, path
from survey_app.domain.scoring.ballot_counts import Ballots
from survey_app.domain.scoring.conditions import failed_conditions
from survey_app.domain.scoring.question_score import Place, question_mean
from survey_app.domain.scoring.score_input import ScoreInput
from survey_app.domain.scoring.weighted_sum import (
    Part,
    Worked,
    node_of,
    summed,
    withheld,
)
from survey_app.domain.stated import Stated, assumed

ALIKE = (assumed(Fraction(1)),)
"""What the mean rests on where the scheme is silent about the questions' weights."""


@dataclass(frozen=True, slots=True)
class Counting:
    """One survey component on its way to a value."""

    component: Component
    rules: SurveyRules
    evidence: ScoreInput
    post: Post
    asked: Asked

    def questions(self) -> tuple[str, ...]:
        """Return the questions that count, as they are asked; else as they are told."""
        weighed = tuple(key for key, _ in self.rules.question_weights)
        return self.asked.in_order(
            weighed or self.evidence.questions(self.component.key)
        )

    def rosters(self, groups: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the groups whose members are all known."""
        designs = {group.key: group.design for group in self.rules.rater_groups}
        return tuple(key for key in groups if designs[key] is Design.ROSTER)

    def ballots(self, groups: tuple[str, ...]) -> dict[str, Ballots]:
        """Return question → what these rater groups handed in on it."""
        return {
            question: self.evidence.ballots(self.component.key, groups, question)
            for question in self.questions()
        }


def group_score(
    counting: Counting,
    groups: tuple[str, ...],
    label: Bilingual,
    minimum: Stated[int],
) -> Worked:
    """Return the question-weighted mean of what these groups answered, together.

    Contradictory counts make it void, whatever the scheme allows to leave out.
    """
    where = path(counting.component.label, label)
    ballots = counting.ballots(groups)
    rosters = counting.ballots(counting.rosters(groups))
    contradictions = _contradictions(counting, where, ballots)
    if any(handed_in.overfull for handed_in in rosters.values()):
        contradictions += (remark("more-returned-than-members", where=where),)
    if contradictions:
        return withheld(*contradictions, void=True)
    if not any(handed_in.valid for handed_in in ballots.values()):
        return withheld(remark("nobody-in-group-rated", where=where))
    worked = _questions(counting, where, ballots, minimum)
    failed = failed_conditions(counting.rules.conditions, where, ballots.values())
    if not failed:
        return worked
    return withheld(*failed, *worked.reasons, children=worked.children)


def _questions(
    counting: Counting,
    where: Bilingual,
    ballots: dict[str, Ballots],
    minimum: Stated[int],
) -> Worked:
    """Return the weighted mean over the questions."""
    rules, component = counting.rules, counting.component
    weights = dict(rules.question_weights)
    equal = Stated(Fraction(1), published=True)
    parts = []
    for key, handed_in in ballots.items():
        label = counting.asked.question(key)
        place = Place(path(where, label), key, component.source, counting.asked)
        worked = question_mean(rules, handed_in.counts, minimum, place)
        weight = weights.get(key, equal)
        parts.append(
            Part(
                node_of(key, label, worked, source=component.source, weight=weight),
                full_marks=component.full_marks.value,
                when_empty=rules.empty_question,
                worked=worked,
            )
        )
    worked = summed(parts, out_of=component.full_marks.value, label=where)
    if worked.value is None:
        return worked
    return replace(
        worked,
        rule=_question_rule(worked, stated=bool(weights)),
        relies_on=(*worked.relies_on, *(() if weights or len(parts) == 1 else ALIKE)),
    )


def _question_rule(worked: Worked, *, stated: bool) -> Remark:
    """Return how the questions became one number."""
    if worked.left_out:
        return remark("question-mean-renormalised", left_out=listed(worked.left_out))
    if stated:
        return remark("question-mean")
    return remark("equal-question-mean")


def _contradictions(
    counting: Counting, where: Bilingual, ballots: dict[str, Ballots]
) -> tuple[Remark, ...]:
    """Return every way in which the counts contradict each other."""
    found = []
    known = {choice for choice, _ in counting.rules.values} | set(WITHOUT_POINTS)
    for question, handed_in in ballots.items():
        asked = path(where, counting.asked.question(question))
        found += [
            remark("unknown-choice", where=asked, choice=choice)
            for choice in handed_in.counts
            if choice not in known
        ]
        if handed_in.overcounted:
            found.append(remark("more-counted-than-returned", where=asked))
    if any(handed_in.void for handed_in in ballots.values()):
        found.append(remark("more-returned-than-issued", where=where))
    return tuple(found)
