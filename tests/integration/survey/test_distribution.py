"""A distributed database: what is spread, how every node is set, which slots are used.

There is no Citus here. What it would be asked is put to a PostgreSQL that has functions
of the same names; what it answers is written down from Citus 13.
"""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session

from survey_app.all_tables import metadata
from survey_app.cli.main import main
from survey_app.database import SLOTS, writing
from survey_app.distribution import SPREAD, is_distributed
from survey_app.domain.ground.refusals import UnsafeServer
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.slots import slots_at_opening
from survey_app.survey.tables import Survey
from tests.support.drafts import PLAN, ready

DISTRIBUTED = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
SAFE = {
    "track_activities": "off",
    "log_min_error_statement": "panic",
    "log_statement": "none",
}
LIKE_CITUS = """
CREATE TABLE pg_dist_partition (logicalrelid regclass, how text);
CREATE TABLE pg_dist_placement (shardid bigint, groupid int);
CREATE TABLE emptied (name regclass);
CREATE TABLE node (success bool, result text);
INSERT INTO pg_dist_placement SELECT n, mod(n, 2) FROM generate_series(0, 3) AS n;
CREATE FUNCTION create_distributed_table(name regclass, col text,
    shard_count int DEFAULT 0, colocate_with text DEFAULT 'default')
RETURNS void LANGUAGE sql AS
$$ INSERT INTO pg_dist_partition VALUES (name, col || shard_count || colocate_with) $$;
CREATE FUNCTION truncate_local_data_after_distributing_table(name regclass)
RETURNS void LANGUAGE sql AS $$ INSERT INTO emptied VALUES (name) $$;
CREATE FUNCTION run_command_on_all_nodes(command text)
RETURNS SETOF node LANGUAGE sql AS $$ SELECT * FROM node $$;
CREATE FUNCTION get_shard_id_for_distribution_column(name regclass, value int)
RETURNS bigint LANGUAGE sql AS $$ SELECT mod(value * 7 / 3, 4) $$;
"""


def settings_of(nodes: Engine, **changed: str) -> None:
    """Add a node that is set so, other than safe."""
    said = {**SAFE, **changed}
    pairs = ", ".join(f"'{name}', '{value}'" for name, value in said.items())
    with nodes.begin() as connection:
        told = f"INSERT INTO node SELECT true, json_build_object({pairs})::text"
        connection.execute(text(told))


@pytest.fixture
def nodes(engine: Engine) -> Engine:
    """A database that answers as one with Citus does; its coordinator is safe."""
    with engine.begin() as connection:
        connection.exec_driver_sql(LIKE_CITUS)
        for name, value in SAFE.items():
            own = f"ALTER DATABASE {engine.url.database} SET {name} = {value}"
            connection.execute(text(own))
    engine.dispose()
    settings_of(engine)
    return engine


def distribute(engine: Engine, *words: str) -> Result:
    """Spread the database, as its operator types it."""
    url = make_url(engine.url).set(drivername=engine.dialect.name)
    told = {
        "SURVEY_DATABASE_URL": url.render_as_string(hide_password=False),
        "SURVEY_SECRET_KEY": "k" * 32,
    }
    words = ("--language", "en", "database", "distribute", *words)
    return CliRunner().invoke(main, words, env=told)


def test_what_cannot_be_spread_is_refused(engine: Engine) -> None:
    refused = distribute(engine)

    assert refused.exit_code == 1
    assert "not PostgreSQL with Citus" in refused.output


@DISTRIBUTED
def test_what_grows_with_answers_is_spread_side_by_side(nodes: Engine) -> None:
    assert distribute(nodes, "--shards", "64").exit_code == 0
    with nodes.connect() as connection:
        spread = "SELECT logicalrelid::text, how FROM pg_dist_partition"
        how: dict[str, str] = dict(connection.execute(text(spread)).all())
        emptied = connection.scalar(text("SELECT count(*) FROM emptied"))
        assert is_distributed(connection)

    assert set(how) == set(SPREAD)
    assert how.pop("response") == "slot64none"
    assert set(how.values()) == {"slot0response"}
    assert emptied == len(SPREAD), "answers stay on the coordinator no longer"
    assert distribute(nodes).exit_code == 0, "and nothing is spread twice"


def test_a_table_that_is_spread_has_the_slot_first_and_leads_nowhere() -> None:
    """And none of the others leads to it: such keys do not cross machines."""
    for name in SPREAD:
        table = metadata.tables[name]
        assert next(iter(table.primary_key.columns)).name == "slot"
        assert not table.foreign_keys
    leads = {
        key.column.table.name
        for t in metadata.tables.values()
        for key in t.foreign_keys
    }
    assert not leads & set(SPREAD)


@DISTRIBUTED
@pytest.mark.parametrize(
    ("name", "value", "broken"),
    [
        ("track_activities", "on", "activity-shown"),
        ("log_min_error_statement", "error", "statements-in-errors"),
        ("log_statement", "all", "statement-log"),
    ],
)
def test_nothing_opens_and_nothing_is_spread_while_a_node_writes_answers_down(
    nodes: Engine, name: str, value: str, broken: str
) -> None:
    settings_of(nodes, **{name: value})
    with Session(writing(nodes)) as db:
        draft = ready(db)
        with pytest.raises(UnsafeServer) as refused:
            open_survey(db, draft.survey_id, today=PLAN.opens_on)
        assert refused.value.reasons == (broken,)
        assert db.get_one(Survey, draft.survey_id).state == "draft"
    assert distribute(nodes).exit_code == 1


@DISTRIBUTED
def test_a_node_that_says_nothing_is_not_taken_for_safe(nodes: Engine) -> None:
    with nodes.begin() as connection:
        connection.execute(text("INSERT INTO node VALUES (false, 'gone')"))
    with Session(writing(nodes)) as db:
        draft = ready(db)
        with pytest.raises(UnsafeServer) as refused:
            open_survey(db, draft.survey_id, today=PLAN.opens_on)
    assert refused.value.reasons == ("node-silent",)


@DISTRIBUTED
def test_a_survey_opens_with_slots_that_lie_evenly(nodes: Engine) -> None:
    distribute(nodes)
    spread = nodes.execution_options(**{SLOTS: 4})
    with Session(writing(spread)) as db:
        draft = ready(db)
        assert slots_at_opening(db) != "0,1,2,3"
        open_survey(db, draft.survey_id, today=PLAN.opens_on)
        kept = db.get_one(Survey, draft.survey_id).slots or ""
        shards = {int(slot) * 7 // 3 % 4 for slot in kept.split(",")}
    assert len(shards) == 4
