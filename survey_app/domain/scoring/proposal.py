"""A bonus or deduction as somebody proposes it: which kind, how many points, and why.

What it does to a score is `scoring.adjusting`'s; here is what may be written down.
Points bear no sign: the kind says whether they are added or taken away.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from survey_app.domain.counting.evidence import BONUS, DEDUCTION
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.stated import Stated
from survey_app.domain.ground.written_value import in_digits, tidy, tidy_code
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scheme.total_rules import AdjustmentRules

KINDS = {
    BONUS: Bilingual("加分", "bonus"),
    DEDUCTION: Bilingual("扣分", "deduction"),
}
"""What the kinds are called, on pages and in workbooks."""
FROM_FORM, FROM_IMPORT, FROM_CORRECTION = "form", "import", "correction"
"""Origins; whatever else writes adjustments has a word of its own."""
LEAST_PLACES = 2
"""Decimals points may always have; a scheme that rounds later allows more."""

_DECIMAL = re.compile(r"[0-9]{1,6}(\.[0-9]{1,18})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One bonus or deduction that somebody wants to count."""

    subject_id: int
    kind: str
    points: str
    """Exact, as written; without a sign."""
    reason: str
    source: str
    """The document or evidence; supervision names its item here."""
    origin: str = FROM_FORM
    """What wrote it: a form, an import, a correction, supervision."""


@dataclass(frozen=True, slots=True)
class CountedOfKind:
    """How much of all entries of one kind counts."""

    kind: str
    asked: Fraction
    cap: Stated[Fraction] | None

    @property
    def counts(self) -> Fraction:
        """What is added or taken away."""
        return min(self.asked, self.cap.value) if self.cap else self.asked

    @property
    def is_capped(self) -> bool:
        """Whether less counts than was entered."""
        return self.counts < self.asked


def kinds_of(scheme: Scheme) -> tuple[str, ...]:
    """Return the kinds the scheme takes; a cap of 0 means that it takes none."""
    caps = {kind: cap_of(scheme.adjustments, kind) for kind in KINDS}
    return tuple(kind for kind, cap in caps.items() if cap is None or cap.value)


def cap_of(rules: AdjustmentRules, kind: str) -> Stated[Fraction] | None:
    """Return how much of this kind counts at most; None: all of it."""
    return rules.bonus_cap if kind == BONUS else rules.deduction_cap


def counted_of(
    rules: AdjustmentRules, counting: Iterable[tuple[str, Fraction]]
) -> tuple[CountedOfKind, ...]:
    """Return the sum of each kind there is, from (kind, points) of what counts."""
    entries = list(counting)
    return tuple(
        CountedOfKind(kind, sum(mine, Fraction(0)), cap_of(rules, kind))
        for kind in KINDS
        if (mine := [points for one, points in entries if one == kind])
    )


def kind_called(written: str) -> str | None:
    """Return the kind from its key or its name in either language."""
    word = tidy(written).casefold()
    named = (key for key, name in KINDS.items() if word in (key, name.zh, name.en))
    return next(named, None)


def points_as_kept(written: str) -> str:
    """Return the points as they are kept: narrow digits, nothing around them."""
    return tidy_code(written)


def wrong_points(scheme: Scheme, kind: str, written: str) -> Remark | None:
    """Return why these points cannot be entered under this kind; None: they can.

    More than the cap is refused for one entry; several that make more are kept, and
    the score sheet says how much of them counts.
    """
    if kind not in kinds_of(scheme):
        return remark("adjustment-kind-not-taken", kind=KINDS.get(kind, kind))
    text = points_as_kept(written)
    misread = _misread(text, max(LEAST_PLACES, scheme.places.value))
    if misread is not None:
        return misread
    points, cap = Fraction(text), cap_of(scheme.adjustments, kind)
    if not points:
        return remark("adjustment-of-nothing")
    if cap is not None and points > cap.value:
        most = in_digits(cap.value)
        return remark("adjustment-above-cap", kind=KINDS[kind], most=most)
    return None


def _misread(text: str, places: int) -> Remark | None:
    """Return why this is no number of points with so many decimals."""
    if text.startswith(("+", "-", "\u2212", "\u2013")):
        return remark("adjustment-with-sign")
    if not _DECIMAL.fullmatch(text):
        return remark("adjustment-no-points", written=text[:40])
    if len(text.partition(".")[2].rstrip("0")) > places:
        return remark("adjustment-too-fine", places=places)
    return None
