"""The page of new cycles and the terminal beside broken files of a county's own."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle
from survey_app.cli.main import main
from survey_app.settings import Settings
from survey_app.shipped_files import SCHEMES
from tests.conftest import ONE_DATABASE
from tests.support.office import MANAGER, Desk, desk

pytestmark = ONE_DATABASE

SOUND = (SCHEMES / "one-third.toml").read_text("utf-8").replace('"one-third"', '"own"')


@pytest.fixture
def schemes(tmp_path: Path) -> Path:
    """The folder of a county's own schemes, with a sound one in it."""
    folder = tmp_path / "rules" / "schemes"
    folder.mkdir(parents=True)
    (folder / "own.toml").write_text(SOUND, "utf-8")
    return folder


@pytest.fixture
def settings(settings: Settings, schemes: Path) -> Settings:
    return replace(settings, rules=str(schemes.parent))


@pytest.fixture
def wang(app: Flask, db: Session) -> Desk:
    return desk(app, db, MANAGER)


def survey(verb: str, settings: Settings, **environment: str) -> Result:
    told = {
        "SURVEY_DATABASE_URL": settings.database_url,
        "SURVEY_BALLOT_DATABASE_URL": settings.ballot_database_url,
        "SURVEY_SECRET_KEY": settings.secret_key,
        "SURVEY_RULES": settings.rules,
    }
    return CliRunner().invoke(main, [verb], env=told | environment)


def page(wang: Desk) -> str:
    response = wang.open("/cycles/new")
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_the_others_stay_and_the_broken_one_is_named_with_its_faults(
    wang: Desk, schemes: Path
) -> None:
    (schemes / "wrong.toml").write_text("format = 2\n", "utf-8")

    read = page(wang)

    assert 'value="own"' in read
    assert read.count("本地方案：") == 1, "a copy may bear the title it was copied with"
    assert 'value="yijun-2017"' in read
    assert 'value="wrong"' not in read
    assert "schemes/wrong.toml" in read
    assert "缺少" in read
    assert "请另起下一版改正" in read
    assert 'href="/office/rules?kind=scheme">问卷与方案</a>' in read


def test_a_cycle_begins_under_a_scheme_of_the_county(wang: Desk, db: Session) -> None:
    wang.send("/cycles/new", name="2027年度考核", scheme="own")

    assert '"key": "own"' in db.scalars(select(Cycle.scheme)).one()


def test_a_folder_that_went_away_leaves_the_office_open(
    wang: Desk, schemes: Path
) -> None:
    schemes.parent.rename(schemes.parent.with_name("elsewhere"))

    read = page(wang)

    assert 'value="yijun-2017"' in read
    assert "SURVEY_RULES" in read


def test_what_looks_wrong_stands_beside_the_scheme(wang: Desk, schemes: Path) -> None:
    rounded = SOUND.replace('published = "1/3"', 'published = "0.333"')
    (schemes / "own.toml").write_text(rounded, "utf-8")

    read = page(wang)

    assert "0.333不等于1/3" in read
    assert 'value="own"' in read


def test_the_page_says_nothing_where_all_is_in_order(wang: Desk) -> None:
    assert "不能使用的" not in page(wang)


def test_the_check_of_the_terminal_names_every_fault(
    settings: Settings, schemes: Path, ballots: Engine, engine: Engine
) -> None:
    sound = survey("check", settings)
    (schemes / "wrong.toml").write_text("format = 1\nsurprise = 1\n", "utf-8")
    broken = survey("check", settings, SURVEY_LANGUAGE="zh")

    assert sound.exit_code == 0
    assert broken.exit_code == 1
    said = [line for line in broken.output.splitlines() if "wrong.toml" in line]
    assert len(said) > 2
    assert any("surprise" in line and "不认识" in line for line in said)
