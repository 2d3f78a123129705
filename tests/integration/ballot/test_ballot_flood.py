"""Guessing, timing and faults: what they cost us, and what they tell nobody."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from survey_app import create_app
from survey_app.settings import Settings
from survey_app.web.ballot.pages import FAILED_CODES
from survey_app.web.pace import SPREAD, Pace
from tests.conftest import FixedClock
from tests.support.open_box import Box, Voter, unissued_code
from tests.support.respondents import shown


class Watch:
    """Remembers how long replies were asked to wait, and waits not at all."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


@contextmanager
def paced(settings: Settings, clock: FixedClock, watch: Watch) -> Iterator[Flask]:
    """The platform with its waiting watched; a request takes no time at all."""
    pace = Pace(seconds=0.25, clock=lambda: 0.0, sleep=watch.sleep)
    app = create_app(settings, clock=clock, pace=pace)
    yield app
    app.extensions["survey_engine"].dispose()
    app.extensions["survey_ballots"].dispose()


def test_ballots_and_refusals_wait_alike_and_typing_errors_do_not(
    settings: Settings, clock: FixedClock, box: Box
) -> None:
    watch = Watch()
    with paced(settings, clock, watch) as app:
        voter = Voter(app.test_client(), box.codes[0])
        voter.open()
        voter.send({})
        voter.send(box.answers())
        voter.send(box.answers())
        Voter(app.test_client(), unissued_code()).open()
        assert watch.waits == [0.25] * 5

        Voter(app.test_client(), "typing error").open()
        app.test_client().get("/b")
        app.test_client().get("/")
        assert watch.waits == [0.25] * 5


def test_guesses_by_the_dozen_are_sent_away_at_once_and_honest_codes_are_not(
    settings: Settings, clock: FixedClock, box: Box
) -> None:
    watch = Watch()
    with paced(settings, clock, watch) as app:
        client = app.test_client()
        failed = {
            Voter(client, unissued_code()).open().status_code
            for _ in range(FAILED_CODES)
        }
        watch.waits.clear()

        guess = Voter(client, unissued_code()).open("?lang=en")
        waited = list(watch.waits)
        honest = Voter(client, box.codes[0])

        assert failed == {403}
        assert (guess.status_code, waited) == (429, [])
        assert 1 <= int(guess.headers["Retry-After"]) <= 60 + SPREAD
        assert "A code that works is taken at any time." in shown(guess).text
        assert honest.open().status_code == 200
        assert honest.send(box.answers()).status_code == 200
        elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
        code = {"code": unissued_code()}
        again = client.post("/b", data=code, environ_base=elsewhere)
        assert again.status_code == 403


def test_a_fault_is_logged_by_its_type_alone(
    app: Flask, box: Box, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*told: object) -> None:
        raise ValueError(box.codes[0])

    served = app.extensions["survey_ballots"]
    event.listen(served, "before_cursor_execute", fail)
    with caplog.at_level(logging.DEBUG):
        sent = Voter(app.test_client(), box.codes[0]).send(box.answers("bad"))
    event.remove(served, "before_cursor_execute", fail)

    assert sent.status_code == 500
    assert [r.getMessage() for r in caplog.records] == ["ballot fault ValueError"]
    assert [r.exc_info for r in caplog.records] == [None]
    assert box.codes[0] not in sent.text
