"""The slips of the ballot that is open for trying, kept in a file of the demo only.

A real office prints slips once and keeps no file; see docs/ceremony.md.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape, unescape
from pathlib import Path

from survey_app import qr
from survey_app.ballot.paper.ticket import printed_ticket
from survey_app.settings import Settings

PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>示范测评码 Demo slips</title>
<style>
body{{font:1rem/1.6 system-ui,sans-serif;max-width:60rem;margin:1rem auto}}
ul{{display:grid;grid-template-columns:repeat(auto-fill,15rem);gap:1rem;padding:0}}
li{{list-style:none;border:1px dashed #667;padding:1rem}}
svg{{width:9rem;display:block}}</style>
<h1>{title}</h1>
<p>示范专用：真实测评的测评码只打印一次，不留任何文件。
For trying only: real slips are printed once and kept in no file.</p>
{groups}
</html>
"""


def ballot_address(settings: Settings, code: str) -> str:
    """Return what a slip's QR code says; what follows # stays in the phone."""
    return f"{settings.public_url.rstrip('/')}/b#{code}"


def write_slips(
    file: Path, settings: Settings, title: str, codes: Mapping[str, Sequence[str]]
) -> None:
    """Write the slips of every rater group as one page, for its owner only."""
    file.touch(mode=0o600)
    groups = "".join(_group(settings, key, some) for key, some in codes.items())
    file.write_text(PAGE.format(title=escape(title), groups=groups), "utf-8")


def first_address(file: Path) -> str:
    """Return the address on the last slip of the page; "" without a page."""
    if not file.exists():
        return ""
    return file.read_text("utf-8").rpartition('href="')[2].partition('"')[0]


def move_slips(file: Path, settings: Settings) -> None:
    """Write a page of slips anew where the platform is reached at another address."""
    address = first_address(file)
    if not address or address.startswith(ballot_address(settings, "")):
        return
    page = file.read_text("utf-8")
    title, *groups = re.split(r"</?h[12]>", page)[1::2]
    codes = [
        re.findall(r'href="[^"#]*#([^"]*)"', group) for group in page.split("<h2>")[1:]
    ]
    named = map(unescape, groups)
    write_slips(file, settings, unescape(title), dict(zip(named, codes, strict=True)))


def _group(settings: Settings, key: str, codes: Sequence[str]) -> str:
    slips = "".join(_slip(settings, code) for code in codes)
    return f"<h2>{escape(key)}</h2><ul>{slips}</ul>"


def _slip(settings: Settings, code: str) -> str:
    address = escape(ballot_address(settings, code))
    link = f'<a href="{address}">{printed_ticket(code)}</a>'
    return f"<li>{qr.svg(address)}{link}</li>"
