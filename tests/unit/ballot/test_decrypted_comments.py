"""Comments after an opening: loose, complete, and none that nobody can have sent."""

from collections.abc import Sequence
from dataclasses import replace

from survey_app.ballot.paper.closing import Sealed
from survey_app.ballot.paper.decrypted import Decrypted, comments_root
from survey_app.ballot.paper.export import Export
from survey_app.ballot.paper.fragments import LooseComment
from survey_app.ballot.paper.head import SignedHead
from survey_app.ballot.sealing.decrypting import decrypt_box
from tests.support.holder_keys import holder_keys
from tests.support.sealed_export import cast, export, noise, remark, sealed


def opened(box: Export) -> Decrypted:
    """Return what both keys find; it always adds up."""
    found = decrypt_box(box, holder_keys())
    assert found.adds_up
    return found


def test_comments_lose_their_ballots() -> None:
    texts = ["第一条", "第二条", ""]
    box = export(
        cast(staff={"good": 3}), comments=[remark("1-staff", text) for text in texts]
    )
    found = opened(box)

    assert sorted(said.text for said in found.comments) == ["第一条", "第二条"]
    assert {said.subject_id for said in found.comments} == {11}
    assert found.head.comments == 2


def held(found: Decrypted, comments: Sequence[LooseComment]) -> Decrypted:
    """Return a result with other comments, whose head both holders signed like that."""
    head = replace(
        found.head, comments=len(comments), comments_root=comments_root(comments)
    )
    message = head.signed_message
    signatures = {
        key.public.fingerprint: key.sign(message).hex() for key in holder_keys()
    }
    return Decrypted(SignedHead(head, signatures), found.fragments, tuple(comments))


def test_a_comment_changed_after_the_opening_does_not_add_up() -> None:
    texts = ["第一条", "第二条", ""]
    box = export(
        cast(staff={"good": 3}), comments=[remark("1-staff", text) for text in texts]
    )
    found = opened(box)
    first, second = found.comments

    for comments in (
        (replace(first, text="别的话"), second),
        (replace(first, subject_id=12), second),
        (replace(first, id=bytes(16)), second),
        (first, first),
        (first,),
    ):
        assert not replace(found, comments=comments).adds_up


def test_comments_nobody_can_have_sent_do_not_add_up() -> None:
    found = opened(
        export(
            cast(staff={"good": 2}),
            comments=[remark("1-staff", "一"), remark("1-staff", "二")],
        )
    )
    one, other = found.comments
    more = LooseComment(bytes(16), one.survey_id, one.subject_id, "三")

    assert held(found, (one, other)).adds_up
    for wrong in (
        replace(one, text=""),
        replace(one, text="字" * 667),
        replace(one, text="一\0"),
        replace(one, subject_id=99),
        replace(one, subject_id=21),
        replace(one, survey_id=2),
        replace(one, id=other.id),
    ):
        assert not held(found, (wrong, other)).adds_up, wrong
    assert not held(found, (one, other, more)).adds_up, "two ballots, three comments"


def test_a_ballot_that_cannot_be_read_may_have_a_comment_that_can() -> None:
    said = [remark("1-staff", "一"), remark("1-staff", "二")]
    box = export([sealed("1-staff"), Sealed(noise(900), "1-staff")], comments=said)

    assert opened(box).head.comments == 2


def test_a_comment_that_cannot_be_read_takes_no_ballot_with_it() -> None:
    broken = [
        Sealed(noise(2000), "1-staff"),
        Sealed(remark("1-leaders").envelope, "1-staff"),
    ]
    box = export(cast(staff={"good": 5}), comments=[*broken, *[remark("1-staff")] * 3])

    assert [b.spoiled for b in opened(box).head.batches if b.used] == [0]
    assert opened(box).comments == ()
