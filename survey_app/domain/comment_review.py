"""Two readers stand between a comment and everybody else.

Each strikes out names, dates, places and events, or withholds the text. Only what two
of them agree on word by word is released: one careless or overbearing reader alone can
neither publish a comment nor make it disappear.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from survey_app.domain.clean_text import clean_comment


class Verdict(StrEnum):
    """What one reader says of one comment."""

    PASS = "pass"  # noqa: S105 -- a verdict, not a password
    WITHHOLD = "withhold"


class Outcome(StrEnum):
    """What became of a comment."""

    WAITING = "waiting"
    RELEASED = "released"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Review:
    """One reader's verdict; a reader has one for each comment."""

    reader: str
    verdict: Verdict
    text: str
    """As it may be shown; empty where it is withheld."""

    def agrees_with(self, other: "Review") -> bool:
        """Return whether a different reader said exactly the same."""
        return (
            self.reader != other.reader
            and self.verdict is other.verdict
            and self.text == other.text
        )


def agreed(reviews: Iterable[Review]) -> Review | None:
    """Return what two different readers agree on; None while no two do."""
    told = tuple(reviews)
    return next(
        (one for one in told if any(one.agrees_with(other) for other in told)), None
    )


def outcome_of(reviews: Iterable[Review]) -> Outcome:
    """Return what became of a comment with these reviews."""
    settled = agreed(reviews)
    if settled is None:
        return Outcome.WAITING
    if settled.verdict is Verdict.PASS:
        return Outcome.RELEASED
    return Outcome.WITHHELD


def waits_for(reader: str, reviews: Iterable[Review]) -> bool:
    """Return whether this reader should look: for the first time, or once more.

    Once more where another reader disagrees with what this one said.
    """
    told = tuple(reviews)
    own = next((review for review in told if review.reader == reader), None)
    if agreed(told):
        return False
    return own is None or any(review.reader != reader for review in told)


def edited(text: str) -> str:
    """Return a text as it is compared and kept: what is seen of it."""
    return clean_comment(text)


def is_edit_of(text: str, original: str) -> bool:
    """Return whether an edited text may stand for the original: not empty, not longer.

    Striking out never makes a text longer; what is longer says something of its own.
    """
    return 0 < len(edited(text)) <= len(edited(original))
