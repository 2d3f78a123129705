"""What one person more or fewer, or all of one mind, make of a question's counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from survey_app.domain.counting.tally import PEOPLE, Counts, people
from survey_app.domain.questionnaire.question import (
    ANSWERED,
    BLANK,
    NOT_ASKED,
    NUMBERS,
    Question,
    QuestionKind,
)

QUIET = (BLANK, NOT_ASKED)


@dataclass(frozen=True, slots=True)
class AskedOf:
    """What can be said to a question."""

    order: tuple[str, ...]
    """The worst first, those without points last."""
    kind: QuestionKind = QuestionKind.RATING
    is_loose: bool = False
    """Whether it may be about fewer people than answered; as many stay silent then."""

    @classmethod
    def of(cls, question: Question, points: Mapping[str, Fraction]) -> "AskedOf":
        """Return it; `points` are those of every choice that has any."""
        keys = [choice.key for choice in question.choices]
        if question.kind is QuestionKind.NUMBER:
            keys = list(NUMBERS)
        elif question.kind is QuestionKind.RATING:
            keys.sort(key=lambda key: (key not in points, points.get(key, 0)))
        loose = question.optional or question.show_if is not None
        return cls(tuple(keys), question.kind, loose)

    def silent(self, counts: Counts) -> dict[str, int]:
        """Return those who said nothing, and say nothing in any world."""
        kept = QUIET if self.is_loose else ()
        return {key: n for key, n in counts.items() if key in kept}

    def all_say(self, choice: str, counts: Counts) -> dict[str, int]:
        """Return the counts had everybody who said anything said this."""
        quiet = self.silent(counts)
        n = people(counts) - sum(quiet.values())
        if self.kind is QuestionKind.TEXT or not n:
            return dict(counts)
        ticked = {ANSWERED: n} if self.kind is QuestionKind.SEVERAL else {}
        return {choice: n} | ticked | quiet

    def sorted_out(self, every: Sequence[str]) -> list[str]:
        """Return what several groups said, the worst first."""
        return sorted(every, key=self.order.index)

    @property
    def can_be_exchanged(self) -> bool:
        """Whether people of two groups can swap what they said, each by one choice."""
        return self.kind not in (QuestionKind.SEVERAL, QuestionKind.TEXT)


Picks = tuple[str, ...]


def one_of(counts: Counts) -> Picks:
    """Return what one of these people may have picked: what most did."""
    answered = counts.get(ANSWERED, 0)
    if not answered:
        return (_most(counts),)
    ticks = {key: n for key, n in counts.items() if key not in PEOPLE and n}
    by_all = {key for key, n in ticks.items() if n >= answered}
    return (ANSWERED, *sorted(by_all or ({_most(ticks)} if ticks else set())))


def without_one(counts: Counts) -> dict[str, int]:
    """Return the counts had one of them not come."""
    return dict(Counter(counts) - Counter(one_of(counts)))


def with_one(counts: Counts, picks: Picks) -> dict[str, int]:
    """Return the counts with somebody more, who picked this."""
    return dict(Counter(counts) + Counter(picks))


def _most(counts: Mapping[str, int]) -> str:
    """Return the choice picked most; the first of them by name."""
    return max(sorted(counts), key=lambda choice: counts[choice])
