"""What may stand in the JSON of a trial: the fixed keys and the numbers under them."""

from collections.abc import Iterable
from fractions import Fraction
from typing import TypeVar

from survey_app.domain.counting.evidence import (
    KINDS,
    Adjustment,
    NamedRating,
    ScoreInput,
)
from survey_app.domain.counting.tally import Turnout
from survey_app.domain.ground.file_faults import FaultList, nearest
from survey_app.domain.ground.written_value import (
    Misread,
    ValueKind,
    exact,
    number,
    shown,
    whole,
)

T = TypeVar("T")

COUNT = whole(0, 10**9)
POINTS = number(0)
VALUE = ValueKind(exact, '"93.2"', Fraction(0))
SECTIONS = (
    "tallies", "turnout", "values", "named", "adjustments", "merged", "sheets", "about",
)  # fmt: skip
TURNOUT = ("issued", "returned", "invalid", "present", "membership")
NAMED = ("rater", "capacity", "points", "reason", "source")
ADJUSTMENT = ("kind", "points", "reason", "source")


def score_input(content: object, faults: FaultList) -> ScoreInput:
    """Return what was written; every fault is noted and replaced by a stand-in."""
    reading = Reading(faults)
    if content is None and faults.faults:
        return ScoreInput()
    sections = reading.table(content, "", SECTIONS)
    if isinstance(content, dict) and not {"tallies", "sheets"} & content.keys():
        faults.note("tallies", "is missing", 'write "tallies": {} when there are none')
    return ScoreInput(
        tallies={
            component: {
                group: {
                    question: reading.kinds(counts, at, COUNT)
                    for question, counts, at in reading.items(questions, below)
                }
                for group, questions, below in reading.items(groups, place)
            }
            for component, groups, place in reading.section(sections, "tallies")
        },
        turnout={
            component: {
                group: reading.turnout(numbers, below)
                for group, numbers, below in reading.items(groups, place)
            }
            for component, groups, place in reading.section(sections, "turnout")
        },
        values={
            component: reading.one(written, place, VALUE)
            for component, written, place in reading.section(sections, "values")
        },
        named=reading.named(sections),
        adjustments=reading.adjustments(sections.get("adjustments", [])),
        merged={
            component: {
                group: reading.key(into, below)
                for group, into, below in reading.items(groups, place)
            }
            for component, groups, place in reading.section(sections, "merged")
        },
    )


class Reading:
    """Reads tables of the file and notes what is wrong in them."""

    def __init__(self, faults: FaultList) -> None:
        self.faults = faults

    def table(
        self, content: object, where: str, known: Iterable[str] | None = None
    ) -> dict[str, object]:
        """Return the content of an object; an unknown key is noted."""
        if not isinstance(content, dict):
            wrong = f"{shown(content)} is not an object"
            self.faults.note(where or "the file", wrong, "write { … }")
            return {}
        for key in content if known is not None else ():
            if key not in (known or ()):
                place = f"{where}.{key}".removeprefix(".")
                self.faults.note(place, "is not a known key", nearest(key, known or ()))
        return content

    def items(self, content: object, where: str) -> list[tuple[str, object, str]]:
        """Return key, content and place of everything in an object."""
        return [
            (key, inner, f"{where}.{key}")
            for key, inner in self.table(content, where).items()
        ]

    def section(
        self, sections: dict[str, object], name: str
    ) -> list[tuple[str, object, str]]:
        """Return what stands under one of the fixed keys, or nothing."""
        return self.items(sections.get(name, {}), name)

    def one(self, written: object, where: str, kind: ValueKind[T]) -> T:
        """Return the number, or a stand-in after noting what is wrong with it."""
        try:
            return kind.read(written)
        except Misread as misread:
            self.faults.note(where, misread.wrong, misread.instead)
            return kind.stand_in

    def kinds(self, content: object, where: str, kind: ValueKind[T]) -> dict[str, T]:
        """Return key → number."""
        return {
            key: self.one(written, place, kind)
            for key, written, place in self.items(content, where)
        }

    def key(self, written: object, where: str) -> str:
        """Return the key of a rater group."""
        if isinstance(written, str):
            return written
        wrong = f"{shown(written)} is no text"
        self.faults.note(where, wrong, "write the key of a rater group")
        return ""

    def turnout(self, content: object, where: str) -> Turnout:
        """Return the ballot counts of one rater group; null means: not known."""
        table = self.table(content, where, TURNOUT)
        known = {
            key: self.one(table[key], f"{where}.{key}", COUNT)
            for key in TURNOUT
            if table.get(key) is not None
        }
        return Turnout(**known)

    def named(
        self, sections: dict[str, object]
    ) -> dict[str, dict[str, tuple[NamedRating, ...]]]:
        """Return component → rater group → what was signed."""
        return {
            component: {
                group: self.signed(listed, below)
                for group, listed, below in self.items(groups, place)
            }
            for component, groups, place in self.section(sections, "named")
        }

    def signed(self, content: object, where: str) -> tuple[NamedRating, ...]:
        """Return the named ratings of one rater group, or of a whole component."""
        if not isinstance(content, list):
            self.faults.note(where, f"{shown(content)} is no list", "write [ … ]")
            return ()
        return tuple(
            self.named_rating(one, f"{where}[{n}]") for n, one in enumerate(content)
        )

    def named_rating(self, content: object, where: str) -> NamedRating:
        """Return one named rating; whoever gives it must be named."""
        table = self.table(content, where, NAMED)
        for key in ("rater", "capacity", "reason", "source"):
            self.require_text(table, key, where)
        return NamedRating(
            rater=str(table.get("rater", "")),
            capacity=str(table.get("capacity", "")),
            points=self.one(table.get("points", ""), f"{where}.points", POINTS),
            reason=str(table.get("reason", "")),
            source=str(table.get("source", "")),
        )

    def require_text(self, table: dict[str, object], key: str, where: str) -> None:
        """Note a text that is not there."""
        if not isinstance(table.get(key), str) or not str(table[key]).strip():
            self.faults.note(f"{where}.{key}", "is missing", "write a text")

    def adjustments(self, content: object) -> tuple[Adjustment, ...]:
        """Return the bonuses and deductions."""
        if isinstance(content, list):
            return tuple(
                self.adjustment(one, f"adjustments[{n}]")
                for n, one in enumerate(content)
            )
        self.faults.note("adjustments", f"{shown(content)} is no list", "write [ … ]")
        return ()

    def adjustment(self, content: object, where: str) -> Adjustment:
        """Return one bonus or deduction."""
        table = self.table(content, where, ADJUSTMENT)
        kind = table.get("kind")
        if kind not in KINDS:
            wrong = f"{shown(kind)} is neither" if "kind" in table else "is missing"
            instead = f"write {' or '.join(KINDS)}"
            self.faults.note(f"{where}.kind", wrong, instead)
        for key in ("reason", "source"):
            self.require_text(table, key, where)
        return Adjustment(
            kind=str(kind) if kind in KINDS else KINDS[0],
            points=self.one(table.get("points", ""), f"{where}.points", POINTS),
            reason=str(table.get("reason", "")),
            source=str(table.get("source", "")),
        )
