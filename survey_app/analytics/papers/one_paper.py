"""One paper by the word that addresses name it with: a sheet, a summary, a notice."""

from markupsafe import Markup
from sqlalchemy.orm import Session

from survey_app.analytics.file_words import translation
from survey_app.analytics.kept.alerts import CROSSED
from survey_app.analytics.papers.alert_papers import (
    Office,
    decision_paper,
    verification_paper,
)
from survey_app.analytics.papers.cycle_facts import (
    alerts_about,
    alerts_page,
    facts_of,
)
from survey_app.analytics.papers.cycle_papers import (
    by_subject,
    notice_paper,
    sheet_paper,
    spread_of,
    summary_paper,
    versions_in,
)
from survey_app.analytics.papers.cycle_sheets import sheets_in_turn
from survey_app.appraisal.cycle import Cycle
from survey_app.domain.ground.refusals import NotFound

WORKBOOK, EVERY_SHEET, SUMMARY, NOTICE = "workbook", "sheets", "summary", "notice"
"""Files of a cycle, as addresses call them; the last two are papers."""
SHEET = "sheet-"
"""Begins the name of one subject's sheet; its number ends it."""
VERIFICATION, DECISION = "verification-", "decision-"
"""The same of an alert's form and letter."""


def is_paper(which: str) -> bool:
    """Return whether something of this name may be a paper."""
    numbered = (SHEET, VERIFICATION, DECISION)
    return which in (SUMMARY, NOTICE) or any(
        number_in(which, kind) is not None for kind in numbered
    )


def is_of_alert(which: str) -> bool:
    """Return whether something of this name is a form or letter of an alert."""
    return any(number_in(which, kind) is not None for kind in (VERIFICATION, DECISION))


def number_in(which: str, kind: str) -> int | None:
    """Return the number at the end of a paper's name; None: it is of another kind."""
    told = which.removeprefix(kind)
    is_one = told != which and told.isascii() and told.isdigit() and len(told) < 10
    return int(told) if is_one else None


def one_paper(
    session: Session, cycle: Cycle, which: str, office: Office
) -> tuple[str, Markup]:
    """Return the title of a file and the paper.

    Raises NotFound where there is none such (a series of stand-alone surveys has only
    the papers of its alerts), PlanChanged or CountersDiffer where what
    it rests on is not what was settled.
    """
    facts, language = facts_of(session, cycle), office.language
    _ = translation(language)
    if not cycle.appraises and not is_of_alert(which):
        raise NotFound
    if (subject := number_in(which, SHEET)) is not None:
        for one in sheets_in_turn(session, cycle, [subject]):
            about = {subject, one.found.body_id}
            alerts = by_subject(alerts_about(session, cycle.id, about))
            version = versions_in(session, cycle.id).of(one)
            paper = sheet_paper(facts, one, alerts, version, language)
            return f"{one.found.name} {cycle.name}", paper
        raise NotFound
    for kind, draw in ((VERIFICATION, verification_paper), (DECISION, decision_paper)):
        if (alert := number_in(which, kind)) is not None:
            return draw(session, facts, alert, office)
    if which not in (SUMMARY, NOTICE):
        raise NotFound
    told = spread_of(session, cycle.id, facts)
    if which == NOTICE:
        paper = notice_paper(facts, told, office.name, office.contact, language)
        return " ".join((_("Public notice"), cycle.name)), paper
    crossed = alerts_page(session, cycle.id, CROSSED)
    paper = summary_paper(facts, told, crossed, office.name, language)
    return " ".join((_("Summary for the leading group"), cycle.name)), paper
