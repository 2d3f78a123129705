"""Respondents are answered in the event loop, and nobody who waits holds it up."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from contextvars import ContextVar
from queue import Queue
from typing import Any

import pytest

from survey_app.waiting import Flights, apart, wait_for
from tests.support.looped import PATIENCE, Looped, heard, looped

WHO: ContextVar[str] = ContextVar("who")
MANY = 40


class Program:
    """Pages that wait in every way there is; what they wait for is the test's."""

    def __init__(self) -> None:
        self.tickets: Queue[Future[str]] = Queue()
        self.released = threading.Event()
        self.flights = Flights()
        self.flown = 0

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        WHO.set(path)
        page: Callable[[], str] = getattr(self, path.split("/")[2])
        body = page()
        assert WHO.get() == path  # nobody else was in our place
        start("200 OK", [("Content-Type", "text/plain")])
        return [body.encode()]

    def quick(self) -> str:
        return threading.current_thread().name

    def ticket(self) -> str:
        mine: Future[str] = Future()
        self.tickets.put(mine)
        return wait_for(mine)

    def settled(self) -> str:
        done: Future[str] = Future()
        done.set_result("at once")
        return wait_for(done)

    def beside(self) -> str:
        return apart(self._blocked)

    def together(self) -> str:
        return self.flights.once("one thing", self._flown)

    def fault(self) -> str:
        self.ticket()
        raise KeyError("what somebody wrote")

    def _blocked(self) -> str:
        assert self.released.wait(PATIENCE)
        return f"{threading.current_thread().name} for {WHO.get()}"

    def _flown(self) -> str:
        self.flown += 1
        return self._blocked()


@pytest.fixture
def program() -> Program:
    return Program()


@pytest.fixture
def server(program: Program) -> Iterator[Looped]:
    with looped(program, threads=1) as running:
        yield running


def test_more_may_wait_than_there_are_threads(server: Looped, program: Program) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(server.asked("/s/ticket")) for _ in range(MANY)]
        tickets = [program.tickets.get(timeout=PATIENCE) for _ in range(MANY)]

        assert server.page("/s/quick")

        for number, ticket in enumerate(tickets):
            ticket.set_result(str(number))
        said = {heard(line) for line in lines}

    assert said == {(200, str(number)) for number in range(MANY)}


def test_what_is_ready_needs_no_thread_and_what_blocks_has_one(
    server: Looped, program: Program
) -> None:
    with server.asked("/s/beside") as line:
        in_the_loop = server.page("/s/quick")
        assert server.page("/s/settled") == "at once"
        program.released.set()
        _, beside = heard(line)

    assert beside == "answer_0 for /s/beside"
    assert not in_the_loop.startswith("answer")
    assert server.page("/office/quick").startswith("answer")


def test_a_crowd_that_asks_for_one_thing_has_it_made_once(
    server: Looped, program: Program
) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(server.asked("/s/together")) for _ in range(MANY)]
        for _ in range(3):
            server.page("/s/quick")
        program.released.set()
        said = {heard(line) for line in lines}

    assert said == {(200, "answer_0 for /s/together")}
    assert program.flown == 1


def test_what_is_sent_in_one_go_is_answered_in_its_order(
    server: Looped, program: Program
) -> None:
    both = "GET /s/ticket HTTP/1.1\r\nHost: x\r\n\r\nGET /s/quick HTTP/1.1\r\n\r\n"
    with server.connected() as line:
        line.sendall(both.encode())
        program.tickets.get(timeout=PATIENCE).set_result("first")
        first = line.recv(len("HTTP/1.1 200 OK"))

        assert first == b"HTTP/1.1 200 OK"
        rest = b""
        while b"text/plain" not in rest.partition(b"first")[2]:
            rest += line.recv(4096)


def test_a_fault_after_waiting_is_a_page_and_logged_by_its_type(
    server: Looped, program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    with server.asked("/s/fault") as line:
        program.tickets.get(timeout=PATIENCE).set_result("")

        assert heard(line) == (500, "declined\n")

    assert caplog.messages == ["fault KeyError"]


def test_who_leaves_while_he_waits_disturbs_nobody(
    server: Looped, program: Program
) -> None:
    with server.asked("/s/ticket"):
        ticket = program.tickets.get(timeout=PATIENCE)
    server.page("/s/quick")

    ticket.set_result("too late")

    assert server.page("/s/quick")


def test_a_connection_stays_for_the_next_request(server: Looped) -> None:
    with server.asked("/s/quick") as line:
        assert heard(line)[0] == 200
        line.sendall(b"GET /s/quick HTTP/1.1\r\nHost: x\r\n\r\n")

        assert heard(line)[0] == 200


def test_a_connection_ends_for_who_can_use_it_once(server: Looped) -> None:
    with server.asked("/s/quick", version="1.0") as line:
        assert heard(line)[0] == 200
        assert line.recv(8) == b""
