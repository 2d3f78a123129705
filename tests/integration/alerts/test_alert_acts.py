"""One alert from raised to closed: acts, second persons, and two at once."""

from collections.abc import Sequence
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey_app.alerts.acts import (
    begin_verification,
    close,
    close_by_correction,
    confirm,
    decide,
    decline,
    note_check,
    plan_follow_up,
    record_hearing,
)
from survey_app.alerts.doing import Acting
from survey_app.alerts.due import alerts_by_state, due_acts
from survey_app.analytics.desk.due import DUE
from survey_app.analytics.desk.found import DeskAsked
from survey_app.database import main_engine_of, writing
from survey_app.domain.alerts.review import Act, ClosedAs, State
from survey_app.domain.ground.alert_refusals import (
    ActSince,
    AlertActImpossible,
    AlertChanged,
    FollowUpRefused,
    LeadingGroupConsents,
    ReasonMissing,
)
from survey_app.domain.ground.refusals import TwoAccountsNeeded
from survey_app.domain.scheme.review_rules import Measure
from survey_app.settings import Settings
from tests.conftest import rows_in
from tests.support.cases import POINTS, Office, office_of, raise_in
from tests.support.secret_ballots import FIRST, SECOND
from tests.support.small_county import MAY_1

HALF_YEAR = date(2026, 11, 1)


@pytest.fixture
def office(engine: Engine, db: Session) -> Office:
    return office_of(engine, db)


def heard(office: Office) -> None:
    """Bring the alert to where a measure can be decided."""
    begin_verification(office.db, office.alert_id, office.acting())
    for point in POINTS:
        note_check(office.db, office.alert_id, office.acting(), point=point)
    record_hearing(office.db, office.alert_id, office.acting())


def following(office: Office) -> None:
    """Bring it to its follow-up, with a survey that is settled."""
    heard(office)
    decide(office.db, office.alert_id, office.acting(), measure=Measure.ADMONITION)
    confirm(office.db, office.alert_id, office.acting(SECOND))
    again = office.county.other_survey_id
    plan_follow_up(
        office.db, office.alert_id, office.acting(), on=HALF_YEAR, survey_id=again
    )


def test_it_is_raised_once_and_stands_on_the_desk(office: Office) -> None:
    before = rows_in(office.db, "alert"), rows_in(office.db, "alert_act")
    office.db.commit()
    raise_in(office.county)

    assert (rows_in(office.db, "alert"), rows_in(office.db, "alert_act")) == before
    counts = alerts_by_state(office.db, today=MAY_1)
    assert counts[State.RAISED].count == before[0] > 0
    assert counts[State.RAISED].oldest == MAY_1
    due = due_acts(office.db, FIRST, today=MAY_1 + timedelta(days=31))
    mine = next(one for one in due if one.alert_id == office.alert_id)
    assert (mine.act, mine.subject, mine.is_late) == (Act.BEGIN, "王一", True)
    (kind,) = [one for one in DUE if one.key == "alerts"]
    reviewer, leader = (
        kind.find(DeskAsked(office.db, None, FIRST, MAY_1, acts=(endpoint,))).items
        for endpoint in ("office.do_review_act", "office.do_second_act")
    )
    assert reviewer
    assert not leader, "told of what others do"


def test_it_goes_its_way_to_improved(office: Office) -> None:
    following(office)
    close(office.db, office.alert_id, office.acting(), outcome=ClosedAs.IMPROVED)
    confirm(office.db, office.alert_id, office.acting(SECOND))

    row = office.row
    assert (row.state, row.outcome) == (State.CLOSED, ClosedAs.IMPROVED)
    assert (row.measure, row.held_by, row.waiting) == (Measure.ADMONITION, FIRST, None)
    numbers = [act.number for act in office.acts]
    assert numbers == list(range(1, row.version + 1))
    assert not alerts_by_state(office.db, today=MAY_1)[State.FOLLOWING].count


def test_escalated_it_goes_on_with_a_proposal_and_no_measure(office: Office) -> None:
    following(office)
    close(office.db, office.alert_id, office.acting(), outcome=ClosedAs.ESCALATED)
    confirm(office.db, office.alert_id, office.acting(SECOND))

    raised = alerts_by_state(office.db, today=MAY_1)[State.RAISED]
    assert raised.count >= 1
    again = office.db.execute(
        text("SELECT * FROM alert WHERE follows = :id"), {"id": office.alert_id}
    ).one()
    assert (again.proposed, again.measure) == (Measure.WAITING, "")
    assert (again.round, again.state) == (2, State.RAISED)


