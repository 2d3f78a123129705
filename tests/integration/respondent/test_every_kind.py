"""A questionnaire with all kinds is answered through the front door, and counted."""

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from survey_app.domain.questionnaire.answer_text import AnswerText
from survey_app.domain.questionnaire.questionnaire import ANSWERED, BLANK, NOT_ASKED
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.survey.recount import count_answers
from tests.support.every_kind import EVERY_KIND
from tests.support.respondents import Asked, Plan, Respondent, ask_about

ASKED = read_questionnaire(EVERY_KIND, file="every.toml")
WHOLE = {
    "overall": "bad", "window": "south", "ways": ["phone", "post"], "score": "085",
    "why": "等得太久", "comment": "谢谢",
}  # fmt: skip


@pytest.fixture
def asked(db: Session) -> Asked:
    return ask_about(db, Plan(questionnaire=ASKED))


@pytest.fixture
def respondent(client: FlaskClient, asked: Asked) -> Respondent:
    return Respondent(client, asked.code)


def form(respondent: Respondent, **changed: object) -> dict[str, object]:
    """What is sent with the submission of a page just served."""
    sent = {**WHOLE, **changed, "submission": respondent.scan().submission}
    return {key: value for key, value in sent.items() if value is not None}


def test_every_kind_is_kept_and_counted(
    respondent: Respondent, db: Session, asked: Asked
) -> None:
    less = form(respondent, overall="good", window=None, ways=None, score="", why="")
    assert respondent.send(form(respondent)).status_code == 303
    assert respondent.send(less | {"comment": ""}).status_code == 303

    picked = count_answers(db, asked.survey_id).picked
    subject = asked.subject_ids[0]
    told = {(q, c): n for (s, _, q, c), n in picked.items() if s == subject}
    assert told == {
        ("overall", "bad"): 1, ("overall", "good"): 1,
        ("window", "south"): 1, ("window", BLANK): 1,
        ("ways", "phone"): 1, ("ways", "post"): 1, ("ways", ANSWERED): 1,
        ("ways", BLANK): 1, ("score", "85"): 1, ("score", BLANK): 1,
        ("why", ANSWERED): 1, ("why", NOT_ASKED): 1,
    }  # fmt: skip
    rows = db.execute(text("SELECT question, text, id FROM comment")).all()
    assert sorted(row[:2] for row in rows) == [("", "谢谢"), ("why", "等得太久")]
    length = AnswerText.of(ASKED).length
    kept = db.scalars(text("SELECT answers FROM response")).all()
    assert {len(one) for one in kept} == {length}
    assert "等得太久" not in json.dumps(kept, ensure_ascii=False)


def test_what_is_not_asked_comes_back_with_a_word_and_is_not_kept(
    respondent: Respondent, db: Session
) -> None:
    sent = form(respondent, overall="good")
    page = respondent.send(sent)

    assert page.status_code == 422
    assert 'id="e-why"' in page.text
    assert "等得太久" not in page.text, "taken out, and the page says so"
    assert respondent.send(sent | {"why": ""}).status_code == 303
    assert db.scalar(text("SELECT count(*) FROM response")) == 1
    assert db.scalars(text("SELECT question FROM comment")).all() == [""]


@pytest.mark.parametrize(
    ("changed", "flawed"),
    [
        ({"overall": None}, ["overall", "why"]),
        ({"window": "west"}, ["window"]),
        ({"score": "101"}, ["score"]),
        ({"why": " "}, ["why"]),
        ({"why": "长" * 301}, ["why"]),
        ({"other": "x"}, [""]),
    ],
)
def test_a_gap_of_any_kind_brings_the_page_back_as_it_was_filled_in(
    respondent: Respondent, changed: dict[str, object], flawed: list[str]
) -> None:
    page = respondent.send(form(respondent, **changed))

    assert page.status_code == 422
    assert [one for one in flawed if one and f'id="e-{one}"' not in page.text] == []
    assert page.text.count(" checked") == 4 - (changed.keys() == {"overall"}) - (
        changed.keys() == {"window"}
    )
    for value in ("085", "等得太久", "谢谢"):
        field = next(k for k, v in WHOLE.items() if v == value)
        assert field in {*changed, *flawed} or value in page.text
    assert "history.replaceState" in page.text


@pytest.mark.parametrize("look", ["", "?lang=en"])
def test_the_page_says_sections_and_of_whom_what_is_asked(
    client: FlaskClient, asked: Asked, look: str
) -> None:
    page = client.get(f"/s/{asked.code}{look}").text

    for said in (
        ("All in all", "Details", "As it was.", "What else?", "“Bad” to question 1")
        if look
        else ("细节", "请如实填写。", "还想说什么？", "“差”")
    ):
        assert said in page
    assert 'inputmode="numeric"' in page
    assert 'data-if="overall" data-choices="bad"' in page
