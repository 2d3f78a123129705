"""An SQLite file that is moved away while serving: nothing acknowledged is lost."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey_app.database import borrowed_engine
from survey_app.demo.stand import settle
from survey_app.settings import SettingsError
from tests.conftest import rows_in
from tests.support.respondents import Respondent, ask_about

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def file(engine: Engine) -> Path:
    return Path(engine.url.database or "")


@sqlite
def test_no_answer_goes_into_a_file_that_was_moved_away(
    app: Flask, client: FlaskClient, db: Session, file: Path
) -> None:
    respondent = Respondent(client, ask_about(db).code)
    db.close()
    assert respondent.answer().status_code == 303
    page = respondent.scan()
    form = {"welcome": "good", "solved": "good", "submission": page.submission}

    away = file.rename(file.with_name("moved.sqlite"))
    refused = respondent.send(form)
    assert refused.status_code == 503
    assert not file.exists()

    away.rename(file)
    kept = respondent.send(form)

    assert kept.status_code == 303
    assert rows_in(db, "response") == 2
    assert rows_in(db, "receipt") == 2


@sqlite
def test_a_missing_file_is_never_made_anew(tmp_path: Path, engine: Engine) -> None:
    missing = tmp_path / "missing.sqlite"

    with (
        borrowed_engine(f"sqlite:///{missing}") as other,
        pytest.raises(OperationalError),
    ):
        other.connect()

    assert not missing.exists()


@sqlite
def test_a_new_file_is_its_owners_alone(file: Path) -> None:
    assert file.stat().st_mode & 0o077 == 0


def test_the_demo_clears_no_folder_that_is_not_its_own(tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("precious", "utf-8")

    with pytest.raises(SettingsError):
        settle(tmp_path, {}, today=None, progress=lambda _sent, _of: None)  # type: ignore[arg-type]  # refused before a day matters

    assert thesis.read_text("utf-8") == "precious"


def test_a_county_of_another_edition_is_built_anew(tmp_path: Path) -> None:
    (tmp_path / "complete").write_text("an older edition", "utf-8")
    (tmp_path / "secret_key").write_text("k" * 32, "utf-8")
    (tmp_path / "thesis.txt").touch()

    with pytest.raises(SettingsError, match="choose another folder"):
        settle(tmp_path, {}, today=None, progress=lambda _sent, _of: None)  # type: ignore[arg-type]  # refused before a day matters
