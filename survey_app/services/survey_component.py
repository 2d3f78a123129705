"""The part of a scheme that a survey feeds, and who answers for it."""

from survey_app.domain.files.scheme_json import scheme_from_json
from survey_app.domain.scheme import Component, RaterGroup
from survey_app.models.survey import Survey


def component_of(survey: Survey) -> Component | None:
    """Return the component the survey feeds; None where the scheme has none such."""
    try:
        return scheme_from_json(survey.cycle.scheme).component(survey.component_key)
    except KeyError:
        return None


def rater_groups_of(survey: Survey) -> tuple[RaterGroup, ...]:
    """Return the rater groups that are asked, in the scheme's order.

    Not those that sign a named rating; none for an unknown component.
    """
    component = component_of(survey)
    if component is None or component.survey is None:
        return ()
    return component.survey.asked
