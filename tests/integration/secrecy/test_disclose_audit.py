"""The audit finds what gives small groups away, and nothing where nothing does."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.accounts.permissions import SEE_RESULTS
from survey_app.all_tables import metadata
from survey_app.analytics.kept.alerts import keep_alerts
from survey_app.analytics.kept.raised_cases import raise_cases
from survey_app.analytics.turnouts import answers_of
from survey_app.appraisal.people import Subject
from survey_app.audit.asked_tables import asks_any, written_tables
from survey_app.audit.disclosure_audit import disclosure_audit
from survey_app.audit.given_away import given_away
from survey_app.audit.report import Report
from survey_app.ballot.main_tables import BallotCount
from survey_app.cli.main import main
from survey_app.database import borrowed_main_engine, writing
from survey_app.database import session as request_session
from survey_app.migrate import migrate
from survey_app.settings import Settings
from survey_app.survey.counters import ChoiceCount, tallies_of
from survey_app.survey.kept_plan import freeze_plan
from survey_app.survey.publication import Evaluation, evaluate_plan, keep_evaluation
from survey_app.survey.settled_plan import settled_plan
from survey_app.survey.tables import SECRET_BALLOT, PublicationPlan, Survey
from survey_app.web.office.access import allow
from tests.conftest import FixedClock
from tests.support.demo_counts import count_demo_county
from tests.support.small_county import MAY_1, County, add_counts, small_county

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

on_postgresql = pytest.mark.parametrize(
    "database_url",
    [pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)
"""Whichever database is audited, the copy is SQLite: one audit of each is enough."""

MakeApp = Callable[[Settings], Flask]


def small_groups_everywhere(engine: Engine) -> County:
    """A county with every kind of hidden group.

    About 王一 and 李二 one that is alone, about the leading body two that share a
    shown whole, and in the other survey, a secret ballot, one of a few voters.
    """
    county = small_county(engine)
    county.count("staff", good=31, bad=11)
    county.count("residents", good=4, bad=2, dont_know=1)
    county.count("staff", subject_id=county.other_subject_id, good=6, bad=2)
    county.count("staff", subject_id=county.body_id, good=5, bad=1)
    county.count("residents", subject_id=county.body_id, good=2, bad=5)
    with Session(writing(engine)) as session:
        survey = session.get_one(Survey, county.survey_id)
        survey.subjects.append(session.get_one(Subject, county.body_id))
        session.commit()
    county.settle()
    with Session(writing(engine)) as session:
        make_secret(session, county, staff=55, residents=4)
        county.keep_sheets(session)
        for survey_id in (county.survey_id, county.other_survey_id):
            keep_alerts(session, survey_id)
            raise_cases(session, survey_id, today=MAY_1)
    return county


def make_secret(session: Session, county: County, **used: int) -> None:
    """Let the other survey be a secret ballot whose box was opened; 60 slips each."""
    survey = session.get_one(Survey, county.other_survey_id)
    survey.mode = SECRET_BALLOT
    subject = session.get_one(Subject, county.other_subject_id)
    add_counts(session, survey.id, subject.id, "residents", {"good": 1, "bad": 3})
    session.add_all(
        BallotCount(
            survey_id=survey.id, unit_id=subject.unit_id, batch_id=group * 2,
            rater_group=group, eligible=58, issued=60, signed=n, used=n,
            voided=60 - n, challenged=0, spoiled=0, void=False,
        )
        for group, n in used.items()
    )  # fmt: skip
    freeze_plan(session, survey)
    evaluate_plan(session, survey)


@pytest.fixture
def honest(clock: FixedClock) -> MakeApp:
    return honest_on(clock)


def honest_on(clock: FixedClock) -> MakeApp:
    """The platform as it is, on this day."""

    def make(settings: Settings) -> Flask:
        return create_app(settings, clock=clock)

    return make


def leaking(honest: MakeApp) -> MakeApp:
    """The platform with three routes that say too much, and one nobody can fill."""

    def mean() -> str:
        bad = select(func.sum(ChoiceCount.count)).where(
            ChoiceCount.rater_group == "residents", ChoiceCount.choice_key == "bad"
        )
        return f"among residents: {request_session().scalar(bad)}"

    @allow(SEE_RESULTS)
    def all_about(survey_id: int, subject_id: int) -> str:
        every = select(func.sum(ChoiceCount.count)).where(
            ChoiceCount.survey_id == survey_id, ChoiceCount.subject_id == subject_id
        )
        return f"all answers: {request_session().scalar(every)}"

    def open_total() -> str:
        survey = request_session().get_one(Survey, 1)
        return f"all: {answers_of(request_session(), [survey])[1]}"

    def make(settings: Settings) -> Flask:
        app = honest(settings)
        app.add_url_rule("/open-data", "open_data", mean)
        totals = "/office/totals/<int:survey_id>/<int:subject_id>"
        app.add_url_rule(totals, "office.totals", all_about)
        app.add_url_rule("/harmless", "harmless", open_total)
        app.add_url_rule("/odd/<strange_thing>", "odd", str)
        return app

    return make


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Report, int]]:
    """One audit of the county, with routes added that say too much; and whom of."""
    file = tmp_path_factory.mktemp("audited") / "survey.sqlite"
    told = Settings(database_url=f"sqlite:///{file}", secret_key="k" * 32)
    make = leaking(honest_on(FixedClock(date(2026, 5, 1))))
    with borrowed_main_engine(told) as engine:
        migrate(engine)
        county = small_groups_everywhere(engine)
        yield disclosure_audit(told, make), county.subject_id


def test_of_all_routes_only_those_that_say_too_much_leak(
    audited: tuple[Report, int],
) -> None:
    report, _ = audited

    found = {(leak.where, leak.role) for leak in report.leaks}
    assert found == {
        ("open_data", "stranger"), ("office.totals", "office"),
        ("office.totals", "auditor"),
    }  # fmt: skip
    assert report.not_audited == ("/odd/<strange_thing>",)
    assert (report.surveys, report.groups) == (3, 5)
    assert report.worlds >= 6
    assert report.addresses > 40


def test_the_group_that_is_given_away_is_named(audited: tuple[Report, int]) -> None:
    report, subject = audited

    told = [leak for leak in report.leaks if leak.where == "open_data"]
    assert told[0].who == f"survey 1, subject {subject}, residents (all worst)"
    assert told[0].truth.endswith("among residents: 80")
    assert told[0].instead.endswith("among residents: 85")
    by_sizes = [leak.who for leak in report.leaks if leak.where == "office.totals"]
    assert by_sizes
    assert all("(one " in who for who in by_sizes)
    # How many voted in a secret ballot is posted; what they said is not.
    assert not any("survey 2" in who for who in by_sizes)


def test_what_hidden_groups_said_is_in_none_of_the_numbers(
    audited: tuple[Report, int],
) -> None:
    report, _ = audited

    assert "numbers" not in {leak.where for leak in report.leaks}
    assert report.numbers > 5


@on_postgresql
def test_the_terminal_says_what_was_tried_and_only_reads(
    engine: Engine, settings: Settings, ballots: Engine
) -> None:
    small_groups_everywhere(engine)
    told = {
        "SURVEY_DATABASE_URL": settings.database_url,
        "SURVEY_BALLOT_DATABASE_URL": settings.ballot_database_url,
        "SURVEY_SECRET_KEY": settings.secret_key,
    }
    before = everything_in(engine)

    nobody = CliRunner().invoke(main, ["disclose", "audit", "999"], env=told)
    said = CliRunner().invoke(main, ["disclose", "audit", "--json"], env=told)

    report = json.loads(said.stdout)
    assert (said.exit_code, report["clean"], report["groups"]) == (0, True, 5), report
    assert nobody.exit_code == 1
    assert everything_in(engine) == before


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
    engine: Engine, honest: MakeApp, settings: Settings, ballots: Engine
) -> None:
    count_demo_county(engine, "T01", "T07")

    report = disclosure_audit(settings, honest, ballots=ballots)

    assert report.lines()[-1] == "Nothing leaks.", "\n".join(report.lines())
    assert (report.groups, report.worlds) == (1, 5)


@on_sqlite
def test_a_stored_plan_that_shows_a_small_group_is_found_by_its_numbers(
    engine: Engine, db: Session
) -> None:
    county = small_groups_everywhere(engine)
    subject, survey = county.subject_id, db.get_one(Survey, county.survey_id)
    assert given_away(db, [survey])[1] == []

    # Not by hand: by a program that decides wrongly.
    plan = settled_plan(db, survey, today=MAY_1)
    about = plan.of_subject(subject)
    wrong = replace(about, sizes={**about.sizes, "residents": 7})
    decided = replace(plan, subjects={**plan.subjects, subject: wrong})
    db.get_one(PublicationPlan, survey.id).evaluated = None
    db.flush()
    keep_evaluation(
        db, survey.id, Evaluation.of(decided, tallies_of(db, county.survey_id))
    )
    db.flush()

    assert f"survey 1, subject {county.subject_id}, residents" in {
        leak.who for leak in given_away(db, [survey])[1]
    }


def test_a_route_that_was_not_audited_fails_the_audit() -> None:
    nothing = Report(0, 0, 0, 0, 0, 0, 0)

    assert nothing.is_clean
    assert not replace(nothing, not_audited=("/x",)).is_clean


def test_a_page_is_loaded_again_where_it_asked_a_table_that_differs() -> None:
    written = written_tables(
        [
            "SELECT survey.id FROM survey",
            "DELETE FROM choice_count WHERE choice_count.survey_id = ?",
            'INSERT INTO "response" (id) VALUES (?)',
            "UPDATE publication_plan SET evaluated=?",
        ]
    )

    assert written == {"choice_count", "response", "publication_plan"}
    assert asks_any(['SELECT sum("choice_count".count) FROM x'], written)
    assert not asks_any(["SELECT choice_counts FROM survey"], written)


def everything_in(engine: Engine) -> dict[str, list[str]]:
    """Every row of the main database."""
    with engine.connect() as read:
        return {
            table.name: sorted(map(str, read.execute(select(table))))
            for table in metadata.sorted_tables
        }
