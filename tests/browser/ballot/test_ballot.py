"""A slip, a phone, a real browser: cards and tables, and a clean address."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, expect

from survey_app.ballot.paper.ticket import printed_ticket
from survey_app.ballot.tickets import USED
from tests.browser.conftest import OpenPage
from tests.support.browser.booth import Site, answer_all, booth_served, new_slip, scan
from tests.support.browser.site import LOOKS, Shoot
from tests.support.open_box import Box, unissued_code

pytestmark = pytest.mark.browser

TEXT_SIZES = """() => [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()))
    .map(e => [parseFloat(getComputedStyle(e).fontSize), e.innerText.slice(0, 20)])"""
TARGETS = """wanted => [...document.querySelectorAll(wanted)]
    .filter(e => e.offsetParent).map(e => [e.getBoundingClientRect().height,
    e.outerHTML.slice(0, 60)])"""
SPILL = "() => document.documentElement.scrollWidth - innerWidth"


site = pytest.fixture(booth_served, scope="module")


@pytest.fixture
def slip() -> Callable[[Box], str]:
    """Draw a slip nobody has used."""
    return new_slip


def violations(page: Page) -> list[object]:
    found = Axe().run(page).response["violations"]
    return [(v["id"], [n["html"] for n in v["nodes"]]) for v in found]


def test_a_scanned_code_leaves_the_address_at_once(
    open_page: OpenPage, site: Site, slip: Callable[[Box], str], shoot: Shoot
) -> None:
    page, code = open_page(), slip(site.several)
    asked: list[tuple[str, str, str]] = []
    been: list[str] = []
    page.on("request", lambda r: asked.append((r.method, r.url, str(r.headers))))
    page.on("framenavigated", lambda frame: been.append(frame.url))

    scan(page, site, code)

    sent = [(method, url.partition("#")[0], told) for method, url, told in asked]
    assert sent[0][:2] == ("GET", f"{site.url}/B")
    assert not any(code in url or code in told for _, url, told in sent)
    # The code is gone before anything is sent, and no later address has it.
    assert been == [f"{site.url}/B#{code}", f"{site.url}/B", f"{site.url}/B?"]
    assert page.locator("input[name=code]").get_attribute("value") == code
    answer_all(page)
    shoot(page, "1-filled")
    page.locator("button.send").click()
    expect(page.locator(".receipt")).to_be_visible()
    shoot(page, "2-receipt")
    assert page.evaluate("history.length") <= 4
    # Whoever presses "back" on a borrowed phone finds no ballot there.
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()
    assert page.context.cookies() == []
    assert site.several.row(code)[0] == USED


def test_a_typed_code_works_without_a_script(
    open_page: OpenPage, site: Site, slip: Callable[[Box], str], shoot: Shoot
) -> None:
    page, code = open_page(java_script_enabled=False), slip(site.several)
    page.goto(f"{site.url}/b?lang=en")
    shoot(page, "1-enter")
    page.locator("#code").fill(printed_ticket(code).lower())
    page.locator("button.send").click()

    answer_all(page)
    page.locator("textarea").fill("很耐心。")
    page.locator("select").select_option(label="李秀英")
    page.locator("button.send").click()

    expect(page.locator("h1")).to_have_text("Your ballot is in the box")
    page.locator("summary").click()
    shoot(page, "2-receipt")
    receipt = page.locator(".receipt").inner_text()
    page.reload()
    expect(page.locator("h1")).to_have_text("Your ballot was in the box already")
    assert page.locator(".receipt").inner_text() == receipt
    shoot(page, "3-again")


def test_the_server_writes_nothing_of_a_ballot_into_its_log(
    open_page: OpenPage, site: Site, slip: Callable[[Box], str]
) -> None:
    page, code = open_page(), slip(site.several)
    scan(page, site, code)
    answer_all(page)
    page.locator("button.send").click()
    expect(page.locator(".receipt")).to_be_visible()

    log = site.log.read_text("utf-8")
    assert code not in log
    assert "/b" not in log.lower().replace("/bin", "")
    assert "127.0.0.1 -" not in log


def test_a_gap_is_named_and_focused_and_nothing_is_lost(
    open_page: OpenPage, site: Site, slip: Callable[[Box], str], shoot: Shoot
) -> None:
    page = open_page()
    scan(page, site, slip(site.several))
    rows = page.locator("tbody tr")
    for row in rows.all()[:-2]:
        row.locator("label").first.click()
    page.locator("textarea").fill("还在这里")
    page.locator("button.send").click()

    first = rows.nth(rows.count() - 2).locator("input").first
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()
    expect(page.locator("textarea")).to_have_value("还在这里")
    assert page.locator("input:checked").count() == rows.count() - 2
    shoot(page, "gap")
    # What is sealed on the device is sent to nobody to be drawn anew: it asks first.
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="English").click()
    expect(page.locator("html[lang=en] h1")).to_be_visible()
    assert page.locator("input:checked").count() == 0


@pytest.mark.parametrize("kind", ["several", "one"])
@pytest.mark.parametrize("look", LOOKS)
def test_on_a_phone_every_question_is_a_card_of_large_choices(
    open_page: OpenPage,
    site: Site,
    slip: Callable[[Box], str],
    shoot: Shoot,
    kind: str,
    look: str,
) -> None:
    page = open_page(bypass_csp=True)
    scan(page, site, slip(getattr(site, kind)), look)
    shoot(page, "360")
    large = "large" in look

    choices = [
        c.bounding_box() for c in page.locator("tbody tr").first.locator("label").all()
    ]
    small = [seen for seen in page.evaluate(TEXT_SIZES) if seen[0] < (16, 18)[large]]
    flat = page.evaluate(TARGETS, ".choice, .send, textarea, select, .looks button")

    # Two beside each other; one where letters are large or words are long.
    assert len({box["x"] for box in choices if box}) == (1 if look else 2)
    assert all(box["width"] >= (250 if look else 128) for box in choices if box)
    assert small == []
    assert [one for one in flat if one[0] < (44, 56)[large]] == []
    assert page.evaluate(SPILL) <= 0
    assert violations(page) == []


@pytest.mark.parametrize("kind", ["several", "one"])
@pytest.mark.parametrize("look", LOOKS)
def test_on_a_wide_screen_it_is_a_table(
    open_page: OpenPage,
    site: Site,
    slip: Callable[[Box], str],
    shoot: Shoot,
    kind: str,
    look: str,
) -> None:
    page = open_page(1280, 800, bypass_csp=True)
    scan(page, site, slip(getattr(site, kind)), look)
    shoot(page, "1280")

    rows = page.locator("tbody tr")
    choices = [c.bounding_box() for c in rows.first.locator("label").all()]
    heads = [h.bounding_box() for h in page.locator("thead").first.locator("th").all()]
    assert len({round(box["y"]) for box in choices if box}) == 1
    assert all(
        head and choice and abs(middle(head) - middle(choice)) < 2
        for head, choice in zip(heads, choices, strict=True)
    )
    assert page.evaluate(SPILL) <= 0
    assert violations(page) == []
    spilled = {}
    for width, height in ((180, 320), (640, 360), (767, 700), (768, 700)):
        page.set_viewport_size({"width": width, "height": height})
        spilled[width] = page.evaluate(SPILL)
    assert max(spilled.values()) <= 0, spilled


def middle(box: object) -> float:
    x, width = box["x"], box["width"]  # type: ignore[index]  # a bounding box
    return float(x + width / 2)


def test_a_reader_of_the_screen_hears_question_and_choice(
    open_page: OpenPage, site: Site, slip: Callable[[Box], str]
) -> None:
    for width in (360, 1280):
        page = open_page(width, 800)
        scan(page, site, slip(site.several), "?lang=en")

        first = page.get_by_role("radio").first
        expect(first).to_have_accessible_name(re.compile(r"^Question 1 of \d+ .* \w+"))
        group = page.get_by_role("group", name=re.compile("2 of 5 王建国 镇长"))
        expect(group).to_be_visible()


@pytest.mark.parametrize("look", LOOKS[::3])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_around_the_ballot_are_accessible(
    open_page: OpenPage, site: Site, shoot: Shoot, look: str, width: int
) -> None:
    page = open_page(width, 800, bypass_csp=True)
    wrong = {
        "enter": ("/b", None),
        "typing-error": ("/b", ("#code", "K7Q2M 9RT4X")),
        "not-taken": ("/b", ("#code", unissued_code())),
        "receipt": ("/b/receipt", None),
        "no-receipt": ("/b/receipt", ("#tracker", "abc")),
        "not-found": ("/b/receipt", ("#tracker", "0" * 20)),
        "papers": ("/b/papers", None),
        "paper": (f"/b/papers/{site.several.form.survey_id}", None),
    }
    for name, (path, typed) in wrong.items():
        page.goto(f"{site.url}{path}{look}")
        if typed:
            page.locator(typed[0]).fill(typed[1])
            page.locator("button.send").click()
            page.wait_for_load_state()
        shoot(page, f"{name}-{width}")

        assert page.evaluate(SPILL) <= 0, name
        assert violations(page) == [], name
