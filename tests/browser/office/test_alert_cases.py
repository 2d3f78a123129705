"""Alerts of the demo county from the first signal to the end, by three accounts.

One improves; one that people opened themselves does not, and is escalated.
"""

from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from survey_app.accounts.permissions import DECIDER, LEADER, REVIEWER, SEE_RESULTS
from survey_app.database import main_engine_of
from tests.browser.conftest import OpenPage
from tests.support.alert_county import AlertCounty, alert_county, answer_follow_up
from tests.support.browser.looks import width_of
from tests.support.phone import Phone
from tests.support.server import Server, serving

pytestmark = pytest.mark.browser
REVIEWS, DECIDES, LEADS = "核实人", "决定人", "领导小组"
PLACES = ("实地核查", "个别谈话", "查阅材料", "征求有关部门意见")


class Colleague:
    """One account at a phone-sized window of its own."""

    def __init__(self, page: Page, server: Server, name: str, password: str) -> None:
        self.page, self.url = page, f"{server.url}/office"
        sign_in(page, self.url, name, password)

    def act(self, alert: str, link: str, **typed: str) -> None:
        """Follow a link of the alert's page, fill the form in and send it."""
        self.page.goto(alert)
        self.page.get_by_role("link", name=link, exact=True).click()
        self.fill(**typed)
        expect(self.page).to_have_url(alert)

    def fill(self, **typed: str) -> None:
        """Fill the form of this page in and send it."""
        for name, text in ({"reason": "见第3号材料"} | typed).items():
            field = self.page.locator(f"[name={name}]")
            if field.first.get_attribute("type") == "radio":
                self.page.locator(f"[name={name}][value='{text}']").check()
            else:
                field.fill(text)
        self.page.locator("#page-form .buttons button").click()


def sign_in(page: Page, office: str, name: str, password: str) -> None:
    """Sign in; whoever needs a second factor sets a phone up."""
    page.goto(f"{office}/sign-in")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.click("main button")
    if page.locator(".typed-secret").count():
        secret = page.locator(".typed-secret").inner_text().replace(" ", "")
        phone = Phone(secret, lambda: datetime.now(UTC))
        page.fill("[name=one_time_code]", phone.code())
        page.click("main form button")


def looks_right(page: Page) -> None:
    """Check that nothing sticks out on a phone and nothing shuts anybody out."""
    assert width_of(page) == 360
    found = Axe().run(page).response["violations"]
    assert not [(v["id"], [n["html"] for n in v["nodes"]][:2]) for v in found]


def decided(alert: str, reviewer: Colleague, decider: Colleague) -> None:
    """Walk from the verification to a decision that waits for its second person."""
    reviewer.act(alert, "启动核实研判")
    for place in PLACES:
        reviewer.page.goto(alert)
        reviewer.page.get_by_role("link", name="记录核实情况", exact=True).click()
        reviewer.page.get_by_text(place, exact=True).click()
        reviewer.fill()
    reviewer.act(alert, "记录听取本人意见情况")
    decider.act(alert, "登记处理决定", measure="waiting-for-a-post")
    expect(decider.page.get_by_text("须领导小组同意")).not_to_have_count(0)
    expect(decider.page.get_by_role("link", name="第二人确认同意")).to_have_count(0)


def followed(
    alert: str, people: tuple[Colleague, Colleague], county: AlertCounty, unhappy: int
) -> None:
    """Make the follow-up survey, let it be answered and closed."""
    reviewer, leader = people
    leader.act(alert, "第二人确认同意")
    today = datetime.now(UTC).date()
    reviewer.act(
        alert, "生成跟踪复评调查",
        opens_on=today.isoformat(), closes_on=(today + timedelta(days=30)).isoformat(),
    )  # fmt: skip
    answer_follow_up(county.engine, unhappy=unhappy, of=105)
    reviewer.page.goto(alert)


def improves(county: AlertCounty, people: tuple[Colleague, ...]) -> None:
    """Walk the alert that the counts raised to "improved"."""
    reviewer, decider, leader = people
    page = reviewer.page
    page.goto(f"{reviewer.url}/alerts")
    looks_right(page)
    page.locator("#crossed").get_by_role("link", name="超过三分之一").first.click()
    alert = page.url
    expect(page.locator("#found")).to_contain_text("38 / 105")
    looks_right(page)
    decided(alert, reviewer, decider)
    followed(alert, (reviewer, leader), county, unhappy=10)
    expect(page.locator("#follow-up")).to_contain_text("10 / 105")
    expect(page.locator("#follow-up")).to_contain_text("有变化：不满意减少")
    looks_right(page)
    decider.act(alert, "办结预警", outcome="improved")
    leader.act(alert, "第二人确认同意")
    expect(leader.page.locator("h1")).to_contain_text("已办结")


def is_escalated(county: AlertCounty, people: tuple[Colleague, ...]) -> None:
    """Walk one that was opened by hand to the proposal of the next measure."""
    reviewer, decider, leader = people
    page = reviewer.page
    page.goto(f"{reviewer.url}/alerts")
    page.locator("#near").get_by_role("link", name="人工立项").first.click()
    reviewer.fill()
    alert = page.url
    decided(alert, reviewer, decider)
    followed(alert, (reviewer, leader), county, unhappy=40)
    expect(page.locator("#follow-up")).to_contain_text("未见明显变化")
    decider.act(alert, "办结预警", outcome="escalated")
    leader.act(alert, "第二人确认同意")
    leader.page.goto(f"{leader.url}/alerts/cases?state=raised")
    leader.page.locator("tbody a").last.click()
    expect(leader.page.locator("#now")).to_contain_text("下一档措施为“调整岗位”")
    looks_right(leader.page)


def test_one_alert_improves_and_another_is_escalated(
    database_url: str, open_page: OpenPage
) -> None:
    with serving(database_url, second_factor=SEE_RESULTS) as server:
        engine = main_engine_of(server.settings)
        roles = (REVIEWS, REVIEWER), (DECIDES, DECIDER), (LEADS, LEADER)
        county = alert_county(engine, *roles)
        people = tuple(
            Colleague(open_page(), server, name, password)
            for name, password in county.passwords.items()
        )
        improves(county, people)
        is_escalated(county, people)
        engine.dispose()
