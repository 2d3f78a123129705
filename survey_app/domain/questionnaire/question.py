"""One question: its kind, its choices, and what its answers are in a tally.

What a question of each kind leaves in a tally stands at `QuestionKind`; every response
leaves at least one answer for every question, so who answered, left it blank, was not
asked and could not say always add up to everybody.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.file_faults import Fault

ABSTAIN = "abstain"
DONT_KNOW = "dont_know"
BLANK = "blank"
"""In a tally only: the answer came back, this question was left empty."""
NOT_ASKED = "not_asked"
"""In a tally only: what the question depends on was answered otherwise."""
ANSWERED = "answered"
"""In a tally only: something was written, or at least one choice was ticked."""
WITHOUT_POINTS = (ABSTAIN, DONT_KNOW, BLANK, NOT_ASKED)
"""Choices that say something other than how good; a scheme never values them."""
TALLY_WORDS = (BLANK, NOT_ASKED, ANSWERED)
"""What a tally says itself; no choice may have such a key."""

FORM_FIELDS = ("subject", "comment", "submission", "redraw", "proof")
"""What else a respondent's form sends; no question may have such a key."""
MOST_NUMBER = 100
USUAL_BANDS = (0, 60, 70, 80, 90)
NARROWEST_BAND = 5
"""Numbers in a band: a narrower one would nearly tell the number itself."""
MOST_TEXTS = 10
"""Questions to be answered in words; every ballot has room for all of them."""


class QuestionKind(StrEnum):
    """How a question is answered, and what the answer is in a tally."""

    RATING = "rating"
    """One choice: how good. Only these are scored by a scheme's values of ratings and
    watched by the one-third rule."""
    SINGLE = "single"
    """One choice that says something other than how good."""
    SEVERAL = "several"
    """Any number of choices: each that was ticked, and ANSWERED once."""
    NUMBER = "number"
    """A whole number from 0 to 100, in digits; told in bands only."""
    TEXT = "text"
    """ANSWERED; the words are kept and read like a comment."""

    @property
    def has_choices(self) -> bool:
        """Whether there is something to choose from."""
        return self in ONE_CHOICE or self is QuestionKind.SEVERAL


ONE_CHOICE = (QuestionKind.RATING, QuestionKind.SINGLE)
"""Kinds of which exactly one choice is picked; others may depend on these."""
KINDS_WITH_ANSWERED = (QuestionKind.SEVERAL, QuestionKind.TEXT)
NUMBERS = tuple(str(number) for number in range(MOST_NUMBER + 1))
"""Every number a question may be answered with, as a tally has it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to answer a question."""

    key: str
    label: Bilingual

    @property
    def rates(self) -> bool:
        """Whether this choice is a rating, not an abstention or "don't know"."""
        return self.key not in WITHOUT_POINTS


@dataclass(frozen=True, slots=True)
class ShowIf:
    """A question is asked only of those who picked one of these choices before."""

    question: str
    """One that stands earlier and of which one choice is picked."""
    choices: tuple[str, ...]

    def __post_init__(self) -> None:
        """Sort the choices: their order means nothing."""
        object.__setattr__(self, "choices", tuple(sorted(set(self.choices))))


