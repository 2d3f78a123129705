"""Channels that are flagged or set aside: the result with and without, and alerts."""

import secrets
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from survey_app.analytics.kept.closing import STEPS
from survey_app.analytics.with_and_without import Readings, with_and_without
from survey_app.audit.integrity import findings
from survey_app.domain.counting.channel_flags import Flag
from survey_app.domain.ground import refusals
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.survey import flags
from survey_app.survey.closing import close_survey
from survey_app.survey.counters import tally_of
from survey_app.survey.crowds import CROWD, Crowds
from survey_app.survey.intake import Intake
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.parts import add_channel
from survey_app.survey.recount import count_answers
from survey_app.survey.set_aside import (
    ask_to_set_aside,
    channels_aside,
    grant_set_aside,
    withdraw_set_aside,
)
from survey_app.survey.tables import Channel, Survey
from survey_app.survey.ways_in import ways_in
from tests.support.drafts import KEY, Draft, ready
from tests.support.office import MANAGER, READER, desk
from tests.support.secret_ballots import FIRST, SECOND, confirmed
from tests.support.small_county import MAY_1

WHY = "同一时段连续提交，现场无人"


@pytest.fixture
def opened(db: Session) -> Draft:
    """An open survey, with a second poster for the residents about the first one."""
    made = ready(db)
    add_channel(
        db, made.survey_id, rater_group="residents", subject_id=made.subject_ids[0],
        place="广场", key=KEY,
    )  # fmt: skip
    open_survey(db, made.survey_id, today=MAY_1)
    return made


def poster(db: Session, made: Draft, place: str = "") -> int:
    """Return the residents' channel about the first subject that hangs there."""
    found = db.scalars(
        select(Channel.id).where(
            Channel.rater_group == "residents",
            Channel.subject_id == made.subject_ids[0],
            Channel.place == place,
        )
    ).one()
    db.rollback()  # stands in nobody's way
    return found


def answer(
    engine: Engine, made: Draft, channel: int, *, good: int, bad: int, days: int = 1
) -> None:
    """Let so many residents answer about the first subject through a channel.

    On one day, or as many of them on each of `days`.
    """
    intake = Intake(engine, slots=1)
    for number, pick in enumerate(["good"] * good + ["bad"] * bad):
        intake.keep(
            NewResponse(
                survey_id=made.survey_id, channel_id=channel, rater_group="residents",
                subject_id=made.subject_ids[0], picks=(("overall", pick),),
                comment="", receipt=secrets.token_bytes(10),
            ),
            today=MAY_1 + timedelta(number % days),
        )  # fmt: skip


def ask(db: Session, channel: int, account: str = FIRST) -> None:
    ask_to_set_aside(db, channel, reason=WHY, account=account, today=MAY_1)


def grant(db: Session, channel: int, account: str = SECOND) -> None:
    grant_set_aside(db, channel, account=account, today=MAY_1)


def readings(db: Session, made: Draft) -> tuple[Readings, ...]:
    """Return the result with and without, the survey being closed."""
    survey = db.get_one(Survey, made.survey_id)
    scheme = survey.cycle.rules
    return with_and_without(db, survey, scheme=scheme, today=date(2026, 6, 1))


def residents(one: Readings, name: str) -> tuple[int | None, object]:
    """Return how many residents a reading speaks of, and their score."""
    numbers = dict(one.told)[name]
    (group,) = (group for group in numbers.groups if group.key == "residents")
    return group.n, group.score


