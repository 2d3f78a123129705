"""A setting of a scheme together with where it comes from.

What was published and what this house had to assume must never look alike, so no
number of a scheme travels without its status.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from survey_app.domain.ground.bilingual import UNSAID, Bilingual

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stated(Generic[T]):
    """A value and whether a source published it or we assumed it."""

    value: T
    published: bool
    source: Bilingual = UNSAID
    """Where it was published, or why it was assumed; empty means: as the scheme."""


def assumed(value: T, why: Bilingual = UNSAID) -> Stated[T]:
    """Return a value that no source states."""
    return Stated(value, published=False, source=why)
