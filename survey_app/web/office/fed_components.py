"""Which components of which cycles a survey can feed, and with which questionnaire."""

from collections.abc import Iterator
from dataclasses import dataclass

from survey_app.analytics import office_lists
from survey_app.database import session
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.refusals import NotFound, QuestionnaireRefused
from survey_app.domain.scheme import Component, Design
from survey_app.models.cycle import Cycle
from survey_app.models.survey import OPEN_SURVEY, SECRET_BALLOT
from survey_app.shipped_files import shipped_questionnaire
from survey_app.web.office.found import scheme_of


@dataclass(frozen=True, slots=True)
class Fed:
    """One component that takes its value from a survey."""

    cycle: Cycle
    component: Component
    questionnaire: Questionnaire | None
    """None where its file is not among the shipped ones."""

    @property
    def key(self) -> str:
        """What the form sends: cycle id and component key."""
        return f"{self.cycle.id}:{self.component.key}"

    @property
    def suggested_mode(self) -> str:
        """A secret ballot where all who answer stand on a roster of people."""
        rules = self.component.survey
        groups = rules.asked if rules else ()
        on_roster = all(group.design is Design.ROSTER for group in groups)
        return SECRET_BALLOT if groups and on_roster else OPEN_SURVEY


def fed_components() -> tuple[Fed, ...]:
    """Return them in the order of the schemes, the newest cycle first."""
    return tuple(
        Fed(cycle, component, _questionnaire(component.survey.questionnaire))
        for cycle in office_lists.cycles(session())
        for component in _all(scheme_of(cycle.scheme).components)
        if component.survey is not None
    )


def _all(components: tuple[Component, ...]) -> Iterator[Component]:
    """Yield the components and those inside them."""
    for component in components:
        yield component
        yield from _all(component.components)


def _questionnaire(key: str) -> Questionnaire | None:
    """Return the shipped questionnaire, None without a file that can be used."""
    try:
        return shipped_questionnaire(key)
    except (NotFound, QuestionnaireRefused):
        return None
