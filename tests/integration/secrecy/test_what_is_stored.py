"""What an answer leaves behind, in tables, logs and browsers: only what is listed."""

import re
import socket
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, MetaData, inspect, text
from sqlalchemy.orm import Session

from tests.conftest import rows_in
from tests.support.respondents import ALWAYS_OPEN, GOOD, HALF, Respondent, ask_about
from tests.support.server import serving

STORED = {
    "response": {
        "slot", "id", "survey_id", "channel_id", "subject_id", "answered_on", "answers",
    },
    "receipt": {"slot", "code", "survey_id"},
    "comment": {"slot", "id", "survey_id", "subject_id", "question", "text"},
}  # fmt: skip
ADDRESS, AGENT, COOKIE = "203.0.113.77", "TelltaleBrowser/9.9", "telltale-cookie"
COMMENT = "只写在意见里的话"
TELLTALE = {
    "User-Agent": AGENT,
    "X-Forwarded-For": ADDRESS,
    "Accept-Language": "xx-telltale",
    "Cookie": f"session={COOKIE}",
}


def everything_in(engine: Engine) -> str:
    """Return all rows of all tables as one text."""
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = [connection.execute(t.select()).all() for t in tables.sorted_tables]
    return repr(rows)


@pytest.mark.parametrize("table", STORED)
def test_an_answers_tables_have_the_listed_columns_and_no_other(
    engine: Engine, table: str
) -> None:
    columns = {column["name"] for column in inspect(engine).get_columns(table)}

    assert columns == STORED[table]


def test_nothing_of_the_browser_reaches_the_database(
    client: FlaskClient, engine: Engine, db: Session
) -> None:
    respondent = Respondent(client, ask_about(db).code)
    form = {**GOOD, "comment": COMMENT, "submission": respondent.scan().submission}
    sent = client.post(
        f"/s/{respondent.code}",
        data=form,
        headers=TELLTALE,
        environ_base={"REMOTE_ADDR": ADDRESS},
    )

    stored = everything_in(engine)

    assert sent.status_code == 303
    assert COMMENT in stored
    for telltale in (ADDRESS, AGENT, COOKIE, "xx-telltale", form["submission"]):
        assert telltale not in stored
    assert not re.search(r"datetime\.datetime|\d\d:\d\d", stored)


def test_a_comment_and_its_answers_share_no_key(
    client: FlaskClient, engine: Engine, db: Session
) -> None:
    Respondent(client, ask_about(db).code).answer(comment=COMMENT)

    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        (kept,) = connection.execute(tables.tables["response"].select()).mappings()
        (written,) = connection.execute(tables.tables["comment"].select()).mappings()
        (receipt,) = connection.execute(tables.tables["receipt"].select()).mappings()

    assert len({bytes(kept["id"]), bytes(written["id"]), bytes(receipt["code"])}) == 3


def test_no_cookie_is_set_on_any_respondents_page(
    client: FlaskClient, db: Session
) -> None:
    respondent = Respondent(client, ask_about(db).code)
    receipt = respondent.answer().location or ""
    asked = f"/s/{respondent.code}"

    answers = [
        *(client.get(path) for path in ("/", "/s", "/s?code=1", "/r", "/r/1", "/no")),
        *(client.get(path) for path in (asked, f"{asked}?lang=en", receipt, "/s/1")),
        *(client.post(asked, data=data) for data in (HALF, GOOD, {"a": "b"}, {})),
        *(client.post(path, data={"code": asked}) for path in ("/s", "/r", "/b")),
        client.put(asked),
    ]

    assert {answer.status_code for answer in answers} >= {200, 303, 400, 404, 405, 422}
    assert [a for a in answers if "Set-Cookie" in a.headers] == []
    assert [a for a in answers if "Cookie" in a.vary] == []


def test_a_cookie_that_is_sent_changes_nothing(
    client: FlaskClient, db: Session
) -> None:
    code = ask_about(db).code
    client.set_cookie("office_language", "en")
    client.set_cookie("session", COOKIE)

    answer = client.get(f"/s/{code}")

    assert 'lang="zh-CN"' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_the_log_of_a_whole_run_tells_nothing_about_anybody(
    engine: Engine, db: Session, database_url: str
) -> None:
    asked = ask_about(db, ALWAYS_OPEN)
    code, submission = asked.code, asked.new_submission()
    with serving(database_url) as server:
        receipt = walk(f"{server.url}/s/{code}")
        assert rows_in(db, "response") == 1
        db.execute(text("DROP TABLE turnout_count"))
        db.commit()
        form = urlencode({**GOOD, "comment": COMMENT, "submission": submission})
        unkept = fetch(f"{server.url}/s/{code}", form.encode())
        mangled(server.url, f"GET /s/{code} HTTP/9.9\r\nUser-Agent: {AGENT}\r\n\r\n")
        log = server.log.read_text("utf-8")

    assert COMMENT in unkept
    # Where the server listens is the only line that may name an address.
    told = "\n".join(line for line in log.splitlines() if "Listening" not in line)
    for telltale in (code, receipt, COMMENT, AGENT, ADDRESS, "127.0.0.1", "/s/"):
        assert telltale not in told, telltale


def walk(page: str) -> str:
    """Scan, send half, send nonsense, send all; return the receipt."""
    found = re.search(r'name="submission" value="(\w+)"', fetch(page))
    assert found
    form = {**GOOD, "comment": COMMENT, "submission": found[1]}
    fetch(page, urlencode({"comment": COMMENT}).encode())
    fetch(page, b"\xff")
    receipt = re.search(r"(?:\w{4}-){3}\w{4}", fetch(page, urlencode(form).encode()))
    assert receipt
    return receipt[0]


def fetch(url: str, body: bytes | None = None) -> str:
    """Return the page, whatever its status."""
    try:
        with urlopen(Request(url, body, TELLTALE)) as answer:
            page: bytes = answer.read()
    except HTTPError as refused:
        with refused:
            page = refused.read()
    return page.decode()


def mangled(url: str, request: str) -> None:
    """Send what no browser sends, and hear the server out."""
    at = urlsplit(url)
    with socket.create_connection((at.hostname, at.port)) as line:
        line.sendall(request.encode())
        while line.recv(4096):
            pass
