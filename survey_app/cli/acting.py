"""The main database for a verb of the terminal, and what it leaves in the record."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.accounts.record import note
from survey_app.accounts.tables import FROM_TERMINAL
from survey_app.database import ACTOR, borrowed_main_engine, writing
from survey_app.settings import Settings


@contextmanager
def acting_engine(verb: str, settings: Settings | None = None) -> Iterator[Engine]:
    """Give the engine whose sessions act, in the record, for this verb."""
    settings = settings or Settings.from_environment(os.environ)
    with borrowed_main_engine(settings) as engine:
        yield acts(engine, verb)


def acts(engine: Engine, verb: str) -> Engine:
    """Return the same engine for whoever sits at the terminal."""
    return engine.execution_options(**{ACTOR: ("", FROM_TERMINAL, verb)})


def note_verb(engine: Engine, verb: str, *, about: str = "", reason: str = "") -> None:
    """Keep that a verb was used that changes no row the record watches."""
    with Session(writing(acts(engine, verb))) as session:
        note(session, verb, about=about, reason=reason)
        session.commit()
