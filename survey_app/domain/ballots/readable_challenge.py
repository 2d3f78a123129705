"""An opened challenge ballot in words, for comparing with what the auditor noted."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey_app.domain.ballots.canonical import canonical
from survey_app.domain.ballots.head import Challenge
from survey_app.domain.ballots.tracker import printed_tracker
from survey_app.domain.bilingual import Bilingual
from survey_app.domain.questionnaire import Questionnaire

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
    labels = {
        (question.key, choice.key): choice.label
        for question in questionnaire.questions
        for choice in question.choices
    }
    return tuple(
        (question.text, labels[question.key, answers[question.key]])
        for question in questionnaire.questions
    )
