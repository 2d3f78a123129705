"""All overall scores of a cycle at a glance, and which of its surveys have pictures.

An overall score is made of given values, answers and adjustments together, so no
interval stands on it: that of its surveys does, on their own pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, defer

from survey_app.analytics.kept.results import KeptResult
from survey_app.analytics.kept.sheet_pages import SheetLine, sheets_page
from survey_app.analytics.paging import ListAsked, ListPage
from survey_app.analytics.pictures.overview import Strip, strip_of
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.scope import Scope
from survey_app.appraisal.sheet_rows import KeptSheet, StaleSheet
from survey_app.survey.appraised import is_appraised
from survey_app.survey.tables import UNSETTLED, Survey

SURVEYS = 50
"""Of a cycle, the newest; a year has a few."""


@dataclass(frozen=True, slots=True)
class CycleOverview:
    """One page of the overall scores, and what stands around them."""

    page: ListPage[SheetLine]
    strip: Strip
    surveys: Sequence[Survey]
    """Those of which results are kept."""


def cycle_overview(session: Session, cycle: Cycle, asked: ListAsked) -> CycleOverview:
    """Return one page of a cycle's overall scores, read by key."""
    return CycleOverview(
        sheets_page(session, cycle.id, asked),
        _strip(session, cycle, asked.scope),
        surveys_with_pictures(session, cycle.id),
    )


def surveys_with_pictures(session: Session, cycle_id: int) -> Sequence[Survey]:
    """Return the surveys of a cycle that count and are kept, the newest first."""
    kept = exists().where(KeptResult.survey_id == Survey.id)
    ours = select(Survey).options(defer(Survey.questionnaire))
    settled = ours.where(
        Survey.cycle_id == cycle_id, Survey.state.not_in(UNSETTLED), kept
    )
    return session.scalars(settled.order_by(Survey.id.desc()).limit(SURVEYS)).all()


def _strip(session: Session, cycle: Cycle, scope: Scope) -> Strip:
    """Return how many stand where; a sheet that is being worked out stands nowhere."""
    stale = exists().where(
        StaleSheet.cycle_id == KeptSheet.cycle_id,
        StaleSheet.subject_id == KeptSheet.subject_id,
    )
    rows = select().select_from(KeptSheet)
    ours = rows.where(KeptSheet.cycle_id == cycle.id, ~stale, is_appraised())
    if not scope.is_whole:
        ours = ours.where(scope.of_subject(KeptSheet.subject_id))
    return strip_of(session, ours, KeptSheet.overall, Fraction(cycle.rules.total.value))
