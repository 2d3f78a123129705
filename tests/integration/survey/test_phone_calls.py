"""Telephone interviews: one call counts once, and nothing tells whom or when."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy import Engine, func, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey_app.accounts.tables import RecordEntry
from survey_app.analytics.phone_calls import calls_by_day
from survey_app.domain.counting.call_rates import CallCounts, CallEnd
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.door_refusals import CallTold
from survey_app.forms.sheet_form import TypedForm
from survey_app.survey import phone_calls
from survey_app.survey.channels import Channels
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.phone_calls import ToldCall, count_call, keep_interview
from survey_app.survey.rehearsal import end_rehearsal
from survey_app.survey.tables import REHEARSAL
from tests.support.office import Desk, desk
from tests.support.paper_desk import GOOD, channel_of, kept
from tests.support.respondents import Asked, Plan

MAY_1 = date(2026, 5, 1)


@pytest.fixture
def asked(db: Session) -> Asked:
    return channel_of(db, ChannelKind.PHONE)


@pytest.fixture
def caller(app: Flask, db: Session) -> Desk:
    return desk(app, db, "typist", username="访问员")


def call_of(caller: Desk, asked: Asked) -> str:
    """Begin a call; return its code."""
    page = caller.see(f"/channels/{asked.channel_id}/call")
    return page.named("call")[0].get("value", "")


def tell(caller: Desk, asked: Asked, call: str, outcome: str) -> int:
    at = f"/channels/{asked.channel_id}/call/outcome"
    return caller.send(at, call=call, outcome=outcome).status_code


def save(caller: Desk, asked: Asked, call: str, **typed: str) -> int:
    at = f"/channels/{asked.channel_id}/call"
    return caller.send(at, call=call, **(typed or GOOD)).status_code


def counts(db: Session, asked: Asked) -> CallCounts:
    db.rollback()
    found = calls_by_day(db, asked.survey_id, asked.channel_id)
    db.rollback()
    return sum(found.values(), CallCounts())


def test_an_interview_is_a_response_like_any_other_and_counts_once(
    caller: Desk, asked: Asked, db: Session
) -> None:
    call = call_of(caller, asked)

    assert save(caller, asked, call) == 303
    assert save(caller, asked, call) == 409
    assert tell(caller, asked, call, "refused") == 409

    assert len(kept(db)) == 1
    assert counts(db, asked) == CallCounts(interviews=1)


@pytest.mark.parametrize("outcome", list(CallEnd))
def test_how_a_call_ended_counts_once(
    caller: Desk, asked: Asked, db: Session, outcome: str
) -> None:
    call = call_of(caller, asked)

    assert tell(caller, asked, call, outcome) == 303
    assert tell(caller, asked, call, outcome) == 409
    assert tell(caller, asked, call, "refused") == 409
    assert save(caller, asked, call) == 409
    assert tell(caller, asked, call_of(caller, asked), outcome) == 303

    assert counts(db, asked).calls == 2
    assert kept(db) == []


def test_the_page_tells_the_exact_rate(caller: Desk, asked: Asked, db: Session) -> None:
    for outcome in ("refused", "not-reached", "not-eligible", "refused"):
        tell(caller, asked, call_of(caller, asked), outcome)
    for _ in range(2):
        save(caller, asked, call_of(caller, asked))

    found = counts(db, asked)
    assert found == CallCounts(2, 2, 1, 1)
    assert (found.calls, found.response_rate) == (6, Fraction(2, 5))
    page = caller.see(f"/channels/{asked.channel_id}/calls").text
    assert "2 / 5（40.0%）" in page
    assert CallCounts(not_eligible=3).response_rate is None


@pytest.mark.parametrize("call", ["", "0" * 32, "g" * 32, "0" * 31, "Ä" * 32, "0" * 64])
def test_a_call_from_nowhere_counts_nothing(
    caller: Desk, asked: Asked, db: Session, call: str
) -> None:
    assert tell(caller, asked, call, "refused") == 422
    assert save(caller, asked, call) == 422
    assert (counts(db, asked), kept(db)) == (CallCounts(), [])


def test_what_is_half_said_comes_back_with_the_same_call(
    caller: Desk, asked: Asked, db: Session
) -> None:
    call = call_of(caller, asked)
    half = {"q-welcome": "1", "comment": "等得太久"}

    assert save(caller, asked, call, **half) == 422
    assert save(caller, asked, call, invalid="illegible", **half) == 422
    assert tell(caller, asked, call, "hung up") == 422
    assert kept(db) == []
    assert save(caller, asked, call) == 303


def test_cut_off_before_the_commit_nothing_is_told(
    db: Session, engine: Engine, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = opened(engine, asked)
    call = channel.new_submission()
    response = TypedForm.read(GOOD.items()).response(channel, call)

    def cut_off(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", None, Exception("gone"))

    with monkeypatch.context() as fault:
        fault.setattr(phone_calls, "hand_in_whole", cut_off)
        with pytest.raises(OperationalError):
            keep_interview(db, channel, call, response, today=MAY_1)
        db.rollback()

    keep_interview(db, channel, call, response, today=MAY_1)
    with pytest.raises(CallTold):
        count_call(db, channel, call, CallEnd.REFUSED, today=MAY_1)
    assert len(kept(db)) == 1


def opened(engine: Engine, asked: Asked) -> OpenChannel:
    return Channels(engine, asked.key.encode()).find(asked.code)


def test_no_minute_of_a_call_stands_anywhere(
    caller: Desk, asked: Asked, db: Session, engine: Engine
) -> None:
    number = select(func.count()).select_from(RecordEntry)
    before = db.scalar(number)
    db.rollback()

    save(caller, asked, call_of(caller, asked))
    tell(caller, asked, call_of(caller, asked), "refused")

    assert db.scalar(number) == before
    assert set(columns(engine, "told_call")) == {"survey_id", "mark"}
    assert set(columns(engine, "call_count")) == {
        "survey_id", "channel_id", "called_on", "outcome", "count",
    }  # fmt: skip


def columns(engine: Engine, table: str) -> Iterator[str]:
    for column in inspect(engine).get_columns(table):
        yield str(column["name"])


def test_a_rehearsal_leaves_no_call(db: Session, engine: Engine) -> None:
    asked = channel_of(db, ChannelKind.PHONE, Plan(state=REHEARSAL))
    channel = opened(engine, asked)
    count_call(db, channel, channel.new_submission(), CallEnd.REFUSED, today=MAY_1)

    end_rehearsal(db, asked.survey_id, new_codes=False, key=asked.key.encode())

    assert counts(db, asked) == CallCounts()
    assert db.scalars(select(ToldCall.mark)).all() == []


def test_nobody_is_called_where_people_answer_themselves(
    caller: Desk, db: Session
) -> None:
    poster = channel_of(db, ChannelKind.POSTER)

    assert caller.open(f"/channels/{poster.channel_id}/call").status_code == 409
    assert tell(caller, poster, poster.new_submission(), "refused") == 409
