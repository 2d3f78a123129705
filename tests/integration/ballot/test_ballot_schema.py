"""The migrated ballot database holds what is listed, on both kinds, and no more."""

from flask import Flask
from sqlalchemy import Engine, Inspector, inspect, text

from tests.support.ballot_columns import BYTES, COLUMNS, KEYS

GUARDS = {"no_late_ticket", "no_early_scrub", "only_forward", "signed_stays"}
"""The only triggers: all refuse, none writes."""

STATEMENT_EVENTS = (
    "before_cursor_execute", "after_cursor_execute", "before_execute", "after_execute",
)  # fmt: skip


def listed(inspector: Inspector, table: str) -> dict[str, str]:
    """Return the columns of a table with the names of their types."""
    found = inspector.get_columns(table)
    kinds = {column["name"]: str(column["type"]) for column in found}
    return {name: BYTES.get(kind, kind) for name, kind in kinds.items()}


def names(engine: Engine, query: str) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(text(query)))


def test_the_ballot_database_has_the_listed_columns_and_no_other(
    ballots: Engine,
) -> None:
    inspector = inspect(ballots)

    tables = set(inspector.get_table_names()) - {"alembic_version"}

    assert {table: listed(inspector, table) for table in tables} == COLUMNS
    assert inspector.get_view_names() == []


def test_a_ballot_row_is_found_by_its_key_alone(ballots: Engine) -> None:
    inspector = inspect(ballots)

    for table, key in KEYS.items():
        assert inspector.get_pk_constraint(table)["constrained_columns"] == key
        # Which batches wait to be issued a desk may ask: before anybody can answer.
        others = {one["name"] for one in inspector.get_indexes(table)}
        assert others == ({"ix_batch_waiting"} if table == "batch" else set()), table
        assert inspector.get_unique_constraints(table) == [], table
        assert inspector.get_foreign_keys(table) == [], table


def test_no_ballot_column_fills_itself_in(ballots: Engine) -> None:
    inspector = inspect(ballots)

    for table in COLUMNS:
        for column in inspector.get_columns(table):
            assert column["default"] is None, (table, column["name"])
            assert not column.get("identity"), (table, column["name"])
            assert not column.get("computed"), (table, column["name"])


def test_the_only_triggers_are_the_guards(ballots: Engine) -> None:
    if ballots.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"

    assert names(ballots, query) == GUARDS


def test_sqlite_gives_no_ballot_table_a_rowid(ballots: Engine) -> None:
    if ballots.dialect.name != "sqlite":
        return
    query = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND wr = 0"

    kept = names(ballots, query)

    assert kept <= {"alembic_version", "sqlite_schema", "sqlite_sequence"}
    assert "sqlite_sequence" not in kept


def test_postgresql_counts_nothing_up_in_the_ballot_database(ballots: Engine) -> None:
    if ballots.dialect.name == "postgresql":
        assert inspect(ballots).get_sequence_names() == []


def test_nothing_watches_the_statements_of_the_ballot_database(app: Flask) -> None:
    engine: Engine = app.extensions["survey_ballots"]

    assert engine.hide_parameters
    assert not engine.echo
    assert not engine.pool.echo
    for name in STATEMENT_EVENTS:
        assert list(getattr(engine.dispatch, name)) == [], name
