"""Questions of every kind in a browser: on a phone, with script and without."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from survey_app.ballot import tickets
from survey_app.ballot.paper.ballot import WHOLE, read_answers, read_texts
from survey_app.ballot.sealing.envelope import unseal
from survey_app.database import NO_LOG, engine_of, main_engine_of, writing
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.migrate import migrate, migrate_ballots
from survey_app.settings import Settings
from tests.browser.conftest import OpenPage
from tests.support.browser.booth import new_slip
from tests.support.browser.site import Shoot
from tests.support.every_kind import EVERY_KIND
from tests.support.holder_keys import holder_keys
from tests.support.open_box import ANY_DAY, Box, open_box
from tests.support.respondents import ALWAYS_OPEN, ask_about
from tests.support.server import serving

pytestmark = pytest.mark.browser

ASKED = read_questionnaire(EVERY_KIND, file="every.toml")


@dataclass(frozen=True)
class Site:
    """A served platform: an open survey and a ballot box with every kind."""

    url: str
    survey: str
    box: Box


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("kinds")
    settings = Settings(
        database_url=f"sqlite:///{folder / 'survey.sqlite'}",
        secret_key="s" * 32,
        second_factor="",
    )
    engine = main_engine_of(settings)
    ballots = engine_of(settings.ballots_at, journal=NO_LOG)
    migrate(engine)
    migrate_ballots(ballots)
    assert settings.secrets_folder is not None
    with Session(writing(engine)) as db:
        code = ask_about(db, replace(ALWAYS_OPEN, questionnaire=ASKED)).code
        plan = replace(ANY_DAY, questionnaire=ASKED, tickets=9)
        box = open_box(db, ballots, settings.secrets_folder, plan)
    with serving(settings.database_url) as server:
        yield Site(server.url, f"{server.url}/s/{code}", box)
    engine.dispose()
    ballots.dispose()


def pick(page: Page, name: str, value: str) -> None:
    """Press the button, or tick the box, of this value."""
    page.locator(f"label:has(input[name='{name}'][value^='{value}'])").click()


def fits(page: Page) -> bool:
    """Return whether nothing is wider than the window."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth <= innerWidth"),
    )


def test_what_is_not_asked_is_not_seen_and_ticks_outlive_a_reload(
    open_page: OpenPage, site: Site, shoot: Shoot
) -> None:
    page = open_page()
    page.goto(f"{site.survey}?lang=en")
    why = page.locator("#q-why")
    expect(why).to_be_hidden()
    pick(page, "overall", "bad")
    expect(why).to_be_visible()
    pick(page, "ways", "phone")
    pick(page, "ways", "post")
    page.locator("#q-score").fill("85")
    why.fill("too slow")
    page.reload()

    ticked = page.locator("input[name=ways]:checked")
    expect(ticked).to_have_count(2)
    assert ticked.evaluate_all("all => all.map(one => one.value)") == ["phone", "post"]
    expect(why).to_have_value("too slow")
    assert fits(page)
    shoot(page, "filled")
    pick(page, "overall", "good")
    expect(why).to_be_hidden()
    page.locator("button.send").click()
    expect(page.locator(".receipt")).to_be_visible()


def test_back_after_a_gap_asks_nobody_whether_to_send_again(
    open_page: OpenPage, site: Site, shoot: Shoot
) -> None:
    page = open_page()
    page.goto(f"{site.survey}?lang=en")
    pick(page, "ways", "desk")
    page.locator("#q-score").fill("101")
    page.locator("button.send").click()
    expect(page.locator(".problem")).to_be_visible()
    expect(page.locator("#q-score")).to_have_value("101")
    expect(page.locator("input[name=ways]:checked")).to_have_count(1)
    shoot(page, "gap")
    pick(page, "overall", "good")
    page.locator("#q-score").fill("100")
    page.locator("button.send").click()
    expect(page.locator(".receipt")).to_be_visible()

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.go_back()
    expect(page.locator("#answers")).to_be_visible()
    assert set(asked) == {"GET"}
    expect(page.locator(".problem")).to_have_count(0)


def test_without_script_all_is_asked_and_nothing_is_kept_in_half(
    open_page: OpenPage, site: Site, shoot: Shoot
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site.survey)
    expect(page.locator("#q-why")).to_be_visible()
    pick(page, "overall", "good")
    page.locator("#q-why").fill("没有人问")
    shoot(page, "plain")
    page.locator("button.send").click()
    expect(page.locator("#e-why")).to_be_visible()
    expect(page.locator("#q-why")).to_have_value("")
    shoot(page, "taken-out")
    page.locator("button.send").click()
    expect(page.locator(".receipt")).to_be_visible()


def begun(open_page: OpenPage, site: Site, code: str, overall: str) -> Page:
    """Return the ballot of a slip on which everybody is overall so."""
    page = open_page()
    page.goto(f"{site.url}/B#{code}")
    expect(page.locator("#answers")).to_be_visible()
    for subject in site.box.form.subject_ids:
        pick(page, f"{subject}.overall", overall)
    return page


def sent(page: Page) -> int:
    """Send the ballot; return how many bytes left the browser for it."""
    with page.expect_request(lambda one: one.method == "POST") as leaving:
        page.locator("button.send").click()
    expect(page.locator(".tracker")).to_be_visible()
    return len(leaving.value.post_data or "")


def test_a_ballot_is_as_long_as_any_whatever_is_picked(
    open_page: OpenPage, site: Site
) -> None:
    first = site.box.form.subject_ids[0]
    full = begun(open_page, site, new_slip(site.box), "dont_know")
    pick(full, f"{first}.ways.desk", "ticked")
    pick(full, f"{first}.window", "south")
    full.locator(f"[id='q-{first}.score']").fill("100")
    longest = sent(full)
    least = begun(open_page, site, new_slip(site.box), "bad")
    for subject in site.box.form.subject_ids:
        pick(least, f"{subject}.overall", "good")
    least.locator(f"[id='q-{first}.score']").fill("7")

    assert sent(least) == longest


def test_a_ballot_says_why_and_something_about_nobody_by_himself(
    open_page: OpenPage, site: Site, shoot: Shoot
) -> None:
    code, first = new_slip(site.box), site.box.form.subject_ids[0]
    page = begun(open_page, site, code, "bad")
    for subject in site.box.form.subject_ids:
        page.locator(f"[id='q-{subject}.why']").fill("慢")
    pick(page, f"{first}.ways.desk", "ticked")
    page.locator(f"[id='q-{first}.score']").fill("9")
    page.locator("#comment").fill("都好")
    page.locator("#about").select_option("0")
    assert fits(page)
    shoot(page, "phone")
    page.set_viewport_size({"width": 1280, "height": 800})
    shoot(page, "desk")
    sent(page)

    state, answers, texts = site.box.row(code)
    aad = site.box.form.aad
    assert state == tickets.USED
    lines = read_answers(site.box.form, unseal(answers, holder_keys(), aad=aad))
    found = lines.picks[first]
    assert (found["score"], found["ways.desk"], found["why"]) == (
        "9", "ticked", "answered",
    )  # fmt: skip
    read = read_texts(site.box.form, unseal(texts, holder_keys(), aad=aad))
    assert read[0] == (first, "why", "慢")
    assert read[-1] == (WHOLE, "", "都好")
