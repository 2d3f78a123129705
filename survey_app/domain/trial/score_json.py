"""A trial by hand: counts come in as JSON with fixed keys, the score sheet goes out.

Numbers are exact. Whole numbers, decimals and fractions may be written with or without
quotation marks; a decimal counts as it is written, never as the float next to it.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from survey_app.domain.alerts.alert import Alert
from survey_app.domain.alerts.one_third import alerts_of
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.ground.file_faults import FaultList, ScoreInputRefused
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Post, Scheme
from survey_app.domain.scoring.counting_questions import counting_evidence
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_sheet import Node, ScoreSheet, rounded
from survey_app.domain.trial.score_input_checks import contradictions, strangers
from survey_app.domain.trial.score_input_fields import score_input
from survey_app.domain.trial.trial_county import as_a_county_shows
from survey_app.domain.trial.typed_sheets import rules_broken, with_sheets

OPEN, SECRET = "open", "secret"
"""The two modes a survey can have; floors differ between them."""

Questionnaires = Mapping[str, Questionnaire]
"""Key → questionnaire."""


def read_score_input(
    text: str,
    *,
    file: str,
    scheme: Scheme | None = None,
    questionnaires: Questionnaires | None = None,
    sheets_ask: Questionnaires | None = None,
) -> ScoreInput:
    """Return the counts and values written in the JSON text.

    ScoreInputRefused names all faults at once; with a scheme also whatever the
    scheme has no place for, and with questionnaires unknown questions, too.
    `sheets_ask`: the questionnaires of which sheets of paper were typed.
    """
    faults = FaultList()
    content = _parsed(text, faults)
    evidence = score_input(content, faults)
    asked = sheets_ask or questionnaires or {}
    evidence = with_sheets(evidence, content, scheme, asked, faults)
    faults.faults += contradictions(evidence)
    if scheme is not None:
        faults.faults += strangers(evidence, scheme, questionnaires or {}, asked)
    if faults.faults:
        raise ScoreInputRefused(file, tuple(faults.faults))
    return evidence


def _parsed(text: str, faults: FaultList) -> object:
    """Return what the JSON text says; numbers with a point stay as they are written."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        """Return the pairs as a dictionary, noting what is said twice."""
        for key, times in Counter(key for key, _ in pairs).items():
            if times > 1:
                faults.note(key, "is given twice", "give it once")
        return dict(pairs)

    try:
        read = json.loads(
            text.removeprefix("\ufeff"),
            parse_float=str,
            parse_int=lambda digits: int(digits) if len(digits) < 20 else digits,
            parse_constant=str,
            object_pairs_hook=once,
        )
        json.dumps(read, ensure_ascii=False).encode()
        return read
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        faults.note(place, f"not JSON: {error.msg}", "mend this place first")
    except UnicodeEncodeError:
        faults.note("the file", "holds half a character", "write whole characters")
    except RecursionError:
        faults.note("the file", "is nested too deeply", "write the fixed keys only")
    return None


def score_output(
    scheme: Scheme,
    evidence: ScoreInput,
    *,
    say: Callable[[Remark], str],
    language: str,
    post: Post = Post.PRINCIPAL,
    questionnaires: Questionnaires | None = None,
) -> dict[str, Any]:
    """Return the score, its sheet and the alerts under the fixed keys.

    Where a running county would withhold the score, `county` says so besides.

    Rater groups that the evidence says are merged count as one in all of it.
    Exact values are fractions "a/b"; `overall` is None while `blocked` has reasons.
    """
    for component, merged in evidence.merged.items():
        scheme = with_merged_groups(scheme, component, merged)
    told, evidence = evidence, counting_evidence(scheme, evidence, questionnaires or {})
    sheet = score(scheme, evidence, post=post, questionnaires=questionnaires)
    show = _Shown(sheet.places, say, language)
    return {
        "overall": show.value(sheet.root),
        "blocked": [say(reason) for reason in sheet.blocked],
        "sheet": show.node(sheet.root),
        "alerts": [
            _alert(alert, several=len(rule_questions(scheme, alert)) != 1)
            for alert in alerts_of(scheme, evidence)
        ],
        **_papers(scheme, evidence, say, questionnaires or {}),
        **_withheld(scheme, told, sheet, show, post, questionnaires or {}),
    }


def _papers(
    scheme: Scheme,
    evidence: ScoreInput,
    say: Callable[[Remark], str],
    questionnaires: Questionnaires,
) -> dict[str, Any]:
    """Return under "sheets" how many were valid, and which rules the others broke.

    Nothing where no sheets were typed.
    """
    if not evidence.papers:
        return {}
    return {
        "sheets": {
            component: {
                group: {
                    "returned": count.returned,
                    "valid": count.valid,
                    "invalid": count.invalid,
                    "rules": rules_broken(
                        scheme.component(component), count, say, questionnaires
                    ),
                }
                for group, count in groups.items()
            }
            for component, groups in evidence.papers.items()
        }
    }


def _withheld(
    scheme: Scheme,
    evidence: ScoreInput,
    exact: ScoreSheet,
    show: "_Shown",
    post: Post,
    questionnaires: Questionnaires,
) -> dict[str, Any]:
    """Return under "county" what a running county would withhold, by the survey's mode.

    Nothing where it would show the same score, or where there is none anyway.
    """
    sheets = {
        mode: as_a_county_shows(
            scheme,
            evidence,
            is_secret=mode == SECRET,
            post=post,
            questionnaires=questionnaires,
        )
        for mode in (OPEN, SECRET)
    }
    if all(sheet.overall == exact.overall for sheet in sheets.values()):
        return {}
    return {"county": {mode: show.as_shown(sheet) for mode, sheet in sheets.items()}}


class _Shown:
    """How the numbers of one sheet are shown."""

    def __init__(
        self, places: int, say: Callable[[Remark], str], language: str
    ) -> None:
        self.places = places
        self.say = say
        self.language = language

    def value(self, node: Node) -> dict[str, str] | None:
        """Return the exact and the rounded value, or None where there is none."""
        if node.value is None:
            return None
        return {
            "exact": f"{node.value.numerator}/{node.value.denominator}",
            "rounded": rounded(node.value, self.places),
        }

    def as_shown(self, sheet: ScoreSheet) -> dict[str, Any]:
        """Return the score a county would show, or why it would withhold it."""
        return {
            "overall": None if sheet.blocked else self.value(sheet.root),
            "withheld": [self.say(reason) for reason in sheet.blocked],
        }

    def node(self, node: Node) -> dict[str, Any]:
        """Return one node of the sheet with everything below it."""
        rule = self.say(node.rule)
        mark = "" if node.published else f" {self.say(remark('assumed'))}"
        return {
            "key": node.key,
            "label": node.label.in_language(self.language),
            "value": self.value(node),
            "weight": None if node.weight is None else in_digits(node.weight),
            "rule": f"{rule}{mark}",
            "source": node.source.in_language(self.language),
            "children": [self.node(child) for child in node.parts],
        }


def rule_questions(scheme: Scheme, alert: Alert) -> tuple[str, ...]:
    """Return the questions of the rule that raised the alert."""
    return next(rule.questions for rule in scheme.alerts if rule.key == alert.rule)


def _alert(alert: Alert, *, several: bool) -> dict[str, Any]:
    """Return one alert; a rule about several questions names the one it speaks of."""
    return {
        "rule": f"{alert.rule}/{alert.question}" if several else alert.rule,
        "group": alert.group,
        "numerator": alert.numerator,
        "denominator": alert.denominator,
        "denominator_kind": alert.denominator_kind.value,
        "crossed": alert.crossed,
        "evidence": alert.evidence.value,
    }
