"""Whom a cycle appraises: who is in a survey of it, or about whom it was told a number.

A scheme is about every cadre of the roster; a cycle often about some of them. A list
of scores that names all others as "no score yet" hides those who lack one.
"""

from sqlalchemy import ColumnElement, exists, or_

from survey_app.appraisal.adjustments import COUNTS, WAITING, GivenAdjustment
from survey_app.appraisal.cycle import GivenValue
from survey_app.appraisal.named_ratings import NamedRatingEntry
from survey_app.appraisal.sheet_rows import KeptSheet
from survey_app.survey.tables import VOID, Survey, SurveySubject


def is_appraised() -> ColumnElement[bool]:
    """Return the condition of a kept sheet whose subject its cycle appraises.

    What is said of a leading body counts for the cadres whose sheets take it in.
    """
    cycle = KeptSheet.cycle_id
    told = (KeptSheet.subject_id, KeptSheet.body_id)
    return or_(
        exists().where(
            Survey.cycle_id == cycle,
            Survey.state != VOID,
            SurveySubject.survey_id == Survey.id,
            SurveySubject.subject_id.in_(told),
        ),
        exists().where(GivenValue.cycle_id == cycle, GivenValue.subject_id.in_(told)),
        exists().where(
            NamedRatingEntry.cycle_id == cycle,
            NamedRatingEntry.subject_id.in_(told),
            NamedRatingEntry.withdrawn_by.is_(None),
        ),
        exists().where(
            GivenAdjustment.cycle_id == cycle,
            GivenAdjustment.subject_id.in_(told),
            GivenAdjustment.state.in_((COUNTS, WAITING)),
        ),
    )
