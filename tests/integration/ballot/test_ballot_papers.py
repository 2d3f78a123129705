"""The public papers of a secret ballot: what anybody may read, and from when on."""

import json
import secrets
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from survey_app.analytics.ballot_papers import ROWS_AT_ONCE, tracker_lines
from survey_app.ballot.paper.head import SignedHead
from survey_app.ballot.paper.manifest import read_posted
from survey_app.ballot.paper.ticket import printed_tracker, tracker_of
from survey_app.ballot.tables import ISSUING
from survey_app.ballot.tickets import Tracker
from survey_app.database import writing
from survey_app.settings import Settings
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.closed_box import closed_and_opened, take_out
from tests.support.open_box import open_box
from tests.support.posted_papers import AFTER_THE_DECRYPTION, recounted_as_posted
from tests.support.respondents import Shown, shown
from tests.support.secret_ballots import FIRST, SECOND, drafted
from tests.support.secret_county import secret_county

RESIDENTS = {"good": 14, "bad": 9}
STAFF = {"good": 5, "bad": 4}


@pytest.fixture
def box(engine: Engine, ballots: Engine, settings: Settings) -> StandingBox:
    """Ballots of a large and a small group in one unit; the box is still open."""
    assert settings.secrets_folder is not None
    box = standing_box(
        secret_county(engine), ballots, settings.secrets_folder, public_answers=True
    )
    box.cast_many(box.county.units[0], "residents", **RESIDENTS)
    box.cast_many(box.county.units[0], "staff", **STAFF)
    return box


def look_up(client: FlaskClient, typed: str) -> Shown:
    return shown(client.post("/b/receipt?lang=en", data={"tracker": typed}))


@pytest.fixture
def papers(box: StandingBox) -> str:
    return f"/b/papers/{box.survey_id}"


def test_the_manifest_is_posted_with_its_fingerprint_and_signature(
    client: FlaskClient, box: StandingBox, papers: str
) -> None:
    page = shown(client.get(f"{papers}?lang=en"))
    text, signature = read_posted(client.get(f"{papers}/manifest.json").text)

    assert text == box.manifest.to_json()
    for said in (box.manifest.fingerprint, signature, box.manifest.signing_key):
        assert said in page.text
    assert [r for r in page.all("tr") if r.find("td") is not None and len(r) == 5]
    assert papers in [a.get("href") for a in shown(client.get("/b/papers")).all("a")]


def test_every_link_of_the_papers_leads_somewhere(
    client: FlaskClient, box: StandingBox, papers: str, db: Session
) -> None:
    closed_and_opened(box, db)
    for look in ("", "?lang=en", "?size=large"):
        for page in ("/b/papers", papers, "/b/receipt"):
            for link in shown(client.get(f"{page}{look}")).all("a"):
                address = urljoin(page, link.get("href", "").partition("#")[0] or page)

                with client.get(address) as found:
                    assert found.status_code == 200, (page, address)


def test_before_the_opening_there_is_no_result(
    client: FlaskClient, box: StandingBox, papers: str
) -> None:
    for name in AFTER_THE_DECRYPTION:
        assert client.get(f"{papers}/{name}").status_code == 404
    box.close()
    for name in AFTER_THE_DECRYPTION:
        assert client.get(f"{papers}/{name}").status_code == 404
    assert "Reconciliation" not in client.get(f"{papers}?lang=en").text


def test_what_is_only_being_prepared_is_not_posted(
    client: FlaskClient, db: Session, ballots: Engine, settings: Settings
) -> None:
    assert settings.secrets_folder is not None
    prepared = open_box(db, ballots, settings.secrets_folder)
    prepared.set_box(state=ISSUING)
    papers = f"/b/papers/{prepared.form.survey_id}"

    assert client.get(papers).status_code == 404
    assert client.get(f"{papers}/manifest.json").status_code == 404
    assert "Nothing is published yet." in client.get("/b/papers?lang=en").text


