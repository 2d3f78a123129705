"""What workers share is made before they are forked, and holds nothing of a worker."""

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.serving.shared_memory import share
from survey_app.settings import Settings
from tests.conftest import rows_in
from tests.support.respondents import ask_about


@pytest.fixture
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_thawed")
def test_no_connection_and_no_thread_goes_through_the_fork(
    app: Flask, engine: Engine
) -> None:
    threads = set(threading.enumerate())

    share(app)

    assert app.extensions["survey_engine"].pool.checkedin() == 0
    assert set(threading.enumerate()) <= threads
    with Session(engine) as session:
        assert [rows_in(session, name) for name in ("receipt", "channel")] == [0, 0]


@pytest.mark.usefixtures("_thawed")
def test_a_database_that_is_not_there_keeps_no_server_from_starting() -> None:
    app = create_app(
        Settings(database_url="sqlite:////nowhere/at.all", secret_key="k" * 32)
    )

    share(app)

    assert app.test_client().get("/").status_code == 200


@pytest.mark.usefixtures("_thawed")
def test_templates_of_the_first_page_are_compiled_already(
    app: Flask, db: Session
) -> None:
    code = ask_about(db).code
    share(app)
    known = set(app.jinja_env.cache or ())

    assert app.test_client().get(f"/s/{code}").status_code == 200

    assert set(app.jinja_env.cache or ()) == known


def test_what_only_some_jobs_need_is_not_loaded_with_the_program() -> None:
    named = "import sys, survey_app.application; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", named], check=True, capture_output=True, text=True
    )

    heavy = {"xlsxwriter", "plotly", "alembic", "huey", "pypinyin", "redis", "psycopg"}
    assert not heavy & set(told.stdout.split())
