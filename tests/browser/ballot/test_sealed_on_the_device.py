"""A ballot is sealed on the phone where it can be, and by the server where not."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, expect
from sqlalchemy.orm import Session

from survey_app.ballot.paper.ballot import WHOLE, read_answers, read_texts
from survey_app.ballot.paper.ticket import printed_tracker, tracker_of
from survey_app.ballot.sealing.envelope import unseal
from survey_app.ballot.tickets import NEW, USED
from survey_app.database import NO_LOG, engine_of, main_engine_of, writing
from survey_app.domain.ground.stated import assumed
from survey_app.domain.questionnaire.ballot_rules import BallotRule
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.migrate import migrate, migrate_ballots
from survey_app.settings import Settings
from tests.browser.conftest import OpenPage
from tests.support.browser.booth import Site, answer_all, new_slip, scan
from tests.support.every_kind import EVERY_KIND
from tests.support.holder_keys import holder_keys
from tests.support.open_box import ANY_DAY, Box, open_box, with_questions
from tests.support.server import serving

pytestmark = pytest.mark.browser

WITHOUT_SUBTLE = "Object.defineProperty(crypto, 'subtle', { value: undefined });"
FAILING = "crypto.subtle.digest = () => Promise.reject(new Error('no'));"
RULES = (BallotRule("at-most", ("bad",), assumed(1)),)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Every kind of question about three; and six ratings under a rule."""
    folder = tmp_path_factory.mktemp("ballots")
    settings = Settings(
        database_url=f"sqlite:///{folder / 'survey.sqlite'}",
        secret_key="s" * 32,
        second_factor="",
    )
    engine = main_engine_of(settings)
    ballots = engine_of(settings.ballots_at, journal=NO_LOG)
    migrate(engine)
    migrate_ballots(ballots)
    plan = replace(ANY_DAY, people=("王建国", "李秀英"), tickets=30)
    every = read_questionnaire(EVERY_KIND, file="every.toml")
    assert settings.secrets_folder is not None
    with Session(writing(engine)) as db:
        boxes = [
            open_box(db, ballots, settings.secrets_folder, kind)
            for kind in (
                replace(plan, questionnaire=every),
                replace(plan, questionnaire=with_questions(2), rules=RULES),
            )
        ]
    with serving(settings.database_url) as server:
        yield Site(server.url, server.log, *boxes)
    engine.dispose()
    ballots.dispose()


def posted(page: Page) -> list[dict[str, list[str]]]:
    """Return the forms this page will have sent."""
    sent: list[dict[str, list[str]]] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(parse_qs(request.post_data or "", keep_blank_values=True))

    page.on("request", note)
    return sent


def fill(page: Page, box: Box, subject: int, said: str) -> None:
    page.locator(f"input[name='{subject}.overall'][value^='{said}']").check(force=True)


def fill_every_kind(page: Page, box: Box) -> None:
    """Say bad and why about the first, good about the others."""
    first, *others = box.form.subject_ids
    fill(page, box, first, "bad")
    page.fill(f"[name='{first}.why']", "等得太久\n😀")
    page.fill(f"[name='{first}.score']", "６０")
    page.check(f"input[name='{first}.ways.desk'][value^='ticked']", force=True)
    page.check(f"input[name='{first}.window'][value^='north']", force=True)
    for other in others:
        fill(page, box, other, "good")
    page.fill("#comment", '都  好 "\\')
    page.select_option("#about", index=1)


def test_every_kind_is_sealed_on_the_phone_as_the_server_would(
    open_page: OpenPage, site: Site
) -> None:
    page, box, code = open_page(), site.several, new_slip(site.several)
    scan(page, site, code)
    expect(page.locator("#sealed-on-phone")).to_be_visible()
    expect(page.locator("#sealed-on-server")).to_be_hidden()
    fill_every_kind(page, box)
    sent = posted(page)

    page.click("button.send:visible")

    expect(page.locator("#same-receipt")).to_be_visible()
    expect(page.locator("#other-receipt")).to_be_hidden()
    assert "#" not in page.url
    # The server was sent the code, the page's name and ciphertext, and nothing else.
    assert [form.keys() for form in sent] == [{"code", "page", "sealed"}]
    first = box.form.subject_ids[0]
    state, answers, texts = box.row(code)
    assert state == USED
    picks = read_answers(
        box.form, unseal(answers, holder_keys(), aad=box.form.aad)
    ).picks
    assert picks[first] == {
        "overall": "bad", "window": "north", "ways": "answered",
        "ways.phone": "unticked", "ways.desk": "ticked", "ways.post": "unticked",
        "score": "60", "why": "answered",
    }  # fmt: skip
    assert picks[box.form.subject_ids[1]]["why"] == "not_asked"
    read = read_texts(box.form, unseal(texts, holder_keys(), aad=box.form.aad))
    assert read == ((first, "why", "等得太久\n😀"), (WHOLE, "", '都 好 "\\'))
    shown = page.locator(".tracker").inner_text().replace("\n", "")
    assert printed_tracker(tracker_of(answers)) == shown


