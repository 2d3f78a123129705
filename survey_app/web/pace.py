"""Replies about ballots leave at a constant time, whatever was found out meanwhile.

Between a ticket that is unknown and one that is used lie microseconds of a database's
work; whoever measures replies must not be able to tell them apart. So a reply waits
until a quarter of a second after the request came, or, where the work took longer,
until the next quarter.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app, g


@dataclass(frozen=True, slots=True)
class Pace:
    """How long replies wait; zero seconds, as tests like it, is not at all."""

    seconds: float = 0.25
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def wait(self, arrived: float) -> None:
        """Return once a reply to what arrived then (clock, in seconds) may leave."""
        left = self.remaining(self.clock() - arrived)
        if left > 0:
            self.sleep(left)

    def remaining(self, passed: float) -> float:
        """Return the seconds from now to the next step, the first one being the floor.

        `passed` is how long the request has been here, in seconds.
        """
        if self.seconds <= 0:
            return 0.0
        steps = max(1, math.ceil(passed / self.seconds))
        return max(0.0, steps * self.seconds - passed)


def init_app(app: Flask, pace: Pace) -> None:
    """Let paced replies wait; call before anything else that dresses replies.

    What is registered first runs last, so that drawing and compressing are inside.
    """
    app.extensions["survey_pace"] = pace

    def leave(response: Response) -> Response:
        arrived = g.pop("arrived", None)
        if arrived is not None:
            pace.wait(arrived)
        return response

    app.after_request(leave)


def keep_pace(pages: Blueprint) -> None:
    """Let every reply of these pages wait, unless its view calls `hurry`."""
    pages.before_request(_arrive)


def hurry() -> None:
    """Let this reply leave at once: it depends on nothing that is kept."""
    g.pop("arrived", None)


def _arrive() -> None:
    pace: Pace = current_app.extensions["survey_pace"]
    g.arrived = pace.clock()
