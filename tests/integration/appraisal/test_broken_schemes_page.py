"""The page of new cycles beside a broken scheme file."""

from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from survey_app.accounts.tables import MANAGER
from survey_app.forms.survey_forms import CycleForm
from survey_app.shipped_files import SCHEMES, shipped_schemes
from survey_app.web.office.appraisal.cycles import cycle_page
from tests.support.office import desk


def page(app: Flask, folder: Path) -> str:
    shelf = shipped_schemes(folder=folder)
    with app.test_request_context("/office/cycles/new"):
        return cycle_page(CycleForm(list(shelf.usable)), shelf)


def test_the_other_schemes_stay_and_the_broken_one_is_named_with_its_faults(
    app: Flask, tmp_path: Path
) -> None:
    sound = (SCHEMES / "one-third.toml").read_text("utf-8")
    (tmp_path / "one-third.toml").write_text(sound, "utf-8")
    (tmp_path / "wrong.toml").write_text("format = 2\n", "utf-8")

    read = page(app, tmp_path)

    assert 'value="one-third"' in read
    assert 'value="wrong"' not in read
    assert "wrong.toml" in read
    assert "缺少" in read


def test_what_looks_wrong_stands_beside_the_scheme(app: Flask, tmp_path: Path) -> None:
    sound = (SCHEMES / "one-third.toml").read_text("utf-8")
    rounded = sound.replace('published = "1/3"', 'published = "0.333"')
    (tmp_path / "one-third.toml").write_text(rounded, "utf-8")

    read = page(app, tmp_path)

    assert "0.333不等于1/3" in read
    assert 'value="one-third"' in read


def test_the_page_offers_what_is_shipped(app: Flask, db: Session) -> None:
    read = desk(app, db, MANAGER).see("/cycles/new").text

    assert "不能使用的考核方案" not in read
