"""A receipt proves "counted" and nothing else, and is asked of the database."""

from datetime import date
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text, update
from sqlalchemy.orm import Session

from survey_app.domain.ground.printed_code import (
    printed_receipt,
    receipt_bytes,
    receipt_of,
)
from survey_app.domain.ground.refusals import NotKept, UnknownReceipt
from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.survey.intake import Intake, Receipts
from survey_app.survey.tables import CLOSED, Survey
from tests.conftest import FixedClock
from tests.support.respondents import Plan, Respondent, Shown, ask_about, shown

UNKNOWN = "0000-0000-0000-0000"


@pytest.fixture
def receipt(client: FlaskClient, db: Session) -> str:
    """The printed receipt of a counted answer; another answer lies beside it."""
    Respondent(client, ask_about(db, Plan(units=["柳河镇"])).code).answer()
    sent = Respondent(client, ask_about(db).code).answer()
    return (sent.location or "").removeprefix("/r/")


def test_the_thanks_page_asks_the_database(
    client: FlaskClient, db: Session, receipt: str
) -> None:
    before = client.get(f"/r/{receipt}")
    code = receipt_bytes(receipt)
    db.execute(text("DELETE FROM receipt WHERE code = :code"), {"code": code})
    db.commit()
    after = client.get(f"/r/{receipt}")

    assert "群众满意度调查" in shown(before).text
    assert (before.status_code, after.status_code) == (200, 404)


def test_the_thanks_page_says_what_happens_next(
    client: FlaskClient, receipt: str
) -> None:
    text = shown(client.get(f"/r/{receipt}?lang=en")).text

    assert "until May 31, 2026. Until then nobody can see any result." in text
    assert "The survey is over." not in text
    assert "One form counts once." in text
    assert "It says neither what was answered nor by whom." in text


@pytest.mark.parametrize("how", ["closed", "past its last day"])
def test_once_the_survey_is_over_the_thanks_page_announces_nothing(
    client: FlaskClient, db: Session, clock: FixedClock, receipt: str, how: str
) -> None:
    if how == "closed":
        db.execute(update(Survey).values(state=CLOSED))
        db.commit()
    else:
        clock.day = date(2026, 6, 1)

    text = shown(client.get(f"/r/{receipt}?lang=en")).text

    assert "The survey is over." in text
    assert "2026" not in text


def test_the_thanks_page_shows_no_answer(client: FlaskClient, receipt: str) -> None:
    text = shown(client.get(f"/r/{receipt}?lang=en")).text

    assert "Satisfied" not in text
    assert "青山镇" not in text


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", " ")])
def test_a_typed_receipt_is_forgiven_its_form(
    client: FlaskClient, receipt: str, change: object
) -> None:
    typed = change(receipt)  # type: ignore[operator]  # one of the two above

    found = client.get("/r", query_string={"code": typed, "lang": "en"})

    assert found.location == f"/r/{receipt}?lang=en"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (UNKNOWN, "No counted answer has this receipt code"),
        ("ABC", "3 letters and digits were read; this code has 16."),
        ("0000-0000-0000-000U", "“U” stands in no code."),
        ("%00", "Please enter the receipt code"),
    ],
)
def test_an_unknown_receipt_says_so_and_what_to_do(
    client: FlaskClient, receipt: str, code: str, says: str
) -> None:
    answer = client.get(f"/r/{code}?lang=en")

    assert answer.status_code == 404
    page = shown(answer)
    assert page.title.startswith("Please check – ")
    assert says in page.described(field_of(page))
    assert ("Compare it with what you wrote down" in page.text) == (code != "%00")
    typed = "" if code == "%00" else code
    assert (field_of(page).get("value"), page.all("form")[0].get("action")) == (
        typed,
        "/r?lang=en",
    )


def field_of(page: Shown) -> Element:
    """The one field of a page that asks for a code."""
    (field,) = page.named("code")
    return field


@pytest.mark.parametrize("typed", ["12-34", '"><b>', UNKNOWN])
def test_a_mistyped_receipt_comes_back_to_be_mended(
    client: FlaskClient, typed: str
) -> None:
    asked = {"code": typed, "lang": "en"}

    answer = client.get("/r", query_string=asked, follow_redirects=True)

    assert answer.status_code == 404
    assert field_of(shown(answer)).get("value") == typed
    assert shown(answer).all("form")[0].get("action") == "/r?lang=en"


@pytest.mark.parametrize(
    ("path", "says"),
    [("/r", "Please enter the receipt code"), ("/s", "Please enter the survey code")],
)
def test_an_empty_question_is_told_what_to_enter(
    client: FlaskClient, path: str, says: str
) -> None:
    answer = client.get(f"{path}?code=+&lang=en")
    page = shown(answer)

    assert answer.status_code == 422
    assert says in page.described(field_of(page))
    assert field_of(page).get("autofocus") is not None


def test_a_page_just_opened_complains_about_nothing(client: FlaskClient) -> None:
    receipt, start = client.get("/r?lang=en"), client.get("/?lang=en")

    assert (receipt.status_code, start.status_code) == (200, 200)
    assert "Please" not in shown(receipt).text + shown(start).text


def test_without_a_database_nobody_claims_to_know(
    client: FlaskClient, db: Session, receipt: str
) -> None:
    db.execute(text("DROP TABLE receipt"))
    db.commit()

    answer = client.get(f"/r/{receipt}?lang=en")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "What was counted before stays counted." in shown(answer).text


def test_a_receipt_is_found_in_its_slot(
    engine: Engine, db: Session, clock: FixedClock
) -> None:
    asked = ask_about(db)
    codes = [receipt_of(bytes([n])) for n in range(8)]
    intake, receipts = Intake(engine, slots=4), Receipts(engine, slots=4)
    for code in codes:
        answer = NewResponse(
            survey_id=asked.survey_id,
            channel_id=asked.channel_id,
            rater_group="residents",
            subject_id=asked.subject_ids[0],
            picks=(("welcome", "good"),),
            comment="",
            receipt=code,
        )
        intake.keep(answer, today=clock.day)

    slots = db.scalars(text("SELECT DISTINCT slot FROM receipt")).all()
    assert len(slots) > 1
    assert {receipts.find(code).title for code in codes} == {"群众满意度调查"}
    with pytest.raises(UnknownReceipt):
        receipts.find(receipt_of(b"never sent"))


def test_the_reading_door_says_when_nobody_answers(engine: Engine, db: Session) -> None:
    db.execute(text("DROP TABLE receipt"))
    db.commit()

    with pytest.raises(NotKept):
        Receipts(engine, slots=1).find(receipt_of(b"any"))


def test_a_printed_receipt_reads_back() -> None:
    code = receipt_of(b"any")

    assert receipt_bytes(printed_receipt(code)) == code
