"""The ballot tables hold what is listed and nothing listens to them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import LargeBinary, Table, inspect
from sqlalchemy.orm import Mapper

from survey_app.ballot.tables import TABLES, metadata
from survey_app.table_base import BallotBase, Base
from tests.support.ballot_columns import COLUMNS, KEYS


def kind(column: object) -> str:
    """Return the type of a column under the name the list gives it."""
    stored = column.type  # type: ignore[attr-defined]  # a column of a Table
    return "BINARY" if isinstance(stored, LargeBinary) else str(stored)


def listeners(dispatch: object) -> list[object]:
    """Return everything that hangs on a mapper, a table, a column or an attribute."""
    names = dispatch._event_names  # type: ignore[attr-defined]  # no public way to ask
    return [found for name in names for found in getattr(dispatch, name)]


def watched(mapper: Mapper[BallotBase]) -> Iterator[object]:
    """Give every part of a mapped table that something could hang on."""
    yield mapper
    yield mapper.local_table
    yield from mapper.local_table.columns
    yield from mapper.all_orm_descriptors


@pytest.fixture(params=TABLES, ids=lambda kept: kept.__tablename__)
def mapper(request: pytest.FixtureRequest) -> Mapper[BallotBase]:
    found: Mapper[BallotBase] = inspect(request.param)
    return found


@pytest.fixture
def table(mapper: Mapper[BallotBase]) -> Table:
    assert isinstance(mapper.local_table, Table)
    return mapper.local_table


def test_the_ballot_tables_are_the_listed_ones() -> None:
    assert set(metadata.tables) == set(COLUMNS)
    assert {kept.__tablename__ for kept in TABLES} == set(COLUMNS)
    assert metadata is not Base.metadata


def test_a_ballot_table_has_the_listed_columns_and_no_other(table: Table) -> None:
    columns = {column.name: kind(column) for column in table.columns}

    assert columns == COLUMNS[table.name]
    assert [column.name for column in table.primary_key] == KEYS[table.name]


def test_nothing_of_a_ballot_table_is_counted_up_or_filled_in_by_a_clock(
    table: Table,
) -> None:
    for column in table.columns:
        assert column.autoincrement in (False, "auto"), column
        assert table.autoincrement_column is None, column
        assert (column.onupdate, column.server_onupdate) == (None, None), column
        assert (column.server_default, column.identity) == (None, None), column
        assert column.computed is None, column
        assert column.default is None or column.default.is_scalar, column


def test_a_ballot_table_is_found_by_its_key_and_refers_to_nobody(table: Table) -> None:
    # A desk asks which batches wait to be issued: before anybody can answer.
    allowed = {"ix_batch_waiting"} if table.name == "batch" else set()
    assert {index.name for index in table.indexes} == allowed
    assert table.foreign_keys == set()


def test_a_ballot_table_has_no_hidden_order_of_arrival(table: Table) -> None:
    assert table.dialect_options["sqlite"]["with_rowid"] is False


def test_a_ballot_class_is_only_its_columns(mapper: Mapper[BallotBase]) -> None:
    assert mapper.class_.__bases__ == (BallotBase,)
    assert set(mapper.attrs.keys()) == set(COLUMNS[mapper.local_table.description])
    assert mapper.version_id_col is None


def test_nothing_listens_to_a_ballot_table(mapper: Mapper[BallotBase]) -> None:
    for part in watched(mapper):
        assert listeners(part.dispatch) == [], part  # type: ignore[attr-defined]  # every part has one
