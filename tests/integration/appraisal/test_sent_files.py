"""Files sent to the office: up to the promised size always, and plainly refused above.

Whether a file was taken must not hang on which bytes happen to stand where the server
ends one reading and begins the next.
"""

import re
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.web.office.come_back import LARGEST_RETURN
from survey_app.web.uploads import MEGABYTE, MOST, READ_THROUGH
from tests.support.office import ORGANIZER, Desk, desk
from tests.support.respondents import shown
from tests.support.small_county import small_county

# No answer here hangs on the kind of database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PROMISED = MOST["office.try_workbook"]
TEMPLATES = Path(__file__).resolve().parents[3] / "survey_app" / "templates"
MARK = b"------formBoundaryQ7x2"
"""Begins every part of a form; no file below holds the whole of it."""
FORM = f"multipart/form-data; boundary={MARK[2:].decode()}"
READ = 64 * 1024
"""Bytes Werkzeug reads at once."""


@pytest.fixture
def organizer(app: Flask, db: Session, engine: Engine) -> Desk:
    """An organizer who reads English."""
    small_county(engine)
    sitting = desk(app, db, ORGANIZER)
    sitting.send("/language", language="en", back="")
    return sitting


def body(token: str, *files: bytes, name: str = "a.xlsx", field: str) -> bytes:
    """Return a form made by hand: a test client would spill it onto the disk."""
    parts = [
        MARK
        + b'\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n'
        + token.encode()
    ]
    for content in files:
        head = f'Content-Disposition: form-data; name="{field}"; filename="{name}"'
        parts.append(MARK + f"\r\n{head}\r\n\r\n".encode() + content)
    return b"\r\n".join([*parts, MARK + b"--\r\n"])


def sent(
    sitting: Desk,
    *files: bytes,
    path: str = "/imports/try",
    name: str = "a.xlsx",
    field: str = "workbook",
) -> TestResponse:
    token = shown(sitting.open("/sign-in")).named("csrf_token")[0].get("value")
    return sitting.client.post(
        f"/office{path}",
        data=body(str(token), *files, name=name, field=field),
        content_type=FORM,
    )


PATTERNS = st.sampled_from(
    [b"\r\n", b"\r", b"\n", b"\r\n-", b"\r\n--", MARK[:-1], b"\0"]
)


@given(
    pieces=st.lists(st.tuples(PATTERNS, st.integers(-90, 90)), min_size=1, max_size=4),
    reads=st.integers(1, 80),
    fill=PATTERNS,
)
@example(pieces=[(b"\r\n", 0)], reads=6, fill=b"\0")
@example(pieces=[(b"\n", -40), (b"\r", 2)], reads=79, fill=b"\r\n")
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_file_within_its_promise_is_read_whatever_stands_where_a_reading_ends(
    organizer: Desk, pieces: list[tuple[bytes, int]], reads: int, fill: bytes
) -> None:
    content = bytearray((fill * (READ * reads // len(fill) + 1))[: READ * reads])
    content = content[:PROMISED]
    for number in range(1, reads + 1):
        for pattern, away in pieces:
            place = max(0, number * READ - 230 + away)
            content[place : place + len(pattern)] = pattern

    whole = bytes(content[:PROMISED])
    assert sent(organizer, whole).status_code == 422


@pytest.mark.parametrize("size", [390_000, MEGABYTE + 1, PROMISED - 1, PROMISED])
def test_a_file_of_line_breaks_is_taken_up_to_the_last_promised_byte(
    organizer: Desk, size: int
) -> None:
    answer = sent(organizer, (b"\r\n" * (size // 2 + 1))[:size])

    assert answer.status_code == 422
    assert "can be taken" not in answer.text


def test_a_larger_file_is_refused_beside_its_field_with_both_sizes(
    organizer: Desk,
) -> None:
    answer = sent(organizer, bytes(PROMISED + 1), name="名册.xlsx")

    assert answer.status_code == 413
    page = shown(answer)
    assert "“名册.xlsx” has 5.01 MB; at most 5 MB can be taken here." in page.text
    assert page.named("workbook")


def test_beyond_all_patience_the_page_still_names_both_sizes(organizer: Desk) -> None:
    answer = organizer.client.post(
        "/office/imports/try",
        data=b"--x\r\n",
        content_type=FORM,
        environ_overrides={"CONTENT_LENGTH": str(READ_THROUGH + 1)},
    )

    assert answer.status_code == 413
    assert "has 128.01 MB; at most 128 MB" in shown(answer).text


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ((), "Choose a workbook first."),
        ((b"",), "“a.xlsx” is empty: it has 0 bytes."),
        ((b"one", b"two"), "2 files were sent here at once. Choose one."),
    ],
)
def test_no_file_an_empty_one_and_two_are_each_told_so(
    organizer: Desk, files: tuple[bytes, ...], says: str
) -> None:
    answer = sent(organizer, *files)

    assert answer.status_code == 422
    assert says in shown(answer).text


def test_a_form_that_is_too_long_says_how_long(organizer: Desk) -> None:
    answer = organizer.send("/surveys/new", title="长" * LARGEST_RETURN)

    assert answer.status_code == 413
    assert "at most 192 KB can be taken here" in shown(answer).text


def test_every_form_with_a_file_has_its_promise(database_url: str) -> None:
    named = {
        f"office.{name}"
        for template in TEMPLATES.rglob("*.html")
        for form in re.findall(
            r"<form[^>]*multipart[^>]*>", template.read_text("utf-8")
        )
        for name in re.findall(r"'office\.(\w+)'", form)
    }

    assert named | {"office.try_workbook"} == set(MOST)
