"""A ballot is cast in the language of its questionnaire: wholly, or in Chinese."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.settings import Settings
from tests.conftest import ONE_DATABASE
from tests.support.open_box import Box, BoxPlan, Voter, open_box
from tests.support.respondents import Shown, shown
from tests.support.tongues import PLAIN, REAL, in_tongues, translated

HAN = re.compile(r"[\u4e00-\u9fff]+")
NAMES = {
    "示范县", "王建国", "李秀英", "领导干部民主测评", "青山镇", "镇长", "副镇长",
    "县委组织部", "县纪委监委", "组织部", "纪委", "纪检监察机关",
}  # fmt: skip


def opened(
    db: Session, ballots: Engine, settings: Settings, asked: Questionnaire
) -> Box:
    plan = BoxPlan(questionnaire=asked)
    assert settings.secrets_folder is not None
    return open_box(db, ballots, settings.secrets_folder, plan)


def lang(page: Shown) -> str:
    return next(page.tree.iter("html")).get("lang") or ""


def chinese(page: Shown) -> set[str]:
    """Return what the page says in Chinese letters, but for names."""
    main = next(page.tree.iter("main"))
    return set(HAN.findall("".join(main.itertext()))) - NAMES


@ONE_DATABASE
@pytest.mark.parametrize("language", ["bo", "mn-Mong", "ug"])
def test_a_ballot_and_its_receipt_are_in_the_language(
    db: Session, ballots: Engine, settings: Settings, client: FlaskClient, language: str
) -> None:
    box = opened(db, ballots, settings, in_tongues())
    voter, look = Voter(client, box.codes[0]), f"?lang={language}"

    page = shown(voter.open(look))
    assert lang(page) == language
    assert REAL[language]["questions.welcome.text"] in page.text
    assert chinese(page) == set()
    half = dict(list(box.answers().items())[:1])
    assert chinese(shown(voter.send(half, look))) == set()

    nonce = page.named("page")[0].get("value")
    cast = voter.send({**box.answers(), "page": nonce}, look)
    assert (cast.status_code, lang(shown(cast))) == (200, language)
    assert chinese(shown(cast)) == set()
    again = shown(voter.send({**box.answers(), "page": nonce}, look))
    assert (lang(again), chinese(again)) == (language, set())


@ONE_DATABASE
def test_a_ballot_whose_own_words_are_in_two_languages_is_in_these(
    db: Session, ballots: Engine, settings: Settings, client: FlaskClient
) -> None:
    open_only = replace(PLAIN, translations=(translated(PLAIN, "bo", ballot=False),))
    box = opened(db, ballots, settings, open_only)
    assert lang(shown(Voter(client, box.codes[0]).open("?lang=bo"))) == "zh-CN"
