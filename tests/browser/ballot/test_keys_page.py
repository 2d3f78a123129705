"""Keys and opening without a terminal: the page and the command are one format."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from survey_app.ballot.paper.ballot import (
    WHOLE,
    Ballot,
    BallotForm,
    padded_answers,
    padded_texts,
)
from survey_app.ballot.paper.closing import Sealed
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.ballot.sealing.envelope import seal
from survey_app.ballot.sealing.export_checks import is_result_of
from survey_app.ballot.sealing.keys import PublicKey, public_part, unlock
from survey_app.domain.ground.canonical import checked, line
from survey_app.domain.ground.weak_secret import weakness_of
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from tests.browser.conftest import OpenPage
from tests.support.browser.keys_page import (
    SLOW,
    WITHOUT_ED25519,
    chosen,
    made_key,
    opened,
    opened_box,
    saved,
)
from tests.support.browser.looks import width_of
from tests.support.every_kind import EVERY_KIND
from tests.support.holder_keys import (
    HOLDERS,
    PASSPHRASES,
    holder_keys,
    made,
    public_keys,
)
from tests.support.samples import text_of
from tests.support.sealed_export import (
    cast,
    closed_anew,
    export,
    noise,
    remark,
    sealed,
    signed,
)
from tests.unit.ballot.test_invalid_ballots import RULES
from tests.unit.ground.test_weak_secret import GOOD, GUESSED, NAMES

pytestmark = pytest.mark.browser

PASSPHRASE = "seven grey ferries wait"
Shoot = Callable[[Page, str], Path]


def box(**rules: Any) -> Any:
    """Return an export with all that can lie in one, among it what is no ballot."""
    copied = sealed("1-staff", "good")
    ballots = [
        *cast(staff={"good": 7, "bad": 2}, residents={"good": 4, "bad": 5}),
        *cast(leaders={"bad": 3}),
        *(sealed("2-leaders") for _ in range(3)),
        Sealed(noise(800), "1-staff"),
        copied,
        copied,
        Sealed(sealed("1-leaders").envelope, "1-residents"),
    ]
    said = ("写得好。\n“第二行”\u2028😀", "", "\x7f \\ /", "z" * 1990)
    comments = [
        remark(one.batch_id, said[place % len(said)])
        for place, one in enumerate(ballots)
    ]
    return export(ballots, comments=comments, public_floor=5, shroud=1, **rules)


ASKED = read_questionnaire(EVERY_KIND, file="every.toml")


BAD = {
    "overall": "bad", "window": "north", "ways": "answered",
    "ways.phone": "unticked", "ways.desk": "ticked", "ways.post": "ticked",
    "score": "60", "why": "answered",
}  # fmt: skip
WELL = {
    "overall": "good", "window": "blank", "ways": "blank",
    "ways.phone": "unticked", "ways.desk": "unticked", "ways.post": "unticked",
    "score": "blank", "why": "not_asked",
}  # fmt: skip


def every_kind(**closed: Any) -> Any:
    """Return an export of a ballot that asks every kind of question."""
    first, second = 11, 12
    form = BallotForm(1, "1-staff", ASKED, (first, second))
    said = [
        (WELL, BAD, [(second, "why", "等得太久"), (WHOLE, "", "都好")]),
        (BAD, WELL, [(first, "why", "态度差"), (first, "", "会好的")]),
        (WELL, WELL, [(WHOLE, "", "单位整体不错")]),
        *((WELL, BAD, [(second, "why", "又来了")]) for _ in range(6)),
        *((BAD, BAD, []) for _ in range(3)),
    ]

    def put(plain: bytes) -> Sealed:
        return Sealed(seal(plain, public_keys(), aad=form.aad), "1-staff")

    def broken(line: str, wrong: str, gap: str = "") -> Sealed:
        """A ballot that nobody can have cast, or written so: it is spoiled."""
        other = WELL | {line: wrong}
        text = json.dumps(
            {"v": 1, "answers": {str(first): other, str(second): WELL}},
            ensure_ascii=False, separators=(f",{gap}", ":"),
        ).encode()  # fmt: skip
        size = len(text).to_bytes(2)
        return put((size + text).ljust(form.answers_size, b"\0"))

    wrong = [
        ("why", "answered"), ("ways.desk", "ticked"), ("overall", "blank"),
        ("overall", "good", " "),
    ]  # fmt: skip
    ballots = [
        *(put(padded_answers(form, Ballot({first: a, second: b}))) for a, b, _ in said),
        *(broken(*one) for one in wrong),
    ]
    texts = [put(padded_texts(form, written)) for _, _, written in said]
    texts += [put(padded_texts(form, [])) for _ in wrong]
    rules: dict[str, Any] = {"public_floor": 5, "shroud": 1, "ballot_rules": RULES[1:]}
    return export(ballots, comments=texts, asked=ASKED, **rules, **closed)


def told(found: Decrypted) -> dict[str, Any]:
    """Return all of an opening that was not drawn at random."""
    head = json.loads(found.head.to_json())
    for drawn in ("root_out", "comments_root", "salt", "statements"):
        del head[drawn]
    answers = Counter(
        (one.subject_id, one.rater_group, one.question_key, one.choice_key)
        for one in found.fragments
    )
    comments = Counter((c.subject_id, c.question, c.text) for c in found.comments)
    return {"head": head, "answers": answers, "comments": comments}


def terminal_keys() -> list[tuple[str, str]]:
    return [(made(one).private_text, PASSPHRASES[one]) for one in HOLDERS]


def test_a_key_is_one_whether_page_or_command_made_it(
    open_page: OpenPage, shoot: Shoot, tmp_path: Path
) -> None:
    page = opened(open_page(), saved(tmp_path), "en")
    private, public = made_key(page, "组织部", PASSPHRASE)
    shoot(page, "made")
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found] == []
    assert width_of(page) <= 360
    key = unlock(private, PASSPHRASE)

    assert key.public.bits == 3072
    assert PublicKey.from_json(public) == key.public == public_part(private)
    assert key.public.fingerprint in page.inner_text("#made code").replace(" ", "")

    def says(text: str, passphrase: str, said: str) -> None:
        page.set_input_files("#check [name=file]", [chosen("a.json", text)])
        page.fill("#check [name=passphrase]", passphrase)
        page.click("#check button")
        expect(page.locator("#checked")).to_contain_text(said, timeout=SLOW)

    says(made(HOLDERS[0]).private_text, PASSPHRASES[HOLDERS[0]], "It opens")
    says(made(HOLDERS[0]).private_text, PASSPHRASES[HOLDERS[1]], "Wrong passphrase")
    says(private.replace('"salt": "', '"salt": "0', 1), PASSPHRASE, "damaged")
    says(public, PASSPHRASE, "no private key")


def test_a_box_opened_in_the_browser_is_what_the_terminal_finds(
    open_page: OpenPage, shoot: Shoot, tmp_path: Path
) -> None:
    page = opened(open_page(), saved(tmp_path))
    challenged = export(
        cast(staff={"good": 6, "bad": 2}), challenged=[sealed("1-staff", "bad")]
    )
    boxes = box(ballot_rules=RULES), every_kind(gone=(12,)), challenged
    for exported in boxes:
        compare = bool(exported.challenged)
        found = opened_box(page, exported, terminal_keys(), compare=compare)

        assert found.adds_up
        assert is_result_of(found.signed, exported.manifest)
        assert told(found) == told(decrypt_box(exported, holder_keys()))
        if exported is boxes[1]:
            assert found.head.tally.keys() == {11}, "the other was taken out"
        assert len({one.id for one in found.fragments}) == len(found.fragments)
    shoot(page, "opened")


def test_an_older_browser_signs_with_the_library(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = opened(open_page(), saved(tmp_path, WITHOUT_ED25519))
    exported = export(cast(staff={"good": 3}))
    found = opened_box(page, exported, terminal_keys(), compare=False)

    assert is_result_of(found.signed, exported.manifest)


def test_what_the_command_refuses_the_page_refuses(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = opened(open_page(), saved(tmp_path))
    sound = export(
        cast(staff={"good": 3}, leaders={"good": 2}), challenged=[sealed("1-staff")]
    )
    text = sound.to_text()
    first, *others = sound.batches
    more = [*others[:-1], replace(others[-1], eligible=29)]
    changed = {
        "export_cut": text[: len(text) // 2],
        "later_file": checked(line({"format": "survey-export-9"}) * 4 + line({})),
        "export_unsigned": replace(sound, signature="00" * 64).to_text(),
        "export_closing": closed_anew(sound, [first, *more]).to_text(),
        "export_envelopes": signed(
            replace(sound, envelopes=tuple(reversed(sound.envelopes[1:])))
        ).to_text(),
        "export_challenge": signed(replace(sound, proofs=())).to_text(),
    }
    asked = """(text) => {
      try { checkExport(readExport(utf8(text))); return "taken"; }
      catch (error) { return error.key || String(error); }
    }"""

    said = {name: page.evaluate(asked, one) for name, one in changed.items()}
    assert said == {name: name for name in changed}
    assert page.evaluate(asked, text) == "taken"
    for earlier in ("first/closed", "kinds"):
        export_of_then = text_of(f"{earlier}/export.txt") + "\n"
        assert page.evaluate(asked, export_of_then) == "taken", earlier

    weak = """([secret, names]) => {
      try { refuseWeak(secret, names); return null; }
      catch (error) { return error.key.replace("weak_", ""); }
    }"""
    for secret in (*GOOD, *GUESSED.split(), " " * 12, "short", "a\u200b" * 12):
        found = weakness_of(secret, names=NAMES)
        expected = found.value if found else None
        assert page.evaluate(weak, [secret, list(NAMES)]) == expected, secret
