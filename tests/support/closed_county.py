"""The small county with a survey that was opened, answered and closed by the verbs."""

from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from survey_app.analytics.kept.alerts import keep_alerts
from survey_app.analytics.kept.results import keep_results
from survey_app.analytics.kept.sheets import keep_sheets
from survey_app.analytics.results import results_of
from survey_app.analytics.scores import SubjectSheet, sheet_of, sheets_of
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.roster.import_roster import ImportOutcome, import_roster
from survey_app.appraisal.roster.write_rows import Hand
from survey_app.database import writing
from survey_app.forms.roster.roster_workbook import roster_sheets
from survey_app.survey.closing import close_survey
from survey_app.survey.draft import make_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.parts import add_channel, add_channels, add_subjects
from survey_app.survey.rated import in_use
from survey_app.survey.settling.settle_cycle import settle_cycle
from survey_app.survey.tables import DRAFT, Survey, SurveySubject
from tests.support.answers import let_answers_agree
from tests.support.drafts import PLAN
from tests.support.grown import grown
from tests.support.raised import every_alert
from tests.support.small_county import (
    MAY_1,
    QUESTIONNAIRE,
    SCHEME,
    County,
    small_county,
)
from tests.support.workbooks import Cells, roster

BOSS = Hand("the manager", MAY_1, may_replace=True)
CLERK = Hand("the organizer", MAY_1)


@grown
def opened_county(engine: Engine) -> County:
    """Return the county, its survey of both cadres open through its channels.

    The other survey of its cycle is gone, so that one opening alone freezes.
    """
    county = small_county(engine)
    county.give(county.subject_id, achievements="93.2", direct="5")
    county.give(county.body_id, body="88")
    with Session(writing(engine)) as session:
        other = county.other_survey_id
        session.execute(delete(SurveySubject).where(SurveySubject.survey_id == other))
        session.execute(delete(Survey).where(Survey.id == other))
        survey = session.get_one(Survey, county.survey_id)
        survey.state, survey.closes_on = DRAFT, MAY_1
        session.commit()
        for group in ("staff", "residents"):
            add_channel(
                session, county.survey_id, rater_group=group, place="", key=b"k" * 32
            )
        open_survey(session, county.survey_id, today=MAY_1)
    county.count("staff", good=20, bad=10)
    county.count("residents", good=30, bad=15)
    with Session(writing(engine)) as session:
        let_answers_agree(session, county.survey_id)
    return county


@grown
def closed_county(engine: Engine) -> County:
    """Return the county, its survey closed."""
    county = opened_county(engine)
    with Session(writing(engine)) as session:
        close_survey(session, county.survey_id)
        keep_results(session, county.survey_id)
        keep_alerts(session, county.survey_id)
        keep_sheets(session, county.cycle_id, stale_only=False)
    return county


def settle(county: County) -> None:
    """Settle its cycle."""
    with Session(writing(county.engine)) as session:
        settle_cycle(session, county.cycle_id, account="first", today=MAY_1)
        keep_sheets(session, county.cycle_id, stale_only=False)


def open_another(county: County) -> int:
    """Open a second survey of the same cycle about 王一; return its number."""
    with Session(writing(county.engine)) as session:
        another = make_survey(
            session, county.cycle_id, questionnaire=QUESTIONNAIRE, plan=PLAN
        ).id
        add_subjects(session, another, subject_ids=[county.subject_id])
        add_channels(session, another, key=b"k" * 32)
        open_survey(session, another, today=MAY_1)
    return another


def imported(
    county: County,
    hand: Hand = BOSS,
    *,
    renaming: bool = True,
    units: Cells = (),
    cadres: Cells = (),
    values: Cells = (),
) -> ImportOutcome:
    """Import rows, by default as a manager who looked at all names."""
    with Session(writing(county.engine)) as session:
        written = roster_sheets(roster(units, cadres, values))
        return import_roster(session, written, hand, renaming=renaming, in_use=in_use)


def shown_of(county: County) -> list[object]:
    """Return all that is shown of the closed survey and of its cycle's sheets."""
    with Session(county.engine) as session:
        survey = session.get_one(Survey, county.survey_id)
        cycle = session.get_one(Cycle, county.cycle_id)
        return [
            results_of(session, survey, scheme=SCHEME, today=MAY_1).subjects,
            list(every_alert(session, county.survey_id)),
            sheet_of(session, cycle, county.subject_id, scheme=SCHEME),
            sheets_of(session, cycle, scheme=SCHEME)[0],
        ]


def sheet(county: County, subject_id: int = 0) -> SubjectSheet:
    """Return the sheet of 王一, or of another."""
    with Session(county.engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        return sheet_of(session, cycle, subject_id or county.subject_id, scheme=SCHEME)
