"""The questions with their choices: checked when built, then frozen.

Equal questionnaires have equal fingerprints, so every stored answer can prove which
questions were asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.file_faults import Fault, QuestionnaireRefused
from survey_app.domain.ground.frozen_text import QUESTIONNAIRE, FrozenText

ABSTAIN = "abstain"
DONT_KNOW = "dont_know"
BLANK = "blank"
"""In a tally only: the ballot came back, this question was left empty."""
WITHOUT_POINTS = (ABSTAIN, DONT_KNOW, BLANK)
"""Choices that say something other than how good; a scheme never values them."""


FORM_FIELDS = ("subject", "comment", "submission", "redraw")
"""What else a respondent's form sends; no question may have such a key."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to answer a question."""

    key: str
    label: Bilingual

    @property
    def rates(self) -> bool:
        """Whether this choice is a rating, not an abstention or "don't know"."""
        return self.key not in WITHOUT_POINTS


@dataclass(frozen=True)
class Question:
    """One thing we ask, with at least two ratings to choose from."""

    key: str
    text: Bilingual
    choices: tuple[Choice, ...]

    @cached_property
    def choice_keys(self) -> frozenset[str]:
        """The keys of the choices."""
        return frozenset(choice.key for choice in self.choices)

    def faults(self) -> Iterable[Fault]:
        """Yield what is wrong with this question."""
        where = f"questions.{self.key}"
        if len(self.choice_keys) < len(self.choices):
            yield Fault(where, "two choices share a key", "give each its own key")
        if self.key in FORM_FIELDS:
            yield Fault(where, "the form needs this word itself", "use another key")
        if sum(choice.rates for choice in self.choices) < 2:
            yield Fault(where, "fewer than two ratings", "offer two ratings or more")


@dataclass(frozen=True, slots=True)
class Questionnaire(FrozenText):
    """The questions of one survey, in the order they are asked."""

    KIND: ClassVar = QUESTIONNAIRE

    key: str
    version: int
    title: Bilingual
    introduction: Bilingual
    source: Bilingual
    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        """Refuse what could not be asked or counted, naming every fault."""
        faults = [fault for q in self.questions for fault in q.faults()]
        if not self.questions:
            faults.append(Fault("questions", "there are none", "ask at least one"))
        if len({q.key for q in self.questions}) < len(self.questions):
            faults.append(Fault("questions", "two share a key", "give each its own"))
        if faults:
            raise QuestionnaireRefused(self.key, tuple(faults))


WITHOUT_POINTS_LABELS = {
    ABSTAIN: Bilingual("弃权", "abstention"),
    DONT_KNOW: Bilingual("不了解", "don't know"),
    BLANK: Bilingual("未填", "left blank"),
}


def questions_of(
    questionnaire: Questionnaire | None, keys: Iterable[str]
) -> tuple[Question, ...]:
    """Return these questions as they are asked, those we have no words for last.

    The key itself stands in for the text of such a one.
    """
    wanted = dict.fromkeys(keys)
    asked = questionnaire.questions if questionnaire else ()
    known = tuple(question for question in asked if question.key in wanted)
    unknown = wanted.keys() - {question.key for question in known}
    return known + tuple(
        Question(key, Bilingual(key, key), ()) for key in wanted if key in unknown
    )


def path(*labels: Bilingual) -> Bilingual:
    """Return where on the sheet something is, from the outside in."""
    return Bilingual(
        " / ".join(label.zh for label in labels),
        " / ".join(label.en for label in labels),
    )


def listed(labels: Sequence[Bilingual]) -> Bilingual:
    """Return several labels as one enumeration."""
    return Bilingual(
        "、".join(label.zh for label in labels),
        ", ".join(label.en for label in labels),
    )
