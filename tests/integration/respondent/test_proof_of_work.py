"""Pages that ask for a proof of work: with one, without, and with one that is none."""

from collections import Counter
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.survey.proof_of_work import challenge_for
from survey_app.survey.responses import Response
from survey_app.survey.tables import REHEARSAL, Channel, Survey
from tests.conftest import ONE_DATABASE
from tests.support.proven import asked_in, found_for, let_ask
from tests.support.respondents import (
    GOOD,
    HALF,
    Asked,
    Plan,
    Respondent,
    ask_about,
    assert_still_there,
    shown,
)

PROVEN, UNPROVEN = True, False


@pytest.fixture
def asked(db: Session) -> Asked:
    """A survey whose page asks for a proof."""
    made = ask_about(db)
    let_ask(db, made.survey_id)
    return made


@pytest.fixture
def phone(client: FlaskClient, asked: Asked) -> Respondent:
    return Respondent(client, asked.code)


def counted(db: Session) -> Counter[bool]:
    """Return how many answers are counted with a proof, and without."""
    rows = db.execute(
        select(Channel.without_proof_of).join(
            Response, Response.channel_id == Channel.id
        )
    )
    found = Counter(beside is None for (beside,) in rows)
    db.rollback()
    return found


def form_of(phone: Respondent) -> dict[str, str]:
    """Return a form that is filled in, nothing looked for yet."""
    page = phone.scan()
    return {**GOOD, "submission": page.submission, "proof": asked_in(page)}


def proven(form: dict[str, str]) -> dict[str, str]:
    return {**form, "proof": found_for(form["proof"])}


def test_with_a_proof_it_counts_through_the_code(
    db: Session, phone: Respondent
) -> None:
    assert phone.send(proven(form_of(phone))).status_code == 303
    assert counted(db) == {PROVEN: 1}


@pytest.mark.parametrize("left", ["as it was", "out"])
def test_without_one_it_counts_beside_it(
    db: Session, phone: Respondent, left: str
) -> None:
    form = form_of(phone)
    if left == "out":
        del form["proof"]

    assert phone.send(form).status_code == 303
    assert counted(db) == {UNPROVEN: 1}


def test_a_proof_counts_once_whatever_comes_with_it(
    db: Session, phone: Respondent
) -> None:
    form = proven(form_of(phone))
    phone.send(form)

    again = phone.send({**form, "welcome": "bad"})
    without = phone.send({**form, "proof": ""})

    assert [again.status_code, without.status_code] == [200, 200]
    assert counted(db) == {PROVEN: 1}


def test_a_proof_of_one_page_is_none_of_another(db: Session, phone: Respondent) -> None:
    spent, form = proven(form_of(phone)), form_of(phone)

    sent = phone.send({**form, "proof": spent["proof"]})

    assert sent.status_code == 422
    assert counted(db) == {}


def test_a_proof_is_good_at_no_other_code(
    client: FlaskClient, db: Session, phone: Respondent
) -> None:
    other = ask_about(db)
    let_ask(db, other.survey_id)
    there = Respondent(client, other.code)

    moved = there.send(proven(form_of(phone)))

    assert moved.status_code == 422
    assert counted(db) == {}
    page = shown(moved)
    fresh = {**page.picked, "submission": page.submission, "proof": asked_in(page)}
    assert there.send(proven(fresh)).status_code == 303


def test_an_old_one_brings_the_page_back_with_everything_and_another_challenge(
    db: Session, asked: Asked, phone: Respondent
) -> None:
    form = {**form_of(phone), "comment": HALF["comment"]}
    key = asked.key.encode()
    old = found_for(challenge_for(form["submission"], key, life=-1))

    sent = phone.send({**form, "proof": old})

    page = shown(sent)
    assert sent.status_code == 422
    assert_still_there(page, form["submission"], **GOOD)
    (field,) = page.named("proof")
    assert field.get("data-again") is not None
    renewed = {**form, "proof": found_for(asked_in(page))}
    assert phone.send(renewed).status_code == 303
    assert counted(db) == {PROVEN: 1}


def test_a_page_that_comes_back_for_a_gap_keeps_its_proof(phone: Respondent) -> None:
    form = proven(form_of(phone))
    del form["solved"]

    page = shown(phone.send(form))

    assert asked_in(page) == form["proof"]
    assert page.named("proof")[0].get("data-again") is None


def test_another_look_keeps_what_was_found(phone: Respondent) -> None:
    form = proven(form_of(phone))

    page = shown(phone.send({**form, "redraw": "1"}, look="?lang=en"))

    assert asked_in(page) == form["proof"]


def test_only_pages_that_ask_carry_the_script_and_allow_it(
    client: FlaskClient, db: Session, phone: Respondent
) -> None:
    plain = client.get(f"/s/{ask_about(db).code}")
    asking = client.get(f"/s/{phone.code}")

    assert "deriveBits" not in plain.text
    assert "deriveBits" in asking.text
    policies = [one.headers["Content-Security-Policy"] for one in (plain, asking)]
    assert [one.split(";")[1].count("sha256") for one in policies] == [4, 5]
    back = client.post(f"/s/{phone.code}", data={"welcome": "good"})
    assert back.headers["Content-Security-Policy"] == policies[1]


def test_it_can_be_switched_off_again(
    db: Session, asked: Asked, phone: Respondent
) -> None:
    phone.send(form_of(phone))
    form = form_of(phone)
    let_ask(db, asked.survey_id, asked=False)
    phone.client.application.extensions["survey_respondent"].channels.forget()

    assert phone.scan().named("proof") == []
    assert phone.send(form).status_code == 303
    assert counted(db) == {PROVEN: 1, UNPROVEN: 1}


def test_nothing_leads_to_the_channel_beside_it(
    client: FlaskClient, db: Session, asked: Asked
) -> None:
    code = db.scalars(
        select(Channel.code).where(Channel.without_proof_of == asked.channel_id)
    ).one()
    db.rollback()

    assert client.get(f"/s/{code}").status_code == 404


@ONE_DATABASE
def test_a_slip_needs_no_proof(client: FlaskClient, db: Session) -> None:
    made = ask_about(db)
    let_ask(db, made.survey_id)
    db.execute(update(Channel).values(kind=ChannelKind.TABLET))
    db.commit()
    tablet = Respondent(client, made.code)
    assert tablet.scan().named("proof")
    db.execute(update(Channel).values(kind=ChannelKind.SLIPS))
    db.execute(update(Survey).values(changes=Survey.changes + 1))
    db.commit()
    client.application.extensions["survey_respondent"].channels.forget()

    found = client.application.extensions["survey_respondent"].channels.find(made.code)

    assert not found.asks_proof


def test_a_rehearsal_tries_it(client: FlaskClient, db: Session) -> None:
    made = ask_about(db, replace(Plan(), state=REHEARSAL))
    db.execute(update(Survey).values(asks_proof=True))
    db.commit()
    phone = Respondent(client, made.code)
    form = {**form_of(phone), "rehearsal": "1"}

    assert phone.send(form).status_code == 303
    assert phone.send({**proven(form_of(phone)), "rehearsal": "1"}).status_code == 303
    assert counted(db) == {PROVEN: 2}
