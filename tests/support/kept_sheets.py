"""Kept score sheets beside what would be worked out at this moment."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.analytics.kept.sheet_pages import sheets_page, shown_sheet_of
from survey_app.analytics.kept.sheets import keep_sheets
from survey_app.analytics.paging import ListAsked
from survey_app.analytics.scores import sheets_of
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.sheet_rows import StaleSheet
from survey_app.database import writing
from tests.support.small_county import County


def kept(county: County) -> list[tuple[object, ...]]:
    """Return every kept sheet that may be shown, in order, and what its line says."""
    with Session(county.engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        rules = cycle.rules
        lines = sheets_page(session, cycle.id, ListAsked(), everybody=True).rows
        assert not [line for line in lines if line.is_stale or line.is_changed]
        return [
            (
                *(line.subject_id, line.name, line.unit, line.title, line.rounded),
                (line.because, line.further),
                (found.post, found.body_id, found.sheet),
            )
            for line in lines
            for found in [shown_sheet_of(session, cycle, line.subject_id, scheme=rules)]
        ]


def worked_out(county: County) -> list[tuple[object, ...]]:
    """Return the same of sheets that are worked out at this moment."""
    with Session(county.engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        return [
            (
                *(one.subject_id, one.name, one.unit, one.title, one.rounded),
                (
                    one.blocked[0] if one.blocked else None,
                    max(0, len(one.blocked) - 1),
                ),
                (one.post, one.body_id, one.sheet),
            )
            for one in sheets_of(session, cycle, scheme=cycle.rules)
        ]


def keep(county: County, *, all_of_them: bool = False) -> int:
    with Session(writing(county.engine)) as session:
        return keep_sheets(session, county.cycle_id, stale_only=not all_of_them)


def marks(county: County) -> set[int]:
    with Session(county.engine) as session:
        wanted = select(StaleSheet.subject_id)
        return set(
            session.scalars(wanted.where(StaleSheet.cycle_id == county.cycle_id))
        )