def test_whatever_was_answered_as_much_is_sent(open_page: OpenPage, site: Site) -> None:
    sizes = set()
    for full in (True, False):
        page, box = open_page(), site.several
        scan(page, site, new_slip(box))
        if full:
            fill_every_kind(page, box)
        else:
            for subject in box.form.subject_ids:
                fill(page, box, subject, "good")
        sent = posted(page)
        page.click("button.send:visible")
        expect(page.locator(".receipt")).to_be_visible()
        sizes.add(len(sent[0]["sealed"][0]))

    assert len(sizes) == 1


@pytest.mark.parametrize("how", ["no script", "no subtle"])
def test_where_it_cannot_the_server_seals_and_the_page_says_so(
    open_page: OpenPage, site: Site, how: str
) -> None:
    page, code = open_page(java_script_enabled=how != "no script"), new_slip(site.one)
    if how == "no script":
        page.goto(f"{site.url}/B")
        page.fill("#code", code)
        page.click("button.send")
    else:
        page.add_init_script(WITHOUT_SUBTLE)
        scan(page, site, code)
    expect(page.locator("#sealed-on-server")).to_be_visible()
    expect(page.locator("#sealed-on-phone")).to_be_hidden()
    for row in page.locator("tbody tr").all():
        row.locator("label").nth(0).click()
    sent = posted(page)

    page.click("button.send:visible")

    expect(page.locator(".receipt")).to_be_visible()
    expect(page.locator("#same-receipt")).to_have_count(0)
    assert "sealed" not in sent[0]
    assert len(sent[0]) > 2


def test_a_gap_and_a_broken_rule_are_said_before_anything_is_sent(
    open_page: OpenPage, site: Site
) -> None:
    page, box = open_page(), site.one
    code = new_slip(box)
    scan(page, site, code, "?lang=en")
    sent = posted(page)
    page.fill("#comment", "x" * 301)

    page.click("button.send:visible")

    expect(page.locator(".problem h2")).to_contain_text("Not sent yet")
    expect(page.locator("tbody .error").first).to_have_text("Choose one answer.")
    expect(page.locator("#e-comment")).to_contain_text("1 characters too many")
    page.fill("#comment", "")
    answer_all(page)
    page.click("button.send:visible")
    expect(page.locator("[data-rule] .error").first).not_to_be_empty()
    assert sent == []
    assert box.row(code)[0] == NEW


def test_what_could_not_be_sealed_is_not_sent_before_it_is_said(
    open_page: OpenPage, site: Site
) -> None:
    page, box = open_page(), site.several
    page.add_init_script(FAILING)
    scan(page, site, new_slip(box), "?lang=en")
    fill_every_kind(page, box)
    sent = posted(page)

    page.click("button.send:visible")

    expect(page.locator(".problem")).to_contain_text("nothing was sent")
    expect(page.locator("#sealed-on-server")).to_be_visible()
    assert sent == []
    page.click("button.send:visible")
    expect(page.locator(".receipt")).to_be_visible()
    assert "sealed" not in sent[0]


@pytest.mark.parametrize("agreed", ["yes", "no"])
def test_another_look_is_asked_for_without_the_answers(
    open_page: OpenPage, site: Site, agreed: str
) -> None:
    page, box = open_page(), site.one
    scan(page, site, new_slip(box))
    answer_all(page)
    sent = posted(page)
    page.on("dialog", lambda one: one.accept() if agreed == "yes" else one.dismiss())

    page.locator(".looks button[name=redraw]").last.click()

    if agreed == "yes":
        expect(page.locator("html.large")).to_be_visible()
        assert [form.keys() for form in sent] == [{"code", "page"}]
    else:
        assert sent == []


def test_the_script_is_the_one_that_was_posted(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    scan(page, site, new_slip(site.one))
    made = page.evaluate(
        """async () => {
            const all = [...document.scripts].map((one) => one.textContent);
            const text = all.find((one) => one.includes("RSA-OAEP"));
            const bytes = new TextEncoder().encode(text);
            const print = await crypto.subtle.digest("SHA-256", bytes);
            return [...new Uint8Array(print)]
                .map((one) => one.toString(16).padStart(2, "0")).join("");
        }"""
    )

    assert made == site.one.manifest.sealing_script
    file = page.request.get(f"{site.url}/static/seal.js").body()
    assert hashlib.sha256(file).hexdigest() == made
