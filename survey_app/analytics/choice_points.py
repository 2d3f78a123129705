"""What each choice of a survey is worth by its scheme."""

from fractions import Fraction

from survey_app.domain.questionnaire import ABSTAIN, BLANK, DONT_KNOW
from survey_app.domain.scheme import Component, CountsAs
from survey_app.domain.stated import Stated


def points_of(component: Component) -> dict[str, Stated[Fraction]]:
    """Return choice → points, for every choice that counts as an answer."""
    rules = component.survey
    if rules is None:
        return {}
    treatments = {
        ABSTAIN: rules.abstain,
        DONT_KNOW: rules.dont_know,
        BLANK: rules.blank,
    }
    return dict(rules.values) | {
        choice: Stated(Fraction(0), treatment.published, treatment.source)
        for choice, treatment in treatments.items()
        if treatment.value is CountsAs.ZERO
    }
