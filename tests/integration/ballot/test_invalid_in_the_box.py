"""Ballots in the box that break a rule, from the opening to what the office reads.

They were sealed past our page: it takes none of them.
"""

from dataclasses import replace
from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.analytics.reconciled import turnouts_of_ballots
from survey_app.ballot.decryption_minutes import decryption_minutes
from survey_app.ballot.decryption_verbs import decrypt_here
from survey_app.ballot.main_tables import BallotCount
from survey_app.domain.counting.ballots_handed_in import Ballots
from survey_app.domain.ground.stated import assumed
from survey_app.domain.questionnaire.ballot_rules import BallotRule
from survey_app.domain.scheme.scheme import Denominator
from survey_app.settings import Settings
from survey_app.survey.counters import ChoiceCount
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.holder_keys import holder_keys
from tests.support.office import MANAGER, desk
from tests.support.secret_county import secret_county

FEW_BAD = BallotRule("at-most", ("bad",), share=assumed(Fraction(1, 2)))
ONE_BAD = BallotRule("at-most", ("bad",), assumed(1), questions=("overall",))
RULES = (FEW_BAD, ONE_BAD)


def opened(
    engine: Engine, ballots: Engine, settings: Settings, **said: int
) -> StandingBox:
    """Return a box with rules, opened; residents said this about everybody alike."""
    assert settings.secrets_folder is not None
    folder = settings.secrets_folder
    box = standing_box(secret_county(engine), ballots, folder, ballot_rules=RULES)
    box.cast_many(box.county.units[0], "residents", **said)
    box.close()
    with Session(engine) as main:
        keys = holder_keys()
        decrypt_here(main, ballots, box.survey_id, keys, secrets_folder=folder)
    return box


@pytest.fixture
def box(engine: Engine, ballots: Engine, settings: Settings) -> StandingBox:
    return opened(engine, ballots, settings, good=14, bad=3)


def test_they_are_counted_apart_and_their_answers_nowhere(
    box: StandingBox, db: Session
) -> None:
    rows = db.scalars(select(BallotCount).where(BallotCount.used > 0)).all()
    said = db.scalars(select(ChoiceCount)).all()
    unit = box.county.units[0]
    turnout = turnouts_of_ballots(db, [box.survey_id])[box.survey_id, unit]["residents"]

    assert [(row.used, row.spoiled, row.invalid) for row in rows] == [(17, 0, 3)]
    assert {(row.choice_key, row.count) for row in said} == {("good", 14)}
    # Where nobody counted what came back, it is the answers and the invalid ones.
    for known in (turnout, replace(turnout, returned=None)):
        counted = Ballots((({"good": 14}, known),))
        assert counted.number(Denominator.RETURNED) == 17
        assert counted.number(Denominator.VALID) == 14
        assert not counted.overcounted


def test_minute_and_papers_say_how_many_and_the_minute_by_which_rule(
    app: Flask, box: StandingBox, db: Session
) -> None:
    office = desk(app, db, MANAGER)
    minute = office.see(f"/surveys/{box.survey_id}/minute").text
    results = office.see(f"/surveys/{box.survey_id}/results").text
    papers = app.test_client().get(f"/b/papers/{box.survey_id}?lang=en").text

    assert decryption_minutes(box.ballots, box.survey_id).rules == (
        (FEW_BAD, 3),
        (ONE_BAD, 3),
    )
    assert "全表：选“差”的最多占 50 %，按项数向下取整，不足 1 项的允许 1 项。" in minute
    assert "已用 = 有效 + 废票 + 违规废票。" in minute
    assert "违规废票" in results
    assert "for “Overall”: at most 1 of the answers may be “Bad”" in papers
    assert "<td>0</td><td>3</td><td>" in papers, "spoiled, invalid, then the share"


@pytest.mark.parametrize("said", [{"good": 1, "bad": 9}, {"good": 3, "bad": 1}])
def test_where_nearly_all_broke_one_or_few_answered_nobody_says_which(
    engine: Engine, ballots: Engine, settings: Settings, said: dict[str, int]
) -> None:
    box = opened(engine, ballots, settings, **said)

    rules = decryption_minutes(box.ballots, box.survey_id).rules
    assert [broken for _, broken in rules] == [None, None]
