"""What an opening counts, what is spoiled, and what stays shut."""

import json
from dataclasses import replace
from typing import Any

import pytest

from survey_app.ballot.paper.ballot import padded_answers
from survey_app.ballot.paper.closing import Sealed
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.paper.export import Export
from survey_app.ballot.paper.fragments import tally_of
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.ballot.sealing.envelope import seal, unseal
from survey_app.ballot.sealing.export_checks import is_signed_by_both, signed_by
from survey_app.domain.ground.refusals import ChallengeNotDecrypted, ExportRefused
from tests.support.holder_keys import holder_keys, public_keys
from tests.support.sealed_export import (
    alike,
    cast,
    closed_anew,
    export,
    form,
    noise,
    remark,
    sealed,
)

EXACT: dict[str, Any] = {"public_floor": 5, "shroud": 0}
"""Rules of a manifest that posts all counts from five ballots on."""


def opened(box: Export) -> Decrypted:
    """Return what both keys find; it always adds up."""
    found = decrypt_box(box, holder_keys())
    assert found.adds_up
    assert signed_by(found.signed) == {"组织部": True, "纪检监察机关": True}
    return found


def counted(found: Decrypted, batch_id: str) -> tuple[int, int]:
    """Return (valid, spoiled) of a batch."""
    batch = {batch.batch_id: batch for batch in found.head.batches}[batch_id]
    return batch.valid, batch.spoiled


def test_every_answer_about_every_subject_is_counted() -> None:
    found = opened(export(cast(staff={"good": 4, "bad": 2}), **EXACT))

    assert tally_of(found.fragments) == {
        subject: {
            "staff": {
                question: {"good": 4, "bad": 2} for question in ("work", "overall")
            }
        }
        for subject in (11, 12)
    }
    assert found.head.tally == tally_of(found.fragments)
    assert found.head.fragments == 6 * 2 * 2


def test_fragments_and_comments_lie_in_the_order_of_fresh_random_keys() -> None:
    box = export(
        cast(staff={"good": 6}), comments=[remark("1-staff", "一")] * 1
        + [remark("1-staff", text) for text in "二三四五六"]
    )  # fmt: skip
    first, second = opened(box), opened(box)

    for loose in (first.fragments, first.comments):
        assert [one.id for one in loose] == sorted(one.id for one in loose)
    assert {one.id for one in first.fragments}.isdisjoint(
        one.id for one in second.fragments
    )
    assert first.head.root_out != second.head.root_out


def test_an_envelope_moved_to_another_batch_is_spoiled() -> None:
    moved = Sealed(sealed("1-residents").envelope, "1-staff")

    assert counted(
        opened(export([*cast(staff={"good": 5}), moved])), "1-staff"
    ) == (5, 1)  # fmt: skip


def test_what_is_no_envelope_is_spoiled() -> None:
    whole = sealed("1-staff").envelope
    broken = [noise(len(whole)), whole[:-1], whole[:-1] + b"\0", b"", noise(10)]
    box = [*cast(staff={"good": 5}), *(Sealed(each, "1-staff") for each in broken)]

    assert counted(opened(export(box)), "1-staff") == (5, 5)


def test_an_envelope_that_holds_no_complete_ballot_is_spoiled() -> None:
    asked = form("1-staff")
    good = padded_answers(asked, alike("1-staff", "good"))
    inside = (
        noise(asked.answers_size),
        good.replace(b'"good"', b'"grim"', 1),
        good + bytes(256),
        good.replace(b'"v":1', b'"v":2'),
        padded_answers(form("2-staff"), alike("2-staff", "good")),
    )
    broken = [
        Sealed(seal(plain, public_keys(), aad=asked.aad), "1-staff") for plain in inside
    ]
    box = [*cast(staff={"good": 5}), *broken]

    assert counted(opened(export(box)), "1-staff") == (5, 5)


def test_copies_of_an_envelope_count_once() -> None:
    one = sealed("1-staff", "bad")
    found = opened(export([*cast(staff={"good": 5}), one, one, one], **EXACT))

    assert counted(found, "1-staff") == (6, 2)
    assert found.head.tally[11]["staff"]["work"] == {"good": 5, "bad": 1}


def test_a_copy_in_a_new_outer_envelope_counts_once() -> None:
    one, asked = sealed("1-staff", "bad"), form("1-staff")
    inner = unseal(one.envelope, [holder_keys()[1]], aad=asked.aad)
    copy = Sealed(seal(inner, [public_keys()[1]], aad=asked.aad), "1-staff")

    assert copy.envelope != one.envelope
    assert counted(
        opened(export([*cast(staff={"good": 5}), one, copy])), "1-staff"
    ) == (6, 1)  # fmt: skip


def test_two_people_who_say_the_same_are_two() -> None:
    assert counted(opened(export(cast(staff={"good": 9}))), "1-staff") == (9, 0)


def test_a_challenged_ballot_is_opened_for_everybody_and_counts_nowhere() -> None:
    challenged = sealed("1-staff", "bad")
    box = export(cast(staff={"good": 6}), challenged=[challenged], **EXACT)
    found = opened(box)

    (challenge,) = found.head.challenges
    assert challenge.picks == alike("1-staff", "bad").picks
    assert found.head.tally[11]["staff"]["work"] == {"good": 6}
    assert counted(found, "1-staff") == (6, 0)


