"""Issuing tickets: two accounts, numbers only, codes that are shown once."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from survey_app.ballot.batches import request_again, void_batch
from survey_app.ballot.issue_batch import spares_of
from survey_app.ballot.paper.ballot import COMMENT_SIZE, BallotForm
from survey_app.ballot.paper.ticket import ticket_code_of
from survey_app.ballot.sealing.envelope import seal
from survey_app.ballot.sealing.secrets_folder import destroy_secrets, read_secrets
from survey_app.ballot.set_up import remove_key_holder
from survey_app.ballot.tickets import NEW
from survey_app.domain.ground.missing import Lack, Missing
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    AlreadyPrinted,
    NotFound,
    NotReadyToOpen,
    SecretsMissing,
    TwoAccountsNeeded,
)
from survey_app.settings import Settings
from survey_app.survey.parts import remove_subject
from tests.support.drafts import QUESTIONNAIRE
from tests.support.holder_keys import public_keys
from tests.support.secret_ballots import FIRST, SECOND, Office, beside, drafted


@pytest.fixture
def office(db: Session, ballots: Engine, settings: Settings) -> Office:
    """A draft with both keys, beside another whose batches must not be touched."""
    assert beside(db, ballots, settings).issued(staff=9, residents=10)
    return drafted(db, ballots, settings)


def test_whoever_asked_for_a_batch_cannot_issue_it(office: Office) -> None:
    batch = office.request(staff=8)["staff"]

    with pytest.raises(TwoAccountsNeeded):
        office.issue(batch, FIRST)

    assert office.tickets(batch) == []
    assert office.issue(batch, SECOND).codes


def test_slips_are_handed_out_once(office: Office) -> None:
    batch = office.request(staff=8)["staff"]
    office.issue(batch)

    with pytest.raises(AlreadyPrinted):
        office.issue(batch)

    assert len(office.tickets(batch)) == 10


@pytest.mark.parametrize(
    ("eligible", "spares"), [(8, 2), (40, 2), (41, 3), (100, 5), (101, 6)]
)
def test_spares_are_five_in_a_hundred_and_at_least_two(
    eligible: int, spares: int
) -> None:
    assert spares_of(eligible) == spares


def test_every_code_has_one_row_and_nothing_else_has(office: Office) -> None:
    slips = office.issued(staff=9)["staff"]

    assert len(set(slips.codes)) == 11
    assert all(ticket_code_of(code) == code for code in slips.codes)
    rows = {ticket.digest for ticket in office.tickets(slips.batch_id)}
    assert rows == {office.digest(code) for code in slips.codes}
    batch = office.batch(slips.batch_id)
    assert (batch.issued, batch.eligible, batch.issued_by) == (11, 9, SECOND)


def test_codes_come_in_an_order_that_the_rows_do_not_have(office: Office) -> None:
    codes = office.issued(staff=40)["staff"].codes

    assert [office.digest(code) for code in codes] != sorted(map(office.digest, codes))
    assert list(codes) != sorted(codes)


def test_rows_are_inserted_in_the_order_of_their_digests(office: Office) -> None:
    sent: list[Any] = []
    event.listen(
        office.ballots, "before_cursor_execute",
        lambda *told: sent.extend(told[3]) if "INTO ticket" in told[2] else None,
    )  # fmt: skip

    slips = office.issued(staff=20)["staff"]

    digests = [digest_in(row) for row in sent]
    assert digests == sorted(digests)
    assert set(digests) == {office.digest(code) for code in slips.codes}


def digest_in(row: Any) -> bytes:
    """Return the first column, out of what its driver wraps bytes in."""
    first: Any = row["digest"] if isinstance(row, dict) else row[0]
    return bytes(getattr(first, "obj", first))


def test_rows_are_as_long_as_sealed_ballots_will_be(office: Office) -> None:
    slips = office.issued(staff=20)["staff"]

    rows = office.tickets(slips.batch_id)
    form = BallotForm(
        office.survey_id, slips.batch_id, QUESTIONNAIRE, office.subject_ids[:1]
    )
    padded = bytes(form.answers_size), bytes(COMMENT_SIZE)
    lengths = tuple(len(seal(p, public_keys(), aad=form.aad)) for p in padded)
    assert {(len(row.envelope), len(row.comment)) for row in rows} == {lengths}
    assert len({row.envelope for row in rows} | {r.comment for r in rows}) == 44
    assert {row.state for row in rows} == {NEW}


def test_no_code_and_no_pepper_is_in_any_database(
    office: Office, ballot_url: str
) -> None:
    slips = office.issued(staff=12)["staff"]
    pepper = read_secrets(office.folder, office.survey_id).pepper

    everything = contents(office.ballots) + contents(office.db.get_bind())

    assert office.digest(slips.codes[0]).hex() in everything
    for code in slips.codes:
        assert code not in everything
        assert code.encode().hex() not in everything
    assert pepper.hex() not in everything


def contents(engine: Any) -> str:
    """Return all that a database holds; of SQLite the files themselves."""
    if engine.dialect.name == "sqlite":
        files = Path(engine.url.database).parent.glob("survey*.sqlite*")
        raw = b"".join(path.read_bytes() for path in files if path.is_file())
        return raw.hex() + raw.decode("latin-1")
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with engine.connect() as connection:
        rows = [
            row
            for name in connection.execute(text(names)).scalars().all()
            for row in connection.execute(
                text(f"SELECT t::text FROM {name} t")  # noqa: S608 -- names from the catalogue
            ).scalars()
        ]
    return "\n".join(rows)


def test_slips_that_are_logged_by_mistake_show_no_code(office: Office) -> None:
    slips = office.issued(staff=8)["staff"]

    assert slips.batch_id in repr(slips)
    assert not any(code in repr(slips) for code in slips.codes)


def test_without_both_keys_nothing_is_issued(office: Office) -> None:
    batch = office.request(staff=8)["staff"]
    remove_key_holder(office.db, office.ballots, office.survey_id, place=2)

    with pytest.raises(NotReadyToOpen) as refusal:
        office.issue(batch)

    assert refusal.value.missing == (Missing(Lack.KEY_HOLDERS),)
    assert office.tickets(batch) == []


def test_slips_that_are_out_never_lose_their_pepper_to_a_new_one(
    office: Office,
) -> None:
    office.issued(staff=8)
    destroy_secrets(office.folder, office.survey_id)
    later = office.request(unit=1, staff=8)["staff"]

    with pytest.raises(SecretsMissing):
        office.issue(later)

    with pytest.raises(SecretsMissing):
        read_secrets(office.folder, office.survey_id)


def test_a_subject_that_left_takes_the_form_with_it(office: Office) -> None:
    batch = office.request(staff=8)["staff"]
    subject = office.subject_ids[0]
    remove_subject(office.db, office.survey_id, subject_id=subject)

    with pytest.raises(NotReadyToOpen) as refusal:
        office.issue(batch)

    assert refusal.value.missing == (Missing(Lack.UNIT, office.units[0]),)


def test_voiding_deletes_the_slips_of_one_batch_only(office: Office) -> None:
    slips = office.issued(staff=8, residents=9)

    void_batch(office.db, office.ballots, slips["staff"].batch_id)

    assert office.tickets(slips["staff"].batch_id) == []
    assert office.batch(slips["staff"].batch_id).state == "void"
    assert len(office.tickets(slips["residents"].batch_id)) == 11
    with pytest.raises(AlreadyPrinted):
        office.issue(slips["staff"].batch_id)


def test_a_batch_that_never_was_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        office.issue("0" * 32)
    with pytest.raises(NotFound):
        void_batch(office.db, office.ballots, "0" * 32)


def test_after_the_opening_nothing_is_issued_or_voided(office: Office) -> None:
    waiting = office.request(unit=1, staff=9, residents=9)
    void = office.issue(waiting["staff"]).batch_id
    void_batch(office.db, office.ballots, void)
    office.issue(waiting["residents"])
    printed = office.issued(staff=8)["staff"].batch_id
    office.open()

    for refused in (
        lambda: office.issue(printed),
        lambda: office.request(staff=8),
        lambda: void_batch(office.db, office.ballots, printed),
        lambda: request_again(
            office.db, office.ballots, void, eligible=9, account=FIRST
        ),
    ):
        with pytest.raises(AlreadyOpened):
            refused()
    assert len(office.tickets(printed)) == 10
