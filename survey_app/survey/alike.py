"""How many answers of a channel are the same, letter by letter.

Answers lie there as texts of one length. Of each channel only the commonest texts are
remembered from one piece to the next: what most answers say is among them in every
piece, for pieces are cut by random numbers.
"""

from collections import Counter, defaultdict

MOST_KEPT = 64
"""Texts that are remembered of one channel."""


class Alike:
    """The commonest answers of each channel."""

    def __init__(self, length: int) -> None:
        """Take the letters of one answer."""
        self._length = length
        self._kept: defaultdict[int, Counter[str]] = defaultdict(Counter)

    def add(self, channel: int, texts: str) -> None:
        """Count answers of a channel that lie end to end."""
        length = self._length
        seen = self._kept[channel]
        seen.update(
            [texts[start : start + length] for start in range(0, len(texts), length)]
        )
        if len(seen) > MOST_KEPT:
            self._kept[channel] = Counter(dict(seen.most_common(MOST_KEPT)))

    def most(self, channel: int) -> int:
        """Return how many answers are the same as the commonest one."""
        return max(self._kept[channel].values(), default=0)
