"""A ballot is kept, its reply is lost: the page that sent it gets the receipt again."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey_app.ballot.paper.ballot import read_answers
from survey_app.ballot.paper.ticket import (
    is_page_of,
    page_mark_of,
    printed_tracker,
    tracker_of,
)
from survey_app.ballot.sealing.envelope import unseal
from survey_app.ballot.tables import CLOSED, VOID
from survey_app.ballot.tickets import CHALLENGED, NEW, USED, Ticket
from tests.conftest import FixedClock
from tests.integration.ballot.test_ballot_refused import WAYS, rename, told
from tests.support.holder_keys import holder_keys
from tests.support.open_box import Box, Voter, unissued_code
from tests.support.respondents import shown
from tests.support.statements import counted

AGAIN = "Your ballot was in the box already"
FIRST = "Your ballot is in the box"


def nonce_in(sent: TestResponse) -> str:
    return shown(sent).named("page")[0].get("value") or ""


def receipt_in(sent: TestResponse) -> list[str]:
    """Return all that a receipt's page shows of the receipt."""
    return [
        "".join(e.itertext())
        for e in shown(sent).all("p")
        if e.get("class") in ("receipt tracker", "signature")
    ]


def test_the_same_ballot_sent_again_gets_the_same_receipt(
    voter: Voter, box: Box
) -> None:
    form = {**box.answers(), "page": nonce_in(voter.open())}
    first = voter.send(form, "?lang=en")
    kept = box.rows()

    again = [voter.send(form, "?lang=en") for _ in range(3)]

    assert shown(first).title == FIRST
    assert {shown(sent).title for sent in again} == {AGAIN}
    assert {sent.status_code for sent in again} == {200}
    assert len(receipt_in(first)) == 3
    assert all(receipt_in(sent) == receipt_in(first) for sent in again)
    assert box.rows() == kept
    assert not shown(again[0]).picked


def test_other_answers_sent_later_change_nothing_and_are_said_to(
    voter: Voter, box: Box
) -> None:
    page = {"page": nonce_in(voter.open())}
    first = voter.send({**box.answers("good"), **page})
    kept = box.rows()

    # The same words whatever is sent: nobody learns what lies in the box by trying.
    about = {"comment": "x", "about": str(box.form.subject_ids[0])}
    sent = [
        voter.send(fields, "?lang=en")
        for fields in (
            {**box.answers("bad"), **page},
            {**box.answers("good"), **page},
            {**box.answers("good"), **page, **about},
            {**page},
            {**page, "redraw": "1", **box.answers("bad")},
            {**page, "unknown": "1"},
        )
    ]

    assert len({one.data for one in sent}) == 1
    assert receipt_in(sent[0]) == receipt_in(first)
    assert "the first ballot this page sent; nothing sent later" in sent[0].text
    assert box.rows() == kept


def test_fifty_times_the_same_ballot_at_once_is_one_ballot_with_one_receipt(
    app: Flask, box: Box
) -> None:
    together = Barrier(50)
    page = {"page": secrets.token_hex(16)}

    def cast(choice: str) -> TestResponse:
        voter = Voter(app.test_client(), box.codes[0])
        together.wait()
        return voter.send({**box.answers(choice), **page}, "?lang=en")

    with ThreadPoolExecutor(50) as phones:
        sent = list(phones.map(cast, ["good", "bad"] * 25))

    titles = [shown(one).title for one in sent]
    envelope = box.row(box.codes[0])[1]
    assert sorted(titles) == sorted([FIRST] + [AGAIN] * 49)
    assert len({tuple(receipt_in(one)) for one in sent}) == 1
    assert printed_tracker(tracker_of(envelope)) in receipt_in(sent[0])
    opened = unseal(envelope, holder_keys(), aad=box.form.aad)
    said = {
        c for p in read_answers(box.form, opened).picks.values() for c in p.values()
    }
    assert said == {("good", "bad")[titles.index(FIRST) % 2]}
    assert [box.row(code)[0] for code in box.codes] == [USED, NEW, NEW]


@pytest.mark.parametrize("why", WAYS)
def test_every_other_page_meets_the_same_reply_after_the_same_work(
    app: Flask, client: FlaskClient, box: Box, clock: FixedClock, why: str
) -> None:
    usual = Voter(client, unissued_code()).send({})
    cast = Voter(client, box.codes[0])
    if why in ("used", "challenged", "of-a-void-batch", "closed", "late", "early"):
        cast.send({**box.answers(), "page": nonce_in(cast.open())})
    voter = Voter(app.test_client(), WAYS[why](box, clock))
    before = box.rows()

    for page in (secrets.token_hex(16), "0" * 32, "", "Z" * 32, "a" * 31):
        with counted(app.extensions["survey_ballots"]) as asked:
            sent = voter.send({**box.answers(), "page": page})

        questions = [said for said in asked if said.startswith("SELECT")]
        assert told(sent) == told(usual)
        assert len(questions) == (2 if len(page) == 32 and page[0] != "Z" else 1)
    assert box.rows() == before


