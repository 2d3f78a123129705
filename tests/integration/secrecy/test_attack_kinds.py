"""Somebody holds all that is told of two counties against each other.

They differ only in what must not be told: within the bands of groups that are shown, in
what few answered, and in all that was said about whoever was taken out. Pages, figures,
workbook, data files and papers are the same, byte for byte.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.audit.addresses import addresses_of
from survey_app.audit.visitors import (
    POOLED,
    STRANGER,
    Visitors,
    throw_away_accounts,
)
from survey_app.database import borrowed_main_engine, writing
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Tally
from survey_app.migrate import migrate
from survey_app.settings import Settings
from survey_app.survey.settled_plan import plan_of
from tests.conftest import FixedClock
from tests.support.kinds_county import EVERYBODY, FEW_STAFF, kinds_county

OTHERWISE: Tally = {
    **EVERYBODY,
    "staff": {
        **EVERYBODY["staff"],
        "window": {"north": 11, "south": 1},
        "ways": {"phone": 11, "desk": 5, "answered": 12},
    },
}
"""Of the staff all but one say as all did; those who never wrote stay one or none."""
OTHER_FEW: Tally = {
    "staff": {
        "overall": {"good": 3, "bad": 2},
        "handled": {"done": 4, "undone": 1},
        "window": {"north": 1, "south": 4},
        "ways": {"phone": 1, "post": 3, "answered": 4, "blank": 1},
        "points": {"12": 4, "99": 1},
        "waited": {"70": 3, "blank": 2},
        "again": {"bad": 1, "not_asked": 4},
        "why": {"answered": 1, "not_asked": 4},
    },
    "residents": FEW_STAFF["residents"],
}
"""One more, and each said something else: of too few no number is told."""
GONE: Tally = {
    "staff": EVERYBODY["staff"],
    "residents": {
        question: {choice: 2 * count for choice, count in counts.items()}
        for question, counts in EVERYBODY["residents"].items()
    }
    | {"overall": {"good": 2, "bad": 60}},
}
"""Others said something else, and twice as many: neither what nor how many is told."""
TELLING = {
    "office.results", "office.subject_results", "office.subject_svg",
    "office.picture_svg", "office.results_workbook",
    "office.results_data", "office.notice", "office.turnout", "office.score_sheet",
    "office.waterfall_svg", "office.paper", "office.paper_file", "office.alerts",
    "office.alert", "office.comments", "office.comment_reviews", "office.themes",
    "office.surveys", "office.cycle_sheets", "office.home", "respondent.start",
    "office.pictures", "office.picture_figure", "office.subject_figure",
    "office.cycle_pictures", "office.cycle_svg", "office.cycle_figure",
    "office.waterfall_figure",
}  # fmt: skip
"""Whatever speaks of counts."""
ONES_OWN = re.compile(r"audit-[\w-]+|[0-9a-f]{64}|nonce-[\w+/=-]+")
"""Names of those who look, keys and fingerprints: drawn anew in each county."""


@dataclass(frozen=True)
class Seen:
    """What was told in one county."""

    plans: dict[int, SubjectPlan]
    told: dict[tuple[str, str], str]


def seen(folder: Path, said: Tally, few: Tally, gone: Tally) -> Seen:
    """Build a county and load all that speaks of its counts."""
    file = folder / "survey.sqlite"
    settings = Settings(
        database_url=f"sqlite:///{file}", secret_key="k" * 32, second_factor=""
    )
    with borrowed_main_engine(settings) as engine:
        migrate(engine)
        county = kinds_county(engine, said=said, few=few, gone=gone)
        app = create_app(settings, clock=FixedClock(date(2026, 5, 2)))
        with Session(writing(engine), expire_on_commit=False) as session:
            plan = plan_of(session, county.survey_id)
            accounts = throw_away_accounts(session)
            session.commit()
            found = addresses_of(app, session).found
        assert plan is not None
        visitors = Visitors(app, {POOLED: accounts[POOLED]})
        asked = [one for one in found if one.endpoint in TELLING]
        roles = {True: POOLED, False: STRANGER}
        told = visitors.see_again((roles[one.is_office], one) for one in asked)
        for name in ("survey_engine", "survey_ballots"):
            app.extensions[name].dispose()
    return Seen(
        dict(plan.subjects),
        {(one.endpoint, one.path): ONES_OWN.sub("", t) for (_, one), t in told.items()},
    )


@pytest.fixture(scope="module")
def counties(tmp_path_factory: pytest.TempPathFactory) -> tuple[Seen, Seen]:
    """The true county, and the one that differs in what must not be told."""
    return (
        seen(tmp_path_factory.mktemp("true"), EVERYBODY, FEW_STAFF, GONE),
        seen(tmp_path_factory.mktemp("other"), OTHERWISE, OTHER_FEW, FEW_STAFF),
    )


def test_both_counties_are_told_by_one_plan(counties: tuple[Seen, Seen]) -> None:
    true, other = counties

    assert true.plans == other.plans
    assert {(name, cell) for name, cell in next(iter(true.plans.values())).banded} >= {
        ("staff", "window"), ("staff", "ways.phone"), ("staff", "ways.post"),
    }  # fmt: skip


def test_all_that_is_told_of_them_is_the_same(counties: tuple[Seen, Seen]) -> None:
    true, other = counties

    assert {endpoint for endpoint, _ in true.told} >= TELLING - {
        "office.alert", "respondent.start",
    }  # fmt: skip
    assert true.told.keys() == other.told.keys()
    apart = [place for place, told in true.told.items() if told != other.told[place]]
    assert apart == []
    assert len([one for one in true.told.values() if one.startswith("200")]) > 35
