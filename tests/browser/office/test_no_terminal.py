"""A new official needs no terminal: from her own questions to the score, all on pages.

She writes a questionnaire with questions of every kind and brings it a third language,
makes a scheme that scores ratings, single choices and numbers, and runs an open survey
and a secret ballot under it. The keys are made and the box is opened in a browser. The
last number on the page is the one `survey score` computes from the same counts.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.demo.crowd import Crowd
from survey_app.serving.server import running
from survey_app.settings import Settings
from survey_app.survey.counters import tallies_of
from tests.browser.conftest import OpenPage
from tests.conftest import ONE_DATABASE
from tests.support.browser.ballot_office import (
    Official,
    carry_the_box,
    closed,
    issued,
    official,
    upload_keys,
)
from tests.support.browser.cycle_desk import (
    GIVEN,
    begin_cycle,
    bring_people,
    draft_survey,
    open_up,
)
from tests.support.browser.every_answer import HAPPY, UNHAPPY, answer, crowd
from tests.support.browser.keys_page import SLOW, made_key, opened_file
from tests.support.browser.looks import looks_right, looks_right_on_a_phone
from tests.support.browser.qr_reader import read
from tests.support.browser.rules_desk import (
    TIBETAN,
    make_ready,
    press,
    taken_away,
    translate,
    try_scheme,
    write_questionnaire,
    write_scheme,
)
from tests.support.holder_keys import HOLDERS, PASSPHRASES
from tests.support.office import ORGANIZER

pytestmark = [pytest.mark.browser, ONE_DATABASE]

STAFF, MASSES = 10, 30
"""As few as the rules that ship let count: so many fill in the survey."""


@dataclass(frozen=True)
class Rules:
    """What the office wrote, by the names it goes by, and as files."""

    scheme: str
    folder: Path


@pytest.fixture
def hall(settings: Settings, ballots: Engine) -> Settings:
    """Settings whose databases both stand."""
    return settings


def rules_written(desk: Official, folder: Path) -> Rules:
    """Write questionnaire and scheme, make them ready and take them away as files."""
    asked = write_questionnaire(desk, looks_right)
    translate(desk, asked, folder, looks_right)
    looks_right_on_a_phone(desk.page)
    questionnaire = make_ready(desk, asked)
    looks_right(desk.page)
    drafted = write_scheme(desk, questionnaire, looks_right)
    looks_right_on_a_phone(desk.page)
    try_scheme(desk, drafted, crowd(MASSES), looks_right)
    looks_right_on_a_phone(desk.page)
    scheme = make_ready(desk, drafted)
    looks_right(desk.page)
    own = folder / "own"
    for kind, number, name in (
        ("questionnaires", asked, questionnaire),
        ("schemes", drafted, scheme),
    ):
        taken_away(desk, number, own / kind / f"{name}.toml")
    return Rules(scheme, own)


def open_survey_answered(desk: Official, phone: Page, folder: Path) -> int:
    """Run an open survey from draft to results: two answer by hand, others besides."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    survey = draft_survey(desk, "satisfaction", "办事大厅满意度调查", today)
    press(desk.page.locator("form[action$='/channels/all'] button"))
    open_up(desk.page)
    desk.page.locator("a[href$='/poster']").first.click()
    desk.page.locator("article.poster svg").screenshot(path=folder / "poster.png")
    code = read(folder / "poster.png").rpartition("/")[2]
    for language, said in (("", HAPPY), (f"?lang={TIBETAN}", UNHAPPY)):
        phone.goto(f"{desk.url}/s/{code}{language}")
        looks_right(phone)
        answer(phone, said)
        phone.locator("#comment").fill("都好")
        phone.locator("button.send").click()
        expect(phone.locator(".receipt")).to_be_visible()
    expect(phone.locator("html")).to_have_attribute("lang", TIBETAN)
    visits = [one.visit(code) for one in crowd(MASSES - 2)]
    Crowd(desk.url).send(visits, lambda _: None)
    desk.see(f"/surveys/{survey}/close")
    desk.press("结束调查")
    desk.page.wait_for_url(f"**/surveys/{survey}")
    return survey


