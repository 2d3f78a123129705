"""Closing at the organizer's desk, with the signatures on paper."""

import json

import pytest
from sqlalchemy import select

from survey_app.appraisal.people import Unit
from survey_app.ballot.closed_box import closing_in
from survey_app.ballot.paper.closing import SignedClosing
from survey_app.ballot.signed_lists import note_signatures
from survey_app.domain.ground.refusals import BoxNotReady
from tests.support.ballot_desk import Desks
from tests.support.respondents import shown
from tests.support.secret_ballots import Office


@pytest.mark.parametrize("signed", ["", "-1", "many"])
def test_closing_needs_a_number_of_signatures(
    both: Desks, office: Office, signed: str
) -> None:
    both.opened(staff=8)

    asked = both.first.see(f"{both.path}/close")
    refused = both.close(signed)

    fields = [f for f in asked.all("input") if f.get("name", "").startswith("n-")]
    assert [field.get("value") for field in fields] == [None, None]
    assert refused.status_code == 422
    assert (both.state(), office.box().state) == ("open", "open")


def test_what_was_issued_is_accounted_for(both: Desks) -> None:
    codes = both.opened(staff=8)
    both.cast(codes[:5])
    both.first.send(f"{both.path}/void-tickets", lines="\n".join(codes[5:7]))

    closed = both.close(6)

    assert closed.location == f"/office{both.path}/reconciliation"
    rows = both.first.see(f"{both.path}/reconciliation").all("tr")
    numbers = [[cell.text for cell in row if cell.tag == "td"][:-1] for row in rows[1:]]
    # People, signatures, issued = used + voided + challenged + outstanding, used of
    # people.
    assert numbers == [
        ["8", "6", "10", "5", "2", "0", "3", "62.5%"],
        ["8", "6", "10", "0", "0", "0", "10", "0.0%"],
    ]


def test_more_used_than_signed_for_voids_the_batch_and_says_what_to_do(
    both: Desks,
) -> None:
    codes = both.opened(staff=8)
    both.cast(codes[:5])
    both.first.send("/language", language="en")

    both.close(4)

    said = both.first.see(f"{both.path}/reconciliation").text
    assert said.count("more used than signed for") == 1
    assert "vote again" in said
    assert "does not add up: void" in both.first.see(both.path).text


BATCH_STATEMENT = "UPDATE batch SET state = 'void', void_because = :why WHERE id = :id"
WORDS = {
    "tickets-changed": "these are not the tickets that were posted",
    "ballots-changed": "somebody changed ballots in the database",
    "challenge-not-proved": "a ballot was set aside that no auditor challenged",
    "nothing known": "these are not the tickets that were posted",
}


def test_numbers_are_kept_and_corrected_before_the_ballot_closes(
    both: Desks, office: Office
) -> None:
    both.opened(staff=8)
    first, second = (f"n-{batch}" for batch in office.posted())

    for number in (5, 0):
        saved = both.first.send(f"{both.path}/close/signatures", **{first: number})
        assert saved.location == f"/office{both.path}/close"
        field = both.first.see(f"{both.path}/close").named(first)[0]
        assert field.get("value") == str(number)
    assert (both.state(), office.box().state) == ("open", "open")
    closed = both.first.send(f"{both.path}/close", **{second: 8})

    assert closed.status_code == 303
    signed = {office.batch(batch).signed for batch in office.posted()}
    assert signed == {0, 8}


def test_lists_without_a_number_are_named_and_what_was_typed_is_kept(
    both: Desks, office: Office
) -> None:
    both.opened(staff=8)
    first, second = office.posted()
    names = {unit.id: unit.name for unit in office.db.scalars(select(Unit))}
    office.db.rollback()
    both.first.send(f"{both.path}/close/signatures", **{f"n-{second}": 8})
    both.first.send(f"{both.path}/close/signatures", **{f"n-{second}": ""})

    refused = both.first.send(f"{both.path}/close", **{f"n-{first}": 7})

    assert refused.status_code == 422
    links = [
        link.text for link in shown(refused).all("a") if "?q=" in link.get("href", "")
    ]
    assert len(links) == 1
    assert names[office.batch(second).unit_id] in (links[0] or "")
    assert (both.state(), office.batch(first).signed) == ("open", 7)
    assert both.close(8).status_code == 303


