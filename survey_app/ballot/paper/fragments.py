"""Fragments: what a ballot becomes when it is cut, so that nobody can mend it.

Every answer to every question about every subject gets a fresh random id. Sorted by
it, fragments tell neither which of them came from one ballot nor who came first.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from survey_app.ballot.paper.ballot import Ballot
from survey_app.domain.counting.tally import SubjectTally, nested
from survey_app.domain.ground.canonical import sorted_text

ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Fragment:
    """One opened answer to one question about one subject."""

    id: bytes
    """Random; also what keeps its leaf from being guessed while it is closed."""
    survey_id: int
    subject_id: int
    rater_group: str
    """The group it is counted in."""
    question_key: str
    choice_key: str


@dataclass(frozen=True, slots=True)
class LooseComment:
    """A comment without the ballot it came with."""

    id: bytes
    survey_id: int
    subject_id: int
    """Who it is about; see `about_whole`."""
    text: str
    question: str = ""
    """Which question it answers; "": it is the comment."""


def about_whole(unit: int) -> int:
    """Return what stands for the subject where a comment is about all of a unit.

    No subject has a number below 1. Given such a number, the unit is returned.
    """
    return -unit


def written(fragment: Fragment) -> dict[str, object]:
    """Return the fragment as it is written into a recount file and hashed."""
    return {
        "choice": fragment.choice_key,
        "group": fragment.rater_group,
        "id": fragment.id.hex(),
        "question": fragment.question_key,
        "subject": fragment.subject_id,
        "survey": fragment.survey_id,
    }


def leaf_of(fragment: Fragment) -> bytes:
    """Return the leaf (32 bytes): SHA-256 of b"fragment", 0 and the canonical JSON."""
    return leaf_of_text(sorted_text(written(fragment)))


def leaf_of_text(text: str) -> bytes:
    """Return the leaf (32 bytes) of the fragment whose canonical JSON this is."""
    return hashlib.sha256(b"fragment\0" + text.encode()).digest()


def comment_leaf(comment: LooseComment) -> bytes:
    """Return the leaf (32 bytes): SHA-256 of b"comment", 0 and the canonical JSON.

    "question" stands in it where it answers one. Its random id, which is posted
    nowhere, keeps a guessed text from being tried.
    """
    content = {
        "id": comment.id.hex(),
        "subject": comment.subject_id,
        "survey": comment.survey_id,
        "text": comment.text,
    }
    if comment.question:
        content["question"] = comment.question
    return hashlib.sha256(b"comment\0" + sorted_text(content).encode()).digest()


def cut(survey_id: int, ballots: Iterable[tuple[Ballot, str]]) -> tuple[Fragment, ...]:
    """Return the fragments of the ballots, each with the group it is counted in.

    They are sorted by ids drawn here, and so in an order that means nothing.
    """
    loose = [
        Fragment(secrets.token_bytes(ID_BYTES), survey_id, subject, group, *answer)
        for ballot, group in ballots
        for subject, answers in ballot.picks.items()
        for answer in answers.items()
    ]
    return tuple(sorted(loose, key=lambda fragment: fragment.id))


def tally_of(fragments: Iterable[Fragment]) -> SubjectTally:
    """Return how often each choice was picked; zero is not written."""
    counts = Counter(
        (one.subject_id, one.rater_group, one.question_key, one.choice_key)
        for one in fragments
    )
    return nested(dict(sorted(counts.items())))


def recount_lines(fragments: Iterable[Fragment], posted: SubjectTally) -> list[str]:
    """Return one line a fragment, without line ends, sorted by leaf.

    Fragments of posted counts are written out; of all others there is the leaf alone,
    from which nobody can guess the answer, because the random id is missing.
    """
    return [line for _, line in sorted(_line(one, posted) for one in fragments)]


def _line(one: Fragment, posted: SubjectTally) -> tuple[str, str]:
    text = sorted_text(written(one))
    leaf = leaf_of_text(text).hex()
    groups = posted.get(one.subject_id, {})
    is_open = one.question_key in groups.get(one.rater_group, {})
    return leaf, text if is_open else sorted_text({"leaf": leaf})
