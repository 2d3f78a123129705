"""What another scheme would have changed, as an official sees it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.analytics.compared.compare import comparison
from survey_app.analytics.compared.told import keep_comparison
from survey_app.database import main_engine_of, writing
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.rulebook.acts import RuleHand, Written, make_draft
from survey_app.rulebook.tables import SCHEME
from tests.browser.conftest import OpenPage
from tests.support.browser.looks import looks_right
from tests.support.closed_county import closed_county, settle
from tests.support.office import MANAGER, bundle
from tests.support.server import serving
from tests.support.small_county import BOTH_GROUPS, MAY_1
from tests.support.small_scheme import changed

pytestmark = pytest.mark.browser
STRICTER = changed(
    BOTH_GROUPS,
    ('weight = { published = "70" }', 'weight = { published = "60" }'),
    ('weight = { published = "30" }', 'weight = { published = "40" }'),
    ('weight = { published = "20" }', 'weight = { published = "30" }'),
    ('"1/3"', '"1/4"'),
)


@dataclass(frozen=True)
class Compared:
    """A settled cycle that was held against another scheme."""

    url: str
    page: str
    password: str


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compared]:
    file = tmp_path_factory.mktemp("effects") / "survey.sqlite"
    with serving(f"sqlite:///{file}") as server:
        engine = main_engine_of(server.settings)
        county = closed_county(engine)
        settle(county)
        written = Written("stricter", 1, STRICTER, Bilingual("从严方案", "Stricter"))
        with Session(writing(engine)) as session:
            rule = make_draft(session, SCHEME, written, RuleHand("wang", MAY_1)).id
            scheme = read_scheme(STRICTER, file="stricter.toml")
            found = comparison(session, county.cycle_id, scheme)
            whose = county.cycle_id, rule, scheme.fingerprint
            keep_comparison(session, whose, found, ("wang", MAY_1))
            password = make_account(session, "manager", roles=bundle(MANAGER))
        engine.dispose()
        page = f"/rules/{rule}/effects/{county.cycle_id}"
        yield Compared(f"{server.url}/office", page, password)


@pytest.mark.parametrize(("width", "language"), [(360, "zh"), (1280, "en")])
def test_what_would_have_changed_is_read_at_any_width(
    compared: Compared,
    open_page: OpenPage,
    shoot: Callable[[Page, str], Path],
    width: int,
    language: str,
) -> None:
    page = open_page(width, 800)
    page.goto(f"{compared.url}/sign-in")
    page.fill("[name=username]", "manager")
    page.fill("[name=password]", compared.password)
    page.click("main button")

    page.goto(f"{compared.url}{compared.page}?lang={language}")

    shoot(page, f"effects-{width}-{language}")
    assert page.locator("tbody tr").count() > 3
    looks_right(page)
