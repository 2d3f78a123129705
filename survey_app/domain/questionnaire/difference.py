"""What differs between two versions of a questionnaire, as people would tell it."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from survey_app.domain.ground.bilingual import UNSAID, Bilingual
from survey_app.domain.questionnaire.choice_sets import SETS
from survey_app.domain.questionnaire.sketch import Sketch, SketchedQuestion


class AskedChangeKind(StrEnum):
    """What became of one thing."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"
    CHOICES = "choices"
    ANSWERED = "answered"
    """It is answered in another way."""
    OPTIONAL = "optional"
    NEEDED = "needed"
    CONDITION = "condition"
    SECTION = "section"
    BANDS = "bands"


@dataclass(frozen=True, slots=True)
class AskedChange:
    """One change, told from the older to the newer version."""

    kind: AskedChangeKind
    of: str
    """"title", "introduction", "source", "comment", "section" or "question"."""
    number: int = 0
    """Of a question or section in the newer version; a removed one's in the older."""
    name: Bilingual = UNSAID
    before: Bilingual = UNSAID
    after: Bilingual = UNSAID


def difference(older: Sketch, newer: Sketch) -> tuple[AskedChange, ...]:
    """Return every change: the head first, then sections, then the questions."""
    return (
        *_head(older, newer),
        *_sections(older, newer),
        *_questions(older, newer),
    )


def _head(older: Sketch, newer: Sketch) -> Iterator[AskedChange]:
    for of, before, after in (
        ("title", older.title, newer.title),
        ("introduction", older.introduction, newer.introduction),
        ("source", older.source, newer.source),
        ("comment", older.comment_prompt, newer.comment_prompt),
    ):
        if before != after:
            yield AskedChange(AskedChangeKind.REWORDED, of, before=before, after=after)


def _sections(older: Sketch, newer: Sketch) -> Iterator[AskedChange]:
    before = {one.key: one for one in older.sections}
    after = {one.key: one for one in newer.sections}
    for number, one in enumerate(older.sections, start=1):
        if one.key not in after:
            yield AskedChange(AskedChangeKind.REMOVED, "section", number, one.title)
    for number, one in enumerate(newer.sections, start=1):
        was = before.get(one.key)
        if was is None:
            yield AskedChange(AskedChangeKind.ADDED, "section", number, one.title)
        elif (was.title, was.introduction) != (one.title, one.introduction):
            said = _joined(was.title, was.introduction)
            now = _joined(one.title, one.introduction)
            yield AskedChange(
                AskedChangeKind.REWORDED, "section", number, one.title, said, now
            )


def _questions(older: Sketch, newer: Sketch) -> Iterator[AskedChange]:
    before = {one.key: n for n, one in enumerate(older.questions, start=1)}
    after = {one.key: n for n, one in enumerate(newer.questions, start=1)}
    for one in older.questions:
        if one.key not in after:
            number = before[one.key]
            yield AskedChange(
                AskedChangeKind.REMOVED, "question", number, before=one.text
            )
    moved = _moved([before[one.key] for one in newer.questions if one.key in before])
    for number, one in enumerate(newer.questions, start=1):
        was = older.question(one.key)
        if was is None:
            yield AskedChange(AskedChangeKind.ADDED, "question", number, after=one.text)
            continue
        yield from _about(number, (was, older), (one, newer))
        if before[one.key] in moved:
            old, new = (Bilingual(n, n) for n in (str(before[one.key]), str(number)))
            yield AskedChange(
                AskedChangeKind.MOVED, "question", number, one.text, old, new
            )


Within = tuple[SketchedQuestion, Sketch]


def _about(number: int, older: Within, newer: Within) -> Iterator[AskedChange]:
    """Yield what changed of one question that both versions ask."""
    (was, _), (one, _) = older, newer

    def change(
        kind: AskedChangeKind, before: Bilingual, after: Bilingual
    ) -> AskedChange:
        return AskedChange(kind, "question", number, one.text, before, after)

    if was.text != one.text:
        yield change(AskedChangeKind.REWORDED, was.text, one.text)
    if was.kind != one.kind:
        kinds = Bilingual(was.kind, was.kind), Bilingual(one.kind, one.kind)
        yield change(AskedChangeKind.ANSWERED, *kinds)
    if was.optional != one.optional:
        kind = AskedChangeKind.OPTIONAL if one.optional else AskedChangeKind.NEEDED
        yield change(kind, UNSAID, UNSAID)
    for kind, tell in (
        (AskedChangeKind.CHOICES, _choices),
        (AskedChangeKind.CONDITION, _condition),
        (AskedChangeKind.SECTION, _section),
        (AskedChangeKind.BANDS, _bands),
    ):
        before, after = tell(*older), tell(*newer)
        if before != after:
            yield change(kind, before, after)


def _choices(one: SketchedQuestion, sketch: Sketch) -> Bilingual:
    """Return the choices in order; a key that changed alone is told, too."""
    known = {**SETS, **sketch.sets}
    offered = known.get(one.choices, ()) if one.has_choices else ()
    return _joined(
        *(
            Bilingual(f"{it.label.zh}（{it.key}）", f"{it.label.en} ({it.key})")
            for it in offered
        )
    )


def _condition(one: SketchedQuestion, sketch: Sketch) -> Bilingual:
    asked = sketch.question(one.asked_after)
    if asked is None:
        return UNSAID
    known = {**SETS, **sketch.sets}
    labels = {it.key: it.label for it in known.get(asked.choices, ())}
    answers = (labels.get(key, Bilingual(key, key)) for key in sorted(one.asked_if))
    return _joined(asked.text, *answers)


def _section(one: SketchedQuestion, sketch: Sketch) -> Bilingual:
    titles = {it.key: it.title for it in sketch.sections}
    return titles.get(one.section, UNSAID)


def _bands(one: SketchedQuestion, _: Sketch) -> Bilingual:
    told = ", ".join(map(str, one.bands))
    return Bilingual(told, told)


def _moved(places: Sequence[int]) -> frozenset[int]:
    """Return the fewest of these that changed places among the others.

    All but a longest ascending part of the row: whoever stood in it stayed.
    """
    ends: list[int] = []
    best: list[list[int]] = []
    for place in places:
        at = bisect_left(ends, place)
        row = [*(best[at - 1] if at else []), place]
        if at == len(ends):
            ends.append(place)
            best.append(row)
        else:
            ends[at], best[at] = place, row
    return frozenset(places) - frozenset(best[-1] if best else ())


def _joined(*texts: Bilingual | None) -> Bilingual:
    said = [one for one in texts if one]
    return Bilingual(
        "、".join(one.zh for one in said), ", ".join(one.en for one in said)
    )