def closed(box: Box, clock: FixedClock) -> None:
    box.set_box(state=CLOSED)


def void(box: Box, clock: FixedClock) -> None:
    box.set_box(state=VOID)


def late(box: Box, clock: FixedClock) -> None:
    clock.day = clock.day.replace(month=6)


def challenged(box: Box, clock: FixedClock) -> None:
    box.set_ticket(box.codes[0], CHALLENGED)


@pytest.mark.parametrize("meanwhile", [closed, void, late, challenged])
def test_the_receipt_is_given_again_until_the_box_is_opened(
    voter: Voter,
    box: Box,
    clock: FixedClock,
    meanwhile: Callable[[Box, FixedClock], None],
) -> None:
    form = {**box.answers(), "page": nonce_in(voter.open())}
    first = voter.send(form)

    meanwhile(box, clock)

    again = voter.send(form, "?lang=en")
    assert receipt_in(again) == receipt_in(first)


def test_once_the_box_is_opened_nobody_is_told_anything(
    voter: Voter, client: FlaskClient, app: Flask, box: Box
) -> None:
    form = {**box.answers(), "page": nonce_in(voter.open())}
    voter.send(form)
    usual = Voter(client, unissued_code()).send({})

    box.set_box(state="counted")
    app.extensions["survey_booth"].boxes._boxes._kept = None

    assert told(voter.send(form)) == told(usual)


def test_a_page_keeps_its_nonce_and_every_page_has_its_own(
    voter: Voter, box: Box
) -> None:
    first, other = nonce_in(voter.open()), nonce_in(voter.open())
    half = dict(list(box.answers().items())[:2])

    came_back = voter.send({**half, "page": first})
    redrawn = voter.send({**half, "page": first, "redraw": "1"})
    rename(box, "ticket", "away")
    unknown = voter.send({**box.answers(), "page": first})
    rename(box, "away", "ticket")

    assert first != other
    assert len(bytes.fromhex(first)) == 16
    assert {nonce_in(sent) for sent in (came_back, redrawn, unknown)} == {first}
    invented = voter.send({"page": "not one of ours"})
    assert len(bytes.fromhex(nonce_in(invented))) == 16


def test_what_lies_in_the_row_is_made_of_the_nonce_and_never_of_the_answers(
    voter: Voter, box: Box
) -> None:
    nonce = nonce_in(voter.open())
    before = mark_of(box, voter.code)

    voter.send({**box.answers(), "page": nonce})

    mark = mark_of(box, voter.code)
    digest, raw = box.digest(voter.code), bytes.fromhex(nonce)
    assert (len(before), len(mark)) == (32, 32)
    assert mark != before
    assert is_page_of(mark, page_mark_of(box.pepper, digest=digest, nonce=raw))
    assert raw not in mark
    other = page_mark_of(box.pepper, digest=box.digest(box.codes[1]), nonce=raw)
    assert not is_page_of(mark, other)


def mark_of(box: Box, code: str) -> bytes:
    with box.ballots.connect() as connection:
        wanted = select(Ticket.page).where(Ticket.digest == box.digest(code))
        return bytes(connection.scalar(wanted) or b"")


def test_a_row_of_another_page_gives_its_receipt_to_nobody_else(
    app: Flask, box: Box
) -> None:
    """Whoever knows a slip and opens it first holds a page, and learns nothing."""
    thief, owner = (Voter(app.test_client(), box.codes[0]) for _ in range(2))
    held, own = nonce_in(thief.open()), nonce_in(owner.open())

    assert owner.send({**box.answers(), "page": own}).status_code == 200

    assert thief.send({**box.answers(), "page": held}).status_code == 403


def test_browsers_are_asked_to_forget_the_pages_of_a_ballot(
    client: FlaskClient, voter: Voter, box: Box
) -> None:
    ballot = voter.open()

    cast = voter.send(box.answers())

    assert cast.headers["Clear-Site-Data"] == '"cache"'
    for sent in (client.get("/b"), ballot, cast):
        assert sent.headers["Cache-Control"].startswith("no-store")
