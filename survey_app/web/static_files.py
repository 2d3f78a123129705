"""Addresses of static files carry the file's fingerprint, so that they never go stale.

Browsers may keep such a file for a year (see web.headers): another content, another
address.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask


def init_app(app: Flask) -> None:
    """Add `v=…` to every address of a static file."""
    folder = Path(app.static_folder or "")

    @app.url_defaults
    def add_fingerprint(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values.setdefault("v", _fingerprint(folder / values["filename"]))


@lru_cache(maxsize=64)
def _fingerprint(file: Path) -> str:
    """Return 10 hex digits of the content's SHA-256, "" where there is no file."""
    if not file.is_file():
        return ""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]
