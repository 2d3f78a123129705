"""The file for the key holders: whole and signed, or refused."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from survey_app.ballot.paper.closing import Sealed, SignedClosing
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.paper.export import Export
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.ballot.sealing.export_checks import check_export, opens_closing
from survey_app.ballot.sealing.signatures import make_signing_key, public_of, sign
from survey_app.domain.ground.canonical import checked, line
from survey_app.domain.ground.frozen_text import DECRYPTED, EXPORT, NewerFormat
from survey_app.domain.ground.refusals import ExportRefused, KeyRefused
from tests.support.holder_keys import holder_keys
from tests.support.sealed_export import (
    cast,
    closed_anew,
    export,
    manifest,
    remark,
    sealed,
    signed,
)

BOX = export(
    cast(staff={"good": 3, "bad": 3}, leaders={"good": 2}),
    challenged=[sealed("1-staff")],
)
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


@pytest.mark.parametrize("deep", [900, 200_000])
def test_a_file_nested_deeper_than_anybody_writes_is_refused(deep: int) -> None:
    inside = "[" * deep + "]" * deep
    for kind, place, name in (
        (Export, EXPORT.format, "posted"),
        (Decrypted, DECRYPTED.format, "opened"),
    ):
        start = f'{{"format":{json.dumps(place)},"{name}":{inside}}}\n'
        for text in (start, line({"format": place}) + inside + "\n"):
            with pytest.raises(ExportRefused):
                kind.from_text(checked(text))


def test_another_kind_of_file_with_a_right_last_line_is_refused() -> None:
    body = '{"format":"something"}\n'
    last = json.dumps({"sha256": hashlib.sha256(body.encode()).hexdigest()})

    with pytest.raises(ExportRefused):
        Export.from_text(body + last.replace(" ", "") + "\n")


FORGED = {
    "a ballot more": replace(BOX, envelopes=(*BOX.envelopes, sealed("1-staff"))),
    "a ballot fewer": replace(BOX, envelopes=BOX.envelopes[1:]),
    "another closing": replace(
        BOX, posted_closing=export(cast(staff={"good": 6})).posted_closing
    ),
    "another manifest": replace(BOX, manifest_json=manifest(floor=2).to_json()),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_an_export_the_server_did_not_sign_is_not_opened(forged: Export) -> None:
    with pytest.raises(ExportRefused):
        decrypt_box(forged, holder_keys())


def exchanged(envelopes: Sequence[Sealed]) -> list[Sealed]:
    """Return the same envelopes, two of them in each other's batch."""
    one = envelopes[0]
    other = next(each for each in envelopes if each.batch_id != one.batch_id)
    moved = [
        replace(one, batch_id=other.batch_id),
        replace(other, batch_id=one.batch_id),
    ]
    return [each for each in envelopes if each not in (one, other)] + moved


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
    "more tickets than posted": closed_anew(
        BOX, [replace(b, issued=b.issued + 5) for b in BOX.batches]
    ),
    "more people than posted": closed_anew(
        BOX, [replace(b, eligible=b.eligible + 5) for b in BOX.batches]
    ),
    "a batch not posted": closed_anew(
        BOX, [replace(b, batch_id=b.batch_id + "x") for b in BOX.batches]
    ),
    "a batch left out": closed_anew(BOX, BOX.batches[1:]),
    "another envelope than the box closed with": signed(
        replace(BOX, envelopes=tuple(sorted((*BOX.envelopes[1:], sealed("1-staff")))))
    ),
    "another comment": signed(
        replace(BOX, comments=tuple(sorted((*BOX.comments[1:], remark("1-staff")))))
    ),
    "another challenged ballot": signed(replace(BOX, challenged=(sealed("1-staff"),))),
    "envelopes of two batches exchanged": signed(
        replace(BOX, envelopes=tuple(sorted(exchanged(BOX.envelopes))))
    ),
    "a closing signed by somebody else": signed(
        replace(BOX, posted_closing=replace(BOX.posted_closing, signature="00" * 64))
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
        decrypt_box(wrong, holder_keys())


def test_both_keys_open_it_in_any_order() -> None:
    first = decrypt_box(BOX, holder_keys())
    second = decrypt_box(BOX, reversed(holder_keys()))

    assert first.head.tally == second.head.tally
    assert first.signed.holders.keys() == second.signed.holders.keys()


@pytest.mark.parametrize(("given", "missing"), [(0, "纪检监察机关"), (1, "组织部")])
def test_half_of_the_keys_is_refused_naming_the_other_holder(
    given: int, missing: str
) -> None:
    with pytest.raises(KeyRefused, match=f"{missing} is missing"):
        decrypt_box(BOX, [holder_keys()[given]])


def test_the_same_key_twice_is_half_of_the_keys() -> None:
    with pytest.raises(KeyRefused, match="纪检监察机关 is missing"):
        decrypt_box(BOX, [holder_keys()[0]] * 2)


def test_a_comment_is_sealed_whether_one_was_written_or_not() -> None:
    sizes = {len(remark("1-staff", text).envelope) for text in ("", "一", "字" * 300)}

    assert len(sizes) == 1


def test_a_closing_says_nothing_of_spoiled_ballots() -> None:
    """It is not part of the signed text, so somebody could write it in afterwards."""
    said = BOX.posted_closing.to_json()
    written_in = said.replace('"issued":', '"spoiled":9,"issued":', 1)

    assert "spoiled" not in said
    with pytest.raises(ValueError, match="spoiled"):
        SignedClosing.from_json(written_in)


def test_no_count_about_whoever_was_taken_out_is_posted_or_taken() -> None:
    said = cast(staff={"good": 6, "bad": 6})
    whole = export(said, public_floor=5, shroud=1)
    left = export(said, public_floor=5, shroud=1, gone=(12,))

    posted, withheld = (decrypt_box(one, holder_keys()) for one in (whole, left))

    assert posted.head.tally.keys() == {11, 12}
    assert withheld.head.tally.keys() == {11}
    assert withheld.adds_up
    assert len(withheld.fragments) == len(posted.fragments)
    assert opens_closing(withheld.head, left.posted_closing, left.manifest)
    said_all_the_same = replace(withheld.head, tally=posted.head.tally, statements="")
    assert not opens_closing(said_all_the_same, left.posted_closing, left.manifest)


def test_whoever_was_taken_out_stands_in_the_manifest() -> None:
    with pytest.raises(ExportRefused):
        check_export(export(cast(staff={"good": 3}), gone=(99,)))


def test_a_program_that_would_lose_comments_about_nobody_is_told_to_be_renewed() -> (
    None
):
    """What read exports before there were such comments, and knows format 2 only."""
    before = replace(EXPORT, newest=2, steps={})

    with pytest.raises(NewerFormat):
        before.newest_of(json.loads(TEXT.splitlines()[0]))