def test_a_measure_waits_for_somebody_who_acts_for_the_leading_group(
    office: Office,
) -> None:
    heard(office)
    decide(office.db, office.alert_id, office.acting(), measure=Measure.DEMOTION)
    assert (office.row.state, office.row.measure) == (State.HEARD, "")
    with pytest.raises(TwoAccountsNeeded):
        confirm(office.db, office.alert_id, office.acting(), leads=True)
    with pytest.raises(LeadingGroupConsents):
        confirm(office.db, office.alert_id, office.acting(SECOND))
    decline(office.db, office.alert_id, office.acting(SECOND))
    assert (office.row.state, office.row.waiting) == (State.HEARD, None)
    decide(office.db, office.alert_id, office.acting(), measure=Measure.DEMOTION)
    confirm(office.db, office.alert_id, office.acting(SECOND), leads=True)
    assert office.row.measure == Measure.DEMOTION


def test_the_second_of_two_is_told_what_the_first_did(
    office: Office, engine: Engine
) -> None:
    seen = office.acting()
    begin_verification(office.db, office.alert_id, seen)
    later = Acting(SECOND, MAY_1, seen.expected_version, "我来办")

    with pytest.raises(AlertChanged) as told:
        begin_verification(office.db, office.alert_id, later)

    (since,) = told.value.since
    assert (since.kind, since.account, since.day) == (Act.BEGIN, FIRST, MAY_1)
    assert office.row.held_by == FIRST


def test_of_two_who_decide_at_the_same_moment_one_is_told_of_the_other(
    office: Office, settings: Settings
) -> None:
    """Each with an engine of his own, as two servers have."""
    heard(office)
    seen, alert = office.row.version, office.alert_id
    office.db.rollback()
    both = Barrier(2)
    told: dict[str, Sequence[ActSince] | int] = {}

    def work(who: str, measure: Measure) -> None:
        engine = main_engine_of(settings)
        with Session(writing(engine)) as session:
            acting = Acting(who, MAY_1, seen, "同时")
            both.wait(timeout=60)
            try:
                told[who] = decide(session, alert, acting, measure=measure)
            except AlertChanged as refused:
                told[who] = refused.since
        engine.dispose()

    measures = {FIRST: Measure.REMINDER, SECOND: Measure.ADMONITION}
    threads = [Thread(target=work, args=each) for each in measures.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (first,) = (who for who, what in told.items() if what == seen + 1)
    (since,) = (what for who, what in told.items() if who != first)
    assert since == (ActSince(Act.DECIDE, first, MAY_1),)
    decided = [act for act in office.acts if act.kind == Act.DECIDE]
    assert [(act.account, act.measure) for act in decided] == [(first, measures[first])]
    assert office.row.waiting == decided[0].number


def test_what_is_not_possible_is_refused_and_nothing_is_written(
    office: Office,
) -> None:
    db, alert = office.db, office.alert_id
    before = len(office.acts)
    with pytest.raises(AlertActImpossible):
        decide(db, alert, office.acting(), measure=Measure.NONE)
    with pytest.raises(ReasonMissing):
        begin_verification(db, alert, office.acting(reason=" "))
    begin_verification(db, alert, office.acting())
    with pytest.raises(AlertActImpossible):
        note_check(db, alert, office.acting(), point="weather")
    assert len(office.acts) == before + 1


def test_a_re_check_is_another_survey_on_a_day_to_come(office: Office) -> None:
    heard(office)
    db, alert = office.db, office.alert_id
    decide(db, alert, office.acting(), measure=Measure.NONE)
    confirm(db, alert, office.acting(SECOND))
    with pytest.raises(FollowUpRefused):
        plan_follow_up(db, alert, office.acting(), on=date(2026, 4, 30))
    own = office.county.survey_id
    with pytest.raises(FollowUpRefused):
        plan_follow_up(db, alert, office.acting(), on=HALF_YEAR, survey_id=own)


def test_an_act_is_never_changed_and_never_deleted(office: Office) -> None:
    for spoilt in (
        "UPDATE alert_act SET reason = ''",
        "DELETE FROM alert_act",
    ):
        with pytest.raises(DBAPIError, match="never changed"):
            office.db.execute(text(spoilt))
        office.db.rollback()


def test_lifting_takes_two_people(office: Office) -> None:
    close_by_correction(office.db, office.alert_id, office.acting())
    assert office.row.state == State.RAISED
    confirm(office.db, office.alert_id, office.acting(SECOND))
    assert (office.row.state, office.row.outcome) == (State.CLOSED, ClosedAs.LIFTED)
