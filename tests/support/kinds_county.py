"""A county whose closed survey asked questions of every kind."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.analytics.kept.alerts import keep_alerts
from survey_app.analytics.kept.results import keep_results
from survey_app.analytics.kept.sheets import keep_sheets
from survey_app.appraisal.make_cycle import make_cycle
from survey_app.appraisal.people import Subject, Unit
from survey_app.database import writing
from survey_app.domain.counting.tally import Tally
from survey_app.survey.closing import close_survey
from survey_app.survey.counters import ChoiceCount
from survey_app.survey.draft import SurveyPlan, make_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.parts import add_channels, add_subjects
from survey_app.survey.take_out import ask_to_take_out, grant_taking_out
from tests.support.answers import let_answers_agree
from tests.support.every_kind_scheme import kinds_questionnaire, kinds_scheme
from tests.support.secret_ballots import FIRST, SECOND, confirmed

MAY_1 = date(2026, 5, 1)
EVERYBODY: Tally = {
    "staff": {
        "overall": {"good": 7, "bad": 5},
        "handled": {"done": 6, "undone": 6},
        "window": {"north": 12},
        "ways": {"phone": 12, "desk": 5, "post": 1, "answered": 12},
        "points": {"90": 11, "91": 1},
        "waited": {"5": 2, "30": 1, "blank": 9},
        "again": {"good": 4, "bad": 2, "not_asked": 6},
        "why": {"answered": 5, "not_asked": 7},
    },
    "residents": {
        "overall": {"good": 20, "bad": 11},
        "handled": {"done": 11, "undone": 20},
        "window": {"north": 15, "south": 10, "blank": 6},
        "ways": {"phone": 10, "desk": 15, "post": 12, "answered": 30, "blank": 1},
        "points": {"90": 10, "75": 10, "40": 11},
        "waited": {"5": 10, "30": 11, "70": 10},
        "again": {"good": 12, "bad": 8, "not_asked": 11},
        "why": {"answered": 11, "not_asked": 20},
    },
}
"""Of every kind something among the staff gives way."""
FEW_STAFF: Tally = {
    "staff": {
        "overall": {"good": 1, "bad": 3},
        "handled": {"done": 2, "undone": 2},
        "window": {"north": 2, "south": 1, "blank": 1},
        "ways": {"phone": 2, "desk": 1, "answered": 3, "blank": 1},
        "points": {"87": 2, "43": 1, "12": 1},
        "waited": {"17": 2, "blank": 2},
        "again": {"good": 1, "bad": 1, "not_asked": 2},
        "why": {"answered": 3, "not_asked": 1},
    },
    "residents": EVERYBODY["residents"],
}
"""The staff are too few to be shown."""


@dataclass(frozen=True)
class KindsCounty:
    """Numbers only, so that any session may use them."""

    cycle_id: int
    survey_id: int
    subject_ids: tuple[int, int]
    """About the first EVERYBODY was said, about the other FEW_STAFF."""


def kinds_county(
    engine: Engine,
    *,
    said: Tally = EVERYBODY,
    few: Tally = FEW_STAFF,
    gone: Tally | None = None,
) -> KindsCounty:
    """Return the county; its survey was counted and closed.

    About the first it was `said`, `few` about the second one, and `gone` about a third
    who was taken out.
    """
    with Session(writing(engine)) as session:
        units = [Unit(code="U1", name="清河镇"), Unit(code="U2", name="柳林镇")]
        session.add_all(units)
        session.flush()
        bodies = [Subject(kind="leading-body", unit_id=unit.id) for unit in units]
        session.add_all(bodies)
        cycle = make_cycle(session, "2026", scheme=kinds_scheme())
        survey_id = make_survey(
            session,
            cycle.id,
            questionnaire=kinds_questionnaire(),
            plan=SurveyPlan("各种题型调查", "satisfaction", MAY_1, MAY_1),
        ).id
        first, second = ids = [body.id for body in bodies]
        left = Subject(kind="leading-body", unit_id=units[0].id)
        session.add_all([left] if gone else [])
        session.flush()
        everybody = [*ids, left.id] if gone else ids
        add_subjects(session, survey_id, subject_ids=everybody)
        add_channels(session, survey_id, key=b"k" * 32)
        open_survey(session, survey_id, today=MAY_1)
        for subject, tally in zip(everybody, (said, few, gone or {}), strict=False):
            session.add_all(_counts(survey_id, subject, tally))
        let_answers_agree(session, survey_id)
        if gone:
            _take_out(session, survey_id, left.id)
        _close(session, cycle.id, survey_id)
        return KindsCounty(cycle.id, survey_id, (first, second))


def _close(session: Session, cycle_id: int, survey_id: int) -> None:
    close_survey(session, survey_id)
    keep_results(session, survey_id)
    keep_alerts(session, survey_id)
    keep_sheets(session, cycle_id, stale_only=False)


def _take_out(session: Session, survey_id: int, subject_id: int) -> None:
    confirmed(session, FIRST, SECOND)
    ask_to_take_out(
        session, survey_id,
        subject_id=subject_id, reason="调离", account=FIRST, today=MAY_1,
    )  # fmt: skip
    grant_taking_out(
        session, survey_id, subject_id=subject_id, account=SECOND, today=MAY_1
    )


def _counts(survey_id: int, subject: int, tally: Tally) -> list[ChoiceCount]:
    return [
        ChoiceCount(
            slot=0, survey_id=survey_id, subject_id=subject, rater_group=group,
            question_key=question, choice_key=choice, count=count,
        )
        for group, asked in tally.items()
        for question, counts in asked.items()
        for choice, count in counts.items()
    ]  # fmt: skip
