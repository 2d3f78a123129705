"""The places that are measured are the same ones every time, and fit together."""

from datetime import date
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from survey_app.audit.integrity import findings
from survey_app.database import borrowed_main_engine
from tests.benchmark.city import build_city, settings_in


def built(folder: Path) -> tuple[tuple[str, ...], list[str], list[object]]:
    """Return codes, names and findings of a small place."""
    folder.mkdir()
    settings = settings_in(folder)
    city = build_city(settings, units=5, answers=400, today=date(2026, 5, 1))
    with borrowed_main_engine(settings) as engine, Session(engine) as session:
        names = text("SELECT name FROM cadre UNION ALL SELECT name FROM unit")
        said = [str(name) for name in session.scalars(names)]
        return city.codes, said, list(findings(engine, None))


def test_a_place_is_the_same_every_time_and_fits_together(tmp_path: Path) -> None:
    first, again = built(tmp_path / "first"), built(tmp_path / "again")

    assert first == again
    codes, names, found = first
    assert len(set(codes)) == 5 * 4
    assert len(names) == 5 + 13
    assert found == []
