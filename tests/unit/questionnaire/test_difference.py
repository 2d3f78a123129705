"""The difference between two versions, told as few changes as there were."""

from dataclasses import replace
from typing import Any

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.difference import (
    AskedChange,
    AskedChangeKind,
    difference,
)
from survey_app.domain.questionnaire.question import Choice, Section
from survey_app.domain.questionnaire.sketch import Sketch, SketchedQuestion


def words(text: str) -> Bilingual:
    return Bilingual(text, text)


def asked(key: str, **more: Any) -> SketchedQuestion:
    made = SketchedQuestion(key, words(key), "rating", "satisfied_five")
    return replace(made, **more)


OLD = Sketch(
    "k", 1, words("题名"), questions=tuple(asked(key) for key in "abcdef"),
    sections=(Section("s", words("一")),),
)  # fmt: skip


def told(newer: Sketch) -> list[tuple[str, str, int]]:
    return [(one.kind.value, one.of, one.number) for one in difference(OLD, newer)]


def test_nothing_changed_is_nothing_told() -> None:
    assert difference(OLD, OLD) == ()
    assert difference(OLD, replace(OLD, version=2)) == ()


def test_one_question_that_went_to_the_end_is_the_only_one_that_moved() -> None:
    newer = replace(OLD, questions=tuple(asked(key) for key in "bcdefa"))
    (moved,) = difference(OLD, newer)
    assert moved == AskedChange(
        AskedChangeKind.MOVED, "question", 6, words("a"), words("1"), words("6")
    )


def test_what_was_added_removed_and_reworded_is_told_by_number() -> None:
    questions = (
        asked("a", text=words("另问")), asked("x"), *map(asked, "bcef"),
    )  # fmt: skip
    newer = replace(OLD, title=words("新题名"), questions=questions)
    assert told(newer) == [
        ("reworded", "title", 0), ("removed", "question", 4),
        ("reworded", "question", 1), ("added", "question", 2),
    ]  # fmt: skip


def test_how_a_question_is_answered_and_of_whom_it_is_asked_is_told() -> None:
    changed = asked("b", optional=True, asked_after="a", asked_if=("satisfied",))
    chosen = asked("c", choices="yes_no", section="s")
    number = asked("d", kind="number", choices="", bands=(0, 50))
    newer = replace(
        OLD, questions=(asked("a"), changed, chosen, number, asked("e"), asked("f"))
    )
    assert told(newer) == [
        ("optional", "question", 2), ("condition", "question", 2),
        ("choices", "question", 3), ("section", "question", 3),
        ("answered", "question", 4), ("choices", "question", 4),
        ("bands", "question", 4),
    ]  # fmt: skip


def test_one_reworded_choice_shows_in_every_question_that_offers_it() -> None:
    own = {"satisfied_five": (Choice("good", words("好")),)}
    newer = replace(OLD, sets=own, sections=())
    kinds = [one.kind for one in difference(OLD, newer)]
    assert kinds == [AskedChangeKind.REMOVED] + [AskedChangeKind.CHOICES] * 6
