"""What may be shown is frozen at opening, decided at closing, and stored once."""

import re
from datetime import date

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine, delete, update
from sqlalchemy.orm import Session

from survey_app.analytics.results import results_of
from survey_app.appraisal.people import Cadre, Subject
from survey_app.audit.given_away import given_away
from survey_app.cli.main import main
from survey_app.database import writing
from survey_app.domain.ground.refusals import (
    ResultsNotSettled,
    ResultsSealed,
    WrongMode,
)
from survey_app.domain.scheme.floors import Floors
from survey_app.domain.scheme.scheme import Post
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.settings import Settings
from survey_app.survey.closing import close_survey
from survey_app.survey.kept_plan import frozen_plan_of
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.publication import evaluate_plan, settle_plans
from survey_app.survey.settled_plan import plan_of
from survey_app.survey.tables import OPEN, SECRET_BALLOT, PublicationPlan, Survey
from tests.support.answers import let_answers_agree
from tests.support.drafts import SCHEME, Draft, ready
from tests.support.jobs import run_waiting_jobs
from tests.support.office import MANAGER, Desk, desk
from tests.support.small_county import BOTH_GROUPS, County, add_counts, small_county
from tests.support.small_scheme import changed

MAY_1, MAY_20 = date(2026, 5, 1), date(2026, 5, 20)


@pytest.fixture
def made(db: Session) -> Draft:
    """An open survey in which a few people have answered."""
    made = ready(db)
    open_survey(db, made.survey_id, today=MAY_1)
    add_counts(db, made.survey_id, made.subject_ids[0], "staff", {"good": 20, "bad": 9})
    add_counts(db, made.survey_id, made.subject_ids[0], "residents", {"bad": 7})
    let_answers_agree(db, made.survey_id)
    return made


def test_at_opening_the_plan_is_frozen_with_its_floors(db: Session) -> None:
    made = ready(db)

    assert frozen_plan_of(db, made.survey_id) is None

    open_survey(db, made.survey_id, today=MAY_1)

    frozen = frozen_plan_of(db, made.survey_id)
    assert frozen is not None
    assert frozen.floors == Floors(10, 10, 10, 10, 2)
    assert (frozen.subjects, frozen.groups, frozen.questions) == (
        made.subject_ids,
        ("staff", "residents"),
        ("overall",),
    )
    assert frozen.dissatisfied == ("bad",)
    kept = db.get_one(PublicationPlan, made.survey_id)
    assert (kept.fingerprint, kept.evaluated) == (frozen.fingerprint, None)


def test_at_closing_every_cell_is_decided(db: Session, made: Draft) -> None:
    close_survey(db, made.survey_id)

    plan = plan_of(db, made.survey_id)
    assert plan is not None
    told = plan.of_subject(made.subject_ids[0])
    assert told.sizes == {"staff": 29, "residents": None}
    assert (told.together, told.small) == (None, ("residents",))
    assert plan.total is None


def test_a_plan_is_evaluated_once(db: Session, made: Draft) -> None:
    close_survey(db, made.survey_id)
    before = db.get_one(PublicationPlan, made.survey_id).evaluated
    add_counts(db, made.survey_id, made.subject_ids[1], "staff", {"good": 50})

    evaluate_plan(db, db.get_one(Survey, made.survey_id))

    assert db.get_one(PublicationPlan, made.survey_id).evaluated == before


def test_a_survey_without_a_frozen_plan_is_not_evaluated(
    db: Session, made: Draft
) -> None:
    db.execute(delete(PublicationPlan))

    with pytest.raises(ValueError, match="no frozen plan"):
        evaluate_plan(db, db.get_one(Survey, made.survey_id))


@pytest.mark.parametrize(
    ("today", "refusal"), [(MAY_1, ResultsSealed), (MAY_20, ResultsNotSettled)]
)
def test_without_a_plan_there_are_no_results(
    db: Session, made: Draft, today: date, refusal: type[Exception]
) -> None:
    survey = db.get_one(Survey, made.survey_id)

    with pytest.raises(ResultsSealed) as refused:
        results_of(db, survey, scheme=SCHEME, today=today)

    assert type(refused.value) is refusal


def test_neither_door_takes_a_secret_ballot(db: Session) -> None:
    made = ready(db)
    db.execute(update(Survey).values(mode=SECRET_BALLOT))
    db.commit()

    with pytest.raises(WrongMode):
        open_survey(db, made.survey_id, today=MAY_1)
    db.execute(update(Survey).values(state=OPEN))
    db.commit()
    with pytest.raises(WrongMode):
        close_survey(db, made.survey_id)

    assert db.get_one(Survey, made.survey_id).state == OPEN
    assert db.get(PublicationPlan, made.survey_id) is None


