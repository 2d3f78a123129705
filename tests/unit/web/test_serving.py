"""A whole request becomes a WSGI environment, and what the program makes a reply."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any

import pytest

from survey_app.serving.application import Application, Hold, environ_of
from survey_app.serving.connection import LARGEST_BODY, LARGEST_OFFICE_BODY
from survey_app.serving.pieces import AT_ONCE
from survey_app.serving.unread import replies
from survey_app.waiting import LATER
from survey_app.web.sent_body import LARGEST_WASTE
from survey_app.web.uploads import MOST

SCOPE: dict[str, Any] = {
    "method": "POST",
    "raw_path": b"/s/%E6%B2%A1",
    "query_string": b"lang=en&a=%20",
    "http_version": "1.1",
    "scheme": "http",
    "server": ("127.0.0.1", 8000),
    "client": ("192.0.2.7", 4711),
    "headers": [
        (b"host", b"survey.example"),
        (b"content-type", b"text/plain"),
        (b"content-length", b"999"),
        (b"x-forwarded-for", b"1.1.1.1"),
        (b"x-forwarded-for", b"2.2.2.2"),
        (b"x_forwarded_for", b"3.3.3.3"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
    ],
}


def answered(program: Any, *, leaves_after: int = 99, **asked: Any) -> list[Any]:
    """Return what a program's answer to the request sends.

    `leaves_after` says after how many messages nobody is there any more.
    """
    sent: list[Any] = []
    left = asyncio.Event()
    whole = [{"type": "http.request", "body": b"whole", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if whole:
            return whole.pop()
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if len(sent) == leaves_after:
            left.set()
            await asyncio.sleep(0)

    async def answer() -> None:
        application = Application(program, replies(program), threads=2)
        await application({**SCOPE, **asked}, receive, send)

    # A thread of its own: the browser tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(answer())).result()
    return sent


def test_the_environment_says_what_came() -> None:
    environ = environ_of(SCOPE, b"whole")

    assert environ["PATH_INFO"].encode("latin-1").decode() == "/s/没"
    assert environ["QUERY_STRING"] == "lang=en&a=%20"
    assert environ["REMOTE_ADDR"] == "192.0.2.7"
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "5")
    assert environ["HTTP_X_FORWARDED_FOR"] == "1.1.1.1,2.2.2.2"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["wsgi.input"].read() == b"whole"
    assert "HTTP_CONTENT_LENGTH" not in environ


def test_a_body_without_a_length_has_one_once_it_is_whole() -> None:
    chunked = {**SCOPE, "headers": [(b"transfer-encoding", b"chunked")]}

    assert environ_of(chunked, b"ab")["CONTENT_LENGTH"] == "2"
    assert "HTTP_TRANSFER_ENCODING" not in environ_of(chunked, b"ab")
    assert "CONTENT_LENGTH" not in environ_of({**SCOPE, "headers": []}, b"")


def test_what_the_program_yields_is_sent_whole_and_closed() -> None:
    closed = []

    class Pages:
        def __iter__(self) -> Iterator[bytes]:
            return iter((b"one ", b"two"))

        def close(self) -> None:
            closed.append(True)

    def program(environ: dict[str, Any], start: Any) -> Pages:
        start("200 OK", [("X-A", "1"), ("Date", "now")])
        return Pages()

    start, body = answered(program)

    assert (start["status"], body["body"], closed) == (200, b"one two", [True])
    assert start["headers"] == [(b"X-A", b"1"), (b"content-length", b"7")]


POSTERS: dict[str, Any] = {"method": "GET", "raw_path": b"/office/posters"}
PIECE = b"p" * AT_ONCE
SEEN: ContextVar[str] = ContextVar("seen")


class Posters:
    """A program whose body grows while it is sent."""

    def __init__(self, *, fails_at: int = 99) -> None:
        self.made, self.closed, self.fails_at = 0, False, fails_at

    def __call__(self, _: dict[str, Any], start: Any) -> "Posters":
        SEEN.set("by this request")
        start("200 OK", [("X-A", "1")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(4):
            self.made += 1
            if self.made == self.fails_at:
                raise KeyError("what somebody wrote")
            assert SEEN.get() == "by this request"  # in whichever thread
            yield PIECE

    def close(self) -> None:
        self.closed = True


def test_what_the_office_makes_piece_by_piece_is_sent_so() -> None:
    program = Posters()

    start, *parts = answered(program, **POSTERS)

    assert start["headers"] == [(b"X-A", b"1")]  # and no length: nobody knows it
    assert [part["body"] for part in parts] == [PIECE] * 4 + [b""]
    assert [part["more_body"] for part in parts] == [True] * 4 + [False]
    assert program.closed


def test_an_empty_piece_says_that_what_was_made_is_sent_at_once() -> None:
    def program(_: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [])
        return [b"", b"5 %", b"", b"", b"10 %", b" and", b""]

    _, *parts = answered(program, **POSTERS)

    assert [part["body"] for part in parts] == [b"5 %", b"10 % and", b""]


def test_nothing_more_is_made_for_who_has_left() -> None:
    program = Posters()

    answered(program, **POSTERS, leaves_after=2)

    assert (program.made, program.closed) == (2, True)


def test_a_body_that_fails_half_way_never_looks_whole(
    caplog: pytest.LogCaptureFixture,
) -> None:
    program = Posters(fails_at=3)

    with pytest.raises(KeyError):  # upon which the server cuts the connection
        answered(program, **POSTERS)

    assert program.closed
    assert "fault KeyError" in caplog.text
    assert "somebody" not in caplog.text


def test_a_body_that_fails_at_once_is_answered_for() -> None:
    program = Posters(fails_at=1)

    start, *_ = answered(program, **POSTERS)

    assert (start["status"], program.closed) == (500, True)


@pytest.mark.parametrize(
    "asked", [{"raw_path": b"/b/papers/1/trackers.txt"}, {"http_version": "1.0"}]
)
def test_all_others_get_their_body_whole(asked: dict[str, Any]) -> None:
    _, body = answered(Posters(), **{**POSTERS, **asked})

    assert body["body"] == PIECE * 4


def test_a_reply_that_is_held_back_holds_no_thread() -> None:
    """There is one thread, and it answers the next while the first reply is held."""

    def program(environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/paced":
            environ[LATER](3600)
        start("200 OK", [])
        return [b"done"]

    async def asked(application: Application, path: bytes) -> list[Any]:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await application({**SCOPE, "raw_path": path}, receive, send)
        return sent

    async def both() -> tuple[bool, list[Any]]:
        application = Application(program, replies(program), threads=1)
        paced = asyncio.ensure_future(asked(application, b"/paced"))
        await asyncio.sleep(0)  # it is asked first
        free = await asked(application, b"/free")
        left = paced.done()
        paced.cancel()
        return left, free

    with ThreadPoolExecutor(1) as thread:
        left, free = thread.submit(lambda: asyncio.run(both())).result()

    assert not left
    assert free[-1]["body"] == b"done"


def test_a_reply_is_held_back_no_moment_too_short() -> None:
    async def held() -> float:
        hold, since = Hold(), time.monotonic()
        hold.later(0.0104)
        await hold.over()
        return time.monotonic() - since

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(held())).result() >= 0.0104


def test_a_program_that_fails_is_answered_for_by_type_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def program(environ: dict[str, Any], start: Any) -> list[bytes]:
        raise KeyError("what somebody wrote")

    start, body = answered(program)

    assert (start["status"], body["body"]) == (500, b"declined\n")
    assert "KeyError" in caplog.text
    assert "somebody" not in caplog.text


def test_whatever_the_application_answers_with_a_form_is_let_in() -> None:
    """A comment without end is told how long it is, and takes no answers with it."""
    assert LARGEST_BODY > LARGEST_WASTE
    assert max(MOST.values()) < LARGEST_OFFICE_BODY
