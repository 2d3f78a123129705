"""Paper and telephone in a real browser, without a mouse, with script and without."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.database import main_engine_of, writing
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.tables import Channel
from tests.browser.conftest import OpenPage
from tests.support.every_kind import EVERY_KIND
from tests.support.office import bundle
from tests.support.paper_desk import ONE, OTHER
from tests.support.respondents import ALWAYS_OPEN, Plan, ask_about
from tests.support.server import Server, serving

pytestmark = pytest.mark.browser

Shoot = Callable[[Page, str], Path]
MOST_TABS = 60
KINDS = read_questionnaire(EVERY_KIND, file="every_kind.toml")
LOOKS = [(360, "zh"), (360, "en"), (1280, "zh"), (1280, "en")]


@dataclass(frozen=True)
class Typists:
    """A served platform, and who works there."""

    server: Server
    passwords: dict[str, str]
    paper: int
    several: int
    phone: int
    """Channels: of two questions, of every kind, and of calls."""

    def sit_down(self, page: Page, name: str) -> Page:
        """Sign somebody in."""
        page.goto(f"{self.server.url}/office/sign-in")
        page.fill("#username", name)
        page.fill("#password", self.passwords[name])
        page.keyboard.press("Enter")
        page.wait_for_url("**/office/")
        return page

    def answers(self, channel_id: int) -> int:
        """Return how many answers count through a channel."""
        engine = main_engine_of(self.server.settings)
        with Session(engine) as db:
            ours = TurnoutCount.channel_id == channel_id
            found = sum(db.scalars(select(TurnoutCount.count).where(ours)))
        engine.dispose()
        return found


@pytest.fixture(scope="module")
def typists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typists]:
    """What is typed is the same whatever the database: one of SQLite."""
    file = tmp_path_factory.mktemp("typing") / "survey.sqlite"
    with serving(f"sqlite:///{file}") as server:
        engine = main_engine_of(server.settings)
        kinds = replace(ALWAYS_OPEN, questionnaire=KINDS)
        with Session(writing(engine)) as db:
            passwords = {
                name: make_account(db, name, roles=bundle("designer"))
                for name in (ONE, OTHER)
            }
            yield Typists(
                server,
                passwords,
                channel(db, ChannelKind.PAPER),
                channel(db, ChannelKind.PAPER, kinds),
                channel(db, ChannelKind.PHONE, kinds),
            )
        engine.dispose()


def channel(db: Session, kind: ChannelKind, plan: Plan = ALWAYS_OPEN) -> int:
    """Return a new channel of this kind."""
    made = ask_about(db, plan).channel_id
    db.execute(
        update(Channel).where(Channel.id == made).values(kind=kind, place="一楼大厅")
    )
    db.commit()
    return made


def tab_to(page: Page, text: str) -> None:
    """Press Tab until what has this text has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == text:
            return
    raise AssertionError(f"nothing called {text} is reached with Tab")


def open_stack(page: Page, typists: Typists, channel_id: int, name: str) -> str:
    """Open a stack of two sheets; return the address of its page."""
    page.goto(f"{typists.server.url}/office/channels/{channel_id}/stacks")
    page.fill("#name", name)
    page.fill("#sheets", "2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/stacks/*")
    return page.url


def sheet(page: Page, number: int) -> None:
    """Wait for the boxes of this sheet, ready to be typed into."""
    page.locator(f"input[name=sheet][value='{number}']").wait_for(state="attached")
    page.wait_for_load_state()


def test_paper_is_typed_and_settled_without_a_mouse(
    typists: Typists, open_page: OpenPage, shoot: Shoot
) -> None:
    one, other = (typists.sit_down(open_page(1280, 900), who) for who in (ONE, OTHER))
    stack = open_stack(one, typists, typists.paper, "键盘")
    for page, last in ((one, "1"), (other, "2")):
        page.goto(f"{stack}/type")
        sheet(page, 1)
        page.keyboard.type("1x")
        page.keyboard.press("Enter")
        page.get_by_text("此处未作选择，但必须作答。").wait_for()
        page.wait_for_load_state()
        page.keyboard.type("2")
        page.keyboard.press("Enter")
        sheet(page, 2)
        page.keyboard.type(f"1{last}")
        shoot(page, f"sheet-{last}")
        page.keyboard.press("Enter")
        page.wait_for_url(stack)
    assert typists.answers(typists.paper) == 0

    tab_to(other, "核对原件")
    shoot(other, "differences")
    other.keyboard.press("Enter")
    other.wait_for_url("**/settle?sheet=2")
    tab_to(other, "以第二次录入为准")
    shoot(other, "settle")
    other.keyboard.press("Enter")

    other.get_by_text("2份 = 计入2份 + 无效0份").wait_for()
    assert typists.answers(typists.paper) == 2


