"""The ground all tables stand on: one metadata, one way to name constraints."""

from sqlalchemy import Index, MetaData, text
from sqlalchemy.orm import DeclarativeBase


def waiting(table: str, *columns: str, which: str) -> Index:
    """Return an index over the few rows of a table that wait for somebody."""
    where = text(which)
    name = f"ix_{table}_waiting"
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Base(DeclarativeBase):
    """Every constraint has a name, so that a migration can say which one it means."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


# SQLite's hidden rowid is the order of arrival.
NO_ROWID = {"sqlite_with_rowid": False}


class BallotBase(DeclarativeBase):
    """The ballot database; constraints are named as in the main one."""

    metadata = MetaData(naming_convention=Base.metadata.naming_convention)
