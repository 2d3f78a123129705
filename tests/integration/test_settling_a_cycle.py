"""A settled cycle changes by corrections only, and a correction takes two managers."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.database import writing
from survey_app.domain.refusals import (
    AnotherConfirms,
    CorrectionDecided,
    CorrectionInDoubt,
    CorrectionOutdated,
    CorrectionRefused,
    CycleNotReady,
    CycleSettled,
    NotReadyToOpen,
    PasswordStillGiven,
    Refusal,
)
from survey_app.models.account import MANAGER, READER, Account
from survey_app.models.correction import Correction
from survey_app.models.given_value import GivenValue, ReplacedValue
from survey_app.models.rated import rated_in_cycle, rated_of
from survey_app.services.change_password import reset_password
from survey_app.services.correct import (
    Asked,
    confirm_correction,
    decline_correction,
    request_correction,
)
from survey_app.services.freeze_facts import freeze_cycle
from survey_app.services.make_survey import make_survey
from survey_app.services.open_survey import open_survey
from survey_app.services.settle_cycle import settle_cycle
from tests.closed_county import closed_county, imported, opened_county, sheet
from tests.drafts import PLAN
from tests.office import desk
from tests.small_county import MAY_1, QUESTIONNAIRE, County

MAY_2 = date(2026, 5, 2)
FIRST, SECOND = "first", "second"
VALUE = "value:achievements=93.2"
RIGHT = Asked(VALUE, "95", "file 9", "抄录错误")


@pytest.fixture
def county(engine: Engine) -> County:
    return closed_county(engine)


@pytest.fixture
def settled(county: County) -> County:
    settle(county)
    return county


def settle(county: County) -> None:
    with Session(writing(county.engine)) as session:
        settle_cycle(session, county.cycle_id, account=FIRST, today=MAY_1)


def ask(county: County, asked: Asked = RIGHT, subject_id: int = 0) -> int:
    with Session(writing(county.engine)) as session:
        return request_correction(
            session, county.cycle_id, subject_id or county.subject_id, asked,
            account=FIRST, today=MAY_1,
        )  # fmt: skip


def confirm(county: County, number: int, account: str = SECOND) -> None:
    with Session(writing(county.engine)) as session:
        confirm_correction(session, number, account=account, today=MAY_2)


def correct(county: County, place: str, new: str, subject_id: int = 0) -> None:
    confirm(county, ask(county, Asked(place, new, "file 9", "登记错误"), subject_id))


def names(county: County) -> list[tuple[str, str, str]]:
    with Session(county.engine) as session:
        rated = rated_of(session, county.survey_id)
        return [(one.name, one.title, one.unit.code) for one in rated]


# Settling


def test_a_cycle_is_not_settled_while_a_survey_is_open(engine: Engine) -> None:
    county = opened_county(engine)

    with pytest.raises(CycleNotReady):
        settle(county)


def test_a_cycle_is_settled_once(settled: County) -> None:
    with pytest.raises(CycleSettled):
        settle(settled)


@pytest.mark.parametrize(
    "row",
    [
        ["2026", "C1", "实绩", "95", "file 9"],
        ["2026", "C1", "实绩", "93.2", "another file"],
        ["2026", "C2", "实绩", "70", "file 9"],
    ],
    ids=["another value", "another source", "a new value"],
)
def test_a_settled_cycle_takes_no_value_from_a_workbook(
    settled: County, row: list[str]
) -> None:
    before = sheet(settled).overall

    outcome = imported(settled, values=[row])

    assert [fault.what.key for fault in outcome.faults] == ["roster-cycle-settled"]
    assert outcome.faults[0].where == "构成项得分!D2"
    assert sheet(settled).overall == before


def test_a_row_that_changes_nothing_hinders_no_import(settled: County) -> None:
    outcome = imported(
        settled,
        units=[["U9", "新镇", ""]],
        values=[["2026", "C1", "实绩", "93.20", "file 3"]],
    )

    assert outcome.number("added") == 1


def test_who_comes_later_is_not_on_a_settled_cycles_sheets(
    app: Flask, db: Session, settled: County
) -> None:
    imported(settled, cadres=[["C9", "后来人", "U1", "副职", "副镇长"]])

    page = desk(app, db, READER).see(f"/score-sheets/{settled.cycle_id}").text

    assert "王一" in page
    assert "后来人" not in page


def test_who_was_never_rated_stays_where_settling_found_him(engine: Engine) -> None:
    county = closed_county(engine)
    imported(county, cadres=[["C9", "张三", "U1", "副职", "副镇长"]])
    with Session(engine) as session:
        frozen = freeze_of(session, county)
    assert "张三" not in frozen
    settle(county)

    imported(county, cadres=[["C9", "张四", "U2", "正职", "镇长"]])

    with Session(engine) as session:
        assert freeze_of(session, county)["张三"] == "U1"


def freeze_of(session: Session, county: County) -> dict[str, str]:
    rated = rated_in_cycle(session, county.cycle_id)
    return {one.name: one.unit.code for one in rated if one.is_frozen}


def test_nothing_more_opens_in_a_settled_cycle(county: County) -> None:
    with Session(writing(county.engine)) as session:
        drafted = make_survey(
            session, county.cycle_id, questionnaire=QUESTIONNAIRE, plan=PLAN
        ).id
    settle(county)

    with Session(writing(county.engine)) as session:
        with pytest.raises(NotReadyToOpen) as refused:
            open_survey(session, drafted, today=MAY_1)
        assert "settled" in refused.value.missing
        with pytest.raises(CycleSettled):
            make_survey(
                session, county.cycle_id, questionnaire=QUESTIONNAIRE, plan=PLAN
            )


def test_the_page_of_the_cycle_lists_what_is_missing_and_settles(
    app: Flask, db: Session, county: County
) -> None:
    manager = desk(app, db, MANAGER)
    where = f"/cycles/{county.cycle_id}"

    page = manager.see(where).text
    unsure = manager.send(f"{where}/settle")
    sure = manager.send(f"{where}/settle", looked="y")

    assert "李二" in page
    assert unsure.status_code == 422
    assert sure.status_code == 303
    assert "the manager" in manager.see(where).text


# Corrections


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


@pytest.mark.parametrize(
    "asked",
    [
        Asked(VALUE, "101", "file", "why"),
        Asked(VALUE, "-1", "file", "why"),
        Asked(VALUE, "many", "file", "why"),
        Asked(VALUE, "93.20", "file", "why"),
        Asked(VALUE, "95", "", "why"),
        Asked(VALUE, "95", "file", ""),
        Asked("value:achievements=95", "96", "file", "why"),
        Asked("value:body=88", "89", "file", "why"),
        Asked("unit=U1", "U9", "", "why"),
        Asked("post=principal", "boss", "", "why"),
        Asked("name=王一", " ", "", "why"),
        Asked("code=C1", "C2", "", "why"),
    ],
)
def test_what_cannot_stand_there_is_refused(settled: County, asked: Asked) -> None:
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
    before = sheet(county).sheet.root.children[1].children[1].children

    correct(county, "unit=U1", "U2")

    found = sheet(county)
    assert found.unit == "柳林镇"
    assert found.sheet.root.children[1].children[1].children == before


def test_the_name_of_a_unit_is_corrected_for_everybody_in_it(county: County) -> None:
    correct(county, "name=清河镇", "清河街道", county.body_id)

    assert sheet(county).unit == "清河街道"


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
    first, second = ask(settled), ask(settled, Asked(VALUE, "96", "file", "why"))
    confirm(settled, first)

    with pytest.raises(CorrectionOutdated):
        confirm(settled, second)


def given_to(session: Session, account: str, by: str) -> None:
    """Let one account give another its password."""
    number = session.scalars(select(Account.id).where(Account.username == account))
    reset_password(session, number.one(), by=by)


def chosen_since(session: Session) -> None:
    """Let the second account be given a password, and choose another afterwards."""
    given_to(session, SECOND, FIRST)
    for account in session.scalars(select(Account)):
        account.password_set_by = None
    session.commit()


@pytest.mark.parametrize(
    ("happens", "refusal"),
    [
        (lambda session: given_to(session, SECOND, FIRST), PasswordStillGiven),
        (chosen_since, CorrectionInDoubt),
    ],
    ids=["still given", "given since"],
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
    fields = {"place": VALUE, "new": "95", "source": "file 9", "reason": "抄录错误"}

    assert "王一" in one.see(f"{where}/corrections/new").text
    assert one.send(form, **fields | {"new": "101"}).status_code == 422
    assert one.send(form, **fields | {"source": ""}).status_code == 422
    assert one.send(form, **fields).status_code == 303
    assert one.send("/corrections/1/confirm").status_code == 403
    assert two.send("/corrections/1/confirm").status_code == 303

    reader = desk(app, db, READER)
    page = reader.see(f"/score-sheets/{settled.cycle_id}/{settled.subject_id}").text
    for said in ("第 2 版", "抄录错误", FIRST, SECOND, "93.2", "95", "file 3"):
        assert said in page
    assert "抄录错误" in reader.see(where).text


def test_freezing_a_cycle_twice_changes_nothing(settled: County) -> None:
    imported(settled, cadres=[["C1", "王一", "U2", "副职", "副镇长"]])
    with Session(writing(settled.engine)) as session:
        freeze_cycle(session, settled.cycle_id)
        session.commit()

    assert sheet(settled).unit == "清河镇"