def test_what_was_not_counted_again_is_not_kept(both: Desks, office: Office) -> None:
    both.opened(staff=8)
    first = office.posted()[0]
    save = f"{both.path}/close/signatures"

    refused = both.first.send(save, **{f"n-{first}": 80})
    kept = office.batch(first).signed
    both.first.send(save, **{f"n-{first}": 80, f"so-{first}": "y"})

    assert (refused.status_code, kept) == (422, None)
    page = both.first.see(f"{both.path}/close")
    assert page.named(f"so-{first}")[0].get("checked") is not None


def test_once_the_closing_began_no_number_changes(both: Desks, office: Office) -> None:
    both.opened(staff=8)
    begun = dict.fromkeys(office.posted(), 8)
    office.meddle(
        "UPDATE ballot_box SET signatures = :signed", {"signed": json.dumps(begun)}
    )
    save = {f"n-{batch}": 3 for batch in begun}

    assert both.first.send(f"{both.path}/close/signatures", **save).status_code == 409
    with pytest.raises(BoxNotReady):
        note_signatures(office.ballots, office.survey_id, dict.fromkeys(begun, 3))
    page = both.first.see(f"{both.path}/close")
    assert both.first.send(f"{both.path}/close", **save).status_code == 303

    assert not [f for f in page.all("input") if f.get("name", "").startswith("n-")]
    assert {office.batch(batch).signed for batch in begun} == {8}


@pytest.mark.parametrize("why", WORDS)
def test_the_reconciliation_says_what_was_found(
    both: Desks, office: Office, why: str
) -> None:
    both.opened(staff=8)
    both.first.send("/language", language="en")
    both.close(8)
    office.meddle(BATCH_STATEMENT, {"why": why, "id": office.posted()[0]})

    said = both.first.see(f"{both.path}/reconciliation").text

    assert said.count(WORDS[why]) == 1
    assert "vote again" in said


def test_more_signatures_than_people_are_asked_for_again_before_they_void(
    both: Desks, office: Office
) -> None:
    codes = both.opened(staff=8)
    both.cast(codes[:5])
    both.first.send("/language", language="en")

    refused = both.close(80)
    state = office.box().state
    page = shown(refused)
    mended = both.close(8)

    ticks = [tick for tick in page.all("input") if tick.get("type") == "checkbox"]
    assert (refused.status_code, state) == (422, "open")
    assert "Count again" in page.text
    assert [tick.get("checked") for tick in ticks] == [None, None]
    assert mended.status_code == 303
    assert "adds up" in both.first.see(f"{both.path}/reconciliation").text


def test_more_signatures_than_people_void_the_batch_where_it_is_so(
    both: Desks, office: Office
) -> None:
    both.cast(both.opened(staff=8)[:5])
    both.first.send("/language", language="en")
    first, second = office.posted()

    closed = both.first.send(
        f"{both.path}/close",
        **{f"n-{first}": 9, f"so-{first}": "y", f"n-{second}": 8},
    )

    assert closed.status_code == 303
    said = both.first.see(f"{both.path}/reconciliation").text
    assert said.count("void more signatures than people") == 1
    assert office.batch(first).state == "void"
    assert office.batch(second).state == "issued"


def test_the_reconciliation_shows_what_was_signed_and_where_it_is_posted(
    both: Desks, office: Office
) -> None:
    both.closed(staff=8)

    page = both.first.see(f"{both.path}/reconciliation").text

    posted = SignedClosing.from_json(
        both.app.test_client().get(f"/b/papers/{office.survey_id}/closing.json").text
    )
    assert posted == closing_in(office.box())
    assert posted.closing.fingerprint in page
    assert posted.signature in page
    assert f"/b/papers/{office.survey_id}/closing.json" in page
