"""Questions of every kind on a secret ballot: sealed alike, opened, recounted."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from survey_app.ballot.paper.ballot import (
    COMMENT_SIZE,
    WHOLE,
    Ballot,
    BallotForm,
    Malformed,
    Written,
    padded_answers,
    padded_comment,
    padded_texts,
    read_answers,
    read_comment,
    read_texts,
)
from survey_app.ballot.paper.challenge import readable_challenges
from survey_app.ballot.paper.closing import Sealed
from survey_app.ballot.paper.decrypted import Decrypted, comments_root
from survey_app.ballot.paper.fragments import LooseComment, about_whole, recount_lines
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.ballot.sealing.envelope import seal
from survey_app.domain.questionnaire.answers import read_answers as answered
from survey_app.domain.questionnaire.ballot_lines import lines_of, pick_on
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from tests.support.every_kind import EVERY_KIND
from tests.support.holder_keys import holder_keys, public_keys
from tests.support.recounting import recounted
from tests.support.sealed_export import NAMES, export, form

ASKED = read_questionnaire(EVERY_KIND, file="every.toml")
FORM = form("1-staff", ASKED)
FULL = {
    "overall": ["bad"], "window": ["south"], "ways": ["phone", "post"],
    "score": ["100"], "why": ["慢"],
}  # fmt: skip
LEAST = {"overall": ["good"]}


def ballot(*sent: dict[str, list[str]], of: BallotForm = FORM) -> Ballot:
    """Return the ballot on which each subject was answered so."""
    picks = [answered(ASKED, one).picks for one in sent]
    lines = [lines_of(ASKED, one) for one in picks]
    return Ballot(dict(zip(of.subject_ids, lines, strict=True)))


def sealed(said: Ballot, batch_id: str = "1-staff") -> Sealed:
    asked = form(batch_id, ASKED)
    plain = padded_answers(asked, said)
    return Sealed(seal(plain, public_keys(), aad=asked.aad), batch_id)


def noted(*written: Written, batch_id: str = "1-staff") -> Sealed:
    asked = form(batch_id, ASKED)
    plain = padded_texts(asked, written)
    return Sealed(seal(plain, public_keys(), aad=asked.aad), batch_id)


def test_every_ballot_has_one_size_and_is_read_as_it_was_written() -> None:
    luck = Random(7)
    sizes = set()
    for _ in range(50):
        sent = [
            {
                "overall": [luck.choice(("good", "dont_know"))],
                "window": luck.choice(([], ["north"], ["south"])),
                "ways": luck.sample(("phone", "desk", "post"), luck.randrange(4)),
                "score": [str(luck.randrange(101))] * luck.randrange(2),
            }
            for _ in FORM.subject_ids
        ]
        said = ballot(*sent)
        padded = padded_answers(FORM, said)
        sizes.add(len(padded))
        assert read_answers(FORM, padded) == said
    assert sizes == {FORM.answers_size}
    assert len(padded_answers(FORM, ballot(FULL, FULL))) == FORM.answers_size


@pytest.mark.parametrize(
    "change",
    [
        {"score": "101"}, {"score": "07"}, {"overall": "blank"}, {"why": "not_asked"},
        {"ways": "blank"}, {"ways.phone": "unticked", "ways.post": "unticked"},
        {"overall": "good"}, {"window": "not_asked"}, {"ways.phone": "phone"},
    ],
)  # fmt: skip
def test_what_nobody_can_answer_is_no_ballot(change: dict[str, str]) -> None:
    whole = ballot(FULL, FULL)
    first = FORM.subject_ids[0]

    with pytest.raises(Malformed):
        padded_answers(
            FORM, Ballot({**whole.picks, first: {**whole.picks[first], **change}})
        )


def test_texts_have_one_size_and_one_spelling() -> None:
    one, other = FORM.subject_ids
    texts: tuple[Written, ...] = (
        (one, "why", "慢"), (other, "why", "难"), (WHOLE, "", "都好"),
    )  # fmt: skip
    padded = padded_texts(FORM, texts[::-1])

    assert len(padded) == len(padded_texts(FORM, ())) == FORM.comment_size
    assert FORM.comment_size == 3 * COMMENT_SIZE
    assert read_texts(FORM, padded) == texts
    assert read_comment(FORM, padded) == (WHOLE, "都好")
    turned = json.dumps(
        {"v": 2, "texts": [list(two) for two in texts[::-1]]},
        ensure_ascii=False, separators=(",", ":"),
    ).encode()  # fmt: skip
    with pytest.raises(Malformed):
        read_texts(FORM, (len(turned).to_bytes(2) + turned).ljust(len(padded), b"\0"))


@pytest.mark.parametrize(
    "texts",
    [
        [(1, "why", "a")], [(WHOLE, "why", "a")], [(11, "score", "a")],
        [(11, "", "a"), (12, "", "b")], [(11, "why", "a"), (11, "why", "b")],
        [(11, "why", "")], [(11, "why", "长" * 700)],
    ],
)  # fmt: skip
def test_texts_of_elsewhere_or_twice_are_refused(texts: list[Written]) -> None:
    with pytest.raises(Malformed):
        padded_texts(FORM, texts)


def test_a_ballot_about_one_has_nobody_to_leave_out() -> None:
    alone = form("2-staff", ASKED)

    with pytest.raises(Malformed):
        padded_comment(alone, WHOLE, "a")


@pytest.fixture(scope="module")
def opened() -> Decrypted:
    """A box of thirteen such ballots, one of them challenged."""
    said = [ballot(FULL, LEAST)] * 5 + [ballot(LEAST, FULL)] * 7
    notes = [noted((11, "why", "慢"), (WHOLE, "", "整个单位都好"))]
    notes += [noted((12, "why", "难"), (12, "", "他好"))] + [noted()] * 10
    box = export(
        [sealed(one) for one in said], challenged=[sealed(ballot(FULL, FULL))],
        comments=notes, asked=ASKED, public_floor=5, shroud=1,
    )  # fmt: skip
    return decrypt_box(box, holder_keys())


def test_every_pick_is_cut_loose_and_counted(opened: Decrypted) -> None:
    assert opened.adds_up
    found = Counter(
        (one.subject_id, *pick)
        for one in opened.fragments
        if (pick := pick_on(one.question_key, one.choice_key))
    )
    assert found[11, "overall", "bad"] == found[11, "ways", "phone"] == 5
    assert found[11, "ways", "answered"] == found[11, "score", "100"] == 5
    assert found[11, "ways", "blank"] == found[11, "why", "not_asked"] == 7
    assert found[12, "ways", "post"] == 7
    assert (11, "ways", "desk") not in found
    assert len(opened.fragments) == 12 * 2 * 8


def test_every_text_is_loose_and_says_what_it_answers(opened: Decrypted) -> None:
    said = {(one.subject_id, one.question, one.text) for one in opened.comments}

    assert said == {
        (11, "why", "慢"), (12, "why", "难"), (12, "", "他好"),
        (about_whole(1), "", "整个单位都好"),
    }  # fmt: skip
    assert len({one.id for one in opened.comments}) == 4
    assert Decrypted.from_text(opened.to_text()) == opened


def test_only_choices_everybody_made_are_posted_and_anybody_recounts(
    opened: Decrypted, tmp_path: Path
) -> None:
    posted = opened.head.tally
    assert {q for g in posted.values() for t in g.values() for q in t} <= {
        "overall", "window",
    }  # fmt: skip
    lines = recount_lines(opened.fragments, posted)
    done = recounted(tmp_path, head=json.loads(opened.signed.to_json()), lines=lines)
    assert done.returncode == 0, done.stdout
    assert not any('"score"' in line for line in lines)
    assert any('"overall"' in line for line in lines)


def test_a_challenged_ballot_is_read_in_words(opened: Decrypted) -> None:
    (one,) = readable_challenges(opened.head.challenges, ASKED, NAMES)
    (_, first), _ = one.about

    assert [said.zh for _, said in first] == ["差", "南", "电话、邮寄", "100", "已作答"]


@pytest.mark.parametrize(
    ("subject", "question", "many"),
    [(11, "why", 13), (about_whole(1), "", 13), (about_whole(1), "why", 1)],
)
def test_a_text_without_a_ballot_is_seen(
    opened: Decrypted, subject: int, question: str, many: int
) -> None:
    def told(count: int) -> bool:
        texts = tuple(
            LooseComment(bytes([n]) * 16, 1, subject, "多", question)
            for n in range(count)
        )
        root = comments_root(texts)
        head = replace(opened.head, comments=count, comments_root=root)
        return Decrypted(
            replace(opened.signed, head=head), opened.fragments, texts
        ).adds_up

    assert told(many - 1)
    assert not told(many)
