"""A form that breaks a ballot rule is refused before it is sent, and nothing is lost.

What a browser without script meets; tests/browser/survey has one with.
"""

import logging
from dataclasses import replace
from fractions import Fraction

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from survey_app.ballot.tickets import NEW, USED
from survey_app.domain.ground.stated import assumed
from survey_app.domain.questionnaire.ballot_rules import BallotRule, Over
from survey_app.settings import Settings
from survey_app.survey.responses import Response
from survey_app.survey.tables import REHEARSAL
from tests.support.open_box import Box, BoxPlan, Voter, open_box, with_questions
from tests.support.respondents import GOOD, Plan, Respondent, Shown, ask_about, shown

ONE_GOOD = BallotRule("at-most", ("good",), assumed(1))
THIRD_GOOD = BallotRule("at-most", ("good",), share=assumed(Fraction(1, 3)))
"""Of the six marks about three, two."""
NEVER_ALIKE = BallotRule("not-all-equal", over=Over.SUBJECT)
SOME_BAD = BallotRule("at-least", ("bad",), assumed(1), questions=("solved",))
MENDED = {"welcome": "good", "solved": "bad"}


@pytest.fixture
def respondent(client: FlaskClient, db: Session) -> Respondent:
    rules = (ONE_GOOD, SOME_BAD)
    return Respondent(client, ask_about(db, Plan(rules=rules)).code)


@pytest.fixture
def box(db: Session, ballots: Engine, settings: Settings) -> Box:
    assert settings.secrets_folder is not None
    plan = BoxPlan(rules=(THIRD_GOOD, NEVER_ALIKE))
    return open_box(db, ballots, settings.secrets_folder, plan)


def rules_on(page: Shown) -> list[str]:
    """Return what the page says of each rule, with what is wrong with it."""
    listed = [e for e in page.all("li") if e.get("data-rule")]
    return [" ".join("".join(e.itertext()).split()) for e in listed]


def links_on(page: Shown) -> list[tuple[str, str]]:
    """Return (where to, what it says) of the links to places of the page."""
    return [
        (where, "".join(link.itertext()))
        for link in page.all("a")
        if (where := link.get("href") or "").startswith("#")
    ]


def kept(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(Response)) or 0


def test_rules_stand_before_the_questions_in_both_languages(
    respondent: Respondent,
) -> None:
    page, english = respondent.scan(), respondent.scan("?lang=en")

    assert rules_on(english) == [
        "On this form: at most 1 of the answers may be “Satisfied”.",
        "On this form, for “Result”: at least 1 of the answers must be “Dissatisfied”, "
        "unless nothing is rated.",
    ]
    assert rules_on(page)[0] == "本表：选“满意”的最多 1 项。"
    assert page.text.index("最多 1 项") < page.text.index("第 1 题")


def test_a_survey_without_rules_has_nothing_of_them(
    client: FlaskClient, db: Session
) -> None:
    plain = client.get(f"/s/{ask_about(db).code}").text

    assert "data-rule" not in plain
    assert plain.count("<script>") == 2


def test_a_broken_rule_brings_the_form_back_with_everything_in_it(
    respondent: Respondent, db: Session
) -> None:
    submission = respondent.scan().submission
    sent = respondent.send(
        {**GOOD, "comment": "还在", "submission": submission}, "?lang=en"
    )

    page = shown(sent)
    assert sent.status_code == 422
    assert (page.picked, page.comment.strip()) == (GOOD, "还在")
    assert page.submission == submission
    says = (
        "Answers that are “Satisfied”: 2; at most 1 may be. Change 1 of them or more."
    )
    assert links_on(page) == [
        ("#f-rule-0", says),
        (
            "#f-rule-1",
            "Answers that are “Dissatisfied”: 0; at least 1 must be. Change 1 of the "
            "others or more.",
        ),
    ]
    assert rules_on(page)[0].endswith(says)
    focused = [e.get("id") for e in page.tree.iter() if e.get("autofocus") is not None]
    assert focused == ["f-rule-0"]
    assert kept(db) == 0


def test_a_refused_form_uses_up_no_allowance_and_counts_once_mended(
    app: Flask, db: Session
) -> None:
    respondent = Respondent(
        app.test_client(), ask_about(db, Plan(rules=(ONE_GOOD,))).code
    )
    app.extensions["survey_respondent"].flood._per_minute = 1
    form = {**GOOD, "submission": respondent.scan().submission}
    for _ in range(3):
        assert respondent.send(form).status_code == 422

    assert respondent.send({**form, **MENDED}).status_code == 303
    assert kept(db) == 1


def test_gaps_and_broken_rules_are_told_together(respondent: Respondent) -> None:
    sent = respondent.send(
        {"solved": "good", "submission": respondent.scan().submission}
    )

    assert [where for where, _ in links_on(shown(sent))] == ["#f-rule-1", "#f-welcome"]


