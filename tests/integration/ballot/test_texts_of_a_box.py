"""What was written on secret ballots: its question, its floor, nobody by himself."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.analytics.comments import comments_of, whole_comments_of
from survey_app.ballot.paper.ballot import WHOLE, Ballot, Written
from survey_app.ballot.paper.fragments import about_whole
from survey_app.domain.ground.refusals import CommentsSealed, NotFound
from survey_app.domain.questionnaire.answers import read_answers
from survey_app.domain.questionnaire.ballot_lines import lines_of
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.survey.counters import choice_counts
from survey_app.survey.responses import Comment
from survey_app.survey.review_comment import Verdict, review_comment
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.closed_box import closed_and_opened
from tests.support.every_kind import EVERY_KIND
from tests.support.office import MANAGER, READER, Desk, desk
from tests.support.secret_county import secret_county
from tests.support.small_county import MAY_1

ASKED = read_questionnaire(EVERY_KIND, file="every.toml")
GOOD = {"overall": ["good"], "score": ["90"], "ways": ["desk"]}
BAD = {"overall": ["bad"], "why": ["慢"]}


def cast(
    box: StandingBox, said: Sequence[dict[str, list[str]]], *written: Written
) -> None:
    """Put one ballot of the residents of the first unit into the box."""
    unit = box.county.units[0]
    lines = [lines_of(ASKED, read_answers(ASKED, one).picks) for one in said]
    ballot = Ballot(dict(zip(box.county.subjects[unit], lines, strict=True)))
    box.cast(box.batch(unit, "residents"), ballot, written=written)


@pytest.fixture
def box(engine: Engine, ballots: Engine, tmp_path: Path) -> StandingBox:
    """Twelve ballots: 2 reasons and 10 comments about the first, 11 about the whole."""
    county = secret_county(engine, units=1, asked=ASKED)
    box = standing_box(county, ballots, tmp_path / "s", eligible={"residents": 30})
    first, _ = county.subjects[county.units[0]]
    for n in range(2):
        cast(box, (BAD, GOOD), (first, "why", f"理由{n}"), (first, "", f"对他{n}"))
    for n in range(2, 10):
        cast(box, (GOOD, GOOD), (first, "", f"对他{n}"))
    for n in range(11):
        cast(box, (GOOD, GOOD), (WHOLE, "", f"整体{n}"))
    with Session(engine) as session:
        closed_and_opened(box, session)
    return box


@pytest.fixture
def reader(app: Flask, db: Session) -> Desk:
    return desk(app, db, MANAGER, username="first")


def test_every_text_knows_its_question_and_every_pick_is_counted(
    db: Session, box: StandingBox
) -> None:
    unit = box.county.units[0]
    first, _ = box.county.subjects[unit]
    rows = db.execute(select(Comment.subject_id, Comment.question, Comment.text)).all()

    said = {(subject, key) for subject, key, _ in rows}
    assert said == {(first, "why"), (first, ""), (about_whole(unit), "")}
    assert len(rows) == 2 + 10 + 11
    picked = choice_counts(db, [box.survey_id])[box.survey_id]
    told = {(q, c): n for (s, _, q, c), n in picked.items() if s == first}
    assert told[("ways", "desk")] == told[("score", "90")] == 19
    assert told[("ways", "blank")] == told[("why", "answered")] == 2
    assert told[("why", "not_asked")] == 19
    assert not any("." in question or choice == "unticked" for question, choice in told)


def test_a_question_few_answered_in_words_is_read_by_nobody(
    db: Session, box: StandingBox
) -> None:
    first, second = box.county.subjects[box.county.units[0]]
    about = comments_of(db, box.survey_id, subject_id=first, today=MAY_1)

    assert about.is_open
    assert about.readable == frozenset({""}), (
        "two reasons would say who was dissatisfied"
    )
    other = comments_of(db, box.survey_id, subject_id=second, today=MAY_1)
    assert not other.is_open
    reason = db.scalars(select(Comment).filter_by(question="why")).first()
    assert reason is not None
    with pytest.raises(CommentsSealed):
        review_comment(
            db, slot=reason.slot, comment_id=reason.id, account="first",
            verdict=Verdict.PASS, text="…",
        )  # fmt: skip


def test_what_is_about_all_of_a_unit_is_read_on_a_page_of_its_own(
    app: Flask, db: Session, box: StandingBox, reader: Desk
) -> None:
    unit = box.county.units[0]
    first, _ = box.county.subjects[unit]
    path = f"/surveys/{box.survey_id}/results/units/{unit}/comments"
    about = whole_comments_of(db, box.survey_id, unit_id=unit, today=MAY_1)
    db.rollback()

    assert about.is_open
    page = reader.open(f"{path}/review")
    assert page.status_code == 200
    assert page.text.count("整体") == 11
    assert "对他" not in page.text
    one = db.scalars(select(Comment).filter_by(text="整体3")).one()
    address = f"{path}/{one.slot}/{one.id.hex()}"
    db.rollback()
    for account in (reader, desk(app, db, MANAGER, username="second")):
        assert account.send(address, text="整体", passes="1").status_code == 303
    shown = reader.open(path)
    assert "整体" in shown.text
    link = reader.open(f"/surveys/{box.survey_id}/results/{first}/comments").text
    assert f"units/{unit}/comments" in link
    assert desk(app, db, READER).open(f"{path}/review").status_code == 403
    assert reader.open(path.replace(f"units/{unit}", "units/999")).status_code == 404
    with pytest.raises(NotFound):
        whole_comments_of(db, box.survey_id, unit_id=999, today=MAY_1)
