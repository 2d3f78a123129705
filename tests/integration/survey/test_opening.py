"""Opening: everything missing is named at once, and afterwards nothing moves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, update
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle
from survey_app.domain.ground.missing import Lack, Missing
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    NotFound,
    NotReadyToOpen,
    SurveyClosed,
    SurveyNotYetOpen,
)
from survey_app.domain.ground.stated import assumed
from survey_app.domain.questionnaire.ballot_rules import BallotRule
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.settings import Settings
from survey_app.survey.closing import close_survey
from survey_app.survey.draft import change_days
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.parts import (
    add_channel,
    add_channels,
    add_subjects,
    remove_channel,
    remove_subject,
)
from survey_app.survey.tables import CLOSED, DRAFT, OPEN, Channel, Survey
from tests.conftest import FixedClock, rows_in
from tests.support.drafts import KEY, draft, ready
from tests.support.jobs import run_waiting_jobs
from tests.support.office import ORGANIZER, desk
from tests.support.respondents import scheme_with

MAY_1 = date(2026, 5, 1)


def missing(db: Session, survey_id: int, *, today: date = MAY_1) -> set[Missing]:
    with pytest.raises(NotReadyToOpen) as refusal:
        open_survey(db, survey_id, today=today)
    return set(refusal.value.missing)


def test_everything_that_is_missing_is_named_at_once(db: Session) -> None:
    survey_id = draft(db).survey_id

    assert missing(db, survey_id, today=date(2026, 5, 16)) == {
        Missing(Lack.SUBJECTS), Missing(Lack.CHANNELS), Missing(Lack.DAYS),
        Missing(Lack.WAY_OF_GROUP, "staff"), Missing(Lack.WAY_OF_GROUP, "residents"),
    }  # fmt: skip
    assert db.get_one(Survey, survey_id).state == DRAFT


def test_a_rater_group_without_a_channel_is_named(db: Session) -> None:
    made = ready(db)
    db.execute(delete(Channel).where(Channel.rater_group == "staff"))
    db.commit()

    assert missing(db, made.survey_id) == {Missing(Lack.WAY_OF_GROUP, "staff")}


def test_a_subject_no_channel_leads_to_is_named(db: Session) -> None:
    made = ready(db)
    second = made.subject_ids[1]
    db.execute(delete(Channel).where(Channel.subject_id == second))
    db.commit()

    assert missing(db, made.survey_id) == {Missing(Lack.WAY_TO_SUBJECT, second)}

    add_channel(db, made.survey_id, rater_group="staff", key=KEY)
    open_survey(db, made.survey_id, today=MAY_1)


@pytest.mark.parametrize("key", ["nothing", "achievements"])
def test_a_component_that_no_survey_feeds_is_named(db: Session, key: str) -> None:
    made = ready(db)
    db.execute(update(Survey).values(component_key=key))
    db.commit()

    assert missing(db, made.survey_id) == {Missing(Lack.COMPONENT)}


def test_a_questionnaire_the_component_does_not_ask_for_is_named(db: Session) -> None:
    made = ready(db)
    kept = db.get_one(Survey, made.survey_id)
    asked = Questionnaire.from_json(kept.questionnaire)
    kept.questionnaire = replace(asked, key="another").to_json()
    db.commit()

    assert missing(db, made.survey_id) == {Missing(Lack.QUESTIONNAIRE)}


def test_the_last_day_may_be_today_but_not_yesterday(db: Session) -> None:
    made = ready(db)

    assert missing(db, made.survey_id, today=date(2026, 5, 16)) == {Missing(Lack.DAYS)}
    open_survey(db, made.survey_id, today=date(2026, 5, 15))


def test_opening_freezes_the_questions_and_the_scheme(db: Session) -> None:
    made = ready(db)

    open_survey(db, made.survey_id, today=MAY_1)

    kept = db.get_one(Survey, made.survey_id)
    asked = Questionnaire.from_json(kept.questionnaire)
    assert kept.state == OPEN
    assert kept.questionnaire_fingerprint == asked.fingerprint
    assert db.get_one(Cycle, made.cycle_id).frozen


CHANGES: dict[str, Callable[[Session, int, int], object]] = {
    "open again": lambda db, survey, _: open_survey(db, survey, today=MAY_1),
    "days": lambda db, survey, _: change_days(
        db, survey, opens_on=MAY_1, closes_on=MAY_1
    ),
    "subjects": lambda db, survey, who: add_subjects(db, survey, subject_ids=[who]),
    "no subject": lambda db, survey, who: remove_subject(db, survey, subject_id=who),
    "channel": lambda db, survey, _: add_channel(
        db, survey, rater_group="staff", key=KEY
    ),
    "channels": lambda db, survey, _: add_channels(db, survey, key=KEY),
    "no channel": lambda db, survey, _: remove_channel(db, survey, channel_id=1),
}


@pytest.mark.parametrize("state", [OPEN, CLOSED])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_after_the_opening_nothing_changes(
    db: Session, change: Callable[[Session, int, int], object], state: str
) -> None:
    made = ready(db)
    db.execute(update(Survey).values(state=state))
    db.commit()

    with pytest.raises(AlreadyOpened):
        change(db, made.survey_id, made.subject_ids[0])

    assert rows_in(db, "channel") == 4
    assert rows_in(db, "survey_subject") == 2


@pytest.mark.parametrize(
    # SQLite lets one writer in at a time; there is nothing to interleave.
    "database_url",
    [pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)
def test_whoever_read_the_draft_before_the_opening_changes_nothing_after_it(
    db: Session, engine: Engine
) -> None:
    made = ready(db)

    with Session(engine) as late:
        seen = late.get_one(Survey, made.survey_id)
        assert seen.state == DRAFT
        open_survey(db, made.survey_id, today=MAY_1)

        with pytest.raises(AlreadyOpened):
            add_channel(late, made.survey_id, rater_group="staff", key=KEY)


def test_closing_is_for_open_surveys_and_for_good(db: Session) -> None:
    made = ready(db)
    with pytest.raises(SurveyNotYetOpen):
        close_survey(db, made.survey_id)
    open_survey(db, made.survey_id, today=MAY_1)

    close_survey(db, made.survey_id)

    assert db.get_one(Survey, made.survey_id).state == CLOSED
    with pytest.raises(SurveyClosed):
        close_survey(db, made.survey_id)
    with pytest.raises(AlreadyOpened):
        open_survey(db, made.survey_id, today=MAY_1)


def test_what_does_not_exist_neither_opens_nor_closes(db: Session) -> None:
    with pytest.raises(NotFound):
        open_survey(db, 999, today=MAY_1)
    with pytest.raises(NotFound):
        close_survey(db, 999)


def test_a_ballot_rule_nobody_could_obey_is_named(app: Flask, db: Session) -> None:
    made = ready(db)
    two_of_one = BallotRule("at-least", ("bad",), assumed(2))
    db.execute(update(Cycle).values(scheme=scheme_with([two_of_one])))
    db.commit()

    assert missing(db, made.survey_id) == {Missing(Lack.BALLOT_RULES)}
    page = desk(app, db, ORGANIZER).send(f"/surveys/{made.survey_id}/open").text
    assert "谁也无法遵守" in page


def test_the_office_reads_what_is_missing_and_how_to_mend_it(
    app: Flask, db: Session
) -> None:
    made = draft(db)
    wang = desk(app, db, ORGANIZER)
    wang.send("/language", language="en", back="")

    response = wang.send(f"/surveys/{made.survey_id}/open")

    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert "The survey is about nobody yet" in page
    assert "“Staff” has no channel" in page
    assert "There is no channel yet" not in page, "the groups say it already"
    for part in ("subjects", "channels"):
        assert f'href="/office/surveys/{made.survey_id}/{part}"' in page
    assert db.get_one(Survey, made.survey_id).state == DRAFT


def test_the_office_opens_and_closes_after_being_told_what_happens(
    app: Flask, db: Session, clock: FixedClock, settings: Settings
) -> None:
    path = f"/surveys/{ready(db).survey_id}"
    wang = desk(app, db, ORGANIZER)

    asked = wang.see(f"{path}/open").text
    assert "5月15日" in asked
    assert "截止日只能延后" in asked
    assert wang.send(f"{path}/open").location.endswith(path)
    refused = wang.open(f"{path}/draft")
    assert refused.status_code == 409
    assert f'class="button" href="/office{path}"' in refused.get_data(as_text=True)
    assert wang.send(f"{path}/channels/all").status_code == 409
    closing = wang.see(f"{path}/close").text
    assert "5月15日" in closing
    assert "可由两人先后办理重新开放" in closing
    assert "不能重新开放" not in closing
    assert "/jobs/" in (wang.send(f"{path}/close").location or "")
    run_waiting_jobs(app.extensions["survey_engine"], settings)
    assert wang.open(f"{path}/close").status_code == 410
