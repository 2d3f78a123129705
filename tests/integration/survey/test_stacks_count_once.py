"""A stack counts whole and once, wherever it is cut off."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey_app.database import writing
from survey_app.domain.counting.typed_twice import TypedSheet
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.door_refusals import StackEnded
from survey_app.domain.ground.refusals import SurveyClosed
from survey_app.survey import typed_stacks
from survey_app.survey.channels import Channels
from survey_app.survey.closing import close_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.paper_stacks import PaperStack
from survey_app.survey.rehearsal import end_rehearsal
from survey_app.survey.responses import Response
from survey_app.survey.tables import CLOSED, REHEARSAL, Channel, Survey, SurveySubject
from survey_app.survey.typed_stacks import LookedAt, settle_sheet, type_sheet
from tests.support.drafts import KEY, ready
from tests.support.paper_desk import (
    GOOD,
    ONE,
    OTHER,
    channel_of,
    copies,
    kept,
    new_stack,
    only_stack,
    paper_desk,
)
from tests.support.respondents import Asked, Plan
from tests.support.secret_ballots import confirmed

MAY_1 = date(2026, 5, 1)


def opened(engine: Engine, asked: Asked) -> OpenChannel:
    """Return the channel as verbs take it."""
    return Channels(engine, asked.key.encode()).find(asked.code)


def sheet(asked: Asked, pick: str = "good") -> TypedSheet:
    """Return a sheet with both questions answered so."""
    picks = (("welcome", pick), ("solved", pick))
    return TypedSheet("", asked.subject_ids[0], picks)


class TestOnce:
    """Whole, once, or not at all, wherever it is cut off."""

    def two_differ(self, db: Session, engine: Engine) -> tuple[OpenChannel, Asked, int]:
        confirmed(db, ONE, OTHER)
        asked = channel_of(db, ChannelKind.PAPER)
        channel = opened(engine, asked)
        stack_id = new_stack(db, channel)
        type_sheet(db, channel, stack_id, LookedAt(1, sheet(asked), ONE, MAY_1))
        other = LookedAt(1, sheet(asked, "bad"), OTHER, MAY_1)
        assert not type_sheet(db, channel, stack_id, other)
        return channel, asked, stack_id

    def test_handed_in_twice_it_counts_once(self, db: Session, engine: Engine) -> None:
        channel, asked, stack_id = self.two_differ(db, engine)
        told = LookedAt(1, sheet(asked), ONE, MAY_1)

        assert settle_sheet(db, channel, stack_id, told)
        with pytest.raises(StackEnded):
            settle_sheet(db, channel, stack_id, told)
        with pytest.raises(StackEnded):
            type_sheet(db, channel, stack_id, told)

        assert len(kept(db)) == 1

    def test_cut_off_between_answers_and_copies_nothing_happened(
        self, db: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        channel, asked, stack_id = self.two_differ(db, engine)
        told = LookedAt(1, sheet(asked), ONE, MAY_1)

        def cut_off(*_: object) -> None:
            raise OperationalError("DELETE", None, Exception("gone"))

        with monkeypatch.context() as fault:
            fault.setattr(typed_stacks, "forget_copies", cut_off)
            with pytest.raises(OperationalError):
                settle_sheet(db, channel, stack_id, told)
            db.rollback()
        assert (kept(db), copies(db)) == ([], 2)
        assert only_stack(db).state == "typing"

        assert settle_sheet(db, channel, stack_id, told)
        assert (len(kept(db)), copies(db)) == (1, 0)

    def test_a_survey_that_closed_takes_no_stack_and_forgets_half_of_one(
        self, db: Session, engine: Engine
    ) -> None:
        confirmed(db, ONE, OTHER)
        made = ready(db)
        ours = update(Channel).where(Channel.survey_id == made.survey_id)
        db.execute(ours.values(kind=ChannelKind.PAPER))
        db.commit()
        open_survey(db, made.survey_id, today=MAY_1)
        code = db.scalars(select(Channel.code).order_by(Channel.id)).first()
        db.rollback()
        channel = Channels(engine, KEY).find(str(code))
        asks = channel.questionnaire.questions
        picks = tuple((one.key, one.choices[0].key) for one in asks)
        half = TypedSheet("", channel.subjects[0].id, picks)
        stack_id = new_stack(db, channel)
        type_sheet(db, channel, stack_id, LookedAt(1, half, ONE, MAY_1))

        with Session(writing(engine)) as closer:
            close_survey(closer, made.survey_id)

        assert copies(db) == 0
        assert only_stack(db).state == "late"
        second = LookedAt(1, half, OTHER, MAY_1)
        with pytest.raises(StackEnded):
            type_sheet(db, channel, stack_id, second)
        with pytest.raises(SurveyClosed):
            type_sheet(db, Channels(engine, KEY).find(str(code)), stack_id, second)
        assert kept(db) == []

    def test_a_survey_that_closed_meanwhile_takes_no_whole_stack(
        self, db: Session, engine: Engine
    ) -> None:
        """Whoever has looked before it closed is told when the answers come."""
        channel, asked, stack_id = self.two_differ(db, engine)
        db.execute(update(Survey).values(state=CLOSED))
        db.commit()

        with pytest.raises(SurveyClosed):
            settle_sheet(db, channel, stack_id, LookedAt(1, sheet(asked), ONE, MAY_1))

        assert (kept(db), copies(db)) == ([], 2)

    def test_what_is_typed_in_a_rehearsal_goes_with_it(
        self, db: Session, engine: Engine
    ) -> None:
        confirmed(db, ONE, OTHER)
        asked = channel_of(db, ChannelKind.PAPER, Plan(state=REHEARSAL))
        channel = opened(engine, asked)
        stack_id = new_stack(db, channel)
        for account in (ONE, OTHER):
            type_sheet(db, channel, stack_id, LookedAt(1, sheet(asked), account, MAY_1))
        assert len(kept(db)) == 1

        end_rehearsal(db, asked.survey_id, new_codes=False, key=asked.key.encode())

        assert kept(db) == []
        assert db.scalars(select(PaperStack.id)).all() == []


TWO_UNITS = Plan(units=("清河镇", "柳林镇"))


def test_a_sheet_says_whom_it_rates_where_one_chooses(app: Flask, db: Session) -> None:
    paper = paper_desk(app, db, TWO_UNITS)
    one, other = map(str, paper.asked.subject_ids)
    stack = paper.open_stack(2)
    assert paper.one.send(f"{stack}/type", sheet=1, **GOOD).status_code == 422
    sheets = (GOOD | {"subject": one}, GOOD | {"subject": other})
    paper.type_all(paper.one, stack, *sheets)
    paper.type_all(paper.other, stack, sheets[0], sheets[0])
    assert "柳林镇" in paper.one.see(stack).text

    paper.one.send(f"{stack}/settle", sheet=2, take="first")

    rated = db.scalars(select(Response.subject_id))
    assert sorted(rated) == sorted(paper.asked.subject_ids)


def test_a_sheet_about_somebody_who_was_taken_out_meanwhile_is_invalid(
    db: Session, engine: Engine
) -> None:
    confirmed(db, ONE, OTHER)
    asked = channel_of(db, ChannelKind.PAPER, TWO_UNITS)
    channel = opened(engine, asked)
    stack_id = new_stack(db, channel, 2)
    gone, stays = asked.subject_ids
    sheets = [replace(sheet(asked), subject_id=one) for one in (gone, stays)]
    for account in (ONE, OTHER):
        if account == OTHER:
            out = SurveySubject.subject_id == gone
            db.execute(delete(SurveySubject).where(out))
            db.commit()
            channel = opened(engine, asked)
        for position, one in enumerate(sheets, 1):
            told = LookedAt(position, one, account, MAY_1)
            type_sheet(db, channel, stack_id, told)

    ended = only_stack(db)
    assert (ended.sheets, ended.counted, ended.invalid) == (2, 1, 1)
    assert db.scalars(select(Response.subject_id)).all() == [stays]


def test_closing_says_how_many_sheets_will_not_count(app: Flask, db: Session) -> None:
    paper = paper_desk(app, db)
    close = f"/surveys/{paper.asked.survey_id}/close"
    assert "份纸质问卷" not in paper.designer.see(close).text

    paper.open_stack(3)

    assert "3份纸质问卷所在的叠尚未录完" in paper.designer.see(close).text
