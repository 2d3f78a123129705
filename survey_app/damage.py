"""How a database says that its files are not what it wrote."""

import sqlite3

from sqlalchemy.exc import DBAPIError

SQLITE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
POSTGRESQL = {"XX001", "XX002"}
"""Of a page, or of an index."""


def is_damage(error: DBAPIError) -> bool:
    """Return whether the database says that its file is damaged."""
    if getattr(error.orig, "sqlstate", None) in POSTGRESQL:
        return True
    # An extended code says more in its higher bits.
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in SQLITE
