"""Back, Reload, another look, a tab the phone threw away: what stays and what is gone.

In a browser that shows pages again after Back as they were left, which is how a person
reads the answers of whoever sat there before.
"""

import re

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import OpenPage
from tests.support.browser.overheard import overheard
from tests.support.browser.site import Shoot, Site, answer_all, send, site_served

pytestmark = pytest.mark.browser
site = pytest.fixture(scope="module")(site_served)

SCRIPT = pytest.mark.parametrize("script", ["script", "no script"])
SAID = "窗口的同志很耐心。"
PICKED = "input:checked"


def fill_in(page: Page) -> None:
    answer_all(page)
    page.locator("textarea").fill(SAID)


def assert_all_there(page: Page) -> None:
    expect(page.locator(PICKED)).to_have_count(8)
    expect(page.locator("textarea")).to_have_value(SAID)


def assert_empty(page: Page) -> None:
    expect(page.locator("fieldset")).to_have_count(8)
    expect(page.locator(PICKED)).to_have_count(0)
    expect(page.locator("textarea")).to_have_value("")


def back(page: Page) -> None:
    page.go_back(wait_until="commit")


@SCRIPT
def test_the_second_form_of_a_device_does_not_come_back_either(
    open_remembered: OpenPage, site: Site, script: str
) -> None:
    page = open_remembered(java_script_enabled=script == "script")
    for _ in range(2):
        page.goto(site.one)
        fill_in(page)
        send(page)
        expect(page).to_have_url(re.compile("/r/"))

    back(page)

    assert_empty(page)


@SCRIPT
def test_after_back_nobody_reads_what_was_answered_and_the_next_one_counts(
    open_remembered: OpenPage, site: Site, script: str
) -> None:
    page = open_remembered(java_script_enabled=script == "script")
    with overheard(site.one, b"GET /favicon.ico") as (one, looked):
        page.goto(one)
        # What keeps the page away without script is an icon that the browser looks for
        # as soon as it has the page, long before a person has answered.
        assert script == "script" or looked.wait(30)
        assert_the_next_one_finds_nothing(page)


def assert_the_next_one_finds_nothing(page: Page) -> None:
    fill_in(page)
    send(page)
    expect(page).to_have_url(re.compile("/r/"))
    first = page.locator(".receipt").inner_text()

    back(page)

    assert_empty(page)
    answer_all(page)
    send(page)
    expect(page).to_have_url(re.compile("/r/"))
    expect(page.locator(".receipt")).not_to_have_text(first)


@SCRIPT
def test_after_another_look_back_shows_no_answers_either(
    open_remembered: OpenPage, site: Site, script: str
) -> None:
    page = open_remembered(java_script_enabled=script == "script")
    page.goto(f"{site.one}?shared=1")  # no script keeps anything: a look is sent
    fill_in(page)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html[lang=en]")).to_be_visible()
    assert_all_there(page)
    send(page)
    expect(page).to_have_url(re.compile("/r/"))

    # The browser asks whether to send the look once more, and shows nothing.
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        back(page)


def test_a_look_sent_once_more_after_counting_shows_no_answers(
    open_remembered: OpenPage, site: Site
) -> None:
    page = open_remembered()
    page.goto(f"{site.one}?shared=1")
    counted = page.locator("[name=submission]").input_value()
    answer_all(page)
    send(page)
    expect(page).to_have_url(re.compile("/r/"))
    page.goto(f"{site.one}?shared=1")
    fill_in(page)
    # What a browser sends when it is told yes, once more.
    page.locator("[name=submission]").evaluate("(e, id) => e.value = id", counted)

    page.get_by_role("button", name="English").click()

    expect(page.locator("html[lang=en]")).to_be_visible()
    assert_empty(page)
    expect(page.locator("[name=submission]")).not_to_have_value(counted)


def test_a_form_that_came_back_is_not_emptied_by_back(
    open_remembered: OpenPage, site: Site
) -> None:
    page = open_remembered()
    page.goto(site.one)
    fill_in(page)
    page.locator("textarea").fill(SAID * 40)
    send(page)
    expect(page.locator(".problem")).to_be_visible()

    back(page)

    expect(page.locator(PICKED)).to_have_count(8)
    expect(page.locator("textarea")).to_have_value(SAID * 40)