class TestSettingAside:
    """Two people decide before the numbers are known."""

    def test_it_takes_two_and_can_be_taken_back_until_the_closing(
        self, db: Session, opened: Draft
    ) -> None:
        confirmed(db, FIRST, SECOND)
        square = poster(db, opened, "广场")
        with pytest.raises(refusals.NotFound):
            grant(db, square)
        ask(db, square)
        with pytest.raises(refusals.VoidingAsked):
            ask(db, square, SECOND)
        with pytest.raises(refusals.TwoAccountsNeeded):
            grant(db, square, FIRST)
        withdraw_set_aside(db, square)
        assert channels_aside(db, opened.survey_id) == set()
        ask(db, square)
        grant(db, square)
        assert channels_aside(db, opened.survey_id) == {square}
        ask(db, square, SECOND)
        grant(db, square, FIRST)
        assert channels_aside(db, opened.survey_id) == set()

        close_survey(db, opened.survey_id, steps=STEPS)
        with pytest.raises(refusals.SurveyClosed):
            ask(db, square)

    def test_what_is_set_aside_does_not_count_and_stands_beside_the_result(
        self, engine: Engine, db: Session, opened: Draft
    ) -> None:
        confirmed(db, FIRST, SECOND)
        hall, square = poster(db, opened), poster(db, opened, "广场")
        answer(engine, opened, hall, good=45, bad=15, days=15)
        answer(engine, opened, square, good=0, bad=60)
        ask(db, square)
        grant(db, square)

        close_survey(db, opened.survey_id, steps=STEPS)

        subject = opened.subject_ids[0]
        tally = tally_of(db, survey_id=opened.survey_id, subject_id=subject)
        assert tally["residents"]["overall"] == {"good": 45, "bad": 15}
        (one,) = readings(db, opened)
        assert residents(one, "decided") == (60, 75)
        assert residents(one, "everything") == (120, 37.5)
        assert "without" not in dict(one.told)
        db.rollback()
        assert {found.kind for found in findings(engine, None)} <= {"receipts"}

    def test_a_few_people_are_not_shown_by_the_difference(
        self, engine: Engine, db: Session, opened: Draft
    ) -> None:
        confirmed(db, FIRST, SECOND)
        hall, square = poster(db, opened), poster(db, opened, "广场")
        answer(engine, opened, hall, good=45, bad=15, days=15)
        answer(engine, opened, square, good=0, bad=3)
        ask(db, square)
        grant(db, square)

        close_survey(db, opened.survey_id, steps=STEPS)

        (one,) = readings(db, opened)
        assert one.is_withheld
        assert [name for name, _ in one.told] == ["decided"]


class TestFlags:
    """What is found when a survey closes, and when somebody asks."""

    def test_a_burst_is_flagged_counts_and_is_shown_without(
        self, engine: Engine, db: Session, opened: Draft
    ) -> None:
        hall, square = poster(db, opened), poster(db, opened, "广场")
        answer(engine, opened, hall, good=45, bad=15, days=15)
        answer(engine, opened, square, good=0, bad=120)

        close_survey(db, opened.survey_id, steps=STEPS)

        flag = {one.channel_id: one for one in flags.flags_kept(db, opened.survey_id)}[
            square
        ]
        assert (flag.channel_id, flag.flag, flag.found) == (square, Flag.BURST, 120)
        assert square in flags.undecided(db, opened.survey_id)
        (one,) = readings(db, opened)
        assert residents(one, "decided") == (180, 25)
        assert residents(one, "without") == (60, 75)

    def test_slips_prove_more_than_posters_until_something_is_unusual(
        self, engine: Engine, db: Session, opened: Draft
    ) -> None:
        slips = {"kind": ChannelKind.SLIPS, "codes_out": 50}
        db.execute(update(Channel).values(slips))
        db.commit()
        subject, hall = opened.subject_ids[0], poster(db, opened)
        assert not ways_in(db, opened.survey_id).is_open("residents", subject)
        turnout = ways_in(db, opened.survey_id).turnout("residents", subject)
        assert turnout is not None
        assert turnout.membership == 100, "two channels lead there"
        db.rollback()

        answer(engine, opened, hall, good=0, bad=51)
        close_survey(db, opened.survey_id, steps=STEPS)

        found = {one.flag for one in flags.flags_kept(db, opened.survey_id)}
        assert found == {Flag.SLIPS}
        assert ways_in(db, opened.survey_id).is_open("residents", subject)

    def test_quarters_with_a_crowd_are_kept_until_the_closing_and_no_others(
        self, engine: Engine, db: Session, opened: Draft
    ) -> None:
        clock = [datetime(2026, 5, 1, 4, 2, tzinfo=UTC)]
        crowds = Crowds(engine, "Asia/Shanghai", lambda: clock[0])
        way = opened.survey_id, poster(db, opened)
        for _ in range(CROWD - 1):
            crowds.came([way])
        assert db.scalars(select(flags.ChannelRush)).all() == []
        db.rollback()
        clock[0] += timedelta(minutes=15)
        crowds.came([way] * (2 * CROWD + 3))
        kept = db.scalars(select(flags.ChannelRush)).one()
        assert (kept.day, kept.quarter, kept.count) == (MAY_1, 49, 2 * CROWD)
        db.rollback()

        close_survey(db, opened.survey_id, steps=STEPS)
        assert db.scalars(select(flags.ChannelRush)).all() == []


