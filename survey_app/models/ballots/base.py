"""The ground of the ballot tables: a metadata of their own, in a database of their own.

Nothing may be hung on these tables: no listener, no mixin, no column with a time, a
person or a running number. A test compares them with the ledger in docs/anonymity.md.
"""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from survey_app.models.base import Base

# SQLite's hidden rowid is the order of arrival.
NO_ROWID = {"sqlite_with_rowid": False}


class BallotBase(DeclarativeBase):
    """Constraints are named as in the main database."""

    metadata = MetaData(naming_convention=Base.metadata.naming_convention)
