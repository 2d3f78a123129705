"""The office's door in a browser: a form comes back, and Back shows no one's page."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.accounts.tables import SignIn
from tests.browser.conftest import OpenPage
from tests.conftest import ONE_DATABASE
from tests.support.office import MANAGER, bundle
from tests.support.server import Server

pytestmark = [pytest.mark.browser, ONE_DATABASE]
TYPED = "2026年度考核(<半>)"


def sign_in(page: Page, password: str) -> None:
    page.fill("#username", "Wang")
    page.fill("#password", password)
    page.click("main button")


def test_a_form_comes_back_and_after_the_sign_out_back_shows_nothing(
    open_remembered: OpenPage, server: Server, db: Session
) -> None:
    """With the back-forward cache on, which Playwright otherwise switches off."""
    password = make_account(db, "Wang", roles=bundle(MANAGER))
    page = open_remembered(width=1280, height=720)
    page.goto(f"{server.url}/office/cycles/new")
    sign_in(page, password)
    page.fill("#name", TYPED)
    db.execute(delete(SignIn))
    db.commit()
    page.locator("main form button").last.click()
    expect(page.locator("main")).to_contain_text("没有丢失")
    sign_in(page, password)

    expect(page.locator("#name")).to_have_value(TYPED)
    assert page.url == f"{server.url}/office/cycles/new"
    page.goto(f"{server.url}/office/accounts")
    page.click("header form[action$='sign-out'] button")
    expect(page.locator("main")).to_contain_text("登录")
    page.evaluate("history.back()")
    page.wait_for_url("**/office/sign-in?**")

    expect(page.locator("main")).not_to_contain_text("管理员")
