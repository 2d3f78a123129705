"""An opened box as it is posted, and the stand-alone script at work on it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from survey_app.ballot.paper.closing import Sealed
from survey_app.ballot.paper.fragments import recount_lines
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.migrate import HOUSE
from tests.support.holder_keys import holder_keys
from tests.support.sealed_export import cast, export, noise, sealed

SCRIPT = HOUSE / "static" / "recount.py"
BOX = export(
    [
        *cast(staff={"good": 7, "bad": 3}, residents={"good": 4, "bad": 5}),
        *(sealed("2-leaders") for _ in range(3)),
        Sealed(noise(800), "1-staff"),
    ],
    challenged=[sealed("1-staff", "bad")],
    public_floor=5,
    shroud=1,
)
DECRYPTED = decrypt_box(BOX, holder_keys())
HEAD = json.loads(DECRYPTED.signed.to_json())
LINES = recount_lines(DECRYPTED.fragments, DECRYPTED.head.tally)


def recounted(
    folder: Path, *more: str, head: object = None, lines: list[str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the script as anybody would: without this project."""
    (folder / "head.json").write_text(json.dumps(head or HEAD), "utf-8")
    kept = LINES if lines is None else lines
    (folder / "fragments.jsonl").write_text("\n".join(kept) + "\n", "utf-8")
    trackers = "".join(f"{one.hex()}\n" for one in BOX.content.trackers)
    (folder / "trackers.txt").write_text(trackers, "utf-8")
    return subprocess.run(
        [sys.executable, "-I", SCRIPT, "head.json", "fragments.jsonl", *more],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def changed_head(change: Callable[[dict[str, Any]], object]) -> object:
    """Return the head with something changed."""
    head = json.loads(json.dumps(HEAD))
    change(head["head"])
    return head
