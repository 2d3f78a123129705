"""What a running county would show of the counts of a trial.

`survey score` takes counts from anywhere and tells the exact score. A county withholds
what would betray few people; here its plan is evaluated on the same counts, by the same
code, so that a trial does not promise a score nobody will ever see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Tally, merged_tally
from survey_app.domain.disclosure.evaluation import Counted, evaluated
from survey_app.domain.disclosure.frozen_plan import Asking, frozen_plan
from survey_app.domain.disclosure.shown_alert import ShownAlert, shown_alerts
from survey_app.domain.ground.bilingual import UNSAID, Bilingual
from survey_app.domain.questionnaire.questionnaire import (
    Choice,
    Question,
    Questionnaire,
)
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.scheme import Component, Post, Scheme, SurveyRules
from survey_app.domain.scoring.score import shown_sheet
from survey_app.domain.scoring.score_sheet import ScoreSheet

ABOUT = 0


@dataclass(frozen=True, slots=True)
class CountyView:
    """What a running county would know of the counts, and may tell of them."""

    scheme: Scheme
    """With those groups as one that its plan joins."""
    evidence: ScoreInput
    plans: Mapping[str, SubjectPlan]
    """Component → what may be told of its tally."""

    def sheet(
        self, post: Post, questionnaires: Mapping[str, Questionnaire]
    ) -> ScoreSheet:
        """Return the sheet as the office would read it."""
        return shown_sheet(
            self.scheme,
            self.evidence,
            self.plans,
            post=post,
            questionnaires=questionnaires,
        )

    def alerts(self) -> tuple[ShownAlert, ...]:
        """Return the alerts as the office would read them, component by component."""
        return tuple(
            shown
            for key, plan in self.plans.items()
            for shown in shown_alerts(self.scheme, self.evidence, key, plan)
        )


def county_view(
    scheme: Scheme,
    evidence: ScoreInput,
    *,
    is_secret: bool,
    post: Post,
    questionnaires: Mapping[str, Questionnaire],
) -> CountyView:
    """Return what a county would know, were all surveys of this mode.

    The groups of the scheme are those that count as one already.
    """
    plans: dict[str, SubjectPlan] = {}
    tallies = dict(evidence.tallies)
    for component in every_component(scheme.components):
        tally, rules = tallies.get(component.key), component.survey
        if tally and rules is not None:
            asked = questionnaires.get(rules.questionnaire) or _as_told(rules, tally)
            plan = _plan(scheme, component, tally, asked, post, is_secret=is_secret)
            plans[component.key] = plan
            tallies[component.key] = merged_tally(tally, plan.joined)
            scheme = with_merged_groups(scheme, component.key, plan.joined)
    return CountyView(scheme, replace(evidence, tallies=tallies), plans)


def as_a_county_shows(
    scheme: Scheme,
    evidence: ScoreInput,
    *,
    is_secret: bool,
    post: Post,
    questionnaires: Mapping[str, Questionnaire],
) -> ScoreSheet:
    """Return the sheet as the office would read it, were all surveys of this mode."""
    view = county_view(
        scheme,
        evidence,
        is_secret=is_secret,
        post=post,
        questionnaires=questionnaires,
    )
    return view.sheet(post, questionnaires)


def _plan(
    scheme: Scheme,
    component: Component,
    tally: Tally,
    asked: Questionnaire,
    post: Post,
    *,
    is_secret: bool,
) -> SubjectPlan:
    """Return what may be shown of one tally."""
    asking = Asking(ABOUT, "", component.key, is_secret)
    frozen = frozen_plan(asking, scheme, asked, (ABOUT,))
    counted = Counted(ABOUT, tally, scheme, posts=(post,))
    return evaluated(frozen, (counted,)).of_subject(ABOUT)


def _as_told(rules: SurveyRules, tally: Tally) -> Questionnaire:
    """Return a questionnaire of the questions the tally tells of, without its words."""
    choices = tuple(Choice(key, Bilingual(key, key)) for key in rules.points())
    keys = dict.fromkeys(question for asked in tally.values() for question in asked)
    questions = tuple(Question(key, Bilingual(key, key), choices) for key in keys)
    return Questionnaire(rules.questionnaire, 1, UNSAID, UNSAID, UNSAID, questions)
