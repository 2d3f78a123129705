"""The ballot rules on a respondent's page: in words before the questions they govern.

The same words stand there for the script that says it before anything is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from survey_app.domain.questionnaire.ballot_rules import BallotRuleKind, SheetRule
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.rule_words import broken_words, sheet_rule_words
from survey_app.forms.answer_form import Flaw, rule_field
from survey_app.web.language import said

USED, MORE = "{used}", "{more}"
"""Where the script puts its numbers."""


@dataclass(frozen=True, slots=True)
class ListedRule:
    """One rule as it stands on the page."""

    field: str
    place: str
    """The person it is about by himself, where the form is about several; or ""."""
    subject_key: str
    """The number of that person; or ""."""
    text: str
    error: str
    """How it was broken and what mends it; "" where it was not."""
    script: Mapping[str, object]
    """What the script must know of it."""


def listed_rules(
    rules: Sequence[SheetRule],
    questionnaire: Questionnaire,
    flaws: Sequence[Flaw],
    *,
    people: Mapping[int, str],
) -> tuple[ListedRule, ...]:
    """Return the rules in their order; `people`: the names of all who are rated.

    A form about one has no names: it need not say whom a rule is about.
    """
    errors = {
        flaw.field: said(
            broken_words(
                flaw.broken.rule,
                questionnaire,
                used=str(flaw.broken.used),
                more=str(flaw.broken.to_change),
            )
        )
        for flaw in flaws
        if flaw.broken
    }
    return tuple(
        ListedRule(
            field=(field := rule_field(place)),
            place=people.get(rule.subject, "") if rule.subject is not None else "",
            subject_key=_subject(rule) if people else "",
            text=said(sheet_rule_words(rule, questionnaire, alone=not people)),
            error=errors.get(field, ""),
            script=_script(rule, questionnaire, alone=not people),
        )
        for place, rule in enumerate(rules)
    )


def _script(
    one: SheetRule, questionnaire: Questionnaire, *, alone: bool
) -> dict[str, object]:
    """Return the rule as the script reads it, with the words it says."""
    broken = said(broken_words(one, questionnaire, used=USED, more=MORE))
    used = _("So far: %(used)s of %(limit)s", used=USED, limit=one.limit)
    counts = one.rule.kind != BallotRuleKind.NOT_ALL_EQUAL
    return judged(one, alone=alone) | {"broken": broken, "used": used if counts else ""}


def judged(one: SheetRule, *, alone: bool) -> dict[str, object]:
    """Return by what the script judges; a form about one subject names nobody."""
    return {
        "kind": one.rule.kind,
        "subject": "" if alone else _subject(one),
        "questions": one.rule.questions,
        "choices": one.rule.choices,
        "limit": one.limit,
    }


def _subject(one: SheetRule) -> str:
    return "" if one.subject is None else str(one.subject)
