"""Who is taken out of an open ballot is asked about no more, and counts nowhere."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.audit.integrity import findings
from survey_app.ballot.close_ballot import close_ballot
from survey_app.ballot.closed_box import names_of
from survey_app.ballot.decryption_verbs import decrypt_here
from survey_app.ballot.paper.ballot import Ballot
from survey_app.ballot.running_box import running
from survey_app.ballot.tickets import USED
from survey_app.domain.ground.mistake_refusals import LastSubject
from survey_app.domain.ground.refusals import BoxNotReady
from survey_app.domain.questionnaire.ballot_rules import BallotRule, Over
from survey_app.settings import Settings
from survey_app.survey.counters import ChoiceCount
from survey_app.survey.responses import Comment
from survey_app.survey.settled_plan import plan_of
from survey_app.survey.take_out import ask_to_take_out, grant_taking_out
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.holder_keys import holder_keys
from tests.support.office import desk
from tests.support.open_box import Box, BoxPlan, Voter, open_box
from tests.support.posted_papers import recounted_as_posted
from tests.support.respondents import shown
from tests.support.secret_ballots import FIRST, SECOND, confirmed
from tests.support.secret_county import QUESTIONNAIRE, secret_county
from tests.support.small_county import MAY_1

ASKED = [question.key for question in QUESTIONNAIRE.questions]
Paper = tuple[StandingBox, int, int]
NEVER_ALIKE = BallotRule("not-all-equal", over=Over.SUBJECT)


def take_out(db: Session, ballots: Engine, survey_id: int, subject_id: int) -> None:
    confirmed(db, FIRST, SECOND)
    about: dict[str, Any] = {
        "subject_id": subject_id,
        "today": MAY_1,
        "ready": running(ballots),
    }
    ask_to_take_out(db, survey_id, reason="调离", account=FIRST, **about)
    grant_taking_out(db, survey_id, account=SECOND, **about)


@pytest.fixture
def box(db: Session, ballots: Engine, settings: Settings) -> Box:
    assert settings.secrets_folder is not None
    plan = BoxPlan(rules=(NEVER_ALIKE,))
    return open_box(db, ballots, settings.secrets_folder, plan)


def test_the_page_asks_about_the_others_and_the_ballot_is_taken(
    client: FlaskClient, db: Session, box: Box
) -> None:
    gone = box.form.subject_ids[-1]
    voter = Voter(client, box.codes[0])
    everything = box.answers() | {
        f"{one}.solved": "bad" for one in box.form.subject_ids
    }
    take_out(db, box.ballots, box.form.survey_id, gone)

    page = shown(Voter(client, box.codes[1]).open())
    asked = {n for n in everything if not n.startswith(f"{gone}.")}
    sent = Voter(client, box.codes[1]).send({n: everything[n] for n in asked})
    late = voter.send(everything | {"about": str(gone), "comment": "关于他"})

    assert "王建国" in page.text
    assert "李秀英" not in page.text
    assert page.named(f"{gone}.solved") == []
    assert sent.status_code == 200
    assert late.status_code == 422, "a comment about nobody"
    assert "李秀英" not in shown(late).text
    assert voter.send(everything).status_code == 200, "a page drawn before"
    assert box.row(box.codes[0])[0] == box.row(box.codes[1])[0] == USED
    lengths = {len(box.row(code)[1]) for code in box.codes}
    assert len(lengths) == 1


def test_what_lies_in_the_box_about_it_is_dropped_at_counting(
    engine: Engine, db: Session, ballots: Engine, settings: Settings
) -> None:
    folder = settings.secrets_folder
    assert folder is not None
    standing = standing_box(secret_county(engine), ballots, folder)
    unit = standing.county.units[0]
    gone, *stay = standing.manifest.subjects[unit]
    standing.cast_many(unit, "residents", good=12)
    standing.cast(standing.batch(unit, "residents"), comment="关于撤出的人")
    take_out(db, ballots, standing.survey_id, gone)
    standing.cast_many(unit, "residents", bad=4)
    standing.close()
    with pytest.raises(BoxNotReady):
        take_out(db, ballots, standing.survey_id, stay[0])
    with Session(engine) as main:
        keys = holder_keys()
        decrypt_here(main, ballots, standing.survey_id, keys, secrets_folder=folder)

    counted = set(db.scalars(select(ChoiceCount.subject_id)))
    assert gone not in counted
    assert counted == set(stay)
    assert db.scalars(select(Comment)).all() == []
    plan = plan_of(db, standing.survey_id)
    assert plan is not None
    assert plan.subjects[gone].shown == frozenset()
    db.rollback()
    assert list(findings(engine, ballots)) == []


def box_of_twenty(db: Session, engine: Engine, ballots: Engine, folder: Path) -> Paper:
    """Return box, gone and left: of 20 marks about the gone three are anybody's."""
    county = secret_county(engine, units=1)
    box = standing_box(county, ballots, folder, public_answers=True)
    gone, stays = box.manifest.subjects[county.units[0]]
    for place in range(20):
        about = {
            stays: ("good", "bad")[place % 2],
            gone: "bad" if place < 2 else "good",
        }
        picks = {one: dict.fromkeys(ASKED, said) for one, said in about.items()}
        cast = Ballot({one: picks[one] for one in (gone, stays)})
        box.cast(box.batch(county.units[0], "residents"), cast)
        if place == 2:
            take_out(db, ballots, box.survey_id, gone)
    return box, gone, stays


def test_the_few_who_had_marked_them_are_in_no_paper(
    app: Flask,
    db: Session,
    ballots: Engine,
    settings: Settings,
    engine: Engine,
    tmp_path: Path,
) -> None:
    """Not even where everybody may read the recount papers, which add up without."""
    folder, client = settings.secrets_folder, app.test_client()
    assert folder is not None
    box, gone, stays = box_of_twenty(db, engine, ballots, folder)
    signed = {
        one.batch_id: 20 * (one.rater_group == "residents")
        for one in box.manifest.batches
    }
    close_ballot(db, ballots, box.survey_id, signed=signed, secrets_folder=folder)
    keys = holder_keys()
    decrypt_here(db, ballots, box.survey_id, keys, secrets_folder=folder)
    papers = f"/b/papers/{box.survey_id}"

    head = json.loads(client.get(f"{papers}/head.json").text)["head"]
    lines = client.get(f"{papers}/fragments.jsonl").text.splitlines()
    page = shown(client.get(f"{papers}?lang=en")).text
    closing = json.loads(client.get(f"{papers}/closing.json").text)["closing"]

    assert closing["taken_out"] == [gone]
    assert head["tally"].keys() == {str(stays)}
    assert len(lines) == head["fragments"] == 20 * 2 * len(ASKED)
    opened = [one for one in map(json.loads, lines) if "subject" in one]
    assert {one["subject"] for one in opened} == {stays}
    assert "no longer asked about, counted nowhere, shown to nobody" in page
    done = recounted_as_posted(client, papers, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"no count about [{gone}], taken out" in done.stdout
    names = names_of(db, box.survey_id)
    at = f"/surveys/{box.survey_id}/minute?lang=en"
    minute = desk(app, db, "designer").see(at).text
    assert f"{names[gone]} was taken out of the survey" in minute
    assert names[stays] not in minute


def test_somebody_of_every_unit_stays(db: Session, ballots: Engine, box: Box) -> None:
    for subject in box.form.subject_ids[:-1]:
        take_out(db, ballots, box.form.survey_id, subject)
    with pytest.raises(LastSubject):
        take_out(db, ballots, box.form.survey_id, box.form.subject_ids[-1])
