"""What a ballot rule says to people: one remark for the rule, one for breaking it."""

from collections.abc import Iterable
from dataclasses import dataclass
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
    said = _Said.of(rule, questionnaire, REACH[rule.over])
    if rule.share is None:
        return _counted(rule, said)
    share = in_percent(rule.share.value)
    if rule.kind == BallotRuleKind.AT_MOST:
        return remark(
            "rule-at-most-share", where=said.where, choices=said.choices, share=share
        )
    return remark(
        "rule-at-least-share", where=said.where, choices=said.choices, share=share
    )


def sheet_rule_words(
    one: SheetRule, questionnaire: Questionnaire, *, alone: bool = False
) -> Remark:
    """Return what the rule comes to on its sheet; `alone`: a form about one subject."""
    rule, marks = one.rule, len(one.marks)
    said = _Said.of(rule, questionnaire, ALONE if alone else REACH[rule.over])
    if rule.share is None:
        return _counted(rule, said)
    where, choices, share = said.where, said.choices, in_percent(rule.share.value)
    if rule.kind == BallotRuleKind.AT_LEAST:
        return remark(
            "rule-at-least-rounded",
            where=where,
            choices=choices,
            limit=one.limit,
            share=share,
            marks=marks,
        )
    if rule.share.value * marks < 1:
        return remark(
            "rule-at-most-one", where=where, choices=choices, share=share, marks=marks
        )
    return remark(
        "rule-at-most-rounded",
        where=where,
        choices=choices,
        limit=one.limit,
        share=share,
        marks=marks,
    )


def _counted(rule: BallotRule, said: "_Said") -> Remark:
    """Return what a rule without a share asks for."""
    if rule.kind == BallotRuleKind.NOT_ALL_EQUAL:
        return remark("rule-not-all-equal", where=said.where)
    limit = rule.limit(0)
    if rule.kind == BallotRuleKind.AT_MOST:
        return remark(
            "rule-at-most", where=said.where, choices=said.choices, limit=limit
        )
    return remark("rule-at-least", where=said.where, choices=said.choices, limit=limit)


def broken_words(
    one: SheetRule, questionnaire: Questionnaire, *, used: str, more: str
) -> Remark:
    """Return that the rule is broken, and how to mend it."""
    if one.rule.kind == BallotRuleKind.NOT_ALL_EQUAL:
        return remark("broken-not-all-equal", more=more)
    choices, limit = _Said.of(one.rule, questionnaire, ALONE).choices, one.limit
    if one.rule.kind == BallotRuleKind.AT_MOST:
        return remark(
            "broken-at-most", choices=choices, limit=limit, used=used, more=more
        )
    return remark("broken-at-least", choices=choices, limit=limit, used=used, more=more)


def in_percent(share: Fraction) -> str:
    """Return 3/10 as "30 %", never parted at the end of a line, and 1/3 as it is."""
    percent = share * 100
    return (
        f"{in_digits(percent)}\N{NO-BREAK SPACE}%"
        if 100 % percent.denominator == 0
        else str(share)
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What stands in the gaps of every sentence about a rule."""

    where: Bilingual
    choices: Bilingual

    @classmethod
    def of(
        cls, rule: BallotRule, questionnaire: Questionnaire, reach: Bilingual
    ) -> "_Said":
        """Return the labels of its choices, and how far it reaches."""
        asked = [
            question
            for question in questionnaire.questions
            if not rule.questions or question.key in rule.questions
        ]
        labels = dict.fromkeys(
            label for key in rule.choices for label in _labels(key, asked)
        )
        if rule.questions:
            only = quoted((question.text for question in asked), ", ")
            zh, en = f"{reach.zh}（只计{only.zh}）", f"{reach.en}, for {only.en}"
            reach = Bilingual(zh, en)
        return cls(reach, quoted(labels, " or "))


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
