"""A box of 10,000 ballots on the keys page, beside the same box in the terminal.

The browser opens the page from a disk and has no network. Time is that on the wall,
from the passphrases to the result.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from survey_app.ballot.paper.ballot import (
    Ballot,
    BallotForm,
    padded_answers,
    padded_comment,
)
from survey_app.ballot.paper.closing import Sealed
from survey_app.ballot.paper.export import Export
from survey_app.ballot.paper.manifest import ManifestBatch
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.ballot.sealing.envelope import seal
from survey_app.ballot.sealing.keys import MadeKey, make_key, unlock
from survey_app.demo import ballot_county as plan
from survey_app.shipped_files import shipped_questionnaire
from tests.browser.conftest import launched
from tests.support.browser.keys_page import opened, opened_box, saved
from tests.support.sealed_export import export

BALLOTS = 10_000
SUBJECTS = (11, 12, 13)
PHRASES = ("seven grey ferries wait", "nobody counts the rain")
FORM = BallotForm(1, "1-staff", shipped_questionnaire(plan.QUESTIONNAIRE), SUBJECTS)


def main() -> None:
    """Print how long both take."""
    made = [make_key(name, said) for name, said in zip("甲乙", PHRASES, strict=True)]
    box = closed_box(made)
    _say(f"{BALLOTS} ballots, a file of {len(box.to_text()) / 1e6:.0f} MB")
    keys = [unlock(one.private_text, p) for one, p in zip(made, PHRASES, strict=True)]
    began = time.monotonic()
    decrypt_box(box, keys)
    _say(f"in the terminal: {time.monotonic() - began:.0f} s")
    texts = [one.private_text for one in made]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        for browser in launched(playwright):
            page = opened(browser.new_page(), saved(Path(folder)))
            page.set_default_timeout(3_600_000)
            began = time.monotonic()
            keys_and_phrases = list(zip(texts, PHRASES, strict=True))
            found = opened_box(page, box, keys_and_phrases, compare=False)
            _say(f"on the keys page: {time.monotonic() - began:.0f} s, all in all")
            _say(f"it adds up: {found.adds_up}, fragments: {len(found.fragments)}")


def closed_box(made: list[MadeKey]) -> Export:
    """Return the export of a box with so many ballots, one in three with a comment."""
    ballots, comments = zip(*_envelopes(made), strict=True)
    batch = ManifestBatch("1-staff", 1, "staff", BALLOTS, BALLOTS + 2, "00" * 32)
    return export(
        ballots,
        comments=comments,
        asked=FORM.questionnaire,
        batches=(batch,),
        subjects={1: SUBJECTS},
        key_holders=tuple((one.public.holder, one.public.to_json()) for one in made),
    )


def _envelopes(made: list[MadeKey]) -> Iterator[tuple[Sealed, Sealed]]:
    keys = [one.public for one in made]
    asked = FORM.questionnaire.questions
    for number in range(BALLOTS):
        answers = {
            one.key: one.choices[(number + place) % len(one.choices)].key
            for place, one in enumerate(asked)
        }
        ballot = Ballot(dict.fromkeys(SUBJECTS, answers))
        said = "办事很快，态度很好。" if number % 3 == 0 else ""
        yield (
            _sealed(seal(padded_answers(FORM, ballot), keys, aad=FORM.aad)),
            _sealed(seal(padded_comment(FORM, 11, said), keys, aad=FORM.aad)),
        )


def _sealed(envelope: bytes) -> Sealed:
    return Sealed(envelope, FORM.batch_id)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
