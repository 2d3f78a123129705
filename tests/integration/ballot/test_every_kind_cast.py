"""A ballot with every kind of question, through its page and into the box."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.paper.ballot import WHOLE, read_answers, read_texts
from survey_app.ballot.sealing.envelope import unseal
from survey_app.ballot.tickets import NEW, USED
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.settings import Settings
from tests.support.every_kind import EVERY_KIND
from tests.support.holder_keys import holder_keys
from tests.support.open_box import Box, BoxPlan, Voter, open_box
from tests.support.respondents import Shown, shown

ASKED = read_questionnaire(EVERY_KIND, file="every.toml")
PAD = "."


@pytest.fixture
def box(db: Session, ballots: Engine, settings: Settings) -> Box:
    assert settings.secrets_folder is not None
    plan = BoxPlan(people=("王建国",), questionnaire=ASKED)
    return open_box(db, ballots, settings.secrets_folder, plan)


@pytest.fixture
def voter(client: FlaskClient, box: Box) -> Voter:
    return Voter(client, box.codes[0])


def fresh(page: Shown) -> dict[str, str]:
    """Return what a page sends as it came: buttons pressed and fields empty."""
    found = dict(page.picked)
    for one in (*page.all("input"), *page.all("textarea")):
        if one.get("type") is None and one.get("name") != "code":
            found[one.get("name") or ""] = one.get("value") or ""
    return found


def filled(box: Box, page: Shown) -> dict[str, str]:
    """Return a whole ballot: bad, and why, about the first, good about the other."""
    first, second = box.form.subject_ids
    return fresh(page) | {
        f"{first}.overall": "bad", f"{first}.why": "等得太久", f"{first}.score": "60",
        f"{first}.ways.desk": "ticked", f"{first}.window": "north",
        f"{second}.overall": "good",
    }  # fmt: skip


def test_every_kind_is_sealed_as_it_was_answered(voter: Voter, box: Box) -> None:
    first, second = box.form.subject_ids
    page = shown(voter.open())

    sent = voter.send({**filled(box, page), "comment": "都好", "about": "0"})

    assert sent.status_code == 200
    state, answers, texts = box.row(voter.code)
    assert state == USED
    found = read_answers(
        box.form, unseal(answers, holder_keys(), aad=box.form.aad)
    ).picks
    assert found[first] == {
        "overall": "bad", "window": "north", "ways": "answered",
        "ways.phone": "unticked", "ways.desk": "ticked", "ways.post": "unticked",
        "score": "60", "why": "answered",
    }  # fmt: skip
    assert found[second]["why"] == "not_asked"
    assert found[second]["ways"] == found[second]["score"] == "blank"
    read = read_texts(box.form, unseal(texts, holder_keys(), aad=box.form.aad))
    assert read == ((first, "why", "等得太久"), (WHOLE, "", "都好"))


def test_nothing_that_is_picked_is_shorter_on_the_wire(voter: Voter, box: Box) -> None:
    page = shown(voter.open())
    radios = {r.get("name") for r in page.all("input") if r.get("type") == "radio"}

    for name in radios:
        lengths = {len(one.get("value") or "") for one in page.named(name or "")}
        assert len(lengths) == 1, name
    must = {f"{subject}.overall" for subject in box.form.subject_ids}
    assert radios - page.picked.keys() == must, (
        "all others say something from the start"
    )


def test_a_gap_brings_everything_back(voter: Voter, box: Box) -> None:
    first, second = box.form.subject_ids
    form = filled(box, shown(voter.open())) | {
        f"{first}.why": "", f"{first}.score": "八十", f"{second}.why": "没有问",
    }  # fmt: skip

    sent = voter.send(form, "?lang=en")

    page = shown(sent)
    assert sent.status_code == 422
    assert box.row(voter.code)[0] == NEW
    for field in (f"{first}.why", f"{first}.score", f"{second}.why"):
        assert f'id="e-{field}"' in sent.text
    assert page.named(f"{first}.score")[0].get("value") == "八十"
    assert "没有问" not in sent.text, "taken out, and the page says so"
    ticked = {f: v.rstrip(PAD) for f, v in page.picked.items() if ".ways." in f}
    assert [f for f, v in ticked.items() if v == "ticked"] == [f"{first}.ways.desk"]
    assert "history.replaceState(null" in sent.text


def test_what_stays_open_where_it_may_not_is_a_gap(voter: Voter, box: Box) -> None:
    first = box.form.subject_ids[0]
    form = filled(box, shown(voter.open())) | {
        f"{first}.overall": "", f"{first}.ways.phone": "perhaps",
    }  # fmt: skip

    sent = voter.send(form)

    assert sent.status_code == 422
    assert f'id="e-{first}.overall"' in sent.text
    assert f'id="e-{first}.ways"' in sent.text
