"""The script that seals a ballot on the device it was filled in on.

The same bytes for everybody. Its SHA-256 stands in the manifest, and it is given only
to ballots whose manifest names this very script: where a later program has another, the
server seals.
"""

import hashlib
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "static" / "seal.js"


@cache
def sealing_script() -> str:
    """Return the script as it stands in the page."""
    return FILE.read_text("utf-8")


@cache
def sealing_script_print() -> str:
    """Return the SHA-256 of the script, in hex."""
    return hashlib.sha256(sealing_script().encode()).hexdigest()
