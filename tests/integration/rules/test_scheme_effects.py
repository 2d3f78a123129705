"""What another scheme would have changed in a settled cycle, and may not tell."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.analytics.compared.compare import comparison
from survey_app.analytics.compared.told import (
    SchemeComparison,
    comparison_of,
    keep_comparison,
)
from survey_app.analytics.kept.sheet_text import remark_of_text
from survey_app.analytics.scores import sheets_of
from survey_app.appraisal.cycle import Cycle
from survey_app.database import writing
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.cycle_refusals import CycleNotSettled
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.rulebook.acts import RuleHand, Written, make_draft
from survey_app.rulebook.tables import SCHEME
from survey_app.settings import Settings
from tests.support.closed_county import closed_county, settle
from tests.support.jobs import run_waiting_jobs
from tests.support.office import MANAGER, desk
from tests.support.small_county import BOTH_GROUPS, County
from tests.support.small_scheme import changed

DAY = date(2026, 11, 30)
LIGHTER = changed(
    BOTH_GROUPS,
    ('weight = { published = "70" }', 'weight = { published = "60" }'),
    ('weight = { published = "30" }', 'weight = { published = "40" }'),
    ('weight = { published = "20" }', 'weight = { published = "30" }'),
)
STRICTER = changed(BOTH_GROUPS, ('"1/3"', '"1/4"'))
OTHER_POINTS = changed(
    BOTH_GROUPS, ('bad = { assumed = "0" }', 'bad = { assumed = "40" }')
)


@pytest.fixture
def county(engine: Engine) -> County:
    county = closed_county(engine)
    settle(county)
    return county


def compared(county: County, text: str) -> SchemeComparison:
    with Session(writing(county.engine)) as session:
        return comparison(session, county.cycle_id, read(text))


def read(text: str) -> Scheme:
    return read_scheme(text, file="other.toml")


def scores(county: County, text: str = BOTH_GROUPS) -> dict[int, Fraction | None]:
    with Session(county.engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        found = sheets_of(session, cycle, scheme=read(text))
        return {one.subject_id: one.overall for one in found}


def test_the_same_scheme_changes_nothing(county: County) -> None:
    found = compared(county, BOTH_GROUPS)

    assert {one.id: one.before for one in found.subjects} == scores(county)
    assert all(one.before == one.after for one in found.subjects)
    assert found.alerts == ()
    assert [one.before for one in found.rules] == [one.after for one in found.rules]


def test_other_weights_make_the_scores_of_the_other_scheme(county: County) -> None:
    found = compared(county, LIGHTER)

    assert {one.id: one.after for one in found.subjects} == scores(county, LIGHTER)
    first = next(one for one in found.subjects if one.id == county.subject_id)
    assert first.change
    assert (first.before_place, first.after_place) == (1, 1)


def test_a_lower_threshold_raises_what_was_not_raised(county: County) -> None:
    found = compared(county, STRICTER)

    assert {one.before for one in found.alerts} == {False}
    assert {one.after for one in found.alerts} == {True}
    (rule,) = found.rules
    assert rule.before is not None
    assert rule.after is not None
    assert rule.after - rule.before == len(found.alerts) > 0


def test_what_is_withheld_of_somebody_is_withheld_of_him_here(engine: Engine) -> None:
    """Seven of staff were too few; of another subject nearly everybody objected."""
    county = closed_county(engine)
    with Session(writing(engine)) as session:
        plans = {}
        for text in (BOTH_GROUPS, OTHER_POINTS):
            cycle = session.get_one(Cycle, county.cycle_id)
            plans[text] = sheets_of(session, cycle, scheme=read(text))
    settle(county)

    found = compared(county, OTHER_POINTS)

    other = next(one for one in found.subjects if one.id == county.other_subject_id)
    assert other.after is None
    assert remark_of_text(other.why)
    assert found.became.untold >= 1


def test_a_cycle_that_is_not_settled_is_compared_with_nothing(engine: Engine) -> None:
    county = closed_county(engine)

    with pytest.raises(CycleNotSettled):
        compared(county, BOTH_GROUPS)


def test_it_is_worked_out_beside_the_requests_and_kept(
    app: Flask, db: Session, engine: Engine, settings: Settings
) -> None:
    county = closed_county(engine)
    settle(county)
    manager = desk(app, db, MANAGER)
    file = (BytesIO(LIGHTER.encode()), "a.toml")
    page = str(manager.send("/rules/files", kind="scheme", file=file).location)
    page = page.removeprefix("/office")
    at = f"{page}/effects/{county.cycle_id}"
    assert "2026" in manager.see(f"{page}/effects?lang=en").text

    assert "/jobs/" in manager.send(at).location
    run_waiting_jobs(engine, settings)

    told = manager.see(f"{at}?lang=en").text
    assert "Worked out by" in told
    assert "With this version" in told


def test_a_page_of_many_reads_only_whom_it_shows(county: County) -> None:
    found = compared(county, changed(LIGHTER, ('"1/3"', '"1/4"')))
    sizes = [None if one.change is None else abs(one.change) for one in found.subjects]
    told = [one for one in sizes if one is not None]
    assert sizes == sorted(told, reverse=True) + [None] * (len(sizes) - len(told))
    written = Written("lighter", 1, LIGHTER, Bilingual("较轻", "Lighter"))
    with Session(writing(county.engine)) as session:
        rule = make_draft(session, SCHEME, written, RuleHand("wang", DAY))
        whose = (county.cycle_id, rule.id, "f")
        keep_comparison(session, whose, found, ("wang", DAY))
        wanted = county.cycle_id, rule.id

        kept = comparison_of(session, *wanted, first=1, many=1)

    assert kept
    first_of_both = replace(
        found, subjects=found.subjects[1:2], alerts=found.alerts[:1]
    )
    assert kept[1] == first_of_both
    assert found.every_alert == len(found.alerts) > 1
    assert found.became.all == len(found.subjects) > 1
