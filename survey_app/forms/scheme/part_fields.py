"""Which settings each kind of part of a scheme has, and for which of its own kinds."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from survey_app.domain.questionnaire.ballot_rules import BallotRuleKind, Over
from survey_app.domain.scheme.alert_watch import AlertKind
from survey_app.domain.scheme.draft_places import PartKind
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
from survey_app.forms.scheme.list_fields import (
    ChecksField,
    NestedPointsField,
    PointsField,
    ProposesField,
    TrimField,
    WeightField,
)
from survey_app.forms.scheme.setting_words import WORDS
from survey_app.forms.scheme.stated_fields import (
    BothField,
    DaysField,
    FlagField,
    KeyField,
    NamesField,
    StatedField,
    StatedNamesField,
    StatedWordField,
    WordField,
    label_of,
    words_of,
)

Kinds = frozenset[str | None]
"""Of a part; None: it says no kind."""
Fields = Mapping[str, tuple[Any, Kinds]]
"""Setting → its field, and of which kinds of the part it is one; none: of all."""
ALL: Kinds = frozenset()
SURVEY: Kinds = frozenset({"survey"})


def _named(name: str, *kinds: str | None) -> tuple[Any, Kinds]:
    return NamesField(label_of(name)), frozenset(kinds)


def _stated(name: str, *kinds: str | None) -> tuple[Any, Kinds]:
    return StatedField(label_of(name)), frozenset(kinds)


def _stated_word(
    name: str, words: type[StrEnum], *kinds: str | None
) -> tuple[Any, Kinds]:
    field = StatedWordField(label_of(name), words_of(WORDS[words]))
    return field, frozenset(kinds)


def _word(name: str, words: type[StrEnum], *, usual: bool = True) -> tuple[Any, Kinds]:
    return WordField(label_of(name), words_of(WORDS[words]), usual=usual), ALL


def _key(name: str) -> tuple[Any, Kinds]:
    return KeyField(label_of(name)), ALL


def _both(name: str) -> tuple[Any, Kinds]:
    return BothField(label_of(name)), ALL


_WEIGHED: Kinds = frozenset(one.value for one in ComponentKind if one != "points")
_FULL: Kinds = frozenset(one.value for one in ComponentKind if one != "sum")
_SOME: tuple[str | None, ...] = (None, "share", "rise", "years")
_COUNTING = ("at-most", "at-least")

FIELDS: Mapping[PartKind, Fields] = {
    PartKind.HEAD: {
        "key": _key("key"),
        "title": _both("title"),
        "subject": _word("subject", SubjectKind, usual=False),
        "source": _both("source"),
        "note": _both("note"),
        "total": _stated("total"),
        "floor": _stated("floor"),
        "ceiling": _stated("ceiling"),
        "places": _stated("places"),
    },
    PartKind.COMPONENT: {
        "key": _key("key"),
        "label": _both("label"),
        "kind": _word("kind", ComponentKind, usual=False),
        "weight": (WeightField(label_of("weight")), _WEIGHED),
        "about": _word("about", SubjectKind),
        "full_marks": (StatedField(label_of("full_marks")), _FULL),
        "bounds": _stated_word("bounds", Bounds),
        "when_missing": _stated_word("when_missing", WhenEmpty),
        "source": _both("source"),
        "questionnaire": (
            WordField(label_of("questionnaire"), {}, usual=False),
            SURVEY,
        ),
        "values": (PointsField(label_of("values")), SURVEY),
        "singles": (NestedPointsField(label_of("singles")), SURVEY),
        "numbers": (NestedPointsField(label_of("numbers")), SURVEY),
        "abstain": _stated_word("abstain", CountsAs, "survey"),
        "dont_know": _stated_word("dont_know", CountsAs, "survey"),
        "blank": _stated_word("blank", CountsAs, "survey"),
        "question_weights": (PointsField(label_of("question_weights")), SURVEY),
        "grouping": _stated_word("grouping", Grouping, "survey"),
        "empty_group": _stated_word("empty_group", WhenEmpty, "survey"),
        "empty_question": _stated_word("empty_question", WhenEmpty, "survey"),
        "minimum_answers": _stated("minimum_answers", "survey"),
        "trim": (TrimField(label_of("trim")), SURVEY),
    },
    PartKind.RATER_GROUP: {
        "key": _key("key"),
        "label": _both("label"),
        "weight": (WeightField(label_of("weight")), ALL),
        "design": _word("design", Design),
        "scope": _key("scope"),
        "minimum_answers": _stated("minimum_answers"),
    },
    PartKind.CONDITION: {
        "key": _key("key"),
        "part": _word("part", Denominator, usual=False),
        "whole": _word("whole", Denominator, usual=False),
        "comparator": _word("comparator", Comparator, usual=False),
        "threshold": _stated("threshold"),
    },
    PartKind.BALLOT_RULE: {
        "kind": _word("kind", BallotRuleKind, usual=False),
        "choices": _named("choices", *_COUNTING),
        "count": _stated("count", *_COUNTING),
        "share": _stated("share", *_COUNTING),
        "questions": _named("questions"),
        "over": _word("over", Over),
    },
    PartKind.RATE: {
        "key": _key("key"),
        "label": _both("label"),
        "component": (WordField(label_of("component"), {}, usual=False), ALL),
        "choices": _named("choices"),
        "denominator": _stated_word("denominator", Denominator),
        "source": _both("source"),
    },
    PartKind.ALERT: {
        "key": _key("key"),
        "label": _both("label"),
        "component": (WordField(label_of("component"), {}, usual=False), ALL),
        "kind": _word("kind", AlertKind),
        "questions": _named("questions"),
        "choices": _named("choices"),
        "rater_groups": _named("rater_groups"),
        "pooled": (FlagField(label_of("pooled")), frozenset(_SOME)),
        "comparator": _stated_word("comparator", Comparator, *_SOME),
        "threshold": _stated("threshold", *_SOME),
        "rise": _stated("rise", "rise"),
        "years": _stated("years", "years"),
        "denominator": _stated_word("denominator", Denominator),
        "minimum_answers": _stated("minimum_answers"),
        "inverse_alpha": _stated("inverse_alpha"),
        "contact_days": _stated("contact_days", "rating"),
        "rectify_days": _stated("rectify_days", "rating"),
        "call_back_days": _stated("call_back_days", "rating"),
        "days": _stated_word("days", DaysOf, "rating"),
        "source": _both("source"),
    },
    PartKind.REVIEW: {
        "measures": (
            StatedNamesField(label_of("measures"), words_of(WORDS[Measure])),
            ALL,
        ),
        "leading_group": (
            StatedNamesField(label_of("leading_group"), words_of(WORDS[Measure])),
            ALL,
        ),
        "second_person": (
            StatedNamesField(label_of("second_person"), words_of(WORDS[TakesTwo])),
            ALL,
        ),
        "follow_up_months": _stated("follow_up_months"),
        "verify_days": _stated("verify_days"),
        "object_days": _stated("object_days"),
        "answer_days": _stated("answer_days"),
        "days": _stated_word("days", DaysOf),
        "proposes": (
            ProposesField(label_of("proposes"), words_of(WORDS[Measure])),
            ALL,
        ),
        "days_off": (DaysField(label_of("days_off")), ALL),
        "days_worked": (DaysField(label_of("days_worked")), ALL),
        "checks": (ChecksField(label_of("checks")), ALL),
        "source": _both("source"),
    },
    PartKind.ADJUSTMENTS: {
        "order": _stated_word("order", Order),
        "component": (WordField(label_of("component"), {}, usual=False), ALL),
        "bonus_cap": _stated("bonus_cap"),
        "deduction_cap": _stated("deduction_cap"),
    },
    PartKind.DISCLOSURE: {
        "secret_office": _stated("secret_office"),
        "secret_rated": _stated("secret_rated"),
        "open": _stated("open"),
        "comments": _stated("comments"),
        "shroud": _stated("shroud"),
        "papers": _stated_word("papers", Papers),
        "small_groups": _stated_word("small_groups", SmallGroups),
    },
}
