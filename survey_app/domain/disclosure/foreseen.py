"""What could be shown if so many people answered: told before anybody has.

The plan is evaluated on supposed answers, by the very code that will evaluate it on the
true ones, so that the forecast cannot drift from what happens. Whatever is supposed to
be said, all say the same best thing: floors ask only how many they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from survey_app.domain.counting.evidence import NamedRating, ScoreInput
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import (
    Counts,
    Tally,
    Turnout,
    merged_tally,
    people,
)
from survey_app.domain.disclosure.evaluation import Counted, evaluated
from survey_app.domain.disclosure.frozen_plan import Asking, frozen_plan
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark
from survey_app.domain.questionnaire.question import (
    ANSWERED,
    Question,
    QuestionKind,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Post, Scheme, SurveyRules
from survey_app.domain.scoring.score import shown_sheet

ENOUGH = 1000
"""Supposed where nobody said how many are expected."""
ABOUT = 0
WITHHELD = "withheld-below-floor"
"""The reason that says all that "this group is not shown" would say again."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is known of a survey before it opens."""

    component: str
    is_secret: bool
    people: Mapping[str, int]
    """Rater group → how many are expected to answer about one subject."""
    posts: tuple[Post, ...] = (Post.PRINCIPAL,)
    merged: Mapping[str, str] | None = None
    """Rater group → the group it is counted in, of a ballot whose batches say so."""


@dataclass(frozen=True, slots=True)
class ForeseenGroup:
    """One rater group that is asked."""

    label: Bilingual
    people: int | None
    """None: nobody said how many."""
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What could be shown of one survey."""

    floor: int
    groups: tuple[ForeseenGroup, ...]
    blocked: tuple[Remark, ...]
    """Why no score could be formed; empty: it could."""

    @property
    def is_known(self) -> bool:
        """Whether it was said of every group how many are expected."""
        return all(group.people is not None for group in self.groups)

    @property
    def hidden(self) -> tuple[ForeseenGroup, ...]:
        """The groups whose answers could not be shown."""
        return tuple(group for group in self.groups if group.is_hidden)


def foreseen(
    scheme: Scheme, questionnaire: Questionnaire, supposed: Supposed
) -> Foreseen:
    """Return what could be shown; KeyError where the scheme has no such component."""
    key = supposed.component
    scheme = with_merged_groups(scheme, key, supposed.merged or {})
    component = scheme.component(key)
    rules = component.survey
    if rules is None:
        raise KeyError(key)
    tally = _supposed_tally(rules, questionnaire, supposed.people)
    asking = Asking(0, "", key, supposed.is_secret)
    frozen = frozen_plan(asking, scheme, questionnaire, (ABOUT,))
    counted = Counted(ABOUT, tally, scheme, posts=supposed.posts)
    plan = evaluated(frozen, (counted,)).of_subject(ABOUT)
    unseen = {*plan.small, *plan.joined, *plan.joined.values()}
    return Foreseen(
        floor=plan.floors.office,
        groups=tuple(
            ForeseenGroup(
                group.label, supposed.people.get(group.key), group.key in unseen
            )
            for group in rules.asked
        ),
        blocked=_blocked(scheme, questionnaire, supposed, tally, plan),
    )


def _blocked(
    scheme: Scheme,
    questionnaire: Questionnaire,
    supposed: Supposed,
    tally: Tally,
    plan: SubjectPlan,
) -> tuple[Remark, ...]:
    """Return why the component would have no score by the weights of some post."""
    key = supposed.component
    scheme = with_merged_groups(scheme, key, plan.joined)
    component, tally = scheme.component(key), merged_tally(tally, plan.joined)
    alone = replace(scheme, components=(component,))
    evidence = ScoreInput(
        tallies={key: tally},
        turnout={key: _all_came(tally)} if supposed.is_secret else {},
        named={key: signed} if (signed := _all_signed(component.survey)) else {},
    )
    words = {questionnaire.key: questionnaire}
    sheets = (
        shown_sheet(alone, evidence, {key: plan}, post=post, questionnaires=words)
        for post in supposed.posts
    )
    reasons = dict.fromkeys(reason for sheet in sheets for reason in sheet.blocked)
    withheld = {dict(r.figures)["where"] for r in reasons if r.key == WITHHELD}
    return tuple(
        reason
        for reason in reasons
        if reason.key == WITHHELD or dict(reason.figures).get("where") not in withheld
    )


def _supposed_tally(
    rules: SurveyRules, questionnaire: Questionnaire, people: Mapping[str, int]
) -> Tally:
    """Return the tally had everybody expected given every question its best rating."""
    return {
        group.key: {
            question.key: _all_say(question, rules, n)
            for question in questionnaire.questions
        }
        for group in rules.asked
        if (n := people.get(group.key, ENOUGH))
    }


def _all_say(question: Question, rules: SurveyRules, n: int) -> Counts:
    """Return the counts of one question had so many people answered it.

    Numbers from the middle of their band, where a mean has room; see `rooms`.
    """
    if question.kind is QuestionKind.NUMBER:
        band = max(question.number_bands, key=lambda one: one.high - one.low)
        return {str((band.low + band.high) // 2): n}
    if question.kind is QuestionKind.TEXT:
        return {ANSWERED: n}
    if question.kind is QuestionKind.SEVERAL:
        return {ANSWERED: n, question.choices[0].key: n}
    points = {key: one.value for key, one in rules.values_of(question.key)}
    offered = [choice.key for choice in question.choices if choice.rates]
    return {max(offered, key=lambda choice: points.get(choice, Fraction(0))): n}


def _all_came(tally: Tally) -> dict[str, Turnout]:
    """Return the ballots had everybody come who is expected."""
    return {
        group: Turnout(issued=n, returned=n, invalid=0, present=n, membership=n)
        for group, asked in tally.items()
        for n in [max(map(people, asked.values()), default=0)]
    }


def _all_signed(rules: SurveyRules | None) -> dict[str, tuple[NamedRating, ...]]:
    """Return one rating for each group that signs: it needs no more."""
    nobody = NamedRating("", "", Fraction(0), "", "")
    groups = rules.rater_groups if rules else ()
    return {group.key: (nobody,) for group in groups if not group.is_asked}
