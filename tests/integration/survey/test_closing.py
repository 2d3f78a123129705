"""Closing is cut off anywhere and goes on; nobody waits for it, nobody sees half."""

from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session

from survey_app.analytics.kept import closing
from survey_app.analytics.kept.alerts import RaisedAlerts
from survey_app.analytics.kept.results import KeptResult
from survey_app.database import writing
from survey_app.jobs.jobs import job_of
from survey_app.jobs.tables import DONE
from survey_app.settings import Settings
from survey_app.survey import publication
from survey_app.survey.closing import ask_to_close, close_survey
from survey_app.survey.counters import choice_counts
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.settled_plan import plan_head, plan_of
from survey_app.survey.tables import CLOSED, CLOSING, VOID, Survey
from tests.conftest import ONE_DATABASE
from tests.support.answers import let_answers_agree
from tests.support.drafts import Draft, ready
from tests.support.jobs import run_waiting_jobs
from tests.support.killed_process import Step, killed_at
from tests.support.lock_probe import wanting_lock
from tests.support.small_county import MAY_1, add_counts


@pytest.fixture
def opened(db: Session, monkeypatch: pytest.MonkeyPatch) -> Draft:
    """An open survey with answers; every subject and count is a part of its own."""
    made = ready(db)
    open_survey(db, made.survey_id, today=MAY_1)
    for subject in made.subject_ids:
        add_counts(db, made.survey_id, subject, "staff", {"good": 12, "bad": 9})
    let_answers_agree(db, made.survey_id)
    db.commit()
    monkeypatch.setattr(publication, "AT_ONCE", 1)
    monkeypatch.setattr("survey_app.survey.counters.MANY", 1)
    monkeypatch.setattr("survey_app.analytics.kept.results.BATCH", 1)
    monkeypatch.setattr("survey_app.analytics.kept.alerts.BATCH", 1)
    return made


def state(engine: Engine, survey_id: int) -> str:
    with Session(engine) as session:
        return session.get_one(Survey, survey_id).state


def kept(engine: Engine, survey_id: int) -> list[Any]:
    """Return all that closing leaves behind."""
    with Session(engine) as session:
        plan = plan_of(session, survey_id)
        return [
            session.get_one(Survey, survey_id).state,
            choice_counts(session, [survey_id]),
            plan_head(session, survey_id),
            plan.subjects if plan else None,
            sorted(session.execute(select(*KeptResult.__table__.columns)).all()),
            session.execute(select(*RaisedAlerts.__table__.columns)).all(),
        ]


def test_cut_off_before_any_commit_it_shows_nothing_and_goes_on_to_the_same(
    engine: Engine, db: Session, opened: Draft
) -> None:
    survey = opened.survey_id
    db.close()

    def close_until(step: Step) -> None:
        event.listen(Session, "before_commit", step)
        with Session(writing(engine)) as session:
            close_survey(session, survey, steps=closing.STEPS)

    steps = []
    for again in (False, True):
        if again:  # from where the plan is settled and nothing else is kept
            let_be(engine, "UPDATE survey SET state = 'closing'")
        at = 1
        engine.dispose()
        while killed_at(at, close_until):
            with Session(engine) as session:
                assert plan_head(session, survey) is None
            engine.dispose()
            at += 1
        steps.append(at)

    assert min(steps) > 5, "there were that many transactions"
    interrupted = kept(engine, survey)
    assert interrupted[0] == CLOSED
    let_be(
        engine,
        "UPDATE survey SET state = 'closing'",
        "UPDATE publication_plan SET evaluated = NULL",
        "DELETE FROM settled_subject",
        "DELETE FROM kept_result",
    )
    close_survey(db, survey, steps=closing.STEPS)
    assert kept(engine, survey) == interrupted


def let_be(engine: Engine, *statements: str) -> None:
    with writing(engine).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@ONE_DATABASE
def test_the_job_closes_it_with_all_that_is_kept_of_it(
    engine: Engine, db: Session, opened: Draft, settings: Settings
) -> None:
    number = ask_to_close(db, opened.survey_id, account="li")
    assert kept(engine, opened.survey_id)[0] == CLOSING

    run_waiting_jobs(engine, settings)

    state, _, head, *_, results, alerts = kept(engine, opened.survey_id)
    assert (state, head is None) == (CLOSED, False)
    assert (len(results), len(alerts)) == (2, 1)
    with Session(engine) as session:
        job = job_of(session, number)
    assert job is not None
    assert job.state == DONE


@ONE_DATABASE
def test_nothing_is_worked_out_while_the_lock_is_held(
    engine: Engine, db: Session, opened: Draft
) -> None:
    long = {
        "evaluated", "posts_scored", "count_answers", "digest_of", "counted_alerts",
        "asked_survey",
    }  # fmt: skip
    with wanting_lock(engine, at=long) as told:
        close_survey(db, opened.survey_id, steps=closing.STEPS)

    assert long <= set(told.asked)
    assert not long & set(told.refused)


@ONE_DATABASE
def test_one_transaction_writes_no_more_than_one_part(
    engine: Engine, db: Session, opened: Draft
) -> None:
    transactions = [0]

    def note(*told: Any) -> None:
        statement, given = told[2], told[3]
        if statement.startswith(("INSERT", "UPDATE")):
            transactions[-1] += len(given) if isinstance(given, list) else 1

    def ended(_: object) -> None:
        transactions.append(0)

    with ExitStack() as stack:
        for name, hears in (("before_cursor_execute", note), ("commit", ended)):
            event.listen(Engine, name, hears)
            stack.callback(event.remove, Engine, name, hears)
        close_survey(db, opened.survey_id, steps=closing.STEPS)

    assert len(transactions) > 10
    assert max(transactions) <= 3


def test_what_is_void_meanwhile_stays_void(
    engine: Engine, db: Session, opened: Draft
) -> None:
    def void(session: Session, survey_id: int, *_: object) -> None:
        session.execute(text("UPDATE survey SET state = 'void'"))
        session.commit()

    close_survey(db, opened.survey_id, steps=(void,))

    assert state(engine, opened.survey_id) == VOID


def test_it_says_how_far_it_is(db: Session, opened: Draft) -> None:
    heard: list[tuple[int, int]] = []

    close_survey(
        db,
        opened.survey_id,
        lambda done, total: heard.append((done, total)),
        steps=closing.STEPS,
    )

    shares = [done / total for done, total in heard]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(set(shares)) > 5
