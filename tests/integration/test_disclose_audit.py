"""The audit finds what gives small groups away, and nothing where nothing does."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.analytics.turnouts import turnout_of
from survey_app.audit.disclosure_audit import disclosure_audit
from survey_app.audit.given_away import given_away
from survey_app.audit.report import Report
from survey_app.cli.main import main
from survey_app.database import session as request_session
from survey_app.database import writing
from survey_app.models.account import READER
from survey_app.models.all_tables import metadata
from survey_app.models.count import ChoiceCount
from survey_app.models.publication import PublicationPlan
from survey_app.models.secret_ballot import BallotCount
from survey_app.models.subject import Subject
from survey_app.models.survey import SECRET_BALLOT, Survey
from survey_app.services.evaluate_plan import evaluate_plan
from survey_app.services.freeze_plan import freeze_plan
from survey_app.settings import Settings
from survey_app.web.office.access import allow
from tests.conftest import FixedClock
from tests.demo_counts import count_demo_county
from tests.small_county import County, small_county

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MakeApp = Callable[[Settings], Flask]


@pytest.fixture
def county(engine: Engine) -> County:
    """A county with one hidden group that is alone, and two that share a whole."""
    county = small_county(engine)
    county.count("staff", good=31, bad=11)
    county.count("residents", good=4, bad=2, dont_know=1)
    county.count("staff", subject_id=county.other_subject_id, good=6, bad=2)
    county.settle()
    return county


@pytest.fixture
def honest(clock: FixedClock) -> MakeApp:
    return lambda settings: create_app(settings, clock=clock)


@pytest.fixture
def audited(settings: Settings, ballots: Engine) -> Callable[[MakeApp], Report]:
    return lambda make_app: disclosure_audit(settings, make_app, ballots=ballots)


def leaking(honest: MakeApp) -> MakeApp:
    """The platform with three routes that say too much, and one nobody can fill."""

    def mean() -> str:
        bad = select(func.sum(ChoiceCount.count)).where(
            ChoiceCount.rater_group == "residents", ChoiceCount.choice_key == "bad"
        )
        return f"among residents: {request_session().scalar(bad)}"

    @allow(READER)
    def all_about(survey_id: int, subject_id: int) -> str:
        every = select(func.sum(ChoiceCount.count)).where(
            ChoiceCount.survey_id == survey_id, ChoiceCount.subject_id == subject_id
        )
        return f"all answers: {request_session().scalar(every)}"

    def open_total() -> str:
        return f"all: {turnout_of(request_session(), survey_id=1).total}"

    def make(settings: Settings) -> Flask:
        app = honest(settings)
        app.add_url_rule("/open-data", "open_data", mean)
        totals = "/office/totals/<int:survey_id>/<int:subject_id>"
        app.add_url_rule(totals, "office.totals", all_about)
        app.add_url_rule("/harmless", "harmless", open_total)
        app.add_url_rule("/odd/<strange_thing>", "odd", str)
        return app

    return make


def test_a_small_county_leaks_nothing(
    county: County, honest: MakeApp, audited: Callable[[MakeApp], Report]
) -> None:
    report = audited(honest)

    assert report.lines()[-1] == "Nothing leaks.", "\n".join(report.lines())
    assert (report.surveys, report.groups) == (3, 2)
    assert report.worlds >= 4
    assert report.addresses > 40


@on_sqlite
def test_the_numbers_of_the_demo_county_give_nobody_away(
    engine: Engine, db: Session
) -> None:
    survey = db.get_one(Survey, count_demo_county(engine))

    numbers, leaks = given_away(db, [survey])

    assert leaks == []
    assert numbers > 500


@on_sqlite
def test_pages_of_the_demo_county_are_the_same_whatever_its_few_said(
    engine: Engine, honest: MakeApp, audited: Callable[[MakeApp], Report]
) -> None:
    count_demo_county(engine, "T01", "T07")

    report = audited(honest)

    assert report.lines()[-1] == "Nothing leaks.", "\n".join(report.lines())
    assert (report.groups, report.worlds) == (1, 5)


@on_sqlite
def test_routes_that_say_too_much_are_found_and_the_group_is_named(
    county: County, honest: MakeApp, audited: Callable[[MakeApp], Report]
) -> None:
    report = audited(leaking(honest))

    found = {(leak.where, leak.role) for leak in report.leaks}
    assert found == {("open_data", "stranger"), ("office.totals", READER)}
    assert report.not_audited == ("/odd/<strange_thing>",)
    told = [leak for leak in report.leaks if leak.where == "open_data"]
    assert (
        told[0].who == f"survey 1, subject {county.subject_id}, residents (all worst)"
    )
    assert told[0].truth.endswith("among residents: 72")
    assert told[0].instead.endswith("among residents: 77")
    by_sizes = [leak.who for leak in report.leaks if leak.where == "office.totals"]
    assert all("(one " in who for who in by_sizes)


@on_sqlite
def test_a_stored_plan_that_shows_a_small_group_is_found_by_its_numbers(
    county: County, db: Session
) -> None:
    plan = db.get_one(PublicationPlan, county.survey_id)
    survey = db.get_one(Survey, county.survey_id)
    assert given_away(db, [survey])[1] == []

    kept = json.loads(plan.evaluated or "")
    kept["subjects"][str(county.subject_id)]["sizes"]["residents"] = 7
    plan.evaluated = json.dumps(kept, sort_keys=True, ensure_ascii=False)
    db.flush()

    assert f"survey 1, subject {county.subject_id}, residents" in {
        leak.who for leak in given_away(db, [survey])[1]
    }


@on_sqlite
def test_the_terminal_says_what_was_tried_and_only_reads(
    county: County, settings: Settings, ballots: Engine
) -> None:
    told = {
        "SURVEY_DATABASE_URL": settings.database_url,
        "SURVEY_SECRET_KEY": settings.secret_key,
    }
    before = everything_in(county.engine)

    said = CliRunner().invoke(main, ["disclose", "audit", "--json"], env=told)
    nobody = CliRunner().invoke(main, ["disclose", "audit", "999"], env=told)

    report = json.loads(said.stdout)
    assert (said.exit_code, report["clean"], report["groups"]) == (0, True, 2)
    assert nobody.exit_code == 1
    assert everything_in(county.engine) == before


def test_a_route_that_was_not_audited_fails_the_audit() -> None:
    nothing = Report(0, 0, 0, 0, 0, 0, 0)

    assert nothing.is_clean
    assert not replace(nothing, not_audited=("/x",)).is_clean


def everything_in(engine: Engine) -> dict[str, list[str]]:
    """Every row of the main database."""
    with engine.connect() as read:
        return {
            table.name: sorted(map(str, read.execute(select(table))))
            for table in metadata.sorted_tables
        }


@on_sqlite
def test_a_secret_ballot_with_a_few_voters_leaks_nothing(
    engine: Engine, honest: MakeApp, audited: Callable[[MakeApp], Report]
) -> None:
    """Every slip is accounted for, as the closing of a box demands."""
    county = small_county(engine)
    county.count("staff", good=31, bad=11)
    county.count("residents", good=1, bad=3)
    county.settle()
    make_secret(county, staff=42, residents=4)

    report = audited(honest)

    assert report.lines()[-1] == "Nothing leaks.", "\n".join(report.lines())
    assert report.groups == 1


def make_secret(county: County, **used: int) -> None:
    """Let the survey be a secret ballot whose box was opened; 60 slips each."""
    with Session(writing(county.engine)) as session:
        survey = session.get_one(Survey, county.survey_id)
        survey.mode = SECRET_BALLOT
        unit = session.get_one(Subject, county.subject_id).unit_id
        session.add_all(
            BallotCount(
                survey_id=survey.id, unit_id=unit, batch_id=group * 2,
                rater_group=group, eligible=55, issued=60, signed=n, used=n,
                voided=60 - n, challenged=0, spoiled=0, void=False,
            )
            for group, n in used.items()
        )  # fmt: skip
        freeze_plan(session, survey)
        evaluate_plan(session, survey)
        session.commit()
