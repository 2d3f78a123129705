"""The questions with their choices: checked when built, then frozen.

Equal questionnaires have equal fingerprints, so every stored answer can prove which
questions were asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.file_faults import Fault, QuestionnaireRefused
from survey_app.domain.ground.frozen_text import QUESTIONNAIRE, FrozenText
from survey_app.domain.questionnaire.question import (
    ABSTAIN,
    ANSWERED,
    BLANK,
    DONT_KNOW,
    MOST_TEXTS,
    NOT_ASKED,
    ONE_CHOICE,
    TALLY_WORDS,
    WITHOUT_POINTS,
    WITHOUT_POINTS_LABELS,
    Choice,
    Question,
    QuestionKind,
    Section,
    ShowIf,
    listed,
)
from survey_app.domain.questionnaire.translation import Translation, whole_translations

__all__ = [
    "ABSTAIN", "ANSWERED", "BLANK", "DONT_KNOW", "NOT_ASKED", "TALLY_WORDS",
    "WITHOUT_POINTS", "WITHOUT_POINTS_LABELS", "Choice", "Question", "QuestionKind",
    "Questionnaire", "Section", "ShowIf", "listed", "path", "questions_of",
]  # fmt: skip


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
    sections: tuple[Section, ...] = ()
    comment_prompt: Bilingual | None = None
    """What stands above the field for a comment; None: the usual words."""
    translations: tuple[Translation, ...] = ()
    """What it says in other languages than these two."""

    is_plain: bool = field(init=False, compare=False, repr=False)
    """Whether all it asks are ratings everybody gives, as in all early ones."""
    whole: tuple[Translation, ...] = field(init=False, compare=False, repr=False)
    """The translations a page can wholly be in: asked for at every page."""

    def __post_init__(self) -> None:
        """Refuse what could not be asked or counted, naming every fault."""
        plain = all(question.is_plain for question in self.questions)
        object.__setattr__(self, "is_plain", plain)
        faults = [f for q in self.questions for f in q.faults(f"questions.{q.key}")]
        if not self.questions:
            faults.append(Fault("questions", "there are none", "ask at least one"))
        if len({q.key for q in self.questions}) < len(self.questions):
            faults.append(Fault("questions", "two share a key", "give each its own"))
        places = [f"questions.{question.key}" for question in self.questions]
        faults += faults_together(self.questions, self.sections, places)
        if faults:
            raise QuestionnaireRefused(self.key, tuple(faults))
        object.__setattr__(self, "whole", whole_translations(self))

    def with_translations(self, told: tuple[Translation, ...]) -> "Questionnaire":
        """Return the same with these translations in the place of all others."""
        return replace(self, translations=told)

    @property
    def ratings(self) -> tuple[Question, ...]:
        """The questions that ask how good something is."""
        return tuple(q for q in self.questions if q.kind is QuestionKind.RATING)

    @property
    def texts(self) -> tuple[Question, ...]:
        """The questions that are answered in words."""
        return tuple(q for q in self.questions if q.kind is QuestionKind.TEXT)

    def question(self, key: str) -> Question | None:
        """Return the question with this key; None: there is none."""
        return next((one for one in self.questions if one.key == key), None)


def faults_together(
    questions: Sequence[Question], sections: Sequence[Section], places: Sequence[str]
) -> Iterable[Fault]:
    """Yield what is wrong between questions, which stand at these places."""
    yield from _section_faults(questions, sections, places)
    for number, (one, place) in enumerate(zip(questions, places, strict=True)):
        if one.show_if:
            yield from _condition_faults(
                one.show_if, questions[:number], f"{place}.show_if"
            )
    if sum(one.kind is QuestionKind.TEXT for one in questions) > MOST_TEXTS:
        wrong = f"more than {MOST_TEXTS} are answered in words"
        yield Fault("questions", wrong, "ask for fewer texts")


def _condition_faults(
    condition: ShowIf, earlier: Sequence[Question], where: str
) -> Iterable[Fault]:
    asked = next((one for one in earlier if one.key == condition.question), None)
    if asked is None:
        wrong = f'no earlier question has the key "{condition.question}"'
        yield Fault(f"{where}.question", wrong, "name one that stands before this one")
    elif asked.kind not in ONE_CHOICE:
        wrong = f'"{asked.key}" is not answered with one choice'
        yield Fault(f"{where}.question", wrong, "name a rating or a single choice")
    elif not condition.choices or not asked.choice_keys.issuperset(condition.choices):
        wrong = f'"{asked.key}" does not offer these'
        advice = f"name some of: {', '.join(one.key for one in asked.choices)}"
        yield Fault(f"{where}.choices", wrong, advice)


def _section_faults(
    questions: Sequence[Question], sections: Sequence[Section], places: Sequence[str]
) -> Iterable[Fault]:
    known = [one.key for one in sections]
    seen: list[str] = []
    for one, place in zip(questions, places, strict=True):
        if one.section and one.section not in known:
            wrong = f'there is no section "{one.section}"'
            yield Fault(f"{place}.section", wrong, "describe it under [[sections]]")
        elif one.section and one.section in seen[:-1] and one.section != seen[-1]:
            wrong = "the questions of a section stand together"
            yield Fault(f"{place}.section", wrong, "move this one to the others")
        seen.append(one.section)
    for number, key in enumerate(known):
        if key in known[:number]:
            wrong = "two sections share a key"
            yield Fault(f"sections[{number}].key", wrong, "choose another")
        elif key not in seen:
            wrong = f'no question stands in "{key}"'
            advice = f'write section = "{key}" at a question, or remove it'
            yield Fault(f"sections[{number}]", wrong, advice)


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
