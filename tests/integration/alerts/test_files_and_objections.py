"""Files of an alert, objections against it, and what a voided survey takes back."""

import hashlib
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.tables import RecordEntry
from survey_app.alerts.acts import begin_verification, close_by_correction, confirm
from survey_app.alerts.attachments import (
    LARGEST,
    PART,
    add_attachment,
    attached_file,
    attachment_parts,
    take_away,
)
from survey_app.alerts.due import ANSWER, due_acts
from survey_app.alerts.objections import (
    ObjectionAsked,
    answer_objection,
    file_objection,
)
from survey_app.alerts.raising import raise_alerts
from survey_app.alerts.tables import AlertAct, AlertCase, Attachment, Objection
from survey_app.analytics.kept.raised_cases import lift_voided, raise_cases
from survey_app.ballot.voiding import ask_voiding, grant_voiding
from survey_app.domain.alerts.review import Act, ClosedAs, State
from survey_app.domain.ground.account_refusals import OwnMatter
from survey_app.domain.ground.alert_refusals import (
    AttachmentRefused,
    AttachmentTooLarge,
    ObjectionAnswered,
    ObjectionLate,
)
from survey_app.domain.ground.refusals import NotFound
from survey_app.survey.tables import Survey
from tests.conftest import rows_in
from tests.support.cases import Office, office_of
from tests.support.secret_ballots import FIRST, SECOND
from tests.support.small_county import MAY_1

PAPER = b"%PDF-1.7\n" + bytes(range(256)) * 4096


@pytest.fixture
def office(engine: Engine, db: Session) -> Office:
    return office_of(engine, db)


def test_a_file_lies_in_parts_and_comes_back_whole(office: Office) -> None:
    db, alert = office.db, office.alert_id
    seen = office.acting()
    begin_verification(db, alert, office.acting())
    number = add_attachment(db, alert, seen, name="../核查.exe", content=PAPER)

    file = attached_file(db, alert, number)
    parts = list(attachment_parts(db, number))
    assert b"".join(parts) == PAPER
    assert max(map(len, parts)) == PART
    assert (file.name, file.kind) == ("核查.pdf", "application/pdf")
    assert file.sha256 == hashlib.sha256(PAPER).hexdigest()
    assert (office.acts[-1].kind, office.acts[-1].attachment_id) == (Act.ATTACH, number)


def test_what_is_taken_away_leaves_its_hash(office: Office) -> None:
    db, alert = office.db, office.alert_id
    number = add_attachment(db, alert, office.acting(), name="a.pdf", content=PAPER)
    take_away(db, office.alert_id, number, office.acting(reason="附错文件"))

    assert rows_in(db, "attachment_part") == 0
    kept = db.get_one(Attachment, number)
    assert kept.sha256 == hashlib.sha256(PAPER).hexdigest()
    assert office.acts[-1].kind == Act.TAKE_AWAY
    with pytest.raises(NotFound):
        attached_file(db, alert, number)
    with pytest.raises(NotFound):
        take_away(db, office.alert_id, number, office.acting())


def test_what_is_no_paper_or_too_large_leaves_nothing(office: Office) -> None:
    db, alert, before = office.db, office.alert_id, len(office.acts)
    for content, why in (
        (b"MZ", AttachmentRefused),
        (PAPER[:9] + bytes(LARGEST), AttachmentTooLarge),
    ):
        with pytest.raises(why):
            add_attachment(db, alert, office.acting(), name="a.pdf", content=content)
    assert rows_in(db, "attachment") == 0
    assert len(office.acts) == before


def objection(office: Office, **more: object) -> ObjectionAsked:
    row = office.row
    told = {"text": "请复核窗口服务部分", "alert_id": row.id} | more
    return ObjectionAsked(row.cycle_id, row.subject_id, **told)  # type: ignore[arg-type]


