"""How one answer is written down: a text as long as every other of its survey.

A sign says how it is written, then each question has its place, in the order asked, and
in it the number of the choice that was picked. Such texts are cheap to write and, laid
end to end, cheap to count: every place is a slice. Other kinds of questions get signs
of their own; what was written before stays readable.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from survey_app.domain.questionnaire.questionnaire import Questionnaire

SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ABSENT = "-"
"""In every letter of the place of a question that was not answered."""
SIGNS = {1: "1", 2: "2"}
"""Letters of a place → the sign in front."""

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
    places: Mapping[str, Mapping[str, str]]
    """Question → choice → what stands in its place."""

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> "AnswerText":
        """Return it; the same questionnaire is always written the same."""
        questions = questionnaire.questions
        most = max(len(question.choices) for question in questions)
        width = 1 if most <= len(SYMBOLS) else 2
        return cls(
            width,
            {
                question.key: {
                    choice.key: _number(place, width)
                    for place, choice in enumerate(question.choices)
                }
                for question in questions
            },
        )

    @property
    def length(self) -> int:
        """Letters of a whole answer."""
        return 1 + self.width * len(self.places)

    def write(self, picks: Picks) -> str:
        """Return the text of an answer; raises UnwritableAnswerError."""
        said = dict(picks)
        letters = [SIGNS[self.width]]
        for question, choices in self.places.items():
            choice = said.pop(question, None)
            if choice is None:
                letters.append(ABSENT * self.width)
            elif choice in choices:
                letters.append(choices[choice])
            else:
                raise UnwritableAnswerError
        if said:
            raise UnwritableAnswerError
        return "".join(letters)

    def read(self, text: str) -> dict[str, str]:
        """Return question → choice of one answer; raises UnreadableAnswersError."""
        return {question: choice for question, choice, _ in self.count(text, 1)}

    def count(self, texts: str, answers: int) -> Iterator[tuple[str, str, int]]:
        """Yield question, choice and how often it was picked, never zero.

        The texts lie end to end; `answers` is how many there must be. Raises
        UnreadableAnswersError where one of them is not as it was written.
        """
        length, width = self.length, self.width
        whole = len(texts) == answers * length
        if not whole or texts[::length].count(SIGNS[width]) != answers:
            raise UnreadableAnswersError
        for number, (question, choices) in enumerate(self.places.items()):
            column = self._column(texts, 1 + width * number)
            left = answers - column.count(ABSENT * width)
            for choice, letters in choices.items():
                if not left:
                    break
                if picked := column.count(letters):
                    left -= picked
                    yield question, choice, picked
            if left:
                raise UnreadableAnswersError

    def _column(self, texts: str, start: int) -> "str | list[str]":
        """Return what all answers have in one place."""
        first = texts[start :: self.length]
        if self.width == 1:
            return first
        return list(map(str.__add__, first, texts[start + 1 :: self.length]))


def _number(place: int, width: int) -> str:
    """Return the letters of a choice's number, always as many."""
    if width == 1:
        return SYMBOLS[place]
    return SYMBOLS[place // len(SYMBOLS)] + SYMBOLS[place % len(SYMBOLS)]
