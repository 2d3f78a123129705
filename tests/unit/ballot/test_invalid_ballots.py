"""A sealed ballot that breaks a rule of its manifest is invalid, and counts nowhere."""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from survey_app.ballot.paper.closing import Sealed
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.paper.fragments import recount_lines, tally_of
from survey_app.ballot.paper.head import SignedHead
from survey_app.ballot.paper.manifest import Manifest
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.ballot.sealing.export_checks import is_result_of
from survey_app.domain.ground.stated import assumed
from survey_app.domain.questionnaire.ballot_rules import BallotRule, Over
from tests.support.holder_keys import holder_keys
from tests.support.recounting import recounted
from tests.support.sealed_export import cast, export, manifest, noise, sealed

FEW_BAD = BallotRule("at-most", ("bad",), share=assumed(Fraction(1, 2)))
"""Of the four marks on a ballot of unit 1, two."""
NEVER_ALIKE = BallotRule("not-all-equal", questions=("overall",), over=Over.SUBJECT)
"""One mark for each subject: nobody can break it."""
RULES = (NEVER_ALIKE, FEW_BAD)
BOX = export(
    [
        *cast(staff={"good": 6, "bad": 2}, residents={"good": 5}),
        Sealed(noise(800), "1-staff"),
    ],
    ballot_rules=RULES,
    public_floor=5,
    shroud=0,
)
FOUND = decrypt_box(BOX, holder_keys())
HEAD: dict[str, Any] = json.loads(FOUND.signed.to_json())
LINES = recount_lines(FOUND.fragments, FOUND.head.tally)


def test_invalid_ballots_are_counted_apart_and_their_answers_nowhere() -> None:
    staff = next(one for one in FOUND.head.batches if one.batch_id == "1-staff")

    assert FOUND.adds_up
    assert (staff.used, staff.valid, staff.invalid, staff.spoiled) == (9, 6, 2, 1)
    assert {batch.invalid for batch in FOUND.head.batches if batch != staff} == {0}
    assert FOUND.head.broken == (0, 2)
    assert tally_of(FOUND.fragments)[11]["staff"]["work"] == {"good": 6}


def test_which_rule_was_broken_is_said_only_with_the_counts() -> None:
    public = json.loads(FOUND.head.public_text)

    assert "broken" not in public
    assert [one["invalid"] for one in public["batches"] if "invalid" in one] == [2]
    assert Decrypted.from_text(FOUND.to_text()) == FOUND
    assert SignedHead.from_json(FOUND.signed.to_json()).head == FOUND.head
    other = HEAD | {"head": HEAD["head"] | {"broken": [1, 1]}}
    with pytest.raises(ValueError, match="counts are not those"):
        SignedHead.from_json(json.dumps(other))


def test_groups_merge_by_valid_ballots_alone() -> None:
    box = export(
        cast(leaders={"good": 4, "bad": 3}, staff={"good": 6}), ballot_rules=RULES
    )

    assert decrypt_box(box, holder_keys()).head.merged[1] == {"leaders": "staff"}


def test_a_ballot_about_one_subject_has_a_cap_of_its_own() -> None:
    box = export([sealed("2-staff", "bad")], ballot_rules=RULES)
    found = decrypt_box(box, holder_keys())

    assert found.head.broken == (0, 1), "two of two marks; one would be allowed"


def test_papers_without_rules_are_written_as_ever() -> None:
    plain = decrypt_box(export(cast(staff={"bad": 5})), holder_keys())

    assert "ballot_rules" not in manifest().to_json()
    assert "invalid" not in plain.head.to_json()
    assert "broken" not in plain.head.to_json()


def test_a_manifest_says_its_rules_and_is_read_again() -> None:
    posted = manifest(ballot_rules=RULES)

    assert Manifest.from_json(posted.to_json()) == posted
    assert json.loads(posted.to_json())["ballot_rules"][1]["share"]["value"] == "1/2"


def test_nobody_breaks_rules_the_manifest_does_not_have() -> None:
    assert is_result_of(FOUND.signed, BOX.manifest)
    assert not is_result_of(FOUND.signed, replace(BOX.manifest, ballot_rules=()))

    more = replace(FOUND, signed=replace(FOUND.signed, head=replace(
        FOUND.head, broken=(0, 3), statements=""
    )))  # fmt: skip
    assert not more.adds_up


def test_the_script_agrees_with_the_count(tmp_path: Path) -> None:
    said = recounted(tmp_path, head=HEAD, lines=list(LINES))

    assert said.returncode == 0, said.stdout + said.stderr


def valid_after_all(head: dict[str, Any]) -> None:
    for batch in head["batches"]:
        batch.pop("invalid", None)


def one_rule_more(head: dict[str, Any]) -> None:
    head["broken"] = [1, 2]


def no_rule_broken(head: dict[str, Any]) -> None:
    del head["broken"]


@pytest.mark.parametrize("change", [valid_after_all, one_rule_more, no_rule_broken])
def test_the_script_notices_changed_invalid_ballots(
    tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    head = json.loads(json.dumps(HEAD))
    change(head["head"])

    assert recounted(tmp_path, head=head, lines=list(LINES)).returncode == 1
