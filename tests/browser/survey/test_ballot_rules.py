"""The page says which rule a form breaks before it is sent, as the server would."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from random import Random

import jinja2
import pytest
from playwright.sync_api import Page, Request, expect
from sqlalchemy.orm import Session

import survey_app
from survey_app.ballot import tickets
from survey_app.database import NO_LOG, engine_of, main_engine_of, writing
from survey_app.domain.ground.stated import assumed
from survey_app.domain.questionnaire.ballot_rules import (
    BallotRule,
    BallotRuleKind,
    Mark,
    Over,
    SheetRule,
    broken_rules,
    sheet_rules,
)
from survey_app.domain.questionnaire.questionnaire import WITHOUT_POINTS
from survey_app.migrate import migrate, migrate_ballots
from survey_app.settings import Settings
from survey_app.web.rule_list import MORE, USED, judged
from tests.browser.conftest import OpenPage
from tests.support.browser.booth import new_slip
from tests.support.browser.site import Shoot
from tests.support.open_box import ANY_DAY, Box, open_box
from tests.support.respondents import ALWAYS_OPEN, ask_about
from tests.support.server import serving

pytestmark = pytest.mark.browser

HALF_GOOD = BallotRule("at-most", ("good",), share=assumed(Fraction(1, 2)))
NEVER_ALIKE = BallotRule("not-all-equal", over=Over.SUBJECT)
RULES = (HALF_GOOD, NEVER_ALIKE)

HOUSE = Path(survey_app.__file__ or "").parent


@dataclass(frozen=True)
class Site:
    """A served platform: an open survey and a ballot box, both with rules."""

    url: str
    survey: str
    box: Box


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("rules")
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
        code = ask_about(db, replace(ALWAYS_OPEN, rules=RULES)).code
        plan = replace(ANY_DAY, rules=RULES, tickets=9)
        box = open_box(db, ballots, settings.secrets_folder, plan)
    with serving(settings.database_url) as server:
        yield Site(server.url, f"{server.url}/s/{code}", box)
    engine.dispose()
    ballots.dispose()


def posts_of(page: Page) -> list[str]:
    """Return the list to which every form that leaves the browser is added."""
    sent: list[str] = []

    def seen(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", seen)
    return sent


def choose(page: Page, choice: int) -> None:
    """Choose the same of every question."""
    names = page.locator("input[type=radio]").evaluate_all(
        "all => [...new Set(all.map(one => one.name))]"
    )
    for name in names:
        page.locator(f"label:has(input[name='{name}'])").nth(choice).click()


def test_a_broken_rule_keeps_an_answer_on_the_page(
    open_page: OpenPage, site: Site, shoot: Shoot
) -> None:
    page = open_page()
    page.goto(f"{site.survey}?lang=en")
    sent, rule = posts_of(page), page.locator("#f-rule-0")
    expect(rule.locator("span")).to_have_text("So far: 0 of 1")
    choose(page, 0)
    page.locator("textarea").fill("still here")
    expect(rule.locator("span")).to_have_text("So far: 2 of 1")
    page.locator("button.send").click()

    expect(rule).to_be_focused()
    expect(rule.locator(".error")).to_have_text(
        "Answers that are “Satisfied”: 2; at most 1 may be. Change 1 of them or more."
    )
    expect(page.locator("textarea")).to_have_value("still here")
    assert sent == []
    shoot(page, "refused")
    page.locator("label:has(input[name=solved])").nth(1).click()
    expect(page.locator("[data-rule].flaw")).to_have_count(0)
    page.locator("button.send").click()
    expect(page.locator(".receipt")).to_be_visible()


def test_a_broken_rule_keeps_a_ballot_on_the_page_and_nowhere_else(
    open_page: OpenPage, site: Site, shoot: Shoot
) -> None:
    page, code = open_page(), new_slip(site.box)
    page.goto(f"{site.url}/B?lang=en#{code}")
    expect(page.locator("#answers")).to_be_visible()
    sent = posts_of(page)
    choose(page, 1)
    page.locator("button.send").click()

    expect(page.locator("#f-rule-1")).to_be_focused()
    expect(page.locator("[data-rule].flaw")).to_have_count(3)
    assert sent == []
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    assert site.box.row(code)[0] == tickets.NEW
    shoot(page, "refused")
    for number in (0, 2, 4):
        page.locator("tbody tr").nth(number).locator("label").nth(2).click()
    expect(page.locator("[data-rule].flaw")).to_have_count(0)
    page.locator("button.send").click()
    expect(page.locator(".tracker")).to_be_visible()
    assert site.box.row(code)[0] == tickets.USED


def test_without_script_the_server_says_the_same(
    open_page: OpenPage, site: Site, shoot: Shoot
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site.survey}?lang=en")
    choose(page, 0)
    page.locator("button.send").click()

    rule = page.locator("#f-rule-0")
    expect(rule).to_be_focused()
    expect(rule.locator(".error")).to_be_in_viewport()
    expect(page.locator("input:checked")).to_have_count(2)
    shoot(page, "refused")
    page.locator(".problem a").first.click()
    expect(rule).to_be_in_viewport()


def test_another_look_is_not_held_up(open_page: OpenPage, site: Site) -> None:
    page, code = open_page(), new_slip(site.box)
    page.goto(f"{site.url}/B#{code}")
    expect(page.locator("#answers")).to_be_visible()
    choose(page, 0)
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="English").click()

    # No broken rule keeps anybody; what is sealed here is not sent to be drawn anew.
    expect(page.locator("html[lang=en]")).to_be_attached()
    expect(page.locator("input:checked")).to_have_count(0)


SCRIPT = jinja2.Template(
    (Path(survey_app.__file__).parent / "templates/respondent/rules.js").read_text(),
    trim_blocks=True,
).render()
CHOICES = ("excellent", "good", "poor", *WITHOUT_POINTS)
QUESTIONS = ("virtue", "ability", "overall")
Case = tuple[tuple[SheetRule, ...], dict[Mark, str], bool]


def drawn(luck: Random) -> Case:
    """Return rules, marks, and whether they are about several people."""
    several = luck.random() < 0.7
    subjects = list(range(11, 11 + luck.randint(1, 4))) if several else [0]
    rules = [
        BallotRule(
            luck.choice(list(BallotRuleKind)),
            tuple(luck.sample(CHOICES[:3], luck.randint(1, 2))),
            count=assumed(luck.randint(1, 5)) if luck.random() < 0.5 else None,
            share=assumed(Fraction(luck.randint(1, 6), 7)),
            questions=tuple(luck.sample(QUESTIONS, luck.randint(0, 2))),
            over=luck.choice(list(Over)),
        )
        for _ in range(3)
    ]
    few = luck.sample(CHOICES, luck.randint(1, 6))
    picks = {
        (subject, key): luck.choice(few)
        for subject in subjects
        for key in QUESTIONS
        if luck.random() < 0.95
    }
    return sheet_rules(rules, subjects, QUESTIONS), picks, several


def page_of(case: Case) -> str:
    """Return a form with these marks made and these rules above it."""
    rules, picks, several = case
    subjects = {s for rule in rules for s, _ in rule.marks} | {s for s, _ in picks}

    def radio(subject: int, key: str, choice: str) -> str:
        name = f"{subject}.{key}" if several else key
        made = " checked" if picks.get((subject, key)) == choice else ""
        return f'<input type=radio name="{name}" value="{choice:.<11}"{made}>'

    radios = "".join(
        radio(subject, key, choice)
        for subject in sorted(subjects)
        for key in QUESTIONS
        for choice in CHOICES
    )
    items = "".join(
        f"<li data-rule='{told}'><span></span><p class=error></p></li>"
        for told in (json_of(n, rule, several=several) for n, rule in enumerate(rules))
    )
    # Who is rated is asked in the same form, and is no mark.
    whom = "<input type=radio name=subject value=excellent checked>"
    return f"<ul>{items}</ul><form id=answers>{whom}{radios}</form>"


def json_of(place: int, rule: SheetRule, *, several: bool) -> str:
    """Return what the script reads; its words are the place and its two numbers."""
    words = {"broken": f"{place}: {USED} {MORE}", "used": ""}
    return json.dumps(judged(rule, alone=not several) | words)


def test_the_script_judges_as_the_server_does(open_page: OpenPage) -> None:
    luck = Random(34)
    cases = [drawn(luck) for _ in range(400)]
    found: list[list[str]] = open_page().evaluate(
        """([script, pages]) => pages.map((page) => {
            document.body.innerHTML = page;
            new Function(script)();
            const sending = new Event("submit", {bubbles: true, cancelable: true});
            document.getElementById("answers").dispatchEvent(sending);
            const flaws = [...document.querySelectorAll(".flaw")];
            if (sending.defaultPrevented !== flaws.length > 0) return ["sent anyway"];
            return flaws.map((flaw) => flaw.textContent.trim());
        })""",
        [SCRIPT, [page_of(case) for case in cases]],
    )

    expected = [
        [
            f"{place}: {one.used} {one.to_change}"
            for place, rule in enumerate(rules)
            for one in broken_rules([rule], picks)
        ]
        for rules, picks, _ in cases
    ]
    assert found == expected
    assert 100 < sum(map(bool, expected)) < 300, "both verdicts are tried"
