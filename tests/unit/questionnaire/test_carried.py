"""Translations follow a text that moved, and leave one that reads otherwise."""

from dataclasses import replace

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.carried import _places, carried
from survey_app.domain.questionnaire.sketch import Sketch, sketch_of
from survey_app.domain.questionnaire.translation import Translation, places_of
from survey_app.shipped_files import RuleFiles

ASKED = RuleFiles().questionnaires.usable["masses-satisfaction"]
TOLD = {place: f"བོད {place}" for place in places_of(ASKED)} | {"page.send": "སྐུར"}
PLAIN = sketch_of(ASKED)
SKETCH = replace(PLAIN, translations=(Translation("bo", tuple(TOLD.items())),))


def after(newer: Sketch) -> dict[str, str]:
    (one,) = carried(SKETCH, newer)
    return dict(one.texts)


def test_the_places_of_a_draft_are_those_of_a_questionnaire() -> None:
    for one in RuleFiles().questionnaires.usable.values():
        assert _places(sketch_of(one)) == places_of(one)


def test_a_reworded_text_is_taken_out_and_nothing_else() -> None:
    first, *others = PLAIN.questions
    reworded = replace(first, text=Bilingual("另问", first.text.en))
    now = after(replace(PLAIN, questions=(reworded, *others)))
    assert TOLD.keys() - now.keys() == {f"questions.{first.key}.text"}
    assert now["page.send"] == "སྐུར"
    assert after(PLAIN) == TOLD


def test_what_moved_or_is_told_by_another_question_keeps_its_words() -> None:
    first, second, *others = PLAIN.questions
    now = after(replace(PLAIN, questions=(second, *others)))
    said = f"choices.{second.key}.satisfied"
    assert now[said] == TOLD[f"choices.{first.key}.satisfied"]
    assert f"questions.{first.key}.text" not in now
    assert after(replace(PLAIN, questions=(second, first, *others)))[said] == now[said]
