"""Trials for tests: a complete input with its scheme, and the reasons of a sheet."""

from dataclasses import replace
from typing import Any

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Tally, Turnout
from survey_app.domain.ground.wording import say
from survey_app.domain.scheme.scheme import (
    ComponentKind,
    Design,
    Grouping,
    Scheme,
    WhenEmpty,
)
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_sheet import ScoreSheet
from tests.support.schemes import answers, component, group, one_third, scheme, survey

FULL = """{
  "tallies": {"survey": {"masses": {"overall":
      {"satisfied": 46, "fairly": "30", "basically": 12, "dissatisfied": 7,
       "abstain": 5}}}},
  "turnout": {"survey": {"masses": {"issued": 110, "returned": 102, "invalid": 2,
                                    "present": null}}},
  "values": {"township": 88.5, "body": "274/3"},
  "adjustments": [{"kind": "bonus", "points": "2", "reason": "prize", "source": "§ 3"}]
}"""


def whole(**changes: Any) -> Scheme:
    body = component("body", 10, kind=ComponentKind.LEADING_BODY)
    masses = survey(group("masses", design=Design.OPEN), questions={"overall": 1})
    made = scheme(
        component("survey", 40, survey=masses),
        component("township", 50),
        body,
        alerts=(one_third(),),
    )
    return replace(made, **changes)


LEAVE_OUT = WhenEmpty.RENORMALISE


def reasons(sheet: ScoreSheet) -> list[str]:
    """Why there is no overall score, in English."""
    return [say(reason, str, "en") for reason in sheet.blocked]


def of_survey(rules_of: Scheme, counts: Tally, **turnout: Turnout) -> ScoreSheet:
    evidence = ScoreInput(tallies={"survey": counts}, turnout={"survey": turnout})
    return score(rules_of, evidence)


def one_survey(**settings: WhenEmpty | Grouping | int) -> Scheme:
    """Two rater groups, weighing 1 and 3."""
    rules = survey(group("a"), group("b", 3), **settings)  # type: ignore[arg-type]  # by name
    return scheme(component("survey", survey=rules))


BOTH = {
    "a": {"overall": answers(1, 0, 0, 1)},
    "b": {"overall": answers(3, 0, 0, 1)},
}
