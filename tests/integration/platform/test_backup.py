"""A backup is the office at one moment, and nothing is ever restored over another."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from survey_app.cli.main import main
from survey_app.database import borrowed_engine, engine_of, writing
from survey_app.moving.backup import (
    back_up,
    note_copied,
    require_copy_of_ballots,
)
from survey_app.moving.refused import OfficeStays
from survey_app.settings import Settings
from survey_app.survey.lifecycle import open_survey
from tests.conftest import rows_in
from tests.support.drafts import ready
from tests.support.first_county import environment
from tests.support.postgresql import PostgreSQL, programs
from tests.support.secret_ballots import MAY_1, Office
from tests.support.small_county import small_county

MAY_2 = MAY_1 + timedelta(days=1)


@pytest.fixture(autouse=True)
def _programs_of_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pg_dump be the one that came with the server of these tests."""
    monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")


def survey(settings: Settings, *words: str | Path) -> Result:
    """Type one verb of the terminal."""
    told = environment(settings) | {"SURVEY_LANGUAGE": "en"}
    return CliRunner().invoke(main, [str(word) for word in words], env=told)


@contextmanager
def elsewhere(settings: Settings, folder: Path, server: object) -> Iterator[Settings]:
    """Give settings of empty places of the same kind."""
    if settings.database_url.startswith("sqlite"):
        there = folder / "there"
        there.mkdir()
        yield replace(
            settings,
            database_url=f"sqlite:///{there / 'survey.sqlite'}",
            ballot_database_url=f"sqlite:///{there / 'ballots.sqlite'}",
        )
        return
    assert isinstance(server, PostgreSQL)
    with server.database() as one, server.database() as other:
        yield replace(settings, database_url=one, ballot_database_url=other)


