"""What shows that a ballot may be opened in public: an auditor's word from before.

A row in a table is no proof; whoever can write to the database could set anybody's
ballot aside. Code and nonce together give a commitment that stands in the manifest.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from survey_app.ballot.paper.head import Challenge
from survey_app.ballot.paper.ticket import printed_tracker
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.canonical import canonical
from survey_app.domain.questionnaire.ballot_lines import picks_in
from survey_app.domain.questionnaire.questionnaire import Questionnaire

Said = tuple[Bilingual, Bilingual]
"""A question and what was answered."""


@dataclass(frozen=True, slots=True)
class ReadableChallenge:
    """One challenge ballot as a person reads it."""

    tracker: str
    """As printed on the auditor's receipt."""
    opens: bool
    """Whether it is a ballot at all; if not, the survey is void."""
    about: tuple[tuple[str, tuple[Said, ...]], ...]
    """Name of each subject → its answers, in the order of the questionnaire."""


def readable_challenges(
    challenges: Iterable[Challenge],
    questionnaire: Questionnaire,
    names: Mapping[int, str],
) -> tuple[ReadableChallenge, ...]:
    """Return the challenge ballots in words, in the order they were given.

    A subject without a name is called by its number.
    """
    return tuple(
        ReadableChallenge(
            tracker=printed_tracker(bytes.fromhex(challenge.tracker)),
            opens=challenge.opens,
            about=tuple(
                (names.get(subject, str(subject)), _said(questionnaire, answers))
                for subject, answers in sorted((challenge.picks or {}).items())
            ),
        )
        for challenge in challenges
    )


def mark_of(closing: str, challenges: Iterable[Challenge]) -> str:
    """Return what only somebody has to whom these challenge ballots were shown.

    SHA-256, in hex, over b"challenges", 0 and the canonical text of the closing's
    fingerprint (hex) and of tracker and picks of each challenge, sorted by tracker.
    """
    opened = sorted((one.tracker, canonical(one.picks)) for one in challenges)
    text = canonical({"closing": closing, "challenges": opened})
    return hashlib.sha256(b"challenges\0" + text.encode()).hexdigest()


def _said(questionnaire: Questionnaire, answers: Mapping[str, str]) -> tuple[Said, ...]:
    said: dict[str, list[str]] = {}
    for key, pick in picks_in(answers.items()):
        said.setdefault(key, []).append(pick)
    return tuple(
        (question.text, question.label_of(said[question.key]))
        for question in questionnaire.questions
    )


def commitment_of(code: str, nonce: str) -> str:
    """Return SHA-256 over b"challenge", 0, code, 0 and nonce, in hex.

    The code is a normalised ticket code; the nonce is the text the auditor keeps
    beside it. Whoever sees the commitment learns neither; whoever is shown both can
    check that no other slip was meant.
    """
    content = b"\0".join((b"challenge", code.encode(), nonce.encode()))
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class ChallengeProof:
    """Which envelope an auditor challenged, and what he had bound himself to."""

    tracker: str
    """Of the envelope, in hex."""
    code: str = field(repr=False)
    nonce: str = field(repr=False)

    @property
    def commitment(self) -> str:
        """The commitment that must stand in the manifest."""
        return commitment_of(self.code, self.nonce)


def are_proved(
    trackers: Iterable[str],
    proofs: Iterable[ChallengeProof],
    commitments: Collection[str],
) -> bool:
    """Return whether each envelope has a proof, and each proof a slip of its own."""
    by_tracker = {proof.tracker: proof.commitment for proof in proofs}
    used = [by_tracker.get(tracker, "") for tracker in trackers]
    return len(set(used)) == len(used) and set(used) <= set(commitments)
