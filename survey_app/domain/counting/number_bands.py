"""Numbers as they are told: how many lie in each band, never which ones."""

from collections.abc import Sequence
from functools import lru_cache

from survey_app.domain.counting.tally import Counts
from survey_app.domain.ground.bilingual import UNSAID
from survey_app.domain.questionnaire.question import (
    NUMBERS,
    USUAL_BANDS,
    NumberBand,
    Question,
    QuestionKind,
)


def bands_from(lows: Sequence[int]) -> tuple[NumberBand, ...]:
    """Return the bands with these lower ends; the usual ones where there are none."""
    return _bands(tuple(lows) or USUAL_BANDS)


@lru_cache(maxsize=256)
def _bands(lows: tuple[int, ...]) -> tuple[NumberBand, ...]:
    asked = Question("", UNSAID, kind=QuestionKind.NUMBER, bands=lows)
    return asked.number_bands


def in_bands(counts: Counts, bands: tuple[NumberBand, ...]) -> dict[str, int]:
    """Return band → how many numbers lie in it, lowest first, then what else was said.

    What is no number stays what it is.
    """
    told = {band.key: 0 for band in bands}
    for number, key in _band_keys(bands).items():
        if count := counts.get(number, 0):
            told[key] += count
    others = {choice: n for choice, n in counts.items() if choice not in IS_NUMBER}
    return {key: n for key, n in told.items() if n} | others


IS_NUMBER = frozenset(NUMBERS)


@lru_cache(maxsize=256)
def _band_keys(bands: tuple[NumberBand, ...]) -> dict[str, str]:
    """Return number → the band it lies in."""
    return {
        str(number): band.key
        for band in bands
        for number in range(band.low, band.high + 1)
    }
