"""Which questions of a tally a scheme says anything of.

Ratings, and what the scheme values besides. The others are told and never scored: no
score, rate or alert may see them, for to it they would be answers it does not know.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Tally
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.other_value_checks import counts
from survey_app.domain.scheme.scheme import Scheme, SurveyRules


def counting_questions(
    rules: SurveyRules, questionnaire: Questionnaire
) -> frozenset[str]:
    """Return the keys of the questions that the scheme says anything of."""
    asked = questionnaire.questions
    return frozenset(question.key for question in asked if counts(rules, question))


def counting_tally(
    tally: Tally, rules: SurveyRules, questionnaire: Questionnaire | None
) -> Tally:
    """Return the tally without what is only told; all of it where nothing says so."""
    if questionnaire is None or questionnaire.is_plain:
        return tally
    inside = counting_questions(rules, questionnaire)
    known = {question.key for question in questionnaire.questions}
    return without_questions(tally, known - inside)


def without_questions(tally: Tally, left_out: Collection[str]) -> Tally:
    """Return the tally without these questions."""
    return {
        group: {key: counts for key, counts in asked.items() if key not in left_out}
        for group, asked in tally.items()
    }


def counting_evidence(
    scheme: Scheme, evidence: ScoreInput, questionnaires: Mapping[str, Questionnaire]
) -> ScoreInput:
    """Return the evidence with what counts of every tally."""
    surveys = {one.key: one.survey for one in every_component(scheme.components)}
    tallies = {
        key: counting_tally(tally, rules, questionnaires.get(rules.questionnaire))
        if (rules := surveys.get(key))
        else tally
        for key, tally in evidence.tallies.items()
    }
    return replace(evidence, tallies=tallies)
