"""A respondent's phone: small, old, without scripts, enlarged, or only a keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.support.browser.site import Shoot, Site, answer_all, send, site_served

pytestmark = pytest.mark.browser

ANDROID = (
    "Mozilla/5.0 (Linux; Android 9; V1818A Build/PKQ1; wv) AppleWebKit/537.36 (KHTML, "
    "like Gecko) Version/4.0 Chrome/86.0.4240.99 XWEB/4317 MMWEBSDK/20220805 Mobile "
    "Safari/537.36 MicroMessenger/8.0.27.2220(0x28001B53) WeChat/arm64 NetType/4G "
    "Language/zh_CN ABI/arm64"
)
IOS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 12_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.34(0x18002234) NetType/WIFI "
    "Language/zh_CN"
)


site = pytest.fixture(scope="module")(site_served)


def test_the_whole_walk_without_scripts(
    open_page: OpenPage, site: Site, shoot: Shoot
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site.url)
    shoot(page, "1-start")
    page.locator("#code").fill(site.one.rpartition("/")[2].lower())
    send(page)
    expect(page.locator(".about b")).to_have_text("青山镇")
    shoot(page, "2-ask")

    answer_all(page)
    page.locator("textarea").fill("窗口的同志很耐心。")
    shoot(page, "3-filled")
    send(page)

    expect(page).to_have_url(re.compile("/r/"))
    receipt = page.locator(".receipt").inner_text()
    shoot(page, "4-counted")
    page.goto(f"{site.url}/r")
    page.locator("#code").fill(receipt.lower().replace("-", " "))
    send(page)
    expect(page.locator(".receipt")).to_have_text(receipt)


def test_a_gap_is_named_and_focused_and_nothing_is_lost(
    open_page: OpenPage, site: Site, shoot: Shoot
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site.several)
    page.locator("#f-subject label").nth(2).click()
    page.locator("#f-attitude label").nth(1).click()
    page.locator("textarea").fill("还在这里")
    send(page)

    first = page.locator("#f-ability input").first
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()
    expect(page.locator("#e-ability")).to_be_in_viewport()
    expect(page.locator("#f-attitude input").nth(1)).to_be_checked()
    expect(page.locator("textarea")).to_have_value("还在这里")
    shoot(page, "gap")
    page.locator(".problem a").last.click()
    expect(page.locator("#f-overall legend")).to_be_in_viewport()


def test_one_tap_changes_language_and_size(open_page: OpenPage, site: Site) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site.one)

    page.get_by_role("button", name="English").click()
    expect(page.locator("legend").first).to_contain_text("Question 1 of 8")
    page.get_by_role("button", name="Large type").click()
    expect(page.locator("html.large legend").first).to_contain_text("Question 1 of 8")
    answer_all(page)
    send(page)
    expect(page.locator("html.large h1")).to_contain_text("Thank you")


def test_the_look_of_a_page_with_answers_changes_without_losing_them(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site.one}?lang=en")
    page.locator("#f-attitude label").first.click()
    send(page)

    top = page.locator("header")
    top.get_by_role("button", name="Large type").click()
    expect(page.locator("html.large #f-attitude input").first).to_be_checked()
    top.get_by_role("button", name="中文").click()
    expect(page.locator("html.large legend").first).to_contain_text("第 1 题")
    expect(page.locator("#f-attitude input").first).to_be_checked()


def test_the_keyboard_alone_is_enough(
    open_page: OpenPage, site: Site, shoot: Shoot
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site.one}?lang=en")
    keys = page.keyboard

    for _ in range(2):  # language and size
        keys.press("Tab")
        expect(page.locator("nav button:focus")).to_have_css("outline-style", "solid")
    for number in range(8):
        keys.press("Tab")
        keys.press("Space")
        if number:
            keys.press("ArrowDown")
    ring = page.locator(".choice:has(input:focus)")
    expect(ring).to_have_css("outline-style", "solid")
    shoot(page, "ring")
    keys.press("Tab")
    keys.type("Typed.")
    keys.press("Tab")
    expect(page.locator("button.send")).to_be_focused()
    checked = [e.get_attribute("value") for e in page.locator("input:checked").all()]
    keys.press("Enter")

    expect(page.locator(".receipt")).to_be_visible()
    assert checked == ["very_satisfied"] + ["satisfied"] * 7


def test_enter_in_a_question_sends_the_form_and_nothing_else(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site.one)
    send(page)
    answer_all(page)
    page.locator("#f-overall input").first.focus()

    page.keyboard.press("Enter")

    expect(page.locator(".receipt")).to_be_visible()


@pytest.mark.parametrize("agent", [ANDROID, IOS], ids=["android", "ios"])
def test_in_wechat_it_is_the_same_page(
    open_page: OpenPage, site: Site, shoot: Shoot, agent: str
) -> None:
    page = open_page(user_agent=agent, has_touch=True, is_mobile=True)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))

    page.goto(site.one.upper().replace("HTTP://", "http://"))
    assert [url for url in requests if not url.startswith("data:")] == [page.url]
    shoot(page, "ask")
    for group in page.locator("fieldset").all():
        group.locator("label").last.tap()
    page.locator("button.send").tap()

    expect(page.locator(".receipt")).to_be_visible()
    assert page.context.cookies() == []
