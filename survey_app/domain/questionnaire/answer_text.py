"""How one answer is written down: a text as long as every other of its survey.

A sign says how it is written, then each question has its place, in the order asked, and
in it the number of the choice that was picked; the last letter checks the others. Such
texts are cheap to write and, laid end to end, cheap to count and to check: every place
is a slice, and the checks of many answers add up to the check of their counts. Other
kinds of questions get signs of their own; what was written before stays readable.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey_app.domain.questionnaire.questionnaire import Questionnaire

SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ABSENT = "-"
"""In every letter of the place of a question that was not answered."""
SIGNS = {1: "1", 2: "2"}
"""Letters of a place → the sign in front."""
PRIME = 61
"""Checks are counted around a circle of so many letters: one letter that was changed
is always seen."""
VALUES = bytes(
    max(SYMBOLS.find(chr(letter)), 0) if letter < 128 else 0 for letter in range(256)
)
"""Letter → its number, for sums over many."""

Picks = Iterable[tuple[str, str]]


class UnwritableAnswerError(ValueError):
    """It answers what was not asked, or says what could not be chosen."""


class UnreadableAnswersError(ValueError):
    """At least one of these texts is not one that was written."""


@dataclass(frozen=True, slots=True)
class AnswerText:
    """The way the answers to one questionnaire are written."""

    width: int
    """Letters of a place."""
    places: Mapping[str, Mapping[str, tuple[str, int]]]
    """Question → choice → what stands in its place, and what it adds to the check."""

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> "AnswerText":
        """Return it; the same questionnaire is always written the same."""
        questions = questionnaire.questions
        most = max(len(question.choices) for question in questions)
        width = 1 if most < PRIME else 2
        return cls(
            width,
            {
                question.key: {
                    choice.key: (
                        _number(number, width),
                        (place % (PRIME - 1) + 1) * (number + 1),
                    )
                    for number, choice in enumerate(question.choices)
                }
                for place, question in enumerate(questions)
            },
        )

    @property
    def length(self) -> int:
        """Letters of a whole answer."""
        return 2 + self.width * len(self.places)

    def write(self, picks: Picks) -> str:
        """Return the text of an answer; raises UnwritableAnswerError."""
        said = dict(picks)
        text, check = SIGNS[self.width], 0
        for question, choices in self.places.items():
            choice = said.pop(question, None)
            if choice is None:
                text += ABSENT * self.width
            elif choice in choices:
                letters, adds = choices[choice]
                text += letters
                check += adds
            else:
                raise UnwritableAnswerError
        if said:
            raise UnwritableAnswerError
        return text + SYMBOLS[check % PRIME]

    def read(self, text: str) -> dict[str, str]:
        """Return question → choice of one answer; raises UnreadableAnswersError."""
        return {question: choice for question, choice, _ in self.count(text, 1)}

    def count(self, texts: str, answers: int) -> list[tuple[str, str, int]]:
        """Return question, choice and how often it was picked, never zero.

        The texts lie end to end; `answers` is how many there must be. Raises
        UnreadableAnswersError where one of them is not as it was written.
        """
        length, width = self.length, self.width
        whole = len(texts) == answers * length and texts.isascii()
        if not whole or texts[::length].count(SIGNS[width]) != answers:
            raise UnreadableAnswersError
        found = []
        check = -sum(texts[length - 1 :: length].encode().translate(VALUES))
        for number, (question, choices) in enumerate(self.places.items()):
            column = self._column(texts, 1 + width * number)
            left = answers - column.count(ABSENT * width)
            for choice, (letters, adds) in choices.items():
                if not left:
                    break
                if picked := column.count(letters):
                    left -= picked
                    check += adds * picked
                    found.append((question, choice, picked))
            if left:
                raise UnreadableAnswersError
        if check % PRIME:
            raise UnreadableAnswersError
        return found

    def _column(self, texts: str, start: int) -> "str | list[str]":
        """Return what all answers have in one place."""
        first = texts[start :: self.length]
        if self.width == 1:
            return first
        return list(map(str.__add__, first, texts[start + 1 :: self.length]))


def _number(number: int, width: int) -> str:
    """Return the letters of a choice's number, always as many."""
    if width == 1:
        return SYMBOLS[number]
    return SYMBOLS[number // len(SYMBOLS)] + SYMBOLS[number % len(SYMBOLS)]
