"""From the answers of one rater group, or of all pooled, to their score."""

from dataclasses import dataclass, replace
from fractions import Fraction

from survey_app.domain.alerts.alert import POOLED
from survey_app.domain.counting.ballots_handed_in import Ballots, failed_conditions
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.disclosure.plan import WHOLE, SubjectPlan
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.stated import Stated, assumed
from survey_app.domain.questionnaire.questionnaire import (
    WITHOUT_POINTS,
    Asked,
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
from survey_app.domain.scoring.score_sheet import Kind
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
    asked: Asked
    plan: SubjectPlan | None = None
    """What may be told of the tally; None: everything."""

    @property
    def is_pooled(self) -> bool:
        """Whether its numbers are about everybody, never about one group."""
        return self.rules.grouping.value is Grouping.POOLED

    @property
    def betrays(self) -> tuple[Remark, ...]:
        """One reason for each small group that the true value would betray.

        Decided by how many they are and never by what they said. Where the plan did
        not reckon with the post, that alone is the reason.
        """
        if self.plan is None:
            return ()
        if not self.plan.foresees(self.post):
            return (remark("post-not-foreseen", where=self.component.label),)
        small = {*self.plan.small} & {*self.plan.blocking}
        return tuple(
            self._of_few("withheld-below-floor", group)
            for group in self.rules.asked
            if group.key in small
            and (self.is_pooled or group.weight.of(self.post).value)
        )

    def silence(self, raters: "Raters | RaterGroup") -> Remark:
        """Return why there are no ratings here: nobody gave one, or too few did."""
        if self.plan is not None and raters.key in self.plan.small:
            return self._of_few("group-below-floor", raters)
        where = path(self.component.label, raters.label)
        return remark("nobody-in-group-rated", where=where)

    def instead(
        self, group: str, question: str, where: Bilingual, answers: int = 0
    ) -> Remark | None:
        """Return what is said in the place of a number; None where it may be told.

        The group may be POOLED, the question WHOLE.
        """
        if self.plan is None or self.plan.tells(group, question):
            return None
        band = self.plan.band(group, question, answers)
        if band is None:
            return remark("gives-way-to-band", where=where)
        most, of = band.more_than, band.of
        return remark("told-as-band", where=where, most=most, answers=of)

    def _of_few(self, key: str, raters: "Raters | RaterGroup") -> Remark:
        where = path(self.component.label, raters.label)
        floor = self.plan.floors.office if self.plan else 0
        return remark(key, where=where, floor=floor)

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


@dataclass(frozen=True, slots=True)
class Raters:
    """One rater group, or all of them thrown together."""

    key: str
    """Of the group, or POOLED."""
    label: Bilingual
    groups: tuple[str, ...]
    minimum: Stated[int]
    """The fewest ratings a mean is taken of."""


def group_score(counting: Counting, raters: Raters) -> Worked:
    """Return the question-weighted mean of what these people answered, together.

    Contradictory counts make it void, whatever the scheme allows to leave out.
    """
    where = path(counting.component.label, raters.label)
    ballots = counting.ballots(raters.groups)
    rosters = counting.ballots(counting.rosters(raters.groups))
    contradictions = _contradictions(counting, where, ballots)
    if any(handed_in.overfull for handed_in in rosters.values()):
        contradictions += (remark("more-returned-than-members", where=where),)
    if contradictions:
        return withheld(*contradictions, void=True)
    if not any(handed_in.valid for handed_in in ballots.values()):
        return withheld(counting.silence(raters))
    worked = _questions(counting, raters, where, ballots)
    failed = failed_conditions(counting.rules.conditions, where, ballots.values())
    if not failed:
        return worked
    return withheld(*failed, *worked.reasons, children=worked.children)


def _questions(
    counting: Counting, raters: Raters, where: Bilingual, ballots: dict[str, Ballots]
) -> Worked:
    """Return the weighted mean over the questions, each told as the plan lets it be."""
    rules, component = counting.rules, counting.component
    weights = dict(rules.question_weights)
    equal = Stated(Fraction(1), published=True)
    parts = []
    for key, handed_in in ballots.items():
        label = counting.asked.question(key)
        place = Place(path(where, label), key, component.source, counting.asked)
        counts = handed_in.counts
        worked = question_mean(rules, counts, raters.minimum, place)
        told_at = path(component.label, label) if counting.is_pooled else place.where
        n = sum(counts.values())
        if said := counting.instead(raters.key, key, told_at, n):
            worked = replace(worked, untold=said, children=())
        node = node_of(
            Kind.QUESTION,
            key,
            label,
            worked,
            source=component.source,
            weight=weights.get(key, equal),
        )
        full_marks = component.full_marks.value
        parts.append(Part(node, full_marks, rules.empty_question, worked))
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
    """Return the value of a survey component, 0 to its full marks, or the reasons.

    Where the true value would betray few people, what is worked out without them is not
    told either: beside the groups that are shown it would be taken for the true one.
    """
    worked = _counted(counting)
    if not (betrays := counting.betrays):
        return worked
    # Of answers thrown together every part is about the few as well.
    children = () if counting.is_pooled else worked.children
    return replace(worked, children=children, untold=betrays[0], betrays=betrays)


def _counted(counting: Counting) -> Worked:
    """Return the value of the groups that may be counted."""
    component, rules = counting.component, counting.rules
    tally = counting.evidence.tallies.get(component.key)
    if tally is None:
        missing = remark("tally-missing", where=component.label)
        return withheld(counting.evidence.waits_for.get(component.key, missing))
    known = {group.key for group in rules.rater_groups}
    strangers = tuple(
        remark("unknown-group", where=component.label, group=key)
        for key in tally
        if key not in known
    )
    if strangers:
        return withheld(*strangers, void=True)
    if counting.is_pooled:
        return _pooled(counting)
    return _averaged(counting)


def _averaged(counting: Counting) -> Worked:
    """Return the weighted mean of the rater groups' scores."""
    component, rules = counting.component, counting.rules
    parts = []
    for group in rules.rater_groups:
        worked = (
            _answered(counting, group) if group.is_asked else _signed(counting, group)
        )
        node = node_of(
            Kind.GROUP,
            group.key,
            group.label,
            worked,
            source=component.source,
            weight=group.weight.of(counting.post),
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


def _answered(counting: Counting, group: RaterGroup) -> Worked:
    """Return the score of a group whose people answer, told as the plan lets it be."""
    minimum = counting.rules.minimum_for(group)
    raters = Raters(group.key, group.label, (group.key,), minimum)
    worked = group_score(counting, raters)
    where = path(counting.component.label, group.label)
    said = counting.instead(group.key, WHOLE, where)
    return replace(worked, untold=said) if said and worked.value is not None else worked


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
    rules = counting.rules
    silent = tuple(
        group
        for group in rules.rater_groups
        if not any(b.valid for b in counting.ballots((group.key,)).values())
    )
    groups = tuple(group.key for group in rules.rater_groups)
    raters = Raters(POOLED, ALL_POOLED, groups, rules.minimum_answers)
    worked = group_score(counting, raters)
    if silent and rules.empty_group.value is WhenEmpty.BLOCK and not worked.void:
        reasons = tuple(counting.silence(group) for group in silent)
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
