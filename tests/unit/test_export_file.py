"""The file for the key holders: whole and signed, or refused."""

import hashlib
import json
from dataclasses import replace

import pytest

from survey_app.domain.ballots.export import Export
from survey_app.domain.refusals import ExportRefused, KeyRefused
from survey_app.sealing.opening import open_box
from survey_app.sealing.signatures import make_signing_key, public_of, sign
from tests.ballot_box import holders
from tests.sealed_export import (
    cast,
    export,
    manifest,
    remark,
    sealed,
    signed,
)

BOX = export(cast(staff={"good": 3, "bad": 3}), challenged=[sealed("1-staff")])
TEXT = BOX.to_text()


def test_an_export_survives_its_file() -> None:
    assert Export.from_text(TEXT) == BOX


def test_nothing_in_the_file_is_older_or_belongs_together() -> None:
    envelopes = [ballot.envelope for ballot in BOX.envelopes]
    comments = [comment.envelope for comment in BOX.comments]

    assert envelopes == sorted(envelopes)
    assert comments == sorted(comments)
    assert Export.from_text(TEXT).envelopes == BOX.envelopes


@pytest.mark.parametrize("kept", range(0, len(TEXT), len(TEXT) // 40))
def test_a_file_that_is_cut_short_is_refused(kept: int) -> None:
    with pytest.raises(ExportRefused):
        Export.from_text(TEXT[:kept])


@pytest.mark.parametrize("lost", range(TEXT.count("\n")))
def test_a_file_without_one_of_its_lines_is_refused(lost: int) -> None:
    lines = TEXT.splitlines(keepends=True)

    with pytest.raises(ExportRefused):
        Export.from_text("".join(lines[:lost] + lines[lost + 1 :]))


@pytest.mark.parametrize("place", range(0, len(TEXT) - 1, len(TEXT) // 40))
def test_a_file_with_a_changed_character_is_refused(place: int) -> None:
    other = "1" if TEXT[place] != "1" else "2"

    with pytest.raises(ExportRefused):
        Export.from_text(TEXT[:place] + other + TEXT[place + 1 :])


@pytest.mark.parametrize("text", ["", "\n", "{}\n", "不是\n", '{"sha256":"00"}\n'])
def test_something_else_is_refused(text: str) -> None:
    with pytest.raises(ExportRefused):
        Export.from_text(text)


def test_another_kind_of_file_with_a_right_last_line_is_refused() -> None:
    body = '{"format":"something"}\n'
    last = json.dumps({"sha256": hashlib.sha256(body.encode()).hexdigest()})

    with pytest.raises(ExportRefused):
        Export.from_text(body + last.replace(" ", "") + "\n")


FORGED = {
    "a ballot more": replace(BOX, envelopes=(*BOX.envelopes, sealed("1-staff"))),
    "a ballot fewer": replace(BOX, envelopes=BOX.envelopes[1:]),
    "another batch": replace(
        BOX, batches=tuple(replace(b, used=b.used + 1) for b in BOX.batches)
    ),
    "another manifest": replace(BOX, manifest_json=manifest(floor=2).to_json()),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_an_export_the_server_did_not_sign_is_not_opened(forged: Export) -> None:
    with pytest.raises(ExportRefused):
        open_box(forged, holders())


FOREIGN_KEY = make_signing_key()
SWAPPED = manifest(signing_key=public_of(FOREIGN_KEY).hex()).to_json()
SIGNED_WRONG = {
    "fewer ballots than were counted": signed(
        replace(BOX, envelopes=BOX.envelopes[1:])
    ),
    "fewer comments": signed(replace(BOX, comments=BOX.comments[1:])),
    "fewer challenged": signed(replace(BOX, challenged=())),
    "other questions": signed(
        replace(BOX, questionnaire_json=BOX.questionnaire_json.replace("总体", "总的"))
    ),
    "more tickets than posted": signed(
        replace(
            BOX, batches=tuple(replace(b, issued=b.issued + 5) for b in BOX.batches)
        )
    ),
    "a batch not posted": signed(
        replace(
            BOX,
            batches=tuple(replace(b, batch_id=b.batch_id + "x") for b in BOX.batches),
        )
    ),
    "signed by another server": replace(
        BOX,
        manifest_json=SWAPPED,
        manifest_signature=sign(FOREIGN_KEY, b"manifest\0" + SWAPPED.encode()).hex(),
    ),
}


@pytest.mark.parametrize("wrong", SIGNED_WRONG.values(), ids=SIGNED_WRONG)
def test_an_export_that_contradicts_its_manifest_is_not_opened(wrong: Export) -> None:
    with pytest.raises(ExportRefused):
        open_box(wrong, holders())


def test_both_keys_open_it_in_any_order() -> None:
    first = open_box(BOX, holders())
    second = open_box(BOX, reversed(holders()))

    assert first.head.tally == second.head.tally
    assert first.signed.holders.keys() == second.signed.holders.keys()


@pytest.mark.parametrize(("given", "missing"), [(0, "纪委"), (1, "组织部")])
def test_half_of_the_keys_is_refused_naming_the_other_holder(
    given: int, missing: str
) -> None:
    with pytest.raises(KeyRefused, match=f"{missing} is missing"):
        open_box(BOX, [holders()[given]])


def test_the_same_key_twice_is_half_of_the_keys() -> None:
    with pytest.raises(KeyRefused, match="纪委 is missing"):
        open_box(BOX, [holders()[0]] * 2)


def test_a_comment_is_sealed_whether_one_was_written_or_not() -> None:
    sizes = {len(remark("1-staff", text).envelope) for text in ("", "一", "字" * 300)}

    assert len(sizes) == 1
