"""Which components of which cycles a survey can feed, and with which questionnaire."""

from collections.abc import Iterator
from dataclasses import dataclass

from survey_app.analytics import office_lists
from survey_app.database import reading, session
from survey_app.domain.file_faults import QuestionnaireRefused
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.refusals import (
    NotFound,
)
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
    """Return those of cycles that are not settled, the newest cycle first.

    Reading schemes and questionnaires takes a while, and no write lock.
    """
    with reading(session()) as reader:
        cycles = office_lists.cycles(reader)
        reader.expunge_all()
    return tuple(
        Fed(cycle, component, _questionnaire(component.survey.questionnaire))
        for cycle in cycles
        for component in _all(scheme_of(cycle.scheme).components)
        if component.survey is not None and not cycle.is_settled
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
