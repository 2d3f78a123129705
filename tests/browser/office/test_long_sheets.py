"""A unit's results take two sheets, however many questions its questionnaire has."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.database import main_engine_of, writing
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.tables import Survey
from tests.browser.conftest import OpenPage
from tests.support.cases import raise_in
from tests.support.office import MANAGER, bundle
from tests.support.server import Server, serving
from tests.support.small_county import QUESTIONNAIRE, add_counts, small_county

pytestmark = pytest.mark.browser
QUESTIONS = 14
SAID = "您对这个单位办理群众反映的问题（第%d类）的效率和态度是否满意？"


def asking_more() -> Questionnaire:
    """Return the questionnaire with fourteen questions of usual length."""
    (first, *_) = QUESTIONNAIRE.questions
    more = tuple(
        replace(
            first,
            key=first.key if number == 0 else f"more_{number}",
            text=Bilingual(SAID % number, f"Question {number} about what was done"),
        )
        for number in range(QUESTIONS)
    )
    return replace(QUESTIONNAIRE, questions=more)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Paper looks the same whatever the database."""
    file = tmp_path_factory.mktemp("sheets") / "survey.sqlite"
    with serving(f"sqlite:///{file}") as running:
        yield running


def test_fourteen_questions_take_two_sheets(
    server: Server, open_page: OpenPage, shoot: Callable[[Page, str], Path]
) -> None:
    engine = main_engine_of(server.settings)
    county, asked = small_county(engine), asking_more()
    with Session(writing(engine)) as session:
        survey = session.get_one(Survey, county.survey_id)
        survey.questionnaire = asked.to_json()
        survey.questionnaire_fingerprint = asked.fingerprint
        for place, question in enumerate(asked.questions):
            for group, good, bad in (("staff", 20, 14), ("residents", 40, 25)):
                told = {"good": good - place, "bad": bad + place}
                add_counts(
                    session, survey.id, county.subject_id, group, told,
                    question=question.key,
                )  # fmt: skip
        session.commit()
        password = make_account(session, "manager", roles=bundle(MANAGER))
    county.settle()
    raise_in(county)
    engine.dispose()
    page = open_page(1280, 800)
    page.goto(f"{server.url}/office/sign-in")
    page.fill("[name=username]", "manager")
    page.fill("[name=password]", password)
    page.click("main button")
    page.goto(
        f"{server.url}/office/surveys/{county.survey_id}/results/{county.subject_id}"
    )
    page.emulate_media(media="print")
    shoot(page, "paper")

    printed = page.pdf(prefer_css_page_size=True)

    assert page.locator(".drawing svg:visible").count() >= 3
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
