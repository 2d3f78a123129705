"""What an alert rule found: the counts, whether they cross, how strong it is."""

from dataclasses import dataclass
from enum import StrEnum

from survey_app.domain.bilingual import Bilingual
from survey_app.domain.scheme import Denominator, Design

POOLED = "pooled"
"""Stands for all rater groups of a rule, judged together."""


class Evidence(StrEnum):
    """How much a share proves; stands beside the alert and never replaces it."""

    VOID = "void"
    INSUFFICIENT = "insufficient"
    CLEAR = "clear"
    ATTENTION = "attention"
    WATCH = "watch"
    CONFIRMED_STATISTICALLY = "confirmed-statistically"
    CONFIRMED_CERTAIN = "confirmed-certain"
    CORROBORATED = "corroborated"


@dataclass(frozen=True, slots=True)
class Alert:
    """One rule applied to one rater group (or all of them pooled)."""

    rule: str
    label: Bilingual
    question: str
    group: str
    """Rater-group key, or POOLED."""
    numerator: int
    denominator: int | None
    """None: the counts needed for this denominator were not given."""
    denominator_kind: Denominator
    crossed: bool
    evidence: Evidence
    source: Bilingual
    published: bool
    design: Design
    """How its raters were chosen; what the evidence means depends on it."""
