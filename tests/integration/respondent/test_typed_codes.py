"""A code in a field: read as it was meant, and never put into an address."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.ballot.paper.ticket import printed_ticket, printed_tracker
from tests.conftest import ONE_DATABASE
from tests.support.open_box import Box, Voter
from tests.support.respondents import Respondent, Shown, ask_about, shown
from tests.support.statements import counted

pytestmark = ONE_DATABASE
AROUND = [
    "{}",
    "{} ",
    "回执号：{}。",
    "（{}）",
    "http://a.cn/x/{}?lang=zh",
    "\u200b{}\ufeff",
]
UNKNOWN = "0000-0000-0000-0000"


@pytest.fixture
def code(db: Session) -> str:
    return ask_about(db).code


@pytest.fixture
def receipt(client: FlaskClient, code: str) -> str:
    sent = Respondent(client, code).answer()
    return (sent.location or "").removeprefix("/r/")


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def field_of(page: Shown, name: str = "code") -> str:
    return page.named(name)[0].get("value") or ""


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("how", ["get", "post"])
def test_a_genuine_receipt_is_found_however_it_is_typed(
    client: FlaskClient, receipt: str, around: str, how: str
) -> None:
    for typed in (full_width(receipt), receipt.replace("-", "–"), receipt.lower()):
        code = {"code": around.format(typed)}
        if how == "get":
            sent = client.get("/r", query_string={**code, "lang": "en"})
        else:
            sent = client.post("/r?lang=en", data=code)

        assert (sent.status_code, sent.location) == (303, f"/r/{receipt}?lang=en")


def test_a_receipt_among_other_codes_of_its_length_is_found(
    client: FlaskClient, receipt: str
) -> None:
    sent = client.post("/r", data={"code": f"ABCD {receipt} EFGH"})

    assert sent.location == f"/r/{receipt}"


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("how", ["get", "post"])
def test_a_survey_code_is_found_however_it_is_typed(
    client: FlaskClient, code: str, around: str, how: str
) -> None:
    for typed in (full_width(code), f"{code[:5]}\u3000{code[5:]}", code.lower()):
        asked = {"code": around.format(typed)}
        if how == "get":
            sent = client.get("/s", query_string=asked)
        else:
            sent = client.post("/s", data=asked)

        assert (sent.status_code, sent.location) == (303, f"/s/{code}")


@pytest.mark.parametrize("around", AROUND)
def test_a_slip_is_read_however_it_is_typed(
    client: FlaskClient, box: Box, around: str
) -> None:
    slip = printed_ticket(box.codes[0])
    for typed in (full_width(slip), slip.replace("-", "—"), slip.lower()):
        page = shown(Voter(client, around.format(typed)).open())

        assert field_of(page) == box.codes[0]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("{short}", "9 letters and digits were read; this code has 10."),
        (
            "{short}{other}{other}{other}",
            "12 letters and digits were read; this code has 10.",
        ),
        ("{short}U", "“U” stands in no code."),
        ("0000000000", "at least one symbol differs from what is printed"),
        ("　", "Please enter the survey code"),
        ("ABCD-EFGH-JKMN-PQRS", "has the form of a receipt code"),
        ("ABCDE-FGHJK-MNPQR-STVWX", "has the form of a ballot’s receipt"),
    ],
)
@pytest.mark.parametrize("how", ["get", "post"])
def test_the_start_page_says_what_is_wrong_and_keeps_what_was_typed(
    client: FlaskClient, code: str, typed: str, says: str, how: str
) -> None:
    # One that would not make the code whole again.
    other = "7" if code[-1] != "7" else "8"
    typed = typed.format(short=code[:-1], other=other)
    if how == "get":
        sent = client.get("/s", query_string={"code": typed, "lang": "en"})
    else:
        sent = client.post("/s?lang=en", data={"code": typed})

    page = shown(sent)
    assert sent.status_code == 422
    assert says in page.described(page.named("code")[0])
    assert field_of(page) == typed.strip()


def test_no_field_cuts_what_is_pasted(client: FlaskClient, ballots: Engine) -> None:
    for path in ("/", "/r", "/b", "/b/receipt"):
        fields = shown(client.get(path)).all("input")

        assert fields
        assert not [e for e in fields if e.get("maxlength")]


def test_another_look_keeps_what_was_typed_and_asks_nothing(
    client: FlaskClient, app: Flask, receipt: str
) -> None:
    for path, button in (("/", "/s?lang=en"), ("/r", "/r?lang=en")):
        buttons = [e.get("formaction") for e in shown(client.get(path)).all("button")]
        assert button in buttons
        with counted(app.extensions["survey_engine"]) as asked:
            sent = client.post(button, data={"code": "RB6K6-49", "redraw": "1"})

        page = shown(sent)
        assert (sent.status_code, field_of(page)) == (200, "RB6K6-49")
        assert page.tree.get("lang") == "en"
        assert asked == []


def test_a_slip_in_another_field_is_looked_up_nowhere_and_repeated_nowhere(
    client: FlaskClient, app: Flask, box: Box
) -> None:
    slip = box.codes[0]
    wrong = slip[:-1] + ("2" if slip[-1] != "2" else "3")
    for code in (slip, printed_ticket(slip), full_width(slip), wrong):
        with (
            counted(app.extensions["survey_engine"]) as asked,
            counted(app.extensions["survey_ballots"]) as also_asked,
        ):
            sent = [
                client.post("/s?lang=en", data={"code": code}),
                client.post("/r?lang=en", data={"code": code}),
                client.post("/b/receipt?lang=en", data={"tracker": code}),
                client.get("/s", query_string={"code": code, "lang": "en"}),
                client.get("/r", query_string={"code": code, "lang": "en"}),
                client.get(f"/s/{code}?lang=en"),
                client.get(f"/r/{code}?lang=en"),
            ]

        assert asked + also_asked == []
        for reply in sent:
            assert slip[:5] not in reply.text + str(reply.headers)
            page = shown(reply if not reply.location else client.get(reply.location))
            assert "is the code of a slip for a secret ballot" in page.text
            assert "/b?lang=en" in [e.get("href") for e in page.all("a")]
        # A page that stands at the address would leave the code in the history.
        assert [bool(reply.location) for reply in sent] == [False] * 3 + [True] * 4


def test_other_codes_in_the_field_of_a_slip_are_told_where_they_belong(
    client: FlaskClient, app: Flask, box: Box, code: str, receipt: str
) -> None:
    tracker = printed_tracker(b"t" * 32)
    for typed, way in (
        (code, "/?lang=en"),
        (receipt, "/r?lang=en"),
        (tracker, "/b/receipt?lang=en"),
        (f"http://a.cn/s/{code}", "/?lang=en"),
    ):
        with (
            counted(app.extensions["survey_engine"]) as asked,
            counted(app.extensions["survey_ballots"]) as also_asked,
        ):
            sent = Voter(client, typed).open("?lang=en")

        page = shown(sent)
        assert asked + also_asked == []
        assert sent.status_code == 422
        assert "has the form of" in page.described(page.named("code")[0])
        assert way in [e.get("href") for e in page.all("a")]
        assert field_of(page) == typed


def test_a_ballots_receipt_that_is_none_says_why(
    client: FlaskClient, ballots: Engine
) -> None:
    def looked_up(typed: str) -> TestResponse:
        return client.post("/b/receipt?lang=en", data={"tracker": typed})

    short = looked_up("ABCDE-FGHJK-MNPQR-STVW")

    assert short.status_code == 422
    assert "19 letters and digits were read; this code has 20." in short.text
    assert looked_up("（ＡＢＣＤＥ–FGHJK MNPQR STVWX）").status_code == 200
    assert looked_up("ab" * 32).status_code == 200


def test_an_unknown_receipt_shows_how_it_was_read(
    client: FlaskClient, db: Session
) -> None:
    page = shown(client.post("/r?lang=en", data={"code": f"回执：{UNKNOWN}"}))

    assert "No counted answer has this receipt code" in page.text
    assert f"It was read as {UNKNOWN}." in page.text
