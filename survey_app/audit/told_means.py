"""Means of numbers that tell the numbers: looked for in what is printed, one by one."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from survey_app.audit.printed_numbers import Counts, Leaves, Names
from survey_app.domain.counting.tally import added
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.span import Published, leaks
from survey_app.domain.questionnaire.question import NARROWEST_BAND, NumberBand
from survey_app.domain.scheme.scheme import Grouping


def means_too_telling(
    about: Counts, frozen: FrozenPlan, numbers: Sequence[Published]
) -> Iterator[tuple[Names, str]]:
    """Yield whose numbers could be told from their mean, where that can be derived."""
    insiders = frozen.floors.shroud - 1
    asked: dict[Leaves, Names] = {}
    for key, rule in about.rules.numbers:
        bands = about.asked(key).number_bands
        pooled = about.rules.grouping.value is Grouping.POOLED
        told = [about.inhabited] if pooled else [(group,) for group in about.shown]
        for groups in told if rule.is_mean else ():
            counts = added(about.tally[group].get(key, {}) for group in groups)
            if _tells(_numbers(counts), bands, insiders):
                asked[about.leaves(groups, key)] = groups
    for leaves in leaks(numbers, {}, 0, asked):
        yield asked[leaves], "numbers, by their mean"


def _numbers(counts: Mapping[str, int]) -> list[int]:
    return [int(k) for k, n in counts.items() if k.isdigit() for _ in range(n)]


def _tells(numbers: list[int], bands: Sequence[NumberBand], insiders: int) -> bool:
    """Return whether somebody's number is one of fewer than five, for an insider too.

    Whoever knows his own number takes it away; what is left is between the ends.
    """
    for many in range(insiders + 1):
        for known in set(combinations(sorted(numbers), many)):
            others = list(numbers)
            for one in known:
                others.remove(one)
            total = Fraction(sum(numbers) - sum(known))
            inside = [next(b for b in bands if n <= b.high) for n in others]
            low, high = sum(b.low for b in inside), sum(b.high for b in inside)
            for band in inside:
                least = max(Fraction(band.low), total - (high - band.high))
                most = min(Fraction(band.high), total - (low - band.low))
                if most - least + 1 < NARROWEST_BAND:
                    return True
    return False