def test_where_nothing_may_be_kept_the_second_person_has_a_form_of_his_own(
    open_remembered: OpenPage, site: Site, shoot: Shoot
) -> None:
    page = open_remembered()
    refuse = "Object.defineProperty(window, 'sessionStorage', {get() { throw 1 }})"
    page.add_init_script(refuse)
    faults: list[str] = []

    def note(fault: Error) -> None:
        faults.append(fault.message)

    page.on("pageerror", note)
    page.goto(site.one)
    fill_in(page)
    send(page)
    first = page.locator(".receipt").inner_text()
    back(page)
    for group in page.locator("fieldset").all():
        group.locator("label").nth(2).click()
    page.locator("textarea").fill("另一个人")

    send(page)

    shoot(page, "second")
    expect(page).to_have_url(re.compile("/r/"))
    expect(page.locator(".receipt")).not_to_have_text(first)
    assert faults == []


@SCRIPT
@pytest.mark.parametrize("query", ["", "?shared=1"], ids=["own", "shared"])
def test_another_look_loses_nothing(
    open_page: OpenPage, site: Site, script: str, query: str
) -> None:
    page = open_page(java_script_enabled=script == "script")
    page.goto(site.one + query)
    fill_in(page)

    page.get_by_role("button", name="English").click()
    expect(page.locator("html[lang=en] legend").first).to_contain_text("Question 1")
    assert_all_there(page)
    page.get_by_role("button", name="Large type").click()
    expect(page.locator("html.large[lang=en]")).to_be_visible()
    assert_all_there(page)
    assert ("shared=1" in page.url) is bool(query)
    send(page)
    expect(page).to_have_url(re.compile("/r/"))


def test_a_reload_brings_everything_back_and_sending_takes_it_away(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page()
    page.goto(site.several)
    page.locator("#f-subject label").nth(1).click()
    page.locator("#f-attitude label").nth(2).click()
    page.locator("textarea").type("一半")
    submission = page.locator("[name=submission]").input_value()

    page.reload()

    expect(page.locator("#f-subject input").nth(1)).to_be_checked()
    expect(page.locator("#f-attitude input").nth(2)).to_be_checked()
    expect(page.locator("textarea")).to_have_value("一半")
    # The same form, not another: sent before and after, it counts once.
    expect(page.locator("[name=submission]")).to_have_value(submission)
    answer_all(page)
    send(page)
    expect(page).to_have_url(re.compile("/r/"))
    assert SAID not in page.evaluate("JSON.stringify(sessionStorage)")
    page.goto(site.several)
    expect(page.locator(PICKED)).to_have_count(0)
    expect(page.locator("[name=submission]")).not_to_have_value(submission)


def test_a_tab_that_was_thrown_away_comes_back_and_another_tab_knows_nothing(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page()
    page.goto(site.one)
    fill_in(page)

    page.goto("about:blank")
    page.goto(site.one)

    assert_all_there(page)
    beside = page.context.new_page()
    beside.goto(site.one)
    assert_empty(beside)
    other = beside.context.new_page()
    other.goto(site.several)
    expect(other.locator(PICKED)).to_have_count(0)
    assert page.evaluate("localStorage.length") == 0
    assert page.context.cookies() == []


def test_a_shared_device_keeps_nothing_of_a_form(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page()
    page.goto(f"{site.one}?shared=1")
    fill_in(page)

    assert SAID not in page.evaluate("JSON.stringify(sessionStorage)")
    page.reload()

    assert_empty(page)


def test_a_second_press_sends_nothing(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.one)
    answer_all(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))

    page.evaluate("""() => {
        const press = document.querySelector('button.send');
        press.click(); press.click();
    }""")

    expect(page).to_have_url(re.compile("/r/"))
    assert sent.count("POST") == 1


def test_what_is_pasted_is_not_cut_and_too_much_of_it_is_counted_at_once(
    open_page: OpenPage, site: Site
) -> None:
    family = "👨\u200d👩\u200d👧\u200d👦"
    page = open_page()
    page.goto(f"{site.one}?lang=en")
    box, over = page.locator("textarea"), page.locator("#over")
    box.focus()

    page.keyboard.insert_text(family * 300)
    expect(over).to_be_hidden()
    page.keyboard.insert_text("字" * 200)

    expect(over).to_have_text("200 characters too many")
    expect(box).to_have_value(family * 300 + "字" * 200)
    answer_all(page)
    send(page)
    expect(page.locator("#e-comment")).to_contain_text("200 characters too many")
    expect(page.locator("textarea")).to_have_value(family * 300 + "字" * 200)