def test_what_is_not_answered_yet_breaks_no_rule(respondent: Respondent) -> None:
    sent = respondent.send(
        {"welcome": "good", "submission": respondent.scan().submission}
    )

    assert [where for where, _ in links_on(shown(sent))] == ["#f-solved"]


def test_another_look_is_no_sending(respondent: Respondent) -> None:
    again = respondent.send(
        {**GOOD, "submission": respondent.scan().submission, "redraw": "1"}
    )

    assert again.status_code == 200
    assert not links_on(shown(again))


def test_a_rehearsal_obeys_the_same_rules(client: FlaskClient, db: Session) -> None:
    plan = Plan(rules=(ONE_GOOD,), state=REHEARSAL)
    rehearsing = Respondent(client, ask_about(db, plan).code)

    assert rehearsing.answer(rehearsal="1").status_code == 422
    assert rehearsing.answer(rehearsal="1", **MENDED).status_code == 303


def test_a_ballot_that_breaks_a_rule_leaves_its_ticket_unspent(
    client: FlaskClient, box: Box, caplog: pytest.LogCaptureFixture
) -> None:
    voter, before = Voter(client, box.codes[0]), box.rows()
    about = str(box.form.subject_ids[1])
    caplog.set_level(logging.DEBUG)
    sent = voter.send({**box.answers(), "comment": "还在", "about": about}, "?lang=en")

    page = shown(sent)
    assert sent.status_code == 422
    assert {field: pick.rstrip(".") for field, pick in page.picked.items()} == (
        box.answers()
    )
    assert page.comment.strip() == "还在"
    assert (box.rows(), box.row(voter.code)[0]) == (before, NEW)
    assert "receipt tracker" not in sent.text
    assert links_on(page)[0] == (
        "#f-rule-0",
        "Answers that are “Satisfied”: 6; at most 2 may be. Change 4 of them or more.",
    )
    assert (
        "#f-rule-2",
        "王建国: All ratings are the same. Change 1 of them or more.",
    ) in (links_on(page))
    assert not any("good" in line or "rule" in line for line in caplog.messages)


def test_a_mended_ballot_is_cast(client: FlaskClient, box: Box) -> None:
    voter = Voter(client, box.codes[0])
    assert voter.send(box.answers()).status_code == 422
    fields = box.answers("bad")
    fields |= {f"{subject}.solved": "dont_know" for subject in box.form.subject_ids}

    assert "receipt tracker" in voter.send(fields).text
    assert box.row(voter.code)[0] == USED


def test_the_length_of_a_page_tells_no_rule(client: FlaskClient, box: Box) -> None:
    voter, half = Voter(client, box.codes[0]), box.answers("bad")
    gap = dict(list(half.items())[1:])
    few = box.answers("dont_know") | dict(list(box.answers().items())[:3])

    pages = [
        voter.send(fields)
        for fields in (box.answers(), half, gap, few, {**half, "redraw": "1"})
    ]
    assert [page.status_code for page in pages] == [422, 422, 422, 422, 200]
    assert len({len(page.data) for page in pages}) == 1


def test_rules_about_each_person_stand_with_that_person(
    client: FlaskClient, box: Box
) -> None:
    page = shown(Voter(client, box.codes[0]).open("?lang=en"))

    whole, *each = rules_on(page)
    assert whole == (
        "On the whole form: at most 2 of the 6 answers may be “Satisfied” (1/3, "
        "rounded down)."
    )
    assert each == ["For each of those rated: not all ratings may be the same."] * 3
    for sheet in [e for e in page.all("fieldset") if e.get("class") == "sheet"]:
        (rule,) = [e for e in sheet.iter("li") if e.get("data-rule")]
        subject = sheet.get("id", "").removeprefix("s-")
        assert f'"subject": "{subject}"' in (rule.get("data-rule") or "")


def test_one_question_about_several_keeps_the_rules_together(
    client: FlaskClient, db: Session, ballots: Engine, settings: Settings
) -> None:
    assert settings.secrets_folder is not None
    each = BallotRule("at-least", ("bad",), assumed(1), over=Over.SUBJECT)
    share = replace(THIRD_GOOD, share=assumed(Fraction(3, 10)))
    plan = BoxPlan(questionnaire=with_questions(1), rules=(share, each))
    box = open_box(db, ballots, settings.secrets_folder, plan)
    page = shown(Voter(client, box.codes[0]).open("?lang=en"))

    assert rules_on(page)[0] == (
        "On the whole form: at most one of the 3 answers may be “Satisfied” "
        "(30 % would be less than one; one always may)."
    )
    assert rules_on(page)[2].startswith("王建国: For each of those rated: at least 1")


def test_a_rule_nobody_can_break_is_not_mentioned(
    client: FlaskClient, db: Session
) -> None:
    many = BallotRule("at-most", ("good",), assumed(2))
    code = ask_about(db, Plan(rules=(many,))).code

    assert "data-rule" not in client.get(f"/s/{code}").text