class TestPages:
    """What the office reads of it, in words."""

    def test_the_page_says_who_could_answer_and_what_is_unusual(
        self, app: Flask, engine: Engine, db: Session, opened: Draft
    ) -> None:
        hall, square = poster(db, opened), poster(db, opened, "广场")
        answer(engine, opened, hall, good=45, bad=15, days=15)
        answer(engine, opened, square, good=0, bad=120)
        at = f"/surveys/{opened.survey_id}/trust?lang=en"
        organizer = desk(app, db, MANAGER)
        before = organizer.see(at).text
        assert "Whoever came by could answer, as often as he liked" in before
        assert "Reason: 试扫" in before
        assert "Nobody has looked yet." in before
        db.rollback()

        close_survey(db, opened.survey_id, steps=STEPS)

        reader = desk(app, db, READER)
        after = reader.see(at).text
        assert "A day with far more answers than the others." in after
        assert "without flagged channels" in after
        assert "75.00" in after
        assert "120" not in after, "no number of a channel is told after the end"
        results = reader.see(f"/surveys/{opened.survey_id}/results?lang=en")
        assert "Reason: 试扫" in results.text

    def test_two_accounts_set_a_channel_aside_on_the_page(
        self, app: Flask, db: Session, opened: Draft
    ) -> None:
        square = poster(db, opened, "广场")
        first = desk(app, db, MANAGER, username=FIRST)
        second = desk(app, db, MANAGER, username=SECOND)
        confirmed(db, FIRST, SECOND)
        at = f"/channels/{square}/set-aside"
        assert first.send(at, reason="").status_code == 422
        assert first.send(at, reason=WHY).status_code == 303
        assert WHY in second.see(at).text
        assert first.send(f"{at}/grant").status_code == 403
        assert WHY in first.see(f"/surveys/{opened.survey_id}").text
        assert second.send(f"{at}/grant").status_code == 303
        assert channels_aside(db, opened.survey_id) == {square}

    def test_closing_says_that_a_decision_waits(
        self, app: Flask, engine: Engine, db: Session, opened: Draft
    ) -> None:
        organizer, at = desk(app, db, MANAGER), f"/surveys/{opened.survey_id}"
        before = organizer.see(f"{at}/close?lang=en").text
        assert "Nobody has looked yet" in before
        answer(engine, opened, poster(db, opened), good=45, bad=15, days=15)
        answer(engine, opened, poster(db, opened, "广场"), good=0, bad=120)
        counted = count_answers(db, opened.survey_id)
        survey = db.get_one(Survey, opened.survey_id)
        found = flags.look_for_flags(db, survey, counted, through=False)
        db.rollback()
        flags.keep_flags(db, opened.survey_id, found)
        db.commit()

        after = organizer.see(f"{at}/close?lang=en").text

        assert "1 channel is flagged as unusual and counts." in after
        trust = organizer.see(f"{at}/trust?lang=en").text
        assert "A day with 120 answers; usual are 0." in trust
