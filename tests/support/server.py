"""The platform as it ships, over a migrated database, with its log kept."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from survey_app.database import borrowed_engine
from survey_app.migrate import migrate
from survey_app.serving.server import RunningServer, running
from survey_app.settings import Settings


@dataclass(frozen=True)
class Server:
    """A running server, what it was told and everything it logs."""

    running: RunningServer
    settings: Settings
    log: Path

    @property
    def url(self) -> str:
        return self.running.url


@contextmanager
def serving(database_url: str, **changed: str | int) -> Iterator[Server]:
    """Serve until the block ends; `changed` are settings other than the usual."""
    with borrowed_engine(database_url) as engine:
        migrate(engine)
    usual = Settings(database_url=database_url, secret_key="s" * 32, second_factor="")
    settings = replace(usual, **changed)  # type: ignore[arg-type]  # the caller's names
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        with log.open("wb") as written, running(settings, written) as server:
            yield Server(server, settings, log)
