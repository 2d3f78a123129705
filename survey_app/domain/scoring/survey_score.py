"""From the tally of one survey to the value of its component.

Rater groups are averaged first and then weighted, or pooled as one body of raters;
the two give different numbers, so the scheme says which. What must not be told of a
tally comes in with it: a number that gives way is worked with and never shown.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from survey_app.domain.counting.evidence import NamedRating
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import remark
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.questionnaire.questionnaire import listed, path
from survey_app.domain.scheme.scheme import POOLED, RaterGroup, WhenEmpty
from survey_app.domain.scoring.group_score import Counting, Raters, group_score
from survey_app.domain.scoring.score_sheet import Node, NodeKind
from survey_app.domain.scoring.worked import Part, Worked, no_value, summed

ALL_POOLED = Bilingual("全部测评主体合计", "all rater groups together")
SIGNED_WHOLE = ""
"""Stands for the rater group where a whole component consists of named ratings."""


def survey_score(counting: Counting) -> Worked:
    """Return the value of a survey component, 0 to its full marks, or the reasons.

    Where the true value would betray few people, what is worked out without them is not
    told either: beside the groups that are shown it would be taken for the true one.
    """
    worked = _counted(counting)
    if counting.plan is None or not (betrays := counting.betrays):
        return worked
    # Of answers thrown together every part is about the few as well.
    parts = () if counting.is_pooled else worked.parts
    return replace(worked, parts=parts, untold=betrays[0], betrays=betrays)


def _counted(counting: Counting) -> Worked:
    """Return the value of the groups that may be counted."""
    component, rules = counting.component, counting.rules
    tally = counting.evidence.tallies.get(component.key)
    if tally is None:
        missing = remark("tally-missing", where=component.label)
        return no_value(counting.evidence.waits_for.get(component.key, missing))
    known = {group.key for group in rules.rater_groups}
    strangers = tuple(
        remark("unknown-group", where=component.label, group=key)
        for key in tally
        if key not in known
    )
    if strangers:
        return no_value(*strangers, void=True)
    return _pooled(counting) if counting.is_pooled else _averaged(counting)


def _averaged(counting: Counting) -> Worked:
    """Return the weighted mean of the rater groups' scores."""
    component, rules = counting.component, counting.rules
    full_marks = component.full_marks.value
    parts = [
        Part(
            (NodeKind.GROUP, group.key, group.label, component.source),
            _of_group(counting, group),
            group.weight.of(counting.post),
            full_marks,
            rules.empty_group,
        )
        for group in rules.rater_groups
    ]
    worked = summed(parts, out_of=full_marks, label=component.label)
    if worked.value is None:
        return worked
    rule = remark("group-mean")
    if worked.left_out:
        rule = remark("group-mean-renormalised", left_out=listed(worked.left_out))
    # Of a single group the mean and the pool are the same.
    grouping = (rules.grouping,) if len(parts) > 1 else ()
    return replace(worked, rule=rule, relies_on=(*grouping, *worked.relies_on))


def _of_group(counting: Counting, group: RaterGroup) -> Worked:
    """Return the score of one group: of its answers, or of what its people signed."""
    component = counting.component
    where = path(component.label, group.label)
    if not group.is_asked:
        signed = counting.evidence.named.get(component.key, {}).get(group.key, ())
        return named_score(signed, where, component.full_marks.value)
    minimum = counting.rules.minimum_for(group)
    raters = Raters(group.key, group.label, (group,), minimum)
    worked = group_score(counting, raters, where)
    if worked.value is None or counting.plan is None:
        return worked
    said = counting.instead(group)
    return replace(worked, untold=said) if said else worked


def _pooled(counting: Counting) -> Worked:
    """Return the score of all answers thrown together; the groups' weights rest.

    A group without ratings blocks or is passed over, exactly as when averaging.
    """
    rules = counting.rules
    silent = tuple(
        group
        for group in rules.rater_groups
        if not any(handed.valid for _, handed in counting.ballots((group.key,)))
    )
    raters = Raters(POOLED, ALL_POOLED, rules.rater_groups, rules.minimum_answers)
    where = path(counting.component.label, ALL_POOLED)
    worked = group_score(counting, raters, where)
    if silent and rules.empty_group.value is WhenEmpty.BLOCK and not worked.void:
        reasons = tuple(counting.silence(group) for group in silent)
        return no_value(*reasons, *worked.reasons, parts=worked.parts)
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


def named_score(
    ratings: Sequence[NamedRating], where: Bilingual, full_marks: Fraction
) -> Worked:
    """Return the mean of the points; without a rating, or beyond the scale, none."""
    if not ratings:
        return no_value(remark("no-named-rating", where=where))
    for rating in ratings:
        if not 0 <= rating.points <= full_marks:
            reason = remark(
                "value-out-of-range",
                where=where,
                value=in_digits(rating.points),
                out_of=in_digits(full_marks),
            )
            return no_value(reason, void=True)
    parts = tuple(
        _node(number, rating, len(ratings))
        for number, rating in enumerate(ratings, start=1)
    )
    value = sum((rating.points for rating in ratings), Fraction(0)) / len(ratings)
    rule = remark("named-mean", ratings=len(ratings), out_of=in_digits(full_marks))
    return Worked(value, rule, parts)


def _node(number: int, rating: NamedRating, among: int) -> Node:
    """Return one rating; whoever signed it is its name."""
    who, capacity = rating.rater, rating.capacity
    node = Node(
        kind=NodeKind.RATING,
        key=f"named-{number}",
        label=Bilingual(f"{who}（{capacity}）", f"{who} ({capacity})"),
        value=rating.points,
        weight=None,
        rule=remark("named-rating", reason=rating.reason),
        source=Bilingual(rating.source, rating.source),
    )
    return replace(node, contribution=rating.points / among)
