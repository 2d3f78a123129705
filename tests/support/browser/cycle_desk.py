"""An official who begins a year, its people and its surveys, on pages alone."""

from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.support.browser.ballot_office import Official
from tests.support.browser.rules_desk import book, press
from tests.support.workbooks import roster

CYCLE = "2026年度考核"
UNIT, CADRE = ("T01", "清河镇"), ("C01", "王建国")
GIVEN = ("工作实绩", "91.5")


def begin_cycle(desk: Official, scheme: str) -> None:
    """Begin the year under this scheme."""
    page = desk.see("/cycles/new")
    page.fill("#name", CYCLE)
    page.check(f"input[name=scheme][value='{scheme}']")
    press(page.locator("#page-form button"))


def bring_people(desk: Official) -> None:
    """Import a unit, who leads it, and the value that is given to him."""
    page = desk.see("/imports")
    values = [[CYCLE, CADRE[0], *GIVEN, "县考核办〔2026〕3号"]]
    content = roster(
        units=[[*UNIT, ""]],
        cadres=[[*CADRE, UNIT[0], "正职", "镇长"]],
        values=values,
    )
    page.set_input_files("#workbook", book("people.xlsx", content))
    press(page.locator("form:has(#workbook) button").last)
    expect(page.locator("main .notice")).to_contain_text("新增 3 行")


def draft_survey(desk: Official, component: str, title: str, today: date) -> int:
    """Draft a survey for a component, about everybody; return its number."""
    page = desk.see("/surveys/new")
    page.fill("#title", title)
    page.fill("#opens_on", today.isoformat())
    page.fill("#closes_on", (today + timedelta(days=7)).isoformat())
    page.locator(f"input[name=component][value$=':{component}']").check()
    press(page.locator("#page-form button"))
    survey = int(page.url.rpartition("/")[2])
    page.locator("a[href$='/subjects']").first.click()
    press(page.locator("button[name=everybody]"))
    return survey


def open_up(page: Page) -> None:
    """Open the survey whose page this is."""
    page.locator(".head a[href$='/open']").click()
    press(page.locator("main form button"))
