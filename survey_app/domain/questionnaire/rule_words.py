"""What a ballot rule says to people: one remark for the rule, one for breaking it."""

from collections.abc import Iterable
from fractions import Fraction

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.questionnaire.ballot_rules import (
    BallotRule,
    BallotRuleKind,
    Over,
    SheetRule,
)
from survey_app.domain.questionnaire.questionnaire import Question, Questionnaire

REACH = {
    Over.BALLOT: Bilingual("全表", "On the whole form"),
    Over.SUBJECT: Bilingual("对每一评价对象", "For each of those rated"),
}
ALONE = Bilingual("本表", "On this form")
"""Of a form about one subject, which need not be told from the whole."""


def rule_words(rule: BallotRule, questionnaire: Questionnaire) -> Remark:
    """Return what the rule asks for, on whatever sheet."""
    figures = _figures(rule, questionnaire, REACH[rule.over])
    if rule.share is None:
        return remark(f"rule-{rule.kind}", **figures)
    return remark(
        f"rule-{rule.kind}-share", **figures, share=in_percent(rule.share.value)
    )


def sheet_rule_words(
    one: SheetRule, questionnaire: Questionnaire, *, alone: bool = False
) -> Remark:
    """Return what the rule comes to on its sheet; `alone`: a form about one subject."""
    rule = one.rule
    reach = ALONE if alone else REACH[rule.over]
    figures = _figures(rule, questionnaire, reach) | {"limit": str(one.limit)}
    if rule.share is None:
        return remark(f"rule-{rule.kind}", **figures)
    share = rule.share.value
    one_anyway = share * len(one.marks) < 1 and rule.kind == BallotRuleKind.AT_MOST
    return remark(
        f"rule-{rule.kind}-{'one' if one_anyway else 'rounded'}",
        **figures,
        share=in_percent(share),
        marks=str(len(one.marks)),
    )


def broken_words(
    one: SheetRule, questionnaire: Questionnaire, *, used: str, more: str
) -> Remark:
    """Return that the rule is broken, and how to mend it."""
    figures = _figures(one.rule, questionnaire, ALONE) | {"limit": str(one.limit)}
    return remark(f"broken-{one.rule.kind}", **figures, used=used, more=more)


def in_percent(share: Fraction) -> str:
    """Return 3/10 as "30 %", never parted at the end of a line, and 1/3 as it is."""
    percent = share * 100
    return (
        f"{in_digits(percent)}\N{NO-BREAK SPACE}%"
        if 100 % percent.denominator == 0
        else str(share)
    )


def _figures(
    rule: BallotRule, questionnaire: Questionnaire, reach: Bilingual
) -> dict[str, str | Bilingual]:
    """Return what stands in the gaps of every sentence about this rule."""
    asked = [
        question
        for question in questionnaire.questions
        if not rule.questions or question.key in rule.questions
    ]
    texts = [question.text for question in asked] if rule.questions else []
    labels = dict.fromkeys(
        label for key in rule.choices for label in _labels(key, asked)
    )
    chosen, only = quoted(labels, " or "), quoted(texts, ", ")
    if texts:
        reach = Bilingual(f"{reach.zh}（只计{only.zh}）", f"{reach.en}, for {only.en}")
    limit = "" if rule.count is None else str(rule.count.value)
    return {"where": reach, "choices": chosen, "limit": limit}


def _labels(choice: str, asked: Iterable[Question]) -> list[Bilingual]:
    """Return what the questions call a choice; its key where none offers it."""
    found = [one.label for q in asked for one in q.choices if one.key == choice]
    return found or [Bilingual(choice, choice)]


def quoted(texts: Iterable[Bilingual], between: str) -> Bilingual:
    """Return the texts in quotation marks, one after the other."""
    kept = tuple(texts)
    return Bilingual(
        "".join(f"“{text.zh}”" for text in kept),
        between.join(f"“{text.en}”" for text in kept),
    )