@pytest.fixture
def late(app: Flask, db: Session, engine: Engine) -> tuple[Desk, County]:
    """A survey whose last day has passed, and which nobody has closed."""
    county = small_county(engine)
    county.count("residents", good=20, bad=30)
    county.reopen()
    with Session(writing(engine)) as session:
        let_answers_agree(session, county.survey_id)
        session.get_one(Survey, county.survey_id).closes_on = date(2026, 4, 30)
        session.commit()
    county.settle()
    office = desk(app, db, MANAGER)
    office.send("/language", language="en", back="")
    return office, county


def test_after_its_last_day_a_survey_asks_to_be_closed(
    late: tuple[Desk, County],
) -> None:
    office, county = late
    page = f"/surveys/{county.survey_id}"
    sheet = f"/score-sheets/{county.cycle_id}/{county.subject_id}"

    results = office.open(f"{page}/results")

    assert results.status_code == 403
    assert "not settled" in results.text
    for there in (page, f"{page}/turnout", "/alerts"):
        assert "so that its results are fixed" in office.see(there).text, there
    assert "answers are still being taken" in office.see(sheet).text
    # A number by itself: codes stand there too, and may hold any digits.
    assert not re.search(r"\b50\b", office.see(f"{page}/turnout").text)


def test_closing_it_brings_its_results(
    late: tuple[Desk, County], settings: Settings
) -> None:
    office, county = late
    page = f"/surveys/{county.survey_id}"

    job = office.send(f"{page}/close").location or ""
    assert job.startswith("/office/jobs/")
    assert office.open(f"{page}/results").status_code == 403
    assert job in {link.get("href") for link in office.see(page).all("a")}

    run_waiting_jobs(county.engine, settings)

    assert office.open(job.removeprefix("/office")).location == f"/office{page}"
    assert "50" in office.see(f"{page}/results/{county.subject_id}").text
    assert "so that its results are fixed" not in office.see("/alerts").text


def test_surveys_of_before_get_their_plans_once(db: Session, engine: Engine) -> None:
    county = small_county(engine)
    county.count("residents", good=20, bad=30)

    assert settle_plans(db) == 4
    assert settle_plans(db) == 0

    plan = plan_of(db, county.survey_id)
    assert plan is not None
    assert plan.of_subject(county.subject_id).sizes == {"staff": 0, "residents": 50}


def test_a_closed_secret_ballot_waits_for_its_box(db: Session, engine: Engine) -> None:
    county = small_county(engine)
    db.execute(
        update(Survey).where(Survey.id == county.survey_id).values(mode=SECRET_BALLOT)
    )
    db.commit()

    settle_plans(db)

    assert plan_of(db, county.survey_id) is None
    frozen = frozen_plan_of(db, county.survey_id)
    assert frozen is not None
    assert frozen.floors == Floors(5, 8, 10, 10, 2)


def test_migrating_from_the_terminal_settles_the_surveys_of_before(
    db: Session, engine: Engine, database_url: str
) -> None:
    county = small_county(engine)
    environment = {"SURVEY_DATABASE_URL": database_url, "SURVEY_SECRET_KEY": "k" * 32}

    done = CliRunner().invoke(main, ["migrate"], env=environment)

    assert (done.exit_code, done.output) == (0, "The tables are up to date.\n")
    assert plan_of(db, county.survey_id) is not None


ABOUT_BODIES = read_scheme(
    changed(
        BOTH_GROUPS, ('kind = "survey"', 'kind = "survey"\nabout = "leading-body"')
    ),
    file="small.toml",
)


def test_a_plan_foresees_the_scores_that_will_be_printed(engine: Engine) -> None:
    """A body's satisfaction counts in the sheets of its unit's cadres."""
    county = small_county(engine, ABOUT_BODIES)
    with Session(writing(engine)) as db:
        first = db.get_one(Subject, county.subject_id)
        deputy = Cadre(
            code="C9", name="赵九", unit_id=first.unit_id, post="deputy", title="副镇长"
        )
        second = db.get_one(Subject, county.other_subject_id)
        assert second.cadre is not None
        second.cadre.post = "deputy"
        db.add(deputy)
        db.flush()
        db.add(Subject(kind="cadre", unit_id=first.unit_id, cadre_id=deputy.id))
        survey = db.get_one(Survey, county.survey_id)
        survey.subjects = [first, second, db.get_one(Subject, county.body_id)]
        db.commit()
    county.count("staff", subject_id=county.body_id, bad=42)
    county.count("residents", subject_id=county.body_id, good=13, bad=17)
    county.settle()

    with Session(writing(engine)) as db:
        plan = plan_of(db, county.survey_id)
        leaks = given_away(db, [db.get_one(Survey, county.survey_id)])[1]

    assert plan is not None
    assert {key: about.posts for key, about in plan.subjects.items()} == {
        county.subject_id: (Post.PRINCIPAL,),
        county.other_subject_id: (Post.DEPUTY,),
        county.body_id: (Post.DEPUTY, Post.PRINCIPAL),
    }
    assert leaks == []
