"""A scheme is held against the questionnaires it scores before it is used."""

from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.scheme_checks import fit_faults
from survey_app.domain.scheme.scheme_file import read_scheme
from tests.support.small_scheme import (
    SMALL_QUESTIONNAIRE,
    SMALL_SCHEME,
    changed,
    in_survey,
)

SURVEY = "components[1].components[1]"


def fit_faults_after(*changes: tuple[str, str]) -> set[tuple[str, str]]:
    """Return place and what does not fit after these changes of the small scheme."""
    scheme = read_scheme(changed(SMALL_SCHEME, *changes), file="small.toml")
    asked = read_questionnaire(SMALL_QUESTIONNAIRE, file="small.toml")
    return {
        (fault.where, fault.wrong) for fault in fit_faults(scheme, {asked.key: asked})
    }


def test_a_scheme_that_fits_its_questionnaires_has_no_faults() -> None:
    assert fit_faults_after() == set()


def test_the_questionnaire_must_exist() -> None:
    assert fit_faults_after(('"small-questionnaire"', '"other"')) == {
        (f"{SURVEY}.questionnaire", 'there is no questionnaire "other"')
    }


def test_every_rating_has_points_and_every_value_a_choice() -> None:
    found = fit_faults_after(
        ('bad = { assumed = "0" }', 'poor = { assumed = "0" }'),
        ('choices = ["bad"]', 'choices = ["poor"]'),
    )

    assert found == {
        (f"{SURVEY}.values", '"bad" has no points'),
        (f"{SURVEY}.values", 'no question of "small-questionnaire" offers "poor"'),
        ("alerts[0].choices", 'question "overall" does not offer "poor"'),
    }


def test_question_weights_name_every_question_and_no_other() -> None:
    weights = in_survey("question_weights = { speed = { assumed = 1 } }")

    assert fit_faults_after(weights) == {
        (f"{SURVEY}.question_weights", 'there is no question "speed"'),
        (
            f"{SURVEY}.question_weights",
            '"overall" has no weight while others have',
        ),
    }


def test_an_alert_watches_a_question_that_is_asked() -> None:
    assert fit_faults_after(('questions = ["overall"]', 'questions = ["speed"]')) == {
        (
            "alerts[0].questions",
            'there is no question "speed" in "small-questionnaire"',
        )
    }
