"""From the answers of one rater group, or of all pooled, to their score."""

from collections.abc import Hashable, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from survey_app.domain.counting.ballots_handed_in import Ballots, failed_conditions
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.subject_plan import WHOLE, SubjectPlan
from survey_app.domain.counting.tally import heard
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.stated import Stated, assumed
from survey_app.domain.questionnaire.questionnaire import Question, listed, path
from survey_app.domain.scheme.scheme import (
    Component,
    Design,
    Grouping,
    Post,
    RaterGroup,
    SurveyRules,
)
from survey_app.domain.scoring.question_score import AnswerScale, Place, question_mean
from survey_app.domain.scoring.score_sheet import NodeKind
from survey_app.domain.scoring.worked import Part, Worked, no_value, summed

ALIKE = (assumed(Fraction(1)),)
"""What the mean rests on where the scheme is silent about the questions' weights."""
EQUAL = Stated(Fraction(1), published=True)
Scales = MutableMapping[tuple[str, str], AnswerScale]
"""Component and question → what its choices are worth, as far as it was asked for:
one and the same for whoever is judged by the same scheme and questionnaires."""
HandedIn = tuple[Question, Ballots]


@dataclass(frozen=True, slots=True)
class Shared:
    """What sheets by one scheme and the same questionnaires need not work out again."""

    scales: Scales = field(default_factory=dict)
    bodies: MutableMapping[Hashable, Worked] | None = None
    """What the counts about one leading body came to, one and the same for all cadres
    of its unit under equal weights; None: nobody shares it."""


@dataclass(frozen=True, slots=True)
class Counting:
    """One survey component on its way to a value."""

    component: Component
    rules: SurveyRules
    evidence: ScoreInput
    post: Post
    questions: tuple[Question, ...]
    """Those that count, as they are asked."""
    plan: SubjectPlan | None
    """What may be told of the tally; None: everything."""
    scales: Scales = field(default_factory=dict)

    def scale(self, question: Question) -> AnswerScale:
        """Return what the choices of a question are worth."""
        place = self.component.key, question.key
        known = self.scales.get(place)
        if known is None:
            known = self.scales[place] = AnswerScale(
                self.rules,
                question,
                self.component.source,
                self.component.full_marks.value,
            )
        return known

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
        if self.plan.scoreless:
            return (remark("score-would-tell", where=self.component.label),)
        if not self.plan.blocking:
            return ()
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
        self, raters: "Raters | RaterGroup", asked: Question | None = None, n: int = 0
    ) -> Remark | None:
        """Return what is said in the place of a number; None where it may be told.

        The number of n people about a question, or of all they were asked.
        """
        question = asked.key if asked else WHOLE
        if self.plan is None or self.plan.tells(raters.key, question):
            return None
        whose = () if self.is_pooled else (raters.label,)
        what = (asked.text,) if asked else ()
        where = path(self.component.label, *whose, *what)
        band = self.plan.band(raters.key, question, n)
        if band is None:
            if asked is not None and not asked.is_plain:
                return remark("gives-way-to-few", where=where)
            return remark("gives-way-to-band", where=where)
        most, of = band.more_than, band.of
        return remark("told-as-band", where=where, most=most, answers=of)

    def _of_few(self, key: str, raters: "Raters | RaterGroup") -> Remark:
        where = path(self.component.label, raters.label)
        floor = self.plan.floors.office if self.plan else 0
        return remark(key, where=where, floor=floor)

    def ballots(self, groups: tuple[str, ...]) -> list[HandedIn]:
        """Return what these rater groups handed in on each question."""
        key = self.component.key
        return [
            (question, self.evidence.ballots(key, groups, question.key))
            for question in self.questions
        ]


@dataclass(frozen=True, slots=True)
class Raters:
    """One rater group, or all of them thrown together."""

    key: str
    """Of the group, or POOLED."""
    label: Bilingual
    groups: tuple[RaterGroup, ...]
    minimum: Stated[int]
    """The fewest ratings a mean is taken of."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the groups."""
        return tuple(group.key for group in self.groups)

    @property
    def rosters(self) -> tuple[str, ...]:
        """The keys of those whose members are all known."""
        return tuple(g.key for g in self.groups if g.design is Design.ROSTER)


def group_score(counting: Counting, raters: Raters, where: Bilingual) -> Worked:
    """Return the question-weighted mean of what these people answered, together.

    Contradictory counts make it void, whatever the scheme allows to leave out.
    """
    ballots = counting.ballots(raters.keys)
    contradictions = _contradictions(counting, where, ballots)
    rosters = counting.ballots(raters.rosters) if raters.rosters else []
    if any(handed_in.overfull for _, handed_in in rosters):
        contradictions += (remark("more-returned-than-members", where=where),)
    if contradictions:
        return no_value(*contradictions, void=True)
    if not any(handed_in.valid for _, handed_in in ballots):
        return no_value(counting.silence(raters))
    worked = _questions(counting, raters, where, ballots)
    conditions = counting.rules.conditions
    if conditions and (
        failed := failed_conditions(conditions, where, [one for _, one in ballots])
    ):
        return no_value(*failed, *worked.reasons, parts=worked.parts)
    return worked


def _questions(
    counting: Counting,
    raters: Raters,
    where: Bilingual,
    ballots: Sequence[HandedIn],
) -> Worked:
    """Return the weighted mean over the questions, each told as the plan lets it be."""
    rules, component = counting.rules, counting.component
    full_marks, weights = component.full_marks.value, dict(rules.question_weights)
    parts = []
    for question, handed_in in ballots:
        counts = handed_in.counts
        place = Place(where, question, counting.scale(question))
        worked = question_mean(counts, raters.minimum, place)
        if counting.plan and (
            said := counting.instead(raters, question, heard(counts))
        ):
            worked = replace(worked, untold=said, parts=())
        title = NodeKind.QUESTION, question.key, question.text, component.source
        weight = weights.get(question.key, EQUAL)
        parts.append(Part(title, worked, weight, full_marks, rules.empty_question))
    worked = summed(parts, out_of=full_marks, label=where)
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
    counting: Counting, where: Bilingual, ballots: Sequence[HandedIn]
) -> tuple[Remark, ...]:
    """Return every way in which the counts contradict each other."""
    found = []
    for question, handed_in in ballots:
        unknown: list[str] = []
        known = counting.scale(question).known
        if not known.issuperset(handed_in.counts):
            unknown = [choice for choice in handed_in.counts if choice not in known]
        miscounted = handed_in.overcounted
        if unknown or miscounted:
            asked = path(where, question.text)
            found += [
                remark("unknown-choice", where=asked, choice=one) for one in unknown
            ]
            if miscounted:
                found.append(remark("more-counted-than-returned", where=asked))
    if any(handed_in.void for _, handed_in in ballots):
        found.append(remark("more-returned-than-issued", where=where))
    return tuple(found)
