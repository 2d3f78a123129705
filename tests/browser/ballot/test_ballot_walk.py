"""The whole walk of a secret ballot: from the printed slip to the cadre's score.

Two officials issue, one closes, the key holders make their keys and open the box on a
machine apart, without a terminal; the last number on the page is the one `survey score`
computes from the same counts.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.demo import ballot_county as plan
from survey_app.demo.crowd import BallotVisit, Crowd
from survey_app.serving.server import running
from survey_app.settings import Settings
from survey_app.shipped_files import shipped_questionnaire
from survey_app.survey.counters import tallies_of
from tests.browser.conftest import OpenPage
from tests.support.browser.ballot_office import (
    VALUES,
    Drafted,
    carry_the_box,
    closed,
    drafted,
    issued,
    official,
    upload_keys,
)
from tests.support.browser.keys_page import made_key, opened, opened_file, saved
from tests.support.holder_keys import HOLDERS, PASSPHRASES
from tests.support.office import ORGANIZER

pytestmark = pytest.mark.browser

GROUPS = ("superiors", "peers", "subordinates")
PEOPLE = 12
Shoot = Callable[[Page, str], Path]


@pytest.fixture
def hall(settings: Settings, ballots: Engine) -> Settings:
    """Settings whose databases both stand."""
    return settings


def voted_by_hand(phone: Page, url: str, code: str) -> None:
    """Scan a slip, rate everybody and read the receipt."""
    phone.goto(f"{url}/b#{code}")
    phone.wait_for_selector("form#answers")
    assert code not in phone.url
    for row in phone.locator("form#answers tbody tr").all():
        row.locator("label").first.click()
    phone.locator("button.send").click()
    phone.wait_for_selector(".receipt")


def everybody_else(url: str, made: Drafted, codes: dict[str, list[str]]) -> None:
    """Cast one ballot for every other member of each group."""
    questionnaire = shipped_questionnaire(plan.QUESTIONNAIRE)
    questions = tuple(question.key for question in questionnaire.questions)
    visits = []
    for group, slips in codes.items():
        said = plan.ballots_of(group, PEOPLE, questions)
        skipped = 1 if group == "subordinates" else 0
        for code, picks in list(zip(slips, said, strict=False))[skipped:]:
            named = dict(zip(made.subject_ids, picks.values(), strict=False))
            visits.append(BallotVisit(code, named, (made.subject_ids[0], "")))
    Crowd(url).send(visits, lambda _: None)


def scored_in_the_terminal(db: Session, made: Drafted, folder: Path) -> str:
    """Return the principal's overall score, computed from the same counts."""
    tally = tallies_of(db, made.survey_id)[made.subject_ids[0]]
    file = folder / "counts.json"
    file.write_text(
        json.dumps({"tallies": {plan.COMPONENT: tally}, "values": VALUES}), "utf-8"
    )
    survey = Path(sys.executable).with_name("survey")
    said = subprocess.run(
        [survey, "score", plan.SCHEME, file], capture_output=True, text=True, check=True
    )
    return str(json.loads(said.stdout)["overall"]["rounded"])


def test_a_ballot_walks_from_the_slip_to_the_score(
    db: Session, hall: Settings, open_page: OpenPage, shoot: Shoot, tmp_path: Path
) -> None:
    made = drafted(db)
    db.commit()
    with (tmp_path / "log").open("wb") as log, running(hall, log) as server:
        first = official(db, open_page(1280, 800), server.url, "甲")
        second = official(db, open_page(1280, 800), server.url, "乙", ORGANIZER)
        apart = opened(open_page(), saved(tmp_path))
        keys = {one: made_key(apart, one, PASSPHRASES[one]) for one in HOLDERS}
        handed_in = {holder: public for holder, (_, public) in keys.items()}
        upload_keys(first, made.survey_id, handed_in)
        members = dict.fromkeys(GROUPS, PEOPLE)
        codes = issued(first, second, made.survey_id, members, tmp_path)
        page = first.see(f"/surveys/{made.survey_id}/open")
        page.locator("main form button").first.click()
        shoot(page, "1-manifest")

        voted_by_hand(open_page(), server.url, codes["subordinates"][0])
        everybody_else(server.url, made, codes)
        shoot(closed(first, made.survey_id, PEOPLE), "2-reconciliation")

        guarded = [(keys[one][0], PASSPHRASES[one]) for one in HOLDERS]
        carry_the_box(
            first, made.survey_id,
            lambda box: opened_file(apart, box, guarded), tmp_path,
        )  # fmt: skip
        shoot(page, "3-minute")
        shoot(first.see(f"/surveys/{made.survey_id}/results"), "4-results")
        first.see(f"/score-sheets/{made.cycle_id}/{made.subject_ids[0]}")
        shoot(page, "5-score-sheet")
        on_the_page = page.locator("dl.figures dd").first.inner_text().split()[0]
        db.expire_all()
        assert on_the_page == scored_in_the_terminal(db, made, tmp_path)
        assert (tmp_path / "log").read_text() == ""
