"""A named rating: points somebody gives over a signature, with a reason.

It is no ballot. Whoever signs is known to the office and to the one who is rated, so no
floor hides it, and it counts among the groups' means as a mean of its own.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class NamedRating:
    """What one person, or one assessment group, signed about one subject."""

    rater: str
    """Who signed: a person's name, or what the group is called."""
    capacity: str
    """In what capacity, such as "supervising county leader"."""
    points: Fraction
    reason: str
    source: str
    """The signed paper, and where it is filed."""


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """What stands on one signed paper, as it is copied."""

    subject_id: int
    component_key: str
    rater_group: str
    rater: str
    capacity: str
    points: str
    reason: str
    signed_on: date
    source: str
