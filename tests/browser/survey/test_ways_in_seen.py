"""A screen that changes and a slip that counts once, as a phone sees them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from survey_app.database import engine_of, writing
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.printed_code import screen_secret
from survey_app.migrate import migrate
from survey_app.survey.slips import give_out_slips
from survey_app.survey.tables import Channel
from tests.browser.conftest import OpenPage
from tests.support.browser.qr_reader import read
from tests.support.browser.site import Shoot, answer_all, plan_for, send
from tests.support.respondents import Asked, ask_about
from tests.support.server import serving

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Hall:
    """A served platform with a screen at a counter, and slips of two kinds."""

    url: str
    screen: str
    """The address that the counter's screen opens."""
    slip: str
    """It names who is rated."""
    choosing: str
    """Its holder chooses whom he rates."""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    url = f"sqlite:///{tmp_path_factory.mktemp('hall') / 'survey.sqlite'}"
    engine = engine_of(url)
    migrate(engine)
    with Session(writing(engine)) as db:
        kinds = (ChannelKind.SCREEN, ChannelKind.SLIPS, ChannelKind.SLIPS)
        plans = (["青山镇"], ["青山镇"], ["青山镇", "柳河镇"])
        made = [ask_about(db, plan_for(units)) for units in plans]
        for asked, kind in zip(made, kinds, strict=True):
            ours = update(Channel).where(Channel.id == asked.channel_id)
            db.execute(ours.values(kind=kind))
        db.commit()
        slips = [one_slip(db, asked) for asked in made[1:]]
    engine.dispose()
    code, key = made[0].code, made[0].key.encode()
    with serving(url, answers_per_minute=1000) as server:
        yield Hall(
            server.url,
            f"{server.url}/w/{code}{screen_secret(code, key)}",
            *(f"{server.url}/s/{slip}" for slip in slips),
        )


def one_slip(db: Session, asked: Asked) -> str:
    key = asked.key.encode()
    (slip,) = give_out_slips(db, asked.channel_id, number=1, key=key)
    return slip


@pytest.mark.parametrize("size", [(360, 640), (1280, 800)])
def test_a_phone_reads_the_screen_and_gets_in(
    open_page: OpenPage, hall: Hall, shoot: Shoot, tmp_path: Path, size: tuple[int, int]
) -> None:
    screen = open_page(*size, java_script_enabled=False)
    screen.goto(hall.screen)
    shoot(screen, "screen")
    drawn = tmp_path / "screen.png"
    screen.locator("svg").screenshot(path=drawn)
    # The pattern fills the screen: whoever stands before the counter reads it.
    box = screen.locator("svg").bounding_box()
    assert box is not None
    assert box["width"] > min(size) / 2

    phone = open_page(java_script_enabled=False)
    address = read(drawn)
    assert re.fullmatch(r".*/s/[0-9A-Z]{14}", address, re.IGNORECASE)
    phone.goto(f"{hall.url}/s/{address.rpartition('/')[2]}")
    answer_all(phone)
    send(phone)
    expect(phone).to_have_url(re.compile("/r/"))

    without = phone.goto(f"{hall.url}/s/{address.rpartition('/')[2][:10]}")
    assert without is not None
    assert without.status == 403
    expect(phone.locator("h1")).to_contain_text("屏幕上的二维码已经更换")


@pytest.mark.parametrize("script", [True, False])
def test_a_slip_counts_once_and_going_back_says_so(
    open_remembered: OpenPage, hall: Hall, shoot: Shoot, *, script: bool
) -> None:
    phone = open_remembered(java_script_enabled=script)
    phone.goto(f"{hall.slip}?lang=en")
    if phone.locator("fieldset").count():  # the first of the two uses it up
        answer_all(phone)
        send(phone)
        expect(phone).to_have_url(re.compile("/r/"))

    phone.goto(f"{hall.slip}?lang=en")
    shoot(phone, "used")
    expect(phone.locator("h1")).to_have_text("This slip was used, and counts once")
    expect(phone.locator("form#answers")).to_have_count(0)


def test_a_slip_that_lets_choose_rates_one_after_another(
    open_page: OpenPage, hall: Hall
) -> None:
    for name in ("青山镇", "柳河镇"):
        phone = open_page()
        phone.goto(hall.choosing)
        answer_all(phone)
        phone.locator("#f-subject label", has_text=name).click()
        send(phone)
        expect(phone).to_have_url(re.compile("/r/"))
    phone = open_page()
    phone.goto(hall.choosing)
    answer_all(phone)
    send(phone)
    expect(phone.locator("h1")).to_have_text("这张评价条已使用，只计一次")
    phone.get_by_role("link", name="另选一位评价").click()
    expect(phone.locator("#f-subject")).to_be_visible()
