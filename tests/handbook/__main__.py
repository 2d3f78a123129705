"""`make handbook`: take the handbook's pictures from a demo county built for it."""

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from survey_app.demo.stand import Invitation, invite, settle
from survey_app.serving.server import running
from tests.handbook.shots import SHOTS, Shot

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "handbook" / "pictures"
COLOURS = 64
"""So many are enough for pages, and make a picture a third as large."""


def main() -> None:
    """Build the county, serve it, and take every picture in both languages."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "county"
        settings = settle(folder, os.environ, today=today, progress=lambda *_: None)
        with (
            (Path(place) / "log").open("wb") as log,
            running(settings, log) as server,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium-headless-shell"),
                args=["--no-sandbox"],
            )
            invitation = invite(settings, folder)
            for language in ("zh", "en"):
                take_all(browser, server.url, invitation, language)


def take_all(browser: Browser, url: str, invitation: Invitation, language: str) -> None:
    """Take every picture in one language."""
    office = browser.new_context().new_page()
    office.goto(f"{url}/office/sign-in")
    choose(office, language)
    office.fill("[name=username]", invitation.username)
    office.fill("[name=password]", invitation.password)
    office.locator("main form button:not([name])").last.click()
    starts = {
        "survey": invitation.open_survey_url,
        "slip": invitation.ballot_url,
    }
    for shot in SHOTS:
        if shot.start == "office":
            office.goto(f"{url}/office/")
            take(office, shot, language)
            continue
        page = browser.new_context().new_page()
        page.goto(f"{url}/{starts[shot.start].split('/', 3)[3]}")
        choose(page, language)
        take(page, shot, language)
        page.context.close()
    office.context.close()


def choose(page: Page, language: str) -> None:
    """Let the page be in this language."""
    button = page.get_by_role("button", name="English" if language == "en" else "中文")
    if button.count():
        button.first.click()
        page.wait_for_load_state()


def take(page: Page, shot: Shot, language: str) -> None:
    """Go to the page from where it begins, and keep its picture."""
    page.set_viewport_size({"width": shot.size[0], "height": shot.size[1]})
    for there in shot.clicks:
        if there.startswith("/"):
            page.goto(f"{page.url.split('/office')[0]}/office{there}")
        else:
            page.locator(there).first.click()
    page.wait_for_load_state("networkidle")
    if shot.steps:
        shot.steps(page)
    ending = ".zh.png" if language == "zh" else ".png"
    picture = PICTURES / f"{shot.name}{ending}"
    page.screenshot(path=picture)
    with Image.open(picture) as drawn:
        drawn.convert("P", palette=Image.Palette.ADAPTIVE, colors=COLOURS).save(
            picture, optimize=True
        )


if __name__ == "__main__":
    main()
