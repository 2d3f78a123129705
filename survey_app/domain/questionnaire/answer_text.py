"""How one answer is written down: a text as long as every other of its survey.

A sign says how it is written, then each question has its place, in the order asked, and
in it the number of the choice that was picked; the last letter checks the others. Such
texts are cheap to write and, laid end to end, cheap to count and to check: every place
is a slice, and the checks of many answers add up to the check of their counts. A
question of which several choices may be ticked has a place for each of them too. Where
not all questions are plain ratings the sign is another; what was written before stays
readable.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from survey_app.domain.questionnaire.question import Question, QuestionKind
from survey_app.domain.questionnaire.questionnaire import Questionnaire

SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ABSENT = "-"
"""In every letter of the place of a question that was not answered."""
SIGNS = {(1, True): "1", (2, True): "2", (1, False): "3", (2, False): "4"}
"""Letters of a place, and whether all are plain ratings → the sign in front."""
MANY = 20
"""Choices of a place, from which on its letters are all counted at once."""
PRIME = 61
"""Checks are counted around a circle of so many letters: one letter that was changed
is always seen."""
VALUES = bytes(
    max(SYMBOLS.find(chr(letter)), 0) if letter < 128 else 0 for letter in range(256)
)
"""Letter → its number, for sums over many."""
NOWHERE = (0, "", 0)
"""Of a pick that cannot be written."""

Picks = Iterable[tuple[str, str]]


class UnwritableAnswerError(ValueError):
    """It answers what was not asked, or says what could not be chosen."""


class UnreadableAnswersError(ValueError):
    """At least one of these texts is not one that was written."""


@dataclass(frozen=True)
class AnswerText:
    """The way the answers to one questionnaire are written."""

    sign: str
    width: int
    """Letters of a place."""
    places: Sequence[tuple[str, Mapping[str, tuple[str, int]]]]
    """Question, and choice → what stands in the place, and what it adds to the check.
    """

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> "AnswerText":
        """Return it; the same questionnaire is always written the same."""
        placed = [
            (question.key, choices)
            for question in questionnaire.questions
            for choices in _places(question)
        ]
        most = max(len(choices) for _, choices in placed)
        width = 1 if most < PRIME else 2
        return cls(
            SIGNS[width, questionnaire.is_plain],
            width,
            tuple(
                (
                    question,
                    {
                        choice: (
                            _number(number, width),
                            (place % (PRIME - 1) + 1) * (number + 1),
                        )
                        for number, choice in enumerate(choices)
                    },
                )
                for place, (question, choices) in enumerate(placed)
            ),
        )

    @cached_property
    def written(self) -> Mapping[tuple[str, str], tuple[int, str, int]]:
        """Question and choice → their place, what stands in it, what it adds."""
        return {
            (question, choice): (place, letters, adds)
            for place, (question, choices) in enumerate(self.places)
            for choice, (letters, adds) in choices.items()
        }

    @property
    def length(self) -> int:
        """Letters of a whole answer."""
        return 2 + self.width * len(self.places)

    def write(self, picks: Picks) -> str:
        """Return the text of an answer; raises UnwritableAnswerError."""
        written, check = [ABSENT * self.width] * len(self.places), 0
        for pick in picks:
            place, letters, adds = self.written.get(pick, NOWHERE)
            if not letters or written[place] != ABSENT * self.width:
                raise UnwritableAnswerError
            written[place] = letters
            check += adds
        return self.sign + "".join(written) + SYMBOLS[check % PRIME]

    def read(self, text: str) -> list[tuple[str, str]]:
        """Return question and choice of one answer; raises UnreadableAnswersError."""
        return [(question, choice) for question, choice, _ in self.count(text, 1)]

    def count(self, texts: str, answers: int) -> list[tuple[str, str, int]]:
        """Return question, choice and how often it was picked, never zero.

        The texts lie end to end; `answers` is how many there must be. Raises
        UnreadableAnswersError where one of them is not as it was written.
        """
        length, width = self.length, self.width
        whole = len(texts) == answers * length and texts.isascii()
        if not whole or texts[::length].count(self.sign) != answers:
            raise UnreadableAnswersError
        found = []
        check = -sum(texts[length - 1 :: length].encode().translate(VALUES))
        for number, (question, choices) in enumerate(self.places):
            column = self._column(texts, 1 + width * number, len(choices))
            left = answers - column(ABSENT * width)
            for choice, (letters, adds) in choices.items():
                if not left:
                    break
                if picked := column(letters):
                    left -= picked
                    check += adds * picked
                    found.append((question, choice, picked))
            if left:
                raise UnreadableAnswersError
        if check % PRIME:
            raise UnreadableAnswersError
        return found

    def _column(self, texts: str, start: int, choices: int) -> Callable[[str], int]:
        """Return what says how often letters stand in one place of all answers."""
        first = texts[start :: self.length]
        if self.width == 1:
            return first.count
        column = list(map(str.__add__, first, texts[start + 1 :: self.length]))
        return Counter(column).__getitem__ if choices > MANY else column.count


def _places(question: Question) -> Iterable[tuple[str, ...]]:
    """Yield what may stand in each place of a question."""
    if question.kind is not QuestionKind.SEVERAL:
        yield question.answers
        return
    yield tuple(one for one in question.answers if one not in question.choice_keys)
    for one in question.choices:
        yield (one.key,)


def _number(number: int, width: int) -> str:
    """Return the letters of a choice's number, always as many."""
    if width == 1:
        return SYMBOLS[number]
    return SYMBOLS[number // len(SYMBOLS)] + SYMBOLS[number % len(SYMBOLS)]
