"""A phone looks for its proof while somebody reads; without script it is served too."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.database import engine_of, writing
from survey_app.migrate import migrate
from survey_app.survey.proof_of_work import challenge_for
from survey_app.survey.responses import Response
from survey_app.survey.tables import Channel
from tests.browser.conftest import OpenPage
from tests.support.browser.site import Shoot, answer_all, plan_for, send
from tests.support.proven import found_for, let_ask
from tests.support.respondents import ALWAYS_OPEN, ask_about
from tests.support.server import serving

pytestmark = pytest.mark.browser
PROVEN, UNPROVEN = True, False
FOUND = re.compile(r"^(\w+\.){5}\w+$")
NO_NUMBERS = "Object.defineProperty(crypto, 'subtle', {value: undefined})"
NEVER = """crypto.subtle.deriveBits = function () { return new Promise(Date); };
var later = setTimeout; setTimeout = function (what) { return later(what, 0); };"""


@dataclass(frozen=True)
class Asking:
    """A served survey that asks for proofs, and its database."""

    address: str
    engine: Engine

    def counted(self) -> Counter[bool]:
        """Return how many answers are counted with a proof, and without."""
        with Session(self.engine) as db:
            through = Response.channel_id == Channel.id
            rows = db.execute(select(Channel.without_proof_of).join(Response, through))
            return Counter(beside is None for (beside,) in rows)


@pytest.fixture
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    url = f"sqlite:///{tmp_path_factory.mktemp('asking') / 'survey.sqlite'}"
    engine = engine_of(url)
    migrate(engine)
    with Session(writing(engine)) as db:
        made = ask_about(db, plan_for(["青山镇"]))
        let_ask(db, made.survey_id)
    with serving(url) as server:
        yield Asking(f"{server.url}/s/{made.code}", engine)
    engine.dispose()


def found(page: Page) -> None:
    expect(page.locator("[name=proof]")).to_have_value(FOUND, timeout=30_000)


def thanked(page: Page) -> None:
    expect(page).to_have_url(re.compile("/r/"), timeout=30_000)


def test_a_phone_finds_it_while_somebody_reads(
    open_page: OpenPage, asking: Asking, shoot: Shoot
) -> None:
    page = open_page()
    page.goto(asking.address)
    found(page)
    shoot(page, "asks-for-a-proof")
    answer_all(page)
    send(page)

    thanked(page)
    assert asking.counted() == {PROVEN: 1}


def test_whoever_sends_before_it_is_found_waits_and_is_counted_with_it(
    open_page: OpenPage, asking: Asking
) -> None:
    page = open_page()
    page.goto(asking.address)
    page.evaluate(
        "document.querySelectorAll('label.choice:nth-of-type(2) input')"
        ".forEach(function (one) { one.checked = true; });"
        "document.querySelector('.send').click()"
    )

    thanked(page)
    assert asking.counted() == {PROVEN: 1}


def test_a_phone_without_script_is_counted_beside_them(
    open_page: OpenPage, asking: Asking, shoot: Shoot
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(asking.address)
    answer_all(page)
    send(page)

    thanked(page)
    assert asking.counted() == {UNPROVEN: 1}


@pytest.mark.parametrize("lacks", [NO_NUMBERS, NEVER])
def test_a_phone_that_cannot_look_for_it_is_sent_without(
    open_page: OpenPage, asking: Asking, lacks: str
) -> None:
    page = open_page()
    page.add_init_script(lacks)
    page.goto(asking.address)
    answer_all(page)
    send(page)

    thanked(page)
    assert asking.counted() == {UNPROVEN: 1}


def test_a_page_that_was_open_too_long_is_sent_again_by_itself(
    open_page: OpenPage, asking: Asking
) -> None:
    page = open_page()
    page.goto(asking.address)
    found(page)
    answer_all(page)
    page.locator("textarea").fill("窗口的同志很耐心。")
    key = ALWAYS_OPEN.key.encode()
    submission = page.locator("[name=submission]").input_value()
    old = found_for(challenge_for(submission, key, life=-1))
    page.evaluate("old => { document.forms.answers.elements.proof.value = old; }", old)
    send(page)

    thanked(page)
    assert asking.counted() == {PROVEN: 1}


def test_a_reload_brings_the_form_and_what_was_found_back(
    open_page: OpenPage, asking: Asking
) -> None:
    page = open_page()
    page.goto(asking.address)
    answer_all(page)
    page.reload()

    expect(page.locator("input:checked")).to_have_count(8)
    found(page)
    send(page)
    thanked(page)
    assert asking.counted() == {PROVEN: 1}
