"""Requests no browser sends: declined plainly, never a fault of ours."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import ONE_DATABASE
from tests.support.office import MANAGER, desk
from tests.support.respondents import GOOD, Respondent, ask_about

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("page", ["surveys", "score-sheets", "channels"])
def test_a_number_no_row_can_have_is_an_unknown_address(
    app: Flask, db: Session, page: str
) -> None:
    sitting = desk(app, db, MANAGER)

    assert sitting.open(f"/{page}/{2**63}").status_code == 404


@ONE_DATABASE
@pytest.mark.parametrize(
    "back", ["/office/\r\nX: 1", "/office/\\evil", "//evil", "https://evil/office/"]
)
def test_a_way_back_stays_inside_the_office(app: Flask, db: Session, back: str) -> None:
    sitting = desk(app, db, MANAGER)

    sent = sitting.send("/language", back=back, language="en")

    assert sent.status_code == 303
    assert sent.location == "/office/"


@ONE_DATABASE
def test_a_body_cut_off_on_its_way_is_not_an_answer(
    client: FlaskClient, db: Session
) -> None:
    respondent = Respondent(client, ask_about(db).code)
    page = respondent.scan()
    form = "&".join(f"{k}={v}" for k, v in GOOD.items())
    body = f"submission={page.submission}&{form}&comment=cut"

    sent = client.post(
        f"/s/{respondent.code}",
        data=body,
        content_type=FORM,
        environ_overrides={"CONTENT_LENGTH": str(len(body) + 100)},
    )

    assert sent.status_code == 400


@ONE_DATABASE
@pytest.mark.parametrize("path", ["/office", "/office//surveys", "/s//x"])
def test_no_redirect_repeats_the_host_it_was_sent(
    client: FlaskClient, path: str
) -> None:
    sent = client.get(path, headers={"Host": "evil.example"})

    assert "evil.example" not in sent.headers.get("Location", "")
