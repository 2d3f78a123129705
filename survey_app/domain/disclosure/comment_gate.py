"""Whether anybody at all may read what was written about somebody.

Few texts, or texts among few answers, point at their writers: then nobody reads them,
the readers who review comments included.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommentGate:
    """How much was written about one subject, and the floor of its survey."""

    texts: int
    answers: int
    """Answers about the subject, from whatever group."""
    floor: int

    @property
    def is_open(self) -> bool:
        """Whether there are enough texts to hide among, and enough answers."""
        return min(self.texts, self.answers) >= self.floor