def test_after_the_opening_anybody_can_recount(
    client: FlaskClient, box: StandingBox, papers: str, db: Session, tmp_path: Path
) -> None:
    closed_and_opened(box, db)
    script = shown(client.get(papers)).all("a")

    done = recounted_as_posted(client, papers, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert any("recount.py" in (a.get("href") or "") for a in script)


def test_the_result_shows_what_became_of_every_ticket(
    client: FlaskClient, box: StandingBox, papers: str, db: Session
) -> None:
    closed_and_opened(box, db)

    page = shown(client.get(f"{papers}?lang=en"))
    head = SignedHead.from_json(client.get(f"{papers}/head.json").text).head

    assert head.root_in in page.text
    assert head.root_out in page.text
    rows = [[c.text or "" for c in row] for row in page.all("tr") if len(row) == 10]
    for batch in head.batches:
        left = batch.issued - batch.used
        counts = [batch.issued, batch.used, 0, 0, left, batch.signed, batch.spoiled]
        assert [str(n) for n in counts] in [row[2:-1] for row in rows]


def test_answers_of_a_small_group_stay_closed(
    client: FlaskClient, box: StandingBox, papers: str, db: Session
) -> None:
    closed_and_opened(box, db)

    lines = client.get(f"{papers}/fragments.jsonl").text.splitlines()

    fragments = [json.loads(line) for line in lines]
    shown_groups = {one["group"] for one in fragments if "group" in one}
    closed = [one for one in fragments if "group" not in one]
    answers = len(box.questionnaire.questions) * 2
    assert len(fragments) == answers * (sum(RESIDENTS.values()) + sum(STAFF.values()))
    assert shown_groups <= {"residents"}
    assert len(closed) >= answers * sum(STAFF.values())
    assert {tuple(one) for one in closed} == {("leaf",)}


def test_a_receipt_is_found_once_its_box_was_opened(
    client: FlaskClient, box: StandingBox, db: Session
) -> None:
    staff = box.batch(box.county.units[0], "staff")
    receipt = printed_tracker(tracker_of(box.envelope(box.cast(staff))))
    other = printed_tracker(tracker_of(b"something else"))

    before = look_up(client, receipt)
    box.close()
    closed = look_up(client, receipt)
    take_out(box, db)
    after = look_up(client, f" {receipt.lower().replace('-', ' ')} ")

    nothing = "No decrypted box held a ballot with this receipt"
    assert before.title == closed.title == nothing
    assert "after April 30, 2026" in before.text
    assert after.title == "This ballot was in the box"
    assert box.manifest.title in after.text
    assert look_up(client, other).title == before.title


@pytest.mark.parametrize("typed", ["", "ABC", "U" * 20, "0" * 21, "满意" * 10])
def test_what_is_no_receipt_comes_back_to_be_mended(
    client: FlaskClient, typed: str
) -> None:
    sent = client.post("/b/receipt", data={"tracker": typed})

    assert sent.status_code == 422
    assert shown(sent).named("tracker")[0].get("value") == typed


def test_nothing_posted_names_an_account_or_a_ticket(
    client: FlaskClient, box: StandingBox, papers: str, db: Session
) -> None:
    used = box.cast(box.batch(box.county.units[0], "staff"))
    closed_and_opened(box, db)
    told = "".join(
        client.get(path).text
        for path in ("/b/papers", papers, f"{papers}/manifest.json",
                     *(f"{papers}/{name}" for name in AFTER_THE_DECRYPTION))
    )  # fmt: skip

    assert used.hex() not in told
    assert "zhang" not in told


def test_papers_nobody_can_read_just_now_are_asked_for_later(
    client: FlaskClient, papers: str, ballots: Engine
) -> None:
    with writing(ballots).begin() as connection:
        connection.execute(text("ALTER TABLE ballot_box RENAME TO away"))

    for path in ("/b/papers", papers, f"{papers}/head.json"):
        assert client.get(path).status_code == 503
    assert client.post("/b/receipt", data={"tracker": "0" * 20}).status_code == 503


def test_a_list_of_any_length_is_given_out_whole_and_in_order(ballots: Engine) -> None:
    kept = sorted(secrets.token_bytes(32) for _ in range(2 * ROWS_AT_ONCE + 1))
    rows = [{"survey_id": 1, "tracker": one} for one in kept]
    noise = [{"survey_id": 2, "tracker": secrets.token_bytes(32)}]
    with writing(ballots).begin() as connection:
        connection.execute(insert(Tracker), rows + noise)

    told = "".join(tracker_lines(ballots, 1))

    assert told.splitlines() == [one.hex() for one in kept]


def test_units_people_and_groups_stand_there_by_name(
    client: FlaskClient, box: StandingBox, papers: str, db: Session
) -> None:
    before = shown(client.get(f"{papers}?lang=en"))
    closed_and_opened(box, db)
    after = shown(client.get(f"{papers}?lang=en"))
    chinese = shown(client.get(papers))

    for page in (before, after):
        assert "U1镇 unit" in page.text
        assert "U1某 镇长" in page.text
        assert "Residents" in page.text
    assert "居民" in chinese.text
    assert "residents" not in chinese.text
    table = [[cell.text or "" for cell in row] for row in after.all("tr")]
    assert any("U1镇" in (row[0] if row else "") for row in table)


def test_merged_groups_are_both_named_where_they_draw_one_batch(
    db: Session, ballots: Engine, settings: Settings, client: FlaskClient
) -> None:
    office = drafted(db, ballots, settings)
    office.issued(unit=1, staff=8)
    office.issued(staff=2, residents=9)
    office.open()

    page = shown(client.get(f"/b/papers/{office.survey_id}?lang=en"))

    rows = [[cell.text or "" for cell in row] for row in page.all("tr")]
    together = [row for row in rows if len(row) == 5 and row[2] == "11"]
    assert [row[1].strip() for row in together] == ["Staff, Residents"]
    assert [row[4] for row in together] == [FIRST], "who requested it"
    posted = office.manifest().batches[0]
    assert (posted.requested_by, posted.issued_by) == (FIRST, SECOND)


def test_the_page_says_who_signed_what(
    client: FlaskClient, box: StandingBox, papers: str, db: Session
) -> None:
    closed_and_opened(box, db)

    page = shown(client.get(f"{papers}?lang=en"))

    signed = SignedHead.from_json(client.get(f"{papers}/head.json").text)
    for fingerprint, signature in signed.holders.items():
        assert fingerprint in page.text
        assert signature in page.text
    assert signed.server in page.text
    assert all(name in page.text for name, _ in signed.head.key_holders)
