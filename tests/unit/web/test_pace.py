"""Replies leave at steps of time that nothing about a ticket can move."""

import pytest
from flask import Blueprint, Flask, Response
from hypothesis import given
from hypothesis import strategies as st

from survey_app.waiting import LATER
from survey_app.web import pace as pacing
from survey_app.web.pace import Pace, hurry, keep_pace


class Watch:
    """A clock that moves by what is slept and by what is worked."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def work(self, seconds: float) -> None:
        self.now += seconds

    def dress(self, reply: Response) -> Response:
        self.work(0.01)
        return reply


@pytest.mark.parametrize(
    ("worked", "leaves"),
    [(0.0, 0.25), (0.001, 0.25), (0.249, 0.25), (0.26, 0.5), (0.5, 0.5), (1.3, 1.5)],
)
def test_a_reply_leaves_at_the_next_quarter_of_a_second(
    worked: float, leaves: float
) -> None:
    assert worked + Pace().remaining(worked) == pytest.approx(leaves)


@given(st.floats(0, 100), st.floats(0.001, 10))
def test_a_reply_leaves_at_a_whole_step_never_before_its_work_is_done(
    worked: float, step: float
) -> None:
    left = Pace(seconds=step).remaining(worked)

    steps = (worked + left) / step
    assert 0 <= left <= step * (1 + 1e-9)
    assert steps == pytest.approx(max(1, round(steps)), abs=1e-6)


def test_no_seconds_means_no_waiting() -> None:
    assert Pace(seconds=0).remaining(0.1) == 0


def app_with(watch: Watch) -> Flask:
    """Return a platform of three pages: two paced, of which one hurries; one free."""
    app, pages = Flask(__name__), Blueprint("paced", __name__)
    keep_pace(pages)
    pacing.init_app(app, Pace(seconds=0.25, clock=watch, sleep=watch.work))

    @pages.get("/slow/<int:thousandths>")
    def slow(thousandths: int) -> str:
        watch.work(thousandths / 1000)
        return "done"

    @pages.get("/fails")
    def fails() -> str:
        watch.work(0.003)
        raise ValueError

    @pages.get("/hurries")
    def hurries() -> str:
        hurry()
        return "done"

    @app.get("/free")
    def free() -> str:
        return "done"

    # What dresses replies later is inside the time as well.
    app.after_request(watch.dress)
    app.register_error_handler(ValueError, lambda _: ("failed", 500))
    app.register_blueprint(pages)
    return app


@pytest.mark.parametrize(
    ("path", "takes"),
    [
        ("/slow/0", 0.25),
        ("/slow/120", 0.25),
        ("/slow/245", 0.5),
        ("/fails", 0.25),
        ("/hurries", 0.01),
        ("/free", 0.01),
    ],
)
def test_paced_pages_wait_whatever_happens_and_others_do_not(
    path: str, takes: float
) -> None:
    watch = Watch()
    client = app_with(watch).test_client()
    before = watch.now

    client.get(path)

    assert watch.now - before == pytest.approx(takes)


@pytest.mark.parametrize("path", ["/slow/0", "/slow/245", "/fails"])
def test_where_the_server_holds_replies_back_nobody_sleeps(path: str) -> None:
    watch, held = Watch(), list[float]()
    before = watch.now

    app_with(watch).test_client().get(path, environ_overrides={LATER: held.append})

    (left,) = held
    assert left > 0
    assert watch.now - before + left in (pytest.approx(0.25), pytest.approx(0.5))
    assert watch.now - before < 0.26


@pytest.mark.parametrize("path", ["/hurries", "/free"])
def test_the_server_holds_back_no_other_reply(path: str) -> None:
    held: list[float] = []

    app_with(Watch()).test_client().get(path, environ_overrides={LATER: held.append})

    assert held == []
