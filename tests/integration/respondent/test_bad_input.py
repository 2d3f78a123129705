"""Everything that can go wrong with an answer: a plain page, and nothing lost."""

from datetime import date
from io import BytesIO
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from survey_app.domain.ground.printed_code import channel_code
from survey_app.survey.tables import CLOSED, DRAFT, Survey
from survey_app.web.sent_body import LARGEST_ANSWER
from tests.conftest import ONE_DATABASE, FixedClock, rows_in
from tests.support.respondents import (
    GOOD,
    HALF,
    Plan,
    Respondent,
    ask_about,
    assert_still_there,
    shown,
)

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def respondent(client: FlaskClient, db: Session) -> Respondent:
    return Respondent(client, ask_about(db).code)


@ONE_DATABASE
@pytest.mark.parametrize("code", ["ABC", "0000000000", "%E6%BB%A1", "a" * 500])
def test_an_invented_code_leads_nowhere(client: FlaskClient, code: str) -> None:
    asked = client.get(f"/s/{code}?lang=en")
    sent = client.post(f"/s/{code}", data=GOOD)

    assert (asked.status_code, sent.status_code) == (404, 404)
    assert "Compare the code with the one printed" in shown(asked).text


def test_a_signed_code_without_a_survey_leads_nowhere(client: FlaskClient) -> None:
    code = channel_code(b"\0\1\2\3", b"k" * 32)

    assert client.get(f"/s/{code}").status_code == 404


@pytest.mark.parametrize(
    ("plan", "status", "says"),
    [
        (Plan(state=DRAFT), 403, "Its first day is printed on the poster."),
        (Plan(opens_on=date(2026, 5, 2)), 403, "This survey has not begun yet"),
        (Plan(state=CLOSED), 410, "What was counted before stays counted"),
        (Plan(closes_on=date(2026, 4, 30)), 410, "This survey is closed"),
    ],
    ids=["draft", "tomorrow", "closed", "yesterday"],
)
def test_outside_its_days_a_survey_says_what_to_do(
    client: FlaskClient, db: Session, plan: Plan, status: int, says: str
) -> None:
    respondent = Respondent(client, ask_about(db, plan).code)

    asked = client.get(f"/s/{respondent.code}?lang=en")
    sent = respondent.send({**GOOD, "submission": "0" * 32})

    assert (asked.status_code, sent.status_code) == (status, status)
    assert says in shown(asked).text
    assert "not counted" not in shown(asked).text
    assert rows_in(db, "response") == 0


@pytest.mark.parametrize("last_day", ["2026-04-20", "2026-05-01"])
def test_on_its_first_and_on_its_last_day_a_survey_takes_answers(
    client: FlaskClient, db: Session, clock: FixedClock, last_day: str
) -> None:
    day = date.fromisoformat(last_day)
    clock.day = day
    plan = Plan(opens_on=day, closes_on=day)

    assert Respondent(client, ask_about(db, plan).code).answer().status_code == 303


def test_a_survey_closed_after_the_page_was_served_takes_no_answer(
    respondent: Respondent, db: Session
) -> None:
    submission = respondent.scan().submission
    db.execute(update(Survey).values(state=CLOSED))
    db.commit()

    sent = respondent.send({**GOOD, "submission": submission}, "?lang=en")

    assert sent.status_code == 410
    assert "The form you sent just now was not counted." in shown(sent).text
    assert rows_in(db, "response") == rows_in(db, "receipt") == 0


def test_a_counted_form_repeated_after_the_close_gets_its_receipt(
    respondent: Respondent, clock: FixedClock
) -> None:
    form = {**GOOD, "submission": respondent.scan().submission}
    first = respondent.send(form)
    clock.day = date(2026, 6, 1)

    again = respondent.send(form, "?lang=en")

    page = shown(again)
    assert again.status_code == 200
    assert (first.location or "").removeprefix("/r/") in page.text
    assert "This form was counted before" in page.title
    assert "not counted, and the survey is over" in page.text
    assert page.all("form") == []


@pytest.mark.parametrize(
    ("wrong", "gap", "says"),
    [
        ({"solved": "perfect"}, ["solved"], "not one of the answers below"),
        ({"solved": ["good", "bad"]}, ["solved"], "Two answers arrived here"),
        ({"solved": "good", "salary": "1"}, [], "this survey does not ask"),
        ({}, ["solved"], "Choose one answer."),
    ],
    ids=["unknown-choice", "two-choices", "unknown-question", "missing"],
)
def test_a_form_with_a_flaw_comes_back_whole(
    respondent: Respondent, db: Session, wrong: object, gap: list[str], says: str
) -> None:
    submission = respondent.scan().submission
    form = {**HALF, **wrong, "submission": submission}  # type: ignore[dict-item]  # names and values

    sent = respondent.send(form, "?lang=en")

    page = shown(sent)
    assert sent.status_code == 422
    assert (page.gaps, says in page.text) == (gap, True)
    kept = {} if gap else {"solved": "good"}
    assert_still_there(page, submission, **kept)
    assert rows_in(db, "response") == 0


