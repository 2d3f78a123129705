"""What a button of the editor does to a questionnaire that is being written."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from survey_app.domain.ground.bilingual import UNSAID
from survey_app.domain.questionnaire.choice_sets import SETS
from survey_app.domain.questionnaire.question import Choice, QuestionKind, Section
from survey_app.domain.questionnaire.sketch import Sketch, SketchedQuestion

USUAL_SET = "satisfied_five"


def rearranged(sketch: Sketch, do: str) -> tuple[Sketch, str]:
    """Return the sketch after a button, and where on the page its author goes on.

    `do`: "up questions 3", "down sections 0", "remove questions 2", "add rating",
    "add section", "own 4"; "ask questions 2" is pressed before a removal and only says
    where it is. What cannot be done, or means nothing, changes nothing.
    """
    act, _, rest = do.partition(" ")
    doing = _ACTS.get(act)
    return doing(sketch, rest) if doing else (sketch, "")


def _moved(step: int) -> Callable[[Sketch, str], tuple[Sketch, str]]:
    def move(sketch: Sketch, rest: str) -> tuple[Sketch, str]:
        what, at = _aim(rest)
        rows = list(_rows(sketch, what))
        if not (0 <= at < len(rows) and 0 <= at + step < len(rows)):
            return sketch, ""
        rows[at], rows[at + step] = rows[at + step], rows[at]
        return _with(sketch, what, rows), f"{what}-{at + step}"

    return move


def _removed(sketch: Sketch, rest: str) -> tuple[Sketch, str]:
    what, at = _aim(rest)
    rows = list(_rows(sketch, what))
    if not 0 <= at < len(rows):
        return sketch, ""
    gone = rows.pop(at)
    if isinstance(gone, Section):
        left = (_out_of(one, gone.key) for one in sketch.questions)
        sketch = replace(sketch, questions=tuple(left))
    return _with(sketch, what, rows), f"{what}-{max(0, at - 1)}" if rows else what


def _asked(sketch: Sketch, rest: str) -> tuple[Sketch, str]:
    what, at = _aim(rest)
    return sketch, f"{what}-{at}" if 0 <= at < len(_rows(sketch, what)) else ""


def _added(sketch: Sketch, rest: str) -> tuple[Sketch, str]:
    if rest == "section":
        key = _free("section", {one.key for one in sketch.sections})
        sections = (*sketch.sections, Section(key, UNSAID))
        return replace(sketch, sections=sections), f"sections-{len(sections) - 1}"
    if rest not in {one.value for one in QuestionKind}:
        return sketch, ""
    last = sketch.questions[-1] if sketch.questions else None
    new = SketchedQuestion(
        key=_free("question", {one.key for one in sketch.questions}),
        kind=rest,
        choices=_likely_set(sketch, rest),
        section=last.section if last else "",
        optional=rest in (QuestionKind.SEVERAL, QuestionKind.TEXT),
    )
    questions = (*sketch.questions, new)
    return replace(sketch, questions=questions), f"questions-{len(questions) - 1}"


def _likely_set(sketch: Sketch, kind: str) -> str:
    """Return the set that the last question of this kind offers, or the usual one."""
    if kind not in {one.value for one in QuestionKind if one.has_choices}:
        return ""
    same = [one.choices for one in sketch.questions if one.kind == kind]
    usual = USUAL_SET if kind == QuestionKind.RATING else ""
    return same[-1] if same else usual


def _own_set(sketch: Sketch, rest: str) -> tuple[Sketch, str]:
    """Give one question a set of its own: a copy of what it offers, or empty rows."""
    at = int(rest) if rest.isdecimal() else len(sketch.questions)
    if at >= len(sketch.questions):
        return sketch, ""
    asked = sketch.questions[at]
    known: Mapping[str, tuple[Choice, ...]] = {**SETS, **sketch.sets}
    name = _free("set", set(known))
    blank = tuple(Choice(f"choice_{n}", UNSAID) for n in range(1, 4))
    changed = replace(asked, choices=name)
    questions = (*sketch.questions[:at], changed, *sketch.questions[at + 1 :])
    sets = {**sketch.sets, name: known.get(asked.choices, blank)}
    return replace(sketch, questions=questions, sets=sets), f"set-{name}"


_ACTS: Mapping[str, Callable[[Sketch, str], tuple[Sketch, str]]] = {
    "up": _moved(-1),
    "down": _moved(1),
    "ask": _asked,
    "remove": _removed,
    "add": _added,
    "own": _own_set,
}


def _aim(rest: str) -> tuple[str, int]:
    what, _, at = rest.partition(" ")
    return what, int(at) if at.isdecimal() else -1


def _rows(
    sketch: Sketch, what: str
) -> tuple[SketchedQuestion, ...] | tuple[Section, ...]:
    if what == "questions":
        return sketch.questions
    return sketch.sections if what == "sections" else ()


def _with(
    sketch: Sketch,
    what: str,
    rows: list[SketchedQuestion] | list[Section] | list[object],
) -> Sketch:
    if what == "questions":
        asked = [one for one in rows if isinstance(one, SketchedQuestion)]
        return replace(sketch, questions=tuple(asked))
    return replace(
        sketch, sections=tuple(one for one in rows if isinstance(one, Section))
    )


def _out_of(one: SketchedQuestion, section: str) -> SketchedQuestion:
    return replace(one, section="") if one.section == section else one


def _free(stem: str, taken: set[str]) -> str:
    numbers = range(1, len(taken) + 2)
    return next(key for n in numbers if (key := f"{stem}_{n}") not in taken)
