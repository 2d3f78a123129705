"""Two officials at two browsers, and a unit whose cadres are rated in secret."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import FilePayload, Page
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.appraisal.cycle import GivenValue
from survey_app.appraisal.make_cycle import make_cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.demo import ballot_county as plan
from survey_app.shipped_files import shipped_questionnaire, shipped_scheme
from survey_app.survey.draft import SurveyPlan, make_survey
from survey_app.survey.parts import add_subjects
from survey_app.survey.tables import SECRET_BALLOT
from tests.support.browser.qr_reader import read
from tests.support.office import MANAGER, bundle

VALUES = {"duties": "91", "leadership": "90", "assessment_group": "88.5"}


@dataclass(frozen=True)
class Drafted:
    """Numbers of a drafted ballot."""

    cycle_id: int
    survey_id: int
    unit_id: int
    subject_ids: tuple[int, int]
    """The principal and the deputy."""


def drafted(db: Session) -> Drafted:
    """Return a secret ballot about two cadres, nothing issued yet."""
    cycle = make_cycle(db, plan.CYCLE, scheme=shipped_scheme(plan.SCHEME))
    unit = Unit(code="T01", name="清河镇")
    db.add(unit)
    db.flush()
    people = [
        _cadre(db, unit, name, post, title)
        for name, post, title in (
            ("王建国", "principal", "镇长"),
            ("李秀兰", "deputy", "副镇长"),
        )
    ]
    body = Subject(kind="leading-body", unit_id=unit.id)
    db.add(body)
    db.flush()
    for subject in people:
        for component, value in VALUES.items():
            about = body if component == "duties" else subject
            given = (cycle.id, about.id, component)
            if db.get(GivenValue, given) is None:
                names = ("cycle_id", "subject_id", "component_key")
                key = dict(zip(names, given, strict=True))
                db.add(GivenValue(**key, value=value, source="file 7"))
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    survey = make_survey(
        db,
        cycle.id,
        questionnaire=shipped_questionnaire(plan.QUESTIONNAIRE),
        plan=SurveyPlan(
            "清河镇领导干部民主测评",
            plan.COMPONENT,
            today,
            today + timedelta(days=7),
            mode=SECRET_BALLOT,
        ),
    )
    ids = (people[0].id, people[1].id)
    add_subjects(db, survey.id, subject_ids=ids)
    return Drafted(cycle.id, survey.id, unit.id, ids)


def _cadre(db: Session, unit: Unit, name: str, post: str, title: str) -> Subject:
    cadre = Cadre(code=name, name=name, unit_id=unit.id, post=post, title=title)
    db.add(cadre)
    db.flush()
    subject = Subject(kind="cadre", unit_id=unit.id, cadre_id=cadre.id)
    db.add(subject)
    db.flush()
    return subject


@dataclass(frozen=True)
class Official:
    """An account in front of a browser."""

    page: Page
    url: str

    def see(self, path: str) -> Page:
        """Open a page of the ballot's survey, or of the office."""
        self.page.goto(f"{self.url}/office{path}")
        return self.page

    def press(self, name: str) -> Page:
        """Press the button that says so."""
        self.page.get_by_role("button", name=name).first.click()
        return self.page


def official(
    db: Session, page: Page, url: str, name: str, role: str = MANAGER
) -> Official:
    """Return a new official, signed in."""
    password = make_account(db, name, roles=bundle(role))
    page.goto(f"{url}/office")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.click("main button")
    return Official(page, url)


def upload_keys(first: Official, survey_id: int, keys: Mapping[str, str]) -> None:
    """Upload the public key of each holder, and see whose keys lie there."""
    for place, (holder, public) in enumerate(keys.items(), start=1):
        page = first.see(f"/surveys/{survey_id}/keys")
        page.set_input_files(f"#key-{place}", _file(f"{holder}.public.json", public))
        page.locator("section", has=page.locator(f"#key-{place}")).locator(
            "form .buttons button"
        ).first.click()
        assert holder in page.locator("main").inner_text()


def issued(
    first: Official, second: Official, survey_id: int, people: Mapping[str, int],
    folder: Path,
) -> dict[str, list[str]]:  # fmt: skip
    """Return rater group → codes, requested by the first and printed by the second."""
    page = first.see(f"/surveys/{survey_id}")
    page.locator("#batches a[href$='/tickets']").first.click()
    for group, number in people.items():
        page.fill(f"input[name='n-{group}']", str(number))
    with page.expect_navigation():
        page.locator("main form button").first.click()
    codes = {}
    for group in people:
        page = second.see(f"/surveys/{survey_id}")
        page.locator("a[href$='/issue']").first.click()
        page.locator("main form button").first.click()
        codes[group] = slips_on(page, folder)
    return codes


def closed(first: Official, survey_id: int, signed: int) -> Page:
    """Close the ballot with this many signatures on every list."""
    page = first.see(f"/surveys/{survey_id}/close")
    for field in page.locator("main form input[name^='n-']").all():
        field.fill(str(signed))
    with page.expect_navigation():
        page.locator("main form button.danger").click()
    return page


def slips_on(page: Page, folder: Path) -> list[str]:
    """Return the codes on a printed page of slips; an independent reader scans one."""
    slips = page.locator("article.slip")
    picture = folder / "slip.png"
    slips.first.locator("svg").screenshot(path=picture)
    numbers = slips.locator(".slip-number").all_inner_texts()
    codes = ["".join(filter(str.isalnum, number)) for number in numbers]
    assert read(picture).endswith(f"#{codes[0]}")
    return codes


def carry_the_box(
    first: Official, survey_id: int, opening: Callable[[Path], Path], folder: Path
) -> None:
    """Have the box opened on a machine apart, and take what comes back from it."""
    page = first.see(f"/surveys/{survey_id}/box")
    with page.expect_download() as found:
        page.locator("a[href$='/export']").click()
    box = folder / "box.txt"
    found.value.save_as(box)
    page.set_input_files("input[name=opened]", opening(box))
    page.locator("form:has(input[name=opened]) button").click()
    page.wait_for_url("**/minute")  # by way of the job that finishes it


def _file(name: str, text: str) -> FilePayload:
    """Return a file as a browser is given one."""
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}
