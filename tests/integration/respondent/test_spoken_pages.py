"""Whoever answers meets every page in his language: wholly, or in Chinese."""

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from survey_app.domain.questionnaire.tongues import OWN_NAMES, TONGUES
from survey_app.survey.tables import CLOSED, DRAFT, REHEARSAL, VOID, Survey
from tests.support.respondents import Plan, Respondent, Shown, ask_about, shown
from tests.support.tongues import MARKS, PLAIN, REAL, in_tongues, translated

GOOD = {"welcome": "good", "solved": "bad"}
STRANGE = re.compile(r"[A-Za-z\u4e00-\u9fff]")
"""Letters that none of the four languages is written in."""
NAMES = {"青山镇", "群众满意度调查", "某县"}


@pytest.fixture(params=sorted(MARKS))
def phone(request: pytest.FixtureRequest, client: FlaskClient, db: Session) -> "Phone":
    """Somebody who asks for one of the languages."""
    asked = ask_about(db, Plan(questionnaire=in_tongues()))
    return Phone(client, asked.code, request.param, asked.survey_id)


class Phone:
    """A respondent and the language of his page."""

    def __init__(
        self, client: FlaskClient, code: str, language: str, survey_id: int
    ) -> None:
        self.respondent = Respondent(client, code)
        self.look = f"?lang={language}"
        self.language = language
        self.survey_id = survey_id
        self.client = client

    def scan(self) -> Shown:
        return self.respondent.scan(self.look)

    def send(self, **answers: str) -> Shown:
        sent = self.respondent.send({**GOOD, **answers}, self.look)
        if sent.status_code == 303:
            sent = self.client.get(sent.location)
        return shown(sent)

    def in_state(self, db: Session, state: str) -> None:
        of_it = update(Survey).where(Survey.id == self.survey_id)
        db.execute(of_it.values(state=state))
        db.commit()
        self.client.application.extensions["survey_respondent"].channels.forget()


def read_aloud(page: Shown) -> Iterator[str]:
    """Yield all a person reads or hears but names and links to other languages."""
    yield from _texts(page.tree)


def _texts(element: Element) -> Iterator[str]:
    name = element.get("lang") if element.tag in ("a", "button", "p") else None
    if element.tag in ("style", "script") or name:
        return
    for told in ("aria-label", "placeholder", "title", "data-says"):
        yield element.get(told, "")
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


def foreign(page: Shown) -> set[str]:
    """Return what on the page is neither a name nor in its language."""
    found = {" ".join(text.split()) for text in read_aloud(page)}
    return {one for one in found - NAMES if STRANGE.search(one)}


def assert_whole(page: Shown, language: str) -> None:
    html = next(page.tree.iter("html"))
    tongue = TONGUES[language]
    assert html.get("lang") == language
    assert (html.get("dir") == "rtl") == tongue.from_right
    assert ("down" in (html.get("class") or "")) == tongue.is_vertical
    if language != "mn-Cyrl":
        receipt = {one for one in foreign(page) if re.fullmatch(r"[0-9A-Z-]{19}", one)}
        assert foreign(page) - receipt == set()


def test_questions_flaws_thanks_and_repeats_are_in_the_language(phone: Phone) -> None:
    page = phone.scan()
    assert REAL[phone.language]["questions.welcome.text"] in page.text
    assert_whole(page, phone.language)

    missing = phone.send(solved="", submission=page.submission, comment="1" * 5000)
    assert_whole(missing, phone.language)
    assert missing.gaps == ["solved"]

    thanks = phone.send(submission=page.submission)
    assert_whole(thanks, phone.language)
    again = phone.send(submission=page.submission, solved="")
    assert_whole(again, phone.language)


@pytest.mark.parametrize("state", [CLOSED, DRAFT, VOID, REHEARSAL])
def test_a_page_that_takes_no_answer_says_so_in_the_language(
    phone: Phone, db: Session, state: str
) -> None:
    submission = phone.scan().submission
    phone.in_state(db, state)

    assert_whole(phone.scan(), phone.language)
    assert_whole(phone.send(submission=submission), phone.language)


def test_the_chooser_offers_every_language_by_its_own_name(
    client: FlaskClient, db: Session
) -> None:
    code = ask_about(db, Plan(questionnaire=in_tongues())).code

    page = Respondent(client, code).scan("?lang=ug")

    offered = [b.text for b in page.all("button") if b.get("name") == "redraw"]
    names = [*OWN_NAMES.values(), *(TONGUES[one].name for one in MARKS if one != "ug")]
    assert [one for one in offered if one in names] == names
    plain = Respondent(client, ask_about(db, Plan(questionnaire=PLAIN)).code).scan()
    assert [b.text for b in plain.all("button") if b.get("lang")] == ["English"]


def test_a_language_the_questionnaire_lacks_is_chinese(
    client: FlaskClient, db: Session
) -> None:
    some = replace(PLAIN, translations=(translated(PLAIN, "bo"),))
    phone = Respondent(client, ask_about(db, Plan(questionnaire=some)).code)

    for look in ("?lang=ug", "?lang=xx", "?lang=mn-Mong", "?lang=../..", ""):
        page = phone.scan(look)
        html = next(page.tree.iter("html"))
        assert html.get("lang") == "zh-CN", look
        assert "lang=ug" not in "".join(
            b.get("formaction", "") for b in page.all("button")
        )


def test_a_page_in_two_languages_costs_what_it_did(app: Flask, db: Session) -> None:
    """Nothing of other languages is sent to whoever reads Chinese."""
    client = app.test_client()
    plain = ask_about(db, Plan(questionnaire=PLAIN)).code
    more = ask_about(db, Plan(questionnaire=in_tongues())).code

    sizes = [len(client.get(f"/s/{code}").data) for code in (plain, more)]

    assert sizes[1] - sizes[0] < 700, "only the names of the languages"