@dataclass(frozen=True, slots=True)
class NumberBand:
    """Numbers that are told together, both ends included."""

    low: int
    high: int

    @property
    def key(self) -> str:
        """What the band is called in files: "60-69"."""
        return f"{self.low}-{self.high}"

    @property
    def label(self) -> Bilingual:
        """What it is called on a page."""
        return Bilingual(f"{self.low}—{self.high}", f"{self.low}–{self.high}")


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that stand together under a title."""

    key: str
    title: Bilingual
    introduction: Bilingual | None = None


@dataclass(frozen=True)
class Question:
    """One thing we ask, with at least two ratings to choose from or of another kind."""

    key: str
    text: Bilingual
    choices: tuple[Choice, ...] = ()
    kind: QuestionKind = QuestionKind.RATING
    optional: bool = False
    """Whether it may be left empty."""
    show_if: ShowIf | None = None
    section: str = ""
    """Key of the section it stands in; "": in none."""
    bands: tuple[int, ...] = ()
    """Of a number: the lower ends of its bands; none: the usual ones."""

    @cached_property
    def choice_keys(self) -> frozenset[str]:
        """The keys of the choices."""
        return frozenset(choice.key for choice in self.choices)

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """Everything a tally can say of it, in the order it is told."""
        said = (
            NUMBERS
            if self.kind is QuestionKind.NUMBER
            else tuple(choice.key for choice in self.choices)
        )
        without: tuple[str, ...] = (BLANK,) if self.optional else ()
        without += (NOT_ASKED,) if self.show_if else ()
        return (
            said + ((ANSWERED,) if self.kind in KINDS_WITH_ANSWERED else ()) + without
        )

    @property
    def is_plain(self) -> bool:
        """Whether it is a rating everybody gives, as all questions once were."""
        rates = self.kind is QuestionKind.RATING
        return rates and not self.optional and self.show_if is None

    @cached_property
    def number_bands(self) -> tuple[NumberBand, ...]:
        """The bands of a number, lowest first; none for other kinds."""
        if self.kind is not QuestionKind.NUMBER:
            return ()
        lows = self.bands or USUAL_BANDS
        highs = (*(low - 1 for low in lows[1:]), MOST_NUMBER)
        return tuple(
            NumberBand(low, high) for low, high in zip(lows, highs, strict=True)
        )

    def band_of(self, number: str) -> NumberBand | None:
        """Return the band of a number as a tally has it; None for anything else."""
        if number not in self.answers or not number.isdecimal():
            return None
        return next(one for one in self.number_bands if int(number) <= one.high)

    def label_of(self, picks: Collection[str]) -> Bilingual:
        """Return what one answer says in words, choices that were ticked listed."""
        own = {choice.key: choice.label for choice in self.choices}
        said = [
            one for one in picks if self.kind is not QuestionKind.SEVERAL or one in own
        ]
        named = WITHOUT_POINTS_LABELS | {ANSWERED: ANSWERED_LABEL} | own
        labels = [named.get(one, Bilingual(one, one)) for one in said or picks]
        return listed(labels)

    def faults(self, where: str) -> Iterable[Fault]:
        """Yield what is wrong with this question, which stands there."""
        if self.key in FORM_FIELDS:
            wrong = "the form needs this word itself"
            yield Fault(f"{where}.key", wrong, "use another key")
        yield from self._choice_faults(f"{where}.choices")
        yield from self._band_faults(f"{where}.bands")

    def _choice_faults(self, where: str) -> Iterable[Fault]:
        if not self.kind.has_choices:
            if self.choices:
                wrong = f'nothing is chosen where kind is "{self.kind}"'
                yield Fault(where, wrong, "remove them")
            return
        if len(self.choice_keys) < len(self.choices):
            yield Fault(where, "two choices share a key", "give each its own key")
        if self.kind is QuestionKind.RATING:
            if sum(choice.rates for choice in self.choices) < 2:
                yield Fault(
                    where, "fewer than two ratings", "offer two ratings or more"
                )
        elif len(self.choices) < 2:
            yield Fault(where, "fewer than two choices", "offer two choices or more")
        several = self.kind is QuestionKind.SEVERAL
        if several and self.choice_keys & {ABSTAIN, DONT_KNOW}:
            wrong = "whoever ticks one of these and another says two things"
            yield Fault(where, wrong, "leave them out and write optional = true")

    def _band_faults(self, where: str) -> Iterable[Fault]:
        if not self.bands:
            return
        if self.kind is not QuestionKind.NUMBER:
            yield Fault(where, "only a number is told in bands", "remove them")
            return
        highest = MOST_NUMBER - NARROWEST_BAND + 1
        steps = zip(self.bands, (*self.bands[1:], MOST_NUMBER + 1), strict=True)
        wide = all(high - low >= NARROWEST_BAND for low, high in steps)
        if self.bands[0] != 0 or not wide:
            wrong = "are no bands of at least 5 numbers each, the first from 0"
            advice = f"write lower ends like [0, 60, 80], none above {highest}"
            yield Fault(where, wrong, advice)


WITHOUT_POINTS_LABELS = {
    ABSTAIN: Bilingual("弃权", "abstention"),
    DONT_KNOW: Bilingual("不了解", "don't know"),
    BLANK: Bilingual("未填", "left blank"),
    NOT_ASKED: Bilingual("无须作答", "not asked"),
}
ANSWERED_LABEL = Bilingual("已作答", "answered")


def listed(labels: Sequence[Bilingual]) -> Bilingual:
    """Return several labels as one enumeration."""
    return Bilingual(
        "、".join(label.zh for label in labels),
        ", ".join(label.en for label in labels),
    )
