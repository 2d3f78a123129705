"""A correction takes two managers, changes no count and forgets nothing."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.change_password import reset_password
from survey_app.accounts.tables import Account
from survey_app.appraisal.cycle import GivenValue, ReplacedValue
from survey_app.database import writing
from survey_app.domain.ground.account_refusals import SecondNotConfirmed
from survey_app.domain.ground.cycle_refusals import (
    AnotherConfirms,
    CorrectionDecided,
    CorrectionInDoubt,
    CorrectionOutdated,
    CorrectionRefused,
)
from survey_app.domain.ground.refusals import PasswordStillGiven, Refusal
from survey_app.survey.rated import rated_of
from survey_app.survey.settling.correct import (
    CorrectionAsked,
    confirm_correction,
    decline_correction,
    request_correction,
)
from survey_app.survey.settling.correction import Correction
from tests.support.closed_county import (
    closed_county,
    imported,
    open_another,
    settle,
    sheet,
)
from tests.support.office import MANAGER, READER, desk
from tests.support.secret_ballots import confirmed
from tests.support.small_county import MAY_1, County

MAY_2 = date(2026, 5, 2)
FIRST, SECOND = "first", "second"
MOVED = ["C1", "王一", "U2", "正职", "镇长"]
VALUE = "value:achievements=93.2"
RIGHT = CorrectionAsked(VALUE, "95", "file 9", "抄录错误")


@pytest.fixture
def county(engine: Engine) -> County:
    closed = closed_county(engine)
    with Session(writing(engine)) as session:
        confirmed(session, FIRST, SECOND)
    return closed


@pytest.fixture
def settled(county: County) -> County:
    settle(county)
    return county


def ask(county: County, asked: CorrectionAsked = RIGHT, subject_id: int = 0) -> int:
    with Session(writing(county.engine)) as session:
        return request_correction(
            session, county.cycle_id, subject_id or county.subject_id, asked,
            account=FIRST, today=MAY_1,
        )  # fmt: skip


def confirm(county: County, number: int, account: str = SECOND) -> None:
    with Session(writing(county.engine)) as session:
        confirm_correction(session, number, account=account, today=MAY_2)


def correct(county: County, place: str, new: str, subject_id: int = 0) -> None:
    confirm(
        county,
        ask(county, CorrectionAsked(place, new, "file 9", "登记错误"), subject_id),
    )


def names(county: County) -> list[tuple[str, str, str]]:
    with Session(county.engine) as session:
        rated = rated_of(session, county.survey_id)
        return [(one.name, one.title, one.unit.code) for one in rated]


def test_a_correction_counts_only_once_another_manager_confirmed_it(
    settled: County,
) -> None:
    before = sheet(settled).overall

    number = ask(settled)
    assert sheet(settled).overall == before
    with pytest.raises(AnotherConfirms):
        confirm(settled, number, FIRST)
    assert sheet(settled).overall == before
    confirm(settled, number)

    assert before is not None
    assert sheet(settled).overall != before
    with Session(settled.engine) as session:
        kept = session.get_one(Correction, number)
        (gone,) = session.scalars(select(ReplacedValue))
        given = session.get_one(
            GivenValue, (settled.cycle_id, settled.subject_id, "achievements")
        )
    assert (kept.old, kept.new, kept.reason) == ("93.2", "95", "抄录错误")
    assert (kept.requested_by, kept.decided_by) == (FIRST, SECOND)
    assert (kept.requested_on, kept.decided_on) == (MAY_1, MAY_2)
    assert (gone.value, gone.source) == ("93.2", "file 3")
    assert (given.value, given.source) == ("95", "file 9")


def test_a_missing_value_can_be_corrected_too(settled: County) -> None:
    correct(settled, "value:achievements=", "70", settled.other_subject_id)

    with Session(settled.engine) as session:
        place = settled.cycle_id, settled.other_subject_id, "achievements"
        assert session.get_one(GivenValue, place).value == "70"


CANNOT_STAND = (
    CorrectionAsked(VALUE, "101", "file", "why"),
    CorrectionAsked(VALUE, "-1", "file", "why"),
    CorrectionAsked(VALUE, "many", "file", "why"),
    CorrectionAsked(VALUE, "93.20", "file", "why"),
    CorrectionAsked(VALUE, "95", "", "why"),
    CorrectionAsked(VALUE, "95", "file", ""),
    CorrectionAsked("value:achievements=95", "96", "file", "why"),
    CorrectionAsked("value:body=88", "89", "file", "why"),
    CorrectionAsked("unit=U1", "U9", "", "why"),
    CorrectionAsked("post=principal", "boss", "", "why"),
    CorrectionAsked("name=王一", " ", "", "why"),
    CorrectionAsked("code=C1", "C2", "", "why"),
)


def test_what_cannot_stand_there_is_refused(settled: County) -> None:
    for asked in CANNOT_STAND:
        with pytest.raises(CorrectionRefused):
            ask(settled, asked)


def test_before_settling_a_value_is_a_workbooks_business(county: County) -> None:
    with pytest.raises(CorrectionRefused):
        ask(county)


def test_a_frozen_name_is_corrected_before_settling_too(county: County) -> None:
    correct(county, "name=王一", "王益")

    assert sheet(county).name == "王益"
    assert ("王益", "镇长", "U1") in names(county)


def test_a_frozen_unit_moves_the_sheet_and_no_count(county: County) -> None:
    before = sheet(county).sheet.root.parts[1].parts[1].parts

    correct(county, "unit=U1", "U2")

    found = sheet(county)
    assert found.unit == "柳林镇"
    assert found.sheet.root.parts[1].parts[1].parts == before


def test_the_name_of_a_unit_is_corrected_for_everybody_in_it(county: County) -> None:
    correct(county, "name=清河镇", "清河街道", county.body_id)

    assert sheet(county).unit == "清河街道"


def test_only_where_the_wrong_content_stood_is_it_corrected(county: County) -> None:
    imported(county, units=[["U3", "石桥镇", ""]], cadres=[MOVED])
    another = open_another(county)

    correct(county, "unit=U2", "U3")

    with Session(county.engine) as session:
        (there,) = rated_of(session, another)
    assert there.unit.code == "U3"
    assert sheet(county).unit == "清河镇"


def test_a_post_is_corrected_and_the_stored_plan_still_decides(county: County) -> None:
    correct(county, "post=principal", "副职")

    assert sheet(county).post == "deputy"


@pytest.mark.parametrize("account", [FIRST, SECOND])
def test_what_was_withdrawn_or_declined_never_counts(
    settled: County, account: str
) -> None:
    number = ask(settled)
    with Session(writing(settled.engine)) as session:
        decline_correction(session, number, account=account, today=MAY_1)

    with pytest.raises(CorrectionDecided):
        confirm(settled, number)
    with Session(settled.engine) as session:
        state = session.get_one(Correction, number).state
    assert state == {FIRST: "withdrawn", SECOND: "declined"}[account]


def test_of_two_corrections_of_one_value_the_second_is_outdated(
    settled: County,
) -> None:
    first, second = (
        ask(settled),
        ask(settled, CorrectionAsked(VALUE, "96", "file", "why")),
    )
    confirm(settled, first)

    with pytest.raises(CorrectionOutdated):
        confirm(settled, second)


def given_to(session: Session, account: str, by: str) -> None:
    """Let one account give another its password."""
    number = session.scalars(select(Account.id).where(Account.username == account))
    reset_password(session, number.one(), by=by)


def chosen_since(session: Session, *, whose: str = SECOND, by: str = FIRST) -> None:
    """Let one of both be given a password, and another be chosen afterwards."""
    given_to(session, whose, by)
    for account in session.scalars(select(Account)):
        account.password_set_by = None
    session.commit()


@pytest.mark.parametrize(
    ("happens", "refusal"),
    [
        (lambda session: given_to(session, SECOND, FIRST), PasswordStillGiven),
        (chosen_since, SecondNotConfirmed),
        (partial(chosen_since, whose=FIRST, by=SECOND), CorrectionInDoubt),
    ],
    ids=["still given", "second given since", "first given since"],
)
def test_one_person_with_two_accounts_confirms_nothing(
    app: Flask,
    db: Session,
    settled: County,
    happens: Callable[[Session], None],
    refusal: type[Refusal],
) -> None:
    for name in (FIRST, SECOND):
        desk(app, db, MANAGER, username=name)
    number = ask(settled)
    happens(db)

    with pytest.raises(refusal):
        confirm(settled, number)


def test_two_managers_correct_through_their_pages(
    app: Flask, db: Session, settled: County
) -> None:
    one = desk(app, db, MANAGER, username=FIRST)
    two = desk(app, db, MANAGER, username=SECOND)
    where = f"/cycles/{settled.cycle_id}"
    form = f"{where}/corrections/new/{settled.subject_id}"
    fields = {"place": VALUE, "right": "95", "source": "file 9", "reason": "抄录错误"}

    assert "王一" in one.see(f"{where}/corrections/new").text
    assert one.send(form, **fields | {"right": "101"}).status_code == 422
    assert one.send(form, **fields | {"source": ""}).status_code == 422
    assert one.send(form, **fields).status_code == 303
    assert "待确认的更正" in two.see(f"/score-sheets/{settled.cycle_id}").text
    assert one.send("/corrections/1/confirm").status_code == 403
    assert two.send("/corrections/1/confirm").status_code == 303

    reader = desk(app, db, READER)
    page = reader.see(f"/score-sheets/{settled.cycle_id}/{settled.subject_id}").text
    for said in ("第 2 版", "抄录错误", FIRST, SECOND, "93.2", "95", "file 3"):
        assert said in page
    assert "抄录错误" in reader.see(where).text
