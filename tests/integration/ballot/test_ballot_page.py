"""The page of a ballot: several people on one page, and nothing of it ever lost."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.paper.ballot import read_answers, read_comment
from survey_app.ballot.sealing.envelope import unseal
from survey_app.ballot.tickets import NEW, USED
from survey_app.forms.ballot_form import PAD
from survey_app.settings import Settings
from tests.support.holder_keys import holder_keys, public_keys
from tests.support.open_box import Box, BoxPlan, Voter, open_box, with_questions
from tests.support.respondents import Shown, shown


def picked(page: Shown) -> dict[str, str]:
    """Return field → choice of every radio button that is pressed."""
    return {field: value.rstrip(PAD) for field, value in page.picked.items()}


def test_a_gap_brings_the_ballot_back_with_everything_in_it(
    voter: Voter, box: Box
) -> None:
    half = box.answers("bad")
    gap = half.popitem()[0]
    about = str(box.form.subject_ids[2])

    sent = voter.send({**half, "comment": "还在", "about": about}, "?lang=en")

    page = shown(sent)
    assert sent.status_code == 422
    assert picked(page) == half
    assert page.comment.strip() == "还在"
    assert [e.get("value") for e in page.all("option") if e.get("selected") == ""] == [
        about
    ]
    assert [a.get("href") for a in page.all("a") if "#" in (a.get("href") or "")] == [
        f"#f-{gap}"
    ]
    assert page.named("code")[0].get("value") == voter.code
    assert box.row(voter.code)[0] == NEW


def test_another_look_keeps_what_was_picked(voter: Voter, box: Box) -> None:
    half = dict(list(box.answers().items())[:2])

    sent = voter.send({**half, "comment": "还在", "redraw": "1"}, "?size=large")

    page = shown(sent)
    assert (sent.status_code, page.tree.get("class")) == (200, "large")
    assert (picked(page), page.comment.strip()) == (half, "还在")
    assert "flaw" not in sent.text.partition("<main>")[2].partition("</main>")[0]
    assert {b.get("formaction") for b in page.named("redraw")} == {
        "?lang=en&size=large",
        "?",
    }


def test_a_comment_must_say_whom_it_is_about(voter: Voter, box: Box) -> None:
    sent = voter.send({**box.answers(), "comment": "好"}, "?lang=en")

    page = shown(sent)
    assert sent.status_code == 422
    assert (
        page.described(page.named("about")[0]) == "Choose whom your comment is about."
    )


def test_somebody_named_without_a_comment_is_no_comment(voter: Voter, box: Box) -> None:
    voter.send({**box.answers(), "about": str(box.form.subject_ids[0])})

    read = unseal(box.row(voter.code)[2], holder_keys(), aad=box.form.aad)
    assert read_comment(box.form, read) is None


def test_a_ballot_for_one_asks_nobody_whom_a_comment_is_about(
    client: FlaskClient, db: Session, ballots: Engine, settings: Settings
) -> None:
    assert settings.secrets_folder is not None
    box = open_box(db, ballots, settings.secrets_folder, BoxPlan(people=()))
    voter = Voter(client, box.codes[0])

    assert shown(voter.open()).named("about") == []
    voter.send({**box.answers(), "comment": "好"})

    read = unseal(box.row(voter.code)[2], holder_keys(), aad=box.form.aad)
    assert read_comment(box.form, read) == (box.form.subject_ids[0], "好")


def test_the_one_question_is_asked_once_with_a_line_for_each_person(
    client: FlaskClient, db: Session, ballots: Engine, settings: Settings
) -> None:
    assert settings.secrets_folder is not None
    plan = BoxPlan(questionnaire=with_questions(1))
    box = open_box(db, ballots, settings.secrets_folder, plan)

    page = shown(Voter(client, box.codes[0]).open("?lang=en"))
    sent = Voter(client, box.codes[0]).send(box.answers(), "?lang=en")

    assert len(page.all("fieldset")) == len(page.all("table")) == 1
    assert [row.get("scope") for row in page.all("th")].count("row") == 3
    assert "3 of 3 李秀英 副镇长" in page.text
    assert box.row(box.codes[0])[0] == USED
    assert "Your ballot is in the box" in sent.text


def test_no_ballot_is_shorter_than_another_on_the_wire(voter: Voter, box: Box) -> None:
    page = shown(voter.open())

    lengths = {
        field: {len(radio.get("value") or "") for radio in page.named(field)}
        for field in box.answers()
    }

    assert all(len(found) == 1 for found in lengths.values())
    assert len({len(o.get("value") or "") for o in page.all("option")}) == 1


def test_what_the_page_offers_is_what_it_takes(voter: Voter, box: Box) -> None:
    page = shown(voter.open())
    offered = {
        field: page.named(field)[2].get("value") or "" for field in box.answers()
    }
    about = page.all("option")[2].get("value")

    sent = voter.send({**offered, "comment": "好", "about": about})

    opened = unseal(box.row(voter.code)[1], holder_keys(), aad=box.form.aad)
    picks = read_answers(box.form, opened).picks
    assert sent.status_code == 200
    assert {c for answers in picks.values() for c in answers.values()} == {"dont_know"}


@pytest.mark.parametrize("look", ["", "?lang=en"])
def test_the_promise_is_short_and_names_both_holders(voter: Voter, look: str) -> None:
    page = shown(voter.open(look))
    promise = next(e for e in page.all("div") if e.get("class") == "about promise")
    words = " ".join("".join(promise.itertext()).split())

    assert all(key.holder in words for key in public_keys())
    assert len(words.split()) <= 80
    assert len(words) <= (500 if look else 160)
