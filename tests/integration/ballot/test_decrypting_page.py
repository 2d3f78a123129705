"""The page that decrypts a box says how far it is, and nobody has to stay for it."""

import threading
from queue import SimpleQueue

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from survey_app.ballot.decryption_verbs import decrypt_here, ready_box
from survey_app.ballot.finish_decryption import FINISH
from survey_app.database import session
from survey_app.jobs.jobs import latest_job
from survey_app.survey.tables import Survey
from survey_app.web.office.ballots.decrypting import STEP, decrypting, in_steps
from tests.support.ballot_desk import Desks
from tests.support.holder_keys import holder_keys
from tests.support.secret_ballots import Office

PATIENCE = 60


def all_ended() -> None:
    """Return once nothing is decrypted any more."""
    for thread in threading.enumerate():
        if thread.name.startswith("decrypt"):
            thread.join(PATIENCE)


def finishing(office: Office) -> str:
    """Return how far the job is that finishes; empty: nobody asked for it."""
    job = latest_job(office.db, FINISH, about=office.survey_id)
    office.db.rollback()
    return job.state if job else ""


@given(st.integers(1, 30_000), st.integers(1, 500))
def test_shares_are_told_in_steps_and_no_count_can_be_read_from_them(
    total: int, often: int
) -> None:
    told = SimpleQueue[int | None]()
    tell = in_steps(told)

    for done in range(0, total, often):
        tell(done, total)
    tell(total, total)

    shares = [told.get() for _ in range(told.qsize())]
    assert shares == sorted(set(shares), key=lambda one: one or 0)
    assert all(share and share % STEP == 0 for share in shares)
    assert shares[-1] == 100


def test_the_page_grows_with_the_share_and_leads_on(both: Desks) -> None:
    both.closed(staff=8)

    sent = both.decrypt_box().text

    before, _, after = sent.partition('<progress value="100"')
    assert 'class="shares"' in before
    assert 'http-equiv="refresh"' in after
    assert 'http-equiv="refresh"' not in before
    assert sent.count("</html>") == 1


def test_who_leaves_the_page_stops_nothing(both: Desks, office: Office) -> None:
    both.closed(staff=8)

    both.leaves_while_decrypting()
    all_ended()

    assert (office.box().state, finishing(office)) == ("counted", "waiting")
    assert both.finish().status_code == 303
    assert (office.box().state, finishing(office)) == ("done", "done")


def test_a_box_somebody_else_opened_meanwhile_is_told_at_the_end(
    both: Desks, office: Office, app: Flask
) -> None:
    both.closed(staff=8)
    held = office.db, office.ballots, office.survey_id, holder_keys()
    ready = ready_box(*held, secrets_folder=office.folder)
    decrypt_here(*held, secrets_folder=office.folder)
    office.db.rollback()

    with app.test_request_context("/office/surveys/1/box"):
        survey = session().get_one(Survey, office.survey_id)
        page = decrypting(survey, ready).get_data(as_text=True)

    assert 'http-equiv="refresh"' not in page
    assert f"/office{both.path}/box" in page
    assert finishing(office) == ""
