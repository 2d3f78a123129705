"""A sheet of paper as somebody typed it, and whether two who typed it agree.

Nobody can send a sheet back: one that cannot be an answer is invalid (废卷), and is
counted as such beside those that can.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Pairs = tuple[tuple[str, str], ...]
FIRST, SECOND, SETTLED = 1, 2, 3
"""Which look at the sheet it was; the third one settles what the others differ in."""
SUBJECT, COMMENT, WHOLE = "subject", "comment", ""
"""What two may differ in beside the questions; WHOLE: in whether it is valid, or why
not."""


class Invalid(StrEnum):
    """Why a sheet is no answer."""

    ILLEGIBLE = "illegible"
    """Nobody can say what was meant."""
    TWICE = "twice"
    """More was ticked than may be."""
    INCOMPLETE = "incomplete"
    """A question that had to be answered was left empty."""
    ABSENT = "absent"
    """There is no such sheet: the cover counts one too many."""


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """What stands on one sheet."""

    invalid: str = ""
    """An `Invalid`; then nothing else is kept of it."""
    subject_id: int = 0
    picks: Pairs = ()
    """(question, choice), as a tally counts them."""
    texts: Pairs = ()
    """(question, what was written)."""
    comment: str = ""

    def to_json(self) -> str:
        """Return the sheet as it is kept until the stack agrees."""
        if self.invalid:
            return json.dumps({"invalid": self.invalid})
        told = {
            "subject": self.subject_id,
            "picks": self.picks,
            "texts": self.texts,
            "comment": self.comment,
        }
        return json.dumps(told, ensure_ascii=False)

    @classmethod
    def from_json(cls, kept: str) -> "TypedSheet":
        """Return the sheet that was kept so."""
        told = json.loads(kept)
        if "invalid" in told:
            return cls(invalid=str(Invalid(told["invalid"])))
        picks, texts = (
            tuple((str(key), str(value)) for key, value in told[name])
            for name in ("picks", "texts")
        )
        return cls("", int(told["subject"]), picks, texts, str(told["comment"]))

    def said(self) -> dict[str, tuple[str, ...]]:
        """Return field → what stands in it, in the order of the sheet."""
        if self.invalid:
            return {WHOLE: (self.invalid,)}
        told: dict[str, tuple[str, ...]] = {SUBJECT: (str(self.subject_id),)}
        for question, pick in self.picks:
            told[question] = (*told.get(question, ()), pick)
        for question, text in (*self.texts, (COMMENT, self.comment)):
            told[question] = (text,)
        return told


def differing(one: TypedSheet, other: TypedSheet) -> tuple[str, ...]:
    """Return the fields in which two typed sheets differ; none: they agree.

    Words agree where their letters and digits do: no two people put the same commas
    and spaces. What the first one typed is kept then.
    """
    if one.invalid or other.invalid:
        return () if one.invalid == other.invalid else (WHOLE,)
    here, there = one.said(), other.said()
    words = {COMMENT, *(key for key, _ in (*one.texts, *other.texts))}
    return tuple(
        field
        for field in dict.fromkeys((*here, *there))
        if not _agree(here.get(field, ()), there.get(field, ()), field in words)
    )


def _agree(one: Sequence[str], other: Sequence[str], in_words: bool) -> bool:  # noqa: FBT001
    if not in_words:
        return tuple(one) == tuple(other)
    return [_letters(text) for text in one] == [_letters(text) for text in other]


def _letters(text: str) -> str:
    """Return the letters and digits of a text, and signs such as emoji: no spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in folded if unicodedata.category(one)[0] not in "PZC")


def settled(
    copies: Mapping[tuple[int, int], TypedSheet], sheets: int
) -> Iterator[tuple[int, TypedSheet | None]]:
    """Yield every position of a stack, and what its sheet says once that is certain.

    `copies`: (position, look) → what was typed. None: somebody has yet to type it, or
    two differ and nobody has settled it.
    """
    for position in range(1, sheets + 1):
        third = copies.get((position, SETTLED))
        first = copies.get((position, FIRST))
        second = copies.get((position, SECOND))
        if third is None and first and second and not differing(first, second):
            third = first
        yield position, third
