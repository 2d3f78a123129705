"""The server as it ships, met by clients that send slowly, badly or far too much."""

import http.client
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy.orm import Session

from survey_app.database import borrowed_engine, writing
from tests.integration.platform.test_headers import ON_EVERY_REPLY
from tests.support.respondents import ALWAYS_OPEN, ask_about
from tests.support.server import Server, serving

HALF_HEADS, HALF_BODIES = 500, 200
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + FORM
BAD_CHUNK = CHUNKED + b"\r\nZZ\r\nsubmission=1\r\n"
PATIENCE = 30
"""Seconds: more than anybody needs, less than the old server kept everybody waiting."""


@pytest.fixture(scope="module")
def room_for_many() -> Iterator[None]:
    """So many connections are so many open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of them, whatever the ones before did to it."""
    file = tmp_path_factory.mktemp("slow") / "survey.sqlite"
    with serving(f"sqlite:///{file}") as running:
        yield running


@pytest.fixture(scope="module")
def code(server: Server) -> str:
    """The code of a survey this server asks."""
    url = server.settings.database_url
    with borrowed_engine(url) as engine, Session(writing(engine)) as db:
        return ask_about(db, ALWAYS_OPEN).code


def connected(server: Server, stack: ExitStack) -> socket.socket:
    """Return a fresh connection to the server."""
    at = urlsplit(server.url)
    line = socket.create_connection((at.hostname or "", at.port or 0), PATIENCE)
    return stack.enter_context(line)


def heard(server: Server, sent: bytes) -> http.client.HTTPResponse:
    """Return the reply to these bytes, read to its end."""
    with ExitStack() as stack:
        line = connected(server, stack)
        line.sendall(sent)
        reply = http.client.HTTPResponse(line)
        reply.begin()
        reply.page = reply.read().decode()  # type: ignore[attr-defined]
        return reply


def test_a_citizen_gets_the_page_however_many_dawdle(
    server: Server, code: str, room_for_many: None
) -> None:
    whole = f"GET /s/{code} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with ExitStack() as stack:
        heads = [connected(server, stack) for _ in range(HALF_HEADS)]
        for line in heads:
            line.sendall(HEAD + b"X-Half: a")
        bodies = [connected(server, stack) for _ in range(HALF_BODIES)]
        for line in bodies:
            line.sendall(b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n")
            line.sendall(FORM + b"\r\nc")
        for line in bodies:
            line.sendall(b"o")

        page = heard(server, whole.encode())

    assert page.status == 200
    assert 'name="submission"' in page.page  # type: ignore[attr-defined]


DECLINED = [
    (b"nonsense\r\n\r\n", 400),
    (b"POST /b" + BAD_CHUNK, 400),
    (b"POST /s/CODE" + BAD_CHUNK, 400),
    (b"POST /b/receipt" + BAD_CHUNK, 400),
    (b"POST /office/sign-in" + BAD_CHUNK, 400),
    (b"GET /s/%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"A" * 30_000), 414),
    (b"GET /s/%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"A" * 90_000), 414),
    (HEAD + b"Cookie: a=%s\r\n\r\n" % (b"A" * 400_000), 431),
    (
        b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 6000000\r\n\r\n"
        + b"A" * 6_000_000,
        413,
    ),
]


def test_whatever_the_server_itself_declines_is_our_page(server: Server) -> None:
    for sent, status in DECLINED:
        reply = heard(server, sent)
        page = reply.page  # type: ignore[attr-defined]

        assert reply.status == status, sent[:60]
        assert {n: reply.headers.get(n) for n in ON_EVERY_REPLY} == ON_EVERY_REPLY
        assert reply.headers.get("Content-Security-Policy"), sent[:60]
        assert "Server" not in reply.headers
        assert 'lang="zh-CN"' in page
        assert 'lang="en"' in page
    assert "fault" not in server.log.read_text("utf-8")


def test_what_is_only_odd_is_served(server: Server, code: str) -> None:
    page = f"GET /s/{code} HTTP/1.1\r\nHost: x\r\n".encode()

    cookie = heard(server, page + b"Cookie: other=%s\r\n\r\n" % (b"A" * 32_000))
    upgrade = heard(server, page + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
    raw = heard(server, "GET /s/没有 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    waited = heard(
        server, b"POST /s/X HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    )

    assert cookie.status == upgrade.status == 200
    assert "Server" not in cookie.headers
    assert raw.status == 404
    assert waited.status in (400, 404, 422)


def test_requests_sent_in_one_breath_are_answered_in_turn(server: Server) -> None:
    first = b"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    second = b"GET /r HTTP/1.1\r\nHost: x\r\n\r\n"
    last = "GET /s/没有 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    with ExitStack() as stack:
        line = connected(server, stack)
        line.sendall(first + second)
        said = b""
        while said.count(b"</html>") < 2:
            said += line.recv(65536)
        line.sendall(last)
        while part := line.recv(65536):
            said += part

    statuses = [rest[:3] for rest in said.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"404", b"200", b"404"]


def test_who_dawdles_does_not_keep_the_server_from_ending(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path / 'survey.sqlite'}") as server:
        with ExitStack() as stack:
            for _ in range(5):
                connected(server, stack).sendall(HEAD)
            heard(server, HEAD + b"Connection: close\r\n\r\n")

            server.running.end()

        assert server.running.process.returncode == 0
