"""What several processes let in is added up, and forgotten with the minute."""

import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from survey_app.counted_together import (
    Sums,
    SumsInDatabase,
    SumsInRedis,
    Together,
    memory_of_this_machine,
)
from survey_app.domain.ground.refusals import TooManyRequests
from survey_app.web.pace import SHARED_FROM, Flood

HOME = "203.0.113.7"
LIMIT = 80


class Wall:
    """The time of day, moved by hand."""

    now = 6000.0

    def __call__(self) -> float:
        return self.now


class Machine:
    """One process: its flood guard, and the second at which it meets the others."""

    def __init__(self, sums: Callable[[], Sums], wall: Wall) -> None:
        self.meet: Callable[[], bool] = lambda: False
        self.meetings = 0
        together = Together(sums, b"secret", clock=wall, run=self._begin)
        self.flood = Flood(LIMIT, clock=wall, together=together)

    def _begin(self, meet: Callable[[], bool]) -> None:
        self.meet = meet
        self.meetings += 1
        meet()

    def let_in(self, most: int) -> int:
        """Return how many of so many answers were let in."""
        for number in range(most):
            try:
                self.flood.admit("A", HOME)
            except TooManyRequests:
                return number
        return most


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of our own that writes nothing down."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("the package redis-server is not installed")
    socket = tmp_path_factory.mktemp("redis") / "socket"
    told = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--daemonize"]
    with subprocess.Popen([program, *told, "no"], stdout=subprocess.DEVNULL) as server:
        try:
            yield f"unix://{socket}"
        finally:
            server.terminate()


@pytest.fixture(params=["memory", "redis"])
def sums(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Sums]:
    """Where all processes add up."""
    if request.param == "memory":
        return lambda: SumsInDatabase(memory_of_this_machine(tmp_path, "office"))
    url, office = request.getfixturevalue("redis_url"), secrets.token_hex(4)
    answering = SumsInRedis(url, office)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(OSError):
            answering.begin(0)
            break
        time.sleep(0.01)  # nothing signals that a foreign process listens
    return lambda: SumsInRedis(url, office)


def test_two_processes_let_in_what_one_may(
    sums: Callable[[], Sums], wall: Wall
) -> None:
    one, two = Machine(sums, wall), Machine(sums, wall)
    assert one.let_in(LIMIT - 10) == LIMIT - 10
    one.meet()

    let_in = two.let_in(LIMIT // SHARED_FROM + 3)  # now they are many here too
    two.meet()
    let_in += two.let_in(LIMIT)

    # Of every process an eighth is never told.
    assert LIMIT <= LIMIT - 10 + let_in <= LIMIT + 2 * LIMIT // SHARED_FROM


def test_of_a_household_nothing_leaves_the_process(
    sums: Callable[[], Sums], wall: Wall
) -> None:
    one = Machine(sums, wall)

    one.let_in(LIMIT // SHARED_FROM)

    assert one.meetings == 0


def test_what_added_nothing_is_taken_back_everywhere(
    sums: Callable[[], Sums], wall: Wall
) -> None:
    one = Machine(sums, wall)
    one.let_in(LIMIT // SHARED_FROM + 1)
    for _ in range(3 * LIMIT):
        one.flood.admit("A", HOME)
        one.flood.give_back("A", HOME)


def test_nothing_outlives_a_minute_of_quiet(
    sums: Callable[[], Sums], wall: Wall
) -> None:
    one = Machine(sums, wall)
    one.let_in(LIMIT)
    assert one.meet()
    keys = {sums().begin(int(wall.now) // 60)}

    wall.now += 60
    assert one.meet(), "the last minute was not quiet"
    keys.add(sums().begin(int(wall.now) // 60))
    assert one.let_in(LIMIT) == LIMIT
    wall.now += 60
    assert one.meet()
    wall.now += 60
    assert not one.meet(), "nobody came"
    assert len(keys) == 2


def out_of_reach() -> Sums:
    raise OSError


def test_each_counts_for_itself_where_nobody_adds_up(wall: Wall) -> None:
    one = Machine(out_of_reach, wall)

    assert one.let_in(2 * LIMIT) == LIMIT