def test_a_copy_of_a_challenged_ballot_counts_nowhere_either() -> None:
    challenged = sealed("1-staff", "bad")
    box = export([*cast(staff={"good": 5}), challenged], challenged=[challenged])

    assert counted(opened(box), "1-staff") == (5, 1)


def test_a_challenged_ballot_that_does_not_open_stops_everything() -> None:
    broken = Sealed(noise(900), "1-staff")

    with pytest.raises(ChallengeNotDecrypted):
        opened(export(cast(staff={"good": 5}), challenged=[broken]))


def test_a_void_batch_stays_shut_and_the_others_are_counted() -> None:
    both = cast(staff={"bad": 6}, residents={"good": 6})
    found = opened(export(both, void=["1-staff"], **EXACT))

    assert {one.rater_group for one in found.fragments} == {"residents"}
    assert counted(found, "1-staff") == (0, 0)
    assert [batch.batch_id for batch in found.head.batches if batch.void] == ["1-staff"]


def test_envelopes_of_a_batch_that_does_not_add_up_are_not_opened() -> None:
    box = export(cast(staff={"good": 6}))
    fewer_signed = [replace(batch, signed=5) for batch in box.batches]
    more_voided = [replace(b, voided=b.issued - 5) for b in box.batches]
    more_signed = [replace(b, signed=b.eligible + 1) for b in box.batches]

    for batches in (fewer_signed, more_voided, more_signed):
        with pytest.raises(ExportRefused):
            decrypt_box(closed_anew(box, batches), holder_keys())


def test_a_batch_that_does_not_add_up_is_void_whatever_the_server_says() -> None:
    shut = export(cast(staff={"good": 6}), void=["1-staff"])
    silent = [
        replace(batch, void=False, signed=min(batch.signed, 5))
        for batch in shut.batches
    ]
    found = opened(closed_anew(shut, silent))

    assert [batch.batch_id for batch in found.head.batches if batch.void] == ["1-staff"]


def test_small_groups_merge_by_the_number_of_valid_ballots() -> None:
    said = cast(leaders={"bad": 4}, staff={"good": 6}, residents={"good": 7})
    spoiled = Sealed(noise(700), "1-leaders")
    found = opened(export([*said, spoiled], **EXACT))

    assert found.head.merged == {1: {"leaders": "staff"}, 2: {}}
    assert found.head.tally[11]["staff"]["work"] == {"good": 6, "bad": 4}
    assert {one.rater_group for one in found.fragments} == {"staff", "residents"}
    groups = {batch.batch_id: batch.rater_group for batch in found.head.batches}
    assert groups["1-leaders"] == groups["1-staff"] == "staff"
    assert groups["2-leaders"] == "leaders"


def test_groups_that_are_withheld_are_not_merged() -> None:
    said = cast(leaders={"bad": 4}, staff={"good": 6})
    found = opened(export(said, small_groups="withhold", **EXACT))

    assert found.head.merged == {1: {}, 2: {}}
    assert {one.rater_group for one in found.fragments} == {"leaders", "staff"}


def test_what_merged_before_the_survey_opened_stays_merged() -> None:
    box = export(
        cast(staff={"good": 3}, residents={"good": 9}),
        merged={1: {"leaders": "staff"}, 2: {"staff": "residents"}},
        **EXACT,
    )

    assert opened(box).head.merged == {
        1: {"leaders": "residents", "staff": "residents"},
        2: {"staff": "residents"},
    }


def test_a_head_posts_no_count_of_a_small_group() -> None:
    said = cast(leaders={"bad": 4}, staff={"good": 25, "bad": 5})
    usual = opened(export(said, small_groups="withhold"))

    assert usual.head.tally == {}, "with the 30, the 4 could be told from all 34"
    alone = opened(export(cast(staff={"good": 25, "bad": 5})))
    assert alone.head.tally[11]["staff"]["work"] == {"good": 25, "bad": 5}


def test_exact_counts_are_posted_from_twenty_ballots_on() -> None:
    below = opened(export(cast(staff={"good": 14, "bad": 5})))
    above = opened(export(cast(staff={"good": 14, "bad": 6})))

    assert below.head.tally == {}, "a rated person sees bands, not these"
    assert above.head.tally[11]["staff"]["work"] == {"good": 14, "bad": 6}


def test_what_was_opened_survives_its_file() -> None:
    found = opened(
        export(cast(staff={"good": 5}), challenged=[sealed("2-staff")], comments=[
            remark("1-staff", "换行\n与“引号”\u2028"), *[remark("1-staff")] * 4
        ])
    )  # fmt: skip

    assert Decrypted.from_text(found.to_text()) == found
    assert json.loads(found.signed.to_json())["head"]["fragments"] == 20


def test_a_head_without_holders_is_signed_by_nobody() -> None:
    signed = opened(export(cast(staff={"good": 5}))).signed
    assert is_signed_by_both(signed)

    nobody = replace(signed, head=replace(signed.head, key_holders=()))
    first = replace(
        signed, head=replace(signed.head, key_holders=signed.head.key_holders[:1])
    )
    assert not is_signed_by_both(nobody)
    assert not is_signed_by_both(first)
