"""Pages on which mistakes are mended, rules are written and months are compared.

Each empty, filled and refused; on a phone in Chinese and at a desk in English.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.analytics.kept.closing import STEPS, raising
from survey_app.appraisal.people import Subject
from survey_app.database import main_engine_of, writing
from survey_app.survey.closing import close_survey
from survey_app.survey.copy_survey import copy_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.tables import Survey
from tests.browser.conftest import OpenPage
from tests.support.answers import let_answers_agree
from tests.support.browser.looks import width_of
from tests.support.drafts import KEY, PLAN, ready
from tests.support.office import MANAGER, bundle
from tests.support.series import answered, begun, follow
from tests.support.server import Server, serving
from tests.support.small_county import MAY_1, add_counts

pytestmark = pytest.mark.browser

SEND = "#page-form button:not(.plain):not(.second)"
MENDED = (
    "/surveys/{draft}/draft", "/surveys/{running}/subjects/{subject}/take-out",
    "/surveys/{running}/extend", "/surveys/{running}/copy", "/surveys/{ended}/reopen",
    "/surveys/{running}/unusual-days", "/surveys/{running}/proof",
)  # fmt: skip
MONTHS = (
    "/surveys/series/{cycle}", "/surveys/series/{cycle}/{body}",
    "/surveys/stand-alone?questionnaire=government-service-rating",
)  # fmt: skip
SCHEME = (
    "",
    "/part?place=components[0]",
    "/part?place=review",
    "/numbers",
    "/trial",
    "/effects",
)


@dataclass(frozen=True)
class Office:
    """The numbers that addresses need, and who opens them."""

    url: str
    password: str
    draft: int
    running: int
    subject: int
    ended: int
    cycle: int
    body: int


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Pages look the same whatever the database."""
    file = tmp_path_factory.mktemp("mended") / "survey.sqlite"
    with serving(f"sqlite:///{file}") as running:
        yield running


def two_months(db: Session) -> tuple[int, int]:
    """Return the cycle of a series of two months, and one of the bodies it is about."""
    bodies = list(db.scalars(select(Subject.id).where(Subject.cadre_id.is_(None))))
    first = begun(db, bodies)
    second = follow(db, first)
    answered(db, first, {body: {"satisfied": 40} for body in bodies})
    open_survey(db, second, today=MAY_1 + timedelta(31))
    answered(db, second, {body: {"dissatisfied": 40} for body in bodies})
    return db.get_one(Survey, first).cycle_id, bodies[0]


@pytest.fixture(scope="module")
def office(server: Server) -> Iterator[Office]:
    """Yield an open survey, its copies, and a series of two months."""
    engine = main_engine_of(server.settings)
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    last = today + timedelta(9)
    with Session(writing(engine)) as db:
        made = ready(db, replace(PLAN, opens_on=today, closes_on=last))
        draft, ended = (
            copy_survey(
                db, made.survey_id, title=title, key=KEY, opens_on=today, closes_on=last
            )
            for title in ("第二次调查", "第三次调查")
        )
        for survey in (made.survey_id, ended):
            open_survey(db, survey, today=today)
            for subject in made.subject_ids:
                add_counts(db, survey, subject, "staff", {"good": 12, "bad": 9})
            let_answers_agree(db, survey)
        close_survey(db, ended, steps=(*STEPS, raising(today)))
        cycle, body = two_months(db)
        db.commit()
        password = make_account(db, "manager", roles=bundle(MANAGER))
    yield Office(
        f"{server.url}/office", password, draft, made.survey_id, made.subject_ids[0],
        ended, cycle, body,
    )  # fmt: skip
    engine.dispose()


LOOKS = pytest.mark.parametrize("look", [(360, "zh"), (1280, "en")])
Shoot = Callable[[Page, str], Path]


def signed_in(page: Page, office: Office, language: str) -> Page:
    page.goto(f"{office.url}/sign-in")
    page.fill("[name=username]", "manager")
    page.fill("[name=password]", office.password)
    page.click("main button")
    if language == "en":
        page.get_by_role("button", name="English").click()
    return page


def looks_right(page: Page, width: int) -> None:
    """Check that nothing sticks out and, on the phone, nothing shuts anybody out."""
    assert width_of(page) == width, page.url
    if width > 360:
        return
    found = Axe().run(page).response["violations"]
    told = [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found]
    assert told == [], page.url


def sent_empty(page: Page) -> bool:
    """Send the page's form with nothing in it; return whether it came back refused."""
    if not page.locator("#page-form").count():
        return False
    for field in page.locator(
        "#page-form :is(input[type=text], input[type=date], textarea)"
    ).all():
        field.fill("")
    page.locator(SEND).last.click()
    page.wait_for_load_state()
    assert page.locator("#page-form .error").count(), page.url
    return True


@LOOKS
@pytest.mark.parametrize("paths", [MENDED, MONTHS], ids=["mended", "months"])
def test_pages_fit_and_are_open_to_all_as_they_are_and_refused(
    office: Office, open_page: OpenPage, shoot: Shoot, look: tuple[int, str],
    paths: tuple[str, ...],
) -> None:  # fmt: skip
    width, language = look
    page = signed_in(open_page(width, 800), office, language)
    for number, path in enumerate(paths):
        page.goto(office.url + path.format(**vars(office)))
        assert page.locator("main h1").count() == 1, path
        looks_right(page, width)
        if sent_empty(page):
            looks_right(page, width)
        shoot(page, str(number))


def copied(page: Page, office: Office, kind: str, language: str) -> str:
    """Copy the first shipped text of this kind; return the address of the draft."""
    page.goto(f"{office.url}/rules?kind={kind}")
    copy = "Copy" if language == "en" else "复制"
    page.get_by_role("button", name=copy).first.click()
    page.wait_for_load_state()
    return page.url.partition("#")[0]


@LOOKS
def test_the_editor_of_schemes_fits_in_all_its_states(
    office: Office, open_page: OpenPage, shoot: Shoot, look: tuple[int, str]
) -> None:
    width, language = look
    page = signed_in(open_page(width, 800), office, language)
    draft = copied(page, office, "scheme", language)
    for number, part in enumerate(SCHEME):
        page.goto(draft + part)
        looks_right(page, width)
        shoot(page, str(number))
    page.goto(draft)
    page.locator("table input:not([type=hidden])").first.fill("7")
    looks_right(page, width)
    page.locator(SEND).last.click()
    looks_right(page, width)
    shoot(page, "sum")


@LOOKS
def test_the_page_of_languages_fits_and_says_why_it_takes_nothing(
    office: Office, open_page: OpenPage, shoot: Shoot, look: tuple[int, str]
) -> None:
    width, language = look
    page = signed_in(open_page(width, 800), office, language)
    page.goto(f"{copied(page, office, 'questionnaire', language)}/languages")
    looks_right(page, width)
    wrong = {"name": "a.xlsx", "mimeType": "text/plain", "buffer": b"no workbook"}
    page.set_input_files("#page-form input[type=file]", wrong)  # type: ignore[arg-type]  # a file is given by its parts
    page.locator(SEND).last.click()
    page.locator("#page-form .error").wait_for()
    looks_right(page, width)
    shoot(page, "refused")