@pytest.fixture
def there(
    settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """Empty places of the kind this test runs on."""
    sqlite = settings.database_url.startswith("sqlite")
    server = None if sqlite else request.getfixturevalue("postgresql")
    with elsewhere(settings, tmp_path, server) as found:
        yield found


def test_what_is_restored_is_what_was_there(
    engine: Engine, db: Session, ballots: Engine, settings: Settings, there: Settings,
    tmp_path: Path,
) -> None:  # fmt: skip
    draft = ready(db)
    open_survey(db, draft.survey_id, today=MAY_1)
    db.rollback()

    made = survey(settings, "backup", tmp_path / "copy", "--ballots")
    assert made.exit_code == 0, made.output
    restored = survey(there, "restore", tmp_path / "copy")

    assert restored.exit_code == 0, restored.output
    assert "Everything fits together." in restored.output
    with borrowed_engine(there.database_url) as other, Session(other) as session:
        assert rows_in(session, "rated_subject") == rows_in(db, "rated_subject") > 0
    assert ballots


def test_a_backup_holds_what_was_committed_and_nothing_else(
    engine: Engine, db: Session, settings: Settings, there: Settings, tmp_path: Path
) -> None:
    small_county(engine)
    with writing(engine).connect() as busy:
        busy.execute(text("UPDATE unit SET name = 'half done'"))
        made = survey(settings, "backup", tmp_path / "copy")
        busy.rollback()
    assert made.exit_code == 0, made.output

    assert survey(there, "restore", tmp_path / "copy").exit_code in (0, 1)
    with borrowed_engine(there.database_url) as other, Session(other) as session:
        names = session.scalars(text("SELECT name FROM unit")).all()
    assert names
    assert "half done" not in names
    assert db


def test_nothing_is_restored_over_a_database_that_is_there(
    engine: Engine, db: Session, settings: Settings, tmp_path: Path
) -> None:
    small_county(engine)
    db.rollback()
    assert survey(settings, "backup", tmp_path / "copy").exit_code == 0
    with writing(engine).begin() as connection:
        connection.execute(text("UPDATE unit SET name = 'newer'"))

    refused = survey(settings, "restore", tmp_path / "copy")

    assert refused.exit_code == 1
    assert "Nothing is ever restored over another one" in refused.output
    assert set(db.scalars(text("SELECT name FROM unit"))) == {"newer"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_pg_dump_it_says_what_to_install(
    engine: Engine, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    refused = survey(settings, "backup", tmp_path / "copy")

    assert "pg_dump is missing" in refused.output
    assert not list(tmp_path.glob("copy*"))
    assert engine


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("beside", ["-wal", "-journal"])
def test_a_log_without_its_file_is_somebodys_too(
    engine: Engine, settings: Settings, there: Settings, tmp_path: Path, beside: str
) -> None:
    small_county(engine)
    assert survey(settings, "backup", tmp_path / "copy").exit_code == 0
    left = Path(there.database_url.removeprefix("sqlite:///") + beside)
    left.write_bytes(b"answers")

    assert survey(there, "restore", tmp_path / "copy").exit_code == 1
    assert left.read_bytes() == b"answers"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_with_another_byte_is_refused(
    engine: Engine, settings: Settings, there: Settings, tmp_path: Path
) -> None:
    small_county(engine)
    assert survey(settings, "backup", tmp_path / "copy").exit_code == 0
    file = tmp_path / "copy" / "main.sqlite"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)

    refused = survey(there, "restore", tmp_path / "copy")

    assert "is not what it was" in refused.output
    assert not Path(there.database_url.removeprefix("sqlite:///")).exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_is_its_owners_alone_and_without_secrets(
    engine: Engine, settings: Settings, office: Office, tmp_path: Path
) -> None:
    office.opened(staff=8)
    os.umask(0o022)

    made = survey(settings, "backup", tmp_path / "copy")

    assert "Secret ballots are not in it" in made.output
    files = {file.name for file in (tmp_path / "copy").iterdir()}
    assert files == {"main.sqlite", "backup.json"}
    modes = [one.stat().st_mode & 0o077 for one in (tmp_path / "copy").rglob("*")]
    assert not any((*modes, (tmp_path / "copy").stat().st_mode & 0o077))
    told = json.loads((tmp_path / "copy" / "backup.json").read_text())
    assert told["day"]
    assert "k" * 32 not in json.dumps(told)
    assert engine


def allowed(office: Office, day: date) -> bool:
    return require_copy_of_ballots(office.ballots, office.folder, day)


def test_ballots_are_copied_once_a_day_and_not_on_the_first(office: Office) -> None:
    office.opened(staff=8)
    with pytest.raises(OfficeStays, match="opened today"):
        allowed(office, MAY_1)

    assert allowed(office, MAY_2)
    note_copied(office.folder, MAY_2)

    with pytest.raises(OfficeStays, match="backed up today"):
        allowed(office, MAY_2)
    assert allowed(office, MAY_2 + timedelta(days=1))


def test_nothing_is_copied_while_a_box_is_decrypted(office: Office) -> None:
    slips = office.opened(staff=8)["staff"]
    office.close(slips)
    assert allowed(office, MAY_2)

    # As it stands between the two steps; see docs/decisions/0011.
    with writing(office.ballots).begin() as connection:
        connection.execute(text("UPDATE ballot_box SET state = 'counted'"))

    with pytest.raises(OfficeStays, match="being decrypted"):
        allowed(office, MAY_2)


def test_a_box_without_ballots_may_be_copied_at_any_time(office: Office) -> None:
    office.issued(staff=8)

    assert not allowed(office, MAY_1)
    assert not allowed(office, MAY_1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_that_fails_leaves_no_half_of_it(
    engine: Engine, tmp_path: Path
) -> None:
    away = Path(engine.url.database or "")
    away.rename(tmp_path / "elsewhere")

    with pytest.raises(Exception, match="unable to open"):
        back_up({"main": engine_of(f"sqlite:///{away}")}, tmp_path / "copy", MAY_1)

    assert not list(tmp_path.glob("copy*"))
