"""Casting a ballot through the front door: once, sealed, and without a trace."""

import base64
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey_app.ballot.paper.ballot import Ballot, read_answers, read_comment
from survey_app.ballot.paper.ticket import printed_tracker, receipt_message, tracker_of
from survey_app.ballot.sealing.envelope import unseal
from survey_app.ballot.sealing.signatures import is_signed
from survey_app.ballot.tickets import NEW, USED
from tests.support.holder_keys import holder_keys
from tests.support.open_box import Box, Voter
from tests.support.respondents import shown
from tests.support.statements import counted


def test_a_ballot_is_sealed_into_the_row_of_its_ticket(voter: Voter, box: Box) -> None:
    before = box.rows()
    about = str(box.form.subject_ids[1])

    sent = voter.send({**box.answers(), "comment": "很耐心", "about": about})

    state, envelope, comment = box.row(voter.code)
    assert (sent.status_code, state) == (200, USED)
    opened = unseal(envelope, holder_keys(), aad=box.form.aad)
    read = unseal(comment, holder_keys(), aad=box.form.aad)
    picks = {s: {"welcome": "good", "solved": "good"} for s in box.form.subject_ids}
    assert read_answers(box.form, opened) == Ballot(picks)
    assert read_comment(box.form, read) == (box.form.subject_ids[1], "很耐心")
    others = {**box.rows(), box.digest(voter.code): before[box.digest(voter.code)]}
    assert others == before


def test_the_row_has_the_same_length_and_cannot_be_read(voter: Voter, box: Box) -> None:
    length = [len(part) for part in box.row(voter.code)[1:]]

    about = str(box.form.subject_ids[0])
    voter.send({**box.answers(), "comment": "secret words", "about": about})

    state, envelope, comment = box.row(voter.code)
    assert (state, [len(envelope), len(comment)]) == (USED, length)
    for words in (b"good", b"welcome", b"secret", voter.code.encode()):
        assert words not in envelope + comment


def test_the_receipt_is_the_signed_fingerprint_of_the_envelope(
    voter: Voter, box: Box
) -> None:
    page = shown(voter.send(box.answers(), "?lang=en"))

    tracker = tracker_of(box.row(voter.code)[1])
    whole, signature = (e.text or "" for e in page.all("p") if is_hex(e.text))
    message = receipt_message(box.form.survey_id, tracker)
    key = bytes.fromhex(box.manifest.signing_key)
    assert page.title == "Your ballot is in the box"
    assert printed_tracker(tracker) in page.text
    assert whole == tracker.hex()
    assert is_signed(key, message, bytes.fromhex(signature))


def is_hex(text: str | None) -> bool:
    return bool(text) and not set(text or "") - set("0123456789abcdef")


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: f" {code[:5]} {code[5:10]}-{code[10:]} ",
        lambda code: code.lower(),
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.replace("0", "o").replace("1", "I"),
    ],
    ids=["spaces", "small-letters", "capital-o", "capital-i"],
)
def test_a_code_may_be_typed_in_many_ways(
    client: FlaskClient, box: Box, typed: Callable[[str], str]
) -> None:
    for code in box.codes:
        page = shown(Voter(client, typed(code)).open("?lang=en"))

        assert page.named("code")[0].get("value") == code
        assert len(page.named(f"{box.form.subject_ids[0]}.welcome")) == 3


def test_one_wrong_symbol_is_found_without_asking_a_database(
    client: FlaskClient, box: Box, app: Flask
) -> None:
    code = box.codes[0]
    wrong = ("2" if code[3] != "2" else "3").join((code[:3], code[4:]))
    first = next(n for n in range(24) if code[n] != code[n + 1])
    swapped = code[:first] + code[first + 1] + code[first] + code[first + 2 :]

    differs = "At least one symbol is different from the slip"
    for typed, says in (
        (wrong, differs),
        (swapped, differs),
        (code[:-1], "24 letters and digits were read; this code has 25."),
        (f"{code[:-1]}U", "“U” stands in no code."),
        ("", "Please enter the code on your slip"),
        ("满意", "0 letters and digits were read"),
    ):
        with (
            counted(app.extensions["survey_engine"]) as asked,
            counted(app.extensions["survey_ballots"]) as also_asked,
        ):
            sent = Voter(client, typed).open("?lang=en")

        assert sent.status_code == 422
        assert says in shown(sent).text
        assert shown(sent).named("code")[0].get("value") == typed
        assert asked + also_asked == []


def test_fifty_casts_of_one_code_at_once_count_once(app: Flask, box: Box) -> None:
    together = Barrier(50)

    def cast(choice: str) -> bool:
        voter = Voter(app.test_client(), box.codes[0])
        together.wait()
        sent = voter.send(box.answers(choice), "?lang=en")
        return "Your ballot is in the box" in shown(sent).title

    with ThreadPoolExecutor(50) as phones:
        thanked = list(phones.map(cast, ["good", "bad"] * 25))

    opened = unseal(box.row(box.codes[0])[1], holder_keys(), aad=box.form.aad)
    said = {
        c for p in read_answers(box.form, opened).picks.values() for c in p.values()
    }
    assert thanked.count(True) == 1
    assert said == {("good", "bad")[thanked.index(True) % 2]}
    assert [box.row(code)[0] for code in box.codes] == [USED, NEW, NEW]


def test_nothing_of_the_code_is_in_a_header_and_no_cookie_is_set(
    client: FlaskClient, box: Box
) -> None:
    client.set_cookie("office", "whatever", path="/")
    voter = Voter(client, box.codes[0])
    for sent in (
        client.get("/b"),
        voter.open(),
        voter.send({}),
        voter.send(box.answers()),
        voter.send(box.answers()),
    ):
        told = str(sent.headers)
        assert box.codes[0][:5] not in told
        assert "Set-Cookie" not in told
        assert "Cookie" not in sent.headers.get("Vary", "")
        assert sent.headers["Cache-Control"].startswith("no-store")
        assert sent.headers["Referrer-Policy"] == "no-referrer"
        assert sent.location is None
        assert box.codes[0] not in " ".join(
            element.get(name) or ""
            for element in shown(sent).tree.iter()
            for name in ("href", "action", "formaction", "src")
        )


def test_one_script_takes_the_code_and_stops_a_second_click(
    client: FlaskClient, voter: Voter
) -> None:
    for page in (client.get("/b"), voter.open()):
        policy = page.headers["Content-Security-Policy"]
        scripts = [one for one in shown(page).all("script") if not one.get("type")]
        for script in scripts:
            digest = hashlib.sha256((script.text or "").encode()).digest()
            assert dict(script.items()) == {}
            assert f"'sha256-{base64.b64encode(digest).decode()}'" in policy
        assert "default-src 'none'" in policy


def test_a_page_with_answers_in_it_is_never_compressed(voter: Voter, box: Box) -> None:
    half = dict(list(box.answers().items())[:2])
    ask = {"Accept-Encoding": "gzip"}

    def encoding(fields: dict[str, str]) -> str | None:
        data = {"code": voter.code, **fields}
        sent = voter.client.post("/b", data=data, headers=ask)
        return sent.headers.get("Content-Encoding")

    assert encoding({}) == "gzip"
    assert encoding(half) is None
    assert encoding({**half, "redraw": "1"}) is None
