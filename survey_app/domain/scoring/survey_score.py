"""From the answers of one rater group, or of all pooled, to their score."""

from dataclasses import dataclass, replace
from fractions import Fraction

from survey_app.domain.counting.ballots_handed_in import Ballots, failed_conditions
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.stated import Stated, assumed
from survey_app.domain.questionnaire.questionnaire import (
    WITHOUT_POINTS,
    Labels,
    listed,
    path,
)
from survey_app.domain.scheme.scheme import (
    Component,
    Design,
    Grouping,
    Post,
    RaterGroup,
    SurveyRules,
    WhenEmpty,
)
from survey_app.domain.scoring.named_score import named_score
from survey_app.domain.scoring.question_score import Place, question_mean
from survey_app.domain.scoring.weighted_sum import (
    Part,
    Worked,
    node_of,
    summed,
    withheld,
)

ALIKE = (assumed(Fraction(1)),)
"""What the mean rests on where the scheme is silent about the questions' weights."""


@dataclass(frozen=True, slots=True)
class Counting:
    """One survey component on its way to a value."""

    component: Component
    rules: SurveyRules
    evidence: ScoreInput
    post: Post
    asked: Labels

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


ALL_POOLED = Bilingual("全部测评主体合计", "all rater groups together")


def survey_score(counting: Counting) -> Worked:
    """Return the value of a survey component, 0 to its full marks, or the reasons."""
    component, rules = counting.component, counting.rules
    tally = counting.evidence.tallies.get(component.key)
    if tally is None:
        return withheld(remark("tally-missing", where=component.label))
    known = {group.key for group in rules.rater_groups}
    strangers = tuple(
        remark("unknown-group", where=component.label, group=key)
        for key in tally
        if key not in known
    )
    if strangers:
        return withheld(*strangers, void=True)
    if rules.grouping.value is Grouping.POOLED:
        return _pooled(counting)
    return _averaged(counting)


def _averaged(counting: Counting) -> Worked:
    """Return the weighted mean of the rater groups' scores."""
    component, rules = counting.component, counting.rules
    parts = []
    for group in rules.rater_groups:
        minimum = rules.minimum_for(group)
        worked = (
            group_score(counting, (group.key,), group.label, minimum)
            if group.is_asked
            else _signed(counting, group)
        )
        weight = group.weight.of(counting.post)
        node = node_of(
            group.key, group.label, worked, source=component.source, weight=weight
        )
        full_marks = component.full_marks.value
        parts.append(Part(node, full_marks, rules.empty_group, worked))
    worked = summed(parts, out_of=component.full_marks.value, label=component.label)
    if worked.value is None:
        return worked
    rule = remark("group-mean")
    if worked.left_out:
        rule = remark("group-mean-renormalised", left_out=listed(worked.left_out))
    # Of a single group the mean and the pool are the same.
    grouping = (rules.grouping,) if len(parts) > 1 else ()
    return replace(worked, rule=rule, relies_on=(*grouping, *worked.relies_on))


def _signed(counting: Counting, group: RaterGroup) -> Worked:
    """Return the score of a group whose people sign what they say."""
    component = counting.component
    named = counting.evidence.named.get(component.key, {})
    where = path(component.label, group.label)
    return named_score(named.get(group.key, ()), where, component.full_marks.value)


def _pooled(counting: Counting) -> Worked:
    """Return the score of all answers thrown together; the groups' weights rest.

    A group without ratings blocks or is passed over, exactly as when averaging.
    """
    component, rules = counting.component, counting.rules
    silent = tuple(
        group
        for group in rules.rater_groups
        if not any(b.valid for b in counting.ballots((group.key,)).values())
    )
    groups = tuple(group.key for group in rules.rater_groups)
    worked = group_score(counting, groups, ALL_POOLED, rules.minimum_answers)
    if silent and rules.empty_group.value is WhenEmpty.BLOCK and not worked.void:
        reasons = tuple(
            remark("nobody-in-group-rated", where=path(component.label, group.label))
            for group in silent
        )
        return withheld(*reasons, *worked.reasons, children=worked.children)
    if worked.value is None:
        return worked
    settings = (rules.grouping, *worked.relies_on)
    if not silent:
        return replace(worked, rule=remark("pooled-mean"), relies_on=settings)
    left_out = listed(tuple(group.label for group in silent))
    return replace(
        worked,
        rule=remark("pooled-mean-without-group", left_out=left_out),
        relies_on=(*settings, rules.empty_group),
    )
