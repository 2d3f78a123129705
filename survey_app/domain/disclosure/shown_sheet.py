"""A score sheet that betrays no small group and nobody among those who agree.

What stands on the sheet is worked out without the groups that its publication plans
withhold, so it cannot depend on what they said. A component to which such a group would
have contributed has no value here: its true one, beside the groups that are shown,
would be an equation with one unknown. What the scheme says about empty groups decides
the rest. Where nearly everybody objected the score stays and its parts do not: the
numbers that gave way are worked with and never put on the sheet.
"""

from collections.abc import Mapping
from dataclasses import replace

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.disclosure.shown_tally import ShownTally
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.scheme import Post, Scheme
from survey_app.domain.scoring.component_score import Plans
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_sheet import ScoreSheet


def shown_sheet(
    scheme: Scheme,
    evidence: ScoreInput,
    plans: Plans,
    *,
    post: Post = Post.PRINCIPAL,
    questionnaires: Mapping[str, Questionnaire] | None = None,
) -> ScoreSheet:
    """Return the sheet as it may be shown; equal to the full one where nobody is few.

    A tally without a plan counts as missing. Where a score had to be withheld, the
    sheet is blocked and says so.
    """
    asked = {
        component.key: component.survey
        for component in every_component(scheme.components)
        if component.survey
    }
    shown = {
        key: ShownTally(rules, tally, plan)
        for key, rules in asked.items()
        if (plan := plans.get(key)) and (tally := evidence.tallies.get(key))
    }
    told = replace(
        evidence,
        tallies={
            key: shown[key].told if key in shown else tally
            for key, tally in evidence.tallies.items()
            if key in shown or not tally or key not in asked
        },
        turnout={
            key: {g: t for g, t in groups.items() if g not in shown[key].plan.small}
            for key, groups in evidence.turnout.items()
            if key in shown
        },
    )
    return score(
        scheme,
        told,
        post=post,
        questionnaires=questionnaires,
        plans={key: one.plan for key, one in shown.items()},
    )
