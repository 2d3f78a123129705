"""From the tally of one survey to the value of its component.

Rater groups are averaged first and then weighted, or pooled as one body of raters;
the two give different numbers, so the scheme says which.
"""

from dataclasses import replace

from survey_app.domain.bilingual import Bilingual
from survey_app.domain.remark import remark
from survey_app.domain.scheme import Grouping, RaterGroup, WhenEmpty
from survey_app.domain.scoring.asked import listed, path
from survey_app.domain.scoring.group_score import Counting, group_score
from survey_app.domain.scoring.named_score import named_score
from survey_app.domain.scoring.weighted_sum import (
    Part,
    Worked,
    node_of,
    summed,
    withheld,
)

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
