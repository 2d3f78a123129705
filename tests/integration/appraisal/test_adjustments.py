"""A bonus or deduction counts once two accounts answer for it, and is never erased."""

from fractions import Fraction

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from survey_app.analytics.scores import SubjectSheet, sheet_of
from survey_app.appraisal.adjustments import GivenAdjustment, withdraw_adjustment
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.make_cycle import delete_cycle, make_cycle
from survey_app.database import writing
from survey_app.domain.ground.cycle_refusals import (
    AdjustmentDecided,
    AdjustmentRefused,
    AdjustmentStands,
    CorrectionOutdated,
    CorrectionRefused,
    CycleInUse,
    CycleNotReady,
    CycleSettled,
)
from survey_app.domain.ground.refusals import (
    NotFound,
    OwnerNotConfirmed,
    Refusal,
    TwoAccountsNeeded,
)
from survey_app.migrate import alembic_config, migrate
from survey_app.survey.settling.correct import (
    CorrectionAsked,
    confirm_correction,
    request_correction,
)
from tests.support.adjusted import (
    CAPPED,
    FIRST,
    MAY_2,
    SECOND,
    adjusted_county,
    confirm,
    kept,
    propose,
)
from tests.support.closed_county import settle
from tests.support.small_county import MAY_1, County


@pytest.fixture
def county(engine: Engine) -> County:
    return adjusted_county(engine, FIRST, SECOND)


def sheet(county: County) -> SubjectSheet:
    with Session(county.engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        return sheet_of(session, cycle, county.subject_id, scheme=CAPPED)


def overall(county: County) -> Fraction:
    score = sheet(county).overall
    assert score is not None
    return score


def withdraw(county: County, number: int) -> None:
    with Session(writing(county.engine)) as session:
        withdraw_adjustment(
            session, county.cycle_id, number, account=SECOND, today=MAY_2
        )


def correct(
    county: County,
    place: str,
    new: str,
    *,
    source: str = "更正文件9号",
    confirming: bool = True,
) -> int:
    asked = CorrectionAsked(place, new, source if new != "0" else "", "表彰已撤销")
    with Session(writing(county.engine)) as session:
        number = request_correction(
            session, county.cycle_id, county.subject_id, asked,
            account=FIRST, today=MAY_1,
        )  # fmt: skip
        if confirming:
            confirm_correction(session, number, account=SECOND, today=MAY_2)
        return number


def test_it_counts_once_another_account_confirmed_it(county: County) -> None:
    before = overall(county)

    number = propose(county, "1.50")
    assert overall(county) == before
    with pytest.raises(TwoAccountsNeeded):
        confirm(county, number, FIRST)
    with pytest.raises(OwnerNotConfirmed):
        confirm(county, number, "nobody confirmed")
    assert overall(county) == before
    confirm(county, number)

    assert overall(county) == before + Fraction(3, 2)
    assert kept(county, "points", "reason", "source", "origin", "state") == [
        ("1.50", "省级表彰", "表彰文件7号", "form", "counts")
    ]
    assert kept(county, "entered_by", "entered_on", "confirmed_by", "confirmed_on") == [
        (FIRST, MAY_1, SECOND, MAY_2)
    ]
    assert sheet(county).sheet.steps[-1].points == Fraction(3, 2)


def test_deductions_take_away_and_bonuses_stop_at_the_cap(county: County) -> None:
    before = overall(county)
    for points, told in (("3", "一"), ("4", "二")):
        confirm(county, propose(county, points, reason=told))
    confirm(county, propose(county, "0.25", kind="deduction", origin="supervision"))

    assert overall(county) == before + 5 - Fraction(1, 4)
    bonus, deduction = sheet(county).sheet.root.parts[-2:]
    assert bonus.rule.key == "adjustments-capped"
    assert dict(bonus.rule.figures) == {"cap": "5", "asked": "7"}
    assert [child.label.zh for child in bonus.parts] == ["一", "二"]
    assert bonus.contribution == 5
    assert deduction.contribution == Fraction(-1, 4)


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"points": "5.5"}, AdjustmentRefused),
        ({"points": "-1"}, AdjustmentRefused),
        ({"kind": "prize"}, AdjustmentRefused),
        ({"subject_id": 9999}, NotFound),
        ({"points": "1.500", "origin": "import"}, AdjustmentStands),
    ],
    ids=str,
)
def test_what_the_scheme_does_not_take_is_refused(
    county: County, other: dict[str, str], refusal: type[Refusal]
) -> None:
    propose(county, "1.5")

    with pytest.raises(refusal):
        propose(county, **other)

    assert len(list(kept(county, "id"))) == 1


