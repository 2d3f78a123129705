"""What the settings of a scheme, and the words they may have, are called by people."""

from collections.abc import Mapping
from enum import StrEnum

from survey_app.domain.ground.marked import message
from survey_app.domain.questionnaire.ballot_rules import BallotRuleKind, Over
from survey_app.domain.scheme.alert_watch import AlertKind
from survey_app.domain.scheme.floors import Papers, SmallGroups
from survey_app.domain.scheme.review_rules import DaysOf, Measure, TakesTwo
from survey_app.domain.scheme.scheme import (
    Comparator,
    ComponentKind,
    CountsAs,
    Denominator,
    Design,
    Grouping,
    SubjectKind,
    WhenEmpty,
)
from survey_app.domain.scheme.total_rules import Bounds, Order

LABELS: Mapping[str, str] = {
    "key": message("Short name"),
    "title": message("Title"),
    "label": message("Name"),
    "subject": message("Whom the overall score is about"),
    "source": message("Source"),
    "note": message("Note for readers of a score"),
    "total": message("What the weights add up to"),
    "floor": message("No overall score is below"),
    "ceiling": message("No overall score is above"),
    "places": message("Decimal places of the overall score"),
    "kind": message("Kind"),
    "weight": message("Weight"),
    "principal": message("principal posts"),
    "deputy": message("deputy posts"),
    "about": message("About whom"),
    "full_marks": message("Full marks"),
    "bounds": message("How far its value may go"),
    "when_missing": message("Where it has no value"),
    "components": message("Components"),
    "questionnaire": message("Questionnaire"),
    "values": message("Points of the choices"),
    "singles": message("Points of single choices"),
    "numbers": message("What numbers are worth"),
    "abstain": message("An abstention"),
    "dont_know": message("A “don't know”"),
    "blank": message("An empty answer"),
    "question_weights": message("Weights of the questions"),
    "rater_groups": message("Rater groups"),
    "grouping": message("How the rater groups are put together"),
    "empty_group": message("A rater group without a value"),
    "empty_question": message("A question without a value"),
    "minimum_answers": message("Answers needed at least"),
    "conditions": message("Minimum turnout"),
    "trim": message("Extremes left out"),
    "highest": message("How many of the highest"),
    "lowest": message("How many of the lowest"),
    "when_more_than": message("Only with more ratings than"),
    "ballot_rules": message("Rules for a single ballot"),
    "design": message("How its raters are chosen"),
    "scope": message("Who belongs to it"),
    "part": message("The part"),
    "whole": message("Of which whole"),
    "comparator": message("Comparison"),
    "threshold": message("Threshold"),
    "choices": message("Choices"),
    "count": message("How many answers"),
    "share": message("Or which share of the answers"),
    "questions": message("Questions"),
    "over": message("How far the rule looks"),
    "rates": message("Rates"),
    "component": message("Component"),
    "denominator": message("Denominator"),
    "alerts": message("Alert rules"),
    "pooled": message("Judge the rater groups together as well"),
    "inverse_alpha": message("Confirmed statistically at one in"),
    "rise": message("Rise since the last cycle"),
    "years": message("Cycles running"),
    "contact_days": message("Days until raters are contacted"),
    "rectify_days": message("Days until it is rectified"),
    "call_back_days": message("Days until raters are called back"),
    "days": message("Which days count"),
    "review": message("What becomes of an alert"),
    "checks": message("What the verification looks into"),
    "measures": message("What can be decided"),
    "leading_group": message("What the leading group must have agreed to"),
    "second_person": message("What takes a second person"),
    "follow_up_months": message("Months until the re-check"),
    "verify_days": message("Days for verification and decision"),
    "object_days": message("Days to ask for a re-check of a result"),
    "answer_days": message("Days to answer that"),
    "proposes": message("Measures that the rules name"),
    "days_off": message("Working days that are off"),
    "days_worked": message("Weekend days that are worked"),
    "adjustments": message("Bonuses and deductions"),
    "order": message("When they count"),
    "bonus_cap": message("Bonuses at most"),
    "deduction_cap": message("Deductions at most"),
    "disclosure": message("From how many on something is shown"),
    "secret_office": message("Secret ballot: shown to the office"),
    "secret_rated": message("Secret ballot: shown to the rated person"),
    "open": message("Open survey: shown"),
    "comments": message("Comments: shown"),
    "shroud": message("A band instead of a number, where all but so many agree"),
    "papers": message("Who may read the counts of a secret ballot"),
    "small_groups": message("Rater groups too small to be shown"),
}
"""Key in the file → what people call it."""

WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {
    SubjectKind: {
        "cadre": message("a leading cadre"),
        "leading-body": message("a leading body"),
    },
    CountsAs: {
        "out": message("is left out"),
        "zero": message("counts as an answer worth 0"),
    },
    WhenEmpty: {
        "block": message("blocks the score"),
        "renormalise": message("is left out; the other weights take its place"),
    },
    Grouping: {
        "averaged": message("each averaged first, then weighted"),
        "pooled": message("all answers together, without weights"),
    },
    Design: {
        "open": message("open to everybody"),
        "sample": message("a sample"),
        "roster": message("a roster of known people"),
        "named": message("they sign what they say (named rating)"),
    },
    Denominator: {
        "valid": message("valid answers"),
        "valid-with-abstentions": message("valid answers and abstentions"),
        "responses": message("all answers"),
        "returned": message("ballots returned"),
        "present": message("people present"),
        "issued": message("ballots issued"),
        "membership": message("everybody entitled"),
    },
    Comparator: {
        "more-than": message("more than"),
        "at-least": message("at least"),
        "less-than": message("less than"),
        "at-most": message("at most"),
    },
    ComponentKind: {
        "given": message("given value"),
        "leading-body": message("score of the leading body"),
        "survey": message("survey"),
        "sum": message("sum of its parts"),
        "points": message("direct points"),
        "named": message("named rating"),
    },
    Bounds: {
        "full-marks": message("from 0 to the full marks"),
        "none": message("wherever the numbers lead"),
    },
    Order: {
        "after": message("after the weighting, on the total"),
        "before": message("before the weighting, on one component"),
    },
    AlertKind: {
        "share": message("the share meets the threshold"),
        "rise": message("the share rose since the last cycle"),
        "years": message("the share meets the threshold several cycles running"),
        "rating": message("every single bad rating"),
    },
    DaysOf: {"natural": message("all days"), "working": message("working days")},
    Measure: {
        "none": message("no measure"),
        "reminder": message("reminder"),
        "inquiry": message("inquiry"),
        "admonition": message("admonition"),
        "waiting-for-a-post": message("waiting for a post"),
        "adjustment": message("adjustment of the post"),
        "demotion": message("demotion"),
        "removal": message("removal"),
    },
    TakesTwo: {
        "decide": message("deciding"),
        "plan": message("planning the rectification"),
        "close": message("closing the case"),
    },
    Papers: {
        "keyed": message("whoever holds the key on the signed minute"),
        "public": message("everybody"),
    },
    SmallGroups: {
        "withhold": message("withhold what rests on them"),
        "together": message("count together as one group"),
    },
    BallotRuleKind: {
        "at-most": message("at most so many"),
        "at-least": message("at least so many"),
        "not-all-equal": message("not all the same"),
    },
    Over: {
        "ballot": message("the whole sheet"),
        "subject": message("each subject by itself"),
    },
}
"""Words of the file → what people call them."""

IN_FILE: Mapping[str, str] = {
    word: said for words in WORDS.values() for word, said in words.items()
}
"""The same for a word whose kind is not known; no two kinds mean different things."""
