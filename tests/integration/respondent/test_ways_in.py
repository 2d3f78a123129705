"""How a channel lets people in: slips once, a screen for minutes, stopped nobody."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.survey.responses import Receipt, Response
from survey_app.survey.slips import give_out_slips
from survey_app.survey.tables import Channel
from survey_app.web.screen_address import screen_address
from tests.support.respondents import (
    GOOD,
    Asked,
    Plan,
    Respondent,
    ask_about,
    shown,
)

MAY_1 = date(2026, 5, 1)
TWO_UNITS = Plan(units=("清河镇", "柳林镇"))


def let_in(db: Session, asked: Asked, kind: ChannelKind) -> None:
    """Let the one channel be of this kind."""
    db.execute(update(Channel).values(kind=kind).where(Channel.id == asked.channel_id))
    db.commit()


def slips_of(db: Session, asked: Asked, number: int = 3) -> list[str]:
    """Return slips of a channel that needs them from now on."""
    let_in(db, asked, ChannelKind.SLIPS)
    key = asked.key.encode()
    return give_out_slips(db, asked.channel_id, number=number, key=key)


def filled(holder: Respondent, **picks: str) -> dict[str, str]:
    """Return the form of a freshly scanned page, everything good."""
    return {**GOOD, "submission": holder.scan().submission, **picks}


def answers(db: Session) -> int:
    """Return how many answers are kept."""
    db.rollback()  # sees what others wrote, and stands in nobody's way
    number = db.scalar(select(func.count()).select_from(Response)) or 0
    db.rollback()
    return number


class TestSlips:
    """One slip, one answer."""

    def test_a_slip_counts_once_from_whatever_page_it_is_sent(
        self, client: FlaskClient, db: Session
    ) -> None:
        first, other, _ = slips_of(db, ask_about(db))
        phones = [Respondent(client, first), Respondent(client, first)]
        forms = [filled(one) for one in phones]

        sent = [one.send(form) for one, form in zip(phones, forms, strict=True)]

        assert sent[0].status_code == 303
        assert "只计一次" in shown(sent[1]).text
        assert answers(db) == 1
        again = Respondent(client, first).scan("?lang=en")
        assert "This slip was used" in again.text
        assert sent[0].location.rpartition("/")[2] in again.text
        assert not again.named("submission"), "nothing can be sent with it"
        another = Respondent(client, other)
        assert another.send(filled(another)).status_code == 303
        assert answers(db) == 2

    def test_the_code_alone_or_a_forged_slip_lets_nobody_in(
        self, client: FlaskClient, db: Session
    ) -> None:
        asked = ask_about(db)
        slip = slips_of(db, asked)[0]
        form = filled(Respondent(client, slip))
        forged = slip[:-1] + ("0" if slip[-1] != "0" else "1")

        for code in (asked.code, forged):
            assert client.get(f"/s/{code}").status_code == 403
            assert Respondent(client, code).send(form).status_code == 403
        assert answers(db) == 0

    def test_a_slip_of_another_channel_lets_nobody_in(
        self, client: FlaskClient, db: Session
    ) -> None:
        here, there = ask_about(db), ask_about(db)
        slip = slips_of(db, there)[0]
        slips_of(db, here)

        assert client.get(f"/s/{here.code}{slip[10:]}").status_code == 403

    def test_a_slip_that_lets_choose_is_good_once_for_each_subject(
        self, client: FlaskClient, db: Session
    ) -> None:
        asked = ask_about(db, TWO_UNITS)
        slip = slips_of(db, asked)[0]
        one, other = map(str, asked.subject_ids)
        sent = []
        for subject in (one, one, other):
            holder = Respondent(client, slip)
            form = filled(holder, subject=subject)
            sent.append(holder.send(form).status_code)

        assert sent == [303, 200, 303]
        rated = db.scalars(select(Response.subject_id))
        assert sorted(rated) == sorted(asked.subject_ids)

    def test_nothing_in_the_database_leads_from_a_slip_to_its_answer(
        self, client: FlaskClient, db: Session
    ) -> None:
        slip = slips_of(db, ask_about(db))[0]
        holder = Respondent(client, slip)
        holder.send(filled(holder))

        kept = [repr(row) for row in db.execute(select(Response.__table__)).all()]
        kept += [repr(row) for row in db.execute(select(Receipt.__table__)).all()]
        assert len(kept) == 2
        assert not [row for row in kept if slip[10:] in row or slip[10:18] in row]

    @pytest.mark.parametrize("typed", ["{}", " {} ", "编号：{}。", "{}/", "{}-"])
    def test_a_slip_is_read_however_it_is_typed(
        self, client: FlaskClient, db: Session, typed: str
    ) -> None:
        slip = slips_of(db, ask_about(db))[0]
        printed = "-".join(slip[start : start + 4] for start in range(0, 28, 4))
        for code in (slip, printed, printed.lower()):
            found = client.post("/s", data={"code": typed.format(code)})
            assert found.status_code == 303
            assert found.location.rpartition("/")[2].startswith(slip)

    def test_its_page_says_nothing_of_the_slip_in_its_text(
        self, client: FlaskClient, db: Session
    ) -> None:
        slip = slips_of(db, ask_about(db))[0]

        page = client.get(f"/s/{slip}").get_data(as_text=True)

        assert slip[10:] not in page


class TestScreen:
    """A code that changes: whoever answers was there."""

    def test_the_code_of_the_screen_lets_in_for_a_few_minutes(
        self, app: Flask, client: FlaskClient, db: Session
    ) -> None:
        asked = ask_about(db)
        let_in(db, asked, ChannelKind.SCREEN)
        clock = _Clock(app)
        settings = app.extensions["survey_respondent"].settings
        screen = screen_address(settings, asked.code)
        page = client.get(screen[screen.index("/w/") :]).get_data(as_text=True)
        (code,) = set(re.findall(r"/[sS]/([0-9A-Z]{14})", page))
        visitor = Respondent(client, code)
        form = filled(visitor)
        assert client.get(f"/s/{asked.code}").status_code == 403

        clock.forward(minutes=4)
        assert client.get(f"/s/{code}").status_code == 200
        clock.forward(minutes=20)
        assert client.get(f"/s/{code}").status_code == 403
        sent = visitor.send(form)

        assert sent.status_code == 303, "whoever got the page may take his time"
        assert answers(db) == 1

    def test_nobody_shows_the_code_without_the_address_of_the_screen(
        self, app: Flask, client: FlaskClient, db: Session
    ) -> None:
        asked = ask_about(db)
        settings = app.extensions["survey_respondent"].settings
        screen = screen_address(settings, asked.code)
        assert client.get(screen[screen.index("/w/") :]).status_code == 404
        let_in(db, asked, ChannelKind.SCREEN)
        app.extensions["survey_respondent"].channels.forget()

        assert client.get(f"/w/{asked.code}").status_code == 404
        assert client.get(f"/w/{asked.code}{'0' * 20}").status_code == 404
        assert client.get(screen[screen.index("/w/") :]).status_code == 200


class _Clock:
    """The clock of an app, to be set forward."""

    def __init__(self, app: Flask) -> None:
        read, zone = app.extensions["survey_clock"]
        self.now: datetime = read()
        app.extensions["survey_clock"] = (lambda: self.now.astimezone(UTC), zone)

    def forward(self, *, minutes: int) -> None:
        """Let so many minutes pass."""
        self.now += timedelta(minutes=minutes)


@pytest.mark.parametrize("kind", [ChannelKind.PAPER, ChannelKind.PHONE])
def test_what_others_type_in_has_no_page(
    client: FlaskClient, db: Session, kind: ChannelKind
) -> None:
    asked = ask_about(db)
    let_in(db, asked, kind)

    assert client.get(f"/s/{asked.code}").status_code == 404