def test_a_comment_that_is_too_long_is_kept_to_be_shortened(
    respondent: Respondent,
) -> None:
    submission = respondent.scan().submission
    form = {**GOOD, "comment": "字" * 20_000, "submission": submission}

    sent = respondent.send(form, "?lang=en")

    page = shown(sent)
    assert sent.status_code == 422
    assert page.comment.strip() == "字" * 20_000
    assert "19700 characters too many; at most 300" in page.described(
        page.all("textarea")[0]
    )
    assert page.all("textarea")[0].get("autofocus") is not None
    assert (page.picked, page.submission) == (GOOD, submission)


@pytest.mark.parametrize(
    "comment",
    [b"ab%FFcd", b"ab\xffcd", b"%C2%FA%D2%E2", "满意".encode("gb18030"), b"%ED%A0%80"],
)
def test_bytes_that_are_no_text_spoil_the_comment_and_nothing_beside_it(
    respondent: Respondent, db: Session, comment: bytes
) -> None:
    submission = respondent.scan().submission
    rest = urlencode({**GOOD, "submission": submission}).encode()

    sent = respondent.client.post(
        f"/s/{respondent.code}?lang=en",
        data=b"comment=" + comment + b"&" + rest,
        content_type=FORM,
    )

    page = shown(sent)
    assert sent.status_code == 422
    assert "arrived damaged" in page.described(page.all("textarea")[0])
    assert "\ufffd" in page.comment
    assert (page.picked, page.submission) == (GOOD, submission)
    again = {**page.picked, "comment": page.comment, "submission": submission}
    assert respondent.send(again).status_code == 303
    assert rows_in(db, "comment") == 1


@pytest.mark.parametrize("wrong", [None, "", "0", "Z" * 32])
def test_without_its_submission_id_a_form_comes_back_with_a_new_one(
    respondent: Respondent, db: Session, wrong: str | None
) -> None:
    form = {**GOOD, **HALF, **({} if wrong is None else {"submission": wrong})}

    sent = respondent.send(form, "?lang=en")

    page = shown(sent)
    assert sent.status_code == 422
    assert "The page was not complete" in page.text
    assert_still_there(page, page.submission, solved="good")
    again = respondent.send({**form, "submission": page.submission})
    assert (again.status_code, rows_in(db, "response")) == (303, 1)


@pytest.mark.parametrize("length", ["announced", "unannounced"])
@pytest.mark.parametrize("redraw", [{}, {"redraw": "1"}], ids=["sent", "look"])
def test_of_an_absurdly_long_comment_the_beginning_comes_back_with_all_answers(
    respondent: Respondent, db: Session, length: str, redraw: dict[str, str]
) -> None:
    submission = respondent.scan().submission
    comment = "字" * LARGEST_ANSWER
    form = {**redraw, **GOOD, "comment": comment, "submission": submission}
    body = urlencode(form).encode()

    sent = respondent.client.post(
        f"/s/{respondent.code}?lang=en",
        input_stream=BytesIO(body),
        content_type=FORM,
        content_length=len(body) if length == "announced" else None,
        environ_overrides={"wsgi.input_terminated": length == "unannounced"},
    )

    page = shown(sent)
    assert sent.status_code == 413
    assert "only its beginning arrived" in page.described(page.all("textarea")[0])
    assert set(page.comment.strip()) == {"字"}
    assert page.picked == GOOD
    again = {**GOOD, "comment": "短", "submission": page.submission}
    assert respondent.send(again).status_code == 303


def test_an_unreadable_choice_is_no_choice_and_the_others_stay(
    respondent: Respondent,
) -> None:
    sent = respondent.client.post(
        f"/s/{respondent.code}", data=b"welcome=%FF&solved=bad", content_type=FORM
    )

    assert sent.status_code == 422
    assert (shown(sent).gaps, shown(sent).picked) == (["welcome"], {"solved": "bad"})


@ONE_DATABASE
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"welcome=good", "text/plain"),
        (b'{"welcome": "good"}', "application/json"),
        (b"", ""),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
        (b"&".join([b"a=1"] * 501), FORM),
    ],
)
def test_what_is_no_form_is_refused(
    respondent: Respondent, body: bytes, kind: str
) -> None:
    sent = respondent.client.post(
        f"/s/{respondent.code}?lang=en", data=body, content_type=kind
    )

    assert sent.status_code == 400
    assert "What was sent could not be read" in shown(sent).text


@ONE_DATABASE
@pytest.mark.parametrize("path", ["/nowhere", "/满意", "/a/b。"])
def test_an_unknown_address_is_a_plain_page(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?lang=en")

    assert answer.status_code == 404
    assert "There is no such page" in shown(answer).text
    assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]


@ONE_DATABASE
def test_another_method_is_a_plain_page(respondent: Respondent) -> None:
    answer = respondent.client.put(f"/s/{respondent.code}")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert shown(answer).all("h1")


def test_a_fault_of_ours_is_a_plain_page_without_detail(
    app: Flask, respondent: Respondent, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError(respondent.code)

    app.before_request(broken)

    answer = respondent.client.get(f"/s/{respondent.code}?lang=en")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in shown(answer).text
    assert "RuntimeError" in caplog.text
    assert respondent.code not in answer.text + caplog.text
