"""The papers of an alert: the form of its verification, and the letter of a decision.

The form is for the office and has the numbers its page has. The letter goes to whoever
is rated, who may be told less: it has no number. What he may know of them stands on
the feedback notice.
"""

from dataclasses import dataclass
from typing import Self

from markupsafe import Markup
from sqlalchemy.orm import Session

from survey_app.accounts.real_names import real_names
from survey_app.analytics.alert_cases import CaseTold, alert_case
from survey_app.analytics.case_acts import ActTold
from survey_app.analytics.file_words import translation
from survey_app.analytics.papers.cycle_facts import CycleFacts
from survey_app.analytics.papers.printed import drawn
from survey_app.domain.alerts.review import Act
from survey_app.domain.ground.refusals import NotFound
from survey_app.settings import Settings


@dataclass(frozen=True, slots=True)
class Office:
    """Whose papers these are, and in which language."""

    name: str
    contact: str
    language: str

    @classmethod
    def of(cls, settings: Settings, language: str) -> Self:
        """Return the office of this platform."""
        _ = translation(language)
        office = _("The appraisal office")
        gap = " · " if language == "en" else ""
        return cls(f"{settings.place_name}{gap}{office}", settings.contact, language)


def verification_paper(
    session: Session, facts: CycleFacts, alert_id: int, office: Office
) -> tuple[str, Markup]:
    """Return the title and the form, with what was noted so far and room for the rest.

    Raises NotFound where the cycle has no such alert, and what `alert_case` raises.
    """
    case = _case(session, facts, alert_id)
    _ = translation(office.language)
    title = _("Verification form")
    paper = drawn(
        "verification",
        office.language,
        facts=facts,
        case=case,
        hearing=_last(case, Act.HEAR),
        decision=decision_of(case),
        people=real_names(session),
        office=office,
    )
    return f"{title} {case.head.subject}", paper


def decision_paper(
    session: Session, facts: CycleFacts, alert_id: int, office: Office
) -> tuple[str, Markup]:
    """Return the title and the letter that tells of a decision.

    Raises NotFound where the cycle has no such alert, or nothing is decided yet.
    """
    case = _case(session, facts, alert_id)
    decision = decision_of(case)
    if decision is None:
        raise NotFound
    _ = translation(office.language)
    title = _("Decision letter")
    paper = drawn(
        "decision",
        office.language,
        facts=facts,
        case=case,
        hearing=_last(case, Act.HEAR),
        decision=decision,
        plan=_last(case, Act.PLAN),
        office=office,
    )
    return f"{title} {case.head.subject}", paper


def decision_of(case: CaseTold) -> ActTold | None:
    """Return the decision that holds; None while it waits for a second person."""
    return _last(case, Act.DECIDE) if case.head.measure else None


def _last(case: CaseTold, kind: Act) -> ActTold | None:
    """Return the last act of a kind that came into force."""
    agreed = {act.answers for act in case.acts if act.kind is Act.CONFIRM}
    found = [
        act
        for act in case.acts
        if act.kind is kind and (not act.needs or act.number in agreed)
    ]
    return found[-1] if found else None


def _case(session: Session, facts: CycleFacts, alert_id: int) -> CaseTold:
    case = alert_case(session, alert_id)
    if case.head.cycle_id != facts.cycle_id:
        raise NotFound
    return case