def test_an_objection_stands_on_the_desk_until_it_is_answered(office: Office) -> None:
    db = office.db
    number = file_objection(db, objection(office), account="liaison", today=MAY_1)

    due = [one for one in due_acts(db, FIRST, today=MAY_1) if one.act == ANSWER]
    assert [(one.objection_id, one.due_on) for one in due] == [
        (number, MAY_1 + timedelta(days=10))
    ]
    answer = {"answer": "经复核，原结果成立", "changes": False}
    answer_objection(db, number, account=FIRST, today=MAY_1, **answer)  # type: ignore[arg-type]
    assert not [one for one in due_acts(db, FIRST, today=MAY_1) if one.act == ANSWER]
    own = file_objection(db, objection(office), account=FIRST, today=MAY_1)
    with pytest.raises(OwnMatter):
        answer_objection(db, own, account=FIRST, today=MAY_1, **answer)  # type: ignore[arg-type]
    with pytest.raises(ObjectionAnswered):
        answer_objection(db, number, account=FIRST, today=MAY_1, **answer)  # type: ignore[arg-type]
    kept = db.get_one(Objection, number)
    assert (kept.verdict, kept.answered_by) == ("upheld", FIRST)
    noted = db.scalars(select(RecordEntry.act).order_by(RecordEntry.number)).all()
    assert noted[-3:-1] == ["objection filed", "objection answered"]


def test_a_paper_counts_by_the_day_it_came(office: Office) -> None:
    db, late = office.db, MAY_1 + timedelta(days=11)
    with pytest.raises(ObjectionLate):
        file_objection(db, objection(office), account=FIRST, today=late)
    paper = objection(office, on_paper_of="王一", came_on=MAY_1 + timedelta(days=10))
    number = file_objection(db, paper, account=FIRST, today=late)
    assert db.get_one(Objection, number).filed_on == MAY_1 + timedelta(days=10)
    stranger = objection(office, alert_id=office.alert_id + 1000)
    with pytest.raises(NotFound):
        file_objection(db, stranger, account=FIRST, today=MAY_1)


def voided(office: Office) -> None:
    db, survey = office.db, office.county.survey_id
    ask_voiding(db, survey, reason="误开", account=FIRST, today=MAY_1)
    grant_voiding(db, survey, account=SECOND, today=MAY_1, also=lift_voided)


def test_what_a_voided_survey_raised_is_lifted_with_its_reason(office: Office) -> None:
    voided(office)

    row, last = office.row, office.acts[-1]
    assert (row.state, row.outcome) == (State.CLOSED, ClosedAs.LIFTED)
    assert (last.kind, last.reason, last.account) == (Act.LIFT, "误开", SECOND)


def test_what_another_survey_found_too_is_raised_anew(office: Office) -> None:
    db, county = office.db, office.county
    other = db.get_one(Survey, county.other_survey_id)
    add = AlertAct(
        alert_id=office.alert_id, number=office.row.version + 1, day=MAY_1,
        kind=Act.FOUND_AGAIN, after="raised", survey_id=other.id,
    )  # fmt: skip
    db.add(add)
    row = db.get_one(AlertCase, office.alert_id)
    row.version += 1
    db.commit()

    voided(office)

    again = db.scalars(
        select(AlertCase).where(AlertCase.follows == office.alert_id)
    ).one()
    assert (again.survey_id, again.round, again.state) == (other.id, 2, State.RAISED)


def test_what_is_not_found_any_more_is_lifted_and_found_later_raised_anew(
    office: Office,
) -> None:
    db, county = office.db, office.county
    close_by_correction(db, office.alert_id, office.acting())
    confirm(db, office.alert_id, office.acting(SECOND))
    before = rows_in(db, "alert")
    raise_cases(db, county.survey_id, today=date(2026, 6, 1))

    assert rows_in(db, "alert") == before, "what was lifted is not raised by a repeat"
    live = select(AlertCase).where(AlertCase.state != State.CLOSED)
    mine = live.where(AlertCase.survey_id == county.survey_id)
    assert list(db.scalars(mine)), "else nothing can be lifted"
    raise_alerts(db, county.survey_id, [], today=date(2026, 6, 1))
    assert not list(db.scalars(mine))