def keys_made(desk: Official, page: Page) -> Mapping[str, tuple[str, str]]:
    """Return holder → private and public file, made on the page the server gives."""
    page.set_default_timeout(SLOW)
    page.goto(f"{desk.url}/survey-keys.html")
    looks_right_on_a_phone(page)
    page.context.set_offline(True)
    return {one: made_key(page, one, PASSPHRASES[one]) for one in HOLDERS}


def voted_by_hand(phone: Page, address: str) -> int:
    """Cast a ballot with answers of every kind; return whom it was about."""
    phone.goto("about:blank")
    phone.goto(address)
    expect(phone.locator("#answers")).to_be_visible()
    name = phone.locator("input[name$='.overall']").first.get_attribute("name") or ""
    about = name.partition(".")[0]
    answer(phone, UNHAPPY, f"{about}.")
    phone.locator("#comment").fill("作风实")
    phone.locator("button.send").click()
    expect(phone.locator(".receipt")).to_be_visible()
    return int(about)


def ballot_cast(
    first: Official, second: Official, phone: Page, apart: Page, folder: Path
) -> tuple[int, int]:
    """Run a secret ballot from keys to minute; return its number and who was rated."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    ballot = draft_survey(first, "democratic", "清河镇领导干部民主测评", today)
    keys = keys_made(first, apart)
    upload_keys(first, ballot, {one: public for one, (_, public) in keys.items()})
    looks_right(first.page)
    codes = issued(first, second, ballot, {"staff": STAFF}, folder)["staff"]
    first.see(f"/surveys/{ballot}")
    looks_right_on_a_phone(first.page)
    open_up(first.page)
    looks_right(first.page)

    for language, code in zip(("", f"?lang={TIBETAN}"), codes, strict=False):
        cadre = voted_by_hand(phone, f"{first.url}/b{language}#{code}")
    others = zip(codes[2:], crowd(STAFF - 2), strict=False)
    visits = [one.ballot(code, cadre) for code, one in others]
    Crowd(first.url).send(visits, lambda _: None)
    looks_right(closed(first, ballot, STAFF))
    guarded = [(keys[one][0], PASSPHRASES[one]) for one in HOLDERS]
    carry_the_box(
        first, ballot, lambda box: opened_file(apart, box, guarded), folder
    )  # fmt: skip
    looks_right(first.page)
    looks_right_on_a_phone(apart)
    return ballot, cadre


def scored_in_the_terminal(
    db: Session, rules: Rules, counted: Mapping[str, int], folder: Path
) -> str:
    """Return the overall score that `survey score` prints for the kept counts."""
    tallies = {
        component: next(iter(tallies_of(db, survey).values()))
        for component, survey in counted.items()
    }
    file = folder / "counts.json"
    counts = {"tallies": tallies, "values": {"achievements": GIVEN[1]}}
    file.write_text(json.dumps(counts), "utf-8")
    survey = Path(sys.executable).with_name("survey")
    told = subprocess.run(
        [survey, "score", rules.scheme, file],
        env=os.environ | {"SURVEY_RULES": str(rules.folder)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return str(json.loads(told.stdout)["overall"]["rounded"])


def test_all_is_done_on_pages_and_the_score_is_what_the_terminal_says(
    db: Session, hall: Settings, open_page: OpenPage, tmp_path: Path
) -> None:
    with (tmp_path / "log").open("wb") as log, running(hall, log) as server:
        first = official(db, open_page(1280, 900), server.url, "甲")
        second = official(db, open_page(1280, 900), server.url, "乙", ORGANIZER)
        rules = rules_written(first, tmp_path)
        begin_cycle(first, rules.scheme)
        bring_people(first)
        survey = open_survey_answered(first, open_page(), tmp_path)
        ballot, cadre = ballot_cast(
            first, second, open_page(), open_page(1280, 900), tmp_path
        )
        page = first.see("/score-sheets")
        page.get_by_role("link", name="王建国").click()
        looks_right_on_a_phone(page)
        on_the_page = page.locator("dl.figures dd").first.inner_text().split()[0]
        db.rollback()
        counted = {"satisfaction": survey, "democratic": ballot}
        assert on_the_page == scored_in_the_terminal(db, rules, counted, tmp_path)
        assert str(cadre) in page.url
        assert (tmp_path / "log").read_text() == ""
