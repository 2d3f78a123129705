"""Opening the box at the manager's desk."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from survey_app.ballot.record_decryption import record_decryption
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.survey.counters import ChoiceCount
from tests.support.ballot_desk import Desks
from tests.support.holder_keys import (
    DEPARTMENT,
    INSPECTION,
    PASSPHRASES,
    holder_keys,
    made,
)
from tests.support.respondents import shown
from tests.support.secret_ballots import Office

WRONG = "never the right passphrase"


def counted(office: Office) -> int:
    """Return how many answers the results are made of."""
    office.db.rollback()
    total = select(func.coalesce(func.sum(ChoiceCount.count), 0))
    answers = office.db.scalar(total) or 0
    office.db.rollback()
    return answers


@pytest.mark.parametrize(
    ("holders", "phrases"),
    [
        ((DEPARTMENT, INSPECTION), (PASSPHRASES[DEPARTMENT], WRONG)),
        ((DEPARTMENT, DEPARTMENT), None),
        ((INSPECTION, INSPECTION), None),
    ],
    ids=["wrong passphrase", "half of the keys", "the other half"],
)
def test_without_both_keys_the_box_stays_shut(
    both: Desks,
    office: Office,
    holders: tuple[str, str],
    phrases: tuple[str, str] | None,
) -> None:
    both.closed(staff=8)

    refused = both.decrypt_box(holders, phrases)

    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "error" in page
    assert not any(secret in page for secret in (WRONG, *PASSPHRASES.values()))
    assert office.box().state == "closed"
    assert counted(office) == 0


def test_what_is_no_key_file_is_named_beside_its_field(both: Desks) -> None:
    both.closed(staff=8)
    half = made(DEPARTMENT).private_text[:300]
    right = made(INSPECTION).private_text

    refused = both.second.send(
        f"{both.path}/box",
        first_key=(BytesIO(half.encode()), "a.key.json"),
        first_passphrase=PASSPHRASES[DEPARTMENT],
        second_key=(BytesIO(right.encode()), "b.key.json"),
        second_passphrase=PASSPHRASES[INSPECTION],
    )

    marked = re.findall(
        r'field wrong">\s*<label for="(\w+)"', refused.get_data(as_text=True)
    )
    assert refused.status_code == 422
    assert marked == ["first_key"]


def test_both_keys_open_the_box_and_the_minute_says_what_was_destroyed(
    both: Desks, office: Office, tmp_path: Path
) -> None:
    both.closed(staff=8)

    opened = both.decrypt_box()

    minute = both.first.see(f"{both.path}/minute")
    assert opened.status_code == 200
    assert both.leads_to(opened) == f"/office{both.path}/minute"
    assert office.box().state == "done"
    assert counted(office) == 7
    assert minute.text.count("☑") == 2
    assert list(office.folder.glob("*")) == []
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    locked = json.loads(made(DEPARTMENT).private_text)["sealing"].split("\n")[9]
    assert len(locked) == 64
    assert locked.encode() not in kept
    assert not any(phrase.encode() in kept for phrase in PASSPHRASES.values())
    assert both.decrypt_box().status_code == 409


def test_the_key_to_the_recount_papers_stands_on_a_managers_minute_only(
    both: Desks, office: Office
) -> None:
    """An organizer may see no result, and the key opens a part of them."""
    both.closed(staff=8)
    both.decrypt_box()

    printed = both.second.see(f"{both.path}/minute?lang=en").text
    organizers = both.first.see(f"{both.path}/minute?lang=en").text

    (key,) = re.findall(r"(?:[0-9A-Z]{4}-){7}[0-9A-Z]{4}", printed)
    papers = f"/b/papers/{office.survey_id}"
    assert f"http://127.0.0.1:8000{papers}" in printed
    sent = both.app.test_client().post(f"{papers}/head.json", data={"key": key})
    assert (sent.status_code, "tally" in json.loads(sent.text)["head"]) == (200, True)
    assert not re.findall(r"(?:[0-9A-Z]{4}-){7}[0-9A-Z]{4}", organizers)


def test_a_box_opened_elsewhere_comes_back_as_a_file(
    both: Desks, office: Office
) -> None:
    both.closed(staff=8)
    result = both.decrypted_elsewhere()

    cut = [result[:-200], result.replace('"good"', '"bad"', 1), "", "x"]
    # Wherever a line breaks, a file is read to its end.
    cut += ["\r\n" * 200_000]
    refused = [both.send_result(text) for text in cut]
    before = office.box().state
    taken = both.send_result(result)

    assert {one.status_code for one in refused} == {422}
    assert all("field wrong" in one.get_data(as_text=True) for one in refused)
    assert before == "closed"
    assert (taken.status_code, office.box().state) == (303, "done")
    assert counted(office) == 7


def test_an_interrupted_opening_is_finished_by_a_button(
    both: Desks, office: Office
) -> None:
    both.closed(staff=8)
    opened = decrypt_box(both.export(), holder_keys())
    record_decryption(
        office.db, office.ballots, office.survey_id, opened,
        secrets_folder=office.folder,
    )  # fmt: skip
    office.db.rollback()

    page = both.second.see(f"{both.path}/box")
    finished = [both.finish().status_code for _ in range(2)]

    assert not page.named("first_key")
    assert finished == [303, 303]
    assert office.box().state == "done"
    assert counted(office) == 7


def test_nobody_opens_a_box_that_is_not_closed(both: Desks) -> None:
    both.opened(staff=8)

    statuses = {
        both.second.open(f"{both.path}/box").status_code,
        both.second.open(f"{both.path}/box/export").status_code,
        both.decrypt_box().status_code,
        both.send_result("x").status_code,
        both.second.send(f"{both.path}/box/finish").status_code,
    }

    assert statuses <= {409, 422}


def test_lost_secrets_are_said_with_what_to_do(both: Desks, office: Office) -> None:
    both.opened(staff=8)
    for file in office.folder.glob("*"):
        file.unlink()

    refused = both.first.send(f"{both.path}/void-tickets", lines="word")

    assert refused.status_code == 409
    assert "SURVEY_BALLOT_SECRETS" in shown(refused).text


def test_passphrases_are_in_no_log(
    both: Desks, caplog: pytest.LogCaptureFixture
) -> None:
    both.closed(staff=8)
    caplog.set_level(0)

    both.decrypt_box()

    assert not any(phrase in caplog.text for phrase in PASSPHRASES.values())
