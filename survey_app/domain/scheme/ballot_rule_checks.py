"""Ballot rules that nobody could obey, or that ask for nothing."""

from collections.abc import Iterator
from fractions import Fraction

from survey_app.domain.ground.file_faults import Fault, FaultList, nearest
from survey_app.domain.questionnaire.ballot_rules import (
    BallotRule,
    BallotRuleKind,
    sheet_rules,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import SurveyRules


def ballot_rule_faults(
    place: str, rules: SurveyRules, faults: FaultList
) -> Iterator[Fault]:
    """Yield rules about choices without points, and rules nobody could live with."""
    known = rules.points()
    for n, rule in enumerate(rules.ballot_rules):
        where = f"{place}.ballot_rules[{n}]"
        yield from unknown_choices(f"{where}.choices", rule.choices, known, faults)
        if faults.doubts(where):
            continue
        yield from idle_rule_faults(where, rule, known)
        for m, other in enumerate(rules.ballot_rules):
            if n != m and not faults.doubts(f"{place}.ballot_rules[{m}]"):
                yield from rule_against_rule(where, rule, n, other, m)


def idle_rule_faults(
    where: str, rule: BallotRule, known: dict[str, Fraction]
) -> Iterator[Fault]:
    """Yield a number that forbids a choice altogether, limits or asks for nothing."""
    caps = rule.kind == BallotRuleKind.AT_MOST
    if rule.count is not None and rule.count.value == 0:
        wrong = "forbids what the questionnaire offers" if caps else "asks for nothing"
        yield Fault(f"{where}.count", wrong, "write 1 or more")
    if rule.share is not None and rule.share.value == 0:
        wrong = "forbids what the questionnaire offers" if caps else "asks for nothing"
        yield Fault(f"{where}.share", wrong, "write a share above 0 and below 1")
    if rule.share is not None and rule.share.value == 1 and caps:
        instead = "write a share above 0 and below 1"
        yield Fault(f"{where}.share", "limits nothing", instead)
    if rule.kind == BallotRuleKind.AT_LEAST and set(rule.choices) == set(known):
        wrong = "names every rating, so every ballot obeys"
        yield Fault(f"{where}.choices", wrong, "leave out one or more")


def rule_against_rule(
    where: str, rule: BallotRule, n: int, other: BallotRule, m: int
) -> Iterator[Fault]:
    """Yield a rule that is written twice, and a minimum above a cap."""
    same = (rule.kind, rule.choices, rule.questions, rule.over) == (
        other.kind, other.choices, other.questions, other.over,
    )  # fmt: skip
    if same and m < n:
        wrong = f"asks the same as ballot_rules[{m}]"
        yield Fault(where, wrong, "keep one of the two")
    if contradicts(rule, other):
        yield Fault(
            where,
            f"asks for more of these than ballot_rules[{m}] allows",
            "lower this number, or raise that one",
        )


def contradicts(rule: BallotRule, cap: BallotRule) -> bool:
    """Return whether no ballot with a rating obeys both, whatever it is about."""
    kinds = rule.kind, cap.kind
    if kinds != (BallotRuleKind.AT_LEAST, BallotRuleKind.AT_MOST):
        return False
    among = set(rule.choices) <= set(cap.choices)
    alike = (rule.questions, rule.over) == (cap.questions, cap.over)
    if rule.count is not None and cap.count is not None:
        return among and alike and rule.count.value > cap.count.value
    if rule.share is not None and cap.share is not None:
        return among and alike and rule.share.value > cap.share.value
    return False


def unknown_choices(
    where: str, named: tuple[str, ...], known: dict[str, Fraction], faults: FaultList
) -> Iterator[Fault]:
    """Yield every named choice that is not among the known ones."""
    if faults.doubts(where):
        return
    for choice in named:
        if choice not in known:
            yield Fault(where, f'there is no choice "{choice}"', nearest(choice, known))


def ballot_rule_fit_faults(
    place: str, rules: SurveyRules, questionnaire: Questionnaire
) -> Iterator[Fault]:
    """Yield questions nobody asks, and a minimum of more marks than there are."""
    known = [question.key for question in questionnaire.ratings]
    for n, rule in enumerate(rules.ballot_rules):
        for key in rule.questions:
            if key not in known:
                wrong = f'there is no question "{key}" in "{questionnaire.key}"'
                yield Fault(f"{place}[{n}].questions", wrong, nearest(key, known))
        for one in sheet_rules([rule], (0,), known):
            if one.subject is not None and not one.can_be_obeyed:
                wrong = f"asks for {one.limit} of {len(one.marks)} marks"
                yield Fault(f"{place}[{n}].count", wrong, "lower it")
