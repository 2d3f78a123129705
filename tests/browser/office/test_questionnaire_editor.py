"""A new official writes a questionnaire: by keyboard, by drag, the phone beside her."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.accounts.permissions import Grant
from survey_app.database import main_engine_of, writing
from tests.browser.conftest import OpenPage
from tests.conftest import ONE_DATABASE
from tests.support.browser.looks import width_of
from tests.support.server import Server

pytestmark = [pytest.mark.browser, ONE_DATABASE]


def signed_in(server: Server, page: Page) -> str:
    """Return the address of the office, where a designer just signed in."""
    engine = main_engine_of(server.settings)
    with Session(writing(engine)) as session:
        password = make_account(session, "设计人", roles=(Grant("designer"),))
    office = f"{server.url}/office"
    engine.dispose()
    page.goto(f"{office}/sign-in")
    page.fill("[name=username]", "设计人")
    page.fill("[name=password]", password)
    page.click("main button")
    return office


def looks_right(page: Page, width: int) -> None:
    """Check that nothing sticks out and nothing shuts anybody out."""
    assert width_of(page) == width
    found = Axe().run(page).response["violations"]
    assert not [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found]


def texts(page: Page) -> Locator:
    """Return the fields of the questions in their order."""
    return page.locator("#questions .card textarea[lang='zh-CN']")


def begins_with(page: Page, *said: str) -> None:
    """Wait until the first questions are these."""
    for place, text in enumerate(said):
        expect(texts(page).nth(place)).to_have_value(text)


def drag_up(page: Page, number: int) -> None:
    """Drag one question onto the upper half of the one above it."""
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.locator(f"#questions-{number} .grip").hover()
    above = page.locator(f"#questions-{number - 1}").bounding_box()
    assert above
    assert above["y"] > 0
    page.mouse.down()
    page.mouse.move(above["x"] + 60, above["y"] + 60, steps=4)
    page.mouse.move(above["x"] + 60, above["y"] + 20, steps=2)
    page.mouse.up()


def test_a_questionnaire_is_written_moved_seen_and_made_ready(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(1280, 900)
    office = signed_in(server, page)
    page.goto(f"{office}/rules")
    looks_right(page, 1280)
    page.get_by_role("button", name="复制 群众满意度调查").click()

    expect(texts(page)).to_have_count(8)
    first, second, third, *_ = [one.input_value() for one in texts(page).all()]
    page.get_by_role("button", name="下移：第1题").press("Enter")
    begins_with(page, second, first, third)
    with page.expect_navigation():
        drag_up(page, 2)
    begins_with(page, second, third, first)

    page.get_by_role("button", name="＋ 数字题").click()
    expect(page.locator("#questions-8-zh")).to_have_attribute("aria-invalid", "true")
    looks_right(page, 1280)
    page.locator("#questions-8-zh").fill("请给总的打分（0到100）")
    page.locator("#questions-8-en").fill("Your mark from 0 to 100")
    page.locator("#questions-8-en").press("Control+a")
    page.locator(".save-bar button").click()
    expect(page.locator(".error-summary")).to_have_count(0)
    phone = page.frame_locator("iframe[name=phone]")
    expect(phone.get_by_text("请给总的打分（0到100）")).to_have_count(1)
    page.locator(".phone").get_by_role("link", name="English").click()
    expect(phone.get_by_text("Your mark from 0 to 100")).to_have_count(1)

    narrow = open_page(360, 740, storage_state=page.context.storage_state())
    narrow.goto(page.url.partition("#")[0])
    looks_right(narrow, 360)
    page.get_by_role("button", name="定稿").click()
    expect(page.get_by_text("已定稿，从现在起可供选用")).to_have_count(1)
    looks_right(page, 1280)
    page.goto(f"{office}/surveys")
