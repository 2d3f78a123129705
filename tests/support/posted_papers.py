"""The papers of an opened box as anybody loads them, and the script at work on them."""

import subprocess
import sys
from pathlib import Path

from flask.testing import FlaskClient

from survey_app.migrate import HOUSE

AFTER_THE_DECRYPTION = ("head.json", "trackers.txt", "fragments.jsonl")


def recounted_as_posted(
    client: FlaskClient, papers: str, folder: Path
) -> subprocess.CompletedProcess[str]:
    """Load what stands at this address, and recount it without this project."""
    for name in (*AFTER_THE_DECRYPTION, "closing.json"):
        (folder / name).write_bytes(client.get(f"{papers}/{name}").data)
    recount = HOUSE / "static" / "recount.py"
    return subprocess.run(
        [sys.executable, "-I", recount, "head.json", "fragments.jsonl", "--trackers",
         "trackers.txt", "--closing", "closing.json"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