def test_the_scheme_of_cadres_takes_nothing_about_a_leading_body(
    county: County,
) -> None:
    with pytest.raises(NotFound):
        propose(county, subject_id=county.body_id)


def test_before_it_is_confirmed_it_is_withdrawn_and_stays_on_the_list(
    county: County,
) -> None:
    number = propose(county)
    withdraw(county, number)

    for act in (confirm, withdraw):
        with pytest.raises(AdjustmentDecided):
            act(county, number)
    assert kept(county, "state", "withdrawn_by", "withdrawn_on") == [
        ("withdrawn", SECOND, MAY_2)
    ]
    propose(county)  # what was withdrawn may be proposed anew


def test_what_counts_is_reversed_by_two_with_a_reason_and_the_old_one_stays(
    county: County,
) -> None:
    before = overall(county)
    number = propose(county)
    confirm(county, number)
    with pytest.raises(AdjustmentDecided):
        withdraw(county, number)

    asked = correct(county, f"adjustment:{number}=1.5", "0", confirming=False)
    assert overall(county) == before + Fraction(3, 2), "it takes a second account"
    with Session(writing(county.engine)) as session:
        confirm_correction(session, asked, account=SECOND, today=MAY_2)

    assert overall(county) == before
    assert kept(county, "points", "state", "reversed_in") == [
        ("1.5", "reversed", asked)
    ]
    with pytest.raises(CorrectionRefused):
        correct(county, f"adjustment:{number}=1.5", "1")


def test_two_reversals_of_one_entry_are_one(county: County) -> None:
    number = propose(county)
    confirm(county, number)
    place = f"adjustment:{number}=1.5"
    late = correct(county, place, "2", confirming=False)

    correct(county, place, "0")

    with (
        Session(writing(county.engine)) as session,
        pytest.raises(CorrectionOutdated),
    ):
        confirm_correction(session, late, account=SECOND, today=MAY_2)


def test_a_settled_cycle_takes_a_correction_and_nothing_else(county: County) -> None:
    number = propose(county)
    with pytest.raises(CycleNotReady):
        settle(county)
    confirm(county, number)
    before = overall(county)
    settle(county)

    assert overall(county) == before
    for act in (
        lambda: propose(county, "2"),
        lambda: confirm(county, number),
        lambda: withdraw(county, number),
    ):
        with pytest.raises(CycleSettled):
            act()
    for wrong, source in (("5.01", "9号"), ("-1", "9号"), ("2.5", ""), ("1.50", "9号")):
        with pytest.raises(CorrectionRefused):
            correct(county, f"adjustment:{number}=1.5", wrong, source=source)
    correct(county, f"adjustment:{number}=1.5", "2.5")
    correct(county, "adjustment:deduction=", "0.5")

    assert overall(county) == before + 1 - Fraction(1, 2)
    assert kept(county, "kind", "points", "state", "origin", "reason", "source") == [
        ("bonus", "1.5", "reversed", "form", "省级表彰", "表彰文件7号"),
        ("bonus", "2.5", "counts", "correction", "省级表彰", "更正文件9号"),
        ("deduction", "0.5", "counts", "correction", "表彰已撤销", "更正文件9号"),
    ]


def test_a_cycle_with_a_proposal_is_not_deleted(county: County) -> None:
    with Session(writing(county.engine)) as session:
        fresh = make_cycle(session, "2027", scheme=CAPPED).id
        session.add(
            GivenAdjustment(
                cycle_id=fresh,
                subject_id=county.subject_id,
                kind="bonus",
                points="1",
                reason="r",
                source="s",
            )
        )
        session.commit()
        with pytest.raises(CycleInUse):
            delete_cycle(session, fresh)


def test_what_counted_before_anybody_was_noted_counts_on(county: County) -> None:
    before = overall(county)
    config = alembic_config()
    with county.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0008")
        connection.commit()
    with county.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO given_adjustment "
                "(cycle_id, subject_id, kind, points, reason, source) "
                "VALUES (:cycle, :subject, 'deduction', '0.5', '旧', '旧文件')"
            ),
            {"cycle": county.cycle_id, "subject": county.subject_id},
        )

    migrate(county.engine)

    assert overall(county) == before - Fraction(1, 2)
    assert kept(county, "state", "entered_by") == [("counts", None)]
