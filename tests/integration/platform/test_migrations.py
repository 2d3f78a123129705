"""The migrations and the models tell one story, up and down."""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from survey_app.alerts.raising import FoundAlert, identity
from survey_app.alerts.tables import AlertCase
from survey_app.all_tables import metadata
from survey_app.analytics.kept.raised_cases import RAISE
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.appraisal.sheet_rows import SCORE_SHEETS
from survey_app.jobs.tables import WAITING, JobRow
from survey_app.migrate import alembic_config, migrate
from survey_app.settings import Settings
from survey_app.survey.settling.settle_cycle import freeze_facts
from survey_app.survey.tables import Channel, RatedSubject, Survey
from tests.support.cases import crossing_county
from tests.support.jobs import run_waiting_jobs
from tests.support.kept_sheets import kept, marks, worked_out
from tests.support.small_county import small_county


def test_upgrading_gives_the_tables_the_models_expect(engine: Engine) -> None:
    config = alembic_config()

    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_every_step_goes_down_as_well_as_up(engine: Engine) -> None:
    config = alembic_config()

    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}

    migrate(engine)
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


def test_what_had_opened_before_is_frozen_as_the_roster_has_it_now(
    engine: Engine,
) -> None:
    county = small_county(engine)
    _down(engine, "0003")

    migrate(engine)

    with Session(engine) as session:
        surveys = session.scalars(
            select(RatedSubject.survey_id).where(
                RatedSubject.subject_id == county.other_subject_id,
                RatedSubject.unit_name == "柳林镇",
                RatedSubject.cadre_name == "李二",
            )
        )
        assert set(surveys) == {county.survey_id, county.other_survey_id}
        reached = session.scalars(
            select(RatedSubject.subject_id).where(
                RatedSubject.survey_id == county.survey_id
            )
        )
        assert {county.subject_id, county.body_id} <= set(reached)


def test_what_had_opened_before_is_named_as_it_would_be_today(engine: Engine) -> None:
    """Names settled by the step are those that opening settles."""
    county = small_county(engine)
    with Session(engine) as session:
        unit = session.get_one(Subject, county.subject_id).unit
        twin = Cadre(code="Z9", name="李二", title="副镇长", post="deputy", unit=unit)
        survey = session.get_one(Survey, county.survey_id)
        survey.subjects.append(Subject(kind="cadre", unit=unit, cadre=twin))
        freeze_facts(session, survey)
        session.commit()
    settled = _names(engine)
    assert {name for name, *_ in settled} >= {"李二（清河镇 副镇长）", "王一"}
    _down(engine, "0010")

    migrate(engine)

    assert _names(engine) == settled


def test_sheets_of_an_old_cycle_are_marked_and_worked_out(
    engine: Engine, settings: Settings
) -> None:
    county = small_county(engine)
    county.settle()
    before = kept(county)
    assert before == worked_out(county)
    _down(engine, "0017")

    migrate(engine)

    with Session(engine) as session:
        everybody = {0, *session.scalars(select(Subject.id))}
        cycles = set(session.scalars(select(Cycle.id)))
        asked = session.execute(select(JobRow.kind, JobRow.about, JobRow.state)).all()
    assert marks(county) == everybody
    assert {tuple(one) for one in asked if one.kind != RAISE} == {
        (SCORE_SHEETS, cycle, WAITING) for cycle in cycles
    }
    run_waiting_jobs(engine, settings)
    assert (marks(county), kept(county)) == (set(), before)


def test_alerts_of_a_survey_settled_before_are_raised_once(
    engine: Engine, settings: Settings
) -> None:
    county = crossing_county(engine)
    with Session(engine) as session:
        before = set(_raised(session))
    _down(engine, "0019")

    migrate(engine)

    run_waiting_jobs(engine, settings)
    with Session(engine) as session:
        now = _raised(session)
    assert set(now) >= before
    assert len(now) == len(set(now))
    assert county.subject_id in {one.subject_id for _, one in now}


def _raised(session: Session) -> list[tuple[int, FoundAlert]]:
    cases = session.scalars(select(AlertCase))
    return [(one.cycle_id, identity(one)) for one in cases]


def test_whoever_is_on_the_roster_already_is_found_by_initials(engine: Engine) -> None:
    county = small_county(engine)
    with Session(engine) as session:
        survey = session.get_one(Survey, county.survey_id)
        survey.channels.append(Channel(code="X1", rater_group="staff", place="窗口3"))
        session.commit()
    initials = _initials(engine)
    assert initials >= {"qhz", "wy", "ck3"}
    _down(engine, "0018")

    migrate(engine)

    assert _initials(engine) == initials


def _initials(engine: Engine) -> set[str]:
    with Session(engine) as session:
        columns = Unit.initials, Cadre.initials, Channel.initials
        return {one for column in columns for one in session.scalars(select(column))}


def _down(engine: Engine, to: str) -> None:
    config = alembic_config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)
        connection.commit()


def _names(engine: Engine) -> list[tuple[object, ...]]:
    table = RatedSubject
    with Session(engine) as session:
        return [
            tuple(row)
            for row in session.execute(
                select(
                    table.shown_name,
                    table.shown_unit,
                    table.shown_place,
                    table.position,
                    table.initials,
                ).order_by(table.survey_id, table.subject_id)
            )
        ]
