"""Addresses of static files carry the file's fingerprint, so that they never go stale.

Browsers may keep such a file for a year (see web.headers): another content, another
address.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for


def init_app(app: Flask) -> None:
    """Teach templates `static(file)`, the address of a file with `v=…`."""
    folder = Path(app.static_folder or "")

    def static(file: str) -> str:
        return url_for("static", filename=file, v=_fingerprint(folder / file))

    app.jinja_env.globals["static"] = static


@lru_cache(maxsize=64)
def _fingerprint(file: Path) -> str:
    """Return 10 hex digits of the content's SHA-256, "" where there is no file."""
    if not file.is_file():
        return ""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]
