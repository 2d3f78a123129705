"""The office's door in a browser: a form comes back, and Back shows no one's page."""

import shutil

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey_app.models.account import MANAGER, SignIn
from survey_app.services.make_account import make_account
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.conftest import IN_CI, ONE_DATABASE
from tests.server import Server

pytestmark = [pytest.mark.browser, ONE_DATABASE]
TYPED = "2026年度考核（<半>）"


def sign_in(page: Page, password: str) -> None:
    page.fill("#username", "Wang")
    page.fill("#password", password)
    page.click("main button")


def test_a_form_comes_back_and_after_the_sign_out_back_shows_nothing(
    server: Server, db: Session
) -> None:
    """With the back-forward cache on, which Playwright otherwise switches off."""
    path = shutil.which("chromium")
    if path is None:
        assert not IN_CI, "the gate needs Debian's package chromium"
        pytest.skip("install the packages chromium and fonts-noto-cjk")
    password = make_account(db, "Wang", role=MANAGER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=CHROMIUM_FLAGS,
            ignore_default_args=["--disable-back-forward-cache"],
        )
        page = browser.new_page()
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
        browser.close()
