"""A secret ballot after its opening: the same road as an open survey, other floors."""

from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from survey_app.analytics.alerts import ToldAlert
from survey_app.analytics.kept.alerts import keep_alerts
from survey_app.analytics.kept.results import keep_results
from survey_app.analytics.results import results_of
from survey_app.analytics.scores import sheet_of
from survey_app.analytics.survey_results import SurveyResults
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Subject
from survey_app.ballot.main_tables import BallotCount
from survey_app.database import writing
from survey_app.domain.alerts.alert import Evidence
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.survey.counters import ChoiceCount
from survey_app.survey.kept_plan import freeze_plan
from survey_app.survey.publication import evaluate_plan
from survey_app.survey.tables import SECRET_BALLOT, PublicationPlan, Survey
from tests.support.office import READER, Desk, desk
from tests.support.raised import every_alert
from tests.support.result_files import results_file
from tests.support.small_county import MAY_1, County, small_county
from tests.support.small_scheme import SMALL_SCHEME, changed
from tests.support.workbooks import rows_of

RESIDENTS = 'key = "residents"\n'
SCHEME = read_scheme(
    changed(
        SMALL_SCHEME,
        (RESIDENTS, RESIDENTS + 'design = "roster"\n'),
        ('["residents"]', '["staff", "residents"]\npooled = true'),
        (
            'values = "levels"\n',
            'values = "levels"\nminimum_answers = { assumed = 3 }\n',
        ),
    ),
    file="secret.toml",
)


@pytest.fixture
def county(engine: Engine) -> County:
    """The survey is a secret ballot whose box was opened; 王一 is on it."""
    county = small_county(engine, SCHEME)
    with Session(writing(engine)) as session:
        session.get_one(Survey, county.survey_id).mode = SECRET_BALLOT
        session.commit()
    county.give(county.subject_id, achievements="90", direct="1")
    county.give(county.body_id, body="88")
    return county


@pytest.fixture
def reader(app: Flask, db: Session) -> Desk:
    reader = desk(app, db, READER)
    reader.send("/language", language="en", back="")
    return reader


def batch(county: County, group: str, used: int, **numbers: int) -> None:
    """Count one batch of 清河镇; twelve people belong to it."""
    counts = {"eligible": 12, "issued": 14, "signed": used, "voided": 2}
    counts |= {"challenged": 0, "spoiled": 0}
    with Session(writing(county.engine)) as session:
        unit = session.get_one(Subject, county.subject_id).unit_id
        session.add(
            BallotCount(
                survey_id=county.survey_id,
                unit_id=unit,
                batch_id=f"{group}-{used}",
                rater_group=group,
                used=used,
                void=bool(numbers.pop("void", 0)),
                **(counts | numbers),
            )
        )
        session.commit()


def opened(county: County, **merged: str) -> None:
    """Fix what may be shown, the groups of 清河镇 counted as its head says."""
    county.settle()
    with Session(writing(county.engine)) as session:
        survey = session.get_one(Survey, county.survey_id)
        unit = session.get_one(Subject, county.subject_id).unit_id
        session.execute(
            delete(PublicationPlan).where(PublicationPlan.survey_id == survey.id)
        )
        freeze_plan(session, survey)
        evaluate_plan(session, survey, merged={unit: merged})
        session.commit()
        keep_results(session, county.survey_id)
        keep_alerts(session, county.survey_id)


def results(county: County) -> SurveyResults:
    with Session(county.engine) as session:
        survey = session.get_one(Survey, county.survey_id)
        return results_of(
            session,
            survey,
            scheme=SCHEME,
            today=MAY_1,
            subject_id=county.subject_id,
        )


def alert(county: County, group: str) -> ToldAlert:
    with Session(county.engine) as session:
        return next(
            one.told
            for one in every_alert(session, county.survey_id)
            if one.subject.id == county.subject_id and one.told.alert.group == group
        )


def test_five_are_shown_and_four_are_not(county: County) -> None:
    county.count("staff", good=3, bad=2)
    county.count("residents", good=4)
    opened(county)

    (subject,) = results(county).subjects

    assert [(g.key, g.n) for g in subject.groups] == [("staff", 5), ("residents", None)]
    assert subject.score is None


def test_merged_groups_are_one_mean_with_the_weight_of_both(county: County) -> None:
    county.count("staff", good=9, bad=3)
    opened(county, residents="staff")

    (subject,) = results(county).subjects
    staff, residents = subject.groups

    assert staff.n == 12
    assert (staff.score, staff.weight) == (Fraction(75), Fraction(9))
    assert residents.n is None
    assert residents.counted_in == Bilingual("职工", "Staff")
    assert staff.label.zh == "职工与居民"
    assert subject.score == 75
    assert not subject.withheld


