"""The page of key holders, opened from a disk by a browser that has no network."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Download, FilePayload, Page, expect

from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.paper.export import Export
from survey_app.ballot.paper.keys_page import keys_page

SLOW = 120_000
"""Milliseconds: scrypt takes its time, on a busy machine more."""

WITHOUT_ED25519 = """
for (const verb of ["importKey", "generateKey"]) {
  const whole = crypto.subtle[verb].bind(crypto.subtle);
  crypto.subtle[verb] = (...given) => given.some((one) => one && one.name === "Ed25519")
    ? Promise.reject(new DOMException("no such algorithm", "NotSupportedError"))
    : whole(...given);
}
"""
"""A browser of some years ago; put before the page's own script."""


def saved(folder: Path, before: str = "") -> str:
    """Return the address of the page as it lies on a disk."""
    file = folder / "survey-keys.html"
    file.write_bytes(keys_page())
    if before:
        # What comes first changes the hashes in the policy of the page.
        text = keys_page().decode().replace('<script id="core">', "<script id='core'>")
        head, _, rest = text.partition("<script id='core'>")
        policy = head.partition('content="default-src')[2].partition('"')[0]
        head = head.replace(policy, " 'unsafe-inline'; worker-src blob:; img-src data:")
        file.write_text(f'{head}<script id="core">{before}{rest}', "utf-8")
    return file.as_uri()


def opened(page: Page, address: str, language: str = "") -> Page:
    """Open the page offline and speak this language."""
    page.set_default_timeout(SLOW)
    page.context.set_offline(True)
    page.goto(address)
    if language:
        page.click(f"button[data-speak='{language}']")
    return page


def downloaded(page: Page, link: str) -> Download:
    """Return what this link saves."""
    with page.expect_download() as found:
        page.click(link)
    return found.value


def made_key(page: Page, holder: str, passphrase: str) -> tuple[str, str]:
    """Return the private and the public file the page makes."""
    page.fill("#make [name=holder]", holder)
    page.fill("#make [name=new]", passphrase)
    page.fill("#make [name=again]", passphrase)
    page.click("#make button")
    expect(page.locator("#made")).to_have_class("said good", timeout=SLOW)
    files = [
        Path(downloaded(page, f"#made a[download$='.{kind}.json']").path())
        for kind in ("key", "public")
    ]
    return files[0].read_text("utf-8"), files[1].read_text("utf-8")


def chosen(name: str, text: str) -> FilePayload:
    """Return a file as a person chooses it."""
    return {
        "name": name,
        "mimeType": "application/json",
        "buffer": text.encode(),
    }


def opened_box(
    page: Page, export: Export, keys: Sequence[tuple[str, str]], *, compare: bool
) -> Decrypted:
    """Return what the page makes of the export with these files and passphrases."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as box:
        box.write(export.to_text())
        box.flush()
        file = opened_file(page, Path(box.name), keys, compare=compare)
    return Decrypted.from_text(file.read_text("utf-8"))


def opened_file(
    page: Page, box: Path, keys: Sequence[tuple[str, str]], *, compare: bool = False
) -> Path:
    """Return the result file that the page saves; auditors agree where they compare."""
    page.set_input_files("#export", box)
    page.wait_for_selector("#keys:not([hidden]) button")
    for place, (text, passphrase) in enumerate(keys):
        field = f"#keys [name=file{place}]"
        page.set_input_files(field, [chosen("key.json", text)])
        page.fill(f"#keys [name=passphrase{place}]", passphrase)
    page.click("#keys > button")
    if compare:
        page.check("#agree")
        page.click(".agree button")
    expect(page.locator("#opened")).to_have_class("said good", timeout=30 * SLOW)
    return Path(downloaded(page, "#opened a[download]").path())