def test_every_kind_is_typed_without_a_script(
    typists: Typists, open_page: OpenPage
) -> None:
    before = typists.answers(typists.several)
    stack = ""
    for who in (ONE, OTHER):
        page = typists.sit_down(open_page(1280, 900, java_script_enabled=False), who)
        stack = stack or open_stack(page, typists, typists.several, "无脚本")
        page.goto(f"{stack}/type")
        for number in (1, 2):
            sheet(page, number)
            fill(page)
            page.keyboard.press("Enter")
        page.wait_for_url(stack)
    page.get_by_text("2份 = 计入2份 + 无效0份").wait_for()

    assert typists.answers(typists.several) - before == 2


def fill(page: Page) -> None:
    """Answer every box with its first choice; what depends on it with nothing."""
    boxes = page.locator(".typed")
    for place in range(boxes.count()):
        box = boxes.nth(place)
        if box.locator(".only").count():
            continue
        if box.locator("input.digits").count():
            box.locator("input.digits").fill("1")
        elif box.locator("textarea:not(#comment)").count():
            box.locator("textarea").fill("窗口少")
    page.locator("input.digits").first.focus()


def test_an_interview_is_saved_and_the_next_call_begins(
    typists: Typists, open_page: OpenPage
) -> None:
    page = typists.sit_down(open_page(1280, 900), ONE)
    page.goto(f"{typists.server.url}/office/channels/{typists.phone}/call")
    call = page.locator("input[name=call]").first.input_value()
    page.get_by_role("button", name="拒绝或中途终止").click()
    page.get_by_text("已登记。请进行下一次通话。").wait_for()
    assert page.locator("input[name=call]").first.input_value() != call
    fill(page)
    page.keyboard.press("Enter")
    page.get_by_text("本次访问已计入。").wait_for()

    page.goto(f"{typists.server.url}/office/channels/{typists.phone}/calls")
    assert "1 / 2（50.0%）" in page.inner_text("main")
    assert typists.answers(typists.phone) == 1


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_no_page_is_wider_than_its_screen(
    typists: Typists, open_page: OpenPage, shoot: Shoot, width: int, language: str
) -> None:
    page = typists.sit_down(open_page(width, 900), ONE)
    stack = open_stack(page, typists, typists.several, f"{width}{language}")
    office = f"{typists.server.url}/office"
    for name, at in {
        "typing": f"{office}/typing",
        "stacks": f"{office}/channels/{typists.several}/stacks",
        "stack": stack,
        "boxes": f"{stack}/type",
        "sheet": f"{office}/channels/{typists.several}/sheet",
        "large": f"{office}/channels/{typists.several}/sheet?size=large",
        "calls": f"{office}/channels/{typists.phone}/calls",
        "call": f"{office}/channels/{typists.phone}/call",
        "channel": f"{office}/channels/{typists.several}",
    }.items():
        page.goto(f"{at}{'&' if '?' in at else '?'}lang={language}")
        shoot(page, name)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, name


@pytest.mark.parametrize(("size", "most"), [("normal", 2), ("large", 5)])
def test_a_sheet_prints_on_a4_without_anything_of_the_office(
    typists: Typists, open_page: OpenPage, size: str, most: int
) -> None:
    page = typists.sit_down(open_page(1280, 900), ONE)
    at = f"/office/channels/{typists.several}/sheet?size={size}"
    page.goto(f"{typists.server.url}{at}")
    printed = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")

    assert 1 <= printed.count(b"/Type /Page\n") <= most
    assert not page.locator(".masthead").is_visible()
    assert not page.locator("main .screen").is_visible()
    smallest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('.tick')]"
        ".map(box => box.getBoundingClientRect().width))"
    )
    assert smallest >= 5 * 96 / 25.4
