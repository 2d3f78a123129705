"""What a subject is called in a survey is settled once, and read by key."""

from datetime import date

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from survey_app.database import writing
from survey_app.domain.ground.printed_code import channel_code
from survey_app.survey.channels import REMEMBERED, Channels
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.rated import in_order, rated_of
from survey_app.survey.settling.correct import (
    CorrectionAsked,
    confirm_correction,
    request_correction,
)
from survey_app.survey.tables import Channel, RatedSubject
from tests.support.closed_county import opened_county
from tests.support.secret_ballots import confirmed
from tests.support.small_county import MAY_1, County

KEY = b"k" * 32


def _frozen(county: County) -> list[tuple[str, str, str]]:
    told = RatedSubject.shown_name, RatedSubject.shown_place, RatedSubject.initials
    with Session(county.engine) as session:
        ours = select(*told).where(RatedSubject.survey_id == county.survey_id)
        return [(a, b, c) for a, b, c in session.execute(ours.order_by("position"))]


def test_opening_says_what_everybody_is_called(engine: Engine) -> None:
    county = opened_county(engine)

    assert _frozen(county) == [
        ("清河镇", "", "qhz"),
        ("王一", "清河镇 镇长", "wy qhz"),
        ("柳林镇", "", "llz"),
        ("李二", "柳林镇 镇长", "le llz"),
    ]


def correct_to_a_namesake(county: County) -> None:
    """Let the second cadre have been called as the first one is."""
    with Session(writing(county.engine)) as session:
        confirmed(session, "first", "second")
        asked = CorrectionAsked("name=李二", "王一", "file 9", "登记错误")
        number = request_correction(
            session, county.cycle_id, county.other_subject_id, asked,
            account="first", today=MAY_1,
        )  # fmt: skip
        confirm_correction(session, number, account="second", today=date(2026, 5, 2))


def test_a_corrected_name_is_seen_through_a_channel_that_is_remembered(
    engine: Engine,
) -> None:
    county = opened_county(engine)
    now = 100.0
    channels = Channels(engine, KEY, clock=lambda: now)
    with Session(writing(engine)) as session:
        code = channel_code(b"4444", KEY)
        session.add(
            Channel(
                survey_id=county.survey_id,
                code=code,
                rater_group="staff",
                place="",
                subject_id=county.subject_id,
            )
        )
        session.commit()
    assert channels.find(code).subjects[0].name == "王一"

    correct_to_a_namesake(county)
    now += REMEMBERED

    assert channels.find(code).subjects[0].name == "王一（清河镇 镇长）"


def test_a_correction_of_a_name_tells_apart_anew(engine: Engine) -> None:
    county = opened_county(engine)
    correct_to_a_namesake(county)

    found = [(name, place) for name, place, _ in _frozen(county)]

    assert ("王一（清河镇 镇长）", "") in found
    assert ("王一（柳林镇 镇长）", "") in found


def test_a_channel_says_what_the_lists_say(engine: Engine) -> None:
    county = opened_county(engine)
    with Session(writing(engine)) as session:
        rated = {one.id: one for one in rated_of(session, county.survey_id)}
        channel = session.scalars(
            select(Channel).where(Channel.survey_id == county.survey_id)
        ).first()
        assert channel is not None
        code = channel.code
        before = _asked(engine, code)
        session.execute(delete(RatedSubject))
        session.commit()

    # Without frozen facts, as in a draft, the roster is asked about everybody.
    assert _asked(engine, code).subjects == before.subjects
    assert [one.name for one in before.subjects] == [
        rated[one.id].name for one in before.subjects
    ]


def _asked(engine: Engine, code: str) -> OpenChannel:
    return Channels(engine, KEY).find(code)


def test_positions_are_those_of_every_list(engine: Engine) -> None:
    county = opened_county(engine)

    with Session(engine) as session:
        rows = session.execute(
            select(RatedSubject.subject_id)
            .where(RatedSubject.survey_id == county.survey_id)
            .order_by(RatedSubject.position)
        )
        listed = [row.subject_id for row in rows]
        rated = rated_of(session, county.survey_id)

    ours = {one.id for one in rated}
    assert [one for one in listed if one in ours] == [one.id for one in in_order(rated)]
