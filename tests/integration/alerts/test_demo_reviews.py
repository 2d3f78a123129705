"""The demo's alerts: somebody is over a third, and the office is at work on it."""

from collections import Counter

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.alerts.tables import AlertAct, AlertCase
from survey_app.demo import ballot_county
from survey_app.demo.reviews import review_alerts
from survey_app.domain.alerts.review import State
from survey_app.domain.scheme.review_rules import Measure
from survey_app.shipped_files import shipped_questionnaire
from tests.conftest import ONE_DATABASE
from tests.support.secret_ballots import FIRST, SECOND, confirmed
from tests.support.small_county import MAY_1, small_county


def test_one_deputy_is_over_a_third_in_every_rater_group() -> None:
    asked = shipped_questionnaire(ballot_county.QUESTIONNAIRE).questions
    questions = tuple(question.key for question in asked)
    for group, cast in ballot_county.CAST.items():
        ballots = ballot_county.ballots_of(group, cast, questions)
        said = Counter(ballot[2]["overall"] for ballot in ballots)
        assert 3 * said["incompetent"] > cast - said["dont_know"], group


@ONE_DATABASE
def test_the_office_follows_one_and_looks_into_another(
    engine: Engine, db: Session
) -> None:
    county = small_county(engine)
    county.count("residents", good=20, bad=20)
    county.settle()
    confirmed(db, FIRST, SECOND)

    review_alerts(db, county.survey_id, officials=(FIRST, SECOND), today=MAY_1)

    cases = db.scalars(select(AlertCase)).all()
    states = Counter(case.state for case in cases)
    assert states[State.FOLLOWING] == states[State.VERIFYING] == 1
    assert states[State.RAISED] >= 1
    assert {case.measure for case in cases} == {"", Measure.REMINDER}
    assert all(act.reason for act in db.scalars(select(AlertAct)) if act.account)
