"""The words of questions and choices, where the questionnaire is at hand."""

from dataclasses import dataclass

from survey_app.domain.bilingual import Bilingual
from survey_app.domain.questionnaire import (
    ABSTAIN,
    BLANK,
    DONT_KNOW,
    Question,
    Questionnaire,
)

WITHOUT_POINTS_LABELS = {
    ABSTAIN: Bilingual("弃权", "abstention"),
    DONT_KNOW: Bilingual("不了解", "don't know"),
    BLANK: Bilingual("未填", "left blank"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Labels by key; the key itself stands in for a label we do not have."""

    questionnaire: Questionnaire | None = None

    def question(self, key: str) -> Bilingual:
        """Return the text of the question."""
        found = self._find(key)
        return found.text if found else Bilingual(key, key)

    def choice(self, question: str, key: str) -> Bilingual:
        """Return the label of the choice."""
        found = self._find(question)
        labels = {choice.key: choice.label for choice in found.choices} if found else {}
        fallback = WITHOUT_POINTS_LABELS.get(key, Bilingual(key, key))
        return labels.get(key, fallback)

    def in_order(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Return the question keys in the order they are asked, unknown ones last."""
        known = self.questionnaire.questions if self.questionnaire else ()
        places = {question.key: place for place, question in enumerate(known)}
        return tuple(sorted(keys, key=lambda key: places.get(key, len(places))))

    def _find(self, key: str) -> Question | None:
        """Return the question with this key, if the questionnaire has it."""
        known = self.questionnaire.questions if self.questionnaire else ()
        return next((question for question in known if question.key == key), None)


def path(*labels: Bilingual) -> Bilingual:
    """Return where on the sheet something is, from the outside in."""
    return Bilingual(
        " / ".join(label.zh for label in labels),
        " / ".join(label.en for label in labels),
    )


def listed(labels: tuple[Bilingual, ...]) -> Bilingual:
    """Return several labels as one enumeration."""
    return Bilingual(
        "、".join(label.zh for label in labels),
        ", ".join(label.en for label in labels),
    )