def test_on_the_score_sheet_they_stand_together_too(county: County) -> None:
    county.count("staff", good=9, bad=3)
    batch(county, "staff", used=12)
    opened(county, residents="staff")

    with Session(county.engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        found = sheet_of(session, cycle, county.subject_id, scheme=SCHEME)

    social = next(n for n in found.sheet.root.parts if n.key == "social")
    (together,) = social.parts[-1].parts
    assert together.label.zh == "职工与居民"
    assert social.parts[-1].value == 75
    assert found.overall == Fraction(7, 10) * 90 + Fraction(88, 10) + 15 + 1


def test_the_slips_of_merged_groups_stand_under_the_names_of_both(
    county: County,
) -> None:
    county.count("staff", good=9, bad=3)
    batch(county, "staff", used=12)
    opened(county, residents="staff")

    found = results(county)

    (row,) = found.reconciled
    assert row.rater_groups == ("staff", "residents")
    assert found.label_of(row.rater_groups) == Bilingual(
        "职工、居民", "Staff, Residents"
    )


def test_a_ballot_can_confirm_what_an_open_code_cannot(county: County) -> None:
    county.count("staff", good=5, bad=7)
    batch(county, "staff", used=12)
    opened(county)

    found = alert(county, "staff")

    # 7 of the 12 people there are, whatever those who did not answer think.
    assert found.evidence is Evidence.CONFIRMED_CERTAIN
    assert found.share == Fraction(7, 12)


def test_a_void_batch_says_nothing_about_the_others(county: County) -> None:
    county.count("staff", good=5, bad=7)
    batch(county, "staff", used=12)
    batch(county, "staff", used=13, void=1)
    opened(county)

    assert alert(county, "staff").evidence is Evidence.CONFIRMED_CERTAIN


def test_what_a_roster_cannot_prove_is_not_blamed_on_an_open_code(
    county: County, reader: Desk
) -> None:
    county.count("staff", good=5, bad=3)
    batch(county, "staff", used=8)
    opened(county)
    found = alert(county, "staff")
    assert (found.evidence, found.alert.crossed) == (Evidence.WATCH, True)

    read = reader.see("/alerts").text

    # Noise of an open survey stands on the list as well, explained for itself.
    assert "members are known: over the threshold among those who answered" in read
    assert "open codes: over the threshold among those who answered" in read


def test_without_most_of_the_roster_nothing_is_judged(county: County) -> None:
    county.count("staff", good=2, bad=4)
    batch(county, "staff", used=6)
    opened(county)

    assert alert(county, "staff").evidence is Evidence.INSUFFICIENT


def test_the_slips_are_reconciled_on_page_and_workbook(
    county: County, reader: Desk
) -> None:
    county.count("staff", good=9, bad=2)
    county.count("residents", good=3)
    batch(county, "staff", used=12, spoiled=1)
    batch(county, "residents", used=3)
    batch(county, "leaders", used=13, void=1)
    opened(county)
    page = f"/surveys/{county.survey_id}/results"

    read = reader.see(page).text
    rows = rows_of(results_file(reader, county.survey_id, "en").data)["Reconciliation"][
        1:
    ]

    assert "Do the slips add up?" in read
    assert "void: none of its ballots was decrypted" in read
    assert [row[1:10] for row in rows] == [
        ["Staff", 12, 14, 12, 12, 2, 0, 0, 1],
        # Three of them: what they said is hidden, that they took part is not.
        ["Residents", 12, 14, 3, 3, 2, 0, 9, 0],
        ["leaders", 12, 14, 13, 13, 2, 0, -1, 0],
    ]
    assert "fewer than 5: not shown" in read
    why = "How many took part in each batch is public"
    assert why in read
    assert why in reader.see("/alerts").text


def test_batches_counted_together_are_reconciled_together(county: County) -> None:
    county.count("staff", good=9, bad=3)
    batch(county, "staff", used=9)
    batch(county, "staff", used=3)
    opened(county, residents="staff")

    (row,) = results(county).reconciled

    assert (row.used, row.issued, row.outstanding) == (12, 28, 12)


@pytest.mark.parametrize("told", [{"good": 4}, {"bad": 4}, {"dont_know": 4}])
def test_no_page_depends_on_what_a_small_group_said(
    county: County, reader: Desk, told: dict[str, int]
) -> None:
    county.count("staff", good=9, bad=2)
    county.count("residents", good=2, bad=2)
    before = seen(reader, county)
    with county.engine.begin() as connection:
        connection.execute(
            delete(ChoiceCount).where(
                ChoiceCount.survey_id == county.survey_id,
                ChoiceCount.subject_id == county.subject_id,
                ChoiceCount.rater_group == "residents",
            )
        )
    county.count("residents", **told)

    assert seen(reader, county) == before


def seen(reader: Desk, county: County) -> list[str]:
    """Everything the office reads about 王一."""
    opened(county)
    results = f"/surveys/{county.survey_id}/results"
    sheets = f"/score-sheets/{county.cycle_id}"
    about = f"/{county.subject_id}"
    pages = [results, results + about, sheets, sheets + about, "/alerts"]
    book = rows_of(results_file(reader, county.survey_id, "en").data)
    return [*(reader.see(page).text for page in pages), str(book)]
