"""The room of numbers: a mean may be told only where it leaves every number open.

How many numbers lie in each band is told, so a mean tells how far, in all, the numbers
lie above the lower ends of their bands. Near an end that is nearly nothing: five people
in the band from 90 whose mean is 90 gave 90 each. So a mean needs room for every one of
them, also as seen by the few who know their own numbers.
"""

from collections.abc import Iterator

from survey_app.domain.counting.number_bands import bands_from
from survey_app.domain.counting.tally import Counts
from survey_app.domain.questionnaire.question import NARROWEST_BAND

ROOM = NARROWEST_BAND
"""As many numbers stay possible for everybody, whatever else is told."""


def has_room(counts: Counts, lows: tuple[int, ...], insiders: int) -> bool:
    """Return whether the mean of these numbers leaves each of them open.

    So many insiders may know their own numbers. Nobody's numbers always have room.
    """
    offsets = sorted(_offsets(counts, lows))
    if not offsets:
        return True
    if len(offsets) <= insiders + 1:
        return False
    above = sum(low for low, _ in offsets)
    below = sum(high for _, high in offsets)
    known_above = sum(sorted((low for low, _ in offsets), reverse=True)[:insiders])
    known_below = sum(sorted((high for _, high in offsets), reverse=True)[:insiders])
    least = ROOM - 1
    return above - known_above >= least and below - known_below >= least


def _offsets(counts: Counts, lows: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Yield how far each number lies above its band's lower end and below its upper."""
    for band in bands_from(lows):
        for number in range(band.low, band.high + 1):
            for _ in range(counts.get(str(number), 0)):
                yield number - band.low, band.high - number
