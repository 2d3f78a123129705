"""The desk: what waits for whom, how surveys stand, what is new, and the year."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import ROLES
from survey_app.accounts.record import acting, note
from survey_app.analytics.desk.dates import DAYS
from survey_app.analytics.desk.due import DUE
from survey_app.analytics.desk.found import DeskAsked
from survey_app.analytics.desk.glance import last_here, new_results, running
from survey_app.appraisal.adjustments import GivenAdjustment
from survey_app.appraisal.named_ratings import NamedRatingEntry
from survey_app.appraisal.scope import EVERYWHERE, Scope
from survey_app.ballot.tables import BallotBox, Batch
from survey_app.database import writing
from survey_app.jobs.tables import FAILED, JobRow
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.settling.correction import Correction
from survey_app.survey.survey_acts import REOPENING, VOIDING, SurveyAct
from survey_app.survey.tables import CLOSED, CLOSING, OPEN, Channel, Survey
from survey_app.web.office.access import door_to
from tests.support.drafts import Draft, ready
from tests.support.office import MANAGER, desk

TODAY = date(2026, 5, 1)
ME, OTHER = "wang", "li"
KINDS = {kind.key: kind for kind in DUE}


@pytest.fixture
def place(db: Session) -> Draft:
    return ready(db)


def found(db: Session, kind: str, *, by: str = ME, **told: object) -> list[str]:
    """Return whom or what this account finds of one kind, by name."""
    asked = DeskAsked(db, None, by, TODAY, **told)  # type: ignore[arg-type]
    return [one.about for one in KINDS[kind].find(asked).items]


def rows_of(place: Draft) -> dict[str, Callable[[str], object]]:
    """Return kind → what makes a row of it that this account began."""
    who, cycle = place.subject_ids[0], place.cycle_id
    about = {"cycle_id": cycle, "subject_id": who}
    return {
        "corrections": lambda by: Correction(
            **about, what="name", old="a", new="b", old_source="", new_source="",
            reason="x", requested_by=by, requested_on=TODAY, passwords_given=0,
        ),
        "adjustments": lambda by: GivenAdjustment(
            **about, kind="bonus", points="1", reason="x", source="y", entered_by=by
        ),
        "named-ratings": lambda by: NamedRatingEntry(
            **about, component_key="x", rater_group="", rater="r", capacity="c",
            points="1", reason="x", signed_on=TODAY, source="y", entered_by=by,
            passwords_given=0,
        ),
        "voidings": lambda by: SurveyAct(
            survey_id=place.survey_id, kind=VOIDING, reason="x", asked_by=by,
            asked_on=TODAY, given_before=0, before="", after="",
        ),
        "mistakes": lambda by: SurveyAct(
            survey_id=place.survey_id, kind=REOPENING, reason="x", asked_by=by,
            asked_on=TODAY, given_before=0, before="", after="",
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["corrections", "adjustments", "named-ratings", "voidings", "mistakes"]
)
def test_what_needs_a_second_person_waits_for_everybody_but_the_first(
    db: Session, place: Draft, kind: str
) -> None:
    db.add_all([rows_of(place)[kind](OTHER), rows_of(place)[kind](ME)])
    db.commit()
    unit_of_nobody = Scope(frozenset({0}))

    assert len(found(db, kind)) == 1
    assert found(db, kind, by="zhao")
    assert found(db, kind, scope=unit_of_nobody) == []
    for row in db.query(type(rows_of(place)[kind](ME))):
        db.delete(row)
    db.commit()
    assert found(db, kind) == []


def test_failed_work_stands_with_whoever_asked_until_it_is_asked_for_again(
    db: Session,
) -> None:
    job = {"kind": "close-survey", "about": 1, "state": FAILED}
    db.add_all(
        [JobRow(**job, asked_by=ME), JobRow(**job | {"about": 2}, asked_by=OTHER)]
    )
    db.commit()
    first = found(db, "failed-work")
    db.add(JobRow(**job | {"state": "done"}, asked_by=OTHER))
    db.commit()

    assert first == ["close-survey"]
    assert found(db, "failed-work") == []


def test_surveys_are_opened_and_closed_when_their_day_has_come(
    db: Session, place: Draft
) -> None:
    survey = db.get_one(Survey, place.survey_id)
    survey.opens_on, survey.closes_on = TODAY, TODAY
    assert found(db, "surveys-to-open") == [survey.title]
    survey.opens_on = survey.closes_on = TODAY + timedelta(days=1)
    assert found(db, "surveys-to-open") == []
    survey.state, survey.opens_on, survey.closes_on = OPEN, TODAY, TODAY
    assert found(db, "surveys-to-close") == []
    survey.opens_on = survey.closes_on = TODAY - timedelta(days=2)

    (item,) = KINDS["surveys-to-close"].find(DeskAsked(db, None, ME, TODAY)).items

    assert (item.due_on, item.is_late(TODAY)) == (TODAY - timedelta(days=1), True)
    assert found(db, "cycles-to-settle") == []
    survey.state = CLOSED
    assert found(db, "surveys-to-close") == []
    assert found(db, "cycles-to-settle") == ["2026年度考核"]


def test_a_closing_that_stopped_waits_for_everybody_who_may_close(
    db: Session, place: Draft, ballots: Engine
) -> None:
    survey = db.get_one(Survey, place.survey_id)
    survey.opens_on = survey.closes_on = TODAY
    survey.state = CLOSING
    job = JobRow(kind="close-survey", about=survey.id, state="running", asked_by=OTHER)
    db.add(job)
    assert found(db, "surveys-to-close") == []
    job.state = FAILED
    assert found(db, "surveys-to-close") == [survey.title]

    survey.state = OPEN
    db.flush()
    box = {"survey_id": survey.id, "opens_on": TODAY, "closes_on": TODAY}
    with Session(writing(ballots)) as boxes:
        boxes.add(BallotBox(**box, state="open"))
        boxes.commit()
        asked = DeskAsked(db, ballots, ME, TODAY)
        assert KINDS["surveys-to-close"].find(asked).items == ()
        boxes.get_one(BallotBox, survey.id).signatures = "{}"
        boxes.commit()
    assert len(KINDS["surveys-to-close"].find(asked).items) == 1


def test_tickets_wait_for_another_account_and_closed_boxes_for_the_keys(
    db: Session, place: Draft, ballots: Engine
) -> None:
    unit = {"unit_id": 1, "rater_group": "staff", "eligible": 8, "passwords_given": 0}
    survey_id = place.survey_id
    asked = DeskAsked(db, ballots, ME, TODAY)
    none = KINDS["boxes"].find(asked).items
    with Session(writing(ballots)) as box:
        box.add(
            BallotBox(
                survey_id=survey_id, opens_on=TODAY, closes_on=TODAY, state="closed"
            )
        )
        box.add_all(
            Batch(id=str(n) * 32, survey_id=survey_id, requested_by=by, **unit)
            for n, by in enumerate((ME, OTHER, OTHER))
        )
        box.commit()

    (tickets,) = KINDS["tickets"].find(asked).items
    boxes = KINDS["boxes"].find(asked).items

    assert (tickets.count, tickets.at) == (2, {"survey_id": survey_id})
    assert (none, len(boxes)) == ((), 1)
    nowhere = DeskAsked(db, ballots, ME, TODAY, Scope(frozenset({0})))
    assert KINDS["tickets"].find(nowhere).items == ()


def test_every_kind_leads_to_a_page_for_whoever_may_do_it(app: Flask) -> None:
    """Whoever adds an entry to the table cannot forget a part of it."""
    endpoints = set(app.view_functions)
    with app.test_request_context("/office/"):
        for kind in DUE:
            assert {*kind.acts, kind.page, kind.rest} <= endpoints, kind.key
            for act in kind.acts:
                for role, permissions in ROLES.items():
                    if permissions & door_to(act).permissions:
                        opens = door_to(kind.page).permissions & permissions
                        assert opens or kind.key in SEEN_BY_OTHERS, (kind.key, role)
        for day in DAYS:
            assert url_for(day.page, **dict[str, Any]({day.at: 1}))
            assert day.seen in endpoints
    assert len(KINDS) == len(DUE)


SEEN_BY_OTHERS = {"failed-work"}


def test_a_survey_that_runs_tells_how_many_subjects_have_enough_answers(
    db: Session, place: Draft
) -> None:
    survey = db.get_one(Survey, place.survey_id)
    survey.state, survey.slots = OPEN, "0"
    rules = survey.component.survey if survey.component else None
    assert rules
    needed = {one.key: rules.minimum_for(one).value for one in rules.asked}
    channels = select(Channel).where(Channel.survey_id == survey.id)
    for one in db.scalars(channels):
        short = one.subject_id == place.subject_ids[0]
        about = {"slot": 0, "survey_id": survey.id, "subject_id": one.subject_id}
        for day, count in ((1, 1), (2, needed[one.rater_group] - 1 - short)):
            told = {"channel_id": one.id, "answered_on": date(2026, 5, day)}
            db.add(TurnoutCount(**about, **told, count=count))
    db.commit()

    (running_now,) = running(db, today=TODAY, scope=EVERYWHERE).surveys
    limited = running(db, today=TODAY, scope=Scope(frozenset({1}))).surveys
    over = running(db, today=survey.closes_on + timedelta(1), scope=EVERYWHERE).surveys
    survey.mode = "secret"
    (ballot,) = running(db, today=TODAY, scope=EVERYWHERE).surveys

    assert [(one.answers, one.minimum, one.enough) for one in running_now.groups] == [
        (2 * least - 1, least, 1) for least in needed.values()
    ]
    assert running_now.subjects == 2
    assert not any(one.groups for one in limited)
    assert over == ()
    assert ballot.groups == ()


def test_results_are_new_since_the_last_day_on_which_the_account_did_something(
    db: Session, engine: Engine, place: Draft
) -> None:
    db.get_one(Survey, place.survey_id).state = CLOSED
    db.commit()
    began = datetime(2026, 5, 1, tzinfo=UTC).replace(tzinfo=None)

    def entry(account: str, act: str, when: datetime, about: str = "") -> None:
        with Session(writing(engine), info=acting(account, now=when)) as own:
            note(own, act, about=about)
            own.commit()

    closed = "close-survey", began - timedelta(days=3)
    never = last_here(db, ME, began=began)
    db.rollback()
    entry("", *closed, about=f"survey:{place.survey_id}")
    assert len(new_results(db, never, EVERYWHERE)) == 1
    assert new_results(db, never, Scope(frozenset({0}))) == ()
    db.rollback()
    entry(OTHER, "enter", began - timedelta(days=2))
    entry(ME, "enter", began + timedelta(hours=1))
    assert last_here(db, ME, began=began) == never
    db.rollback()
    entry(ME, "results", began - timedelta(minutes=1))
    since = last_here(db, ME, began=began)

    assert since.day == began - timedelta(minutes=1)
    assert new_results(db, since, EVERYWHERE) == ()
    db.rollback()
    entry("", "close-survey", began, about=f"survey:{place.survey_id}")
    (told,) = new_results(db, since, EVERYWHERE)
    assert (told.survey_id, told.on) == (place.survey_id, began)


def test_the_desk_and_the_calendar_say_it_in_words_with_links(
    app: Flask, db: Session, place: Draft
) -> None:
    survey = db.get_one(Survey, place.survey_id)
    survey.opens_on, survey.closes_on = date(2026, 4, 1), date(2026, 5, 31)
    db.add(rows_of(place)["adjustments"](OTHER))
    wang, nobody = desk(app, db, MANAGER), desk(app, db, "keeper")
    title = survey.title
    db.commit()
    wang.send("/language", language="en")

    page = wang.see("/")
    year = wang.see("/calendar?year=2026")
    file = wang.open("/calendar.ics?year=2026")

    links = {a.get("href", ""): a.text for a in page.all("a")}
    assert f"/office/cycles/{place.cycle_id}/adjustments" in links
    assert f"/office/surveys/{place.survey_id}/open" in links
    assert "overdue since" in page.text
    assert "Last day of" in page.text
    assert "Last day of" in year.text
    assert "No day is set" in wang.see("/calendar?year=2031").text
    assert file.text.count("BEGIN:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20260531" in file.text
    assert wang.see("/calendar?year=x").text == year.text
    assert title not in nobody.see("/").text
    assert f"cycles/{place.cycle_id}" not in nobody.open("/").text
